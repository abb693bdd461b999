"""Files that store values in forms of their own, run by narrow and by LiteRT or TensorFlow Lite Micro: uint8, weights with
a zero point, sparse and 4-bit constants, scales of 0, conversions from 32 bits. Results are equal bit for bit.
"""
import unittest

try:
    import numpy as np

    from . import isolated, runtimes
    from .tflite_builder import Grid, TfliteBuilder, schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SAMPLES = 200
UNSIGNED = 128  # uint8 less int8 of the same real number


class Net:
    """One op with data `x`, int8 or the same numbers in uint8."""

    def __init__(self, unsigned, seed):
        self.builder, self.rng = TfliteBuilder(), np.random.default_rng(seed)
        self.dtype, self.zero = ("uint8", UNSIGNED) if unsigned else ("int8", 0)

    def grid(self, scale, zero_point):
        return Grid(scale, zero_point + self.zero)

    def data(self, shape, scale=0.05, zero_point=3):
        self.shape, self.scale = shape, scale
        return self.builder.input("x", shape, self.dtype, self.grid(scale, zero_point))

    def weights(self, shape, zero_point, scale=0.02):
        values = self.rng.integers(-127, 128, shape) + self.zero
        return self.builder.tensor("w", shape, self.dtype, self.grid(scale, zero_point), values)

    def bias(self, count, scale=0.02):
        grid = Grid(np.float32(self.scale) * np.float32(scale))
        return self.builder.tensor("b", [count], "int32", grid, self.rng.integers(-500, 500, count))

    def result(self, shape, scale=0.2, zero_point=-4):
        return self.builder.output("y", shape, self.dtype, self.grid(scale, zero_point))

    def samples(self):
        rng = np.random.default_rng(7)
        return {"x": (rng.integers(-128, 128, (SAMPLES, *self.shape)) + self.zero).astype(self.dtype)}


def dense(unsigned=False, zero_point=5, scale=0.02):
    net = Net(unsigned, 1)
    operands = [net.data([2, 64]), net.weights([16, 64], zero_point, scale), net.bias(16)]
    net.builder.op("FULLY_CONNECTED", operands, [net.result([2, 16])], "FullyConnectedOptions", 4)
    return net


def convolution(unsigned, zero_point):
    net = Net(unsigned, 2)
    operands = [net.data([1, 6, 6, 4]), net.weights([8, 3, 3, 4], zero_point), net.bias(8)]
    net.builder.op("CONV_2D", operands, [net.result([1, 4, 4, 8], 0.1)], "Conv2DOptions", 3, strideW=1, strideH=1,
                   padding=schema().Padding.VALID)
    return net


def depthwise(unsigned, zero_point):
    net = Net(unsigned, 3)
    operands = [net.data([1, 6, 6, 8]), net.weights([1, 3, 3, 8], zero_point), net.bias(8)]
    net.builder.op("DEPTHWISE_CONV_2D", operands, [net.result([1, 6, 6, 8], 0.1)], "DepthwiseConv2DOptions", 3,
                   strideW=1, strideH=1, depthMultiplier=1, padding=schema().Padding.SAME)
    return net


def pool(name):
    net = Net(True, 4)
    x = net.data([1, 6, 6, 4])
    net.builder.op(name, [x], [net.result([1, 3, 3, 4], 0.05, 3)], "Pool2DOptions", 2, strideW=2, strideH=2,
                   filterWidth=2, filterHeight=2, padding=schema().Padding.VALID)
    return net


def pair(name, options):
    net = Net(True, 5)
    x = net.data([1, 32])
    other = net.builder.tensor("c", [1, 32], "uint8", Grid(0.03, 120), net.rng.integers(0, 256, (1, 32)))
    net.builder.op(name, [x, other], [net.result([1, 32], 0.09)], options, 2)
    return net


def function(name, options, scale, zero_point):
    net = Net(True, 6)
    x = net.data([1, 32], 0.05, 10)
    net.builder.op(name, [x], [net.result([1, 32], scale, zero_point)], options, 2, **(
        {"beta": 1.0} if name == "SOFTMAX" else {}))
    return net


