"""QUANTIZE and DEQUANTIZE between all types that LiteRT has kernels for, the width being that of the integers; CAST."""
import numpy as np

from ..draw import Unfit
from ..tflite_builder import Grid
from .arithmetic import floats_only


def other_grid(draw, dtype, about):
    """A grid of another type that covers about the same real values."""
    info = np.iinfo(dtype)
    scale = about * 2.0 ** draw.rng.uniform(-1, 1) / (int(info.max) - int(info.min))
    return Grid(scale, 0 if dtype == np.int16 else draw.whole(int(info.min), int(info.max)))


def quantize(draw):
    if not draw.integer:
        raise Unfit("its results are integers")
    shape = draw.shape(1, 5)
    low, high = draw.limits
    grid = draw.grid()
    about = grid.scale * (high - low)
    source = draw.pick(*[np.float32, np.int8, np.int16] + ([np.uint8] if draw.width == "int8" else []))
    if source == np.float32:
        x = draw.input(shape, dtype=source)
        draw.samples["x0"] *= np.float32(about / 4)
        halves = draw.rng.integers(low, high, draw.samples["x0"].shape) + 0.5  # ties of the rounding
        if draw.chance(0.3):
            draw.samples["x0"] = ((halves - grid.zero_point) * grid.scale).astype(np.float32)
    else:
        x = draw.input(shape, other_grid(draw, source, about), source)
    draw.op("QUANTIZE", [x], [draw.output(shape, grid)], "QuantizeOptions", version=draw.version(1, 2, 3))


def dequantize(draw):
    """Of float16 constants, as files have them, and of integers."""
    shape = draw.shape(1, 5)
    if draw.integer:
        x = draw.input(shape, draw.grid())
        draw.op("DEQUANTIZE", [x], [draw.output(shape, dtype=np.float32)], "DequantizeOptions",
                version=draw.version(3, 2, 3))
        return
    half = draw.constant(draw.values(shape, np.float16))
    wide = draw.net.tensor("wide", shape, np.float32)
    draw.op("DEQUANTIZE", [half], [wide], "DequantizeOptions", version=3)
    draw.op("ADD", [draw.input(shape), wide], [draw.output(shape)], "AddOptions")


def cast(draw):
    """Without scales, also of the integers that have some in a quantized model."""
    floats_only(draw)
    codes = {"float32": 0, "int32": 2, "uint8": 3, "int64": 4, "bool": 6, "int16": 7, "int8": 9}
    source, target = draw.pick(*codes), draw.pick(*codes)
    shape = draw.shape(1, 5)
    x = draw.input(shape, dtype=source)
    draw.op("CAST", [x], [draw.output(shape, dtype=target)], "CastOptions", inDataType=codes[source],
            outDataType=codes[target])


CASES = {
    "QUANTIZE": quantize,
    "DEQUANTIZE": dequantize,
    "CAST": cast,
}
