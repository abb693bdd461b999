"""Layers of any widths as models, and what they compute, in exact integers written from docs/arithmetic.md."""
import dataclasses
import json

import numpy as np

from .tflite_builder import Grid, TfliteBuilder

ROUNDINGS = ["half-up", "truncate", "half-even", "half-away"]
DTYPE = {8: np.int8, 16: np.int16, 32: np.int32, 64: np.int64}


def rounded(top, bottom, rule):
    """top / bottom, both integers, bottom > 0, as `rule` rounds it."""
    whole, rest = top // bottom, top % bottom
    more, tie = 2 * rest > bottom, 2 * rest == bottom
    up = {"half-up": more | tie, "truncate": np.zeros_like(more), "half-even": more | (tie & (whole % 2 == 1)),
          "half-away": more | (tie & (top > 0))}[rule]
    return whole + up


def limits(bits):
    return -(1 << (bits - 1)), (1 << (bits - 1)) - 1


def pair(draw, low, high):
    return draw.integers(low, high + 1), draw.integers(low, high + 1)


@dataclasses.dataclass
class Layer:
    """A convolution, depthwise convolution or dense layer. Weights are [out, kh, kw, in] (depthwise: [1, kh, kw, out])."""
    kind: str  # CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED
    data: tuple  # shape of one sample, [h, w, c] or [c]
    weights: np.ndarray
    bias: np.ndarray  # None: none
    bias_shift: np.ndarray
    stride: tuple = (1, 1)
    dilation: tuple = (1, 1)
    same: bool = False

    @property
    def outputs(self):
        return self.weights.shape[-1 if self.kind == "DEPTHWISE_CONV_2D" else 0]

    def padded(self, x):
        """x with the zeros that SAME asks for, and the size of the result."""
        (kh, kw), sizes, pads = self.weights.shape[1:3], [], []
        for n, k, s, d in zip(x.shape[1:3], (kh, kw), self.stride, self.dilation):
            reach = (k - 1) * d + 1
            out = -(-n // s) if self.same else (n - reach) // s + 1
            total = max((out - 1) * s + reach - n, 0) if self.same else 0
            sizes.append(out)
            pads.append((total // 2, total - total // 2))
        return np.pad(x, ((0, 0), *pads, (0, 0))), sizes

    def patches(self, x):
        """[samples, out_h, out_w, kh, kw, channels]: what each result sees of x."""
        x, (out_h, out_w) = self.padded(x)
        kh, kw = self.weights.shape[1:3]
        taps = [[x[:, i * self.dilation[0]:][:, :(out_h - 1) * self.stride[0] + 1:self.stride[0],
                   j * self.dilation[1]:][:, :, :(out_w - 1) * self.stride[1] + 1:self.stride[1]]
                 for j in range(kw)] for i in range(kh)]
        return np.moveaxis(np.array(taps), (0, 1), (3, 4))

    def rows(self, x):
        """The same layer as a dense one: rows of data, and weights [out, in]."""
        if self.kind == "FULLY_CONNECTED":
            return x.reshape(-1, self.weights.shape[1]), self.weights
        p = self.patches(x)
        rows = p.reshape(-1, np.prod(p.shape[3:]))
        if self.kind == "CONV_2D":
            return rows, self.weights.reshape(self.outputs, -1)
        channels, (kh, kw) = x.shape[-1], self.weights.shape[1:3]
        dense = np.zeros((self.outputs, kh, kw, channels), self.weights.dtype)
        for o in range(self.outputs):
            dense[o, :, :, o // (self.outputs // channels)] = self.weights[0, :, :, o]
        return rows, dense.reshape(self.outputs, -1)

    def sums(self, x):
        """Exact sums, [rows, out]."""
        rows, weights = self.rows(x)
        total = rows.astype(np.int64) @ weights.astype(np.int64).T
        return total if self.bias is None else total + (self.bias.astype(np.int64) << self.bias_shift)

    def result_shape(self):
        x, sizes = (None, []) if self.kind == "FULLY_CONNECTED" else self.padded(np.zeros((1, *self.data), np.int8))
        return [1, *sizes, self.outputs]

    def model(self, grids, arithmetic=None):
        """The file. `grids`: scales of data, of weights (one or one for each output) and of the result."""
        b = TfliteBuilder()
        activation = DTYPE[grids["bits"]]
        x = b.input("x", [1, *self.data], activation, Grid(grids["data"]))
        axis = 3 if self.kind == "DEPTHWISE_CONV_2D" else 0
        w = b.tensor("w", self.weights.shape, self.weights.dtype, Grid(grids["weights"], axis=axis), self.weights)
        operands = [x, w]
        if self.bias is not None:
            step = np.float32(grids["data"]) * np.broadcast_to(np.float32(grids["weights"]), self.outputs)
            scale = np.ldexp(step.astype(np.float32), self.bias_shift)
            scale = scale[:1] if np.size(grids["weights"]) == 1 and (scale == scale[0]).all() else scale
            operands.append(b.tensor("b", self.bias.shape, self.bias.dtype, Grid(scale), self.bias))
        y = b.output("y", self.result_shape(), activation, Grid(grids["result"]))
        stated = TYPES_OF_BIAS[self.bias.dtype.itemsize * 8 if self.bias is not None else 64]
        spatial = {"padding": 0 if self.same else 1, "strideH": self.stride[0], "strideW": self.stride[1],
                   "dilationHFactor": self.dilation[0], "dilationWFactor": self.dilation[1]}
        if self.kind == "CONV_2D":
            b.op(self.kind, operands, [y], "Conv2DOptions", 1, quantizedBiasType=stated, **spatial)
        elif self.kind == "DEPTHWISE_CONV_2D":
            b.op(self.kind, operands, [y], "DepthwiseConv2DOptions", 1,
                 depthMultiplier=self.outputs // self.data[-1], **spatial)
        else:
            b.op(self.kind, operands, [y], "FullyConnectedOptions", 11, quantizedBiasType=stated)
        say(b, arithmetic)
        return b.bytes()


TYPES_OF_BIAS = {8: 9, 16: 7, 32: 2, 64: 4}  # the format's numbers of int8, int16, int32, int64


def say(builder, arithmetic):
    """Writes what op 0 says of its arithmetic: (rounding, accumulator)."""
    if arithmetic:
        op = {"graph": 0, "op": 0, "rounding": arithmetic[0], "accumulator": arithmetic[1]}
        builder.metadata("narrow.arithmetic", json.dumps({"version": 1, "ops": [op]}).encode())


def integers(rng, bits, shape, symmetric=False):
    """Over the whole range, at its edges or small."""
    low, high = limits(bits)
    low += symmetric
    kind = rng.integers(4)
    if kind == 0:
        return rng.choice(np.array([low, low + 1, 0, 1, high - 1, high], DTYPE[bits]), shape)
    if kind == 1:
        return rng.integers(-9, 10, shape).astype(DTYPE[bits])
    return rng.integers(low, high, shape, DTYPE[bits], endpoint=True)


def draw_layer(rng, kind, weight_bits, bias_bits, large):
    """A random layer with many results a sample where `large`."""
    side = 20 if large else 6
    if kind == "FULLY_CONNECTED":
        data, out = (int(rng.integers(1, 200)),), int(rng.integers(1, 300 if large else 30))
        layer = Layer(kind, data, integers(rng, weight_bits, (out, data[0]), True), None, None)
    else:
        channels = int(rng.integers(1, 9))
        data = (int(rng.integers(5, side)), int(rng.integers(5, side)), channels)
        window = tuple(map(int, pair(rng, 1, 3)))
        out = int(rng.integers(1, 17)) if kind == "CONV_2D" else channels * int(rng.integers(1, 4))
        shape = (out, *window, channels) if kind == "CONV_2D" else (1, *window, out)
        layer = Layer(kind, data, integers(rng, weight_bits, shape, True), None, None,
                      tuple(map(int, pair(rng, 1, 3))), tuple(map(int, pair(rng, 1, 2))), bool(rng.integers(2)))
    if rng.random() < 0.8:
        layer.bias = integers(rng, bias_bits, (layer.outputs,))
        layer.bias_shift = rng.integers(0, 8, layer.outputs)
    return layer
