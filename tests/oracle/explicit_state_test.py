"""`narrow convert --state`: models that take their state as an input and give it as an output keep it themselves, with the
outputs that a caller gets who hands it on."""
import json
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import isolated, runtimes
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

FRAMES, LENGTH = 60, 25
LEAST_DB = {"int8": 32, "int16x8": 42}


def leaky_sum():
    """new = 0.9 old + x; y = weights * relu(new)."""
    b, draw = TfliteBuilder(), np.random.default_rng(7)
    x, old = b.input("x", (1, 8), np.float32), b.input("old", (1, 8), np.float32)
    y, new = b.output("y", (1, 4), np.float32), b.output("new", (1, 8), np.float32)
    less, positive = (b.tensor(n, (1, 8), np.float32) for n in ("less", "positive"))
    b.op("MUL", [old, b.tensor("leak", (), np.float32, values=np.float32(0.9))], [less], "MulOptions")
    b.op("ADD", [less, x], [new], "AddOptions")
    b.op("RELU", [new], [positive])
    weights = b.tensor("weights", (4, 8), np.float32, values=draw.normal(size=(4, 8)))
    bias = b.tensor("bias", (4,), np.float32, values=draw.normal(size=4))
    b.op("FULLY_CONNECTED", [positive, weights, bias], [y], "FullyConnectedOptions")
    return b.bytes()


GATES = {"GRU": 3, "LSTM": 4, "RNN": 1}
UNITS = 5


