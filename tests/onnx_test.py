"""ONNX models of the shared data: float outputs as ONNX Runtime computes them, integers step for step, accuracy."""
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper
except ImportError:
    onnxruntime = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
DATA = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared")) / "data"
# What is refused, and the word that the message says.
REFUSED = {"model_dynamo_external.onnx": "another file"}


def cifar(count):
    return numpy.load(DATA / "cifar10" / "test_x.npy")[:count].astype(numpy.float32)


def samples(network, count=20):
    """Real inputs of a network, channels last, as it was trained on them."""
    load = {
        "kws": lambda: numpy.load(DATA / "kws01" / "x.npy")[:count].reshape(-1, 49, 10, 1),
        "resnet": lambda: cifar(count),
        "vww": lambda: numpy.load(DATA / "vww" / "test_x.npy")[:count] / 255,
        "ad": lambda: numpy.load(DATA / "ad01" / "x.npy")[:count].reshape(-1, 640),
        "seed_cnn": lambda: cifar(count) / 255,
        "torch_cnn": lambda: cifar(count) / 255,
        "mobilenet_cifar": lambda: (cifar(count) / 255 - 0.5) / 0.25,
        "digits_cnn": lambda: numpy.load(DATA / "models" / "digits_cnn" / "test_x.npy")[:count].reshape(-1, 8, 8, 1),
        "qat": lambda: numpy.load(DATA / "models" / "digits_cnn" / "test_x.npy").reshape(-1, 8, 8, 1),
        "rnn": lambda: numpy.load(DATA / "models" / "rnn" / "test_x.npy")[:count].reshape(-1, 8, 8),
    }
    return load[network]().astype(numpy.float32)


@unittest.skipIf(onnxruntime is None or not DATA.is_dir(), "ONNX Runtime or the shared data are not there")
class Shared(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def narrow(self, model, x, *options):
        numpy.save(self.folder / "x.npy", x)
        done = subprocess.run([NARROW, "run", model, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", "--quiet",
                               *options], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, f"{model}: {done.stderr}")
        return numpy.load(self.folder / "y.npy")

    @staticmethod
    def runtime(model, x):
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        first = session.get_inputs()[0]
        if first.shape[1:] == [3, 32, 32]:
            x = numpy.ascontiguousarray(x.transpose(0, 3, 1, 2))
        return numpy.concatenate([session.run(None, {first.name: x[i:i + 1]})[0] for i in range(len(x))])

    def test_float_outputs(self):
        for model in sorted((DATA / "models").rglob("*.onnx")):
            network = model.parent.name
            if model.name in REFUSED or network == "qat":
                continue
            with self.subTest(model=f"{network}/{model.name}"):
                x = samples(network)
                want = self.runtime(model, x)
                error = numpy.abs(self.narrow(model, x).reshape(want.shape) - want).max() / numpy.abs(want).max()
                self.assertLess(error, 1e-4 if network == "ad" else 1e-5)

    def test_refusals_name_the_cause(self):
        for model in sorted((DATA / "models").rglob("*.onnx")):
            if model.name in REFUSED:
                done = subprocess.run([NARROW, "inspect", model], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 3, model)
                self.assertIn(REFUSED[model.name], done.stderr)

    def test_integers_are_those_of_the_runtime(self):
        x = samples("qat")
        for name in ("qdq.onnx", "qdq_u8.onnx", "qoperator.onnx"):
            model = DATA / "models" / "qat" / name
            want = self.runtime(model, x)
            got = self.narrow(model, x).reshape(want.shape)
            step = numpy.diff(numpy.unique(want)).min()
            self.assertLess(numpy.abs(got - want).max(), 1.5 * step)
            self.assertGreaterEqual(numpy.mean(numpy.abs(got - want) < step / 2), 0.999)

    def test_accuracy(self):
        labels = numpy.load(DATA / "cifar10" / "test_y.npy").ravel()
        for path in ("mobilenet_cifar/model.onnx", "torch_cnn/model_ts.onnx"):
            model = DATA / "models" / path
            x = samples(path.split("/")[0], len(labels))
            want = self.runtime(model, x).argmax(-1)
            got = self.narrow(model, x).reshape(len(x), -1).argmax(-1)
            self.assertEqual(numpy.sum(got == labels), numpy.sum(want == labels), path)

    def test_no_transposes_between_integers(self):
        for path in ("mobilenet_cifar/model.onnx", "torch_cnn/model_ts.onnx"):
            numpy.save(self.folder / "c.npy", samples(path.split("/")[0]))
            out = self.folder / "q.tflite"
            done = subprocess.run([NARROW, "quantize", "--quality", "fast", DATA / "models" / path, "--scheme", "int8", "--data",
                                   self.folder / "c.npy", "-o", out, "--quiet"], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            listed = subprocess.run([NARROW, "inspect", out], capture_output=True, text=True, timeout=60).stdout
            self.assertIn("CONV_2D", listed)
            self.assertNotIn("TRANSPOSE", listed)


@unittest.skipIf(onnxruntime is None, "ONNX Runtime is not there")
class Shape(unittest.TestCase):
    def inspect(self, shape, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "m.onnx"
            node = helper.make_node("Conv", ["image", "w"], ["y"], pads=[1, 1, 1, 1])
            graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("image", 1, ["n", 3, "h", "w"])],
                                      [helper.make_tensor_value_info("y", 1, None)],
                                      [numpy_helper.from_array(numpy.ones((4, 3, 3, 3), numpy.float32), "w")])
            onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)]), str(path))
            return subprocess.run([NARROW, "inspect", path, "--shape", f"image={shape}", *options], capture_output=True,
                                  text=True, timeout=60)

    def test_it_is_given_in_the_order_of_the_file(self):
        self.assertIn("[2, 10, 12, 3]", self.inspect("2x3x10x12").stdout)
        self.assertIn("[2, 3, 10, 12]", self.inspect("2x3x10x12", "--keep-layout").stdout)

    def test_another_order_is_refused_with_that_of_the_file(self):
        done = self.inspect("2x10x12x3")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("'image' is [free, 3, free, free] in the file", done.stderr)


