"""Unrolled steps that are nearly those of a known cell: they become an op that computes the same, or stay as they are.

Each network is drawn: kind of cell, sizes, direction, layers, how the steps' results are used, and at most one change that
makes its steps others than a layer's. LiteRT says what it computes; narrow has to say the same with and without the
recognition of layers.
"""
import collections
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import NARROW, whole_number
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240918")
COUNT = whole_number("NARROW_CASES", "110")
TOLERANCE = 1e-5  # of the largest output
CELLS = ("lstm", "peephole lstm", "gru after", "gru before", "turned gru", "rnn", "relu rnn")
# What is changed, in one step or in all of them; the first leaves a layer what it is.
CHANGES = ("nothing", "a sign", "a state used late", "a weight", "a bias", "a function", "a factor", "samples exchanged",
           "gates exchanged", "data used twice", "an inside given")


class Network:
    """A drawn network as a file, and its samples."""

    def __init__(self, number):
        self.rng = rng = np.random.default_rng([SEED, number])
        self.b = TfliteBuilder()
        self.batch, self.time, self.features = (int(rng.integers(1, n)) for n in (4, 6, 5))
        self.change = CHANGES[number % len(CHANGES)]
        self.given = []  # tensors that are outputs besides the last result
        self.samples = {}
        x = self.input("x", (self.batch, self.time, self.features))
        steps = [self.tensor((self.batch, self.features)) for _ in range(self.time)]
        self.b.op("UNPACK", [x], steps, "UnpackOptions", num=self.time, axis=1)
        if self.change == "data used twice":
            steps[int(rng.integers(self.time))] = steps[0]
        layers = int(rng.integers(1, 3))
        self.changed_layer = int(rng.integers(layers))
        for layer in range(layers):
            steps = self.layer(layer, steps)
        form = rng.integers(3)
        outputs = [*self.given, *(steps[-1:] if form else [])]
        if form != 1:
            size = self.shape(steps[0])[-1]
            outputs.append(self.tensor((self.batch, self.time, size)))
            self.b.op("PACK", steps, outputs[-1:], "PackOptions", valuesCount=self.time, axis=1)
        self.b.outputs += dict.fromkeys(outputs)

    def input(self, name, shape):
        self.samples[name] = self.rng.standard_normal((4, *shape)).astype(np.float32)
        return self.b.input(name, shape, np.float32)

    def tensor(self, shape):
        return self.b.tensor(f"t{len(self.b.tensors)}", shape, np.float32)

    def shape(self, tensor):
        return tuple(int(d) for d in self.b.tensors[tensor].shape)

    def constant(self, values, dtype=np.float32):
        return self.b.tensor(f"c{len(self.b.tensors)}", np.shape(values), dtype, values=values)

    def values(self, *shape):
        return (self.rng.standard_normal(shape) * 0.6).astype(np.float32)

    def op(self, name, operands, shape=None, options=None, **fields):
        out = self.tensor(shape or self.shape(operands[0]))
        self.b.op(name, operands, [out], options, **fields)
        return out

    def add(self, a, b, name="ADD"):
        return self.op(name, [a, b], options=f"{name.title()}Options")

    def mul(self, a, b):
        return self.add(a, b, "MUL")

    def dense(self, x, w, bias):
        bias = -1 if bias is None else self.constant(bias)
        return self.op("FULLY_CONNECTED", [x, self.constant(w), bias], (self.batch, len(w)), "FullyConnectedOptions")

    def split(self, x, count):
        parts = [self.tensor((self.batch, self.shape(x)[1] // count)) for _ in range(count)]
        self.b.op("SPLIT", [self.constant(1, np.int32), x], parts, "SplitOptions", numSplits=count)
        return parts

    def rest(self, gate):
        one = self.constant(np.float32(1))
        return self.op("SUB", [one, gate], self.shape(gate), "SubOptions")

    def state(self, name, units):
        if self.starts:
            return self.input(name, (self.batch, units))
        return self.constant(np.zeros((self.batch, units), np.float32))

    def layer(self, number, steps):
        """The hidden states of all steps; of both directions side by side where there are two."""
        rng = self.rng
        self.cell, self.units = str(rng.choice(CELLS)), int(rng.integers(1, 6))
        self.joined = rng.random() < 0.5  # one layer weights data and state
        self.starts = rng.random() < 0.3
        results = []
        for direction in ((0, 1) if rng.random() < 0.2 else (int(rng.integers(2)),)):
            changes = self.change if number == self.changed_layer and not results else "nothing"
            order = steps[::-1] if direction else steps
            hidden = self.steps(f"{number}{direction}", order, changes)
            results.append(hidden[::-1] if direction else hidden)
        if len(results) == 1:
            return results[0]
        return [self.op("CONCATENATION", pair, (self.batch, 2 * self.units), "ConcatenationOptions", axis=1)
                for pair in zip(*results)]

    def steps(self, name, data, change):
        rng, n = self.rng, self.units
        gates = {"l": 4, "p": 4, "g": 3, "t": 3, "r": 1}[self.cell[0]]
        features = self.shape(data[0])[1]
        # In this order: weights of data and state, their biases, peepholes.
        weights = [self.values(gates * n, features), self.values(gates * n, n), self.values(gates * n), self.values(gates * n),
                   self.values(3, n)]
        h = self.state(f"h{name}", n)
        c = self.state(f"c{name}", n) if "lstm" in self.cell else None
        before, hidden = h, []
        step = int(rng.integers(len(data)))
        everywhere = rng.random() < 0.3
        for t, x in enumerate(data):
            self.now = change if everywhere or t == step else "nothing"
            used = [w.copy() for w in weights]
            if self.now in ("a weight", "a bias"):
                which = used[int(rng.integers(2)) + 2 * (self.now == "a bias")]
                which.reshape(-1)[int(rng.integers(which.size))] += 0.25 * (1 + t)
            old, before = (before if self.now == "a state used late" else h), h
            make = self.lstm if "lstm" in self.cell else self.gru if "gru" in self.cell else self.rnn
            h, c = make(x, old, c, used)
            if self.now == "a factor":
                h = self.mul(h, self.constant(np.float32(0.75)))
            if self.now == "samples exchanged":
                h = self.op("REVERSE_V2", [h, self.constant([0], np.int32)])
            hidden.append(h)
        return hidden

    def inside(self, *tensors):
        if self.now == "an inside given":
            self.given.append(tensors[int(self.rng.integers(len(tensors)))])

    def sums(self, x, h, used):
        """W x + R h + both biases."""
        w, r, b, d, _ = used
        sign = "SUB" if self.now == "a sign" else "ADD"
        if self.joined and sign == "ADD":
            both = self.op("CONCATENATION", [x, h], (self.batch, self.shape(x)[1] + self.units), "ConcatenationOptions", axis=1)
            return self.dense(both, np.concatenate([w, r], 1), b + d)
        return self.add(self.dense(x, w, b), self.dense(h, r, d), sign)

    def function(self, x, name="TANH"):
        return self.op({"TANH": "RELU", "RELU": "TANH"}[name] if self.now == "a function" else name, [x])

    def gate(self, x):
        return self.op("LOGISTIC", [x])

    def lstm(self, x, h, c, used):
        i, f, g, o = self.split(self.sums(x, h, used), 4)
        if self.now == "gates exchanged":
            i, f = f, i
        if self.cell[0] == "p":
            i, f = self.add(i, self.mul(c, self.constant(used[4][0]))), self.add(f, self.mul(c, self.constant(used[4][1])))
        g = self.function(g)
        new = self.add(self.mul(self.gate(f), c), self.mul(self.gate(i), g))
        if self.cell[0] == "p":
            o = self.add(o, self.mul(new, self.constant(used[4][2])))
        out = self.gate(o)
        self.inside(new, g, out)
        return self.mul(out, self.op("TANH", [new])), new

    def gru(self, x, h, _, used):
        w, r, b, d, _ = used
        n = self.units
        if self.cell == "gru after":
            of_x, of_h = self.split(self.dense(x, w, b), 3), self.split(self.dense(h, r, d), 3)
            z, reset = (self.gate(self.add(of_x[k], of_h[k])) for k in (0, 1))
            if self.now == "gates exchanged":
                z, reset = reset, z
            g = self.function(self.add(of_x[2], self.mul(reset, of_h[2]), "SUB" if self.now == "a sign" else "ADD"))
        else:
            z, reset = self.split(self.gate(self.sums(x, h, [w[:2 * n], r[:2 * n], b[:2 * n], d[:2 * n], None])), 2)
            if self.now == "gates exchanged":
                z, reset = reset, z
            g = self.function(self.sums(x, self.mul(reset, h), [w[2 * n:], r[2 * n:], b[2 * n:], d[2 * n:], None]))
        self.inside(z, reset, g)
        kept, new = (g, h) if self.cell == "turned gru" else (h, g)
        return self.add(self.mul(z, kept), self.mul(self.rest(z), new)), None

    def rnn(self, x, h, _, used):
        sums = self.sums(x, h, used)
        self.inside(sums)
        return self.function(sums, "RELU" if self.cell == "relu rnn" else "TANH"), None


class NearCells(unittest.TestCase):
    def test_networks_compute_the_same(self):
        counts, largest = collections.Counter(), 0
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for number in range(COUNT):
                network = Network(number)
                (folder / "m.tflite").write_bytes(network.b.bytes())
                np.savez(folder / "x.npz", **network.samples)
                wanted = runtimes.LiteRt(folder / "m.tflite", "xnnpack").run(network.samples)
                with self.subTest(number=number, change=network.change, time=network.time):
                    for options in ((), ("--keep-loops",)):
                        done = subprocess.run([NARROW, "run", folder / "m.tflite", "--data", folder / "x.npz", "-o",
                                               folder / "y.npz", *options], capture_output=True, text=True, timeout=60)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        said = "steps of" in done.stderr
                        if options:
                            self.assertFalse(said)
                        else:
                            counts[network.change, "recognised" if said else "as they are"] += 1
                            if network.change == "nothing" and network.time > 2:
                                self.assertTrue(said)
                        with np.load(folder / "y.npz") as got:
                            for name, values in wanted.items():
                                size = np.abs(values).max()
                                error = np.abs(got[name].reshape(values.shape) - values).max() / max(size, 1e-3)
                                largest = max(largest, error)
                                self.assertLessEqual(error, TOLERANCE, f"{name} {options}")
        for change in CHANGES:
            print(f"{change}: {counts[change, 'recognised']} with a layer, {counts[change, 'as they are']} as they are")
        print(f"{COUNT} networks, largest difference from LiteRT {largest:.1e} of the largest output")


if __name__ == "__main__":
    unittest.main()
