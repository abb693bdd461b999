"""Integer models that others made, with activations of 16 bits instead of 8: LiteRT takes them and agrees with narrow,
and what they compute is what the 8-bit model computed, but for the noise of 8 bits.
"""
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

SAMPLES = 20
LEAST_SQNR = 15  # dB, beside the 8-bit model; measured: 18 (ResNet8) to 57
NO_FLOAT_FORM = {"lstm_tfkeras_int8": "UNIDIRECTIONAL_SEQUENCE_LSTM"}


def files():
    folders = (("mlperf-tiny", "*int8*.tflite"), ("converter", "*_int8*.tflite"), ("models", "*/*_int8.tflite"),
               ("models", "qat/int8.tflite"), ("models", "qat/float_io.tflite"))
    return [path for folder, names in folders for path in sorted(shared(f"data/{folder}").glob(names))]


def facts(path):
    return json.loads(runtimes.narrow("inspect", path, "--json"))


def reals(tensor, rng):
    """Values that 8 bits hold exactly, those of a float input in [0, 1]."""
    shape = (SAMPLES, *tensor["shape"][1:])
    if tensor["dtype"] == "float32":
        return rng.random(shape, np.float32)
    assert tensor["dtype"] == "int8", tensor
    return ((rng.integers(-128, 128, shape) - tensor["zero_points"][0]) * np.float32(tensor["scales"][0])).astype(
        np.float32)


def stored(real, tensor):
    """Reals as an input has them: nearest, ties away from zero."""
    if tensor["dtype"] == "float32":
        return real
    info = np.iinfo(tensor["dtype"])
    steps = real / np.float32(tensor["scales"][0])
    steps = np.copysign(np.floor(np.abs(steps) + 0.5), steps) + tensor["zero_points"][0]
    return np.clip(steps, info.min, info.max).astype(tensor["dtype"])


def real_outputs(model, values):
    """(outputs, those as reals) of each output in the model's order, by profile litert."""
    about = facts(model)
    inputs = {t["name"]: stored(v, t) for t, v in zip(about["inputs"], values)}
    found, = runtimes.run_narrow(model.read_bytes(), inputs, "litert")
    if isinstance(found, runtimes.Refused):
        raise found
    as_real = []
    for t in about["outputs"]:
        q = found[t["name"]].astype(np.float64)
        as_real.append((q - t["zero_points"][0]) * t["scales"][0] if t["scales"] else q)
    return found, as_real


class Widened(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def check(self, path):
        wide = self.folder / "wide.tflite"
        said = json.loads(runtimes.narrow("quantize", path, "--scheme", "int16x8", "-o", wide, "--json"))
        self.assertIn("what its 8 bits have lost stays lost", said["warnings"][0])
        self.assertTrue(all(op["quantized"] for op in said["ops"]))
        rng = np.random.default_rng(7)
        values = [reals(t, rng) for t in facts(path)["inputs"]]
        inputs = {t["name"]: stored(v, t) for t, v in zip(facts(wide)["inputs"], values)}
        outputs, wide_reals = real_outputs(wide, values)
        for name, theirs in runtimes.LiteRt(wide, "litert").run(inputs).items():
            np.testing.assert_array_equal(theirs.reshape(outputs[name].shape), outputs[name])
        return min(10 * np.log10(np.sum(b**2) / max(np.sum((a - b)**2), 1e-30))
                   for a, b in zip(wide_reals, real_outputs(path, values)[1]))

    def test_litert_agrees_and_little_changes(self):
        for path in files():
            with self.subTest(file=path.name):
                if path.stem in NO_FLOAT_FORM:
                    with self.assertRaisesRegex(runtimes.Refused, NO_FLOAT_FORM[path.stem]):
                        self.check(path)
                    continue
                sqnr = self.check(path)
                print(f"{path.stem:20} {sqnr:5.1f} dB beside 8 bits, {SAMPLES} samples equal in LiteRT")
                self.assertGreaterEqual(sqnr, LEAST_SQNR)


if __name__ == "__main__":
    unittest.main()
