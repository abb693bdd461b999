"""Integer models and options that ask for something else: carried out, changed in place, or refused by name; and the
table says what each op is in the file that was written.
"""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .tflite_builder import Grid, TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SAMPLES = 100


def model():
    """A layer of 48 channels in int8, with a scale for each, and the reals that it computes."""
    rng = np.random.default_rng(1)
    b = TfliteBuilder()
    x = b.input("x", [1, 32], "int8", Grid(0.05, 3))
    scales = rng.uniform(0.01, 0.03, 48).astype(np.float32)
    w = b.tensor("w", [48, 32], "int8", Grid(scales), rng.integers(-127, 128, (48, 32)))
    bias = b.tensor("b", [48], "int32", Grid(np.float32(0.05) * scales), rng.integers(-500, 500, 48))
    y = b.output("y", [1, 48], "int8", Grid(1.2, -4))
    b.op("FULLY_CONNECTED", [x, w, bias], [y], "FullyConnectedOptions", 5)
    return b.bytes()


class OtherForm(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.source, self.target = self.folder / "int8.tflite", self.folder / "out.tflite"
        self.source.write_bytes(model())
        rng = np.random.default_rng(2)
        stored = rng.integers(-128, 128, (SAMPLES, 1, 32))
        self.real = ((stored - 3) * np.float32(0.05)).astype(np.float32)
        np.save(self.folder / "x.npy", self.real)
        self.wanted = self.outputs(self.source)

    def outputs(self, path):
        runtimes.narrow("run", path, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", "--dequantize")
        return np.load(self.folder / "y.npy")

    def quantize(self, *options):
        said = json.loads(runtimes.narrow("quantize", self.source, "-o", self.target, "--json", *options))
        return said, json.loads(runtimes.narrow("inspect", self.target, "--json"))

    def close(self, least):
        got = self.outputs(self.target)
        noise = np.mean((got - self.wanted) ** 2)
        self.assertGreater(10 * np.log10(np.mean(self.wanted ** 2) / noise) if noise else 200, least)

    def test_unchanged_where_nothing_is_asked(self):
        said, _ = self.quantize()
        self.assertEqual(said["ops"][0]["reason"], "already integer, unchanged")
        self.assertEqual(said["ops"][0]["form"], "int8")
        np.testing.assert_array_equal(self.outputs(self.target), self.wanted)

    def test_other_forms_come_from_the_real_values(self):
        for options, form, least in ((("--scheme", "q7"), "q7", 12), (("--scheme", "int16x8"), "int16x8", 30),
                                     (("--scheme", "q15"), "q15", 30), (("--scheme", "int16"), "int16", 30),
                                     (("--scheme", "float16"), "float16", 30), (("--scheme", "dynamic"), "dynamic", 30),
                                     (("--granularity", "tensor"), "int8", 25), (("--scales", "pow2"), "q7", 12)):
            with self.subTest(options):
                said, after = self.quantize(*options)
                self.assertIn("bits have lost stays lost", said["warnings"][0])
                self.assertEqual([op["form"] for op in said["ops"]], [form])
                self.close(least)
                weights = [t for t in after["tensors"] if t["constant"] and len(t["shape"]) == 2][0]
                if "tensor" in options:
                    self.assertEqual(len(weights["scales"]), 1)

    def test_samples_give_ranges(self):
        said, _ = self.quantize("--scheme", "q7", "--data", self.folder / "x.npy")
        self.assertEqual(said["samples"], SAMPLES)
        self.close(12)

    def test_narrower_activations(self):
        wide = self.folder / "wide.tflite"
        runtimes.narrow("quantize", self.source, "--scheme", "int16x8", "-o", wide)
        self.source = wide
        said, after = self.quantize("--scheme", "int8")
        self.assertIn("its 16 bits have lost", said["warnings"][0])
        self.assertEqual(after["inputs"][0]["dtype"], "int8")
        self.close(25)
        said, after = self.quantize()
        self.assertEqual(said["ops"][0]["form"], "int16x8")
        self.assertEqual(after["inputs"][0]["dtype"], "int16")

    def test_types_of_inputs_and_outputs(self):
        for io, least in (("uint8", 200), ("float32", 200), ("int16", 30)):
            with self.subTest(io):
                said, after = self.quantize("--io", io)
                self.assertEqual([t["dtype"] for t in after["inputs"] + after["outputs"]], [io, io])
                self.assertEqual([t["name"] for t in after["inputs"] + after["outputs"]], ["x", "y"])
                self.close(least - 1)
                self.source = self.target
                back = self.folder / "back.tflite"
                runtimes.narrow("quantize", self.target, "--io", "int8", "-o", back)
                self.assertEqual(len(json.loads(runtimes.narrow("inspect", back, "--json"))["ops"]), 1)
                self.source = self.folder / "int8.tflite"

    def test_fields_without_effect_are_refused(self):
        for options in (("--range", "mse"), ("--keep-float", "y"), ("--act-max", "y=1")):
            with self.assertRaises(AssertionError, msg=options) as refused:
                self.quantize(*options)
            self.assertIn(options[0], str(refused.exception))

    def test_bias_scales_may_differ_in_their_last_bits(self):
        rng = np.random.default_rng(3)
        b = TfliteBuilder()
        x, y = b.input("x", [1, 32], "int8", Grid(0.05, 3)), b.output("y", [1, 8], "int8", Grid(0.25, -4))
        w = b.tensor("w", [8, 32], "int8", Grid(0.02), rng.integers(-127, 128, (8, 32)))
        scale = np.nextafter(np.float32(0.05) * np.float32(0.02), np.float32(0))
        bias = b.tensor("b", [8], "int32", Grid(scale), rng.integers(-500, 500, 8))
        b.op("FULLY_CONNECTED", [x, w, bias], [y], "FullyConnectedOptions", 4)
        self.source.write_bytes(b.bytes())
        self.wanted = self.outputs(self.source)
        said, _ = self.quantize("--weights", "16")
        self.assertEqual(said["ops"][0]["form"], "int8x16")
        np.testing.assert_array_equal(self.outputs(self.target), self.wanted)


if __name__ == "__main__":
    unittest.main()
