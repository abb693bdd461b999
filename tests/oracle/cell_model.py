"""GRU and RNN layers on integers as docs/arithmetic.md defines them, in exact rational numbers."""
import math
from fractions import Fraction

F = Fraction
HALF = F(1, 2)
SQUASH_SUMS, SQUASH_RESULTS = F(1, 2**12), F(1, 2**15)


def up(q):
    """The nearest integer, ties up."""
    return math.floor(q + HALF)


def down(q):
    """The nearest integer, ties down."""
    return math.ceil(q - HALF)


def away(v):
    """The nearest integer to a float, ties away from zero."""
    return int(math.floor(abs(v) + 0.5)) * (1 if v >= 0 else -1)


def limit(v, most):
    return max(-most, min(most, v))


def clamp(v, top):
    return max(-top - 1, min(top, v))


def single(factor):
    """A factor as the kernels have it for single values: 31 bits."""
    mantissa, exponent = math.frexp(factor)
    bits = away(mantissa * 2**31)
    return F(0) if exponent < -31 else F(bits) * F(2) ** (exponent - 31)


def by_rows(factors):
    """Factors of the rows of a gate: 15 bits, those of the largest."""
    right = min(15 - math.frexp(max(factors))[1], 46)
    return [F(min(away(math.ldexp(f, right)), 32767)) / F(2) ** right for f in factors]


def squash_table():
    """sigmoid at multiples of 1 / 24, in 2^-16, with half of the error of the line between two of them."""
    def sigmoid(x):
        return 65536.0 / (1.0 + math.exp(-x / 24))
    inner = [away(sigmoid(x) + (sigmoid(x + 0.5) - (sigmoid(x) + sigmoid(x + 1)) / 2) / 2) for x in map(float, range(255))]
    return inner + [65535]


TABLE = squash_table()


def line(x, beyond):
    """sigmoid(x) for a rational x >= 0, on the lines between the entries of TABLE; `beyond` the last but one."""
    at, part = divmod(24 * x, 1)
    if at >= 255:
        return beyond
    return (TABLE[at] + part * (TABLE[at + 1] - TABLE[at])) / F(65536)


def sigmoid(v):
    p = line(abs(v) * SQUASH_SUMS, F(32767, 32768))
    return up(p * 2**15) if v >= 0 else down((1 - p) * 2**15)


def tanh(v):
    p = 2 * line(abs(v) * SQUASH_SUMS * 2, F(65535, 65536)) - 1
    return up(p * 2**15) if v >= 0 else down(-p * 2**15)


class Ramp:
    """A straight line between two ends, of sums on one scale to results on another."""

    def __init__(self, slope, offset, lo, hi, sums, results):
        a, b = slope * float(sums) / float(results), offset / float(results)
        self.right = next(r for r in range(20, -1, -1) if abs(a) * 2**r <= 2**14 and abs(b) * 2**r <= 2**28)
        self.slope, self.offset = away(a * 2**self.right), away(b * 2**self.right)
        self.lo, self.hi = (int(clamp(away(e / float(results)) if abs(e) < 1e9 else int(math.copysign(1e9, e)), 32767))
                            for e in (lo, hi))

    def __call__(self, v):
        return max(self.lo, min(self.hi, up(F(self.slope * v + self.offset, 2**self.right))))


class Interpolated:
    """Lines between the values of a function at multiples of 128, each with half of the error of its line."""

    def __init__(self, f, sums, results):
        first, last = -32768 * float(sums), 32767 * float(sums)
        step = (last - first) / 512
        units = 65536 / (32767 * float(results) - -32768 * float(results))
        self.table = []
        for i in range(512):
            x = first + i * step
            sample = away(f(x) * units)
            chord = away((f(first + (i + 1) * step) * units + sample) / 2)
            middle = away(f(x + step / 2) * units)
            self.table.append(clamp(sample - away((chord - middle) / 2), 32767))
        self.table.append(clamp(away(f(last) * units), 32767))

    def __call__(self, v):
        at, part = divmod(v + 32768, 128)
        return up(self.table[at] + F(part, 128) * (self.table[at + 1] - self.table[at]))


def function(name, alpha, beta, sums, results, f=None):
    """What narrow computes for a cell function; `f` is the real function where it is interpolated."""
    ends = {"linear": (1, 0, -math.inf, math.inf), "relu": (1, 0, 0, math.inf), "relu6": (1, 0, 0, 6),
            "relu_n1_to_1": (1, 0, -1, 1), "hard_sigmoid": (alpha, beta, 0, 1), "affine": (alpha, beta, -math.inf, math.inf)}
    if name in ends:
        return Ramp(*ends[name], sums, results)
    return {"sigmoid": sigmoid, "tanh": tanh}.get(name) or Interpolated(f, sums, results)


