"""Functions of one element, with and without a form in integers."""
import functools

import numpy as np

from ..draw import Unfit
from .activations import argument_grid, rectifier


def floats_only(draw):
    if draw.integer:
        raise Unfit("no runtime has it on quantized integers")


def plain(draw, name, options=None, dtypes=("float32",)):
    """A function of floats, and of whole numbers without a scale."""
    floats_only(draw)
    dtype = draw.pick(*dtypes)
    shape = draw.shape(1, 5)
    x = draw.input(shape, dtype=dtype)
    y = draw.output(shape, dtype=dtype)
    draw.op(name, [x], [y], options)


def fitted(draw, name, real, options=None, versions=(1, 1, 1), widths=("int8", "int16"), positive=False, **fields):
    """A function with a result scale of its own; `positive`: only of numbers over 0."""
    if draw.integer and draw.width not in widths:
        raise Unfit("no runtime has it on that width")
    shape = draw.shape(1, 5)
    grid = argument_grid(draw)
    if positive and draw.width == "int8":
        grid = draw.grid(grid.scale, draw.pick(-128, -128, draw.whole(-128, 0)))
    x = draw.input(shape, grid)
    values = draw.samples["x0"]
    if positive or not draw.integer and name == "LOG":
        if grid is None:
            values = np.abs(values) + np.float32(1e-3)
        else:
            values = np.maximum(np.abs(np.maximum(values, -127)), grid.zero_point)
        draw.samples["x0"] = values.astype(draw.dtype)
    numbers = draw.samples["x0"].astype(np.float64)
    if grid is not None:
        numbers = (numbers - grid.zero_point) * grid.scale
    with np.errstate(all="ignore"):
        results = real(numbers)
    results = results[np.isfinite(results)]
    y = draw.output(shape, draw.fitting(float(np.sqrt(np.square(results).mean())) if results.size else 1.0))
    draw.op(name, [x], [y], options, version=draw.version(*versions), **fields)


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


def gelu(draw):
    fitted(draw, "GELU", lambda x: np.maximum(x, 0), "GeluOptions", (1, 2, 2), approximate=draw.chance(0.5))


def bounded(draw, name):
    if draw.width == "int16":
        raise Unfit("LiteRT has no 16-bit kernel")
    rectifier(draw, name, (1, 1, 1))


def absolute(draw):
    """ABS, also of whole numbers without a scale."""
    shape = draw.shape(1, 5)
    if not draw.integer and draw.chance(0.3):
        draw.op("ABS", [draw.input(shape, dtype="int32")], [draw.output(shape, dtype="int32")], "AbsOptions")
        return
    grid = draw.grid()
    same = draw.chance(0.3)
    x = draw.input(shape, grid)
    y = draw.output(shape, grid if same or grid is None else draw.grid(grid.scale * draw.log(-2, 2)))
    draw.op("ABS", [x], [y], "AbsOptions", version=draw.version(1, 2, 3))


def negative(draw):
    shape = draw.shape(1, 5)
    dtype = draw.dtype if draw.integer else draw.pick("float32", "int32", "int64")
    grid = draw.grid()
    draw.op("NEG", [draw.input(shape, grid, dtype)], [draw.output(shape, grid, dtype)], "NegOptions")


def elu(draw):
    fitted(draw, "ELU", lambda x: np.maximum(x, np.expm1(x)), widths=("int8",))


CASES = {
    "ABS": absolute,
    "BUCKETIZE": bucketize,
    "CEIL": functools.partial(plain, name="CEIL"),
    "COS": functools.partial(plain, name="COS", options="CosOptions"),
    "ELU": elu,
    "EXP": functools.partial(fitted, name="EXP", real=np.exp, options="ExpOptions", versions=(1, 2, 2)),
    "FLOOR": functools.partial(plain, name="FLOOR"),
    "GELU": gelu,
    "LOG": functools.partial(fitted, name="LOG", real=np.log, versions=(1, 2, 2)),
    "NEG": negative,
    "RELU_0_TO_1": functools.partial(bounded, name="RELU_0_TO_1"),
    "RELU_N1_TO_1": functools.partial(bounded, name="RELU_N1_TO_1"),
    "ROUND": functools.partial(plain, name="ROUND"),
    "RSQRT": functools.partial(fitted, name="RSQRT", real=lambda x: x ** -0.5, versions=(1, 2, 3), positive=True),
    "SIGN": functools.partial(plain, name="SIGN", options="SignOptions", dtypes=("float32", "int32")),
    "SIN": functools.partial(plain, name="SIN"),
    "SQRT": functools.partial(fitted, name="SQRT", real=np.sqrt, versions=(1, 2, 2), positive=True),
    "SQUARE": functools.partial(plain, name="SQUARE", options="SquareOptions"),
}
