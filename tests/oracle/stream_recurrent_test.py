"""`narrow convert --stream` of recurrent layers that give a result for each frame: from the reset on they go on from run to run
with what ONNX Runtime computes of the whole window, quantized as run and C, and as LiteRT does of integers."""
import json
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    from . import runtimes
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

TIME, FEATURES, UNITS, OUT = 20, 6, 5, 3
GATES = {"GRU": 3, "LSTM": 4, "RNN": 1}
LEAST_DB = 30  # that int8 outputs reach


def layer(kind, last=False, start=None):
    """A layer of ONNX over TIME frames and a dense one on each of its results, or `last`: only its last state."""
    draw = np.random.default_rng(3)
    float32 = onnx.TensorProto.FLOAT

    def constant(name, *shape):
        return numpy_helper.from_array((draw.standard_normal(shape) * 0.4).astype(np.float32), name)

    gates = GATES[kind]
    parts = [constant("W", 1, gates * UNITS, FEATURES), constant("R", 1, gates * UNITS, UNITS),
             constant("B", 1, 2 * gates * UNITS), constant("D", UNITS, OUT), numpy_helper.from_array(np.array([1]), "axes")]
    if start is not None:
        parts.append(numpy_helper.from_array(np.full((1, 1, UNITS), start, np.float32), "start"))
    inputs = ["x", "W", "R", "B"] + (["", "start"] if start is not None else [])
    fields = {"linear_before_reset": 1} if kind == "GRU" else {}
    nodes = [helper.make_node(kind, inputs, ["Y", "Y_h"], hidden_size=UNITS, **fields)]
    result, shape = ("Y_h", [1, 1, UNITS]) if last else ("y", [TIME, 1, OUT])
    if not last:
        nodes += [helper.make_node("Squeeze", ["Y", "axes"], ["s"]), helper.make_node("MatMul", ["s", "D"], ["m"]),
                  helper.make_node("Tanh", ["m"], ["y"])]
    graph = helper.make_graph(nodes, "layer", [helper.make_tensor_value_info("x", float32, [TIME, 1, FEATURES])],
                              [helper.make_tensor_value_info(result, float32, shape)], parts)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


class RecurrentLayers(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.x = np.random.default_rng(5).normal(size=(8, TIME, 1, FEATURES)).astype(np.float32)

    def stream(self, name, to, frames="0"):
        return json.loads(runtimes.narrow("convert", self.folder / name, "--stream", frames, "-o", self.folder / to, "--json"))

    def outputs(self, name, x, *options):
        np.save(self.folder / "x.npy", x)
        stored = ["--data-is-quantized"] if x.dtype == np.int8 else []
        runtimes.narrow("run", self.folder / name, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", *options,
                        *stored)
        return np.load(self.folder / "y.npy").reshape(-1, OUT)

    def test_frames_give_what_the_window_gives(self):
        for kind in GATES:
            model = layer(kind)
            (self.folder / "m.onnx").write_bytes(model)
            session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
            wanted = np.concatenate([session.run(None, {"x": x})[0].reshape(TIME, OUT) for x in self.x])
            for n in (1, 4):
                with self.subTest(kind=kind, frames=n):
                    said = self.stream("m.onnx", "s.tflite", f"0:{n}")
                    self.assertEqual((said["frames"], said["late"], said["first_run"]), (n, 0, 0))
                    self.assertEqual(said["state_bytes"], 4 * UNITS * (2 if kind == "LSTM" else 1))
                    frames = self.x.reshape(-1, n, 1, FEATURES)
                    np.testing.assert_allclose(self.outputs("s.tflite", frames, "--sequence", TIME // n), wanted, atol=1e-5)
            runtimes.narrow("quantize", self.folder / "s.tflite", "--data", self.folder / "x.npy", "--sequence", TIME // 4, "-o",
                            self.folder / "q.tflite")
            said = json.loads(runtimes.narrow("evaluate", self.folder / "q.tflite", "--reference", self.folder / "s.tflite",
                                              "--data", self.folder / "x.npy", "--sequence", TIME // 4, "--json"))
            self.assertGreater(said["models"][0]["sqnr_db"], LEAST_DB, kind)
            runtimes.narrow("compile", self.folder / "q.tflite", "-o", self.folder / kind, "--golden", self.folder / "x.npy",
                            "--sequence", TIME // 4, "--name", "net")
            subprocess.run(["make", "-s", "-C", self.folder / kind, "test"], check=True, capture_output=True)

    def test_an_integer_layer_goes_on_bit_for_bit(self):
        """An LSTM, whose state the .tflite format keeps in 8 and 16 bits."""
        (self.folder / "m.onnx").write_bytes(layer("LSTM"))
        np.save(self.folder / "x.npy", self.x)
        runtimes.narrow("quantize", self.folder / "m.onnx", "--data", self.folder / "x.npy", "-o", self.folder / "q.tflite")
        self.assertEqual(self.stream("q.tflite", "s.tflite")["state_bytes"], 3 * UNITS)
        stored = np.random.default_rng(6).integers(-128, 128, self.x.shape).astype(np.int8)
        wanted = self.outputs("q.tflite", stored)
        frames = stored.reshape(-1, 1, 1, FEATURES)
        np.testing.assert_array_equal(self.outputs("s.tflite", frames, "--sequence", TIME), wanted)
        self.assertGreater(len(np.unique(wanted)), 50)
        runtime = runtimes.LiteRt(self.folder / "s.tflite", "litert")
        theirs, = runtime.run({runtime.inputs[0]["name"]: frames[:TIME]}).values()
        np.testing.assert_array_equal(self.outputs("s.tflite", frames[:TIME], "--profile", "litert"), theirs.reshape(TIME, OUT))

    def test_what_cannot_go_on(self):
        for model, text in ((layer("GRU", last=True), r"begins each window with zeros.*GRU_SEQUENCE"),
                            (layer("LSTM", last=True), r"begins each window with zeros"),
                            (layer("RNN", start=0.5), r"its state begins with other values than zeros.*RNN_SEQUENCE")):
            (self.folder / "m.onnx").write_bytes(model)
            with self.subTest(text=text), self.assertRaisesRegex((runtimes.Refused, AssertionError), text):
                self.stream("m.onnx", "s.tflite")
        (self.folder / "m.onnx").write_bytes(layer("GRU"))
        with self.assertRaisesRegex((runtimes.Refused, AssertionError), "its steps go along another axis"):
            self.stream("m.onnx", "s.tflite", "2")
        np.save(self.folder / "x.npy", self.x)
        runtimes.narrow("quantize", self.folder / "m.onnx", "--data", self.folder / "x.npy", "-o", self.folder / "q.tflite")
        with self.assertRaisesRegex((runtimes.Refused, AssertionError), "convert the float network, and quantize"):
            self.stream("q.tflite", "s.tflite")


if __name__ == "__main__":
    unittest.main()
