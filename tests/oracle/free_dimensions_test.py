"""Models with free dimensions, quantized: LiteRT gives the float model's shapes for sizes that narrow never saw."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

from .environment import NARROW
from .runtimes import Interpreter
from .tflite_builder import TfliteBuilder, schema

SCHEMES = {"int8": 25, "int16x8": 40, "float16": 50, "dynamic": 30}  # least SQNR in dB


class Net(TfliteBuilder):
    """Small layers; tensors are made as the ops need them."""

    def __init__(self, seed):
        super().__init__()
        self.random = np.random.default_rng(seed)

    def ints(self, values):
        values = np.asarray(values, np.int32)
        return self.tensor(f"c{len(self.tensors)}", values.shape, np.int32, values=values)

    def floats(self, values):
        values = np.asarray(values, np.float32)
        return self.tensor(f"c{len(self.tensors)}", values.shape, np.float32, values=values)

    def weights(self, *shape):
        return self.floats(self.random.normal(0, 0.4, shape))

    def add(self, op, inputs, shape, dtype=np.float32, options=None, **fields):
        y = self.tensor(f"{op.lower()}{len(self.tensors)}", shape, dtype)
        self.op(op, inputs, [y], options, **fields)
        return y

    def shape_of(self, x, rank):
        return self.add("SHAPE", [x], [rank], np.int32, "ShapeOptions", outType=schema().TensorType.INT32)

    def dimension(self, shape, i):
        return self.add("STRIDED_SLICE", [shape, self.ints([i]), self.ints([i + 1]), self.ints([1])], [], np.int32,
                        "StridedSliceOptions", shrinkAxisMask=1)

    def middle(self, shape, start, stop):
        return self.add("STRIDED_SLICE", [shape, self.ints([start]), self.ints([stop]), self.ints([1])],
                        [stop - start], np.int32, "StridedSliceOptions")

    def pack(self, parts):
        """A shape of computed dimensions and, as lists of one number, known ones."""
        parts = [self.ints(p[0]) if isinstance(p, list) else p for p in parts]
        return self.add("PACK", parts, [len(parts)], np.int32, "PackOptions", valuesCount=len(parts))

    def conv(self, x, channels, shape):
        w = self.weights(shape[3], 3, 3, channels)
        return self.add("CONV_2D", [x, w, self.weights(shape[3])], shape, np.float32, "Conv2DOptions",
                        strideH=1, strideW=1, padding=schema().Padding.SAME,
                        fusedActivationFunction=schema().ActivationFunctionType.RELU)

    def join(self, parts, axis, shape):
        return self.add("CONCATENATION", parts, shape, np.float32, "ConcatenationOptions", axis=axis)

    def times(self, a, b, shape, dtype=np.float32):
        return self.add("MUL", [a, b], shape, dtype, "MulOptions")


def fill(net):
    x = net.input("x", [-1, 6], np.float32)
    dims = net.pack([net.dimension(net.shape_of(x, 2), 0), [2]])
    return net.join([x, net.add("FILL", [dims, net.floats(0.5)], [-1, 2])], 1, [-1, 8])


def tile(net):
    x = net.input("x", [-1, 6], np.float32)
    times = net.pack([net.dimension(net.shape_of(x, 2), 0), [1]])
    rows = net.add("TILE", [net.weights(1, 6), times], [-1, 6])
    return net.add("ADD", [x, rows], [-1, 6], np.float32, "AddOptions")


def slice_(net):
    x = net.input("x", [-1, 8, 8, 3], np.float32)
    y = net.conv(x, 3, [-1, 8, 8, 4])
    size = net.pack([net.dimension(net.shape_of(x, 4), 0), [4], [4], [2]])
    return net.add("SLICE", [y, net.ints([0, 1, 1, 0]), size], [-1, 4, 4, 2])


def range_(net):
    x = net.input("x", [-1, -1, 4], np.float32)
    count = net.dimension(net.shape_of(x, 3), 1)
    places = net.add("RANGE", [net.ints(0), count, net.ints(1)], [-1], np.int32)
    rows = net.add("GATHER", [net.weights(64, 4), places], [-1, 4], np.float32, "GatherOptions")
    return net.add("ADD", [x, rows], [-1, -1, 4], np.float32, "AddOptions")


def positions(net):
    x = net.input("x", [-1, -1, 4], np.float32)
    count = net.dimension(net.shape_of(x, 3), 1)
    places = net.add("RANGE", [net.ints(0), count, net.ints(1)], [-1], np.int32)
    reals = net.add("CAST", [places], [-1], np.float32, "CastOptions", inDataType=schema().TensorType.INT32,
                    outDataType=schema().TensorType.FLOAT32)
    column = net.add("EXPAND_DIMS", [reals, net.ints(1)], [-1, 1], np.float32)
    return net.times(x, column, [-1, -1, 4])


def broadcast(net):
    x = net.input("x", [-1, 6], np.float32)
    rows = net.tensor("rows", [-1, 6], np.float32)
    net.op("BROADCAST_TO", [net.weights(1, 6), net.shape_of(x, 2)], [rows], version=2)
    return net.times(x, rows, [-1, 6])


def resize(net, op="RESIZE_BILINEAR"):
    x = net.input("x", [-1, -1, -1, 3], np.float32)
    y = net.conv(x, 3, [-1, -1, -1, 4])
    size = net.times(net.middle(net.shape_of(x, 4), 1, 3), net.ints([2, 2]), [2], np.int32)
    options = {"RESIZE_BILINEAR": "ResizeBilinearOptions", "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighborOptions"}
    return net.add(op, [y, size], [-1, -1, -1, 4], np.float32, options[op])


def resize_by_floats(net):
    x = net.input("x", [-1, -1, -1, 3], np.float32)
    y = net.conv(x, 3, [-1, -1, -1, 4])
    kinds = schema().TensorType
    reals = net.add("CAST", [net.middle(net.shape_of(x, 4), 1, 3)], [2], np.float32, "CastOptions",
                    inDataType=kinds.INT32, outDataType=kinds.FLOAT32)
    size = net.add("CAST", [net.times(reals, net.floats([1.7, 1.3]), [2])], [2], np.int32, "CastOptions",
                   inDataType=kinds.FLOAT32, outDataType=kinds.INT32)
    return net.add("RESIZE_BILINEAR", [y, size], [-1, -1, -1, 4], np.float32, "ResizeBilinearOptions")


def transpose_conv(net):
    x = net.input("x", [-1, 4, 4, 3], np.float32)
    dims = net.pack([net.dimension(net.shape_of(x, 4), 0), [8], [8], [2]])
    return net.add("TRANSPOSE_CONV", [dims, net.weights(2, 3, 3, 3), x], [-1, 8, 8, 2], np.float32,
                   "TransposeConvOptions", strideH=2, strideW=2, padding=schema().Padding.SAME)


def reshape(net):
    x = net.input("x", [-1, -1, -1, 3], np.float32)
    y = net.conv(x, 3, [-1, -1, -1, 4])
    shape = net.shape_of(x, 4)
    area = net.times(net.dimension(shape, 1), net.dimension(shape, 2), [], np.int32)
    return net.add("RESHAPE", [y, net.pack([net.dimension(shape, 0), area, [4]])], [-1, -1, 4])


def reshape_with_a_rest(net):
    x = net.input("x", [-1, 16, 3], np.float32)
    y = net.times(x, net.floats(0.5), [-1, 16, 3])
    return net.add("RESHAPE", [y, net.pack([net.dimension(net.shape_of(x, 3), 0), [-1], [8]])], [-1, -1, 8])


def dense_over_the_last_axis(net):
    x = net.input("x", [-1, 16, 3], np.float32)
    shape = net.shape_of(x, 3)
    first = net.add("GATHER", [shape, net.ints([0, 1])], [2], np.int32, "GatherOptions")
    last = net.add("GATHER", [shape, net.ints([2])], [1], np.int32, "GatherOptions")
    rows, columns = (net.add("REDUCE_PROD", [part, net.ints([0])], [], np.int32, "ReducerOptions")
                     for part in (first, last))
    flat = net.add("RESHAPE", [x, net.pack([rows, columns])], [-1, -1])
    y = net.add("FULLY_CONNECTED", [flat, net.weights(5, 3), -1], [-1, 5], np.float32, "FullyConnectedOptions")
    joined = net.add("CONCATENATION", [first, net.ints([5])], [3], np.int32, "ConcatenationOptions")
    return net.add("RESHAPE", [y, joined], [-1, 16, 5])


def zeros_like(net):
    x = net.input("x", [-1, 6], np.float32)
    return net.join([net.add("ZEROS_LIKE", [x], [-1, 6]), x], 1, [-1, 12])


CASES = {f.__name__: f for f in (fill, tile, slice_, range_, positions, broadcast, resize, resize_by_floats,
                                 transpose_conv, zeros_like, reshape, reshape_with_a_rest, dense_over_the_last_axis)}
CASES["resize_nearest"] = lambda net: resize(net, "RESIZE_NEAREST_NEIGHBOR")


def model_of(name):
    """The file, and its input's dimensions with -1 where they are free."""
    net = Net(list(CASES).index(name))
    net.outputs.append(CASES[name](net))
    net.signature("serving_default")
    return net.bytes(), list(net.tensors[net.inputs[0]].shapeSignature)


