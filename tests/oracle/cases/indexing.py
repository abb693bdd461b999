"""Elements chosen or placed by positions, and positions found among elements."""
import functools

import numpy as np

from ..draw import SAMPLES, Unfit
from ..tflite_builder import Grid
from .arithmetic import PLAIN, element, floats_only, near
from .layout import MOVED_TYPES


def bucketize(draw):
    """Values at boundaries too."""
    floats_only(draw)
    dtype = draw.pick("float32", "int32", "int64")
    shape = draw.shape(1, 5)
    boundaries = np.sort(np.round(draw.rng.standard_normal(draw.whole(0, 9)) * 3)).astype(np.float32)
    x = draw.input(shape, dtype=dtype)
    values = draw.samples["x0"]
    at = draw.rng.random(values.shape) < 0.5
    if len(boundaries):
        values[at] = draw.rng.choice(boundaries, values.shape)[at].astype(dtype)
    draw.op("BUCKETIZE", [x], [draw.output(shape, dtype="int32")], "BucketizeOptions", boundaries=boundaries)


def gather(draw):
    dtype, grid = draw.element(*MOVED_TYPES)
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
    dtype, grid = draw.element(*MOVED_TYPES)
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


def where(draw):
    """Known conditions: how many results a computed one has is known from its values only."""
    dtype = element(draw, ("bool", *PLAIN, "int64"), ("int8",))
    shape = draw.shape(1, 4, 200)
    condition = draw.values(shape, dtype)
    if dtype.kind != "b":
        condition = condition * draw.values(shape, bool)
    condition.flat[0] = 1
    found = np.argwhere(condition)
    at = draw.net.tensor("at", found.shape, "int64")
    draw.op("WHERE", [draw.constant(condition, dtype=dtype)], [at], "WhereOptions", version=2)
    draw.op("ADD", [at, draw.input(found.shape, dtype="int64")], [draw.output(found.shape, dtype="int64")],
            "AddOptions", version=4)
    draw.samples["x0"] %= 100


def unique(draw):
    """Known data, as in `where`."""
    dtype = element(draw, (*PLAIN, "int64"))
    data = near(draw, dtype)(None, [draw.whole(1, 60)])
    count = len(np.unique(data))
    index = draw.pick("int32", "int64")
    values, indices = draw.net.tensor("values", [count], dtype), draw.net.tensor("indices", data.shape, index)
    draw.op("UNIQUE", [draw.constant(data, dtype=dtype)], [values, indices], "UniqueOptions",
            idxOutType=2 if index == "int32" else 4)
    for got, shape, kind in ((values, [count], dtype), (indices, data.shape, np.dtype(index))):
        draw.op("MAXIMUM", [got, draw.input(shape, dtype=kind)], [draw.output(shape, dtype=kind)],
                "MaximumMinimumOptions")


def top(draw):
    dtype = draw.dtype if draw.integer else draw.pick("float32", "float32", "int32", "int64")
    shape = draw.shape(1, 4)
    k = draw.whole(1, shape[-1])
    grid = draw.grid()
    x = draw.input(shape, grid, dtype)
    values = draw.output([*shape[:-1], k], grid, dtype)
    indices = draw.net.output("indices", [*shape[:-1], k], "int32")
    draw.op("TOPK_V2", [x, draw.constant(k, dtype="int32")], [values, indices], "TopKV2Options",
            version=draw.version(1, 2, 3))


def suppression(draw, soft):
    """Boxes in groups that overlap, corners in any order, now and then an empty box; scores that differ or do not."""
    floats_only(draw)
    count, most = draw.whole(1, 40), draw.whole(0, 20)
    boxes = draw.net.input("x0", [count, 4], np.float32)
    scores = draw.net.input("x1", [count], np.float32)
    at = draw.rng.integers(0, 4, (SAMPLES, count, 2)) * 2 + draw.rng.random((SAMPLES, count, 2))
    size = draw.rng.uniform(0.5, 3, (SAMPLES, count, 2)) * (draw.rng.random((SAMPLES, count, 2)) < 0.97)
    corners = np.stack([at, at + size], 2)
    order = draw.rng.permuted(np.broadcast_to(np.arange(2).reshape(2, 1), corners.shape), axis=2)
    draw.samples["x0"] = np.take_along_axis(corners, order, 2).reshape(SAMPLES, count, 4).astype(np.float32)
    draw.samples["x1"] = draw.rng.permuted(np.tile(np.arange(count) / count, (SAMPLES, 1)), axis=1).astype(np.float32)
    if draw.chance(0.3):
        draw.samples["x1"] = np.floor(draw.samples["x1"] * 4) / np.float32(4)
    limits = [draw.pick(0.1, 0.5, 0.7, 1.0), draw.pick(-1, 0, 0.3)] + ([draw.pick(0, 0.1, 0.5)] if soft else [])
    operands = [boxes, scores, draw.constant(most, dtype="int32"), *(draw.constant(v, dtype="float32") for v in limits)]
    results = [draw.net.output("indices", [most], "int32")]
    if soft:
        results.append(draw.output([most]))
    results.append(draw.net.output("count", [], "int32"))
    name = f"NON_MAX_SUPPRESSION_V{5 if soft else 4}"
    draw.op(name, operands, results, f"NonMaxSuppressionV{5 if soft else 4}Options")


CASES = {
    "NON_MAX_SUPPRESSION_V4": functools.partial(suppression, soft=False),
    "NON_MAX_SUPPRESSION_V5": functools.partial(suppression, soft=True),
    "BUCKETIZE": bucketize,
    "GATHER": gather,
    "GATHER_ND": gather_nd,
    "SCATTER_ND": scatter_nd,
    "EMBEDDING_LOOKUP": embedding_lookup,
    "ONE_HOT": one_hot,
    "SEGMENT_SUM": segment_sum,
    "WHERE": where,
    "UNIQUE": unique,
    "TOPK_V2": top,
}