class Case(unittest.TestCase):
    def check(self, net, *profiles, wanted=None):
        """The outputs of each profile are `wanted`, or where there are none what LiteRT computes."""
        model, samples = net.builder.bytes(), net.samples()
        for profile, got in zip(profiles, runtimes.run_narrow(model, samples, *profiles)):
            self.assertNotIsInstance(got, runtimes.Refused, got)
            right = wanted or runtimes.LiteRt(model, "xnnpack" if profile == "xnnpack" else "litert").run(samples)
            np.testing.assert_array_equal(got["y"].ravel(), right["y"].ravel(), err_msg=profile)


class Unsigned(Case):
    """LiteRT still has kernels for uint8."""

    def test_layers_whose_weights_are_centred(self):
        self.check(dense(True, 0), "litert")  # LiteRT rounds matrix products otherwise than narrow
        for net in (convolution(True, 0), depthwise(True, 0)):
            self.check(net, "narrow", "litert")

    def test_layers_whose_weights_have_a_zero_point(self):
        self.check(dense(True, 9), "litert")
        for net in (convolution(True, 9), depthwise(True, -20)):
            self.check(net, "narrow")

    def test_pools_round_ties_up(self):
        for name in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
            self.check(pool(name), "narrow")

    def test_pairs(self):
        for name, options in (("ADD", "AddOptions"), ("MUL", "MulOptions"), ("SUB", "SubOptions")):
            self.check(pair(name, options), "narrow")

    def test_functions(self):
        self.check(function("LOGISTIC", None, 1 / 256, -128), "litert")
        self.check(function("SOFTMAX", "SoftmaxOptions", 1 / 256, -128), "litert")


class WeightZeroPoint(Case):
    def test_matrix_products_know_it(self):
        self.check(dense(), "litert", "xnnpack")

    def test_micro_knows_it(self):
        net = dense()
        model, samples = net.builder.bytes(), net.samples()
        results = isolated.Worker("tflm").run(model, [[x] for x in samples["x"]])
        self.check(net, "narrow", "tflm", wanted={"y": np.stack([r[0] for r in results])})


class ScaleOfZero(Case):
    def test_results_do_not_depend_on_such_a_channel(self):
        scales = np.full(16, 0.02, np.float32)
        scales[3] = 0
        net = Net(False, 1)
        x = net.data([2, 64])
        w = net.builder.tensor("w", [16, 64], "int8", Grid(scales), net.rng.integers(-127, 128, (16, 64)))
        bias = net.builder.tensor("b", [16], "int32", Grid(scales * np.float32(0.05)), net.rng.integers(-500, 500, 16))
        net.builder.op("FULLY_CONNECTED", [x, w, bias], [net.result([2, 16])], "FullyConnectedOptions", 5)
        self.check(net, "litert")


class From32Bits(unittest.TestCase):
    def test_quantize(self):
        rng = np.random.default_rng(3)
        samples = {"x": rng.integers(-(2 ** 22), 2 ** 22, (SAMPLES, 1, 40), np.int32)}
        for dtype, grid in (("int16", Grid(0.003)), ("int8", Grid(0.5, 7))):
            b = TfliteBuilder()
            x, y = b.input("x", [1, 40], "int32", Grid(0.00002)), b.output("y", [1, 40], dtype, grid)
            b.op("QUANTIZE", [x], [y], None, 2)
            results = isolated.Worker("tflm").run(b.bytes(), [[v] for v in samples["x"]])
            wanted = np.stack([r[0] for r in results])
            for profile, got in zip(("narrow", "tflm"), runtimes.run_narrow(b.bytes(), samples, "narrow", "tflm")):
                self.assertNotIsInstance(got, runtimes.Refused, got)
                np.testing.assert_array_equal(got["y"].ravel(), wanted.ravel(), err_msg=f"{dtype} {profile}")


