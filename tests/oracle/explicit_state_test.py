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


def gru():
    """ONNX's GRU over one frame, with the state as an input and an output."""
    import onnx
    from onnx import helper, numpy_helper

    draw = np.random.default_rng(3)

    def constant(name, *shape):
        return numpy_helper.from_array((draw.standard_normal(shape) * 0.4).astype(np.float32), name)

    float32 = onnx.TensorProto.FLOAT
    node = helper.make_node("GRU", ["x", "W", "R", "B", "", "h"], ["Y", "h_new"], hidden_size=5, linear_before_reset=1)
    squeeze = helper.make_node("Squeeze", ["Y", "axes"], ["y"])
    graph = helper.make_graph(
        [node, squeeze], "layer",
        [helper.make_tensor_value_info("x", float32, [1, 1, 6]), helper.make_tensor_value_info("h", float32, [1, 1, 5])],
        [helper.make_tensor_value_info("y", float32, [1, 5]), helper.make_tensor_value_info("h_new", float32, [1, 1, 5])],
        [constant("W", 1, 15, 6), constant("R", 1, 15, 5), constant("B", 1, 30),
         numpy_helper.from_array(np.array([0, 1]), "axes")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


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

    def test_a_layer_of_onnx(self):
        try:
            import onnxruntime
            model = gru()
        except ImportError as absent:
            self.skipTest(f"{absent.name} is not installed")
        x = self.draw.normal(size=(FRAMES, 1, 1, 6)).astype(np.float32)
        np.save(self.folder / "x.npy", x)
        (self.folder / "m.onnx").write_bytes(model)
        runtimes.narrow("convert", self.folder / "m.onnx", "--state", "h=h_new", "-o", self.folder / "s.tflite")
        said = json.loads(runtimes.narrow("inspect", self.folder / "s.tflite", "--json"))
        self.assertEqual([len(said[k]) for k in ("inputs", "outputs")], [1, 1])
        session, wanted = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]), []
        for i, frame in enumerate(x):
            if i % LENGTH == 0:
                h = np.zeros((1, 1, 5), np.float32)
            y, h = session.run(None, {"x": frame, "h": h})
            wanted.append(y.reshape(-1))
        np.testing.assert_allclose(self.outputs("s.tflite"), wanted, atol=1e-5)

    def test_what_cannot_be_kept(self):
        (self.folder / "m.tflite").write_bytes(leaky_sum())
        for states, text in ((["old=y"], r"'old' and 'y' are float32 \[1, 8\] and float32 \[1, 4\]; a state has one"),
                             (["older=new"], r"there is no input 'older'; there are 'x', 'old'"),
                             (["old=newer"], r"there is no output 'newer'"),
                             (["old=new", "old=new"], "there is no input 'old'"),
                             (["old=new", "x=y"], "are float32"),
                             (["old"], "write INPUT=OUTPUT"), (["old="], "write INPUT=OUTPUT")):
            with self.subTest(states=states), self.assertRaisesRegex((runtimes.Refused, AssertionError), text):
                runtimes.narrow("convert", self.folder / "m.tflite", *[w for s in states for w in ("--state", s)], "-o",
                                self.folder / "s.tflite")
            self.assertFalse((self.folder / "s.tflite").exists())


if __name__ == "__main__":
    unittest.main()
