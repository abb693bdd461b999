"""LSTM, GRU and RNN layers on integers, whose arithmetic is narrow's own, beside that arithmetic in exact rational numbers."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import cell_model, runtimes
    from .environment import whole_number
    from .tflite_builder import Grid, TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_CASES", "30")
FLAGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-O1", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=all"]
# Bits of data and of weights, and whether the file states the arithmetic.
OTHER_WIDTHS = [(8, 4, False), (8, 4, True), (8, 8, True), (16, 4, False), (16, 4, True), (16, 8, True), (16, 16, False),
                (16, 16, True)]
# Constants in an address space of their own, which clang lets nobody take for another, as those of AVR are.
ADDRESS_SPACES = ["-std=gnu99", "-Wall", "-Werror", "-fsyntax-only", "-DNW_FLASH=__attribute__((address_space(1)))"]


def softsign(x):
    x = np.float32(x)
    return float(x / (np.float32(1) + np.abs(x)))


def leaky_relu(alpha):
    def f(x):
        x = np.float32(x)
        return float(x if x >= 0 else np.float32(alpha) * x)
    return f


class Case:
    """A layer with random integers, edge values among them. `stated`: the file states the op's arithmetic, biases have any
    width and scales 2^k times those of sums, and in some layers all scales are powers of two."""

    def __init__(self, kind, number, bits, weight_bits=8, stated=False):
        self.kind, self.bits, self.weight_bits, self.stated = kind, bits, weight_bits, stated
        key = [SEED, ord(kind[0]), number, bits]
        self.rng = rng = np.random.default_rng(key + [weight_bits, stated] if stated or weight_bits != 8 else key)
        self.power_of_two = stated and rng.random() < 0.4
        self.batch, self.time, self.features, self.units = (int(rng.integers(1, n)) for n in (4, 7, 10, 12))
        self.gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
        self.after = kind == "GRU" and rng.random() < 0.5
        self.clip = float(rng.choice([0, 0, 0.5, 3]))
        self.data, self.hidden, self.last, self.begin = (self.grid(s) for s in (1 / 40, 1 / 120, 1 / 90, 1 / 100))
        self.w, self.w_scales = self.weights(self.features)
        self.r, self.r_scales = self.weights(self.units)
        self.stored = {}
        self.b = self.biases("b", self.data.scale * self.w_scales)
        self.rb = None
        if self.after and rng.random() < 0.7:
            self.rb = self.biases("rb", self.hidden.scale * self.r_scales[-self.units:])
        self.draw_functions()
        how = rng.integers(0, 4)
        self.initial = self.integers(self.batch, self.units) if how == 0 else None
        self.initial_cell = self.integers(self.batch, self.units) if how == 0 and rng.random() < 0.7 else None
        self.variable = how == 1
        top = 128 if bits == 8 else 32768
        self.peephole = rng.integers(-32767, 32768, 3 * self.units) if kind == "LSTM" and rng.random() < 0.4 else None
        self.peephole_scale = float(self.snapped(2 ** rng.uniform(-17, -13)))
        self.last_cell, self.begin_cell = (self.grid(s) for s in (1 / 30, 1 / 50))
        self.x = rng.integers(-top, top, (3, self.batch, self.time, self.features))
        self.x[rng.random(self.x.shape) < 0.1] = -top
        self.x[rng.random(self.x.shape) < 0.1] = top - 1

    def snapped(self, scales):
        """Scales as the file has them."""
        return np.float32(2.0 ** np.round(np.log2(scales)) if self.power_of_two else scales)

    def grid(self, around):
        scale = self.snapped(around * 2 ** self.rng.uniform(-0.5, 0.5) / (1 if self.bits == 8 else 256))
        return Grid(scale, int(self.rng.integers(-128, 128)) if self.bits == 8 and not self.power_of_two else 0)

    def integers(self, *shape):
        top = 128 if self.bits == 8 else 32768
        return self.rng.integers(-top, top, shape)

    def weights(self, columns):
        """Rows that differ in size, some of them zeros; their sums are about 1 or, seldom, beyond all bounds."""
        rng, rows = self.rng, self.gates * self.units
        top = 2 ** (self.weight_bits - 1) - 1
        values = rng.integers(-top, top + 1, (rows, columns))
        values[rng.random(rows) < 0.05] = 0
        values[rng.random(values.shape) < 0.05] = top
        if self.weight_bits != 8:
            values[rng.random(values.shape) < 0.05] = -top - 1
        size = rng.choice([0.3, 1, 8]) / np.sqrt(columns) / (70 * top / 127)
        scales = self.snapped(size * 2 ** rng.uniform(-4, 0, rows))
        if rng.random() < 0.2:
            scales[:] = scales[0]
        return values, scales.astype(float)

    def biases(self, name, scales):
        """Steps of `scales`. `stored` gets how the file has them: a type, integers and a grid."""
        rng, most = self.rng, 2.0 ** 29
        values = np.round(rng.standard_normal(len(scales)) * rng.choice([0, 1, 20]) / scales)
        steps = [int(v) for v in np.clip(values, -most, most)]
        if not self.stated:
            self.stored[name] = np.int32 if self.bits == 8 else np.int64, steps, None
            return steps
        width = int(rng.choice([8, 16, 32] if self.bits == 8 else [8, 16, 32, 64]))
        top, shifts, stored = 2 ** (width - 1) - 1, [], []
        for v in steps:
            shifts.append(int(rng.integers(0, 3)))
            while abs(v) >> shifts[-1] > top:
                shifts[-1] += 1
            stored.append(v >> shifts[-1] if v >= 0 else -(-v >> shifts[-1]))
        grid = Grid(np.float32(scales) * np.float32(2.0) ** np.float32(shifts))
        self.stored[name] = np.dtype(f"int{width}").type, stored, grid
        return [v << k for v, k in zip(stored, shifts)]

    def draw_functions(self):
        rng = self.rng
        self.function, self.alpha, self.beta, self.real = self.activation(
            ["tanh"] * 4 + ["sigmoid", "relu", "relu6", "linear", "relu_n1_to_1", "hard_sigmoid", "softsign", "leaky_relu",
                            "affine"])
        self.output, self.output_alpha, self.output_beta, self.output_real = self.activation(
            ["tanh"] * 4 + ["sigmoid", "relu", "linear", "hard_sigmoid", "softsign"])
        self.gate, self.gate_alpha, self.gate_beta, self.gate_real = self.activation(
            ["sigmoid"] * 3 + ["hard_sigmoid", "softsign", "tanh", "relu_n1_to_1"])
        self.values, self.sums, self.gate_sums, self.given = (
            2.0 ** -int(rng.integers(lo, hi)) for lo, hi in ((9, 16), (8, 13), (8, 13), (9, 16)))

    def activation(self, names):
        name = str(self.rng.choice(names))
        alpha, beta = {"hard_sigmoid": (0.2, 0.5), "leaky_relu": (0.1, 0), "affine": (0.7, -0.3)}.get(name, (0, 0))
        real = {"softsign": softsign, "leaky_relu": leaky_relu(alpha)}.get(name)
        return name, float(np.float32(alpha)), float(np.float32(beta)), real

    def bytes(self, change=lambda builder: None):
        """The file; `change` is called with its builder."""
        b = TfliteBuilder()
        data = np.int8 if self.bits == 8 else np.int16

        def rows(name, values, scales):
            scales = np.asarray(scales, np.float32)
            grid = Grid(scales[0]) if np.all(scales == scales[0]) else Grid(scales)
            dtype = {4: "int4", 8: np.int8, 16: np.int16}[self.weight_bits]
            return b.tensor(name, np.shape(values), dtype, grid, np.asarray(values))

        def bias(name):
            if name not in self.stored:
                return -1
            dtype, values, grid = self.stored[name]
            return b.tensor(name, [len(values)], dtype, grid, np.asarray(values))

        states = [self.batch, self.units]
        operands = [b.input("x", [self.batch, self.time, self.features], data, self.data),
                    rows("w", self.w, self.w_scales), rows("r", self.r, self.r_scales), bias("b")]
        if self.kind == "GRU":
            operands.append(bias("rb"))
        if self.kind == "LSTM":
            peephole = self.peephole is not None
            operands.append(b.tensor("p", [3 * self.units], np.int16, Grid(self.peephole_scale), self.peephole) if peephole else -1)

        def variable(name, dtype, grid):
            operands.append(b.tensor(name, states, dtype, grid))
            b.tensors[operands[-1]].isVariable = True

        if self.initial is not None:
            operands.append(b.tensor("h", states, data, self.begin, self.initial))
            if self.kind == "LSTM" and self.initial_cell is not None:
                operands.append(b.tensor("c", states, data, self.begin_cell, self.initial_cell))
        elif self.variable:
            variable("h", *((np.int16, Grid(self.values)) if self.kind == "GRU" else (data, self.hidden)))
            if self.kind == "LSTM":
                variable("c", np.int16, Grid(self.values))
        outputs = [b.output("y", [self.batch, self.time, self.units], data, self.hidden), b.output("last", states, data, self.last)]
        if self.kind == "LSTM":
            outputs.append(b.output("last_cell", states, data, self.last_cell))
        options = {"narrow_version": 1, "clip": self.clip}
        roles = {"": (self.function, self.alpha, self.beta)}
        if self.kind != "RNN":
            roles = {"candidate_": roles[""], "gate_": (self.gate, self.gate_alpha, self.gate_beta)}
        if self.kind == "GRU":
            options["reset_after"] = self.after
        if self.kind == "LSTM":
            roles["output_"] = (self.output, self.output_alpha, self.output_beta)
        for role, (function, alpha, beta) in roles.items():
            options |= {role + "function": function, role + "alpha": alpha, role + "beta": beta}
        b.custom_op(f"narrow.{self.kind}_SEQUENCE", operands, outputs, json.dumps(options).encode())
        inside = {"RNN": [self.values, self.sums], "GRU": [self.values, self.gate_sums, self.sums],
                  "LSTM": [self.values, self.gate_sums, self.sums, self.given]}[self.kind]
        b.ops[-1].intermediates = np.asarray(
            [b.tensor(f"inside{i}", [0], np.int16, Grid(scale)) for i, scale in enumerate(inside)], np.int32)
        if self.stated:
            op = {"graph": 0, "op": 0, "rounding": "half-up", "accumulator": 32 if self.bits == 8 else 64}
            b.metadata("narrow.arithmetic", json.dumps({"version": 1, "ops": [op]}).encode())
        change(b)
        return b.bytes()

    def wanted(self):
        """Outputs of the model in exact numbers, of all samples: all hidden states, the last ones, the last cell states."""
        for name in ("w", "r", "initial", "initial_cell", "peephole"):
            if getattr(self, name) is not None:
                setattr(self, name, np.asarray(getattr(self, name)).tolist())
        layer = {"LSTM": cell_model.Lstm, "GRU": cell_model.Gru, "RNN": cell_model.Rnn}[self.kind](self)
        state, results = None, []
        for sample in self.x.tolist():
            *result, left = layer.run(sample, state)
            state = left if self.variable else None
            results.append(result)
        return [np.asarray([r[i] for r in results]) for i in range(len(results[0]))]


class Exact(unittest.TestCase):
    def compare(self, kind, bits, weight_bits=8, stated=False, count=2 * COUNT):
        values, refused, functions = 0, 0, set()
        for number in range(count):
            case = Case(kind, number, bits, weight_bits, stated)
            dtype = np.int8 if bits == 8 else np.int16
            got, = runtimes.run_narrow(case.bytes(), {"x": case.x.astype(dtype)}, "narrow")
            with self.subTest(number=number):
                if isinstance(got, runtimes.Refused):
                    self.assertRegex(str(got), "beyond 2\\^|2\\^30|a factor of")
                    refused += 1
                    continue
                for name, wanted in zip(("y", "last", "last_cell"), case.wanted()):
                    np.testing.assert_array_equal(got[name].reshape(wanted.shape), wanted, name)
                    values += wanted.size
                functions.add(case.function)
        print(f"{kind}, {bits} bits, {weight_bits} of weights{', arithmetic stated' * stated}: {count - refused} layers, "
              f"{values} values, seed {SEED}: 0 differ; {refused} refused; functions {', '.join(sorted(functions))}")
        self.assertLess(refused, count / 2)

    def test_lstm_8_bits(self):
        self.compare("LSTM", 8)

    def test_lstm_16_bits(self):
        self.compare("LSTM", 16)

    def test_gru_8_bits(self):
        self.compare("GRU", 8)

    def test_gru_16_bits(self):
        self.compare("GRU", 16)

    def test_rnn_8_bits(self):
        self.compare("RNN", 8)

    def test_rnn_16_bits(self):
        self.compare("RNN", 16)

    def test_other_widths(self):
        for kind in ("LSTM", "GRU", "RNN"):
            for widths in OTHER_WIDTHS:
                self.compare(kind, *widths, count=max(COUNT * 2 // 3, 1))


class Refusals(unittest.TestCase):
    """What no kernel computes is refused by name."""

    def refusal(self, kind, change=lambda builder: None, **fields):
        number = next(n for n in range(100) if Case(kind, n, 8).variable)
        case = Case(kind, number, 8)
        for name, value in fields.items():
            setattr(case, name, value)
        got, = runtimes.run_narrow(case.bytes(change), {"x": case.x.astype(np.int8)}, "narrow")
        self.assertIsInstance(got, runtimes.Refused)
        return str(got)

    def test_all(self):
        def tensor(name, **fields):
            def change(builder):
                t, = (t for t in builder.tensors if t.name == name)
                for field, value in fields.items():
                    setattr(t if hasattr(t, field) else t.quantization, field, value)
            return change

        def alone(builder):
            builder.ops[-1].intermediates = np.asarray([], np.int32)

        half = np.asarray([0.5], np.float32)
        self.assertIn("gates with relu, whose values leave [-1, 1]", self.refusal("GRU", gate="relu"))
        for kind in ("LSTM", "GRU", "RNN"):
            with self.subTest(kind=kind):
                self.assertIn("thresholded_relu", self.refusal(kind, function="thresholded_relu"))
                self.assertRegex( self.refusal(kind, alone, function="relu"), "intermediate [012] has no scale")
                self.assertRegex(self.refusal(kind, tensor("h", scale=half)), "hidden state")
                self.assertIn("beyond 2^30", self.refusal(kind, tensor("x", scale=half * 1e9)))
                self.assertIn("a zero point other than 0", self.refusal(kind, tensor("r", zeroPoint=np.asarray([3]))))
        self.assertIn("the scale of its cell state", self.refusal("LSTM", tensor("c", scale=half)))


class InC(unittest.TestCase):
    """The same layers as C projects, whose self-tests have the outputs of the simulator; compiled with sanitizers."""

    def test_compiled(self):
        count = 0
        for kind in ("LSTM", "GRU", "RNN"):
            for number in range(max(COUNT // 15, 1)):
                for widths in [(8,), (16,), *OTHER_WIDTHS]:
                    bits, case = widths[0], Case(kind, number, *widths)
                    with tempfile.TemporaryDirectory() as folder, self.subTest(kind=kind, number=number, widths=widths):
                        folder = pathlib.Path(folder)
                        (folder / "m.tflite").write_bytes(case.bytes())
                        np.save(folder / "x.npy", case.x.astype(np.int8 if bits == 8 else np.int16))
                        try:
                            runtimes.narrow("compile", folder / "m.tflite", "-o", folder / "c", "--golden", folder / "x.npy",
                                            "--data-is-quantized")
                        except runtimes.Refused:
                            continue
                        sources = [*(folder / "c").glob("kernels/*.c"), "m.c"]
                        subprocess.run(["cc", *FLAGS, *sources, "selftest.c", "-o", "all"], cwd=folder / "c", check=True)
                        done = subprocess.run(["./all"], cwd=folder / "c", capture_output=True, text=True)
                        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                        if shutil.which("clang"):
                            done = subprocess.run(["clang", *ADDRESS_SPACES, *sources], cwd=folder / "c",
                                                  capture_output=True, text=True)
                            self.assertEqual((done.returncode, done.stderr), (0, ""))
                        count += 1
        print(f"{count} layers in C: self-tests pass")
        self.assertGreater(count, 0)


if __name__ == "__main__":
    unittest.main()
