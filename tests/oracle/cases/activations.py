"""Functions of one element that networks use as activations, and those of rows: softmax and its like."""
import functools

import numpy as np

from ..draw import Unfit


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


def gelu(draw):
    fitted(draw, "GELU", lambda x: np.maximum(x, 0), "GeluOptions", (1, 2, 2), approximate=draw.chance(0.5))


def bounded(draw, name):
    if draw.width == "int16":
        raise Unfit("LiteRT has no 16-bit kernel")
    rectifier(draw, name, (1, 1, 1))


def elu(draw):
    fitted(draw, "ELU", lambda x: np.maximum(x, np.expm1(x)), widths=("int8",))


def fixed(draw, int8, int16):
    """The grid that the format prescribes for results."""
    return None if not draw.integer else draw.grid(*(int8 if draw.width == "int8" else int16))


def nearly(draw, grid):
    """The same, or with a scale that the runtimes take for it."""
    return draw.grid(np.float32(grid.scale * 1.0003), grid.zero_point) if grid and draw.chance(0.15) else grid


def argument_grid(draw):
    """A grid for arguments of functions that saturate: real values from some tenths to some tens."""
    if not draw.integer:
        return None
    low, high = draw.limits
    return draw.grid(draw.log(-2, 6) / (high - low))


def squashing(draw, name, int8, int16, versions):
    shape = draw.shape(1, 5)
    x = draw.input(shape, argument_grid(draw))
    grid = fixed(draw, int8, int16)
    if draw.width == "int16" and name == "TANH":
        grid = nearly(draw, grid)
    elif draw.width == "int8" and draw.chance(0.2):  # LiteRT's tables take other zero points, and TANH's other scales
        grid = draw.grid(grid.scale if name == "LOGISTIC" else draw.log(-9, -4))
    y = draw.output(shape, grid)
    draw.op(name, [x], [y], version=draw.version(*versions))


def softmax(draw):
    shape = draw.shape(1, 4)
    x = draw.input(shape, argument_grid(draw))
    y = draw.output(shape, nearly(draw, fixed(draw, (1 / 256, -128), (1 / 32768, 0))))
    draw.op("SOFTMAX", [x], [y], "SoftmaxOptions", version=draw.version(1, 2, 3),
            beta=1.0 if draw.chance(0.7) else float(draw.log(-2, 2)))


def rectifier(draw, name, versions=(1, 2, 3)):
    shape = draw.shape(1, 5)
    grid = draw.grid()
    x = draw.input(shape, grid)
    same = draw.chance(0.3)
    y = draw.output(shape, grid if same or grid is None else draw.grid(grid.scale * draw.log(-2, 2)))
    draw.op(name, [x], [y], version=draw.version(*versions))


def leaky_relu(draw):
    shape = draw.shape(1, 5)
    grid = draw.grid()
    x = draw.input(shape, grid)
    y = draw.output(shape, grid and draw.grid(grid.scale * draw.log(-2, 2)))
    alpha = draw.pick(0.0, 0.01, 0.1, 0.2, 0.3, float(draw.log(-8, 1)), -float(draw.log(-4, 0)))
    draw.op("LEAKY_RELU", [x], [y], "LeakyReluOptions", version=draw.version(1, 2, 2), alpha=alpha)


def hard_swish(draw):
    if draw.width == "int16":
        raise Unfit("LiteRT has no 16-bit kernel")
    shape = draw.shape(1, 5)
    grid = argument_grid(draw)
    x = draw.input(shape, grid)
    y = draw.output(shape, grid and draw.grid(grid.scale * draw.log(-2, 1)))
    draw.op("HARD_SWISH", [x], [y], "HardSwishOptions")


def prelu(draw):
    if draw.width == "int16":
        raise Unfit("LiteRT has no 16-bit kernel")
    shape = draw.shape(2, 4)
    slope = [v if draw.chance(0.6) else 1 for v in shape[1:]]
    if draw.chance(0.5):
        slope[:-1] = [1] * len(slope[:-1])
    grid = draw.grid()
    x = draw.input(shape, grid)
    alpha = draw.constant(draw.values(slope), grid and draw.grid(draw.log(-9, -5)))
    y = draw.output(shape, grid and draw.grid(grid.scale * draw.log(-1, 2)))
    draw.op("PRELU", [x, alpha], [y])


def rows(draw, name, options, int8, widths=("int8",), **fields):
    """A function of rows whose results have a grid of their own."""
    if draw.integer and draw.width not in widths:
        raise Unfit("no runtime has it on that width")
    shape = draw.shape(1, 4)
    x = draw.input(shape, argument_grid(draw))
    y = draw.output(shape, fixed(draw, int8, None))
    draw.op(name, [x], [y], options, version=draw.version(1, 2, 2), **fields)


CASES = {
    "ELU": elu,
    "EXP": functools.partial(fitted, name="EXP", real=np.exp, options="ExpOptions", versions=(1, 2, 2)),
    "GELU": gelu,
    "LOG": functools.partial(fitted, name="LOG", real=np.log, versions=(1, 2, 2)),
    "RELU_0_TO_1": functools.partial(bounded, name="RELU_0_TO_1"),
    "RELU_N1_TO_1": functools.partial(bounded, name="RELU_N1_TO_1"),
    "SOFTMAX": softmax,
    "LOGISTIC": functools.partial(squashing, name="LOGISTIC", int8=(1 / 256, -128), int16=(1 / 32768, 0), versions=(1,
                                  2, 3)),
    "TANH": functools.partial(squashing, name="TANH", int8=(1 / 128, 0), int16=(1 / 32768, 0), versions=(1, 2, 3)),
    "RELU": functools.partial(rectifier, name="RELU"),
    "RELU6": functools.partial(rectifier, name="RELU6"),
    "LEAKY_RELU": leaky_relu,
    "HARD_SWISH": hard_swish,
    "PRELU": prelu,
    "LOG_SOFTMAX": functools.partial(rows, name="LOG_SOFTMAX", options="LogSoftmaxOptions", int8=(16 / 256, 127)),
}
