"""The table of the article on TensorFlow Lite quantization, for a CNN of its shape: size and accuracy of each kind."""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

# Rows of the table: options, most bytes (the article's; per channel 2 % more), right answers of the converter's file.
KINDS = {
    "float": (None, 493624 * 1.002, 975),  # by convert; names of tensors are longer than the article's
    "float16": (["--scheme", "float16"], 249936, 975),
    "dynamic": (["--scheme", "dynamic"], 131472 * 1.02, 968),
    "dynamic_tensor": (["--scheme", "dynamic", "--granularity", "tensor"], 131472, 971),
    "int8": (["--scheme", "int8", "--io", "uint8"], 133216, 960),
}
PIXEL = ["--data-scale", 1 / 255]


class Article(unittest.TestCase):
    def test_table(self):
        for form in ("float.tflite", "model.h5", "model.keras"):
            with self.subTest(form=form):
                self.table_of(shared("data/models/seed_cnn") / form)

    def table_of(self, model):
        x, y = shared("data/cifar10/test_x.npy"), shared("data/cifar10/test_y.npy")
        chosen = np.random.RandomState(0).permutation(600)[:100]  # what the converter's file is calibrated with
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            np.save(folder / "calibration.npy", np.load(shared("data/cifar10/calibration_x.npy"))[chosen])
            paths = [folder / f"{kind}.tflite" for kind in KINDS]
            for path, (kind, (options, _, _)) in zip(paths, KINDS.items()):
                data = ["--data", folder / "calibration.npy", *PIXEL] if kind == "int8" else []
                runtimes.narrow(*(["convert", model] if options is None else ["quantize", model, *options, *data]), "-o", path)
            rows = json.loads(runtimes.narrow("evaluate", *paths, "--data", x, *PIXEL, "--labels", y, "--json"))["models"]
            sizes = [p.stat().st_size for p in paths]
        right = [round(row["top1"] * row["samples"]) for row in rows]
        for kind, size, count in zip(KINDS, sizes, right):
            print(f"{model.name:14}{kind:16}{size:9,} bytes {count:5} of {rows[0]['samples']} right")
        self.assertEqual(right[0], KINDS["float"][2])
        for (kind, (_, most, theirs)), size, count in zip(KINDS.items(), sizes, right):
            with self.subTest(kind=kind):
                self.assertLessEqual(size, most)
                self.assertGreaterEqual(count, theirs - 3)


if __name__ == "__main__":
    unittest.main()