class Layer:
    """What GRU and RNN have in common. Scales are floats (of float32), integers are lists; `zero` are zero points."""

    def __init__(self, case):
        self.c = case
        self.top = 127 if case.bits == 8 else 32767

    def rows(self, weights, scales, of, sums):
        """Factors of all rows: of data with scale `of`, to the sums of each gate."""
        each = len(weights) // len(sums)
        out = []
        for g, scale in enumerate(sums):
            out += by_rows([of * s / float(scale) for s in scales[g * each:(g + 1) * each]])
        return out

    @staticmethod
    def dot(row, x, zero):
        return sum(w * (v - zero) for w, v in zip(row, x))

    def give(self, v, factor, zero):
        return clamp(up(v * factor) + zero, self.top)

    def run(self, x, state):
        """Of data [batch][time][in]: all hidden states, the results behind them, and the states of each sample."""
        outs, lasts, states = [], [], []
        for b, steps in enumerate(x):
            s = self.begin(b, state)
            outs.append([])
            for step in steps:
                s, hidden, *values = self.step(step, s)
                outs[-1].append(hidden)
            lasts.append([[self.give(v, factor, grid.zero_point) for v in value]
                          for value, (factor, grid) in zip(values, self.lasts)])
            states.append(s)
        return outs, *([last[i] for last in lasts] for i in range(len(self.lasts))), states


class Rnn(Layer):
    def __init__(self, c):
        super().__init__(c)
        values = SQUASH_RESULTS if c.function in ("tanh", "sigmoid") else F(c.values)
        sums = SQUASH_SUMS if c.function in ("tanh", "sigmoid") else F(c.sums)
        self.f = function(c.function, c.alpha, c.beta, sums, values, c.real)
        self.limit = sums_limit(c.clip, sums)
        self.of_data = self.rows(c.w, c.w_scales, c.data.scale, [sums])
        self.of_hidden = self.rows(c.r, c.r_scales, c.hidden.scale, [sums])
        self.output, last = (single(float(values) / g.scale) for g in (c.hidden, c.last))
        self.lasts = [(last, c.last)]
        if c.initial is not None:
            self.first = single(c.begin.scale / c.hidden.scale)

    def begin(self, b, state):
        c = self.c
        if state is not None:
            return state[b]
        if c.initial is None:
            return [c.hidden.zero_point] * c.units
        return [self.give(v - c.begin.zero_point, self.first, c.hidden.zero_point) for v in c.initial[b]]

    def step(self, x, h):
        c = self.c
        values = []
        for i in range(c.units):
            v = (up((c.b[i] + self.dot(c.w[i], x, c.data.zero_point)) * self.of_data[i]) +
                 up(self.dot(c.r[i], h, c.hidden.zero_point) * self.of_hidden[i]))
            values.append(self.f(limit(v, self.limit)))
        h = [self.give(v, self.output, c.hidden.zero_point) for v in values]
        return h, h, values


class Gru(Layer):
    def __init__(self, c):
        super().__init__(c)
        self.scale = F(c.values)
        squash = ("tanh", "sigmoid")
        gates = SQUASH_SUMS if c.gate in squash else F(c.gate_sums)
        sums = SQUASH_SUMS if c.function in squash else F(c.sums)
        self.gate = function(c.gate, c.gate_alpha, c.gate_beta, gates, SQUASH_RESULTS, c.gate_real)
        self.f = function(c.function, c.alpha, c.beta, sums, self.scale, c.real)
        self.right = SQUASH_RESULTS / self.scale if c.function in squash else F(1)
        self.limits = [sums_limit(c.clip, gates)] * 2 + [sums_limit(c.clip, sums)]
        self.of_data = self.rows(c.w, c.w_scales, c.data.scale, [gates, gates, sums])
        self.of_hidden = self.rows(c.r, c.r_scales, c.hidden.scale, [gates, gates, sums])
        self.output, last = (single(float(self.scale) / g.scale) for g in (c.hidden, c.last))
        self.lasts = [(last, c.last)]
        self.reset = single(float(self.scale * SQUASH_RESULTS) / c.hidden.scale)
        if c.initial is not None:
            self.first = single(c.begin.scale / float(self.scale))

    def begin(self, b, state):
        c = self.c
        if state is not None:
            return state[b]
        if c.initial is None:
            return [0] * c.units
        return [clamp(up((v - c.begin.zero_point) * self.first), 32767) for v in c.initial[b]]

    def step(self, x, s):
        c, n, zero = self.c, self.c.units, self.c.hidden.zero_point
        h = [self.give(v, self.output, zero) for v in s]

        def data(row):
            return up((c.b[row] + self.dot(c.w[row], x, c.data.zero_point)) * self.of_data[row])

        def hidden(row, values):
            bias = c.rb[row - 2 * n] if c.rb is not None and row >= 2 * n else 0
            return up((bias + self.dot(c.r[row], values, zero)) * self.of_hidden[row])

        gates = [self.gate(limit(data(row) + hidden(row, h), self.limits[0])) for row in range(2 * n)]
        update, reset = gates[:n], gates[n:]
        left = [self.give(r * v, self.reset, zero) for r, v in zip(reset, s)]
        new = []
        for i in range(n):
            if c.after:
                part = up(F(reset[i] * limit(hidden(2 * n + i, h), 32767), 2**15))
            else:
                part = hidden(2 * n + i, left)
            candidate = up(self.f(limit(data(2 * n + i) + part, self.limits[2])) * self.right)
            new.append(clamp(candidate + up(F(update[i] * (s[i] - candidate), 2**15)), 32767))
        return new, [self.give(v, self.output, zero) for v in new], new