@unittest.skipIf(onnxruntime is None, "ONNX Runtime is not there")
class Gelu(unittest.TestCase):
    def test_it_is_found_where_it_is_written_out(self):
        root, half = numpy.float32(2 ** 0.5), numpy.float32(0.5)
        products = [[("Mul", "x", "gate", "p"), ("Mul", "p", "half", "y")], [("Mul", "x", "half", "p"), ("Mul", "p", "gate", "y")],
                    [("Mul", "half", "gate", "p"), ("Mul", "p", "x", "y")]]
        for inner in (("Div", "x", "root", "d"), ("Mul", "inverse", "x", "d")):
            for outer in products:
                nodes = [inner, ("Erf", "d", "e"), ("Add", "e", "one", "gate"), *outer]
                constants = {"root": root, "inverse": 1 / root, "half": half, "one": numpy.float32(1)}
                graph = helper.make_graph([helper.make_node(n[0], list(n[1:-1]), [n[-1]]) for n in nodes], "g",
                                          [helper.make_tensor_value_info("x", 1, [1, 64])],
                                          [helper.make_tensor_value_info("y", 1, [1, 64])],
                                          [numpy_helper.from_array(numpy.asarray(v, numpy.float32), k) for k, v in constants.items() if any(k in n for n in nodes)])
                with self.subTest(inner=inner, outer=outer), tempfile.TemporaryDirectory() as name:
                    folder = pathlib.Path(name)
                    onnx.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)]), str(folder / "m.onnx"))
                    x = numpy.linspace(-6, 6, 64, dtype=numpy.float32).reshape(1, 64)
                    numpy.save(folder / "x.npy", x)
                    ops = subprocess.run([NARROW, "inspect", folder / "m.onnx", "--json"], capture_output=True, text=True, timeout=60)
                    self.assertIn('"GELU"', ops.stdout)
                    self.assertNotIn('"ERF"', ops.stdout)
                    subprocess.run([NARROW, "run", folder / "m.onnx", "--data", folder / "x.npy", "-o", folder / "y.npy", "--quiet"],
                                   check=True, timeout=60)
                    want = onnxruntime.InferenceSession(str(folder / "m.onnx")).run(None, {"x": x})[0]
                    numpy.testing.assert_allclose(numpy.load(folder / "y.npy"), want, rtol=1e-5, atol=1e-6)


if __name__ == "__main__":
    unittest.main()
