"""Models of several graphs: IF, WHILE, CALL_ONCE and variables in narrow beside LiteRT, and recurrent networks."""
import json
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import NARROW, shared
    from .tflite_builder import TfliteBuilder, schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SHAPE = (2, 3)


def unary_graph(b, name, op, options, value):
    """A graph of one op beside a constant; its index."""
    index = b.graph()
    x = b.input(f"{name}/x", SHAPE, np.float32)
    k = b.tensor(f"{name}/k", SHAPE, np.float32, values=np.full(SHAPE, value))
    b.op(op, [x, k], [b.output(f"{name}/y", SHAPE, np.float32)], options)
    return index


def choice():
    """IF: doubled or less by one, and the other way round in a second one."""
    b = TfliteBuilder()
    p, x = b.input("p", (), bool), b.input("x", SHAPE, np.float32)
    y, z = b.tensor("y", SHAPE, np.float32), b.output("z", SHAPE, np.float32)
    b.op("IF", [p, x], [y], "IfOptions", thenSubgraphIndex=1, elseSubgraphIndex=2)
    b.op("IF", [p, y], [z], "IfOptions", thenSubgraphIndex=2, elseSubgraphIndex=1)
    unary_graph(b, "double", "MUL", "MulOptions", 2)
    unary_graph(b, "less", "SUB", "SubOptions", 1)
    return b.bytes()


def carried(place):
    """The tensors that the loop below carries: the first three say how long it goes on."""
    return [*((f"{place}/go{i}", (), bool) for i in range(3)), *((f"{place}/{n}", SHAPE, np.float32) for n in "xy")]


def loop():
    """WHILE: x and y become their sum and twice x, for as many times as there are leading trues.

    The body computes all that it gives: LiteRT hands outputs back one by one, over inputs that are outputs elsewhere."""
    b = TfliteBuilder()
    before = [b.input(*t) for t in carried("in")]
    after = [b.output(*t) for t in carried("out")]
    b.op("WHILE", before, after, "WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2)
    b.graph()
    first, *_ = [b.input(*t) for t in carried("condition")]
    b.outputs.append(first)
    b.graph()
    _, go1, go2, x, y = [b.input(*t) for t in carried("body")]
    first, second = (b.tensor(f"body/{n}", (), bool) for n in ("first", "second"))
    no, yes = b.tensor("no", (), bool, values=False), b.tensor("yes", (), bool, values=True)
    total, double = (b.tensor(f"body/{n}", SHAPE, np.float32) for n in ("total", "double"))
    b.op("LOGICAL_AND", [go1, yes], [first], "LogicalAndOptions")
    b.op("LOGICAL_AND", [go2, yes], [second], "LogicalAndOptions")
    b.op("ADD", [x, y], [total], "AddOptions")
    b.op("ADD", [x, x], [double], "AddOptions")
    b.outputs += [first, second, no, total, double]
    return b.bytes()


def variables():
    """CALL_ONCE gives a variable its value; it is read, added to and read again."""
    b = TfliteBuilder()
    x, y = b.input("x", SHAPE, np.float32), b.output("y", SHAPE, np.float32)

    def handle(name):
        t = b.tensor(name, (), "resource")
        b.op("VAR_HANDLE", [], [t], "VarHandleOptions", container="", sharedName="state")
        return t

    b.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)
    old, new, again = (b.tensor(n, SHAPE, np.float32) for n in ("old", "new", "again"))
    h = handle("main/handle")
    b.op("READ_VARIABLE", [h], [old], "ReadVariableOptions")
    b.op("ADD", [old, x], [new], "AddOptions")
    b.op("ASSIGN_VARIABLE", [h, new], [], "AssignVariableOptions")
    b.op("READ_VARIABLE", [h], [again], "ReadVariableOptions")
    b.op("MUL", [again, old], [y], "MulOptions")
    b.graph()
    start = b.tensor("start", SHAPE, np.float32, values=np.arange(6).reshape(SHAPE))
    b.op("ASSIGN_VARIABLE", [handle("init/handle"), start], [], "AssignVariableOptions")
    return b.bytes()


def composite():
    """STABLEHLO_COMPOSITE: a composite, of which a name and attributes are known, inside of another."""
    def op(b, inputs, outputs, graph):
        o = b.operator("STABLEHLO_COMPOSITE", inputs, outputs)
        o.builtinOptions2Type = schema().BuiltinOptions2.StableHLOCompositeOptions
        o.builtinOptions2 = schema().StableHLOCompositeOptionsT()
        o.builtinOptions2.name, o.builtinOptions2.decompositionSubgraphIndex = f"test.composite{graph}", graph
        o.builtinOptions2.compositeAttributes, o.builtinOptions2.version = np.array([1, 2, 3], np.uint8), 2

    b = TfliteBuilder()
    x = b.input("x", SHAPE, np.float32)
    y, z = b.tensor("y", SHAPE, np.float32), b.output("z", SHAPE, np.float32)
    op(b, [x], [y], 2)
    op(b, [y], [z], 1)
    unary_graph(b, "double", "MUL", "MulOptions", 2)
    b.graph()
    inner, twice = b.input("inner", SHAPE, np.float32), b.tensor("twice", SHAPE, np.float32)
    op(b, [inner], [twice], 1)
    b.op("MUL", [inner, twice], [b.output("product", SHAPE, np.float32)], "MulOptions")
    return b.bytes()


