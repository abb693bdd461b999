"""Networks that see a sound frame by frame and keep what they need of the frames before in variables: in narrow and in the
C that it writes as in LiteRT and TensorFlow Lite Micro, bit for bit, over whole sequences.

One network is made here, of the ops that the published ones have. The wake word networks that the package pymicro-wakeword
carries are tested where it is installed (`tools/check_more wake_words` does that).
"""
import ctypes
import importlib.util
import itertools
import json
import pathlib
import subprocess
import tempfile
import unittest
import wave

try:
    import numpy as np

    from . import isolated, runtimes
    from .environment import SHARED
    from .tflite_builder import Grid, TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

FRAMES, LENGTH = 250, 110  # the last sequence is shorter
SPEECH = SHARED / "data/speech"
NUMBERS = itertools.count()
WARNINGS = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wundef", "-Werror")


class Network:
    """A streaming network of int8 with random weights: three frames of 10 features a run, as the published ones have 40."""

    def __init__(self, seed):
        self.b, self.draw, self.variables = TfliteBuilder(), np.random.default_rng(seed), []
        b = self.b
        x = b.input("x", (1, 3, 10), np.int8, Grid(0.1, -128))
        y = b.output("y", (1, 1), np.uint8, Grid(1 / 256))
        b.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)
        row = b.tensor("row", (1, 3, 1, 10), np.int8, Grid(0.1, -128))
        b.op("RESHAPE", [x, self.shape(1, 3, 1, 10)], [row])
        now, grid = self.remembered(row, 3, 10, 2, Grid(0.1, -128))
        now, grid = self.layer("CONV_2D", now, 5, 10, 12, grid, 3)
        now, grid = self.remembered(now, 1, 12, 4, grid)
        now, grid = self.layer("DEPTHWISE_CONV_2D", now, 5, 12, 12, grid)
        now, grid = self.layer("CONV_2D", now, 1, 12, 8, grid)
        now, grid = self.remembered(now, 1, 8, 6, grid)
        flat, sums, p = (b.tensor(n, s, np.int8, g) for n, s, g in
                         (("flat", (1, 56), grid), ("sums", (1, 1), Grid(0.05, 3)), ("p", (1, 1), Grid(1 / 256, -128))))
        b.op("RESHAPE", [now, self.shape(1, 56)], [flat])
        weights, bias = self.weights((1, 56), Grid(0.002, 0)), self.bias(1, grid.scale * 0.002)
        b.op("FULLY_CONNECTED", [flat, weights, bias], [sums], "FullyConnectedOptions", version=4)
        b.op("LOGISTIC", [sums], [p], version=2)
        b.op("QUANTIZE", [p], [y], "QuantizeOptions", version=2)
        b.graph()
        for name, frames, channels, grid in self.variables:
            start = b.tensor(f"{name}/start", (1, frames, 1, channels), np.int8, grid,
                             values=np.full((1, frames, 1, channels), grid.zero_point))
            b.op("ASSIGN_VARIABLE", [self.handle(name), start], [], "AssignVariableOptions")

    def shape(self, *sizes):
        return self.b.tensor(f"c{len(self.b.tensors)}", (len(sizes),), np.int32, values=sizes)

    def handle(self, name):
        t = self.b.tensor(f"{name}/handle", (), "resource")
        self.b.op("VAR_HANDLE", [], [t], "VarHandleOptions", container="", sharedName=name)
        return t

    def weights(self, shape, grid):
        return self.b.tensor(f"w{len(self.b.tensors)}", shape, np.int8, grid, self.draw.integers(-127, 128, shape))

    def bias(self, count, scale):
        return self.b.tensor(f"b{len(self.b.tensors)}", (count,), np.int32, Grid(scale),
                             self.draw.integers(-900, 900, count))

    def remembered(self, new, frames, channels, before, grid):
        """The `before` frames of earlier runs and those of this one."""
        name, b = f"state{len(self.variables)}", self.b
        self.variables.append((name, before, channels, grid))
        old, both, last = (b.tensor(f"{name}/{n}", (1, f, 1, channels), np.int8, grid) for n, f in
                           (("old", before), ("both", before + frames), ("last", before)))
        h = self.handle(name)
        b.op("READ_VARIABLE", [h], [old], "ReadVariableOptions")
        b.op("CONCATENATION", [old, new], [both], "ConcatenationOptions", version=2, axis=1)
        bounds = [self.shape(0, frames, 0, 0), self.shape(1, before + frames, 1, channels), self.shape(1, 1, 1, 1)]
        b.op("STRIDED_SLICE", [both, *bounds], [last], "StridedSliceOptions", version=2, beginMask=13, endMask=15)
        b.op("ASSIGN_VARIABLE", [h, last], [], "AssignVariableOptions")
        return both, grid

    def layer(self, op, x, length, channels, out, grid, stride=1):
        depthwise = op == "DEPTHWISE_CONV_2D"
        shape = (1, length, 1, out) if depthwise else (out, length, 1, channels)
        scales = self.draw.uniform(0.004, 0.01, out)
        w = self.weights(shape, Grid(scales, 0, 3 if depthwise else 0))
        bias, result = self.bias(out, scales * grid.scale), Grid(float(self.draw.uniform(0.05, 0.1)), -128)
        y = self.b.tensor(f"y{len(self.b.tensors)}", (1, 1, 1, out), np.int8, result)
        fields = {"padding": 1, "strideH": stride, "strideW": stride, "fusedActivationFunction": 1}
        if depthwise:
            fields["depthMultiplier"] = 1
        self.b.op(op, [x, w, bias], [y], "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions", version=3, **fields)
        return y, result


