"""BIDIRECTIONAL_SEQUENCE_LSTM and BIDIRECTIONAL_SEQUENCE_RNN, which narrow reads as two layers: random ones beside LiteRT in
float, and in integers beside float and in C."""
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
    from .cases.recurrent import RELU, RELU6, TANH, signal, small, state
    from .draw import Draw
    from .environment import whole_number
    from .single_op_test import difference
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_CASES", "30")


def data(draw, batch, time, features, time_major):
    return signal(draw, [time, batch, features] if time_major else [batch, time, features])


def outputs(draw, batch, time, widths, time_major, merged):
    shape = [time, batch] if time_major else [batch, time]
    return [draw.output([*shape, w]) for w in ([sum(widths)] if merged else widths)]


def lstm(draw, plain=False):
    batch, time, features = (draw.whole(1, n) for n in (3, 6, 9))
    time_major, merged, apart = draw.chance(0.3), draw.chance(0.5), draw.chance(0.2)
    # Where it merges the results of several sequences whose time is not the first dimension, LiteRT leaves some unwritten.
    batch = 1 if merged and not time_major else batch
    operands, widths, states = [data(draw, batch, time, features, time_major)], [], []
    # LiteRT wants both directions to have the same sizes.
    cells, projection = draw.whole(1, 9), not plain and draw.chance(0.3)
    out = draw.whole(1, 8) if projection else cells
    for _ in range(2):
        coupled, peephole = (not plain and draw.chance(0.3) for _ in range(2))
        gates = range(1 if coupled else 0, 4)

        def each(of, shape, there=gates):
            operands.extend(small(draw, shape) if g in there else -1 for g in of)

        each(range(4), [cells, features])
        each(range(4), [cells, out])
        each((0, 1, 3), [cells], gates if peephole else ())
        each(range(4), [cells])
        operands.append(small(draw, [out, cells]) if projection else -1)
        operands.append(small(draw, [out]) if projection and draw.chance(0.5) else -1)
        widths.append(out)
        states += [state(draw, [batch, out]), state(draw, [batch, cells])]
    operands += states + [data(draw, batch, time, features, time_major) if apart else -1] + [-1] * 8
    if apart:  # `signal` gives the first input its samples
        draw.samples["x1"] = draw.rng.standard_normal(draw.samples["x1"].shape).astype(np.float32)
    draw.net.op("BIDIRECTIONAL_SEQUENCE_LSTM", operands, outputs(draw, batch, time, widths, time_major, merged),
                "BidirectionalSequenceLSTMOptions", mergeOutputs=merged, timeMajor=time_major,
                fusedActivationFunction=TANH if plain else draw.pick(TANH, TANH, RELU), cellClip=draw.pick(0, 0, 0.5))


def rnn(draw, plain=False):
    batch, time, features = (draw.whole(1, n) for n in (3, 6, 9))
    time_major, merged = draw.chance(0.3), draw.chance(0.5)
    operands, widths = [data(draw, batch, time, features, time_major)], []
    for _ in range(2):
        units = draw.whole(1, 12)
        operands += [small(draw, [units, features]), small(draw, [units, units], 0.3), small(draw, [units]),
                     state(draw, [batch, units])]
        widths.append(units)
    operands += [-1] * 3
    draw.net.op("BIDIRECTIONAL_SEQUENCE_RNN", operands, outputs(draw, batch, time, widths, time_major, merged),
                "BidirectionalSequenceRNNOptions", mergeOutputs=merged, timeMajor=time_major,
                fusedActivationFunction=draw.pick(TANH, RELU, RELU6))


def draw_case(kind, number, **how):
    case = Draw([SEED, number, {lstm: 1, rnn: 2}[kind]], "float")
    kind(case, **how)
    return case


class Bidirectional(unittest.TestCase):
    def compare(self, kind):
        compared = 0
        for number in range(COUNT):
            case = draw_case(kind, number)
            with self.subTest(number=number):
                try:
                    wanted = runtimes.LiteRt(case.net.bytes(), "xnnpack").run(case.samples)
                except runtimes.Refused:
                    continue
                got, = runtimes.run_narrow(case.net.bytes(), case.samples, "xnnpack")
                self.assertNotIsInstance(got, runtimes.Refused)
                self.assertIsNone(difference(got, wanted))
                compared += 1
        print(f"{kind.__name__}: {compared} of {COUNT} layers equal LiteRT's")
        self.assertGreater(compared, COUNT // 2)

    def test_lstm(self):
        self.compare(lstm)

    def test_rnn(self):
        self.compare(rnn)

    def test_integers(self):
        least = {}
        for kind in (lstm, rnn):
            for number in range(max(COUNT // 4, 2)):
                case = draw_case(kind, number, plain=True)
                with tempfile.TemporaryDirectory() as folder, self.subTest(kind=kind.__name__, number=number):
                    folder = pathlib.Path(folder)
                    (folder / "m.tflite").write_bytes(case.net.bytes())
                    np.savez(folder / "x.npz", **{n: case.rng.standard_normal((60, *x.shape[1:])).astype(np.float32)
                                                  for n, x in case.samples.items()})
                    for scheme in ("int8", "int16x8"):
                        runtimes.narrow("quantize", folder / "m.tflite", "--data", folder / "x.npz", "--scheme", scheme,
                                        "-o", folder / "q.tflite")
                        results = []
                        for file in ("m.tflite", "q.tflite"):
                            runtimes.narrow("run", folder / file, "--data", folder / "x.npz", "--dequantize", "-o",
                                            folder / "y.npz")
                            with np.load(folder / "y.npz") as y:
                                results.append(np.concatenate([y[n].reshape(-1) for n in sorted(y.files)]).astype(np.float64))
                        exact, got = results
                        signal_to_error = 10 * np.log10(np.square(exact).sum() / np.square(exact - got).sum())
                        least[scheme] = min(least.get(scheme, signal_to_error), signal_to_error)
                        self.assertGreater(signal_to_error, 25)
                        if number == 0:
                            runtimes.narrow("compile", folder / "q.tflite", "-o", folder / scheme, "--golden", folder / "x.npz")
                            subprocess.run(["make", "-s", "-C", folder / scheme, "test"], check=True, capture_output=True)
        print(f"least signal to error: {least}")


if __name__ == "__main__":
    unittest.main()
