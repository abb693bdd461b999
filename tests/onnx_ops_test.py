"""Forms of ONNX ops that the format's own tests leave out: as ONNX Runtime computes them."""
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
    onnxruntime = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
EQUATIONS = [("ij,jk->ik", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 6, 5)),
             ("bqhd,bkhd->bhqk", (2, 4, 3, 5), (2, 6, 3, 5)), ("bhqk,bkhd->bqhd", (2, 3, 4, 6), (2, 6, 3, 5)),
             ("i,j->ij", (3,), (4,)), ("ij,ij->", (3, 4), (3, 4)), ("ijk,k->ij", (2, 3, 4), (4,)), ("ij,kl->il", (2, 3), (4, 5)),
             ("ij,jk", (3, 4), (4, 5)), ("ijk->kji", (2, 3, 4)), ("ijk->j", (2, 3, 4)), ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5))]
# (operator set, op, operands, attributes); arrays are constants, and the rest are inputs of these shapes.
IMAGE = (1, 4, 7, 6)


def transposed(rng):
    for groups in (1, 2, 4):
        for attributes in ({}, {"strides": [2, 3]}, {"dilations": [2, 3]}, {"strides": [2, 2], "pads": [1, 0, 1, 1]},
                           {"strides": [3, 2], "output_padding": [1, 1], "pads": [1, 1, 1, 1]}):
            w = rng.normal(size=(4, 3, 3, 2)).astype(numpy.float32)
            b = rng.normal(size=3 * groups).astype(numpy.float32)
            yield "ConvTranspose", [IMAGE, w, b], {"group": groups, **attributes}


def pools(_):
    for op, more in (("MaxPool", {}), ("AveragePool", {}), ("AveragePool", {"count_include_pad": 1})):
        for attributes in ({"dilations": [2, 1]}, {"dilations": [2, 2], "strides": [2, 1], "pads": [1, 0, 1, 1]},
                           {"strides": [2, 2], "ceil_mode": 1}):
            yield op, [IMAGE], {"kernel_shape": [3, 2], **more, **attributes}
        yield op, [(2, 3, 5, 6, 7)], {"kernel_shape": [2, 3, 2], "strides": [2, 1, 2], "pads": [1, 1, 0, 0, 1, 1], **more}


def volumes(rng):
    w = rng.normal(size=(5, 3, 2, 3, 2)).astype(numpy.float32)
    b = rng.normal(size=5).astype(numpy.float32)
    for attributes in ({}, {"strides": [2, 1, 2], "pads": [1, 0, 2, 0, 1, 1]}, {"dilations": [2, 1, 2]}):
        yield "Conv", [(2, 3, 5, 6, 7), w, b], attributes


def sizes(_):
    for mode in ("nearest", "linear", "cubic"):
        for coordinates in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
            for scales in ((1, 1, 2, 2), (1, 1, 0.6, 1.7), (1, 1, 1, 0.4)):
                # The format's tests and the runtime differ in what the corners of a broken size are; it is refused.
                if coordinates == "align_corners" and scales != (1, 1, 2, 2):
                    continue
                empty = numpy.zeros(0, numpy.float32)
                yield "Resize", [IMAGE, empty, numpy.array(scales, numpy.float32)], {
                    "mode": mode, "coordinate_transformation_mode": coordinates}


def equations(_):
    for equation, *shapes in EQUATIONS:
        yield "Einsum", shapes, {"equation": equation}


@unittest.skipIf(onnxruntime is None, "onnx or onnxruntime is not there")
class Ops(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.rng = numpy.random.default_rng(7)

    def compare(self, op, operands, attributes):
        names = [f"x{i}" for i in range(len(operands))]
        constants = [numpy_helper.from_array(x, n) for n, x in zip(names, operands) if isinstance(x, numpy.ndarray)]
        given = {n: self.rng.normal(size=x).astype(numpy.float32) for n, x in zip(names, operands) if isinstance(x, tuple)}
        inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, x.shape) for n, x in given.items()]
        graph = helper.make_graph([helper.make_node(op, names, ["y"], **attributes)], "g", inputs,
                                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], constants)
        path = self.folder / "m.onnx"
        onnx.save(helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 19)]), str(path))
        numpy.savez(self.folder / "x.npz", **{n: x[numpy.newaxis] for n, x in given.items()})
        done = subprocess.run([NARROW, "run", path, "--data", self.folder / "x.npz", "-o", self.folder / "y.npy", "--quiet",
                               "--keep-layout"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        want = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, given)[0]
        numpy.testing.assert_allclose(numpy.load(self.folder / "y.npy").reshape(want.shape), want, rtol=1e-4, atol=1e-5)

    def compare_all(self, cases):
        for case in cases(self.rng):
            with self.subTest(op=case[0], shape=case[1][0], **case[2]):
                self.compare(*case)

    def test_transposed_convolutions(self):
        self.compare_all(transposed)

    def test_pools(self):
        self.compare_all(pools)

    def test_convolutions_of_volumes(self):
        self.compare_all(volumes)

    def test_changes_of_size(self):
        self.compare_all(sizes)

    def test_sums_of_products(self):
        self.compare_all(equations)


@unittest.skipIf(onnxruntime is None, "onnx or onnxruntime is not there")
class Functions(unittest.TestCase):
    def run_model(self, functions, nodes):
        graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 5])],
                                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
        sets = [helper.make_opsetid("", 19), helper.make_opsetid("own", 1)]
        model = helper.make_model(graph, ir_version=10, opset_imports=sets, functions=functions)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            onnx.save(model, str(folder / "m.onnx"))
            x = numpy.array([[-2, -0.5, 0, 1, 3]], numpy.float32)
            numpy.save(folder / "x.npy", x)
            done = subprocess.run([NARROW, "run", folder / "m.onnx", "--data", folder / "x.npy", "-o", folder / "y.npy", "--quiet"],
                                  capture_output=True, text=True, timeout=60)
            if done.returncode:
                return done, None
            want = onnxruntime.InferenceSession(str(folder / "m.onnx")).run(None, {"x": x})[0]
            return numpy.load(folder / "y.npy").reshape(want.shape), want

    @staticmethod
    def function(name, inputs, nodes, attributes=()):
        return helper.make_function("own", name, inputs, ["out"], nodes, [helper.make_opsetid("", 19), helper.make_opsetid("own", 1)],
                                    list(attributes))

    def test_they_are_written_out(self):
        leaky = helper.make_node("LeakyRelu", ["a"], ["out"])
        leaky.attribute.append(onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT))
        functions = [self.function("Bend", ["a"], [leaky], ["slope"]),
                     self.function("Both", ["a", "b"], [helper.make_node("Bend", ["a"], ["t"], domain="own", slope=0.25),
                                                        helper.make_node("Bend", ["b"], ["u"], domain="own", slope=0.5),
                                                        helper.make_node("Sub", ["t", "u"], ["out"])])]
        nodes = [helper.make_node("Neg", ["x"], ["t"]), helper.make_node("Both", ["x", "t"], ["z"], domain="own"),
                 helper.make_node("Both", ["z", "x"], ["y"], domain="own")]
        got, want = self.run_model(functions, nodes)
        numpy.testing.assert_allclose(got, want, rtol=1e-6)

    def test_those_that_call_themselves_are_refused(self):
        functions = [self.function("Again", ["a"], [helper.make_node("Again", ["a"], ["out"], domain="own")])]
        done, _ = self.run_model(functions, [helper.make_node("Again", ["x"], ["y"], domain="own")])
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("too deep", done.stderr)


if __name__ == "__main__":
    unittest.main()
