"""LSTM, GRU and RNN nodes of ONNX in all forms that narrow reads: as ONNX Runtime computes them."""
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    onnx = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
USUAL = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}
TIME, BATCH, IN, UNITS = 5, 3, 4, 6
OTHERS = {"activations": ["HardSigmoid", "LeakyRelu", "Softsign"], "activation_alpha": [0.3, 0.05], "activation_beta": [0.4]}


def forms():
    """(kind, attributes, whether there are initial states, whether there are peepholes)"""
    for kind in GATES:
        for direction in ("forward", "reverse", "bidirectional"):
            for states in (False, True):
                yield kind, {"direction": direction}, states, kind == "LSTM" and states
        yield kind, {"clip": 0.5}, False, False
        count = len(USUAL[kind])
        # The first `count` of the functions; parameters only for those that have them.
        others = {"activations": OTHERS["activations"][:count], "activation_alpha": OTHERS["activation_alpha"][:count],
                  "activation_beta": OTHERS["activation_beta"]}
        yield kind, others, True, False
    yield "GRU", {"linear_before_reset": 1, "direction": "bidirectional"}, True, False
    yield "GRU", {"linear_before_reset": 1, "clip": 0.5}, False, False


def model_of(kind, attributes, states, peepholes, rng):
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    rows = GATES[kind] * UNITS
    constants, names = [], ["X"]

    def constant(name, shape, there=True):
        names.append(name if there else "")
        if there:
            constants.append(numpy_helper.from_array(rng.uniform(-1, 1, shape).astype(numpy.float32), name))

    constant("W", (directions, rows, IN))
    constant("R", (directions, rows, UNITS))
    constant("B", (directions, 2 * rows))
    names.append("")
    constant("H", (directions, BATCH, UNITS), states)
    if kind == "LSTM":
        constant("C", (directions, BATCH, UNITS), states)
        constant("P", (directions, 3 * UNITS), peepholes)
    outs = ["Y", "Y_h", "Y_c"][:3 if kind == "LSTM" else 2]
    node = helper.make_node(kind, names, outs, hidden_size=UNITS, **attributes)
    shape = [TIME, BATCH, IN]
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("X", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outs], constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 14)]), outs


@unittest.skipIf(onnx is None, "onnx or onnxruntime is not there")
class Recurrent(unittest.TestCase):
    def test_results_are_those_of_the_runtime(self):
        rng = numpy.random.default_rng(5)
        for kind, attributes, states, peepholes in forms():
            with self.subTest(kind=kind, **attributes, states=states), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                model, outs = model_of(kind, attributes, states, peepholes, rng)
                onnx.save(model, str(folder / "m.onnx"))
                x = rng.uniform(-2, 2, (TIME, BATCH, IN)).astype(numpy.float32)
                numpy.save(folder / "x.npy", x[numpy.newaxis])
                done = subprocess.run([NARROW, "run", folder / "m.onnx", "--data", folder / "x.npy", "-o",
                                       folder / "out.npz", "--quiet"], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                session = onnxruntime.InferenceSession(str(folder / "m.onnx"), providers=["CPUExecutionProvider"])
                got = numpy.load(folder / "out.npz")
                for output, want in zip(outs, session.run(None, {"X": x})):
                    numpy.testing.assert_allclose(got[output].reshape(want.shape), want, rtol=1e-4, atol=2e-6)

    def test_all_forms_become_integer(self):
        """In 8 and 16 bits, as near to float as their weights allow; the first of each kind also in C."""
        rng, least, compiled = numpy.random.default_rng(6), {}, set()
        for kind, attributes, states, peepholes in forms():
            for scheme, wanted in (("int8", 25), ("int16x8", 30)):
                with self.subTest(kind=kind, **attributes, states=states, scheme=scheme), \
                        tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name)
                    model, outs = model_of(kind, attributes, states, peepholes, rng)
                    onnx.save(model, str(folder / "m.onnx"))
                    numpy.save(folder / "x.npy", rng.uniform(-2, 2, (50, TIME, BATCH, IN)).astype(numpy.float32))

                    def narrow(*arguments):
                        done = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=60)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        return done.stdout

                    narrow("quantize", folder / "m.onnx", "--data", folder / "x.npy", "--scheme", scheme, "--io", "float32",
                           "--quality", "fast", "-o", folder / "q.tflite")
                    for file in ("m.onnx", "q.tflite"):
                        narrow("run", folder / file, "--data", folder / "x.npy", "-o", folder / f"{file}.npz")
                    exact, got = (numpy.load(folder / f"{file}.npz") for file in ("m.onnx", "q.tflite"))
                    for output in outs:
                        error = numpy.square(exact[output] - got[output].reshape(exact[output].shape)).sum()
                        signal = 10 * numpy.log10(numpy.square(exact[output]).sum() / error)
                        least[scheme] = min(least.get(scheme, signal), signal)
                        self.assertGreater(signal, wanted, output)
                    if (kind, scheme) in compiled or "clip" in attributes:
                        continue
                    compiled.add((kind, scheme))
                    narrow("quantize", folder / "m.onnx", "--data", folder / "x.npy", "--scheme", scheme, "--quality", "fast",
                           "-o", folder / "i.tflite")
                    narrow("compile", folder / "i.tflite", "-o", folder / "c", "--golden", folder / "x.npy")
                    subprocess.run(["make", "-s", "-C", folder / "c", "test"], check=True, capture_output=True)
        print(f"{len(list(forms()))} forms, least signal to error {least} dB, {len(compiled)} compiled")


if __name__ == "__main__":
    unittest.main()
