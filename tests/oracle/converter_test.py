"""Models of one op, quantized by narrow and by the TFLite converter's quantizer from the same samples.

For each op and width the table shows the signal to quantization noise ratio of both, over the outputs of all cases
that the converter takes. NARROW_TF_PYTHON is a Python with TensorFlow, which is not among what tools/setup installs;
without it the test is skipped.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .cases import CASES
    from .draw import Unfit
    from .environment import whole_number
    from .networks import sqnr
    from .single_op_test import BROKEN, draw_case
    from .tflite_builder import schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

PYTHON = os.environ.get("NARROW_TF_PYTHON")
COUNT = whole_number("NARROW_CASES", "8")
SCHEMES = ("int8", "int16x8")
SLACK = 0.2  # dB

# LiteRT's kernel starts from the integer 0 and adds codes, which is wrong for the converter's zero points; narrow keeps
# the op float.
WRONG = {("SCATTER_ND", "int8")}


def float_case(op, number):
    """The case, or None where its samples do not say enough: no float input, or nothing in the results."""
    try:
        case = draw_case(op, "float", number)
        wanted = runtimes.LiteRt(case.net.bytes(), "litert").run(case.samples)
    except (Unfit, runtimes.Refused):
        return None
    reals = [v for v in wanted.values() if v.dtype == np.float32]
    floats = [x for x in case.samples.values() if x.dtype == np.float32]
    useful = floats and reals and all(np.isfinite(v).all() and v.any() for v in reals)
    return (case, wanted) if useful else None


def convert(folder):
    """Has the converter quantize every model of the folder: X.tflite becomes X.SCHEME.converter where it takes it."""
    peer = pathlib.Path(__file__).with_name("converter_peer.py")
    killed = True
    while killed:  # by a model that the converter crashes on
        done = subprocess.run([PYTHON, peer, folder, *SCHEMES], capture_output=True, timeout=1800,
                              env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
        killed = done.returncode < 0
    done.check_returncode()


class Row:
    """What came out for one op and scheme."""

    def __init__(self):
        self.narrow, self.converter, self.refused = [], [], []

    def add(self, wanted, ours, theirs):
        for name, want in wanted.items():
            if want.dtype == np.float32:
                self.narrow.append(sqnr(want, ours[name].reshape(want.shape)))
                self.converter.append(sqnr(want, theirs[name].reshape(want.shape)))


def median(values):
    return float(np.median(np.minimum(values, 200))) if values else float("nan")


class Converter(unittest.TestCase):
    def test_noise_is_at_most_the_converters(self):
        if not PYTHON:
            self.skipTest("NARROW_TF_PYTHON does not name a Python with TensorFlow")
        schema()
        chosen = os.environ.get("NARROW_OPS", "").split(",") if os.environ.get("NARROW_OPS") else sorted(CASES)
        with tempfile.TemporaryDirectory() as name:
            rows = self.measure(pathlib.Path(name), chosen)
        print(f"\n{'op':24}{'scheme':9}{'cases':>6}{'narrow dB':>11}{'converter dB':>14}  refused by narrow")
        for (op, scheme), row in rows.items():
            print(f"{op:24}{scheme:9}{len(row.narrow):6}{median(row.narrow):11.2f}{median(row.converter):14.2f}"
                  f"  {len(row.refused)} {row.refused[0] if row.refused else ''}")
        for key, row in rows.items():
            with self.subTest(op=key[0], scheme=key[1]):
                self.assertEqual(row.refused, [])
                if row.narrow:
                    self.assertGreaterEqual(median(row.narrow), median(row.converter) - SLACK)

    def measure(self, folder, ops):
        cases = {}
        for op in ops:
            for number in range(COUNT):
                drawn = float_case(op, number)
                if drawn:
                    path = folder / f"{op}_{number}.tflite"
                    path.write_bytes(drawn[0].net.bytes())
                    np.savez(path.with_suffix(".npz"), **drawn[0].samples)
                    cases[path] = (op, *drawn)
        convert(folder)
        rows = {}
        for path, (op, case, wanted) in cases.items():
            for scheme in SCHEMES:
                theirs = path.with_suffix(f".{scheme}.converter")
                if theirs.exists() and (op, scheme) not in WRONG:
                    row = rows.setdefault((op, scheme), Row())
                    self.compare(row, path, op, scheme, case, wanted, theirs)
        return rows

    @staticmethod
    def compare(row, path, op, scheme, case, wanted, theirs):
        kernels = "xnnpack" if (op, "int8", "litert") in BROKEN else "litert"
        try:
            peer = runtimes.LiteRt(theirs.read_bytes(), kernels).run(case.samples)
        except runtimes.Refused:
            return  # a file that LiteRT itself does not run
        ours = path.with_suffix(f".{scheme}.narrow")
        try:
            runtimes.narrow("quantize", path, "--scheme", scheme, "--io", "float32", "--data", path.with_suffix(".npz"),
                            "-o", ours)
            got = runtimes.LiteRt(ours.read_bytes(), kernels).run(case.samples)
        except runtimes.Refused as refusal:
            row.refused.append(f"{path.stem}: {refusal}")
            return
        row.add(wanted, got, peer)


if __name__ == "__main__":
    unittest.main()
