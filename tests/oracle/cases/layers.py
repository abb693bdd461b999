"""Convolutions, dense layers and matrix products. Integers: weights per channel or per tensor, biases of both
widths."""
import numpy as np

from ..tflite_builder import Grid, schema
from .arithmetic import floats_only
from .windows import extent


def weights(draw, shape, axis, per_channel):
    """A constant weight tensor with one scale, or one for each index along `axis`."""
    if not draw.integer:
        return draw.constant(draw.values(shape)), None
    count = shape[axis] if per_channel else 1
    grid = Grid(2.0 ** draw.rng.uniform(-9, -5, count) * (2.0 ** draw.rng.uniform(-3, 3)), 0, axis)
    values = np.clip(draw.values(shape, np.int8), -127, 127)
    return draw.integer_weights(values, grid), grid


def bias(draw, channels, x, f, taps, grids, wide=False):
    """A bias for sums of that many products, about as large as they are, now and then much larger. The format
    prescribes its scales: those of the data times those of the weights."""
    size = draw.sizes[x] * draw.sizes[f] * taps ** 0.5 * draw.pick(0.1, 0.5, 0.5, 10)
    values = draw.rng.standard_normal(channels) * size
    if not draw.integer:
        return draw.constant(values, dtype=np.float32)
    x_grid, w_grid = grids
    grid = Grid(np.float32(x_grid.scale) * w_grid.scales, 0, 0)
    limit = 2**38 if wide else 2**29
    integers = np.clip(np.rint(values / np.maximum(grid.scales, 1e-30)), -limit, limit)
    return draw.constant(integers, grid, np.int64 if wide else np.int32)


def result_grid(draw, x, f, taps):
    """For sums of that many products of data `x` and weights `f`."""
    return draw.fitting(draw.sizes[x] * draw.sizes[f] * taps ** 0.5)


def bias_type(draw, wide):
    """How the file says what the bias is."""
    if not draw.integer:
        return 0
    return schema().TensorType.INT64 if wide else schema().TensorType.INT32


def image(draw, window, dilation, same):
    """Height and width that such a window fits into."""
    least = [1 if same else (k - 1) * d + 1 for k, d in zip(window, dilation)]
    return [low + draw.whole(0, 9) for low in least]


def conv_2d(draw):
    same, wide = draw.chance(0.5), draw.width == "int16" and draw.chance(0.8)
    window = [draw.pick(1, 1, 2, 3, 3, 5) for _ in range(2)]
    dilation = [draw.pick(1, 1, 1, 2, 3) for _ in range(2)]
    stride = [draw.pick(1, 1, 2, 3) for _ in range(2)]
    groups = draw.pick(1, 1, 1, 1, 2, 3)
    depth = draw.pick(1, 2, 3, 8, 17)  # of the input, for each group
    channels = groups * draw.pick(1, 2, 5, 8, 16)
    h, w = image(draw, window, dilation, same)
    n = draw.pick(1, 1, 1, 2)
    x_grid = draw.grid()
    x = draw.input([n, h, w, groups * depth], x_grid)
    f, w_grid = weights(draw, [channels, *window, depth], 0, draw.chance(0.8))
    taps = window[0] * window[1] * depth
    b = bias(draw, channels, x, f, taps, (x_grid, w_grid), wide)
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]
    y = draw.output([n, *(extent(*p, same) for p in zip((h, w), reach, stride)), channels],
                    result_grid(draw, x, f, taps))
    draw.op("CONV_2D", [x, f, b], [y], "Conv2DOptions", version=draw.version(1 if groups == 1 else 6, 3, 4),
            padding=0 if same else 1, strideH=stride[0], strideW=stride[1], dilationHFactor=dilation[0],
            dilationWFactor=dilation[1], fusedActivationFunction=draw.pick(0, 0, 1, 2, 3),
            quantizedBiasType=bias_type(draw, wide))


