"""Arm's recurrent keyword-spotting networks on windows of speech, beside TensorFlow, which computes features and outputs where
NARROW_TF_PYTHON names a Python that has it.

The first coefficient of a frame reaches -247, the others a few units, so that one scale of 8 bits for the input leaves
the small ones a few steps: that alone costs more than all that follows (`rounded`).
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import ROOT, shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

PYTHON = os.environ.get("NARROW_TF_PYTHON")
CALIBRATED, TESTED = 200, 240  # windows; none is in both
TOLERANCE = 1e-5  # of the largest output
# Decibels of int16x8 at least, 8-bit weights of the data being what costs most; measured 17.6, 26.2, 26.8, 44.1.
LEAST = {"LSTM_S": 17, "Basic_LSTM_S": 25.5, "GRU_S": 26.5, "CRNN_S": 43}
BEYOND_INPUT = 3  # decibels that int8 may lose beside what its input loses by itself


def decibels(wanted, got):
    return 10 * np.log10(np.square(wanted).sum() / np.square(got - wanted).sum())


@unittest.skipUnless(PYTHON, "NARROW_TF_PYTHON does not name a Python with tensorflow")
class Speech(unittest.TestCase):
    def outputs(self, model, x):
        np.save(self.folder / "x.npy", x.astype(np.float32))
        runtimes.narrow("run", model, "--data", self.folder / "x.npy", "--dequantize", "--quiet", "-o", self.folder / "y.npy")
        return np.load(self.folder / "y.npy").reshape(len(x), -1)

    def quantized(self, model, x, scheme, quality):
        np.save(self.folder / "calibrate.npy", x)
        path = self.folder / f"{scheme}.tflite"
        runtimes.narrow("quantize", model, "--data", self.folder / "calibrate.npy", "--scheme", scheme, "--quality", quality,
                        "--quiet", "-o", path)
        return path

    @staticmethod
    def rounded(x, model):
        """The data as the model's input holds it."""
        grid = json.loads(runtimes.narrow("inspect", model, "--json"))["inputs"][0]
        scale, zero = grid["scales"][0], grid["zero_points"][0]
        low, high = (-128, 127) if grid["dtype"] == "int8" else (-32768, 32767)
        return (np.clip(np.round(x / scale) + zero, low, high) - zero) * scale

    def test_networks(self):
        for name, least in LEAST.items():
            with tempfile.TemporaryDirectory() as folder, self.subTest(name):
                self.folder = pathlib.Path(folder)
                model = shared(f"data/arm-kws/{name}.pb")
                subprocess.run([PYTHON, ROOT / "tests" / "oracle" / "speech_features.py", model, shared("data/speech"),
                                self.folder / "features.npy", self.folder / "tf.npy", str(CALIBRATED + TESTED)], check=True,
                               capture_output=True)
                x, wanted = (np.load(self.folder / f"{n}.npy") for n in ("features", "tf"))
                calibrated, tested, wanted = x[:CALIBRATED], x[CALIBRATED:], wanted[CALIBRATED:]
                error = np.abs(self.outputs(model, tested) - wanted).max() / np.abs(wanted).max()
                self.assertLessEqual(error, TOLERANCE)
                said = [f"{name}: {error:.1e} in float"]
                for quality in ("fast", "best"):
                    path = self.quantized(model, calibrated, "int8", quality)
                    by_input = decibels(wanted, self.outputs(model, self.rounded(tested, path)))
                    got = decibels(wanted, self.outputs(path, tested))
                    said.append(f"int8 {quality} {got:.1f} dB ({by_input:.1f} by the input alone)")
                    self.assertGreater(got, by_input - BEYOND_INPUT)
                    path = self.quantized(model, calibrated, "int16x8", quality)
                    got = decibels(wanted, self.outputs(path, tested))
                    said.append(f"int16x8 {quality} {got:.1f} dB")
                    if quality == "best":
                        self.assertGreater(got, least)
                print(", ".join(said))


if __name__ == "__main__":
    unittest.main()