class Lstm(Layer):
    def __init__(self, c):
        super().__init__(c)
        self.scale = F(c.values)
        squash = ("tanh", "sigmoid")
        gates = SQUASH_SUMS if c.gate in squash else F(c.gate_sums)
        sums = SQUASH_SUMS if c.function in squash else F(c.sums)
        given = SQUASH_RESULTS if c.output in squash else F(c.given)
        candidates = SQUASH_RESULTS if c.function in squash else self.scale
        self.gate = function(c.gate, c.gate_alpha, c.gate_beta, gates, SQUASH_RESULTS, c.gate_real)
        self.f = function(c.function, c.alpha, c.beta, sums, candidates, c.real)
        self.g = function(c.output, c.output_alpha, c.output_beta, self.scale, given, c.output_real)
        self.right = SQUASH_RESULTS * candidates / self.scale
        self.to_output = self.scale / SQUASH_SUMS if c.output in squash else F(1)
        self.limits = [sums_limit(c.clip, gates), sums_limit(c.clip, sums)]
        scales = [gates, gates, sums, gates]
        self.of_data = self.rows(c.w, c.w_scales, c.data.scale, scales)
        self.of_hidden = self.rows(c.r, c.r_scales, c.hidden.scale, scales)
        self.output, last = (single(float(SQUASH_RESULTS * given) / g.scale) for g in (c.hidden, c.last))
        self.lasts = [(last, c.last), (single(float(self.scale) / c.last_cell.scale), c.last_cell)]
        if c.peephole is not None:
            self.look = single(c.peephole_scale * float(self.scale) / float(gates))
        if c.initial is not None:
            self.first = single(c.begin.scale / c.hidden.scale)
        if c.initial_cell is not None:
            self.first_cell = single(c.begin_cell.scale / float(self.scale))

    def begin(self, b, state):
        c = self.c
        if state is not None:
            return state[b]
        hidden, cell = [c.hidden.zero_point] * c.units, [0] * c.units
        if c.initial is not None:
            hidden = [self.give(v - c.begin.zero_point, self.first, c.hidden.zero_point) for v in c.initial[b]]
        if c.initial_cell is not None:
            cell = [clamp(up((v - c.begin_cell.zero_point) * self.first_cell), 32767) for v in c.initial_cell[b]]
        return hidden, cell

    def gate_of(self, g, x, h, cell):
        c, n = self.c, self.c.units
        out = []
        for i in range(n):
            row = g * n + i
            v = (up((c.b[row] + self.dot(c.w[row], x, c.data.zero_point)) * self.of_data[row]) +
                 up(self.dot(c.r[row], h, c.hidden.zero_point) * self.of_hidden[row]))
            if c.peephole is not None and g != 2:
                v += up(c.peephole[min(g, 2) * n + i] * cell[i] * self.look)
            out.append((self.f if g == 2 else self.gate)(limit(v, self.limits[g == 2])))
        return out

    def step(self, x, state):
        h, cell = state
        admitted, kept, candidate = (self.gate_of(g, x, h, cell) for g in range(3))
        cell = [clamp(up(F(f * c, 2**15)) + up(i * g * self.right), 32767)
                for f, c, i, g in zip(kept, cell, admitted, candidate)]
        output = self.gate_of(3, x, h, cell)
        values = [o * self.g(limit(up(c * self.to_output), 32767)) for o, c in zip(output, cell)]
        h = [self.give(v, self.output, self.c.hidden.zero_point) for v in values]
        return (h, cell), h, values, cell


def sums_limit(clip, scale):
    return 32767 if clip <= 0 else int(limit(max(math.floor(clip / float(scale)), 1), 32767))
