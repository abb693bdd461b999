"""ADD with operands of different shapes, one of which is too fine for XNNPACK: narrow computes what LiteRT's default
interpreter does, or refuses. NARROW_SEED chooses other numbers."""
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import whole_number
    from .tflite_builder import Grid, TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20261129")
ROUNDS, SAMPLES = 8, 40
SHAPES = [([1, 4, 8], [1]), ([1, 4, 8], [8]), ([1, 4, 8], [1, 1, 8]), ([1, 2, 3, 4, 8], [1, 1, 3, 1, 8]),
          ([1, 4, 8], [1, 4, 1])]
REFUSED = ([1, 4, 8], [1, 4, 1])


class BroadcastAdd(unittest.TestCase):
    def test_all(self):
        rng = np.random.default_rng(SEED)
        print(f"\nseed {SEED}")
        for shapes in SHAPES:
            for _ in range(ROUNDS):
                self.check(rng, shapes)

    def check(self, rng, shapes):
        out = 0.01 * np.exp(rng.uniform(-1, 1))
        scales = [out * np.exp(rng.uniform(-2, 4)), out / np.exp(rng.uniform(np.log(1100), np.log(1e7)))]
        order, exchange = rng.permutation(2), rng.permutation(2)
        a, b = (list(shapes[i]) for i in exchange)
        m = TfliteBuilder()
        x, y = (m.input(name, shape, np.int8, Grid(scales[i], int(rng.integers(-128, 128))))
                for name, shape, i in (("x", a, order[0]), ("y", b, order[1])))
        z = m.output("z", list(np.broadcast_shapes(tuple(a), tuple(b))), np.int8, Grid(out, int(rng.integers(-128, 128))))
        m.op("ADD", [x, y], [z], "AddOptions", fusedActivationFunction=int(rng.integers(0, 4)))
        samples = {name: rng.integers(-128, 128, [SAMPLES, *shape]).astype(np.int8) for name, shape in (("x", a), ("y", b))}
        got, = runtimes.run_narrow(m.bytes(), samples, "xnnpack")
        if shapes == REFUSED:
            self.assertIsInstance(got, runtimes.Refused)
            return
        self.assertNotIsInstance(got, runtimes.Refused, got)
        want = runtimes.LiteRt(m.bytes(), "xnnpack").run(samples)["z"]
        np.testing.assert_array_equal(got["z"].reshape(want.shape), want)


if __name__ == "__main__":
    unittest.main()
