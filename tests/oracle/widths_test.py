"""Layers of any widths, and ops in Qm.n, against exact integers; 16-bit weights against LiteRT.

NARROW_SEED chooses other cases; NARROW_OUTPUTS how many results each op is compared on (1,000,000).
"""
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import whole_number
    from .layers import DTYPE, ROUNDINGS, Layer, draw_layer, integers, limits, rounded, say
    from .tflite_builder import Grid, TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20261121")
OUTPUTS = whole_number("NARROW_OUTPUTS", "1000000")
LAYERS = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]


def run(model, **samples):
    """narrow's one output under its own profile."""
    outputs, = runtimes.run_narrow(model, samples, "narrow")
    if isinstance(outputs, runtimes.Refused):
        raise outputs
    return outputs["y"]


def power(rng, low, high, shape=None):
    return np.ldexp(np.float32(1), -rng.integers(low, high, shape))


class Qmn(unittest.TestCase):
    def count(self, name, bits, compare):
        """Calls compare(rng) -> (got, wanted) until enough results are compared."""
        done = cases = 0
        while done < OUTPUTS:
            rng = np.random.default_rng([SEED, bits, cases, *name.encode()])
            got, wanted = compare(rng)
            wrong = np.count_nonzero(got.reshape(-1) != wanted.reshape(-1))
            self.assertEqual(wrong, 0, f"{name}, {bits} bits, case {cases}, seed {SEED}: {wrong} of {wanted.size} differ")
            done, cases = done + wanted.size, cases + 1
        print(f"{name:18} q{bits - 1:<3} {cases:4} cases {done:9} results      0 differ")

    def layer(self, rng, kind, bits):
        weight_bits = bits
        layer = draw_layer(rng, kind, weight_bits, int(rng.choice([8, 16, 32])) if bits == 8 else 16, True)
        x = integers(rng, bits, (60, *layer.data))
        sums = layer.sums(x)
        if bits == 8 and np.abs(sums).max() >= 2**30:
            layer.bias = layer.bias // 2**16
            sums = layer.sums(x)
        f_data, f_result = int(rng.integers(-2, bits)), int(rng.integers(-3, bits))
        least = max(f_result - f_data, 0)  # so that no shift goes left
        f_weights = rng.integers(least, least + bits + 4, layer.outputs if rng.integers(2) else 1)
        rule = ROUNDINGS[rng.integers(4)]
        grids = {"bits": bits, "data": 2.0**-f_data, "weights": np.ldexp(1.0, -f_weights), "result": 2.0**-f_result}
        got = run(layer.model(grids, (rule, 32 if bits == 8 else 64)), x=x)
        shift = np.broadcast_to(f_data + f_weights - f_result, layer.outputs)
        wanted = np.clip(rounded(sums, np.int64(1) << shift, rule), *limits(bits))
        return got, wanted

    def sum(self, rng, bits):
        a, b = (integers(rng, bits, (50, 40, 50)) for _ in range(2))
        f = [int(n) for n in rng.integers(-3, bits + 3, 3)]
        rule, minus = ROUNDINGS[rng.integers(4)], bool(rng.integers(2))
        net = TfliteBuilder()
        inputs = [net.input(n, [1, 40, 50], DTYPE[bits], Grid(2.0**-k)) for n, k in zip("ab", f)]
        out = net.output("y", [1, 40, 50], DTYPE[bits], Grid(2.0**-f[2]))
        net.op("SUB" if minus else "ADD", inputs, [out], "SubOptions" if minus else "AddOptions", 2)
        say(net, (rule, 32))
        got = run(net.bytes(), a=a, b=b)
        meet = max(f)
        exact = (a.astype(np.int64) << (meet - f[0])) + (b.astype(np.int64) << (meet - f[1])) * (-1 if minus else 1)
        return got, np.clip(rounded(exact, np.int64(1) << (meet - f[2]), rule), *limits(bits))

    def product(self, rng, bits):
        a, b = (integers(rng, bits, (50, 40, 50)) for _ in range(2))
        f = [int(n) for n in rng.integers(-2, bits + 3, 3)]
        f[2] = min(f[2], f[0] + f[1])
        rule = ROUNDINGS[rng.integers(4)]
        net = TfliteBuilder()
        inputs = [net.input(n, [1, 40, 50], DTYPE[bits], Grid(2.0**-k)) for n, k in zip("ab", f)]
        out = net.output("y", [1, 40, 50], DTYPE[bits], Grid(2.0**-f[2]))
        net.op("MUL", inputs, [out], "MulOptions", 2)
        say(net, (rule, 32))
        got = run(net.bytes(), a=a, b=b)
        exact = a.astype(np.int64) * b
        return got, np.clip(rounded(exact, np.int64(1) << (f[0] + f[1] - f[2]), rule), *limits(bits))

    def average(self, rng, bits):
        h, w, c = (int(n) for n in rng.integers(4, 24, 3))
        size, stride = [int(n) for n in rng.integers(1, 5, 2)], [int(n) for n in rng.integers(1, 4, 2)]
        same, rule = bool(rng.integers(2)), ROUNDINGS[rng.integers(4)]
        x = integers(rng, bits, (60, h, w, c))
        shape = Layer("CONV_2D", (h, w, c), np.zeros((c, *size, c), np.int8), None, None, tuple(stride), same=same)
        ones = shape.patches(np.ones_like(x[:1])).sum((3, 4), dtype=np.int64)
        exact = shape.patches(x).sum((3, 4), dtype=np.int64)
        net = TfliteBuilder()
        grid = Grid(power(rng, -3, 10))
        data = net.input("x", [1, h, w, c], DTYPE[bits], grid)
        out = net.output("y", [1, *exact.shape[1:]], DTYPE[bits], grid)
        net.op("AVERAGE_POOL_2D", [data], [out], "Pool2DOptions", 2, padding=0 if same else 1, filterHeight=size[0],
               filterWidth=size[1], strideH=stride[0], strideW=stride[1])
        say(net, (rule, 32))
        return run(net.bytes(), x=x), rounded(exact, np.broadcast_to(ones, exact.shape), rule)

    def conversion(self, rng, bits):
        to = int(rng.choice([8, 16]))
        f, rule = [int(n) for n in rng.integers(-4, 20, 2)], ROUNDINGS[rng.integers(4)]
        x = integers(rng, bits, (50, 2000))
        net = TfliteBuilder()
        data = net.input("x", [1, 2000], DTYPE[bits], Grid(2.0**-f[0]))
        out = net.output("y", [1, 2000], DTYPE[to], Grid(2.0**-f[1]))
        net.op("QUANTIZE", [data], [out], "QuantizeOptions", 2)
        say(net, (rule, 32))
        right = f[0] - f[1]
        top, bottom = x.astype(np.int64) << max(-right, 0), np.int64(1) << max(right, 0)
        return run(net.bytes(), x=x), np.clip(rounded(top, bottom, rule), *limits(to))


