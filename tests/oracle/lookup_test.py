"""EMBEDDING_LOOKUP with a table of integers, and positions outside of it, against LiteRT."""
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .tflite_builder import TfliteBuilder, schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

ROWS, WIDTH = 50, 64


def lookup():
    """A float model that looks up five rows of a table."""
    net, rng = TfliteBuilder(), np.random.default_rng(7)
    positions = net.input("positions", [5], np.int32)
    table = net.tensor("table", [ROWS, WIDTH], np.float32, None, rng.standard_normal((ROWS, WIDTH)).astype(np.float32))
    rows = net.tensor("rows", [5, WIDTH], np.float32)
    net.op("EMBEDDING_LOOKUP", [positions, table], [rows])
    net.op("TANH", [rows], [net.output("y", [5, WIDTH], np.float32)])
    return net.bytes()


class Lookup(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        schema()
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.model = self.folder / "float.tflite"
        self.model.write_bytes(lookup())

    def test_tables_are_stored_as_integers(self):
        samples = {"positions": np.random.default_rng(1).integers(0, ROWS, (8, 5)).astype(np.int32)}
        for granularity in ("channel", "tensor"):
            with self.subTest(granularity=granularity):
                out = self.folder / f"{granularity}.tflite"
                runtimes.narrow("quantize", self.model, "--scheme", "dynamic", "--granularity", granularity, "-o", out)
                self.assertLess(out.stat().st_size, self.model.stat().st_size / 2)
                want = runtimes.LiteRt(out, "litert").run(samples)["y"]
                real = runtimes.LiteRt(self.model, "litert").run(samples)["y"]
                [got] = runtimes.run_narrow(out.read_bytes(), samples, "litert")
                np.testing.assert_allclose(got["y"].reshape(want.shape), want, rtol=0, atol=1e-6)
                np.testing.assert_allclose(want, real, rtol=0, atol=0.02)

    def test_positions_outside_are_errors(self):
        x = self.folder / "x.npy"
        np.save(x, np.array([[1, 2, 3, 4, 5], [1, 2, ROWS, 4, 5]], np.int32))
        with self.assertRaises(runtimes.Refused):
            runtimes.LiteRt(self.model, "litert").run({"positions": np.load(x)})
        for command in (["run", self.model, "-o", self.folder / "y.npy"],
                        ["evaluate", self.model, "--reference", self.model]):
            done = subprocess.run([runtimes.NARROW, *command, "--data", x], capture_output=True, text=True)
            self.assertEqual(done.returncode, 3)
            self.assertIn(f"positions hold {ROWS}, which is not in [0, {ROWS - 1}] (op 0 (EMBEDDING_LOOKUP)", done.stderr)
        self.assertFalse((self.folder / "y.npy").exists())


if __name__ == "__main__":
    unittest.main()