def depthwise_conv_2d(draw):
    same = draw.chance(0.5)
    window = [draw.pick(1, 2, 3, 3, 5) for _ in range(2)]
    dilation = [draw.pick(1, 1, 1, 2, 3) for _ in range(2)]
    stride = [draw.pick(1, 1, 2, 3) for _ in range(2)]
    depth, multiplier = draw.pick(1, 2, 3, 8, 17, 32), draw.pick(1, 1, 1, 2, 3, 8)
    h, w = image(draw, window, dilation, same)
    n, channels = draw.pick(1, 1, 1, 2), depth * multiplier
    x_grid = draw.grid()
    x = draw.input([n, h, w, depth], x_grid)
    f, w_grid = weights(draw, [1, *window, channels], 3, draw.chance(0.8))
    taps = window[0] * window[1]
    b = bias(draw, channels, x, f, taps, (x_grid, w_grid), draw.width == "int16")
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]
    y = draw.output([n, *(extent(*p, same) for p in zip((h, w), reach, stride)), channels],
                    result_grid(draw, x, f, taps))
    draw.op("DEPTHWISE_CONV_2D", [x, f, b], [y], "DepthwiseConv2DOptions", version=draw.version(2, 3, 5),
            padding=0 if same else 1, strideH=stride[0], strideW=stride[1], dilationHFactor=dilation[0],
            dilationWFactor=dilation[1], depthMultiplier=multiplier, fusedActivationFunction=draw.pick(0, 0, 1, 2, 3))


