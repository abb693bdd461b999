"""Models that keep state: samples are a sequence in time, in narrow as in a LiteRT that is fed them in order."""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .networks import integers, reals, sqnr
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

FRAMES, LENGTH = 60, 25
SCHEMES = {"int8": 25, "int16x8": 45}  # dB that the outputs reach at least


def leaky_sum():
    """state = 0.9 state + x, as streaming keyword spotting has it; y = weights * relu(state)."""
    b = TfliteBuilder()
    x, y = b.input("x", (1, 8), np.float32), b.output("y", (1, 4), np.float32)
    draw = np.random.default_rng(7)

    def handle(name):
        t = b.tensor(name, (), "resource")
        b.op("VAR_HANDLE", [], [t], "VarHandleOptions", container="", sharedName="state")
        return t

    b.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)
    old, less, new, positive = (b.tensor(n, (1, 8), np.float32) for n in ("old", "less", "new", "positive"))
    h = handle("handle")
    b.op("READ_VARIABLE", [h], [old], "ReadVariableOptions")
    b.op("MUL", [old, b.tensor("leak", (), np.float32, values=np.float32(0.9))], [less], "MulOptions")
    b.op("ADD", [less, x], [new], "AddOptions")
    b.op("ASSIGN_VARIABLE", [h, new], [], "AssignVariableOptions")
    b.op("RELU", [new], [positive])
    weights = b.tensor("weights", (4, 8), np.float32, values=draw.normal(size=(4, 8)))
    bias = b.tensor("bias", (4,), np.float32, values=draw.normal(size=4))
    b.op("FULLY_CONNECTED", [positive, weights, bias], [y], "FullyConnectedOptions")
    b.graph()
    start = b.tensor("start", (1, 8), np.float32, values=np.zeros((1, 8)))
    b.op("ASSIGN_VARIABLE", [handle("init/handle"), start], [], "AssignVariableOptions")
    return b.bytes()


def in_sequences(model, x, length, profile="litert"):
    """LiteRT's outputs: a new interpreter for each sequence."""
    parts = []
    for first in range(0, len(x), length):
        runtime = runtimes.LiteRt(model, profile)
        detail, = runtime.inputs
        stored = x[first:first + length] if detail["dtype"] == np.float32 else integers(x[first:first + length], detail)
        y, = runtime.run({detail["name"]: stored}).values()
        parts.append(y.reshape(len(y), -1))
    return np.concatenate(parts)


class Sequences(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.model = leaky_sum()
        self.x = np.random.default_rng(3).normal(size=(FRAMES, 8)).astype(np.float32)
        (self.folder / "m.tflite").write_bytes(self.model)
        np.save(self.folder / "x.npy", self.x)

    def narrow(self, command, *arguments):
        return runtimes.narrow(command, *arguments, "--data", self.folder / "x.npy")

    def outputs(self, name, *options):
        self.narrow("run", self.folder / name, "-o", self.folder / "y.npy", *options)
        y = np.load(self.folder / "y.npy")
        return y.reshape(len(y), -1)

    def test_float_outputs_are_LiteRts(self):
        for options, length in (((), FRAMES), (("--sequence", LENGTH), LENGTH), (("--sequence", 1), 1)):
            with self.subTest(length=length):
                got = self.outputs("m.tflite", *options, "--threads", 3)
                np.testing.assert_allclose(got, in_sequences(self.model, self.x, length), rtol=1e-5, atol=1e-5)

    def test_ranges_are_those_of_the_sequence(self):
        runtime = runtimes.LiteRt(self.model, "litert")
        runtime.interpreter = runtimes.Interpreter(
            model_content=self.model, experimental_preserve_all_tensors=True,
            experimental_op_resolver_type=runtimes.OpResolverType.BUILTIN_REF)
        runtime.interpreter.allocate_tensors()
        place = {d["name"]: d["index"] for d in runtime.interpreter.get_tensor_details()}
        seen = []
        for frame in self.x:
            runtime.interpreter.set_tensor(place["x"], frame[None])
            runtime.interpreter.invoke()
            seen.append(runtime.interpreter.get_tensor(place["new"]).copy())
        self.narrow("quantize", self.folder / "m.tflite", "--io", "float32", "-o", self.folder / "q.tflite")
        said = json.loads(runtimes.narrow("inspect", self.folder / "q.tflite", "--json"))
        grid, = (t for t in said["tensors"] if t["name"] == "new")
        lo, hi = ((q - grid["zero_points"][0]) * grid["scales"][0] for q in (-128, 127))
        self.assertAlmostEqual(lo, np.min(seen), delta=grid["scales"][0])
        self.assertAlmostEqual(hi, np.max(seen), delta=grid["scales"][0])

    def test_integers_are_LiteRts_and_the_error_is_that_of_the_sequence(self):
        for scheme, least in SCHEMES.items():
            for options, length in (((), FRAMES), (("--sequence", LENGTH), LENGTH)):
                name = f"{scheme}_{length}.tflite"
                self.narrow("quantize", self.folder / "m.tflite", "--scheme", scheme, *options, "-o", self.folder / name)
                file = (self.folder / name).read_bytes()
                for profile in runtimes.RESOLVERS:
                    with self.subTest(scheme=scheme, length=length, profile=profile):
                        theirs = in_sequences(file, self.x, length, profile)
                        np.testing.assert_array_equal(self.outputs(name, *options, "--profile", profile), theirs)
                wanted = in_sequences(self.model, self.x, length)
                error = sqnr(wanted, reals(in_sequences(file, self.x, length), runtimes.LiteRt(file, "litert").outputs[0]))
                self.assertGreater(error, least)
                said = json.loads(self.narrow("evaluate", self.folder / name, "--reference", self.folder / "m.tflite",
                                              "--profile", "litert", *options, "--json"))
                self.assertAlmostEqual(said["models"][0]["sqnr_db"], error, delta=0.01)

    def test_ranges_of_single_frames_are_too_narrow(self):
        """What the sequence does to a model that was calibrated without it shows in the error that narrow tells."""
        self.narrow("quantize", self.folder / "m.tflite", "--sequence", 1, "-o", self.folder / "q.tflite")
        said = json.loads(self.narrow("evaluate", self.folder / "q.tflite", "--reference", self.folder / "m.tflite", "--json"))
        self.assertLess(said["models"][0]["sqnr_db"], 15)

    def test_what_a_sequence_does_not_allow_is_said(self):
        for arguments, text in ((("calibrate", "-o", "s.nstat", "--shard", "1/2"), "one sequence in time"),
                                (("quantize", "-o", "q.tflite", "--range", "search"), "keeps state")):
            with self.assertRaisesRegex((runtimes.Refused, AssertionError), text):
                self.narrow(arguments[0], self.folder / "m.tflite", *arguments[1:2], self.folder / arguments[2],
                            *arguments[3:])
        b = TfliteBuilder()
        b.op("RELU", [b.input("x", (1, 8), np.float32)], [b.output("y", (1, 8), np.float32)])
        (self.folder / "m.tflite").write_bytes(b.bytes())
        with self.assertRaisesRegex(AssertionError, "--sequence has nothing to set"):
            self.narrow("run", self.folder / "m.tflite", "-o", self.folder / "y.npy", "--sequence", 5)


if __name__ == "__main__":
    unittest.main()