def onnx_layer(kind, front=False):
    """ONNX's layer over one frame, with each state as an input and an output; the model, the pairs and the shape of a frame.
    `front`: behind a convolution over samples of a sound, with both states of an LSTM in one tensor, as voice activity detection
    has them."""
    from onnx import TensorProto, helper, numpy_helper

    draw, node = np.random.default_rng(3), helper.make_node

    def constant(name, *shape):
        return numpy_helper.from_array((draw.standard_normal(shape) * 0.4).astype(np.float32), name)

    def number(name, value):
        return numpy_helper.from_array(np.array(value), name)

    def info(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    rows = GATES[kind] * UNITS
    parts = [constant("W", 1, rows, 6), constant("R", 1, rows, UNITS), constant("B", 1, 2 * rows), constant("D", UNITS, 3),
             number("axes", [0, 1])]
    fields = {"linear_before_reset": 1} if kind == "GRU" else {}
    names = ["h", "c"][:2 if kind == "LSTM" else 1]
    nodes, frame, states = [], "x", [(n, f"{n}_new") for n in names]
    shapes, sizes = (1, 1, 6), [1, 1, UNITS]
    if front:
        parts += [constant("K", 6, 1, 8), constant("KB", 6), number("first", [0]), number("second", [1]), number("0", 0),
                  number("1", 1)]
        nodes = [node("Unsqueeze", ["x", "second"], ["sound"]),
                 node("Conv", ["sound", "K", "KB"], ["conv"], strides=[4], kernel_shape=[8]), node("Relu", ["conv"], ["relu"]),
                 node("ReduceMean", ["relu"], ["mean"], axes=[-1], keepdims=1),
                 node("Transpose", ["mean"], ["frame"], perm=[2, 0, 1])]
        for i, n in enumerate(names):
            nodes += [node("Gather", ["state", str(i)], [f"{n}_row"], axis=0), node("Unsqueeze", [f"{n}_row", "first"], [n])]
        frame, states, shapes, sizes = "frame", [("state", "state_new")], (1, 64), [2, 1, UNITS]
    nodes.append(node(kind, [frame, "W", "R", "B", "", *names], ["Y", *(f"{n}_new" for n in names)], hidden_size=UNITS, **fields))
    if front:
        nodes.append(node("Concat", ["h_new", "c_new"], ["state_new"], axis=0))
    nodes += [node("Squeeze", ["Y", "axes"], ["s"]), node("MatMul", ["s", "D"], ["m"]), node("Tanh", ["m"], ["y"])]
    graph = helper.make_graph(nodes, "layer", [info("x", shapes), *(info(i, sizes) for i, _ in states)],
                              [info("y", [1, 3]), *(info(o, sizes) for _, o in states)], parts)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    return model.SerializeToString(), states, shapes


class ExplicitStates(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.draw = np.random.default_rng(5)

    def outputs(self, name, *options):
        runtimes.narrow("run", self.folder / name, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy",
                        "--sequence", LENGTH, *options)
        y = np.load(self.folder / "y.npy")
        return y.reshape(len(y), -1)

    def test_as_a_caller_who_hands_it_on(self):
        x = self.draw.normal(size=(FRAMES, 8)).astype(np.float32)
        np.save(self.folder / "x.npy", x)
        model = leaky_sum()
        (self.folder / "m.tflite").write_bytes(model)
        runtimes.narrow("convert", self.folder / "m.tflite", "--state", "old=new", "-o", self.folder / "s.tflite")
        runtime, wanted = runtimes.LiteRt(model, "litert"), []
        for i, frame in enumerate(x):
            if i % LENGTH == 0:
                old = np.zeros((1, 1, 8), np.float32)
            given = runtime.run({"x": frame[None, None], "old": old})
            old = given["new"]
            wanted.append(given["y"].reshape(-1))
        np.testing.assert_allclose(self.outputs("s.tflite"), wanted, atol=1e-5)
        runtimes.narrow("quantize", self.folder / "s.tflite", "--data", self.folder / "x.npy", "--sequence", LENGTH, "-o",
                        self.folder / "q.tflite")
        stored = np.clip(np.round(x * 40), -128, 127).astype(np.int8)
        np.save(self.folder / "x.npy", stored)
        file = (self.folder / "q.tflite").read_bytes()
        for profile in ("litert", "tflm"):
            parts = []
            for first in range(0, FRAMES, LENGTH):
                part = stored[first:first + LENGTH]
                if profile == "litert":
                    runtime = runtimes.LiteRt(file, profile)
                    y, = runtime.run({runtime.inputs[0]["name"]: part[:, None]}).values()
                elif "tflm" in isolated.installed():
                    worker = isolated.Worker("tflm")
                    y = np.array([y for y, in worker.run(file, [[frame[None]] for frame in part])])
                    worker.close()
                else:
                    continue
                parts.append(y.reshape(len(y), -1))
            if parts:
                got = self.outputs("q.tflite", "--data-is-quantized", "--profile", profile)
                np.testing.assert_array_equal(got, np.concatenate(parts), profile)
        runtimes.narrow("compile", self.folder / "q.tflite", "-o", self.folder / "c", "--golden", self.folder / "x.npy",
                        "--data-is-quantized", "--sequence", LENGTH)
        subprocess.run(["make", "-s", "-C", self.folder / "c", "test"], check=True, capture_output=True)

    def test_layers_of_onnx(self):
        try:
            import onnxruntime
            cases = {kind: onnx_layer(kind) for kind in GATES} | {"voice": onnx_layer("LSTM", front=True)}
        except ImportError as absent:
            self.skipTest(f"{absent.name} is not installed")
        for name, (model, states, shape) in cases.items():
            with self.subTest(name=name):
                x = self.draw.normal(size=(FRAMES, *shape)).astype(np.float32)
                np.save(self.folder / "x.npy", x)
                (self.folder / "m.onnx").write_bytes(model)
                pairs = [word for pair in states for word in ("--state", "=".join(pair))]
                runtimes.narrow("convert", self.folder / "m.onnx", *pairs, "-o", self.folder / "s.tflite")
                said = json.loads(runtimes.narrow("inspect", self.folder / "s.tflite", "--json"))
                self.assertEqual([len(said[k]) for k in ("inputs", "outputs")], [1, 1])
                session, wanted = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]), []
                for i, frame in enumerate(x):
                    if i % LENGTH == 0:
                        kept = [np.zeros(i.shape, np.float32) for i in session.get_inputs()[1:]]
                    y, *kept = session.run(None, {"x": frame, **{i: v for (i, _), v in zip(states, kept)}})
                    wanted.append(y.reshape(-1))
                np.testing.assert_allclose(self.outputs("s.tflite"), wanted, atol=1e-5)
                self.check_integers(name)

    def check_integers(self, name):
        """What s.tflite loses in int8 and int16x8, in sequence; C computes the same."""
        for scheme, least in LEAST_DB.items():
            runtimes.narrow("quantize", self.folder / "s.tflite", "--scheme", scheme, "--data", self.folder / "x.npy",
                            "--sequence", LENGTH, "-o", self.folder / "q.tflite")
            said = json.loads(runtimes.narrow("evaluate", self.folder / "q.tflite", "--reference", self.folder / "s.tflite",
                                              "--data", self.folder / "x.npy", "--sequence", LENGTH, "--json"))
            self.assertGreater(said["models"][0]["sqnr_db"], least, f"{name}, {scheme}")
            project = self.folder / f"{name}_{scheme}"
            runtimes.narrow("compile", self.folder / "q.tflite", "-o", project, "--golden", self.folder / "x.npy", "--sequence",
                            LENGTH, "--name", "net")
            subprocess.run(["make", "-s", "-C", project, "test"], check=True, capture_output=True)

    def test_what_cannot_be_kept(self):
        (self.folder / "m.tflite").write_bytes(leaky_sum())
        for states, text in ((["old=y"], r"'old' and 'y' are float32 \[1, 8\] and float32 \[1, 4\]; a state has one"),
                             (["older=new"], r"there is no input 'older'; there are 'x', 'old'"),
                             (["old=newer"], r"there is no output 'newer'"),
                             (["old=new", "old=new"], "'old' is in two states"), (["old=new", "x=new"], "'new' is in two states"),
                             (["old=new", "x=y"], "are float32"),
                             (["old"], "write INPUT=OUTPUT"), (["old="], "write INPUT=OUTPUT")):
            with self.subTest(states=states), self.assertRaisesRegex((runtimes.Refused, AssertionError), text):
                runtimes.narrow("convert", self.folder / "m.tflite", *[w for s in states for w in ("--state", s)], "-o",
                                self.folder / "s.tflite")
            self.assertFalse((self.folder / "s.tflite").exists())


if __name__ == "__main__":
    unittest.main()