def sequences(count):
    """Slices of the sequences that `count` frames are."""
    return [slice(first, min(first + LENGTH, count)) for first in range(0, count, LENGTH)]


def of_litert(model, x, profile):
    parts = []
    for part in sequences(len(x)):
        runtime = runtimes.LiteRt(model, profile)
        y, = runtime.run({runtime.inputs[0]["name"]: x[part]}).values()
        parts.append(y.reshape(len(y), -1))
    return np.concatenate(parts)


def inside_litert(model, x):
    """Every tensor that LiteRT computes, by name: of a first sequence."""
    interpreter = runtimes.Interpreter(model_content=model, experimental_preserve_all_tensors=True,
                                       experimental_op_resolver_type=runtimes.OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    details = [d for d in interpreter.get_tensor_details() if d["dtype"] in (np.int8, np.uint8) and d["name"]]
    seen = {d["name"]: [] for d in details}
    for frame in x:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], frame[None])
        interpreter.invoke()
        for d in details:
            seen[d["name"]].append(interpreter.get_tensor(d["index"]).reshape(-1))
    return {name: np.array(values) for name, values in seen.items()}


class Project:
    """An emitted project, compiled into a library that this process calls."""

    def __init__(self, folder, name):
        library = folder / f"{next(NUMBERS)}.so"  # a path of its own, as the loader knows those it has loaded
        sources = [p for p in (*folder.glob("*.c"), *folder.glob("kernels/*.c")) if p.name != "selftest.c"]
        subprocess.run(["gcc", *WARNINGS, "-O1", "-shared", "-fPIC", *sources, "-o", library], check=True)
        self.library, self.name = ctypes.CDLL(str(library)), name
        self.arena, self.state = (ctypes.create_string_buffer(1 << 16) for _ in range(2))
        for function in ("input", "output"):
            self.function(function).restype = ctypes.c_void_p

    def function(self, name):
        return getattr(self.library, f"{self.name}_{name}")

    def reset(self):
        self.function("reset")(self.state)

    def run(self, frame):
        """The first byte of the output."""
        ctypes.memmove(self.function("input")(self.arena, 0), frame.tobytes(), frame.nbytes)
        self.function("run")(self.arena, self.state)
        y = ctypes.string_at(self.function("output")(self.arena, 0), 1)[0]
        ctypes.memset(self.arena, 85, len(self.arena))  # nothing is kept there
        return y


