"""Models of one op, quantized by narrow and by the TFLite converter's quantizer from the same samples.

For each op and width the table shows the signal to quantization noise ratio of both, over the outputs of the cases
that both take, or of narrow alone where the converter takes none. NARROW_TF_PYTHON is a Python with TensorFlow, which
is not among what tools/setup installs; without it the test is skipped. NARROW_TABLE is a file for the table: PAGE.
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
TABLE = os.environ.get("NARROW_TABLE")
PAGE = """# Quantization noise, op by op

Random models of one op, quantized by narrow and by the quantizer inside TensorFlow's converter from the same three
samples, both run in LiteRT on those samples. The figures are signal to quantization noise ratios in dB, beside the
float model: medians over outputs. Where the converter takes none of an op's cases, or makes files of them that LiteRT
does not run, narrow stands alone.

The table is made by

```
cd tests && NARROW_TF_PYTHON=PYTHON_WITH_TENSORFLOW NARROW_CASES=24 NARROW_TABLE=../docs/noise.md \\
  python -m unittest oracle.converter_test
```
"""

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
    """What came out for one op and scheme: ratios in dB, over the outputs of cases."""

    def __init__(self):
        self.narrow, self.converter = [], []  # of cases that both take
        self.alone = []  # narrow's, of cases that the converter does not take, or makes a file of that LiteRT refuses
        self.refused = []  # by narrow where the converter takes it

    def add(self, wanted, ours, theirs):
        for name, want in wanted.items():
            if want.dtype != np.float32:
                continue
            ratio = sqnr(want, ours[name].reshape(want.shape))
            if theirs is None:
                self.alone.append(ratio)
            else:
                self.narrow.append(ratio)
                self.converter.append(sqnr(want, theirs[name].reshape(want.shape)))

    def cells(self):
        """Outputs, narrow's ratio and the converter's, as text; of shared cases where there are any."""
        shared = self.narrow or self.alone
        return (str(len(shared)) if shared else "-", text(shared), text(self.converter))


def median(values):
    return float(np.median(np.minimum(values, 200))) if values else float("nan")


def text(values):
    return f"{median(values):.2f}" if values else "-"


def run(op, path, samples):
    """The outputs under LiteRT's reference kernels, or its default ones where those do not know the form; or None."""
    for kernels in ("litert", "xnnpack"):
        if (op, "int8", kernels) not in BROKEN:
            try:
                return runtimes.LiteRt(path.read_bytes(), kernels).run(samples)
            except runtimes.Refused:
                pass
    return None


def compare(row, path, op, scheme, case, wanted):
    theirs = path.with_suffix(f".{scheme}.converter")
    peer = run(op, theirs, case.samples) if theirs.exists() and (op, scheme) not in WRONG else None
    ours = path.with_suffix(f".{scheme}.narrow")
    try:
        runtimes.narrow("quantize", path, "--scheme", scheme, "--io", "float32", "--data", path.with_suffix(".npz"),
                        "-o", ours)
    except runtimes.Refused as refusal:
        if peer is not None:
            row.refused.append(f"{path.stem}: {refusal}")
        return
    got = run(op, ours, case.samples)
    if got is not None:
        row.add(wanted, got, peer)
    elif peer is not None:
        row.refused.append(f"{path.stem}: LiteRT refuses narrow's file")


def measure(folder, ops):
    """Rows by op and scheme."""
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
            compare(rows.setdefault((op, scheme), Row()), path, op, scheme, case, wanted)
    return rows


def table(rows):
    """Markdown: a line for each op that any of the two has an integer form of."""
    lines = ["| op | outputs | int8: narrow | converter | outputs | int16x8: narrow | converter |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for op in sorted({op for op, _ in rows}):
        cells = [c for scheme in SCHEMES for c in rows[op, scheme].cells()]
        if any(c != "-" for c in cells):
            lines.append(f"| {op} | {' | '.join(cells)} |")
    return "\n".join(lines)


class Converter(unittest.TestCase):
    def test_noise_is_at_most_the_converters(self):
        if not PYTHON:
            self.skipTest("NARROW_TF_PYTHON does not name a Python with TensorFlow")
        schema()
        chosen = os.environ.get("NARROW_OPS", "").split(",") if os.environ.get("NARROW_OPS") else sorted(CASES)
        with tempfile.TemporaryDirectory() as name:
            rows = measure(pathlib.Path(name), chosen)
        print(f"\n{table(rows)}")
        if TABLE:
            pathlib.Path(TABLE).write_text(f"{PAGE}\n{table(rows)}\n")
        for key, row in rows.items():
            with self.subTest(op=key[0], scheme=key[1]):
                self.assertEqual(row.refused, [])
                if row.narrow:
                    self.assertGreaterEqual(median(row.narrow), median(row.converter) - SLACK)


if __name__ == "__main__":
    unittest.main()