class InverseRoot(unittest.TestCase):
    def test_16_bits_in_micro(self):
        rng = np.random.default_rng(4)
        samples = {"x": rng.integers(1, 2 ** 15, (SAMPLES, 1, 40)).astype(np.int16)}
        b = TfliteBuilder()
        x, y = b.input("x", [1, 40], "int16", Grid(0.0003)), b.output("y", [1, 40], "int16", Grid(0.002))
        b.op("RSQRT", [x], [y], None, 3)
        try:
            results = isolated.Worker("tflm").run(b.bytes(), [[v] for v in samples["x"]])
        except runtimes.Refused as refusal:
            self.skipTest(str(refusal))
        got, = runtimes.run_narrow(b.bytes(), samples, "tflm")
        np.testing.assert_array_equal(got["y"].ravel(), np.stack([r[0] for r in results]).ravel())


def sparse_rows(values):
    """`values` of [rows, columns] as the format stores them: rows dense, columns compressed."""
    s = schema().SparsityParametersT()
    s.traversalOrder, s.blockMap, s.dimMetadata = [0, 1], [], []
    segments, entries = [0], []
    for row in values:
        entries += list(np.flatnonzero(row))
        segments.append(len(entries))
    for form, size in ((schema().DimensionType.DENSE, len(values)), (schema().DimensionType.SPARSE_CSR, 0)):
        d = schema().DimensionMetadataT()
        d.format, d.denseSize = form, size
        s.dimMetadata.append(d)
    for name, numbers in (("arraySegments", segments), ("arrayIndices", entries)):
        vector = schema().Int32VectorT()
        vector.values = np.asarray(numbers, np.int32)
        setattr(s.dimMetadata[1], name, vector)
        setattr(s.dimMetadata[1], name + "Type", schema().SparseIndexVector.Int32Vector)
    return s


class Sparse(unittest.TestCase):
    def test_dense_form(self):
        rng = np.random.default_rng(5)
        w = rng.normal(size=(12, 16)).astype(np.float32) * (rng.random((12, 16)) < 0.2)
        b = TfliteBuilder()
        x, y = b.input("x", [1, 16], "float32"), b.output("y", [1, 12], "float32")
        stored = b.tensor("sparse", [12, 16], "float32", None, w[w != 0])
        b.tensors[stored].sparsity = sparse_rows(w)
        dense_weights = b.tensor("w", [12, 16], "float32")
        b.op("DENSIFY", [stored], [dense_weights], "DensifyOptions")
        b.op("FULLY_CONNECTED", [x, dense_weights, -1], [y], "FullyConnectedOptions", 2)
        samples = {"x": rng.normal(size=(20, 1, 16)).astype(np.float32)}
        got, = runtimes.run_narrow(b.bytes(), samples, "narrow")
        self.assertNotIsInstance(got, runtimes.Refused, got)
        wanted = runtimes.LiteRt(b.bytes(), "litert").run(samples)["y"]
        np.testing.assert_allclose(got["y"].ravel(), wanted.ravel(), atol=1e-5)


class FourBits(unittest.TestCase):
    def test_weights_of_integer_data(self):
        rng = np.random.default_rng(6)
        b = TfliteBuilder()
        x, y = b.input("x", [1, 32], "int8", Grid(0.05, 3)), b.output("y", [1, 8], "int8", Grid(0.1, 0))
        q = rng.integers(-7, 8, (8, 32))
        nibbles = (q.ravel() & 15).astype(np.uint8)
        w = b.tensor("w", [8, 32], "int8", Grid(0.02), nibbles[::2] | nibbles[1::2] << 4)
        b.tensors[w].type = schema().TensorType.INT4
        b.op("FULLY_CONNECTED", [x, w, -1], [y], "FullyConnectedOptions", 4)
        samples = {"x": rng.integers(-128, 128, (SAMPLES, 1, 32)).astype(np.int8)}
        got, = runtimes.run_narrow(b.bytes(), samples, "litert")
        self.assertNotIsInstance(got, runtimes.Refused, got)
        wanted = runtimes.LiteRt(b.bytes(), "litert").run(samples)["y"]
        np.testing.assert_array_equal(got["y"].ravel(), wanted.ravel())


if __name__ == "__main__":
    unittest.main()
