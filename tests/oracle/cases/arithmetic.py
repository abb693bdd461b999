"""Functions of one or two operands, element by element. Those on plain numbers are drawn with every element type that
LiteRT has a kernel for; where there is no integer form the width stands for the element type or is left out."""
import functools
import math

import numpy as np

from ..draw import Unfit
from .activations import fitted

PLAIN = ("float32", "int32")
VERSIONS = {"ADD": (1, 2, 4), "SUB": (1, 2, 5), "MUL": (1, 2, 4)}


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


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def sides(draw, values, grids=(None, None), dtype=None):
    """The two operands with values(side, shape), a constant on one side now and then; and the result's shape."""
    *shapes, out = broadcast_shapes(draw, 6)
    constant = draw.whole(0, 4)
    operands = []
    for side, (shape, grid) in enumerate(zip(shapes, grids)):
        if constant == side:
            operands.append(draw.constant(values(side, shape), grid, dtype))
            continue
        operands.append(draw.input(shape, grid, dtype))
        name = f"x{len(draw.net.inputs) - 1}"
        draw.samples[name] = np.stack([values(side, shape) for _ in draw.samples[name]]).astype(dtype or draw.dtype)
        draw.sized(operands[-1], draw.samples[name], grid)
    return *operands, out


def element(draw, floats, eight=None, sixteen=None):
    """An element type: one of `floats` in a float model, else the width's own; Unfit where LiteRT has no kernel."""
    choices = {"float": floats, "int8": eight, "int16": sixteen}[draw.width]
    if not choices:
        raise Unfit("LiteRT has no kernel")
    return np.dtype(draw.pick(*choices))


def near(draw, dtype):
    """Values that are often equal."""
    def values(_, shape):
        if dtype.kind == "b" or draw.chance(0.3):
            return draw.values(shape, dtype)
        return draw.rng.integers(-3, 4, shape).astype(dtype)
    return values


def pair_of_grids(draw):
    """Below 1, beyond which LiteRT's comparisons shift by negative counts."""
    if not draw.integer:
        return None, None
    a = draw.grid(draw.log(-9, -3) if draw.width == "int8" else None)
    return a, draw.grid(a.scale * draw.log(-3, 2.9))


def div(draw):
    dtype = element(draw, PLAIN, ("int8",), ("int16",))
    grids = pair_of_grids(draw)

    def values(side, shape):
        v = draw.values(shape, dtype)
        if side == 1:
            zero = grids[1].zero_point if grids[1] else 0
            v = np.where(np.abs(v.astype(np.float64) - zero) < 0.1, zero + 1 if zero < 100 else zero - 1, v)
        return v.astype(dtype)

    a, b, shape = sides(draw, values, grids, dtype)
    grid = None
    if draw.integer:
        ratio = draw.log(-2, 15) if draw.width == "int8" else draw.log(2, 14.9)
        grid = draw.grid(np.float32(grids[0].scale / grids[1].scale / ratio))
    y = draw.output(shape, grid, dtype)
    draw.op("DIV", [a, b], [y], "DivOptions", version=2, fusedActivationFunction=draw.pick(0, 0, 1, 2, 3))


def squared_difference(draw):
    dtype = element(draw, PLAIN, ("int8",))
    grids = pair_of_grids(draw)
    a, b, shape = sides(draw, lambda _, s: draw.values(s, dtype), grids, dtype)
    grid = None
    if draw.integer:
        grid = draw.grid(np.float32((max(g.scale for g in grids) * 255) ** 2 / 255 * 2.0 ** draw.rng.uniform(-5, 1)))
    draw.op("SQUARED_DIFFERENCE", [a, b], [draw.output(shape, grid, dtype)], "SquaredDifferenceOptions",
            version=draw.version(1, 2, 2))


def extreme(draw, name):
    dtype = element(draw, (*PLAIN, "int64", "uint8"), ("int8",), ("int16",))
    grid = draw.grid()
    a, b, shape = sides(draw, lambda _, s: draw.values(s, dtype), (grid, grid), dtype)
    draw.op(name, [a, b], [draw.output(shape, grid, dtype)], "MaximumMinimumOptions", version=draw.version(3, 3, 4))


def comparison(draw, name, others, version16):
    dtype = element(draw, (*PLAIN, "int64", *others), ("int8",), ("int16",))
    grids = pair_of_grids(draw)
    if draw.chance(0.3):
        grids = grids[0], grids[0]
    a, b, shape = sides(draw, near(draw, dtype), grids, dtype)
    draw.op(name, [a, b], [draw.output(shape, dtype=bool)], f"{camel(name)}Options",
            version=draw.version(1, 2, version16))


def logical(draw, name):
    dtype = element(draw, ("bool",))
    a, b, shape = sides(draw, lambda _, s: draw.values(s, dtype), dtype=dtype)
    draw.op(name, [a, b], [draw.output(shape, dtype=dtype)], f"{camel(name)}Options")


