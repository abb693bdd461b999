"""Networks that ONNX Runtime quantizes, in both of its formats: the integers that it computes, and C that computes them."""
import logging
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
    from onnxruntime import quantization
except ImportError:
    onnxruntime = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
SHAPE = (1, 3, 16, 16)
# (format, activations, weights, a scale for each channel)
FORMS = [(f, a, w, c) for f in ("QDQ", "QOperator") for a, w in (("QUInt8", "QInt8"), ("QInt8", "QInt8"), ("QUInt8", "QUInt8"))
         for c in (False, True)]


class Network:
    """A float network of random weights, node by node."""

    def __init__(self, seed):
        self.rng = numpy.random.default_rng(seed)
        self.constants, self.nodes = [], []

    def weights(self, *shape):
        name = f"w{len(self.constants)}"
        scale = numpy.sqrt(numpy.prod(shape[1:]) if len(shape) > 1 else 4)
        self.constant(name, (self.rng.normal(size=shape) / scale).astype(numpy.float32))
        return name

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(numpy.asarray(value, numpy.float32), name))
        return name

    def add(self, op, inputs, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=f"n{len(self.nodes)}", **attributes))
        return name

    def conv(self, x, out, into, size, **attributes):
        return self.add("Conv", [x, self.weights(out, into, size, size), self.weights(out)], **attributes)

    def model(self, output):
        graph = helper.make_graph(self.nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)],
                                  [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.constants)
        return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])


def branches(n):
    """Layers with strides and pads, sums, gates, joined branches."""
    a = n.add("Relu", [n.conv("x", 8, 3, 3, pads=[1, 1, 1, 1])])
    b = n.add("Clip", [n.conv(a, 8, 1, 3, pads=[1, 1, 1, 1], group=8), n.constant("low", 0), n.constant("high", 6)])
    b = n.add("Relu", [n.add("Add", [n.conv(b, 8, 8, 1), a])])
    gate = n.add("Sigmoid", [n.conv(a, 8, 8, 1)])
    c = n.add("Mul", [b, gate])
    pools = [n.add("MaxPool", [t], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]) for t in (b, c)]
    d = n.conv(n.add("Concat", pools, axis=1), 16, 16, 3, strides=[2, 2], pads=[1, 1, 1, 1])
    d = n.add("GlobalAveragePool", [n.add("LeakyRelu", [d], alpha=0.1)])
    return n.add("Gemm", [n.add("Flatten", [d]), n.weights(10, 16), n.weights(10)], transB=1)


def averages(n):
    """An average that rescales, and SOFTMAX."""
    a = n.conv("x", 8, 3, 3, pads=[1, 1, 1, 1])
    a = n.add("AveragePool", [a], kernel_shape=[2, 2], strides=[2, 2])
    return n.add("Softmax", [n.add("Flatten", [n.conv(a, 4, 8, 8)])], axis=1)


@unittest.skipIf(onnxruntime is None, "onnx or onnxruntime is not there")
class Quantized(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.x = numpy.random.default_rng(3).normal(size=(100, *SHAPE)).astype(numpy.float32)
        numpy.save(self.folder / "x.npy", self.x[:, 0].transpose(0, 2, 3, 1))

    def quantized(self, build, form):
        samples, file_format, activations, weights, channels = self.x[:40], *form
        network = Network(11)
        onnx.save(network.model(build(network)), str(self.folder / "float.onnx"))

        class Reader(quantization.CalibrationDataReader):
            def __init__(self):
                self.rest = iter(samples)

            def get_next(self):
                x = next(self.rest, None)
                return None if x is None else {"x": x}

        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)
        path = self.folder / "quantized.onnx"
        quantization.quantize_static(str(self.folder / "float.onnx"), str(path), Reader(), per_channel=channels,
                                     quant_format=quantization.QuantFormat[file_format],
                                     activation_type=quantization.QuantType[activations],
                                     weight_type=quantization.QuantType[weights])
        return path

    def narrow(self, *arguments):
        done = subprocess.run([NARROW, *arguments], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def steps(self, model):
        """By how many steps of the result narrow and ONNX Runtime differ."""
        self.narrow("run", model, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", "--quiet")
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        want = numpy.concatenate([session.run(None, {"x": x})[0] for x in self.x])
        got = numpy.load(self.folder / "y.npy").reshape(want.shape)
        return numpy.rint(numpy.abs(got - want) / numpy.diff(numpy.unique(want)).min())

    def test_integers_are_those_of_the_runtime(self):
        for form in FORMS:
            with self.subTest(form=form):
                steps = self.steps(self.quantized(branches, form))
                self.assertLessEqual(steps.max(), 1)
                self.assertGreaterEqual(numpy.mean(steps == 0), 0.999)

    # The runtime computes averages of uint8 and SOFTMAX in float, whose errors decide ties.
    def test_averages_are_within_a_step(self):
        for form in FORMS:
            with self.subTest(form=form):
                self.assertLessEqual(self.steps(self.quantized(averages, form)).max(), 1)

    def test_they_become_c(self):
        for form in (FORMS[0], FORMS[-1]):
            with self.subTest(form=form):
                out = self.folder / f"c_{form[0]}"
                self.narrow("compile", self.quantized(branches, form), "--data", self.folder / "x.npy", "-o", out, "--quiet")
                done = subprocess.run(["make", "-C", out, "test"], capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
