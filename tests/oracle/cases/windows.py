"""Pools over windows, and reductions over whole dimensions."""
import functools
import math


def extent(size, window, stride, same):
    """Positions of a window along one dimension."""
    return -(-size // stride) if same else (size - window) // stride + 1


def pool(draw, name, versions=(1, 2, 3)):
    same = draw.chance(0.5)
    n, h, w, c = draw.whole(1, 2), draw.whole(1, 12), draw.whole(1, 12), draw.pick(1, 3, 8, 17, 40)
    window = [draw.whole(1, size + 2 if same else size) for size in (h, w)]
    stride = [draw.whole(1, 4) for _ in range(2)]
    grid = draw.grid()
    x = draw.input([n, h, w, c], grid)
    y = draw.output([n, *(extent(*p, same) for p in zip((h, w), window, stride)), c], grid)
    draw.op(name, [x], [y], "Pool2DOptions", version=draw.version(*versions), padding=0 if same else 1,
            strideH=stride[0], strideW=stride[1], filterHeight=window[0], filterWidth=window[1],
            fusedActivationFunction=draw.pick(0, 0, 1, 2, 3))


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


CASES = {
    "AVERAGE_POOL_2D": functools.partial(pool, name="AVERAGE_POOL_2D"),
    "MAX_POOL_2D": functools.partial(pool, name="MAX_POOL_2D"),
    "MEAN": functools.partial(reduction, name="MEAN"),
    "SUM": functools.partial(reduction, name="SUM"),
}