def endless():
    b = TfliteBuilder()
    x, y = b.input("x", (), bool), b.output("y", (), bool)
    b.op("WHILE", [x], [y], "WhileOptions", condSubgraphIndex=1, bodySubgraphIndex=2)
    for _ in range(2):
        b.graph()
        b.outputs.append(b.input("same", (), bool))
    return b.bytes()


def draw(n, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *SHAPE)).astype(np.float32)


class Control(unittest.TestCase):
    def compare(self, model, samples):
        """All samples in order in one LiteRT: what variables hold outlives a run."""
        ours, = runtimes.run_narrow(model, samples, "litert")
        if isinstance(ours, runtimes.Refused):
            raise ours
        for name, wanted in runtimes.LiteRt(model, "litert").run(samples).items():
            np.testing.assert_array_equal(ours[name].reshape(wanted.shape), wanted, name)

    def test_if(self):
        self.compare(choice(), {"p": np.array([True, False, False, True]), "x": draw(4)})

    def test_while(self):
        go = np.array([[i < k for i in range(3)] for k in range(4)])
        self.compare(loop(), {**{f"in/go{i}": go[:, i] for i in range(3)}, "in/x": draw(4), "in/y": draw(4, 1)})

    def test_composites(self):
        self.compare(composite(), {"x": draw(4)})

    def test_composites_are_quantized_as_their_decompositions(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "m.tflite").write_bytes(composite())
            np.save(folder / "x.npy", draw(50))
            runtimes.narrow("quantize", folder / "m.tflite", "--data", folder / "x.npy", "--io", "float32",
                            "-o", folder / "q.tflite")
            quantized = (folder / "q.tflite").read_bytes()
            ops = runtimes.narrow("inspect", folder / "q.tflite")
        self.assertNotIn("COMPOSITE", ops)
        got, wanted = (runtimes.LiteRt(m, "litert").run({"x": draw(20, 1)})["z"] for m in (quantized, composite()))
        self.assertLessEqual(np.abs(got - wanted).max(), 0.1)

    def test_variables(self):
        """A sample sees what the one before has assigned."""
        self.compare(variables(), {"x": draw(5)})

    def test_a_loop_without_an_end_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "m.tflite").write_bytes(endless())
            np.save(folder / "x.npy", np.array([False, True]))
            done = subprocess.run([NARROW, "run", folder / "m.tflite", "--data", folder / "x.npy", "-o", folder / "y.npy"],
                                  capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("a loop may have no end", done.stderr)
        self.assertIn("op 0 (WHILE)", done.stderr)


class Recurrent(unittest.TestCase):
    """Networks that a converter made: loops, and the same unrolled; as they are, and as the ops that narrow makes of them."""

    OPS = {"lstm": "UNIDIRECTIONAL_SEQUENCE_LSTM", "gru": "GRU_SEQUENCE", "rnn": "RNN_SEQUENCE"}

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.x = np.load(shared("data/models/rnn/test_x.npy")).astype(np.float32) / 16
        self.labels = np.load(shared("data/models/rnn/test_y.npy"))
        np.save(self.folder / "x.npy", self.x)

    def outputs(self, path, *options):
        runtimes.narrow("run", path, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", *options)
        return np.load(self.folder / "y.npy").reshape(len(self.x), -1)

    def right(self, y):
        return int(np.count_nonzero(y.argmax(1) == self.labels))

    def ops(self, path, *options):
        return [op["op"] for op in json.loads(runtimes.narrow("inspect", "--json", path, *options))["ops"]]

    def compare(self, name):
        path = shared(f"data/models/rnn/{name}")
        kept = self.outputs(path, "--keep-loops")
        if path.suffix == ".tflite":
            runtime = runtimes.LiteRt(path, "xnnpack")
            wanted = np.stack([*runtime.run({runtime.inputs[0]["name"]: self.x}).values()]).reshape(kept.shape)
        else:
            import onnxruntime
            session = onnxruntime.InferenceSession(str(path))
            wanted = np.concatenate([session.run(None, {"rows": x[None]})[0] for x in self.x])
        got = self.outputs(path)
        errors = [np.abs(y - wanted).max() / np.abs(wanted).max() for y in (kept, got)]
        print(f"{name:18} largest error {errors[0]:.1e} of the largest output as it is, {errors[1]:.1e} recognised, "
              f"right {self.right(got)}")
        self.assertLessEqual(max(errors), 1e-5)
        self.assertEqual(self.right(got), self.right(wanted))
        ops = self.ops(path)
        self.assertEqual(ops.count(self.OPS[name[:name.index("_")]]), 1, ops)
        self.assertNotIn("WHILE", ops)
        self.assertNotIn(self.OPS[name[:name.index("_")]], self.ops(path, "--keep-loops"))


def add_recurrent():
    names = [f"{cell}_{form}{end}" for cell in ("rnn", "gru", "lstm") for form in ("unrolled", "while")
             for end in (".tflite", ".onnx")]
    for name in names + ["rnn_tfkeras.tflite", "gru_tfkeras.tflite"]:
        def test(self, name=name):
            self.compare(name)
        setattr(Recurrent, f"test_{name.replace('.', '_')}", test)


add_recurrent()

if __name__ == "__main__":
    unittest.main()