def add_qmn_tests():
    for bits in (8, 16):
        for kind in LAYERS:
            def test(self, kind=kind, bits=bits):
                self.count(kind, bits, lambda rng: self.layer(rng, kind, bits))
            setattr(Qmn, f"test_{kind.lower()}_q{bits - 1}", test)
        for name in ("sum", "product", "average", "conversion"):
            def test(self, name=name, bits=bits):
                self.count(name, bits, lambda rng: getattr(self, name)(rng, bits))
            setattr(Qmn, f"test_{name}_q{bits - 1}", test)


add_qmn_tests()


class WideWeights(unittest.TestCase):
    """16-bit weights and data. LiteRT has the dense layer; the others are the same over what each result sees."""

    def draw(self, rng, kind, bias_bits):
        layer = draw_layer(rng, kind, 16, 16, False)
        if layer.bias is not None:
            layer.bias = layer.bias.astype(DTYPE[bias_bits])
            if bias_bits != 16:
                layer.bias_shift = np.zeros_like(layer.bias_shift)
        x = integers(rng, 16, (1000 if kind == "FULLY_CONNECTED" else 40, *layer.data))
        f_weights = rng.uniform(2, 12, layer.outputs if rng.integers(2) else 1)
        spread = max(1.0, float(np.abs(layer.sums(x)).max()))
        data, weights = 2.0 ** rng.uniform(-16, -6), np.float32(2.0**-f_weights)
        result = np.float32(spread * data * weights.max() / 32768 * 2.0 ** rng.uniform(-1, 2))
        return layer, x, {"bits": 16, "data": np.float32(data), "weights": weights, "result": result}

    def dense(self, layer, x, grids):
        """What LiteRT's dense layer gives for the rows that the layer's results see."""
        rows, weights = layer.rows(x)
        bias = None if layer.bias is None else layer.bias.astype(np.int64) << layer.bias_shift
        same = Layer("FULLY_CONNECTED", (weights.shape[1],), weights, bias, np.zeros(layer.outputs, np.int64))
        return runtimes.LiteRt(same.model(grids), "litert").run({"x": rows})["y"]

    def compare(self, kind, bias_bits, vectors):
        done = cases = 0
        while done < vectors:
            rng = np.random.default_rng([SEED, bias_bits, cases, *kind.encode()])
            layer, x, grids = self.draw(rng, kind, bias_bits)
            wanted = self.dense(layer, x, grids)
            arithmetic = ("half-up", 64)
            if kind == "FULLY_CONNECTED" and bias_bits == 64 and rng.integers(2):
                arithmetic = None  # what the types say is the same
            got = run(layer.model(grids, arithmetic), x=x)
            wrong = np.count_nonzero(got.reshape(-1) != wanted.reshape(-1))
            self.assertEqual(wrong, 0, f"{kind}, {bias_bits}-bit bias, case {cases}, seed {SEED}")
            done, cases = done + wanted.size // layer.outputs, cases + 1
        print(f"{kind:18} int16 weights, int{bias_bits} bias {cases:4} cases {done:8} vectors      0 differ")

    def test_dense(self):
        self.compare("FULLY_CONNECTED", 64, 100_000)

    def test_dense_with_short_bias(self):
        self.compare("FULLY_CONNECTED", 16, 20_000)

    def test_convolution(self):
        self.compare("CONV_2D", 64, 50_000)

    def test_convolution_with_short_bias(self):
        self.compare("CONV_2D", 16, 50_000)

    def test_depthwise(self):
        self.compare("DEPTHWISE_CONV_2D", 64, 50_000)

    def test_depthwise_with_short_bias(self):
        self.compare("DEPTHWISE_CONV_2D", 16, 50_000)


if __name__ == "__main__":
    unittest.main()
