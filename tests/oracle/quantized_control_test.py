"""Models of several graphs and with variables, quantized by narrow: bit for bit what LiteRT makes of the file."""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import control_test, runtimes
    from .environment import shared
    from .networks import INTEGER, integers, reals, sqnr
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

LEAST = {"int8": 20, "int16x8": 60}  # dB; a loop keeps one grid while its values grow
SHAPE = control_test.SHAPE


def entries():
    """Two signatures over one constant; each has ranges of its own."""
    b = TfliteBuilder()
    for key, op in (("sum", "ADD"), ("product", "MUL")):
        if b.tensors:
            b.graph()
        x = b.input(f"{key}/x", SHAPE, np.float32)
        k = b.tensor("shared", SHAPE, np.float32, values=np.arange(1, 7).reshape(SHAPE))
        b.op(op, [x, k], [b.output(f"{key}/y", SHAPE, np.float32)], op.title() + "Options")
        b.signature(key)
    return b.bytes()


class QuantizedControl(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def quantized(self, model, samples, scheme):
        (self.folder / "float.tflite").write_bytes(model)
        np.savez(self.folder / "x.npz", **samples)
        path = self.folder / f"{scheme}.tflite"
        runtimes.narrow("quantize", self.folder / "float.tflite", "--scheme", scheme, "--data", self.folder / "x.npz",
                        "-o", path)
        return path.read_bytes()

    def compare(self, model, samples):
        """All samples in order in one LiteRT: what variables hold outlives a run."""
        for scheme in INTEGER:
            file = self.quantized(model, samples, scheme)
            for profile in runtimes.RESOLVERS:
                with self.subTest(scheme=scheme, profile=profile):
                    self.compare_in(profile, model, file, samples, LEAST[scheme])

    def compare_in(self, profile, model, file, samples, least):
        runtime = runtimes.LiteRt(file, profile)
        stored = {d["name"]: integers(samples[d["name"]], d) for d in runtime.inputs}
        theirs = runtime.run(stored)
        ours, = runtimes.run_narrow(file, stored, profile)
        wanted = runtimes.LiteRt(model, profile).run(samples)
        for detail in runtime.outputs:
            name = detail["name"]
            np.testing.assert_array_equal(ours[name].reshape(theirs[name].shape), theirs[name])
            if wanted[name].dtype == np.float32:
                self.assertNotEqual(detail["dtype"], np.float32)
                self.assertGreater(sqnr(wanted[name], reals(theirs[name], detail)), least)

    def test_if(self):
        self.compare(control_test.choice(), {"p": np.array([True, False, False, True]), "x": control_test.draw(4)})

    def test_while(self):
        go = np.array([[i < k for i in range(3)] for k in range(4)])
        self.compare(control_test.loop(), {**{f"in/go{i}": go[:, i] for i in range(3)}, "in/x": control_test.draw(4),
                                           "in/y": control_test.draw(4, 1)})

    def test_variables(self):
        self.compare(control_test.variables(), {"x": control_test.draw(5)})

    def test_signatures(self):
        (self.folder / "m.tflite").write_bytes(entries())
        x = control_test.draw(8)
        np.save(self.folder / "x.npy", x)
        for key in ("sum", "product"):
            runtimes.narrow("calibrate", self.folder / "m.tflite", "--signature", key, "--data", self.folder / "x.npy",
                            "-o", self.folder / f"{key}.nstat")
        for scheme in INTEGER:
            path = self.folder / f"{scheme}.tflite"
            runtimes.narrow("quantize", self.folder / "m.tflite", "--scheme", scheme, "--statistics",
                            self.folder / "sum.nstat", "--statistics", self.folder / "product.nstat", "-o", path)
            interpreter = runtimes.LiteRt(path, "litert").interpreter
            for key, wanted in (("sum", x + np.arange(1, 7).reshape(SHAPE)), ("product", x * np.arange(1, 7).reshape(SHAPE))):
                runner = interpreter.get_signature_runner(key)
                detail, = runner.get_input_details().values()
                result, = runner.get_output_details().values()
                q = integers(x, detail)
                theirs = np.stack([runner(**{f"{key}/x": sample})[f"{key}/y"] for sample in q])
                np.save(self.folder / "q.npy", q)
                runtimes.narrow("run", path, "--signature", key, "--data", self.folder / "q.npy", "--data-is-quantized",
                                "-o", self.folder / "y.npy", "--profile", "litert")
                np.testing.assert_array_equal(np.load(self.folder / "y.npy"), theirs)
                self.assertGreater(sqnr(wanted, reals(theirs, result)), LEAST[scheme])

    def test_a_signature_without_samples(self):
        (self.folder / "m.tflite").write_bytes(entries())
        np.save(self.folder / "x.npy", control_test.draw(8))
        command = ("quantize", self.folder / "m.tflite", "--signature", "product", "--data", self.folder / "x.npy", "-o",
                   self.folder / "q.tflite")
        with self.assertRaisesRegex(runtimes.Refused, r"all of the first graph \(signature 'sum'\): there are no samples"):
            runtimes.narrow(*command)
        said = json.loads(runtimes.narrow(*command, "--allow-float", "--json"))
        self.assertEqual(said["warnings"], ["the first graph (signature 'sum') stays float: there are no samples of it"])
        types = [{t["dtype"] for t in json.loads(runtimes.narrow("inspect", self.folder / "q.tflite", "--signature", key,
                                                                 "--json"))["tensors"]} for key in ("sum", "product")]
        self.assertEqual(types, [{"float32"}, {"int8"}])


class QuantizedLoops(unittest.TestCase):
    """Recurrent networks as loops, which the converter's quantizer crashes on."""

    def compare(self, name, scheme):
        train, test = (shared(f"data/models/rnn/{part}_x.npy") for part in ("train", "test"))
        labels = np.load(shared("data/models/rnn/test_y.npy"))
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            runtimes.narrow("quantize", shared(f"data/models/rnn/{name}_while.tflite"), "--scheme", scheme, "--data",
                            train, "--data-scale", 1 / 16, "--keep-loops", "-o", folder / "m.tflite")
            for profile in runtimes.RESOLVERS:
                runtime = runtimes.LiteRt(folder / "m.tflite", profile)
                detail, = runtime.inputs
                q = integers(np.load(test).astype(np.float32) / 16, detail)
                wanted, = runtime.run({detail["name"]: q}).values()
                np.save(folder / "x.npy", q)
                runtimes.narrow("run", folder / "m.tflite", "--data", folder / "x.npy", "--data-is-quantized",
                                "--keep-loops", "-o", folder / "y.npy", "--profile", profile)
                got = np.load(folder / "y.npy").reshape(wanted.shape)
                right = np.count_nonzero(got.reshape(len(q), -1).argmax(1) == labels)
                wrong = np.count_nonzero(got != wanted)
                print(f"{name:5}{scheme:8} {profile:8}{len(q)} samples, right {right}, {wrong} of {got.size} values differ")
                self.assertEqual(wrong, 0)
        self.assertGreaterEqual(right, 340)


def add_loops():
    for name in ("rnn", "gru", "lstm"):
        for scheme in INTEGER:
            def test(self, name=name, scheme=scheme):
                self.compare(name, scheme)
            setattr(QuantizedLoops, f"test_{name}_{scheme}", test)


add_loops()

if __name__ == "__main__":
    unittest.main()