def transpose_conv(draw):
    same, wide = draw.chance(0.5), draw.width == "int16" and draw.chance(0.8)
    window = [draw.pick(1, 2, 3, 4, 5) for _ in range(2)]
    stride = [draw.pick(1, 2, 2, 3) for _ in range(2)]
    n, depth, channels = draw.pick(1, 1, 2), draw.pick(1, 3, 8, 17), draw.pick(1, 2, 5, 16)
    out = [draw.whole(1 if same else k, k + 8) for k in window]
    h, w = (extent(*p, same) for p in zip(out, window, stride))
    x_grid = draw.grid()
    out_shape = draw.constant([n, *out, channels], dtype="int32")
    f, w_grid = weights(draw, [channels, *window, depth], 0, draw.chance(0.8))
    x = draw.input([n, h, w, depth], x_grid)
    operands, with_bias = [out_shape, f, x], draw.chance(0.6)
    taps = max(1, window[0] * window[1] * depth // (stride[0] * stride[1]))
    if with_bias:
        operands.append(bias(draw, channels, x, f, taps, (x_grid, w_grid), wide))
    y = draw.output([n, *out, channels], result_grid(draw, x, f, taps))
    draw.op("TRANSPOSE_CONV", operands, [y], "TransposeConvOptions", version=3 if with_bias else draw.version(1, 2, 2),
            padding=0 if same else 1, strideH=stride[0], strideW=stride[1],
            fusedActivationFunction=draw.pick(0, 0, 1, 3) if with_bias else 0,
            quantizedBiasType=bias_type(draw, wide))


def volume(draw):
    """What the windows over volumes share: length of the filter, strides, dilations and fields of the options."""
    same = draw.chance(0.5)
    window, stride, dilation = ([draw.pick(*choices) for _ in range(3)] for choices in ((1, 2, 3), (1, 1, 2, 3), (1, 1, 2)))
    longer = [(1 if same else (k - 1) * d + 1) + draw.whole(0, 4) for k, d in zip(window, dilation)]
    reach = [(k - 1) * d + 1 for k, d in zip(window, dilation)]
    shorter = [extent(*p, same) for p in zip(longer, reach, stride)]
    fields = {"padding": 0 if same else 1, "fusedActivationFunction": draw.pick(0, 0, 1, 2, 3)}
    for i, axis in enumerate("DHW"):
        fields["stride" + axis], fields[f"dilation{axis}Factor"] = stride[i], dilation[i]
    return window, longer, shorter, fields


def conv_3d(draw):
    floats_only(draw)
    window, size, result, fields = volume(draw)
    n, depth, channels = draw.pick(1, 1, 2), draw.pick(1, 2, 3, 8), draw.pick(1, 2, 5, 16)
    x = draw.input([n, *size, depth])
    f = draw.constant(draw.values([*window, depth, channels]))
    taps = int(np.prod(window)) * depth
    operands = [x, f] + ([bias(draw, channels, x, f, taps, None)] if draw.chance(0.6) else [])
    y = draw.output([n, *result, channels], result_grid(draw, x, f, taps))
    draw.op("CONV_3D", operands, [y], "Conv3DOptions", **fields)


def conv_3d_transpose(draw):
    floats_only(draw)
    window, result, size, fields = volume(draw)
    n, depth, channels = draw.pick(1, 1, 2), draw.pick(1, 2, 3, 8), draw.pick(1, 2, 5)
    shape = draw.constant([n, *result, channels], dtype="int32")
    f = draw.constant(draw.values([*window, channels, depth]))
    x = draw.input([n, *size, depth])
    taps = int(np.prod(window)) * depth
    operands = [shape, f, x] + ([bias(draw, channels, x, f, taps, None)] if draw.chance(0.6) else [])
    y = draw.output([n, *result, channels], result_grid(draw, x, f, taps))
    draw.op("CONV_3D_TRANSPOSE", operands, [y], "Conv3DOptions", **fields)


def fully_connected(draw):
    wide = draw.width == "int16" and draw.chance(0.8)
    depth, channels = draw.pick(1, 3, 16, 40, 100), draw.pick(1, 2, 10, 33, 64)
    keep = draw.chance(0.3)
    lead = [draw.pick(1, 2, 5, 8) for _ in range(draw.whole(1, 3) if keep else 1)]
    x_grid = draw.grid()
    x = draw.input([*lead, depth], x_grid)
    f, w_grid = weights(draw, [channels, depth], 0, draw.chance(0.6))
    with_bias = draw.chance(0.8)
    operands = [x, f, bias(draw, channels, x, f, depth, (x_grid, w_grid), wide) if with_bias else -1]
    y = draw.output([*lead, channels], result_grid(draw, x, f, depth))
    draw.op("FULLY_CONNECTED", operands, [y], "FullyConnectedOptions", version=draw.version(5, 6, 9), keepNumDims=keep,
            fusedActivationFunction=draw.pick(0, 0, 1, 2, 3),
            quantizedBiasType=bias_type(draw, wide))


def batch_matmul(draw):
    """Leading dimensions broadcast, either side constant; 16-bit data with weights of 16 or 8 bits."""
    rows, depth, cols = draw.whole(1, 9), draw.pick(1, 3, 8, 17, 40), draw.whole(1, 20)
    lead = [draw.whole(1, 4) for _ in range(draw.whole(0, 3))]
    leads = [[1 if draw.chance(0.3) else v for v in lead] for _ in range(2)]
    cut = draw.whole(0, 1)
    leads[cut] = leads[cut][draw.pick(0, 0, draw.whole(0, len(lead))):]
    adjoints = [draw.chance(0.3), draw.chance(0.5)]
    a_shape = [*leads[0], *((depth, rows) if adjoints[0] else (rows, depth))]
    b_shape = [*leads[1], *((cols, depth) if adjoints[1] else (depth, cols))]
    b_dtype = np.dtype(np.int8 if draw.width != "int8" and draw.chance(0.3) else draw.dtype)
    hybrid = not draw.integer and b_dtype == np.int8
    a_grid, b_grid = draw.grid(), draw.grid()
    if draw.integer and (draw.chance(0.5) or b_dtype != draw.dtype):
        b_grid = draw.grid(b_grid.scale, 0)
    if hybrid:
        b_grid = Grid(draw.log(-9, -3))
    constant = 1 if hybrid else draw.whole(0, 4)
    a = draw.constant(draw.values(a_shape), a_grid) if constant == 0 else draw.input(a_shape, a_grid)
    if constant in (1, 2):
        b = draw.constant(draw.values(b_shape, b_dtype), b_grid, b_dtype)
    else:
        b = draw.input(b_shape, b_grid, b_dtype)
    grid = draw.fitting(draw.sizes[a] * draw.sizes[b] * depth ** 0.5)
    y = draw.output([*np.broadcast_shapes(*leads), rows, cols], grid)
    draw.op("BATCH_MATMUL", [a, b], [y], "BatchMatMulOptions", version=4 if hybrid else draw.version(1, 2, 3),
            adjX=adjoints[0], adjY=adjoints[1], asymmetricQuantizeInputs=hybrid)


CASES = {
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "TRANSPOSE_CONV": transpose_conv,
    "CONV_3D": conv_3d,
    "CONV_3D_TRANSPOSE": conv_3d_transpose,
    "FULLY_CONNECTED": fully_connected,
    "BATCH_MATMUL": batch_matmul,
}
