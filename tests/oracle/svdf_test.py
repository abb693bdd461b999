"""SVDF layers with random weights that narrow makes 8-bit ones of: what they lose, and their integers beside LiteRT's and
TensorFlow Lite Micro's, in sequence. LiteRT has the 8-bit form with RELU alone; TFLM passes over activations, and wants a
bias."""
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import isolated, runtimes
    from .environment import whole_number
    from .networks import sqnr
    from .single_op_test import draw_case
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT, FRAMES, LEAST_DB = 40, 80, 25
NONE, RELU = 0, 1  # the format's numbers of activations


class QuantizedSvdf(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def outputs(self, model, profile):
        runtimes.narrow("run", self.folder / model, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy",
                        "--profile", profile)
        y = np.load(self.folder / "y.npy")
        return y.reshape(len(y), -1)

    def of_micro(self, x):
        worker = isolated.Worker("tflm")
        try:
            return np.array([y.reshape(-1) for y, in worker.run((self.folder / "q.tflite").read_bytes(),
                                                                [[frame] for frame in x])])
        finally:
            worker.close()

    def c_agrees(self):
        project = self.folder / "c"
        runtimes.narrow("compile", self.folder / "q.tflite", "-o", project, "--golden", self.folder / "x.npy")
        subprocess.run(["make", "-s", "-C", project, "test"], check=True, capture_output=True)

    def test_error_and_runtimes(self):
        errors, litert, micro, refused, in_c = [], 0, 0, 0, 0
        for number in range(COUNT):
            case = draw_case("SVDF", "float", number)
            op = case.net.ops[-1]
            activation = op.builtinOptions.fusedActivationFunction
            x = np.random.default_rng([SEED, number]).standard_normal((FRAMES, *case.samples["x0"].shape[1:]))
            np.save(self.folder / "x.npy", x.astype(np.float32))
            (self.folder / "f.tflite").write_bytes(case.net.bytes())
            quantize = ("quantize", self.folder / "f.tflite", "--data", self.folder / "x.npy", "-o", self.folder / "q.tflite")
            try:
                runtimes.narrow(*quantize, "--io", "float32")
            except runtimes.Refused as e:
                self.assertRegex(str(e), "tanh")
                refused += 1
                continue
            with self.subTest(number=number):
                wanted, got = self.outputs("f.tflite", "narrow"), self.outputs("q.tflite", "narrow")
                if np.any(wanted):
                    errors.append(sqnr(wanted, got))
                    self.assertGreater(errors[-1], LEAST_DB)
                if activation == RELU:
                    runtime = runtimes.LiteRt(self.folder / "q.tflite", "litert")
                    y, = runtime.run({runtime.inputs[0]["name"]: x.astype(np.float32)}).values()
                    np.testing.assert_array_equal(self.outputs("q.tflite", "litert"), y.reshape(len(y), -1))
                    np.testing.assert_array_equal(got, y.reshape(len(y), -1))
                    litert += 1
                if activation in (NONE, RELU) and op.inputs[3] >= 0 and "tflm" in isolated.installed():
                    np.testing.assert_array_equal(self.outputs("q.tflite", "tflm"), self.of_micro(x.astype(np.float32)))
                    micro += 1
                if number % 5 == 0:
                    runtimes.narrow(*quantize)
                    self.c_agrees()
                    in_c += 1
        print(f"{litert} layers equal LiteRT's, {micro} TFLM's, {in_c} in C; {refused} refused; error at least "
              f"{min(errors):.1f} dB")
        self.assertGreater(litert, 4)

    def test_integer_weights_with_float_data(self):
        """SVDF and a layer without gates of `dynamic`: LiteRT's results to float32's accuracy, in sequence."""
        rng = np.random.default_rng(SEED)
        for kind in ("SVDF", "UNIDIRECTIONAL_SEQUENCE_RNN", "RNN"):
            for number in range(5):
                b = TfliteBuilder()
                features, units, rank, memory, time = (int(rng.integers(lo, hi)) for lo, hi in
                                                       ((24, 60), (32, 50), (1, 3), (5, 9), (1, 6)))

                def constant(*shape):
                    size = 1 / np.sqrt(shape[-1])
                    return b.tensor(f"w{len(b.tensors)}", shape, np.float32, None, rng.standard_normal(shape) * size)

                def state(count):
                    b.tensors[b.tensor("state", [1, count], np.float32)].isVariable = True
                    return len(b.tensors) - 1

                steps = [time] if kind == "UNIDIRECTIONAL_SEQUENCE_RNN" else []
                x = b.input("x", [1, *steps, features], np.float32)
                if kind == "SVDF":
                    operands = [x, constant(units * rank, features), constant(units * rank, memory), constant(units),
                                state(units * rank * memory)]
                    fields = {"options": "SVDFOptions", "rank": rank}
                else:
                    operands = [x, constant(units, features), constant(units, units), constant(units), state(units)]
                    fields = {"options": "SequenceRNNOptions" if steps else "RNNOptions"}
                b.op(kind, operands, [b.output("y", [1, *steps, units], np.float32)], fusedActivationFunction=RELU, **fields)
                (self.folder / "f.tflite").write_bytes(b.bytes())
                data = rng.standard_normal((FRAMES, 1, *steps, features)).astype(np.float32)
                np.save(self.folder / "x.npy", data)
                runtimes.narrow("quantize", self.folder / "f.tflite", "--scheme", "dynamic", "-o", self.folder / "q.tflite")
                runtime = runtimes.LiteRt(self.folder / "q.tflite", "litert")
                y, = runtime.run({"x": data}).values()
                y, got, real = (np.reshape(v, (FRAMES, -1)) for v in
                                (y, self.outputs("q.tflite", "litert"), self.outputs("f.tflite", "narrow")))
                with self.subTest(kind=kind, number=number):
                    np.testing.assert_allclose(got, y, atol=2e-4, rtol=1e-4)
                    self.assertFalse(np.array_equal(got, real))


if __name__ == "__main__":
    unittest.main()