def sized(signature, batch, others):
    """The dimensions with the free ones filled in; those after the first are `others`, in turn."""
    rest = iter(others)
    return [batch] + [next(rest) if d == -1 else int(d) for d in signature[1:]]


def litert(model, x):
    """The output of a model whose input is resized to x."""
    interpreter = Interpreter(model_content=model)
    given = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(given, x.shape, strict=True)
    interpreter.allocate_tensors()
    interpreter.set_tensor(given, x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def decibels(reference, y):
    noise = np.square(reference.astype(np.float64) - y).sum()
    return 10 * np.log10(np.square(reference.astype(np.float64)).sum() / max(noise, 1e-30))


@unittest.skipIf(Interpreter is None, "ai_edge_litert is not installed; tools/setup check installs it")
class FreeDimensions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def narrow(self, *arguments, code=0):
        done = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def quantized(self, model, x, scheme, *more):
        (self.folder / "m.tflite").write_bytes(model)
        np.save(self.folder / "x.npy", x)
        data = [] if scheme in ("float16", "dynamic") else ["--data", self.folder / "x.npy"]
        io = ["--io", "float32"] if data else []
        self.narrow("quantize", self.folder / "m.tflite", "--scheme", scheme, *data, *io, "-o",
                    self.folder / "q.tflite", *more)
        return (self.folder / "q.tflite").read_bytes()

    def test_any_size_gives_the_shapes_of_the_float_model(self):
        for name in CASES:
            model, signature = model_of(name)
            random = np.random.default_rng(7)
            seen = random.uniform(-3, 3, [32] + sized(signature, 1, [6, 9])[1:]).astype(np.float32)
            for scheme, least in SCHEMES.items():
                with self.subTest(model=name, scheme=scheme):
                    q = self.quantized(model, seen, scheme)
                    for batch, others in ((1, [6, 9]), (4, [6, 9]), (3, [11, 5])):
                        x = random.uniform(-2, 2, sized(signature, batch, others)).astype(np.float32)
                        y, z = litert(model, x), litert(q, x)
                        self.assertEqual(y.shape, z.shape)
                        if others == [6, 9]:  # ranges are those of the sizes seen
                            self.assertGreater(decibels(y, z), least)

    def test_narrow_runs_the_sizes_of_the_samples(self):
        for name in CASES:
            with self.subTest(model=name):
                model, signature = model_of(name)
                x = np.random.default_rng(3).normal(0, 1, [2] + sized(signature, 1, [6, 9])[1:]).astype(np.float32)
                (self.folder / "m.tflite").write_bytes(model)
                np.save(self.folder / "x.npy", x)
                self.narrow("run", self.folder / "m.tflite", "--data", self.folder / "x.npy", "-o",
                            self.folder / "y.npy")
                y = np.load(self.folder / "y.npy")
                for sample, result in zip(x, y):
                    np.testing.assert_allclose(result, litert(model, sample[None])[0], rtol=1e-4, atol=1e-5)

    def test_sizes_are_fixed_on_request(self):
        model, signature = model_of("resize")
        x = np.random.default_rng(5).normal(0, 1, [8, 6, 9, 3]).astype(np.float32)
        q = self.quantized(model, x, "int8", "--shape", "x=1x6x9x3")
        shown = json.loads(self.narrow("inspect", self.folder / "q.tflite", "--json").stdout)
        self.assertEqual(shown["outputs"][0]["shape"], [1, 12, 18, 4])
        self.assertNotIn("SHAPE", [op["op"] for op in shown["ops"]])
        self.assertGreater(decibels(litert(model, x[:1]), litert(q, x[:1])), 25)
        shown = json.loads(self.narrow("inspect", self.folder / "m.tflite", "--batch", 3, "--json").stdout)
        self.assertEqual(shown["inputs"][0]["shape"], [3, -1, -1, 3])
        for wrong, said in ((["--shape", "z=1x6x9x3"], "--shape: there is no input 'z'"),
                            (["--shape", "x=1x6x9x4"], "--shape x=1x6x9x4 does not go with the model"),
                            (["--shape", "x=1x6x9"], "--shape x=1x6x9 does not go with the model"),
                            (["--shape", "x=1x0x9x3"], "--shape does not take 'x=1x0x9x3'"),
                            (["--shape", "x=1x6xx3"], "--shape does not take 'x=1x6xx3'"),
                            (["--shape", "x"], "--shape does not take 'x'"),
                            (["--batch", "0"], "--batch"), (["--batch", "two"], "--batch")):
            with self.subTest(wrong=wrong):
                error = self.narrow("inspect", self.folder / "m.tflite", *wrong, code=2).stderr
                self.assertTrue(error.startswith("narrow: error: ") and said in error.splitlines()[0], error)

    def test_inspect_shows_models_that_contradict_themselves(self):
        net = Net(0)
        x = net.input("x", [1, 4], np.float32)
        net.outputs.append(net.add("FULLY_CONNECTED", [x, net.weights(2, 3), -1], [1, 2], np.float32,
                                   "FullyConnectedOptions"))
        (self.folder / "odd.tflite").write_bytes(net.bytes())
        shown = json.loads(self.narrow("inspect", self.folder / "odd.tflite", "--json").stdout)
        self.assertEqual([op["op"] for op in shown["ops"]], ["FULLY_CONNECTED"])
        self.assertIn("rows of 3", shown["contradiction"]["what"])
        self.assertIn("no other command takes this model", self.narrow("inspect", self.folder / "odd.tflite").stdout)
        self.narrow("export", self.folder / "odd.tflite", "-o", self.folder / "e", code=3)


if __name__ == "__main__":
    unittest.main()
