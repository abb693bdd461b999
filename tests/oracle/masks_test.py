"""Constants far beyond all other values: masks before SOFTMAX, pads before MAX_POOL_2D, and their like.

Whatever value a mask has, the quantized file is about as exact as it would be with a mild one, LiteRT runs it, and
narrow computes the same bits.
"""
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SAMPLES, ROWS = 40, 8
LEAST = np.finfo(np.float32).min
CAUSAL = np.triu(np.ones((ROWS, ROWS), bool), 1)


def scores(seed):
    return np.random.default_rng(seed).normal(0, 2, (SAMPLES, 1, ROWS, ROWS)).astype(np.float32)


def after_softmax(m, t):
    y = m.output("y", [1, ROWS, ROWS], np.float32)
    m.op("SOFTMAX", [t], [y], "SoftmaxOptions", beta=1.0)


def added(value):
    """scores + mask, a constant."""
    m = TfliteBuilder()
    x, s = m.input("x", [1, ROWS, ROWS], np.float32), m.tensor("s", [1, ROWS, ROWS], np.float32)
    mask = m.tensor("mask", [1, ROWS, ROWS], np.float32, values=np.where(CAUSAL, np.float32(value), 0)[None])
    m.op("ADD", [x, mask], [s], "AddOptions")
    after_softmax(m, s)
    return m.bytes(), {"x": scores(1)}


def subtracted(value):
    """scores - mask, a constant."""
    m = TfliteBuilder()
    x, s = m.input("x", [1, ROWS, ROWS], np.float32), m.tensor("s", [1, ROWS, ROWS], np.float32)
    mask = m.tensor("mask", [1, ROWS, ROWS], np.float32, values=np.where(CAUSAL, -np.float32(value), 0)[None])
    m.op("SUB", [x, mask], [s], "SubOptions")
    after_softmax(m, s)
    return m.bytes(), {"x": scores(2)}


def computed(value):
    """scores + hidden * value, where `hidden` is an input of zeros and ones."""
    m = TfliteBuilder()
    x, hidden = m.input("x", [1, ROWS, ROWS], np.float32), m.input("hidden", [1, ROWS, ROWS], np.float32)
    far = m.tensor("far", [1], np.float32, values=np.float32([value]))
    mask, s = (m.tensor(n, [1, ROWS, ROWS], np.float32) for n in ("mask", "s"))
    m.op("MUL", [hidden, far], [mask], "MulOptions")
    m.op("ADD", [x, mask], [s], "AddOptions")
    after_softmax(m, s)
    return m.bytes(), {"x": scores(3), "hidden": np.repeat(CAUSAL[None, None].astype(np.float32), SAMPLES, 0)}


def fed(value):
    """scores + mask, an input."""
    m = TfliteBuilder()
    x, mask = m.input("x", [1, ROWS, ROWS], np.float32), m.input("mask", [1, ROWS, ROWS], np.float32)
    s = m.tensor("s", [1, ROWS, ROWS], np.float32)
    m.op("ADD", [x, mask], [s], "AddOptions")
    after_softmax(m, s)
    mask = np.where(CAUSAL, np.float32(value), np.float32(0))[None, None]
    return m.bytes(), {"x": scores(4), "mask": np.repeat(mask, SAMPLES, 0)}


def selected(value):
    """Scores where a constant condition holds, else `value`."""
    m = TfliteBuilder()
    x, s = m.input("x", [1, ROWS, ROWS], np.float32), m.tensor("s", [1, ROWS, ROWS], np.float32)
    keep = m.tensor("keep", [1, ROWS, ROWS], bool, values=~CAUSAL[None])
    far = m.tensor("far", [1], np.float32, values=np.float32([value]))
    m.op("SELECT_V2", [keep, x, far], [s], "SelectV2Options")
    after_softmax(m, s)
    return m.bytes(), {"x": scores(5)}


def padded(value):
    """Padded by `value` before MAX_POOL_2D."""
    m = TfliteBuilder()
    x, p = m.input("x", [1, 6, 6, 2], np.float32), m.tensor("p", [1, 8, 8, 2], np.float32)
    pads = m.tensor("pads", [4, 2], np.int32, values=[[0, 0], [1, 1], [1, 1], [0, 0]])
    far = m.tensor("far", [1], np.float32, values=np.float32([value]))
    y = m.output("y", [1, 4, 4, 2], np.float32)
    m.op("PADV2", [x, pads, far], [p], "PadV2Options")
    m.op("MAX_POOL_2D", [p], [y], "Pool2DOptions", padding=1, strideH=2, strideW=2, filterHeight=2, filterWidth=2)
    data = np.random.default_rng(6).normal(-1, 2, (SAMPLES, 1, 6, 6, 2)).astype(np.float32)
    return m.bytes(), {"x": data}


def larger(value):
    """The larger of the data and `value`."""
    m = TfliteBuilder()
    x, y = m.input("x", [1, 6, 6, 2], np.float32), m.output("y", [1, 6, 6, 2], np.float32)
    far = m.tensor("far", [1], np.float32, values=np.float32([value]))
    m.op("MAXIMUM", [x, far], [y], "MaximumMinimumOptions")
    data = np.random.default_rng(7).normal(-1, 2, (SAMPLES, 1, 6, 6, 2)).astype(np.float32)
    return m.bytes(), {"x": data}


MAKERS = (added, subtracted, computed, fed, selected, padded, larger)
VALUES = (-100, -1e4, -1e9, LEAST, -np.inf)
LEAST_DB = {"int8": 30, "int16x8": 35}


def can_be_made(make, value):
    """A float input holds no infinity, 0 * -inf is no number, and -100 may be a product like others."""
    return not (np.isinf(value) and make in (fed, computed)) and not (value == -100 and make in (fed, computed))


def sqnr(want, got):
    noise = np.square(want - got).sum()
    return 99.0 if noise == 0 else 10 * np.log10(np.square(want).sum() / noise)


class FarValues(unittest.TestCase):
    def test_all(self):
        for make in MAKERS:
            for value in VALUES:
                for scheme, least in LEAST_DB.items():
                    if can_be_made(make, value):
                        with self.subTest(make=make.__name__, value=value, scheme=scheme):
                            self.check(*make(value), scheme, least)

    def check(self, model, samples, scheme, least):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "float.tflite").write_bytes(model)
            np.savez(folder / "x.npz", **samples)
            runtimes.narrow("quantize", folder / "float.tflite", "--scheme", scheme, "--io", "float32", "--data",
                            folder / "x.npz", "-o", folder / "out.tflite")
            content = (folder / "out.tflite").read_bytes()
        want = runtimes.LiteRt(model, "litert").run(samples)["y"]
        got = runtimes.LiteRt(content, "litert").run(samples)["y"]
        self.assertGreaterEqual(sqnr(want.astype(float), got.astype(float)), least)
        mine, = runtimes.run_narrow(content, samples, "litert")
        np.testing.assert_array_equal(mine["y"].reshape(got.shape), got)


if __name__ == "__main__":
    unittest.main()
