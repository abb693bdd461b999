"""Ops along whole dimensions: reductions, running sums, positions of extremes, normalizations of rows."""
import functools
import math

import numpy as np

from ..draw import Unfit
from .activations import rows
from .arithmetic import floats_only

NUMBERS = ("float32", "float32", "int32", "int64")


def reduction(draw, name):
    image = draw.chance(0.3)
    shape = draw.shape(4, 4) if image else draw.shape(1, 5)
    rank = len(shape)
    axes = [1, 2] if image else [int(a) for a in draw.rng.choice(rank, draw.whole(1, rank), replace=False)]
    keep = draw.chance(0.5)
    out_shape = [1 if i in axes else v for i, v in enumerate(shape) if keep or i not in axes]
    count = math.prod(shape[a] for a in axes)
    grid = draw.grid()
    dtype = draw.dtype if draw.integer else draw.pick("float32", "float32", "int32", "int64")
    x = draw.input(shape, grid, dtype)
    size = draw.sizes[x] * (count ** 0.5 if name == "SUM" else count ** -0.5)
    out_grid = grid if draw.chance(0.3) else draw.fitting(size)
    spelled = [a - rank if draw.chance(0.3) else a for a in axes]
    y = draw.output(out_shape, out_grid, dtype)
    draw.op(name, [x, draw.constant(spelled, dtype="int32")], [y], "ReducerOptions",
            version=draw.version(1, 2, 3 if name == "MEAN" else 2), keepDims=keep)


def axes_of(draw, rank):
    """Some axes, none of them twice, and the same as a model may spell them."""
    axes = [int(a) for a in draw.rng.choice(rank, draw.whole(1, rank), replace=False)]
    return axes, [a - rank if draw.chance(0.3) else a for a in axes]


def without(shape, axes, keep):
    return [1 if i in axes else v for i, v in enumerate(shape) if keep or i not in axes]


def reduce(draw, name, dtypes, versions):
    """A reduction whose result keeps the data's grid."""
    if draw.integer and versions is None:
        raise Unfit("no runtime has it on quantized integers")
    dtype = draw.dtype if draw.integer else draw.pick(*dtypes)
    shape = draw.shape(1, 5)
    axes, spelled = axes_of(draw, len(shape))
    keep = draw.chance(0.5)
    grid = draw.grid()
    x = draw.input(shape, grid, dtype)
    y = draw.output(without(shape, axes, keep), grid, dtype)
    draw.op(name, [x, draw.constant(spelled, dtype="int32")], [y], "ReducerOptions",
            version=draw.version(*versions) if versions else 1, keepDims=keep)


def product(draw):
    shape = draw.shape(1, 5, most=300)
    axes, spelled = axes_of(draw, len(shape))
    keep = draw.chance(0.5)
    dtype = draw.dtype if draw.integer else draw.pick("float32", "int32", "int64")
    x = draw.input(shape, draw.grid(draw.log(-7, -4) if draw.width == "int8" else draw.log(-15, -12)), dtype)
    y = draw.output(without(shape, axes, keep), draw.fitting(draw.log(-6, 3)), dtype)
    draw.result_size = 0
    if dtype == "float32":
        draw.samples["x0"] = 1 + np.float32(0.1) * draw.samples["x0"].clip(-3, 3)
    draw.op("REDUCE_PROD", [x, draw.constant(spelled, dtype="int32")], [y], "ReducerOptions",
            version=draw.version(1, 2, 2), keepDims=keep)


def extreme_index(draw, name):
    if draw.width == "int16":
        raise Unfit("no runtime takes 16 bits")
    dtype = draw.dtype if draw.integer else draw.pick("float32", "float32", "int32")
    shape = draw.shape(1, 5)
    axis = draw.whole(0, len(shape) - 1)
    index = draw.pick("int32", "int64")
    x = draw.input(shape, draw.grid(), dtype)
    spelled = axis - len(shape) if draw.chance(0.4) else axis
    y = draw.output(without(shape, [axis], False), None, index)
    draw.op(name, [x, draw.constant([spelled] if draw.chance(0.5) else spelled, dtype="int32")], [y],
            "ArgMaxOptions" if name == "ARG_MAX" else "ArgMinOptions", version=draw.version(1, 2, 2),
            outputType=2 if index == "int32" else 4)


def cumsum(draw):
    floats_only(draw)
    dtype = draw.pick("float32", "int32", "int64")
    shape = draw.shape(1, 5)
    axis = draw.whole(-len(shape), len(shape) - 1)
    x = draw.input(shape, dtype=dtype)
    draw.op("CUMSUM", [x, draw.constant(axis, dtype="int32")], [draw.output(shape, dtype=dtype)], "CumsumOptions",
            exclusive=draw.chance(0.5), reverse=draw.chance(0.5))


def local(draw):
    floats_only(draw)
    shape = draw.shape(4, 4)
    x = draw.input(shape)
    draw.op("LOCAL_RESPONSE_NORMALIZATION", [x], [draw.output(shape)], "LocalResponseNormalizationOptions",
            radius=draw.whole(0, 6), bias=float(draw.log(-1, 2)), alpha=float(draw.log(-10, 1)),
            beta=draw.pick(0.5, 0.75, 1.0, float(draw.log(-2, 1))))


CASES = {
    "MEAN": functools.partial(reduction, name="MEAN"),
    "SUM": functools.partial(reduction, name="SUM"),
    "REDUCE_ALL": functools.partial(reduce, name="REDUCE_ALL", dtypes=("bool",), versions=None),
    "REDUCE_ANY": functools.partial(reduce, name="REDUCE_ANY", dtypes=("bool",), versions=None),
    "REDUCE_MAX": functools.partial(reduce, name="REDUCE_MAX", dtypes=NUMBERS, versions=(1, 2, 3)),
    "REDUCE_MIN": functools.partial(reduce, name="REDUCE_MIN", dtypes=NUMBERS, versions=(1, 2, 3)),
    "REDUCE_PROD": product,
    "ARG_MAX": functools.partial(extreme_index, name="ARG_MAX"),
    "ARG_MIN": functools.partial(extreme_index, name="ARG_MIN"),
    "CUMSUM": cumsum,
    "L2_NORMALIZATION": functools.partial(rows, name="L2_NORMALIZATION", options="L2NormOptions", int8=(1 / 128, 0)),
    "LOCAL_RESPONSE_NORMALIZATION": local,
}
