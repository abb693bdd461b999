"""Custom ops of others that narrow reads as a builtin op, against LiteRT, whose float library computes them as they are."""
import pathlib
import struct
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

CASES = 40
SAMPLES = 5
TOLERANCE = 1e-5  # of the largest result
SAME, VALID = 1, 2


def transpose_conv_bias(rng):
    """MediaPipe's Convolution2DTransposeBias: the file's bytes and the shape of its data."""
    padding, strides = rng.choice([SAME, VALID]), rng.integers(1, 4, 2)
    size, channels = rng.integers(1, 7, 2), rng.integers(1, 9, 2)
    window = np.maximum(rng.integers(1, 6, 2), strides)  # the float library takes no other
    cut = np.maximum(0, window - (size - 1) % strides - 1) if padding == SAME else 0
    result = strides * (size - 1) + window - cut
    net = TfliteBuilder()
    x = net.input("x", [1, *size, channels[0]], "float32")
    w = net.tensor("w", [channels[1], *window, channels[0]], "float32",
                   values=rng.standard_normal((channels[1], *window, channels[0])))
    b = net.tensor("b", [channels[1]], "float32", values=rng.standard_normal(channels[1]))
    y = net.output("y", [1, *result, channels[1]], "float32")
    net.custom_op("Convolution2DTransposeBias", [x, w, b], [y], struct.pack("<3i", padding, strides[1], strides[0]))
    return net.bytes(), [1, *size, channels[0]]


class TransposeConvBias(unittest.TestCase):
    def cases(self):
        for seed in range(CASES):
            rng = np.random.default_rng(seed)
            model, shape = transpose_conv_bias(rng)
            samples = {"x": rng.standard_normal((SAMPLES, *shape)).astype(np.float32)}
            yield seed, model, samples, runtimes.LiteRt(model, "xnnpack").run(samples)["y"]

    def test_float_results(self):
        for seed, model, samples, right in self.cases():
            with self.subTest(seed=seed):
                got, = runtimes.run_narrow(model, samples, "xnnpack")
                self.assertNotIsInstance(got, runtimes.Refused, got)
                error = np.abs(got["y"].reshape(right.shape) - right).max()
                self.assertLessEqual(error, TOLERANCE * np.abs(right).max())

    def test_integer_results(self):
        """LiteRT runs what the quantizer makes of it, and finds about the float results."""
        for seed, model, samples, right in self.cases():
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                (folder / "m.tflite").write_bytes(model)
                np.savez(folder / "x.npz", **samples)
                runtimes.narrow("quantize", folder / "m.tflite", "--data", folder / "x.npz", "--io", "float32",
                                "-o", folder / "q.tflite")
                got = runtimes.LiteRt(folder / "q.tflite", "litert").run(samples)["y"]
                self.assertLessEqual(np.abs(got - right).max(), 0.05 * np.abs(right).max())


if __name__ == "__main__":
    unittest.main()
