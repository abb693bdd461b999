"""Random float graphs whose ops want equal, fixed and free scales, with branches, shared constants and odd outputs."""
import numpy as np

from .tflite_builder import Grid, TfliteBuilder, schema

KEPT_PAIRS = ("none", "quantize", "fake_quant")


class RandomGraph:
    """A graph of tensors [1, h, w, c]. `seed` decides everything; `marks` says how often the file itself rounds."""

    def __init__(self, seed, ops=16, marks=0.0):
        self.rng = np.random.default_rng(seed)
        self.net = TfliteBuilder()
        self.marks = marks
        self.shapes, self.constants = {}, {}  # by tensor; by shape
        self.samples, self.names, self.kept = {}, {}, {}
        for i in range(self.whole(1, 2)):
            shape = (1, self.whole(3, 6), self.whole(3, 6), self.whole(1, 4))
            self.add(self.net.input(f"x{i}", shape, "float32"), shape)
            self.samples[f"x{i}"] = (self.rng.standard_normal((24, *shape)) * self.pick(0.5, 1, 4)).astype(np.float32)
        kinds = [m for m in dir(self) if m.startswith("op_")]
        while len(self.net.ops) < ops:
            getattr(self, self.pick(*kinds))()
        self.choose_outputs()

    def whole(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def add(self, tensor, shape):
        self.shapes[tensor] = tuple(int(d) for d in shape)
        return tensor

    def some(self):
        """A tensor, rather a late one."""
        known = list(self.shapes)
        return known[max(self.whole(0, len(known) - 1), self.whole(0, len(known) - 1))]

    def alike(self, tensor, *dims):
        """A tensor that equals `tensor` in those dimensions; it may be the same one."""
        return self.pick(*(t for t, s in self.shapes.items() if all(s[d] == self.shapes[tensor][d] for d in dims)))

    def constant(self, shape, scale=1.0, share=0.5):
        """A constant, now and then one that is there already."""
        known = self.constants.setdefault(tuple(shape), [])
        if known and self.rng.random() < share:
            return self.pick(*known)
        values = self.rng.standard_normal(shape) * scale * self.pick(0.2, 1, 3)
        known.append(self.net.tensor(f"c{len(self.net.tensors)}", shape, "float32", None, values))
        return known[-1]

    def indices(self, values):
        values = np.asarray(values, np.int32)
        return self.net.tensor(f"i{len(self.net.tensors)}", values.shape, "int32", None, values)

    def op(self, name, inputs, shape, *options, **fields):
        y = self.net.tensor(f"t{len(self.net.tensors)}", shape, "float32")
        self.net.op(name, inputs, [y], *options, **fields)
        self.add(y, shape)
        if self.rng.random() < self.marks:
            self.mark(y)

    def mark(self, tensor):
        """Lets the file round a tensor to a grid of its own; readers from now on may take either."""
        shape = self.shapes[tensor]
        y = self.net.tensor(f"t{len(self.net.tensors)}", shape, "float32")
        if self.whole(0, 1):
            lo, hi = -float(self.pick(0, 1, 2, 6)), float(self.pick(1, 3, 6))
            self.net.op("FAKE_QUANT", [tensor], [y], "FakeQuantOptions", min=lo, max=hi, numBits=8)
        else:
            dtype = self.pick("int8", "int8", "uint8")
            zero = self.whole(-128, 127) + (128 if dtype == "uint8" else 0)
            grid = Grid(np.float32(2.0 ** self.rng.uniform(-8, -4)), zero)
            q = self.net.tensor(f"q{len(self.net.tensors)}", shape, dtype, grid)
            self.net.op("QUANTIZE", [tensor], [q], "QuantizeOptions")
            self.net.op("DEQUANTIZE", [q], [y], "DequantizeOptions", version=2)
            self.kept[f"t{y}"] = (dtype, grid)
        self.add(y, shape)

    def op_conv(self):
        x, k, c = self.some(), self.pick(1, 3), self.whole(1, 4)
        _, h, w, n = self.shapes[x]
        operands = [x, self.constant((c, k, k, n), 0.4)] + [self.constant((c,))]
        self.op("CONV_2D", operands, (1, h, w, c), "Conv2DOptions", strideH=1, strideW=1,
                fusedActivationFunction=self.pick(0, 1, 3))

    def op_arithmetic(self):
        x = self.some()
        name = self.pick("ADD", "MUL", "SUB")
        other = self.constant(self.shapes[x]) if self.rng.random() < 0.3 else self.alike(x, 1, 2, 3)
        options = name.capitalize() + "Options"
        self.op(name, self.pick([x, other], [other, x]), self.shapes[x], options,
                fusedActivationFunction=self.pick(0, 0, 1))

    def op_fixed(self):
        x, name = self.some(), self.pick("LOGISTIC", "TANH", "SOFTMAX")
        options = ("SoftmaxOptions",) if name == "SOFTMAX" else ()
        self.op(name, [x], self.shapes[x], *options, **({"beta": 1.0} if options else {}))

    def op_relu(self):
        x = self.some()
        self.op(self.pick("RELU", "RELU6"), [x], self.shapes[x])

    def op_pool(self):
        x = self.some()
        self.op(self.pick("AVERAGE_POOL_2D", "MAX_POOL_2D"), [x], self.shapes[x], "Pool2DOptions", strideH=1, strideW=1,
                filterHeight=2, filterWidth=2)

    def op_reshape(self):
        x = self.some()
        _, h, w, c = self.shapes[x]
        new = self.pick((1, w, h, c), (1, h, c, w), (1, c, w, h))
        self.op("RESHAPE", [x, self.indices(new)], new, "ReshapeOptions", newShape=list(new))

    def op_transpose(self):
        x = self.some()
        order = [0, *(1 + self.rng.permutation(3))]
        self.op("TRANSPOSE", [x, self.indices(order)], [self.shapes[x][d] for d in order], "TransposeOptions")

    def op_pad(self):
        x = self.some()
        if self.shapes[x][1] > 8:
            return
        paddings = np.array([[0, 0], [self.whole(0, 1), self.whole(0, 1)], [0, 1], [0, 0]])
        self.op("PAD", [x, self.indices(paddings)], self.shapes[x] + paddings.sum(1), "PadOptions")

    def op_concatenation(self):
        x = self.some()
        parts = [x] + [self.alike(x, 1, 2) for _ in range(self.whole(0, 2))]
        if self.rng.random() < 0.2:
            part = self.constant((1, *self.shapes[x][1:3], 2))
            self.shapes.setdefault(part, (1, *self.shapes[x][1:3], 2))
            parts.append(part)
        channels = sum(self.shapes[p][3] for p in parts)
        for part in [p for p in parts if p in sum(self.constants.values(), [])]:
            del self.shapes[part]
        if channels > 12:
            return
        self.rng.shuffle(parts)
        self.op("CONCATENATION", [int(p) for p in parts], (1, *self.shapes[x][1:3], channels), "ConcatenationOptions",
                axis=3)

    def op_depthwise(self):
        x, k = self.some(), self.pick(1, 3)
        _, h, w, c = self.shapes[x]
        operands = [x, self.constant((1, k, k, c), 0.4), self.constant((c,))]
        self.op("DEPTHWISE_CONV_2D", operands, (1, h, w, c), "DepthwiseConv2DOptions", strideH=1, strideW=1,
                depthMultiplier=1, fusedActivationFunction=self.pick(0, 1, 3))

    def op_function(self):
        x, name = self.some(), self.pick("LEAKY_RELU", "ABS", "GELU")
        options = {"LEAKY_RELU": ("LeakyReluOptions",), "GELU": ("GeluOptions",)}.get(name, ())
        self.op(name, [x], self.shapes[x], *options, **({"alpha": 0.2} if name == "LEAKY_RELU" else {}))

    def op_extreme(self):
        x = self.some()
        other = self.constant(self.shapes[x]) if self.rng.random() < 0.3 else self.alike(x, 1, 2, 3)
        self.op(self.pick("MAXIMUM", "MINIMUM"), self.pick([x, other], [other, x]), self.shapes[x],
                "MaximumMinimumOptions")

    def op_reduction(self):
        x, axis = self.some(), self.whole(1, 3)
        shape = [1 if d == axis else n for d, n in enumerate(self.shapes[x])]
        self.op(self.pick("MEAN", "REDUCE_MAX", "REDUCE_MIN"), [x, self.indices([axis])], shape, "ReducerOptions",
                keepDims=True)

    def op_slice(self):
        x = self.some()
        begins = [self.whole(0, n // 2) for n in self.shapes[x]]
        sizes = [self.whole(1, n - b) for n, b in zip(self.shapes[x], begins)]
        if self.whole(0, 1):
            self.op("SLICE", [x, self.indices(begins), self.indices(sizes)], sizes, "SliceOptions")
        else:
            ends = [b + n for b, n in zip(begins, sizes)]
            operands = [x, *(self.indices(v) for v in (begins, ends, [1, 1, 2, 1]))]
            self.op("STRIDED_SLICE", operands, [*sizes[:2], (sizes[2] + 1) // 2, sizes[3]], "StridedSliceOptions")

    def op_split(self):
        x = self.some()
        _, h, w, c = self.shapes[x]
        if c % 2:
            return
        halves = [self.net.tensor(f"t{len(self.net.tensors)}", (1, h, w, c // 2), "float32") for _ in range(2)]
        axis = self.net.tensor(f"i{len(self.net.tensors)}", (), "int32", None, np.asarray(3, np.int32))
        self.net.op("SPLIT", [axis, x], halves, "SplitOptions", numSplits=2)
        for half in halves:
            self.add(half, (1, h, w, c // 2))

    def op_choice(self):
        x, axis = self.some(), self.whole(1, 3)
        chosen = self.rng.integers(0, self.shapes[x][axis], self.whole(1, 4))
        shape = [len(chosen) if d == axis else n for d, n in enumerate(self.shapes[x])]
        self.op("GATHER", [x, self.indices(chosen)], shape, "GatherOptions", axis=axis)

    def op_reverse(self):
        x = self.some()
        self.op("REVERSE_V2", [x, self.indices([self.whole(1, 3)])], self.shapes[x])

    def op_resize(self):
        x = self.some()
        _, _, _, c = self.shapes[x]
        size = [self.whole(1, 8), self.whole(1, 8)]
        name, options = self.pick(("RESIZE_BILINEAR", "ResizeBilinearOptions"),
                                  ("RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighborOptions"))
        self.op(name, [x, self.indices(size)], (1, *size, c), options)

    def choose_outputs(self):
        """Everything that nobody reads, now and then also what is read, and an input."""
        read = {int(t) for o in self.net.ops for t in o.inputs}
        computed = [t for t in self.shapes if t not in self.net.inputs]
        self.net.outputs[:] = [t for t in computed if t not in read or self.rng.random() < 0.1]
        if self.rng.random() < 0.1:
            self.net.outputs.append(self.pick(*self.net.inputs))

    def bytes(self):
        schema()
        return self.net.bytes()
