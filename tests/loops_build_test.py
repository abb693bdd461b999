"""narrow built without XNNPACK beside narrow with it: float outputs to 1e-5 of the largest, and models that do not follow
the last bits of float results bit for bit. Without build-loops/narrow, which tools/check_more builds, it is skipped."""
import io
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = pathlib.Path(os.environ.get("NARROW", ROOT / "build" / "narrow"))
LOOPS = pathlib.Path(os.environ.get("NARROW_LOOPS", ROOT / "build-loops" / "narrow"))
DIGITS = ROOT / "examples" / "digits"
SHARED = ROOT.parent / "shared" / "data"
# Name: model, samples, options of the samples.
NETWORKS = {
    "digits": (DIGITS / "float.tflite", DIGITS / "train_x.npy", ("--data-scale", "0.0625")),
    "kws": (SHARED / "models/kws/float.tflite", SHARED / "kws01/x.npy", ()),
    "ad": (SHARED / "models/ad/float.tflite", SHARED / "ad01/x.npy", ()),
    "vww": (SHARED / "mlperf-tiny/vww_float.tflite", SHARED / "vww/calibration_x.npy", ("--data-scale", "0.00392156862745098")),
}


def setUpModule():
    if not LOOPS.exists():
        raise unittest.SkipTest(f"there is no {LOOPS}; tools/check_more web builds it")


def data_of(name):
    """The model and the options for its samples; None where it is not there."""
    model, samples, options = NETWORKS[name]
    return (model, ("--data", samples, "--samples", "100", *options)) if model.exists() else None


class Loops(unittest.TestCase):
    def made(self, what, ending, *words):
        """What both programs write, as bytes."""
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder, "out" + ending)
            for program in (NARROW, LOOPS):
                subprocess.run([program, what, *words, "-o", out, "--quiet"], check=True)
                yield out.read_bytes()

    def test_outputs_are_near(self):
        import numpy
        for name in NETWORKS:
            with self.subTest(network=name):
                if not data_of(name):
                    self.skipTest("the shared models are not there")
                model, data = data_of(name)
                library, loops = (numpy.load(io.BytesIO(y)) for y in self.made("run", ".npy", model, *data))
                error = numpy.abs(library - loops).max() / numpy.abs(library).max()
                print(f"{name}: largest difference {error:.1e} of the largest value")
                self.assertLess(error, 2e-5 if name == "ad" else 1e-5)  # ad: ten dense layers of up to 640 terms

    def test_quantized_models_are_equal(self):
        # Of other networks and schemes, some ranges, biases and integers follow the last bits of the float library.
        for name, schemes in (("digits", ("int8", "int16x8", "q7", "q15")), ("kws", ("int8",))):
            for scheme in schemes:
                with self.subTest(network=name, scheme=scheme):
                    if not data_of(name):
                        self.skipTest("the shared models are not there")
                    model, data = data_of(name)
                    library, loops = self.made("quantize", ".tflite", model, *data, "--scheme", scheme, "--quality", "best")
                    self.assertEqual(library, loops)


if __name__ == "__main__":
    unittest.main()
