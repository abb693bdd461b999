"""Keras files: the same outputs as the .tflite file of the same network, and clean errors for damaged ones. Models come
from the shared data (NARROW_SHARED says where these are)."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import zipfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
MODELS = SHARED / "data" / "models"
PUBLISHED = SHARED / "data" / "mlperf-tiny"  # with the state of their optimizers
SHAPES = {"kws": (49, 10, 1), "resnet": (32, 32, 3), "seed_cnn": (32, 32, 3), "ad": (640,), "vww": (96, 96, 3)}


def narrow(*arguments):
    return subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=120)


class Keras(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def outputs(self, model, data):
        done = narrow("run", model, "--data", data, "-o", self.folder / "y.npy", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        return numpy.load(self.folder / "y.npy")

    def test_bytes_that_only_begin_like_hdf5(self):
        path = self.folder / "model.h5"
        path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 8)
        done = narrow("inspect", path)
        self.assertEqual(done.returncode, narrow("inspect", ROOT / "README.md").returncode)
        self.assertIn("the HDF5 file is damaged", done.stderr)

    @unittest.skipUnless(MODELS.exists(), "the shared data are not here")
    def test_outputs_are_those_of_the_tflite_file(self):
        for name, shape in SHAPES.items():
            data = self.folder / "x.npy"
            numpy.save(data, numpy.random.default_rng(1).random((20, *shape), dtype=numpy.float32))
            want = self.outputs(MODELS / name / "float.tflite", data)
            published = PUBLISHED / f"{name}.h5"
            for model in (MODELS / name / "model.h5", MODELS / name / "model.keras", *([published] if published.exists() else [])):
                with self.subTest(model=model):
                    off = abs(self.outputs(model, data) - want).max()
                    self.assertLessEqual(off, 1e-5 * abs(want).max())

    @unittest.skipUnless(MODELS.exists(), "the shared data are not here")
    def test_masks_before_recurrent_layers_are_refused_by_name(self):
        for kind in ("lstm", "gru", "rnn"):
            path = self.folder / "masked.keras"
            with zipfile.ZipFile(MODELS / "rnn" / f"{kind}.keras") as whole, zipfile.ZipFile(path, "w") as masked:
                for name in whole.namelist():
                    content = whole.read(name)
                    if name == "config.json":
                        config = json.loads(content)
                        mask = {"module": "keras.layers", "class_name": "Masking", "registered_name": None,
                                "config": {"name": "padding", "trainable": True, "mask_value": 0.0},
                                "build_config": {"input_shape": [None, 8, 8]}}
                        config["config"]["layers"].insert(1, mask)
                        content = json.dumps(config)
                    masked.writestr(name, content)
            done = narrow("run", path, "--data", MODELS / "rnn" / "test_x.npy", "-o", self.folder / "y.npy")
            self.assertEqual(done.returncode, 3)
            self.assertIn("narrow has no form of layers of the class Masking (layer 'padding' (Masking)", done.stderr)

    @unittest.skipUnless(MODELS.exists(), "the shared data are not here")
    def test_damaged_files_end_with_an_error(self):
        whole = (MODELS / "digits_cnn" / "model.h5").read_bytes()
        path = self.folder / "model.h5"
        random = numpy.random.default_rng(2)
        for _ in range(40):
            damaged = bytearray(whole[:random.integers(8, len(whole))] if random.random() < 0.3 else whole)
            for at in random.integers(8, len(damaged), 8):
                damaged[at] ^= 1 << int(random.integers(8))
            path.write_bytes(damaged)
            self.assertIn(narrow("inspect", path).returncode, range(8))

    @unittest.skipUnless(MODELS.exists(), "the shared data are not here")
    def test_ranges_of_training_are_those_of_the_frozen_graph(self):
        data = self.folder / "x.npy"
        numpy.save(data, numpy.random.default_rng(4).random((20, 8, 8, 1), dtype=numpy.float32))
        of_keras, of_graph = [self.outputs(MODELS / "qat" / f, data) for f in ("tfmot.h5", "tfmot.pb")]
        self.assertLessEqual(abs(of_keras - of_graph).max(), 1e-5 * abs(of_graph).max())
        self.assertEqual(*[self.without_names(MODELS / "qat" / f, data) for f in ("tfmot.h5", "tfmot.pb")])

    def without_names(self, model, data):
        """Ops, and types, shapes, scales, zero points and values of their tensors, of the int8 file made of a model."""
        out, arrays = self.folder / "int8.tflite", self.folder / f"arrays_{model.suffix[1:]}"
        done = narrow("quantize", model, "--data", data, "--samples", "20", "--quality", "fast", "-o", out, "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        narrow("export", out, "-o", arrays, "--format", "npy")
        files = {c["name"]: c["file"] for c in json.loads((arrays / "index.json").read_text())["constants"]}
        said = json.loads(narrow("inspect", out, "--json").stdout)

        def facts(index):
            tensor = said["tensors"][index]
            values = (arrays / files[tensor["name"]]).read_bytes() if tensor["constant"] else None
            shape = tensor["shape"] if tensor["constant"] else tensor["shape"][1:]  # some files fix the number of samples
            return [shape, *[tensor[key] for key in ("dtype", "scales", "zero_points")]], values

        return [(op["op"], [facts(i) for i in op["inputs"] + op["outputs"] if i >= 0]) for op in said["ops"]]

    @unittest.skipUnless(MODELS.exists(), "the shared data are not here")
    def test_the_same_integers_from_every_tensorflow_format(self):
        random = numpy.random.default_rng(3)
        for name, shape, scale in (("kws", (49, 10, 1), 100), ("resnet", (32, 32, 3), 255), ("vww", (96, 96, 3), 1)):
            data = self.folder / "x.npy"
            numpy.save(data, (random.random((20, *shape)) * scale).astype("f4"))
            first, *others = [self.without_names(MODELS / name / f, data) for f in ("model.h5", "model.keras", "frozen.pb")]
            self.assertGreater(len(first), 10)
            for other in others:
                self.assertEqual(first, other, name)


if __name__ == "__main__":
    unittest.main()
