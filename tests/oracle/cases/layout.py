"""Elements put elsewhere: shapes, pieces, padding, blocks, repetitions, order."""
import math

import numpy as np

from ..draw import Unfit
from ..tflite_builder import Grid, schema

MOVED_TYPES = ("int32", "int64", "uint8", "bool")  # that real graphs move about beside the widths


def dynamic_update_slice(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
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
    dtype, grid = draw.element(*MOVED_TYPES)
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


def split(draw):
    dtype, grid = draw.element("int32", "int64", "uint8")
    shape = draw.shape(1, 5, 500)
    axis, count = draw.whole(0, len(shape) - 1), draw.whole(1, 4)
    part = list(shape)
    shape[axis] *= count
    a = draw.constant(axis - len(shape) if draw.chance(0.3) else axis, dtype="int32")
    x = draw.input(shape, grid, dtype)
    draw.op("SPLIT", [a, x], [draw.output(part, grid, dtype) for _ in range(count)], "SplitOptions",
            version=draw.version(3, 2, 4), numSplits=count)


def split_v(draw):
    dtype, grid = draw.element("int32", "int64", "uint8")
    shape = draw.shape(1, 5, 500)
    axis = draw.whole(0, len(shape) - 1)
    sizes = [draw.whole(1, 4) for _ in range(draw.whole(1, 4))]
    shape[axis] = sum(sizes)
    spelled = list(sizes)
    if draw.chance(0.4):
        spelled[draw.whole(0, len(sizes) - 1)] = -1
    x = draw.input(shape, grid, dtype)
    s = draw.constant(spelled, dtype=draw.pick("int32", "int64"))
    a = draw.constant(axis - len(shape) if draw.chance(0.3) else axis, dtype="int32")
    parts = [[*shape[:axis], size, *shape[axis + 1:]] for size in sizes]
    draw.op("SPLIT_V", [x, s, a], [draw.output(part, grid, dtype) for part in parts], "SplitVOptions",
            version=draw.version(1, 2, 2), numSplits=len(sizes))


def unpack(draw):
    dtype, grid = draw.element("int32", "uint8", "bool")
    shape = draw.shape(1, 5, 500)
    axis = draw.whole(0, len(shape) - 1)
    shape[axis] = draw.whole(1, 5)
    x = draw.input(shape, grid, dtype)
    rest = [*shape[:axis], *shape[axis + 1:]]
    draw.op("UNPACK", [x], [draw.output(rest, grid, dtype) for _ in range(shape[axis])], "UnpackOptions",
            version=draw.version(3, 2, 4), num=shape[axis], axis=axis - len(shape) if draw.chance(0.3) else axis)


def slice_(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
    shape = draw.shape(1, 5)
    begin = [draw.whole(0, v - 1) for v in shape]
    size = [draw.whole(1, v - b) for v, b in zip(shape, begin)]
    spelled = [-1 if v - b == s and draw.chance(0.5) else s for v, b, s in zip(shape, begin, size)]
    x = draw.input(shape, grid, dtype)
    index = draw.pick("int32", "int64")
    if draw.chance(0.7):
        b = draw.constant(begin, dtype=index)
    else:  # computed begins that leave the slice inside
        spelled, room = size, min(v - s for v, s in zip(shape, size)) + 1
        b = draw.positions(0, room, [len(shape)], np.dtype(index).type, constant=0)
    y = draw.output(size, grid, dtype)
    draw.op("SLICE", [x, b, draw.constant(spelled, dtype=index)], [y], "SliceOptions", version=draw.version(5, 5, 5))


def fill(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
    shape = draw.shape(0, 5)
    value = draw.input([], grid, dtype)
    y = draw.output(shape, grid, dtype)
    draw.op("FILL", [draw.constant(shape, dtype=draw.pick("int32", "int64")), value], [y], "FillOptions",
            version=draw.version(2, 3, 3))


def tile(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
    shape = draw.shape(1, 5, 200)
    times = [draw.pick(1, 1, 2, 3) for _ in shape]
    x = draw.input(shape, grid, dtype)
    y = draw.output([v * n for v, n in zip(shape, times)], grid, dtype)
    draw.op("TILE", [x, draw.constant(times, dtype=draw.pick("int32", "int64"))], [y], "TileOptions", version=1)


def broadcast_to(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
    out = draw.shape(1, 6)
    shape = [1 if draw.chance(0.4) else v for v in out][draw.whole(0, len(out) - 1):]
    x = draw.input(shape, grid, dtype)
    y = draw.output(out, grid, dtype)
    draw.op("BROADCAST_TO", [x, draw.constant(out, dtype=draw.pick("int32", "int64"))], [y], "BroadcastToOptions",
            version=draw.version(2, 3, 3))


def reverse(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
    shape = draw.shape(1, 5)
    first = draw.whole(0, len(shape) - 1)
    axes = list(range(first, draw.whole(first, len(shape) - 1) + 1))  # LiteRT takes neighbours only
    x = draw.input(shape, grid, dtype)
    a = draw.constant([i - len(shape) if draw.chance(0.3) else i for i in axes], dtype="int32")
    draw.op("REVERSE_V2", [x, a], [draw.output(shape, grid, dtype)], "ReverseV2Options",
            version=draw.version(2, 3, 1))


def image_blocks(draw, to_depth):
    if draw.width == "int16":
        raise Unfit("no 16-bit kernel")
    dtype, grid = draw.element("int32", "int64", "uint8")
    side, n, h, w, c = draw.whole(1, 4), draw.whole(1, 2), *(draw.whole(1, 6) for _ in range(3))
    small, large = [n, h, w, c * side * side], [n, h * side, w * side, c]
    x = draw.input(large if to_depth else small, grid, dtype)
    y = draw.output(small if to_depth else large, grid, dtype)
    name = "SPACE_TO_DEPTH" if to_depth else "DEPTH_TO_SPACE"
    draw.op(name, [x], [y], "SpaceToDepthOptions" if to_depth else "DepthToSpaceOptions",
            version=draw.version(1, 2 if to_depth else 1, 1), blockSize=side)


def space_to_depth(draw):
    image_blocks(draw, True)


def depth_to_space(draw):
    image_blocks(draw, False)


def zeros_like(draw):
    if draw.integer:
        raise Unfit("no kernel for quantized data")
    dtype, _ = draw.element("int32", "int64")
    shape = draw.shape(0, 5)
    draw.op("ZEROS_LIKE", [draw.input(shape, None, dtype)], [draw.output(shape, None, dtype)], "ZerosLikeOptions")


def rank(draw):
    x = draw.input(draw.shape(1, 6), draw.grid())
    draw.op("RANK", [x], [draw.output([], dtype="int32")], "RankOptions")


def range_(draw):
    if draw.integer:
        raise Unfit("no kernel for quantized data")
    dtype, _ = draw.element("int32", "int64")
    start, delta = (draw.log(-2, 4) if dtype is np.float32 else draw.whole(-20, 20) for _ in range(2))
    delta = delta or 1
    limit = start + delta * draw.whole(1, 30) + (delta > 0) - (delta < 0)
    start, limit, delta = (dtype(v) for v in (start, limit, delta))
    count = np.ceil(np.abs(dtype(dtype(limit - start) / delta))) if dtype is np.float32 else len(
        range(start, limit, delta))
    # An input, so that there is something to run.
    x = draw.input([1], None, dtype)
    r = draw.net.tensor("r", [int(count)], dtype)
    draw.op("RANGE", [draw.constant(v) for v in (start, limit, delta)], [r], "RangeOptions",
            version=2 if dtype is np.int64 else 1)
    draw.op("CONCATENATION", [x, r], [draw.output([int(count) + 1], None, dtype)], "ConcatenationOptions", axis=0)


def broadcast_args(draw):
    if draw.integer:
        raise Unfit("no kernel for quantized data")
    dtype = draw.pick("int32", "int64")
    whole = draw.shape(1, 6)
    lists = [[1 if draw.chance(0.3) else v for v in whole[draw.whole(0, len(whole) - 1):]] for _ in range(2)]
    operands = [draw.constant(v, dtype=dtype) for v in lists]
    for i in range(2):
        if i == 0 or draw.chance(0.5):
            name = f"x{i}"
            operands[i] = draw.net.input(name, [len(lists[i])], dtype)
            draw.samples[name] = np.array([lists[i]] * 3, dtype)
    y = draw.output([max(map(len, lists))], None, dtype)
    draw.op("BROADCAST_ARGS", operands, [y])


def concatenation(draw):
    shape = draw.shape(1, 5, 500)
    axis = draw.whole(0, len(shape) - 1)
    sizes = [draw.whole(1, 5) for _ in range(draw.whole(1, 4))]
    grid = draw.grid()
    first = draw.input([*shape[:axis], sizes[0], *shape[axis + 1:]], grid)
    rest = [draw.operand([*shape[:axis], size, *shape[axis + 1:]], grid) for size in sizes[1:]]
    operands = [first, *rest]
    if draw.chance(0.5):
        operands.reverse()
    y = draw.output([*shape[:axis], sum(sizes), *shape[axis + 1:]], grid)
    draw.op("CONCATENATION", operands, [y], "ConcatenationOptions", version=draw.version(1, 2, 3),
            axis=axis - len(shape) if draw.chance(0.3) else axis)


def pack(draw):
    shape = draw.shape(0, 4, 500)
    count, axis = draw.whole(1, 4), draw.whole(0, len(shape))
    grid = draw.grid()
    operands = [draw.input(shape, grid)] + [draw.operand(shape, grid) for _ in range(count - 1)]
    y = draw.output([*shape[:axis], count, *shape[axis:]], grid)
    draw.op("PACK", operands, [y], "PackOptions", version=draw.version(1, 2, 3), valuesCount=count,
            axis=axis - len(shape) - 1 if draw.chance(0.3) else axis)


def pad(draw):
    shape = draw.shape(1, 5, 500)
    paddings = np.array([[draw.whole(0, 3), draw.whole(0, 3)] for _ in shape])
    grid = draw.grid()
    x = draw.input(shape, grid)
    p = draw.constant(paddings, dtype=draw.pick("int32", "int64"))
    y = draw.output([v + int(a + b) for v, (a, b) in zip(shape, paddings)], grid)
    draw.op("PAD", [x, p], [y], "PadOptions", version=draw.version(1, 2, 3))


def reshape(draw):
    shape = draw.shape(1, 5)
    shape[draw.whole(0, len(shape) - 1)] *= draw.pick(2, 3, 4)
    left, new = math.prod(shape), []
    while left > 1 and len(new) < 4 and draw.chance(0.8):
        new.append(next(d for d in range(draw.whole(1, left), 0, -1) if left % d == 0))
        left //= new[-1]
    new.insert(draw.whole(0, len(new)), left)
    spelled = list(new)
    if draw.chance(0.4):
        spelled[draw.whole(0, len(new) - 1)] = -1
    grid = draw.grid()
    x = draw.input(shape, grid)
    form = draw.whole(0, 2)
    operands = [x] if form == 0 else [x, draw.constant(spelled, dtype="int32")]
    y = draw.output(new, grid)
    options = {} if form == 1 else {"options": "ReshapeOptions", "newShape": np.array(spelled, np.int32)}
    draw.op("RESHAPE", operands, [y], **options)


def squeeze(draw):
    shape = [1 if draw.chance(0.5) else v for v in draw.shape(1, 5)]
    ones = [i for i, v in enumerate(shape) if v == 1]
    chosen = [i for i in ones if draw.chance(0.5)]
    gone = chosen or ones
    grid = draw.grid()
    x = draw.input(shape, grid)
    y = draw.output([v for i, v in enumerate(shape) if i not in gone], grid)
    spelled = [i - len(shape) if draw.chance(0.3) else i for i in chosen]
    draw.op("SQUEEZE", [x], [y], "SqueezeOptions", squeezeDims=np.array(spelled, np.int32))


def expand_dims(draw):
    shape = draw.shape(0, 4)
    axis = draw.whole(0, len(shape))
    grid = draw.grid()
    x = draw.input(shape, grid)
    spelled = axis - len(shape) - 1 if draw.chance(0.3) else axis
    a = draw.constant([spelled] if draw.chance(0.5) else spelled, dtype="int32")
    y = draw.output([*shape[:axis], 1, *shape[axis:]], grid)
    draw.op("EXPAND_DIMS", [x, a], [y], "ExpandDimsOptions")


def transpose(draw):
    shape = draw.shape(1, 6)
    order = [int(i) for i in draw.rng.permutation(len(shape))]
    grid = draw.grid()
    x = draw.input(shape, grid)
    p = draw.constant([i - len(shape) if draw.chance(0.1) else i for i in order], dtype="int32")
    y = draw.output([shape[i] for i in order], grid)
    draw.op("TRANSPOSE", [x, p], [y], "TransposeOptions", version=draw.version(1, 2, 4))


def strided_slice(draw):
    if draw.chance(0.2):
        return single_elements(draw)
    shape = draw.shape(1, 5)
    rank = draw.whole(1, len(shape))
    masks = {"beginMask": 0, "endMask": 0, "shrinkAxisMask": 0}
    begin, end, step, index = [], [], [], []
    for i, size in enumerate(shape[:rank]):
        b, shrink = draw.whole(0, size - 1), draw.chance(0.15)
        s = 1 if shrink else draw.pick(1, 1, 1, 2, 3, -1, -2)
        e = b + 1 if shrink else draw.whole(b + 1, size) if s > 0 else draw.whole(0, b) - 1
        for mask, free in (("beginMask", not shrink and draw.chance(0.2)), ("endMask", not shrink and draw.chance(0.2))):
            masks[mask] |= free << i
        masks["shrinkAxisMask"] |= shrink << i
        if e < 0:
            e = -size - 1  # before the first element; -1 would be the last one
        at = slice(None if masks["beginMask"] >> i & 1 else b,
                   None if masks["endMask"] >> i & 1 or e < 0 else e, s)
        index.append(b if shrink else at)
        begin.append(b - size if draw.chance(0.3) else b)
        end.append(e - size if 0 <= e < size and draw.chance(0.3) and not shrink else e)
        step.append(s)
    grid = draw.grid()
    x = draw.input(shape, grid)
    y = draw.output(np.empty(shape)[tuple(index)].shape, grid)
    draw.op("STRIDED_SLICE", [x, *(draw.constant(v, dtype="int32") for v in (begin, end, step))], [y],
            "StridedSliceOptions", version=draw.version(1, 2, 4), **masks)


def single_elements(draw):
    """x[:, i, ..., j] with computed begins."""
    shape = draw.shape(1, 5)
    chosen = [draw.chance(0.5) for _ in shape]
    grid = draw.grid()
    x = draw.input(shape, grid)
    begin = draw.positions(0, min(shape), [len(shape)], np.int32, constant=0)
    end, step = (draw.constant([1] * len(shape), dtype="int32") for _ in range(2))
    bits = sum(c << i for i, c in enumerate(chosen))
    whole = (1 << len(shape)) - 1 - bits
    y = draw.output([v for v, c in zip(shape, chosen) if not c], grid)
    draw.op("STRIDED_SLICE", [x, begin, end, step], [y], "StridedSliceOptions", version=draw.version(1, 2, 4),
            beginMask=whole, endMask=whole, shrinkAxisMask=bits)


def shape_of(draw):
    shape = draw.shape(1, 5)
    out = draw.pick("int32", "int64")
    x = draw.input(shape, draw.grid())
    y = draw.output([len(shape)], dtype=out)
    draw.op("SHAPE", [x], [y], "ShapeOptions", outType=getattr(schema().TensorType, out.upper()))


CASES = {
    "DYNAMIC_UPDATE_SLICE": dynamic_update_slice,
    "REVERSE_SEQUENCE": reverse_sequence,
    "MATRIX_DIAG": matrix_diag,
    "MATRIX_SET_DIAG": matrix_set_diag,
    "PADV2": padv2,
    "MIRROR_PAD": mirror_pad,
    "SPACE_TO_BATCH_ND": space_to_batch,
    "BATCH_TO_SPACE_ND": batch_to_space,
    "SPLIT": split,
    "SPLIT_V": split_v,
    "UNPACK": unpack,
    "SLICE": slice_,
    "FILL": fill,
    "TILE": tile,
    "BROADCAST_TO": broadcast_to,
    "BROADCAST_ARGS": broadcast_args,
    "REVERSE_V2": reverse,
    "SPACE_TO_DEPTH": space_to_depth,
    "DEPTH_TO_SPACE": depth_to_space,
    "ZEROS_LIKE": zeros_like,
    "RANK": rank,
    "RANGE": range_,
    "CONCATENATION": concatenation,
    "PACK": pack,
    "PAD": pad,
    "RESHAPE": reshape,
    "SQUEEZE": squeeze,
    "EXPAND_DIMS": expand_dims,
    "TRANSPOSE": transpose,
    "STRIDED_SLICE": strided_slice,
    "SHAPE": shape_of,
}
