"""What random cases are made of: shapes, values, scales, and a model with one op."""
import numpy as np

from .tflite_builder import Grid, TfliteBuilder

DTYPES = {"float": np.float32, "int8": np.int8, "int16": np.int16}
SAMPLES = 3  # of each case


class Unfit(Exception):
    """The op has no form of that width."""


class Draw:
    """One case in the making. `width` is float, int8 or int16; every choice comes from one seed. `four_bits`: weights
    of integer layers are int4; "held": the same numbers in int8."""

    def __init__(self, seed, width, four_bits=None):
        self.rng = np.random.default_rng(seed)
        self.width, self.four_bits = width, four_bits
        self.dtype = DTYPES[width]
        self.net = TfliteBuilder()
        self.samples = {}  # of each input, by its name
        self.sizes = {}  # root mean square of the real values, by tensor
        self.result_size = 0  # the same of the results before their activation, where known

    # Choices.

    def chance(self, probability):
        return bool(self.rng.random() < probability)

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def whole(self, low, high):
        """low .. high, both included."""
        return int(self.rng.integers(low, high + 1))

    def log(self, low, high):
        """A float32 between 2^low and 2^high."""
        return np.float32(2.0 ** self.rng.uniform(low, high))

    def shape(self, low, high, most=2000):
        """A shape of `low` .. `high` dimensions with at most so many elements."""
        rank = self.whole(low, high)
        largest = max(1, min(40, int(most ** (1 / max(rank, 1)))))
        return [self.whole(1, largest) for _ in range(rank)]

    @property
    def integer(self):
        return self.width != "float"

    @property
    def limits(self):
        info = np.iinfo(self.dtype)
        return int(info.min), int(info.max)

    # Scales.

    def grid(self, scale=None, zero_point=None):
        """A scale for activations, or None for a float model."""
        if not self.integer:
            return None
        low, high = self.limits
        if scale is None:
            scale = self.log(-9, 1) if self.width == "int8" else self.log(-16, -6)
        if zero_point is None:
            zero_point = self.pick(0, self.pick(low, high), *(self.whole(low // 2, high // 2) for _ in range(3)))
        return Grid(scale, zero_point if self.width == "int8" else 0)

    def fitting(self, size):
        """A grid for results with that root mean square: some saturate, some use only part of the range."""
        self.result_size = size
        if not self.integer:
            return None
        low, high = self.limits
        scale = (size or 1.0) * 4 / (high - low) * 2.0 ** self.rng.uniform(-0.5, 2)
        return self.grid(np.float32(scale))

    # Values.

    def values(self, shape, dtype=None):
        """Elements over the whole range, at its edges, or small."""
        dtype = np.dtype(dtype or self.dtype)
        if dtype.kind == "b":
            return self.rng.integers(0, 2, shape).astype(bool)
        if dtype.kind == "f":
            x = self.rng.standard_normal(shape) * self.pick(1, 1, 10)
            if self.chance(0.2):
                x = x * self.rng.integers(0, 2, shape)
            return x.astype(dtype)
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        kind = self.whole(0, 4)
        if kind == 0:
            return self.rng.choice(np.array([low, low + 1, 0, high - 1, high], dtype), shape)
        if kind == 1:
            return np.clip(self.rng.integers(-8, 9, shape), low, high).astype(dtype)
        return self.rng.integers(low, high, shape, dtype, endpoint=True)

    # The model.

    def input(self, shape, grid=None, dtype=None):
        """Adds an input with samples of its own."""
        dtype = dtype or self.dtype
        name = f"x{len(self.net.inputs)}"
        self.samples[name] = np.stack([self.values(shape, dtype) for _ in range(SAMPLES)])
        return self.sized(self.net.input(name, shape, dtype, grid), self.samples[name], grid)

    def constant(self, values, grid=None, dtype=None):
        values = np.asarray(values, dtype)
        name = f"c{len(self.net.tensors)}"
        return self.sized(self.net.tensor(name, values.shape, values.dtype, grid, values), values, grid)

    def integer_weights(self, values, grid):
        """A constant of int8, or of int4 with the upper four bits of each value."""
        if not self.four_bits:
            return self.constant(values, grid, np.int8)
        values = np.asarray(values, np.int8) >> 4
        name = f"c{len(self.net.tensors)}"
        dtype = "int8" if self.four_bits == "held" else "int4"
        return self.sized(self.net.tensor(name, values.shape, dtype, grid, values), values, grid)

    def sized(self, tensor, values, grid):
        real = values.astype(np.float64)
        if grid is not None:
            real = (real - grid.zero_point) * float(np.sqrt(np.square(grid.scales.astype(np.float64)).mean()))
        self.sizes[tensor] = float(np.sqrt(np.square(real).mean())) if real.size else 1.0
        return tensor

    def operand(self, shape, grid=None, dtype=None, constant=0.3):
        """An input, or now and then a constant."""
        if self.chance(constant):
            return self.constant(self.values(shape, dtype), grid)
        return self.input(shape, grid, dtype)

    def element(self, *others):
        """The element type of an op that moves elements, and its grid: in float models now and then one of `others`."""
        if self.integer or not others or self.chance(0.5):
            return self.dtype, self.grid()
        return np.dtype(self.pick(*others)).type, None

    def positions(self, low, high, shape, dtype=None, constant=0.5):
        """An operand of positions low .. high - 1, constant or not."""
        dtype = dtype or self.pick(np.int32, np.int64)
        if self.chance(constant):
            return self.constant(self.rng.integers(low, high, shape), dtype=dtype)
        name = f"x{len(self.net.inputs)}"
        self.samples[name] = self.rng.integers(low, high, (SAMPLES, *shape)).astype(dtype)
        return self.net.input(name, shape, dtype)

    def output(self, shape, grid=None, dtype=None):
        return self.net.output(f"y{len(self.net.outputs) or ''}", shape, dtype or self.dtype, grid)

    def op(self, *arguments, **fields):
        self.net.op(*arguments, **fields)

    def version(self, float32, int8, int16):
        """Of the op, by width."""
        return {"float": float32, "int8": int8, "int16": int16}[self.width]
