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

    def test_a_cell_that_sums_up(self):
        """Gates that are open: the cell state grows to the number of steps, which is within what kernels' scales reach."""
        steps, rng = 40, numpy.random.default_rng(8)
        model, _ = model_of("LSTM", {}, False, False, rng)
        model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = steps
        bias, = (t for t in model.graph.initializer if t.name == "B")
        bias.CopyFrom(numpy_helper.from_array(numpy.full((1, 8 * UNITS), 4, numpy.float32), "B"))
        del model.graph.output[1:], model.graph.node[0].output[1:]
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            onnx.save(model, str(folder / "m.onnx"))
            numpy.save(folder / "x.npy", rng.uniform(-0.2, 0.2, (30, steps, BATCH, IN)).astype(numpy.float32))
            for scheme in ("int16x8", "int16", "q15"):
                results = {}
                for command, file in (("quantize", "m.onnx"), ("run", "m.onnx"), ("run", "q.tflite")):
                    out = folder / ("q.tflite" if command == "quantize" else f"{file}.npy")
                    options = ["--scheme", scheme] if command == "quantize" else ["--dequantize"]
                    done = subprocess.run([NARROW, command, folder / file, "--data", folder / "x.npy", "-o", out, "--quiet",
                                           *options], capture_output=True, text=True, timeout=60)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    results[file] = out
                exact, got = (numpy.load(results[f]) for f in ("m.onnx", "q.tflite"))
                error = numpy.square(exact - got.reshape(exact.shape)).sum()
                self.assertGreater(10 * numpy.log10(numpy.square(exact).sum() / error), 50, scheme)

    def test_what_is_refused(self):
        """Sequences of other lengths than the data's, states that are not the layer's, both directions frame by frame."""
        rng = numpy.random.default_rng(7)
        for kind in GATES:
            place = f"node 0 .{kind}."
            cases = [([TIME] * BATCH, None, None),
                     ([TIME, 2, 1], None, f"a sequence of 2 steps in data of {TIME} cannot be read .*{place}"),
                     ([TIME + 1] * BATCH, None, f"a sequence of {TIME + 1} steps in data of {TIME} .*{place}"),
                     ([TIME], None, f"the lengths of 1 sequences, but {BATCH} sequences .*{place}"),
                     ("L", None, f"lengths of sequences that are computed from data cannot be read .*{place}"),
                     (None, (1, BATCH, UNITS + 1), f"an initial state has shape .1, {BATCH}, {UNITS + 1}., which is not that of the"),
                     (None, (1, BATCH + 1, UNITS), "which is not that of the layer")]
            for given, state, said in cases:
                with self.subTest(kind=kind, lengths=given, state=state), tempfile.TemporaryDirectory() as name:
                    path = pathlib.Path(name) / "m.onnx"
                    model, _ = model_of(kind, {}, False, False, rng)
                    node, graph = model.graph.node[0], model.graph
                    if given == "L":
                        graph.input.append(helper.make_tensor_value_info("L", TensorProto.INT32, [BATCH]))
                    elif given:
                        graph.initializer.append(numpy_helper.from_array(numpy.array(given, numpy.int32), "L"))
                    if given:
                        node.input[4] = "L"
                    if state:
                        graph.initializer.append(numpy_helper.from_array(numpy.zeros(state, numpy.float32), "S"))
                        node.input[5] = "S"
                    onnx.save(model, str(path))
                    self.refused(said, "inspect", path)
            with self.subTest(kind=kind, direction="both"), tempfile.TemporaryDirectory() as name:
                path = pathlib.Path(name) / "m.onnx"
                onnx.save(model_of(kind, {"direction": "bidirectional"}, False, False, rng)[0], str(path))
                self.refused("backwards, as bidirectional layers do|begins each window with zeros", "convert", path, "--stream", "0",
                                 "-o", path.with_suffix(".tflite"))

    def refused(self, said, *arguments):
        """By one line of an error that says so, and maybe one that says what to do; not at all where it is None."""
        done = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3 if said else 0, done.stderr)
        if said:
            errors = [line for line in done.stderr.splitlines() if line.startswith("narrow: error: ")]
            self.assertEqual(len(errors), 1, done.stderr)
            self.assertRegex(errors[0], said)


if __name__ == "__main__":
    unittest.main()
