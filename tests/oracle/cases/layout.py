"""Shapes, movement of elements, and changes of image size."""
import functools
import math

import numpy as np

from ..tflite_builder import schema


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


CASES = {
    "CONCATENATION": concatenation,
    "PACK": pack,
    "PAD": pad,
    "RESHAPE": reshape,
    "SQUEEZE": squeeze,
    "EXPAND_DIMS": expand_dims,
    "TRANSPOSE": transpose,
    "STRIDED_SLICE": strided_slice,
    "SHAPE": shape_of,
    "RESIZE_BILINEAR": functools.partial(resize, name="RESIZE_BILINEAR"),
    "RESIZE_NEAREST_NEIGHBOR": functools.partial(resize, name="RESIZE_NEAREST_NEIGHBOR"),
}
