"""Windows over images: pools, and changes of image size."""
import functools

from .arithmetic import floats_only


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


def resize(draw, name):
    n, h, w, c = draw.whole(1, 2), draw.whole(1, 9), draw.whole(1, 9), draw.pick(1, 3, 8, 17)
    out = [draw.whole(1, 20) for _ in range(2)]
    align, half = draw.pick((False, False), (True, False), (False, True))
    grid = draw.grid()
    x = draw.input([n, h, w, c], grid)
    y = draw.output([n, *out, c], grid)
    camel = "".join(part.capitalize() for part in name.split("_"))
    draw.op(name, [x, draw.constant(out, dtype="int32")], [y], f"{camel}Options",
            version=draw.version(3, 3, 4),
            alignCorners=align, halfPixelCenters=half)


def root_pool(draw):
    floats_only(draw)
    pool(draw, "L2_POOL_2D", (1, 1, 1))


CASES = {
    "AVERAGE_POOL_2D": functools.partial(pool, name="AVERAGE_POOL_2D"),
    "MAX_POOL_2D": functools.partial(pool, name="MAX_POOL_2D"),
    "RESIZE_BILINEAR": functools.partial(resize, name="RESIZE_BILINEAR"),
    "RESIZE_NEAREST_NEIGHBOR": functools.partial(resize, name="RESIZE_NEAREST_NEIGHBOR"),
    "L2_POOL_2D": root_pool,
}
