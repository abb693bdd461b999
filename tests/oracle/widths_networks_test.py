"""Networks in every width: bytes, accuracy and error of each, and the least that is promised of them.

NARROW_TABLE is a file for the tables: PAGE.
"""
import json
import os
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

TABLE = os.environ.get("NARROW_TABLE")
PAGE = """# Networks in every width

Each network quantized by narrow with `--quality fast` and range minmax (but for the last row) from the calibration samples
named, and run on others: top-1, agreement with the float model, signal to quantization noise ratio over all outputs, and its
median over samples. `clipped` is the share of the samples that leave the calibrated range somewhere, which is what the widest
rows lose by. `--range search` is given the labels of the calibration samples where there are any; what its accuracy is on other
samples of these sets is in [ranges.md](ranges.md). What `--quality best` gains is in [accuracy.md](accuracy.md).

The page is made, with the shared data sets beside the checkout, by

```
cd tests && NARROW_TABLE=../docs/widths.md python -m unittest oracle.widths_networks_test
```
"""

# Title, model, calibration samples, other samples, their labels, what makes stored numbers real ones.
CIFAR = ("cifar10/calibration", "cifar10/test_x.npy", "cifar10/test_y.npy")
NETWORKS = {
    "kws": ("KWS, 100 samples of kws01, run on the 400 others", "kws", ("kws01/", None, None), 1.0),
    "resnet": ("ResNet8, 600 images, run on 1,500 others", "resnet", CIFAR, 1.0),
    "vww": ("VWW, 100 images without labels, run on 200 others", "vww", ("vww/calibration", "vww/test_x.npy", None), 1 / 255),
    "seed": ("Seed CNN, 600 images, run on 1,500 others", "seed_cnn", CIFAR, 1 / 255),
}
ROWS = {
    "int8": ["--scheme", "int8"],
    "int8, bias 16": ["--scheme", "int8", "--bias", "16"],
    "int8, bias 8": ["--scheme", "int8", "--bias", "8"],
    "int8, 6-bit weights": ["--scheme", "int8", "--weights", "6"],
    "int8, 4-bit weights": ["--scheme", "int8", "--weights", "4"],
    "int16x8": ["--scheme", "int16x8"],
    "int16x8, 4-bit weights": ["--scheme", "int16x8", "--weights", "4"],
    "int16, bias 64": ["--scheme", "int16", "--bias", "64"],
    "int16, bias 16": ["--scheme", "int16"],
    "int16, 32-bit sums": ["--scheme", "int16", "--accumulator", "32"],
    "q15": ["--scheme", "q15"],
    "q7 per tensor": ["--scheme", "q7"],
    "q7 per channel": ["--scheme", "q7", "--granularity", "channel"],
    "q7, range search": ["--scheme", "q7", "--range", "search"],
}
WIDE = ("int16, bias 64", "int16, bias 16")
SEARCH_COSTS_AT_MOST = {"kws": 1.5, "seed": 2.0}  # points of top-1, beside the float model


def first(path, start, stop, folder):
    out = folder / f"{path.stem}_{start}.npy"
    np.save(out, np.load(path)[start:stop])
    return out


class Data:
    """Calibration samples and others, each with labels or without."""

    def __init__(self, files, folder):
        prefix, others, labels = files
        x = shared(f"data/{prefix}x.npy" if prefix.endswith("/") else f"data/{prefix}_x.npy")
        y = x.with_name(x.name.replace("x.npy", "y.npy"))
        if others:
            self.x, self.y = x, y if y.exists() else None
            self.other_x, self.other_y = shared(f"data/{others}"), labels and shared(f"data/{labels}")
        else:
            self.x, self.y = first(x, 0, 100, folder), first(y, 0, 100, folder)
            self.other_x, self.other_y = first(x, 100, None, folder), first(y, 100, None, folder)


def quantize(model, arguments, data, scale, output):
    labels = ["--labels", data.y] if "search" in arguments and data.y else []
    runtimes.narrow("quantize", model, *arguments, "--data", data.x, *labels, *scale, "-o", output)


def clipped(model, data, scale, folder):
    """Share of the other samples with a value beyond what was calibrated, in any tensor."""
    runtimes.narrow("calibrate", model, "--data", data.x, *scale, "-o", folder / "s.nstat")
    tensors = folder / "tensors"
    runtimes.narrow("run", model, "--data", data.x, *scale, "-o", folder / "y.npy", "--per-op", tensors)
    ranges = {f.name: (v.min(), v.max()) for f in tensors.glob("*.npy") for v in [np.load(f, mmap_mode="r")]}
    for f in tensors.glob("*.npy"):
        f.unlink()
    runtimes.narrow("run", model, "--data", data.other_x, *scale, "-o", folder / "y.npy", "--per-op", tensors)
    beyond = False
    for name, (low, high) in ranges.items():
        v = np.load(tensors / name, mmap_mode="r")
        v = v.reshape(len(v), -1)
        beyond |= (v.min(1) < min(low, 0)) | (v.max(1) > max(high, 0))
    return float(np.mean(beyond))


def percent(share):
    return "-" if share is None else f"{100 * share:.2f} %"


def decibels(value):
    return "exact" if value is None else f"{value:.1f}"


class Widths(unittest.TestCase):
    sections = {}

    @classmethod
    def tearDownClass(cls):
        if TABLE and len(cls.sections) == len(NETWORKS):
            pathlib.Path(TABLE).write_text(PAGE + "".join(cls.sections[n] for n in NETWORKS))

    def compare(self, network):
        title, model, files, factor = NETWORKS[network]
        model = shared(f"data/models/{model}/float.tflite")
        scale = ["--data-scale", factor]
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            data = Data(files, folder)
            made = [model]
            for i, arguments in enumerate(ROWS.values()):
                made.append(folder / f"{i}.tflite")
                quantize(model, arguments, data, scale, made[-1])
            labels = ["--labels", data.other_y] if data.other_y else []
            told = json.loads(runtimes.narrow("evaluate", *made, "--data", data.other_x, *scale, *labels, "--reference",
                                              model, "--json"))["models"]
            share = clipped(model, data, scale, folder)
        rows = dict(zip(["float", *ROWS], told))
        lines = [f"\n## {title}\n\nclipped: {percent(share)} of the samples\n",
                 "| | bytes | top-1 | agreement | SQNR dB | median dB |", "|---|---:|---:|---:|---:|---:|"]
        for name, r in rows.items():
            error = ("-", "-") if name == "float" else (decibels(r["sqnr_db"]), decibels(r["median_sqnr_db"]))
            lines.append(f"| {name} | {r['bytes']:,} | {percent(r['top1'])} | {percent(r['agreement'])} | "
                         f"{error[0]} | {error[1]} |")
        self.sections[network] = "\n".join(lines) + "\n"
        print(self.sections[network])
        for name in WIDE:
            self.assertGreaterEqual(rows[name]["median_sqnr_db"], 60, name)
            self.assertGreaterEqual(rows[name]["agreement"], 0.998, name)
        if network in SEARCH_COSTS_AT_MOST:
            searched = rows["q7, range search"]["top1"]
            self.assertGreaterEqual(100 * searched, 100 * rows["float"]["top1"] - SEARCH_COSTS_AT_MOST[network])


def add_tests():
    for network in NETWORKS:
        def test(self, network=network):
            self.compare(network)
        setattr(Widths, f"test_{network}", test)


add_tests()

if __name__ == "__main__":
    unittest.main()
