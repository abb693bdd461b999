"""A network trained with fake quantization, as the TFLite converter leaves it (QUANTIZE and DEQUANTIZE around its layers
and over its weights, a scale for each channel), is finished with the integers that it was trained for.
"""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import ROOT, shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

DIGITS = ROOT / "examples" / "digits"
DATA = ("--data", DIGITS / "train_x.npy", "--data-scale", "0.0625")


class Finished(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.float = shared("data/models/qat/fake_quant.tflite")
        self.pixels = np.load(DIGITS / "test_x.npy").astype(np.float32).reshape(-1, 8, 8, 1) / 16

    def same_in_litert(self, path, samples):
        model = runtimes.LiteRt(path, "litert")
        inputs = {model.inputs[0]["name"]: samples}
        ours, = runtimes.run_narrow(path.read_bytes(), inputs, "litert")
        (name, theirs), = model.run(inputs).items()
        np.testing.assert_array_equal(theirs.reshape(ours[name].shape), ours[name])
        return ours[name]

    def test_float_run(self):
        self.same_in_litert(self.float, self.pixels[:50])

    def test_integers_it_was_trained_for(self):
        out = self.folder / "out.tflite"
        said = json.loads(runtimes.narrow("quantize", self.float, *DATA, "-o", out, "--json"))
        self.assertTrue(all(op["quantized"] for op in said["ops"]))
        ops = [op["op"] for op in json.loads(runtimes.narrow("inspect", out, "--json"))["ops"]]
        self.assertEqual(ops, ["CONV_2D", "MAX_POOL_2D"] * 2 + ["RESHAPE", "FULLY_CONNECTED"])
        trained = shared("data/models/qat/int8.tflite")
        stored = np.round(self.pixels * 255 - 128).astype(np.int8)
        ours, theirs = self.same_in_litert(out, stored), self.same_in_litert(trained, stored)
        self.assertLessEqual(np.mean(ours.reshape(theirs.shape) != theirs), 0.01)


if __name__ == "__main__":
    unittest.main()