def logical_not(draw):
    dtype = element(draw, ("bool",))
    shape = draw.shape(1, 6)
    draw.op("LOGICAL_NOT", [draw.input(shape, dtype=dtype)], [draw.output(shape, dtype=dtype)], "LogicalNotOptions")


def floored(draw, name, version):
    floats = PLAIN if name == "FLOOR_DIV" else (*PLAIN, "int64")
    dtype = element(draw, floats, ("int8",), ("int16",))

    def values(side, shape):
        v = draw.values(shape, dtype)
        if dtype.kind == "i":  # the smallest number by -1 leaves the type
            v = np.maximum(v, np.iinfo(dtype).min + 1)
        if dtype.kind == "f":  # a quotient that is next to a whole number may fall on either side
            v = np.round(v * 8) / 8
        return np.where(v == 0, 3, v) if side == 1 else v

    a, b, shape = sides(draw, values, dtype=dtype)
    draw.op(name, [a, b], [draw.output(shape, dtype=dtype)], f"{camel(name)}Options", version=version)


def power(draw):
    dtype = element(draw, PLAIN)

    def values(side, shape):
        if dtype.kind == "i":
            return draw.rng.integers(0, 6, shape) if side else draw.rng.integers(-9, 10, shape)
        if side and draw.chance(0.5):
            return np.full(shape, draw.pick(0, 0.5, 1, 2, 3, -1))
        return draw.rng.uniform(-3, 3, shape) if side else draw.rng.uniform(0.1, 4, shape)

    a, b, shape = sides(draw, values, dtype=dtype)
    draw.op("POW", [a, b], [draw.output(shape, dtype=dtype)], "PowOptions")


def atan2(draw):
    dtype = element(draw, ("float32",))
    shape = draw.shape(1, 5)
    draw.op("ATAN2", [draw.input(shape), draw.input(shape)], [draw.output(shape, dtype=dtype)], "ATan2Options")


def bits(draw, name):
    dtype = element(draw, ("int32", "uint8"), ("int8",), ("int16",))

    def values(side, shape):
        return draw.rng.integers(0, 40, shape) if side and name == "RIGHT_SHIFT" else draw.values(shape, dtype)

    a, b, shape = sides(draw, values, dtype=dtype)
    draw.op(name, [a, b], [draw.output(shape, dtype=dtype)], f"{camel(name)}Options")


def add_n(draw):
    dtype = element(draw, PLAIN)
    shape = draw.shape(1, 5)
    operands = [draw.input(shape, dtype=dtype) for _ in range(draw.whole(2, 5))]
    for name in draw.samples:
        draw.samples[name] = np.clip(draw.samples[name], -2**28, 2**28).astype(dtype)
    draw.op("ADD_N", operands, [draw.output(shape, dtype=dtype)], "AddNOptions")


def select(draw, name):
    """Any element type; the condition and both sides each now and then constant, scalar or of one dimension."""
    dtype = element(draw, (*PLAIN, "int64", "bool"), ("int8",), ("int16",))
    shape = draw.shape(1, 5)
    shapes = [list(shape) for _ in range(3)]
    if name == "SELECT":
        shapes[0] = draw.pick(shape, [], shape[:1])
    else:
        for s in shapes:
            for i in range(len(s)):
                s[i] = 1 if draw.chance(0.25) else s[i]
            del s[:draw.pick(0, 0, draw.whole(0, len(s)))]
        shape = list(np.broadcast_shapes(*shapes))
    grid = draw.grid()
    constant = draw.whole(0, 5)
    if constant == 0:
        condition = draw.constant(draw.values(shapes[0], bool), dtype=bool)
    else:
        condition = draw.input(shapes[0], dtype=bool)
    data = [draw.constant(draw.values(s, dtype), grid, dtype) if constant == side else draw.input(s, grid, dtype)
            for side, s in enumerate(shapes[1:], 1)]
    draw.op(name, [condition, *data], [draw.output(shape, grid, dtype)],
            "SelectOptions" if name == "SELECT" else "SelectV2Options")


def broadcast_shapes(draw, most=5):
    """Shapes of two operands and of their result, with up to `most` dimensions."""
    out = draw.shape(1, most)
    a, b = list(out), list(out)
    kind = draw.whole(0, 5)
    if kind == 0:
        b = b[draw.whole(1, len(b)):]  # fewer dimensions, down to a scalar
    elif kind == 1:
        b = [1] * draw.whole(1, len(b))
    elif kind in (2, 3):
        for i in range(len(out)):
            which = draw.whole(0, 3)
            if which == 0:
                a[i] = 1
            elif which == 1 and kind == 3:
                b[i] = 1
    if draw.chance(0.5):
        a, b = b, a
    rank = max(len(a), len(b))
    padded = [[1] * (rank - len(s)) + s for s in (a, b)]
    return a, b, [max(p) for p in zip(*padded)]