class Sequences(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def narrow(self, command, *arguments):
        return runtimes.narrow(command, self.folder / "net.tflite", *arguments, "--sequence", LENGTH)

    def stored(self, x, *options):
        np.save(self.folder / "x.npy", x)
        self.narrow("run", "--data", self.folder / "x.npy", "--data-is-quantized", "-o", self.folder / "y.npy", *options)
        y = np.load(self.folder / "y.npy")
        return y.reshape(len(y), -1)

    def check(self, model, x, name):
        """`x`: stored frames [count, ...]. Returns how many different outputs there were."""
        (self.folder / "net.tflite").write_bytes(model)
        wanted = of_litert(model, x, "litert")
        for profile in runtimes.RESOLVERS:
            theirs = of_litert(model, x, profile)
            np.testing.assert_array_equal(self.stored(x, "--profile", profile), theirs, f"{name}, {profile}")
        self.check_micro(model, x, name)
        self.check_inside(model, x, name)
        self.check_c(x, self.stored(x), name)
        self.assertLessEqual(np.max(np.abs(self.stored(x).astype(int) - wanted)), 2, name)
        return len(np.unique(wanted))

    def check_micro(self, model, x, name):
        if "tflm" not in isolated.installed():
            print("tflite_micro is not installed: not compared")
            return
        parts = []
        for part in sequences(len(x)):
            worker = isolated.Worker("tflm")
            parts += worker.run(model, [[frame[None]] for frame in x[part]])
            worker.close()
        theirs = np.array([y.reshape(-1) for y, in parts])
        np.testing.assert_array_equal(self.stored(x, "--profile", "tflm"), theirs, f"{name}, tflm")

    def check_inside(self, model, x, name):
        """All that lies inside of the first sequence: outputs alone may be nearly constant."""
        theirs = inside_litert(model, x[:LENGTH])
        self.stored(x, "--profile", "litert", "--per-op", self.folder / "inside")
        listed = json.loads((self.folder / "inside" / "index.json").read_text())
        compared = 0
        for entry in listed:
            if entry["name"] in theirs:
                got = np.load(self.folder / "inside" / entry["file"])[:LENGTH]
                np.testing.assert_array_equal(got.reshape(LENGTH, -1), theirs[entry["name"]], f"{name}, {entry['name']}")
                compared += 1
        self.assertGreater(compared, 10)

    def check_c(self, x, wanted, name):
        """The self-test over all sequences; and a caller who resets where sequences begin, and in the middle of one."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        np.save(self.folder / "x.npy", x)
        self.narrow("compile", "--name", "net", "-o", folder, "--golden", self.folder / "x.npy", "--data-is-quantized")
        test = self.folder / "selftest"
        subprocess.run(["gcc", *WARNINGS, "-O1", "-fsanitize=address,undefined", *folder.glob("*.c"),
                        *folder.glob("kernels/*.c"), "-o", test], check=True)
        done = subprocess.run([test], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), name)
        project = Project(folder, "net")
        for first in (0, LENGTH, 0):  # the third begins while the second is not at its end
            project.reset()
            got = [project.run(frame) for frame in x[first:first + 60]]
            self.assertEqual(got, wanted[first:first + 60, 0].astype(np.uint8).tolist(), name)


class Streaming(Sequences):
    def test_random_networks(self):
        for seed in range(2):
            x = np.random.default_rng(seed).integers(-128, 128, (FRAMES, 3, 10)).astype(np.int8)
            self.assertGreater(self.check(Network(seed).b.bytes(), x, f"network {seed}"), 20)


def loud_frames(count):
    """Random frames that are now soft, now loud, as stored values of the published networks' inputs."""
    draw = np.random.default_rng(11)
    loud = np.repeat(draw.uniform(0, 200, count // 10 + 1), 10)[:count, None, None]
    return np.clip(np.abs(draw.normal(0, 1, (count, 3, 40))) * loud - 128, -128, 127).astype(np.int8)


def spoken_frames():
    """The sounds of the shared data one after the other, with the package's own features, as its own class stores them."""
    from pymicro_features import MicroFrontend
    frontend, features = MicroFrontend(), []
    for path in sorted(SPEECH.glob("*.wav")):
        with wave.open(str(path)) as file:
            sound = file.readframes(file.getnframes())
        while len(sound) >= 320:
            made = frontend.process_samples(sound[:320])
            sound = sound[2 * made.samples_read:]
            if made.features:
                features.append(made.features)
    frames = np.array(features[:len(features) // 3 * 3]).reshape(-1, 3, 40)
    stored = np.clip(np.round(frames / 0.101960786 - 128), -128, 127).astype(np.int8)
    return np.concatenate([stored] * -(-FRAMES // len(stored)))[:FRAMES]


class WakeWords(Sequences):
    def test_published_networks(self):
        found = importlib.util.find_spec("pymicro_wakeword")
        if not found:
            self.skipTest("pymicro-wakeword is not installed; `tools/check_more wake_words` installs it")
        models = sorted((pathlib.Path(found.origin).parent / "models").glob("*.tflite"))
        self.assertGreaterEqual(len(models), 4)
        kinds = {"random frames": loud_frames(FRAMES)}
        if importlib.util.find_spec("pymicro_features") and SPEECH.exists():
            kinds["speech"] = spoken_frames()
        for path in models:
            for kind, x in kinds.items():
                with self.subTest(model=path.stem, frames=kind):
                    count = self.check(path.read_bytes(), x, path.stem)
                    print(f"{path.stem}, {kind}: {len(x)} runs of 3 frames the same, {count} different outputs")


if __name__ == "__main__":
    unittest.main()
