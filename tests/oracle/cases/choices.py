"""Elements chosen or placed by positions, and padding and blocks."""
import numpy as np

from ..draw import Unfit
from ..tflite_builder import Grid, schema
from .moves import PLAIN


def gather(draw):
    dtype, grid = draw.element(*PLAIN)
    shape = draw.shape(1, 5, 500)
    axis = draw.whole(0, len(shape) - 1)
    batch = draw.whole(0, axis) if draw.chance(0.3) else 0
    rest = draw.shape(0, 2, 20)
    x = draw.operand(shape, grid, dtype)
    p = draw.positions(0, shape[axis], [*shape[:batch], *rest],
                       draw.pick(np.int16, np.int32, np.int64), constant=0.5 if draw.samples else 0)
    y = draw.output([*shape[:axis], *rest, *shape[axis + 1:]], grid, dtype)
    draw.op("GATHER", [x, p], [y], "GatherOptions", version=6,
            axis=axis - len(shape) if draw.chance(0.3) else axis, batchDims=batch)


def gather_nd(draw):
    dtype, grid = draw.element(*PLAIN)
    shape = draw.shape(1, 5, 500)
    depth, rows = draw.whole(1, len(shape)), draw.shape(0, 2, 20)
    x = draw.input(shape, grid, dtype)
    low = min(shape[:depth])
    p = draw.positions(0, low, [*rows, depth], draw.pick(np.int16, np.int32, np.int64))
    draw.op("GATHER_ND", [x, p], [draw.output([*rows, *shape[depth:]], grid, dtype)], "GatherNdOptions", version=5)


def scatter_nd(draw):
    if draw.width == "int16":
        raise Unfit("no 16-bit kernel")
    dtype, grid = draw.element("int32", "int64", "uint8", "bool")
    shape = draw.shape(1, 4, 300)
    depth, rows = draw.whole(1, len(shape)), draw.shape(1, 2, 20)
    p = draw.positions(0, min(shape[:depth]), [*rows, depth], np.int32)
    u = draw.input([*rows, *shape[depth:]], grid, dtype)
    draw.op("SCATTER_ND", [p, u, draw.constant(shape, dtype="int32")], [draw.output(shape, grid, dtype)],
            "ScatterNdOptions")


def embedding_lookup(draw):
    rows, row = draw.whole(1, 20), draw.shape(1, 2, 60)
    p = draw.positions(0, rows, [draw.whole(1, 8)], np.int32, constant=0)
    count = draw.net.tensors[p].shape[0]
    if draw.integer or draw.chance(0.5):
        grid = draw.grid()
        table = draw.constant(draw.values([rows, *row]), grid)
        y = draw.output([count, *row], grid)
    else:  # rows of integers become floats
        scales = [draw.log(-9, 1) for _ in range(rows if draw.chance(0.5) else 1)]
        grid = Grid(scales, 0, 0)
        table = draw.constant(draw.values([rows, *row], np.int8), grid)
        y = draw.output([count, *row])
    draw.op("EMBEDDING_LOOKUP", [p, table], [y], version=4)


def one_hot(draw):
    if draw.width == "int16":
        raise Unfit("no 16-bit kernel")
    dtype, grid = draw.element("int32", "int64", "uint8", "bool")
    shape, depth = draw.shape(0, 3, 50), draw.whole(1, 8)
    axis = draw.whole(0, len(shape))
    p = draw.positions(-2, depth + 2, shape, constant=0)
    on, off = (draw.operand([], grid, dtype, constant=0.7) for _ in range(2))
    y = draw.output([*shape[:axis], depth, *shape[axis:]], grid, dtype)
    draw.op("ONE_HOT", [p, draw.constant(depth, dtype="int32"), on, off], [y], "OneHotOptions",
            axis=-1 if axis == len(shape) and draw.chance(0.5) else axis)


def dynamic_update_slice(draw):
    dtype, grid = draw.element(*PLAIN)
    shape = draw.shape(1, 6)
    part = [draw.whole(1, v) for v in shape]
    x, u = draw.input(shape, grid, dtype), draw.operand(part, grid, dtype)
    begin = draw.positions(-2, max(shape) + 2, [len(shape)])
    draw.op("DYNAMIC_UPDATE_SLICE", [x, u, begin], [draw.output(shape, grid, dtype)], "DynamicUpdateSliceOptions",
            version=4)


def reverse_sequence(draw):
    if draw.width == "int8":
        raise Unfit("no 8-bit kernel")
    dtype, grid = draw.element("int32", "int64", "uint8")
    shape = draw.shape(2, 5)
    seq, batch = (int(i) for i in draw.rng.permutation(len(shape))[:2])
    x = draw.input(shape, grid, dtype)
    n = draw.positions(0, shape[seq] + 1, [shape[batch]])
    draw.op("REVERSE_SEQUENCE", [x, n], [draw.output(shape, grid, dtype)], "ReverseSequenceOptions", seqDim=seq,
            batchDim=batch)


