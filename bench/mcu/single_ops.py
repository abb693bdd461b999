"""Models of one op each, of 8 bits and of shapes that small networks have: what is no multiply-accumulate."""
import dataclasses
import sys
from collections.abc import Callable

import numpy as np

from ..environment import ROOT, Absent

IMAGE, SMALL, VECTOR = (1, 24, 24, 32), (1, 8, 8, 64), (1, 640)
# (scale, zero point)
WIDE, OTHER, RESULT = (0.047, -7), (0.031, 12), (0.0823, 3)


@dataclasses.dataclass(frozen=True)
class SingleOp:
    name: str  # of the op and what is special: "SPLIT channels"
    shape: str
    build: Callable  # of a builder that has a model of the op made

    @property
    def file(self):
        return f"{self.name}_{self.shape}".replace(" ", "_").replace(",", "")


def tools():
    """The tests' own builder of models, which needs flatbuffers and flatc."""
    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))
    try:
        from oracle import tflite_builder
    except ImportError as e:
        raise Absent(f"no {e.name}") from e
    return tflite_builder


def spelled(shape):
    return "x".join(str(v) for v in (shape[1:] if len(shape) > 1 and shape[0] == 1 else shape))


class Maker:
    """A model in the making: inputs, constants and outputs of 8 bits."""

    def __init__(self):
        self.tools = tools()
        self.net = self.tools.TfliteBuilder()

    def grid(self, params):
        return params and self.tools.Grid(np.float32(params[0]), params[1])

    def input(self, shape, params=WIDE, dtype=np.int8):
        return self.net.input(f"x{len(self.net.inputs)}", shape, dtype, self.grid(params))

    def output(self, shape, params=RESULT, dtype=np.int8):
        return self.net.output(f"y{len(self.net.outputs)}", shape, dtype, self.grid(params))

    def constant(self, values, dtype=np.int32, params=None):
        values = np.asarray(values, dtype)
        return self.net.tensor(f"c{len(self.net.tensors)}", values.shape, dtype, self.grid(params), values)

    def op(self, *arguments, **fields):
        self.net.op(*arguments, **fields)


def unary(op, shape, result, options=None, version=2, name=None, taken=WIDE, **fields):
    def build(m):
        m.op(op, [m.input(shape, taken)], [m.output(shape, result)], options, version=version, **fields)
    return SingleOp(name or op, spelled(shape), build)


def reduction(op, shape, axes, result, note):
    def build(m):
        x, a = m.input(shape), m.constant(axes)
        out = [1 if i in axes else v for i, v in enumerate(shape)]
        m.op(op, [x, a], [m.output(out, result)], "ReducerOptions", version=2, keepDims=True)
    return SingleOp(f"{op} {note}", spelled(shape), build)


def pair(op, shape, options, other=None, constant=False, result=RESULT, taken=(WIDE, OTHER)):
    """Of two operands; the second one of the shape `other`, and a constant or not."""
    def build(m):
        a = m.input(shape, taken[0])
        if constant:
            values = np.random.default_rng(5).integers(-128, 128, other)
            b = m.constant(values, np.int8, taken[1])
        else:
            b = m.input(other or shape, taken[1])
        m.op(op, [a, b], [m.output(shape, result)], options, version=2)
    note = "" if other is None else f" {spelled(other)} {'constant' if constant else 'repeated'}"
    return SingleOp(op + note, spelled(shape), build)


def softmax(shape, op="SOFTMAX"):
    def build(m):
        result = (1 / 256, -128) if op == "SOFTMAX" else (16 / 256, 127)
        fields = {"beta": 1.0} if op == "SOFTMAX" else {}
        options = "SoftmaxOptions" if op == "SOFTMAX" else "LogSoftmaxOptions"
        m.op(op, [m.input(shape)], [m.output(shape, result)], options, version=2, **fields)
    return SingleOp(op, spelled(shape), build)


def joined(op, shapes, axis, out, options, note, **fields):
    def build(m):
        inputs = [m.input(s) for s in shapes]
        m.op(op, inputs, [m.output(out, WIDE)], options, version=2, axis=axis, **fields)
    return SingleOp(f"{op} {note}", f"{len(shapes)} x {spelled(shapes[0])}", build)


