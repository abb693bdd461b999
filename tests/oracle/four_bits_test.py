"""Layers with 4-bit weights against the runtimes, bit for bit: random shapes, scales and biases of each layer op.

`--profile litert` with LiteRT's reference kernels, `--profile xnnpack` with its default interpreter, `--profile tflm`
with TensorFlow Lite Micro. `narrow verify` has to find something in exactly the forms that a runtime does not take or
computes wrongly (COMPUTED_WRONGLY), and the profile has to refuse these. Where a profile has one rounding for both, int4
weights must give what the same numbers held in int8 give.

NARROW_SEED and NARROW_CASES choose other cases.
"""
import json
import pathlib
import subprocess
import tempfile
import unittest
import zlib

try:
    import numpy as np

    from . import isolated, runtimes
    from .cases import CASES
    from .draw import Draw
    from .environment import whole_number
    from .micro_test import micro
    from .single_op_test import difference
    from .tflite_builder import schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20261130")
COUNT = whole_number("NARROW_CASES", "20")

OPS = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV"]
VERSIONS = {("CONV_2D", "int8"): 7, ("DEPTHWISE_CONV_2D", "int8"): 7, ("FULLY_CONNECTED", "int8"): 10,
            ("FULLY_CONNECTED", "int16"): 13}

# What runs 4-bit weights: by runtime, op and type of the data.
TAKEN = {"litert": {("CONV_2D", "int8"), ("CONV_2D", "int16"), ("DEPTHWISE_CONV_2D", "int8"), ("FULLY_CONNECTED", "int8"),
                    ("FULLY_CONNECTED", "int16")},
         "tflm": {("CONV_2D", "int8"), ("DEPTHWISE_CONV_2D", "int8"), ("FULLY_CONNECTED", "int8")}}

# The kernel reads two weights as one number of 8 bits, and beyond their end.
COMPUTED_WRONGLY = {"litert": {("DEPTHWISE_CONV_2D", "int16")}, "tflm": set()}


def draw_case(op, width, number, four_bits):
    draw = Draw([SEED, zlib.crc32(op.encode()), zlib.crc32(width.encode()), number], width, four_bits)
    CASES[op](draw)
    if four_bits != "held":
        draw.net.codes[0].version = VERSIONS.get((op, width), draw.net.codes[0].version)
    return draw


def findings(model, runtime):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.tflite"
        path.write_bytes(model)
        done = subprocess.run([runtimes.NARROW, "verify", path, "--runtime", runtime, "--json"], capture_output=True,
                              text=True, timeout=60)
        assert done.returncode in (0, 1), done.stderr
        return [f["what"] for f in json.loads(done.stdout)["findings"]]


def litert(case, profile):
    code = case.net.codes[0]
    version = code.version
    if profile == "litert" and case.net.ops[0].builtinOptionsType == schema().BuiltinOptions.DepthwiseConv2DOptions:
        code.version = 6  # the reference kernel takes int4, but is registered for versions up to this one
    model = case.net.bytes()
    code.version = version
    return runtimes.LiteRt(model, profile).run(case.samples)


class FourBits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not pathlib.Path(runtimes.NARROW).exists():
            raise unittest.SkipTest(f"no {runtimes.NARROW}")
        schema()

    def compare(self, runtime, profile, run):
        """run(case) -> outputs of the runtime, or raises Refused."""
        for op in OPS:
            for width in ("int8", "int16"):
                taken = (op, width) in TAKEN[runtime]
                compared = refused = 0
                for number in range(COUNT):
                    with self.subTest(op=op, width=width, number=number, seed=SEED):
                        case = draw_case(op, width, number, True)
                        found = findings(case.net.bytes(), runtime)
                        [got] = runtimes.run_narrow(case.net.bytes(), case.samples, profile)
                        try:
                            wanted, says = run(case), "computes it wrongly"
                        except runtimes.Refused as e:
                            wanted, says = None, e
                        if wanted is None or (op, width) in COMPUTED_WRONGLY[runtime]:
                            self.assertTrue(found, f"verify finds nothing, and {runtime} says {says}")
                            self.assertIsInstance(got, runtimes.Refused)
                            refused += 1
                            continue
                        self.assertEqual(found, [], f"{runtime} computes it")
                        self.assertNotIsInstance(got, runtimes.Refused, got)
                        self.assertIsNone(difference(got, wanted))
                        compared += sum(y.size for y in wanted.values())
                print(f"{profile:8} {op:18} {width:6} {COUNT:3} cases, {refused:3} refused, {compared:8} results, 0 differ")
                self.assertEqual(compared > 0, taken, f"{op} {width} in {runtime}")

    def test_litert_reference(self):
        self.compare("litert", "litert", lambda case: litert(case, "litert"))

    def test_litert_default(self):
        self.compare("litert", "xnnpack", lambda case: litert(case, "xnnpack"))

    def test_tflm(self):
        if "tflm" not in isolated.installed():
            self.skipTest("tflite_micro is not installed; tools/setup check installs it where it can")
        worker = isolated.Worker("tflm")
        self.addCleanup(worker.close)
        self.compare("tflm", "tflm", lambda case: micro(worker, case, case.net.bytes()))

    def test_equal_to_int8(self):
        """narrow computes int4 weights as the same numbers in int8, under each profile that takes both alike."""
        for op in OPS:
            for width in ("int8", "int16"):
                results = 0
                for number in range(COUNT):
                    packed, held = (draw_case(op, width, number, form) for form in (True, "held"))
                    names = ["narrow", "tflm", "litert"]
                    for name, a, b in zip(names, runtimes.run_narrow(packed.net.bytes(), packed.samples, *names),
                                          runtimes.run_narrow(held.net.bytes(), held.samples, *names)):
                        with self.subTest(op=op, width=width, number=number, profile=name, seed=SEED):
                            if isinstance(a, runtimes.Refused):  # by name, as the runtime does
                                self.assertTrue(name != "narrow" or isinstance(b, runtimes.Refused), a)
                                self.assertRegex(str(a), "this profile has no rule for it|accumulator of channel")
                                continue
                            for y in b:
                                np.testing.assert_array_equal(a[y], b[y])
                                results += b[y].size
                print(f"{op:18} {width:6} {COUNT:3} cases, {results:8} results, 0 differ")
                self.assertGreater(results, 0)


if __name__ == "__main__":
    unittest.main()