def whole_numbers(draw, name, a_shape, b_shape, out_shape):
    """Indices and counters: int32 or int64, whose results fit (LiteRT wraps)."""
    dtype = np.dtype(draw.pick("int32", "int64"))
    a, b = (draw.input(s, dtype=dtype) for s in (a_shape, b_shape))
    for x in draw.samples:
        draw.samples[x] = (draw.samples[x] % 30000 - 15000).astype(dtype)
    draw.op(name, [a, b], [draw.output(out_shape, dtype=dtype)], f"{name.capitalize()}Options",
            version=1 if dtype.itemsize == 4 else 5 if name == "MUL" else 4,
            fusedActivationFunction=draw.pick(0, 0, 1, 2, 3))


def binary(draw, name):
    a_shape, b_shape, out_shape = broadcast_shapes(draw)
    a_grid = draw.grid()
    b_grid = a_grid and draw.grid(a_grid.scale * draw.log(-5, 5))
    if not draw.integer and draw.chance(0.25):
        whole_numbers(draw, name, a_shape, b_shape, out_shape)
        return
    side = draw.whole(0, 4)
    a = draw.constant(draw.values(a_shape), a_grid) if side == 0 else draw.input(a_shape, a_grid)
    b = draw.constant(draw.values(b_shape), b_grid) if side == 1 else draw.input(b_shape, b_grid)
    sizes = draw.sizes[a], draw.sizes[b]
    out_grid = draw.fitting(math.prod(sizes) if name == "MUL" else math.hypot(*sizes))
    y = draw.output(out_shape, out_grid)
    fields = {} if name == "MUL" else {"potScaleInt16": False}
    draw.op(name, [a, b], [y], f"{name.capitalize()}Options", version=draw.version(*VERSIONS[name]),
            fusedActivationFunction=draw.pick(0, 0, 1, 2, 3), **fields)


CASES = {
    "ABS": absolute,
    "CEIL": functools.partial(plain, name="CEIL"),
    "COS": functools.partial(plain, name="COS", options="CosOptions"),
    "FLOOR": functools.partial(plain, name="FLOOR"),
    "NEG": negative,
    "ROUND": functools.partial(plain, name="ROUND"),
    "RSQRT": functools.partial(fitted, name="RSQRT", real=lambda x: x ** -0.5, versions=(1, 2, 3), positive=True),
    "SIGN": functools.partial(plain, name="SIGN", options="SignOptions", dtypes=("float32", "int32")),
    "SIN": functools.partial(plain, name="SIN"),
    "SQRT": functools.partial(fitted, name="SQRT", real=np.sqrt, versions=(1, 2, 2), positive=True),
    "SQUARE": functools.partial(plain, name="SQUARE", options="SquareOptions"),
    "DIV": div,
    "SQUARED_DIFFERENCE": squared_difference,
    "MAXIMUM": functools.partial(extreme, name="MAXIMUM"),
    "MINIMUM": functools.partial(extreme, name="MINIMUM"),
    "EQUAL": functools.partial(comparison, name="EQUAL", others=("bool",), version16=4),
    "NOT_EQUAL": functools.partial(comparison, name="NOT_EQUAL", others=("bool",), version16=4),
    "GREATER": functools.partial(comparison, name="GREATER", others=(), version16=2),
    "GREATER_EQUAL": functools.partial(comparison, name="GREATER_EQUAL", others=(), version16=3),
    "LESS": functools.partial(comparison, name="LESS", others=(), version16=3),
    "LESS_EQUAL": functools.partial(comparison, name="LESS_EQUAL", others=(), version16=2),
    "LOGICAL_AND": functools.partial(logical, name="LOGICAL_AND"),
    "LOGICAL_OR": functools.partial(logical, name="LOGICAL_OR"),
    "LOGICAL_NOT": logical_not,
    "FLOOR_DIV": functools.partial(floored, name="FLOOR_DIV", version=3),
    "FLOOR_MOD": functools.partial(floored, name="FLOOR_MOD", version=2),
    "POW": power,
    "ATAN2": atan2,
    "ADD_N": add_n,
    "SELECT": functools.partial(select, name="SELECT"),
    "SELECT_V2": functools.partial(select, name="SELECT_V2"),
    "BITWISE_XOR": functools.partial(bits, name="BITWISE_XOR"),
    "RIGHT_SHIFT": functools.partial(bits, name="RIGHT_SHIFT"),
    "ADD": functools.partial(binary, name="ADD"),
    "SUB": functools.partial(binary, name="SUB"),
    "MUL": functools.partial(binary, name="MUL"),
}
