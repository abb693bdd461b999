"""Elements put elsewhere: cut, repeated, turned around."""
import numpy as np

from ..draw import Unfit

PLAIN = ("int32", "int64", "uint8", "bool")  # that real graphs move about beside the widths


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
    dtype, grid = draw.element(*PLAIN)
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
    dtype, grid = draw.element(*PLAIN)
    shape = draw.shape(0, 5)
    value = draw.input([], grid, dtype)
    y = draw.output(shape, grid, dtype)
    draw.op("FILL", [draw.constant(shape, dtype=draw.pick("int32", "int64")), value], [y], "FillOptions",
            version=draw.version(2, 3, 3))


def tile(draw):
    dtype, grid = draw.element(*PLAIN)
    shape = draw.shape(1, 5, 200)
    times = [draw.pick(1, 1, 2, 3) for _ in shape]
    x = draw.input(shape, grid, dtype)
    y = draw.output([v * n for v, n in zip(shape, times)], grid, dtype)
    draw.op("TILE", [x, draw.constant(times, dtype=draw.pick("int32", "int64"))], [y], "TileOptions", version=1)


def broadcast_to(draw):
    dtype, grid = draw.element(*PLAIN)
    out = draw.shape(1, 6)
    shape = [1 if draw.chance(0.4) else v for v in out][draw.whole(0, len(out) - 1):]
    x = draw.input(shape, grid, dtype)
    y = draw.output(out, grid, dtype)
    draw.op("BROADCAST_TO", [x, draw.constant(out, dtype=draw.pick("int32", "int64"))], [y], "BroadcastToOptions",
            version=draw.version(2, 3, 3))


def reverse(draw):
    dtype, grid = draw.element(*PLAIN)
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


CASES = {
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
}