def matrix_diag(draw):
    dtype, grid = draw.element("int32", "int64", "uint8")
    shape = draw.shape(1, 3, 300)
    x = draw.input(shape, grid, dtype)
    draw.op("MATRIX_DIAG", [x], [draw.output([*shape, shape[-1]], grid, dtype)], "MatrixDiagOptions")


def matrix_set_diag(draw):
    dtype, grid = draw.element("int32", "int64", "uint8")
    shape = draw.shape(2, 4)
    x = draw.input(shape, grid, dtype)
    d = draw.operand([*shape[:-2], min(shape[-2:])], grid, dtype)
    draw.op("MATRIX_SET_DIAG", [x, d], [draw.output(shape, grid, dtype)], "MatrixSetDiagOptions")


def segment_sum(draw):
    if draw.integer:
        raise Unfit("no kernel for quantized data")
    dtype, _ = draw.element("int32")
    shape = draw.shape(1, 4, 300)
    steps = [draw.whole(0, 1) for _ in range(shape[0] - 1)]
    segments = np.concatenate([[0], np.cumsum(steps)]).astype(np.int32)
    x = draw.input(shape, None, dtype)
    y = draw.output([int(segments[-1]) + 1, *shape[1:]], None, dtype)
    draw.op("SEGMENT_SUM", [x, draw.constant(segments)], [y], "SegmentSumOptions")


def padv2(draw):
    dtype, grid = draw.element("int32", "int64", "uint8")
    if np.dtype(dtype) == np.uint8:
        grid = Grid(draw.log(-9, 1), draw.whole(0, 255))
    shape = draw.shape(1, 5, 500)
    paddings = np.array([[draw.whole(0, 3), draw.whole(0, 3)] for _ in shape])
    x = draw.input(shape, grid, dtype)
    p = draw.constant(paddings, dtype=draw.pick("int32", "int64"))
    v = draw.operand([], grid, dtype, constant=0.7)
    y = draw.output([v + int(a + b) for v, (a, b) in zip(shape, paddings)], grid, dtype)
    draw.op("PADV2", [x, p, v], [y], "PadV2Options", version=draw.version(4, 4, 4))


def mirror_pad(draw):
    dtype, grid = draw.element(*PLAIN)
    shape, skip = draw.shape(1, 5, 500), draw.whole(0, 1)
    paddings = np.array([[draw.whole(0, min(3, v - skip)) for _ in range(2)] for v in shape])
    x = draw.input(shape, grid, dtype)
    p = draw.constant(paddings, dtype=draw.pick("int32", "int64"))
    y = draw.output([v + int(a + b) for v, (a, b) in zip(shape, paddings)], grid, dtype)
    mode = schema().MirrorPadMode
    draw.op("MIRROR_PAD", [x, p], [y], "MirrorPadOptions", version=draw.version(1, 2, 3),
            mode=mode.REFLECT if skip else mode.SYMMETRIC)


def batch_blocks(draw, to_batch):
    dtype, grid = draw.element("int32", "int64", "uint8")
    spatial = draw.whole(1, 2)
    n, c = draw.whole(1, 2), draw.whole(1, 5)
    block = [draw.whole(1, 3) for _ in range(spatial)]
    tile = [draw.whole(1, 4) for _ in range(spatial)]
    whole = [b * t for b, t in zip(block, tile)]
    borders = [[draw.whole(0, min(2, v - 1)), 0] for v in whole]
    for border, v in zip(borders, whole):
        border[1] = draw.whole(0, min(2, v - 1 - border[0]))
    image = [n, *(v - a - b for v, (a, b) in zip(whole, borders)), c]
    tiles = [n * int(np.prod(block)), *tile, c]
    x = draw.input(image if to_batch else tiles, grid, dtype)
    operands = [x, draw.constant(block, dtype="int32"), draw.constant(borders, dtype="int32")]
    y = draw.output(tiles if to_batch else image, grid, dtype)
    name = "SPACE_TO_BATCH_ND" if to_batch else "BATCH_TO_SPACE_ND"
    draw.op(name, operands, [y], "SpaceToBatchNDOptions" if to_batch else "BatchToSpaceNDOptions",
            version=draw.version(3, 3, 4))


def space_to_batch(draw):
    batch_blocks(draw, True)


def batch_to_space(draw):
    batch_blocks(draw, False)


CASES = {
    "GATHER": gather,
    "GATHER_ND": gather_nd,
    "SCATTER_ND": scatter_nd,
    "EMBEDDING_LOOKUP": embedding_lookup,
    "ONE_HOT": one_hot,
    "DYNAMIC_UPDATE_SLICE": dynamic_update_slice,
    "REVERSE_SEQUENCE": reverse_sequence,
    "MATRIX_DIAG": matrix_diag,
    "MATRIX_SET_DIAG": matrix_set_diag,
    "SEGMENT_SUM": segment_sum,
    "PADV2": padv2,
    "MIRROR_PAD": mirror_pad,
    "SPACE_TO_BATCH_ND": space_to_batch,
    "BATCH_TO_SPACE_ND": batch_to_space,
}