def split(shape, axis, count, note):
    def build(m):
        part = [v // count if i == axis else v for i, v in enumerate(shape)]
        a = m.constant(axis)
        x = m.input(shape)
        m.op("SPLIT", [a, x], [m.output(part, WIDE) for _ in range(count)], "SplitOptions", version=2, numSplits=count)
    return SingleOp(f"SPLIT {note}", f"{spelled(shape)} in {count}", build)


def unpack(shape, axis, note):
    def build(m):
        part = [v for i, v in enumerate(shape) if i != axis]
        x = m.input(shape)
        m.op("UNPACK", [x], [m.output(part, WIDE) for _ in range(shape[axis])], "UnpackOptions", version=2,
             num=shape[axis], axis=axis)
    return SingleOp(f"UNPACK {note}", f"{spelled(shape)} in {shape[axis]}", build)


def strided_slice(shape, begin, end, strides, note):
    def build(m):
        out = [len(range(b, e, s)) for b, e, s in zip(begin, end, strides)]
        operands = [m.input(shape), m.constant(begin), m.constant(end), m.constant(strides)]
        m.op("STRIDED_SLICE", operands, [m.output(out, WIDE)], "StridedSliceOptions", version=2)
    return SingleOp(f"STRIDED_SLICE {note}", spelled(shape), build)


def slice_of(shape, begin, size, note):
    def build(m):
        operands = [m.input(shape), m.constant(begin), m.constant(size)]
        m.op("SLICE", operands, [m.output(size, WIDE)], "SliceOptions", version=2)
    return SingleOp(f"SLICE {note}", spelled(shape), build)


def padded(op, shape, paddings, options, note, **fields):
    def build(m):
        out = [v + a + b for v, (a, b) in zip(shape, paddings)]
        operands = [m.input(shape), m.constant(paddings)]
        if op == "PADV2":
            operands.append(m.constant(11, np.int8, WIDE))
        m.op(op, operands, [m.output(out, WIDE)], options, version=2, **fields)
    return SingleOp(f"{op} {note}", spelled(shape), build)


def transpose(shape, order):
    def build(m):
        operands = [m.input(shape), m.constant(order)]
        m.op("TRANSPOSE", operands, [m.output([shape[i] for i in order], WIDE)], "TransposeOptions", version=2)
    return SingleOp(f"TRANSPOSE {','.join(map(str, order))}", spelled(shape), build)


def pool(op, shape, size, stride, same):
    def build(m):
        def places(extent):
            return -(-extent // stride) if same else (extent - size) // stride + 1
        out = [1, places(shape[1]), places(shape[2]), shape[3]]
        m.op(op, [m.input(shape)], [m.output(out, WIDE)], "Pool2DOptions", version=2, filterHeight=size,
             filterWidth=size, strideH=stride, strideW=stride, padding=0 if same else 1)
    return SingleOp(f"{op} {size}x{size} by {stride}{' same' if same else ''}", spelled(shape), build)


def resized(op, shape, size, options):
    def build(m):
        out = [1, *size, shape[3]]
        m.op(op, [m.input(shape), m.constant(size)], [m.output(out, WIDE)], options, version=2)
    return SingleOp(op, f"{spelled(shape)} to {size[0]}x{size[1]}", build)


def blocks(op, shape, out, options):
    def build(m):
        m.op(op, [m.input(shape)], [m.output(out, WIDE)], options, version=2 if op == "DEPTH_TO_SPACE" else 1, blockSize=2)
    return SingleOp(op, spelled(shape), build)


def gather(shape, axis, indices):
    def build(m):
        out = [*shape[:axis], len(indices), *shape[axis + 1:]]
        m.op("GATHER", [m.input(shape), m.constant(indices)], [m.output(out, WIDE)], "GatherOptions", version=2, axis=axis)
    return SingleOp("GATHER", spelled(shape), build)


def prelu(shape):
    def build(m):
        alpha = m.constant(np.random.default_rng(5).integers(-128, 128, (1, 1, shape[-1])), np.int8, (0.01, 3))
        m.op("PRELU", [m.input(shape), alpha], [m.output(shape, RESULT)], version=1)
    return SingleOp("PRELU", spelled(shape), build)


def requantize(shape, source, target, taken, result):
    def build(m):
        m.op("QUANTIZE", [m.input(shape, taken, source)], [m.output(shape, result, target)], "QuantizeOptions", version=2)
    return SingleOp(f"QUANTIZE {np.dtype(source).name} {np.dtype(target).name}", spelled(shape), build)


def extreme_index(op, shape, options):
    def build(m):
        m.op(op, [m.input(shape), m.constant([len(shape) - 1])], [m.output(shape[:-1], None, np.int32)], options,
             version=2, outputType=2)
    return SingleOp(op, spelled(shape), build)


SQUASHED = (1 / 256, -128)
BORDER = [[0, 0], [1, 1], [1, 1], [0, 0]]

SINGLE_OPS = (
    reduction("MEAN", SMALL, [1, 2], RESULT, "of pixels"),
    reduction("MEAN", IMAGE, [3], RESULT, "of channels"),
    reduction("MEAN", VECTOR, [1], RESULT, "of all"),
    reduction("SUM", SMALL, [1, 2], (2.0, 3), "of pixels"),
    reduction("REDUCE_MAX", SMALL, [1, 2], WIDE, "of pixels"),
    reduction("REDUCE_MAX", IMAGE, [3], WIDE, "of channels"),
    reduction("REDUCE_MIN", SMALL, [1, 2], WIDE, "of pixels"),
    unary("RELU", IMAGE, RESULT), unary("RELU6", IMAGE, RESULT),
    unary("LEAKY_RELU", IMAGE, RESULT, "LeakyReluOptions", alpha=0.1),
    prelu(IMAGE),
    unary("ELU", IMAGE, RESULT, version=1),
    unary("HARD_SWISH", IMAGE, RESULT, "HardSwishOptions", version=1),
    unary("TANH", IMAGE, (1 / 128, 0)), unary("TANH", VECTOR, (1 / 128, 0)),
    unary("LOGISTIC", IMAGE, SQUASHED), unary("LOGISTIC", VECTOR, SQUASHED),
    unary("ABS", VECTOR, RESULT, version=2),
    pair("ADD", SMALL, "AddOptions"), pair("ADD", SMALL, "AddOptions", (1, 1, 1, 64), True),
    pair("ADD", SMALL, "AddOptions", (1, 1, 1, 1), True),
    pair("SUB", SMALL, "SubOptions"), pair("SUB", SMALL, "SubOptions", (1, 1, 1, 64), True),
    pair("MUL", SMALL, "MulOptions"), pair("MUL", SMALL, "MulOptions", (1, 1, 1, 64)),
    pair("MUL", SMALL, "MulOptions", (1, 1, 1, 1), True),
    pair("MAXIMUM", SMALL, "MaximumMinimumOptions", result=WIDE, taken=(WIDE, WIDE)),
    pair("MINIMUM", SMALL, "MaximumMinimumOptions", result=WIDE, taken=(WIDE, WIDE)),
    pair("SQUARED_DIFFERENCE", SMALL, "SquaredDifferenceOptions"),
    softmax((1, 12)), softmax(VECTOR), softmax((64, 10)), softmax((1, 12), "LOG_SOFTMAX"),
    joined("PACK", [(1, 640)] * 4, 0, (4, 1, 640), "PackOptions", "rows", valuesCount=4),
    joined("PACK", [(1, 640)] * 4, 2, (1, 640, 4), "PackOptions", "elements", valuesCount=4),
    unpack((4, 640), 0, "rows"), unpack((640, 4), 1, "elements"),
    split(IMAGE, 1, 2, "rows"), split(IMAGE, 3, 2, "channels"),
    strided_slice(IMAGE, (0, 0, 0, 0), (1, 24, 24, 32), (1, 2, 2, 1), "every other pixel"),
    strided_slice(IMAGE, (0, 2, 2, 0), (1, 22, 22, 32), (1, 1, 1, 1), "window"),
    strided_slice(IMAGE, (0, 0, 0, 8), (1, 24, 24, 16), (1, 1, 1, 1), "channels"),
    strided_slice(VECTOR, (0, 1), (1, 639), (1, 2), "every other element"),
    slice_of(IMAGE, (0, 2, 2, 0), (1, 20, 20, 32), "window"), slice_of(IMAGE, (0, 0, 0, 8), (1, 24, 24, 8), "channels"),
    joined("CONCATENATION", [SMALL] * 2, 3, (1, 8, 8, 128), "ConcatenationOptions", "channels"),
    joined("CONCATENATION", [SMALL] * 2, 1, (1, 16, 8, 64), "ConcatenationOptions", "rows"),
    joined("CONCATENATION", [(1, 24, 24, 8)] * 2, 3, (1, 24, 24, 16), "ConcatenationOptions", "few channels"),
    padded("PAD", IMAGE, BORDER, "PadOptions", "border"), padded("PADV2", IMAGE, BORDER, "PadV2Options", "border"),
    padded("PAD", IMAGE, [[0, 0], [0, 0], [0, 0], [0, 8]], "PadOptions", "channels"),
    padded("MIRROR_PAD", SMALL, BORDER, "MirrorPadOptions", "border", mode=0),
    transpose(IMAGE, (0, 3, 1, 2)), transpose(IMAGE, (0, 2, 1, 3)), transpose((1, 49, 40), (0, 2, 1)),
    pool("MAX_POOL_2D", IMAGE, 2, 2, False), pool("MAX_POOL_2D", IMAGE, 3, 2, True), pool("MAX_POOL_2D", SMALL, 8, 8, False),
    pool("AVERAGE_POOL_2D", IMAGE, 2, 2, False), pool("AVERAGE_POOL_2D", IMAGE, 3, 1, True),
    pool("AVERAGE_POOL_2D", SMALL, 8, 8, False),
    requantize(IMAGE, np.int8, np.int8, WIDE, RESULT), requantize(VECTOR, np.int16, np.int8, (0.001, 0), RESULT),
    requantize(VECTOR, np.int8, np.int16, WIDE, (0.001, 0)),
    resized("RESIZE_NEAREST_NEIGHBOR", SMALL, (16, 16), "ResizeNearestNeighborOptions"),
    resized("RESIZE_BILINEAR", SMALL, (16, 16), "ResizeBilinearOptions"),
    blocks("SPACE_TO_DEPTH", IMAGE, (1, 12, 12, 128), "SpaceToDepthOptions"),
    blocks("DEPTH_TO_SPACE", (1, 12, 12, 128), IMAGE, "DepthToSpaceOptions"),
    gather(IMAGE, 1, (3, 1, 7, 20, 11, 2)),
    extreme_index("ARG_MAX", (1, 640), "ArgMaxOptions"),
    unary("L2_NORMALIZATION", (64, 16), (1 / 128, 0), "L2NormOptions"),
)
