"""`narrow convert --stream`: networks over a window of frames, made to take them one by one, give for every window what the
network itself gives: of integers bit for bit, in narrow, LiteRT, TensorFlow Lite Micro and in C."""
import json
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import isolated, runtimes
    from .environment import shared, whole_number
    from .tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = 14
FLOAT_TOLERANCE = 1e-5
VALID, SAME = 1, 0


class Network:
    """A float network over [1, time, width, channels] with random layers along time, made op by op."""

    def __init__(self, seed, time, width):
        self.b, self.draw = TfliteBuilder(), np.random.default_rng(seed)
        self.now = self.b.input("x", (1, time, width, 1), np.float32)
        self.shape = (1, time, width, 1)

    def constant(self, values, dtype=np.float32):
        values = np.asarray(values, dtype)
        return self.b.tensor(f"c{len(self.b.tensors)}", values.shape, dtype, values=values)

    def result(self, shape):
        return self.b.tensor(f"t{len(self.b.tensors)}", shape, np.float32)

    def slide(self, op, k, stride=1, dilation=1, width=1, across=VALID, out=None):
        """A layer of k positions along time; of `width` ones across it, with SAME padding there where `across` says so,
        which is only possible where k is 1."""
        _, time, wide, channels = self.shape
        reach = (k - 1) * dilation + 1
        after = (time - reach) // stride + 1
        wide_after = wide if across == SAME else wide - width + 1
        out = channels if op != "CONV_2D" else out or int(self.draw.integers(2, 6))
        y = self.result((1, after, wide_after, out))
        fields = {"padding": across, "strideH": stride, "strideW": 1}
        if op.endswith("POOL_2D"):
            self.b.op(op, [self.now], [y], "Pool2DOptions", filterHeight=k, filterWidth=width, **fields)
        else:
            fields |= {"dilationHFactor": dilation, "dilationWFactor": 1,
                       "fusedActivationFunction": int(self.draw.integers(0, 2))}
            depthwise = op == "DEPTHWISE_CONV_2D"
            shape = (1, k, width, out) if depthwise else (out, k, width, channels)
            size = k * width * (1 if depthwise else channels)
            weights = self.constant(self.draw.normal(size=shape) / np.sqrt(size))
            if depthwise:
                fields["depthMultiplier"] = 1
            self.b.op(op, [self.now, weights, self.constant(self.draw.normal(size=out) / 4)], [y],
                      "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", version=2, **fields)
        self.now, self.shape = y, (1, after, wide_after, out)

    def causal(self, k, dilation=1):
        """A padded layer that looks back only. Its data takes another shape in between, as layers of one dimension have it."""
        _, time, wide, channels = self.shape
        before = (k - 1) * dilation
        flat, padded = (time, wide * channels), (time + before, wide * channels)
        for op, shape in (("RESHAPE", flat), ("PAD", padded), ("RESHAPE", (1, time + before, wide, channels))):
            y = self.result(shape)
            if op == "PAD":
                self.b.op("PAD", [self.now, self.constant([[before, 0], [0, 0]], np.int32)], [y])
            else:
                self.b.op(op, [self.now, self.constant(shape, np.int32)], [y])
            self.now, self.shape = y, shape
        self.slide("CONV_2D", k, dilation=dilation)

    def add_two(self, k):
        """The sum of a layer of 2 k - 1 positions and two of k."""
        start, shape = self.now, self.shape
        self.slide("CONV_2D", 2 * k - 1, out=3)
        one, self.now, self.shape = self.now, start, shape
        self.slide("CONV_2D", k)
        self.slide("CONV_2D", k, out=3)
        y = self.result(self.shape)
        self.b.op("ADD", [one, self.now], [y], "AddOptions")
        self.now = y

    def cropped(self, k):
        """The sum of a layer of k positions and of its data without the first k - 1."""
        start, (_, time, wide, channels) = self.now, self.shape
        self.slide("CONV_2D", k, out=channels)
        late, y = self.result(self.shape), self.result(self.shape)
        bounds = [self.constant(v, np.int32) for v in ([0, k - 1, 0, 0], [0, time, 0, 0], [1, 1, 1, 1])]
        self.b.op("STRIDED_SLICE", [start, *bounds], [late], "StridedSliceOptions", beginMask=13, endMask=13)
        self.b.op("ADD", [late, self.now], [y], "AddOptions")
        self.now = y

    def skip(self):
        """What a layer without a look back gives is added to its data, and both are joined."""
        start, channels = self.now, self.shape[3]
        self.slide("CONV_2D", 1, width=min(3, self.shape[2]), across=SAME, out=channels)
        y, both = self.result(self.shape), self.result((*self.shape[:3], 2 * channels))
        self.b.op("ADD", [start, self.now], [y], "AddOptions")
        self.b.op("CONCATENATION", [y, self.now], [both], "ConcatenationOptions", axis=3)
        self.now, self.shape = both, (*self.shape[:3], 2 * channels)

    def finish(self, kind):
        _, time, wide, channels = self.shape
        if kind == "mean":
            y = self.result((1, channels))
            self.b.op("MEAN", [self.now, self.constant([1, 2], np.int32)], [y], "ReducerOptions")
            self.now, size = y, channels
        else:
            if kind == "pool":
                self.slide("AVERAGE_POOL_2D", time, stride=time, width=wide)
                time = wide = 1
            size = time * wide * channels
            y = self.result((1, size))
            self.b.op("RESHAPE", [self.now, self.constant([1, size], np.int32)], [y])
            self.now = y
        y = self.b.output("y", (1, 4), np.float32)
        weights = self.constant(self.draw.normal(size=(4, size)) / np.sqrt(size))
        self.b.op("FULLY_CONNECTED", [self.now, weights, self.constant(np.zeros(4))], [y], "FullyConnectedOptions")
        return self.b.bytes()

    def finish_along_time(self):
        self.b.outputs.append(self.now)
        return self.b.bytes()


