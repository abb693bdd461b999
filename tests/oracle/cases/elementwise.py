"""ADD, SUB, MUL: every way two shapes broadcast, either side constant, all fused activations."""
import functools
import math

import numpy as np

VERSIONS = {"ADD": (1, 2, 4), "SUB": (1, 2, 5), "MUL": (1, 2, 4)}


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


CASES = {name: functools.partial(binary, name=name) for name in VERSIONS}