def window_network(seed):
    draw = np.random.default_rng([SEED, seed])
    time, width = int(draw.integers(30, 50)), int(draw.integers(3, 8))
    net = Network([SEED, seed, 1], time, width)
    for _ in range(int(draw.integers(2, 5))):
        kind = draw.integers(7)
        k, stride = int(draw.integers(1, 5)), int(draw.integers(1, 3))
        if net.shape[1] < 14:
            break
        if kind == 0:
            net.slide("CONV_2D", k, stride, width=int(draw.integers(1, net.shape[2] + 1)))
        elif kind == 1:
            net.slide("CONV_2D", k, 1, 2)
        elif kind == 2:
            net.slide("DEPTHWISE_CONV_2D", k, stride)
        elif kind == 3:
            net.slide(str(draw.choice(["MAX_POOL_2D", "AVERAGE_POOL_2D"])), int(draw.integers(1, 4)), stride)
        elif kind == 4:
            net.cropped(int(draw.integers(2, 5)))
        elif kind == 5:
            net.add_two(int(draw.integers(2, 4)))
        else:
            net.skip()
    return net.finish(str(draw.choice(["mean", "pool", "flatten"]))), time, width


class Checks(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def streamed(self, name, axis="1"):
        return json.loads(runtimes.narrow("convert", self.folder / name, "--stream", axis, "-o",
                                          self.folder / f"s_{name}", "--json"))

    def quantized(self, name, time, width):
        x = np.random.default_rng([SEED, 5]).normal(size=(40, 1, time, width, 1)).astype(np.float32)
        np.save(self.folder / "c.npy", x[:, 0])
        runtimes.narrow("quantize", self.folder / name, "--data", self.folder / "c.npy", "-o", self.folder / f"q_{name}")
        return f"q_{name}"

    def outputs(self, name, x, *options):
        np.save(self.folder / "x.npy", x)
        stored = ["--data-is-quantized"] if x.dtype == np.int8 else []
        runtimes.narrow("run", self.folder / name, "--data", self.folder / "x.npy", "-o", self.folder / "y.npy", *stored,
                        *options)
        y = np.load(self.folder / "y.npy")
        return y.reshape(len(y), -1)

    def litert(self, name, x):
        runtime = runtimes.LiteRt(self.folder / name, "litert")
        y, = runtime.run({runtime.inputs[0]["name"]: x}).values()
        return y.reshape(len(y), -1)

    def micro(self, name, x):
        worker = isolated.Worker("tflm")
        try:
            return np.array([y.reshape(-1) for y, in worker.run((self.folder / name).read_bytes(),
                                                                [[frame[None]] for frame in x])])
        finally:
            worker.close()

    def same(self, got, wanted, what):
        if wanted.dtype == np.float32:
            np.testing.assert_allclose(got, wanted, atol=FLOAT_TOLERANCE * max(1, np.abs(wanted).max()), rtol=0, err_msg=what)
        else:
            np.testing.assert_array_equal(got, wanted, what)

    def check(self, name, frames, said, what, runs_in=("narrow", "litert", "tflm")):
        """`frames`: stored values [count, width, 1] of the sound. Every window from the first run on."""
        n, first = said["frames"], said["first_run"]
        runs = len(frames) // n
        pieces = frames[:runs * n].reshape(runs, n, *frames.shape[1:])
        windows = [frames[(r - first) * n + said["offset"]:][:said["window"]] for r in range(first, runs)]
        # What lies behind the last frame of all has no part in the outputs of the last windows.
        windows = np.stack([np.concatenate([w, np.zeros((said["window"] - len(w), *w.shape[1:]), w.dtype)]) for w in windows])
        for runtime in runs_in:
            if runtime == "narrow":
                wanted, got = self.outputs(name, windows), self.outputs(f"s_{name}", pieces)
            elif runtime == "litert":
                wanted, got = self.litert(name, windows), self.litert(f"s_{name}", pieces)
            elif "tflm" in isolated.installed():
                wanted, got = self.micro(name, windows), self.micro(f"s_{name}", pieces)
            self.same(got[first:], wanted, f"{what}, {runtime}")
        self.assertGreater(len(np.unique(wanted)), 4)
        return len(windows)

    def c_agrees(self, name, frames, said):
        pieces = frames[:len(frames) // said["frames"] * said["frames"]].reshape(-1, said["frames"], *frames.shape[1:])
        np.save(self.folder / "x.npy", pieces)
        project = self.folder / "c"
        runtimes.narrow("compile", self.folder / name, "-o", project, "--golden", self.folder / "x.npy",
                        "--data-is-quantized", "--name", "net")
        subprocess.run(["make", "-s", "-C", project, "test"], check=True, capture_output=True)
        self.assertIn("nw_memset(state->variable_", (project / "net.c").read_text())  # no constants of what states begin with


class Streams(Checks):
    def test_windows(self):
        windows = {}
        for seed in range(COUNT):
            model, time, width = window_network(seed)
            (self.folder / "f.tflite").write_bytes(model)
            frames = np.random.default_rng([SEED, seed, 2]).normal(size=(90, width, 1)).astype(np.float32)
            with self.subTest(seed=seed):
                said = self.streamed("f.tflite")
                self.assertEqual(said["window"], time)
                self.assertEqual(said["late"], -1)
                windows["float"] = windows.get("float", 0) + self.check("f.tflite", frames, said, f"float {seed}",
                                                                         ("narrow", "litert"))
                q = self.quantized("f.tflite", time, width)
                said = self.streamed(q)
                stored = np.clip(np.round(frames * 40), -128, 127).astype(np.int8)
                windows["int8"] = windows.get("int8", 0) + self.check(q, stored, said, f"int8 {seed}")
                if seed % 5 == 0:
                    self.c_agrees(f"s_{q}", stored, said)
        print(f"windows the same: {windows}")

    def test_more_frames_at_a_time(self):
        net = Network([SEED, 77], 40, 4)
        net.slide("CONV_2D", 3, 2)
        net.slide("CONV_2D", 3)
        (self.folder / "f.tflite").write_bytes(net.finish("mean"))
        frames = np.random.default_rng(SEED).normal(size=(90, 4, 1)).astype(np.float32)
        for n in (2, 4, 6):
            said = self.streamed("f.tflite", f"1:{n}")
            self.assertEqual(said["frames"], n)
            self.check("f.tflite", frames, said, f"{n} frames", ("narrow", "litert"))
        with self.assertRaisesRegex(AssertionError, "multiple of 2 frames a run, not 3"):
            self.streamed("f.tflite", "1:3")

    def test_weights_of_4_bits_stay(self):
        net = Network([SEED, 79], 20, 4)
        net.slide("CONV_2D", 3, width=4, out=16)
        (self.folder / "f.tflite").write_bytes(net.finish("mean"))
        np.save(self.folder / "c.npy", np.random.default_rng(SEED).normal(size=(8, 20, 4, 1)).astype(np.float32))
        runtimes.narrow("quantize", self.folder / "f.tflite", "--weights", 4, "--data", self.folder / "c.npy", "-o",
                        self.folder / "q.tflite")
        self.streamed("q.tflite")
        runtimes.narrow("convert", self.folder / "q.tflite", "-o", self.folder / "t.tflite")
        for name in ("s_q.tflite", "t.tflite"):
            said = json.loads(runtimes.narrow("inspect", self.folder / name, "--json"))
            self.assertEqual(sum(t["dtype"] == "int4" for t in said["tensors"]), 2, name)

    def test_another_axis(self):
        """Images whose columns follow each other in time."""
        net = Network([SEED, 78], 6, 31)
        for k, stride in ((4, 2), (3, 1)):
            channels, wide = net.shape[3], (net.shape[2] - k) // stride + 1
            weights = net.constant(net.draw.normal(size=(5, 3, k, channels)) / np.sqrt(3 * k * channels))
            y = net.result((1, net.shape[1] - 2, wide, 5))
            net.b.op("CONV_2D", [net.now, weights, net.constant(np.ones(5))], [y], "Conv2DOptions", padding=VALID, strideH=1,
                     strideW=stride, dilationHFactor=1, dilationWFactor=1)
            net.now, net.shape = y, (1, net.shape[1] - 2, wide, 5)
        (self.folder / "f.tflite").write_bytes(net.finish("flatten"))
        frames = np.random.default_rng(SEED).normal(size=(80, 6, 1)).astype(np.float32)  # the columns
        said = self.streamed("f.tflite", "2")
        self.assertEqual((said["frames"], said["window"]), (2, 31))
        pieces = frames.reshape(40, 2, 6, 1).swapaxes(1, 2)
        windows = np.stack([frames[2 * i + said["offset"]:][:31] for i in range(24)]).swapaxes(1, 2)
        for run in (self.outputs, self.litert):
            got = run("s_f.tflite", pieces)[said["first_run"]:][:24]
            self.same(got, run("f.tflite", windows)[:len(got)], run.__name__)
            self.assertGreater(len(got), 20)

    def test_causal_networks_along_time(self):
        for seed in range(4):
            draw = np.random.default_rng([SEED, seed, 3])
            net = Network([SEED, seed, 4], 36, 4)
            for _ in range(3):
                net.causal(int(draw.integers(1, 5)), int(draw.integers(1, 3)))
            if seed % 2:
                net.slide("CONV_2D", 3)  # the only one that makes outputs late
            (self.folder / "f.tflite").write_bytes(net.finish_along_time())
            frames = np.random.default_rng([SEED, seed, 5]).normal(size=(36, 4, 1)).astype(np.float32)
            for name, x in (("f.tflite", frames), (self.quantized("f.tflite", 36, 4), None)):
                x = np.clip(np.round(frames * 40), -128, 127).astype(np.int8) if x is None else x
                said = self.streamed(name)
                self.assertEqual((said["frames"], said["late"]), (1, 2 if seed % 2 else 0))
                for run in (self.outputs, self.litert):
                    with self.subTest(seed=seed, name=name, run=run.__name__):
                        wanted = run(name, x[None]).reshape(36 - said["late"], -1)
                        self.same(run(f"s_{name}", x[:, None])[said["late"]:], wanted, f"causal {seed}")

    def test_what_cannot_be_streamed(self):
        def refused(model, text, axis="1"):
            (self.folder / "r.tflite").write_bytes(model)
            with self.assertRaisesRegex((runtimes.Refused, AssertionError), text):
                self.streamed("r.tflite", axis)
            self.assertFalse((self.folder / "s_r.tflite").exists())

        net = Network(1, 20, 4)
        net.slide("CONV_2D", 3, across=VALID)
        net.b.ops[0].builtinOptions.padding = SAME
        net.b.tensors[net.now].shape = np.asarray((1, 20, 4, net.shape[3]), np.int32)
        net.shape = (1, 20, 4, net.shape[3])
        refused(net.finish("mean"), r"SAME padding puts 1 positions before the window and 1 behind it.*op 0 \(CONV_2D\)")
        net = Network(1, 20, 4)
        net.causal(3)
        refused(net.finish("mean"), "padded before its first frame, with which no later window would begin")
        net = Network(1, 20, 4)
        net.slide("CONV_2D", 3)
        net.causal(3)
        refused(net.finish_along_time(), "behind a layer that looks back without padding")
        net = Network(1, 20, 4)
        y = net.b.output("y", (1, 20, 4, 1), np.float32)
        net.b.op("REVERSE_V2", [net.now, net.constant([1], np.int32)], [y])
        refused(net.b.bytes(), r"as bidirectional layers do: it may need all frames at once.*op 0 \(REVERSE_V2\)")
        net = Network(1, 20, 4)
        net.slide("CONV_2D", 3, out=32)
        net.slide("CONV_2D", 3, out=32)
        (self.folder / "d.tflite").write_bytes(net.finish("mean"))
        runtimes.narrow("quantize", self.folder / "d.tflite", "--scheme", "dynamic", "-o", self.folder / "d8.tflite")
        refused((self.folder / "d8.tflite").read_bytes(), r"rounds all of its window by one scale.*op \d \(CONV_2D\)")
        self.streamed("d.tflite")
        refused((self.folder / "s_d.tflite").read_bytes(), "keeps state already")
        net = Network(1, 20, 4)
        y = net.b.output("y", (1, 20, 4, 1), np.float32)
        net.b.op("REVERSE_V2", [net.now, net.constant([1], np.int32)], [y])
        refused(net.b.bytes(), "is no axis", "7")
        refused(net.b.bytes(), "write AXIS or AXIS:FRAMES", "one")
        refused(net.b.bytes(), "1 to 20 frames", "1:21")


class Published(Checks):
    """Networks that others made."""

    def test_arms_cnn(self):
        """Keyword spotting, whose layers have VALID padding along time."""
        model = shared("data/arm-kws/CNN_S.pb")
        windows = np.load(shared("data/kws01/x.npy"))[:60].reshape(-1, 49, 10).astype(np.float32)
        np.save(self.folder / "c.npy", windows)
        runtimes.narrow("convert", model, "-o", self.folder / "f.tflite", "--quiet")
        runtimes.narrow("quantize", self.folder / "f.tflite", "--data", self.folder / "c.npy", "-o", self.folder / "q.tflite")
        frames = windows[:5].reshape(-1, 10)
        said = self.streamed("f.tflite")
        self.assertEqual((said["frames"], said["window"], said["first_run"], said["offset"]), (2, 49, 24, 0))
        self.assertLess(said["macs"] * 12, json.loads(runtimes.narrow("inspect", model, "--json", "--quiet"))["macs"])
        count = self.check("f.tflite", frames, said, "float", ("narrow", "litert"))
        grid = runtimes.LiteRt(self.folder / "q.tflite", "litert").inputs[0]["quantization"]
        stored = np.clip(np.round(frames / grid[0]) + grid[1], -128, 127).astype(np.int8)
        self.check("q.tflite", stored, self.streamed("q.tflite"), "int8")
        print(f"CNN_S: {count} windows the same, {said['macs']} multiply-accumulates a run")

    def test_streaming_wake_word(self):
        """The published int8 network of MLPerf Tiny's streaming wake word, which has windows of 30 frames."""
        (self.folder / "q.tflite").write_bytes(shared("data/mlperf-tiny/sww_int8_reference.tflite").read_bytes())
        said = self.streamed("q.tflite")
        with np.load(shared("data/mlperf-tiny/sww_calibration_samples.npz")) as samples:
            frames = np.clip(np.round(samples["specs"].reshape(-1, 1, 40) / 0.00370104) - 128, -128, 127).astype(np.int8)
        print(f"sww: {self.check('q.tflite', frames[:600], said, 'sww')} windows the same")

    def test_what_cannot_be_streamed(self):
        for name, text in (("arm-kws/DS_CNN_S.pb", "SAME padding puts 4 positions before"),
                           ("arm-kws/LSTM_S.pb", "begins each window with zeros"),
                           ("models/rnn/lstm.keras", r"begins each window with zeros"),
                           ("models/rnn/lstm_tfkeras.tflite", "keeps state already")):
            with self.subTest(name=name), self.assertRaisesRegex(runtimes.Refused, text):
                runtimes.narrow("convert", shared(f"data/{name}"), "--stream", 1, "-o", self.folder / "s.tflite",
                                "--quiet")


if __name__ == "__main__":
    unittest.main()
