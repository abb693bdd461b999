"""Keras layers with `stateful=True`: frame by frame as Keras computed (stateful_keras.py recorded it), and in integers the same
in narrow and in C, in sequences, with several states and networks in one program."""
import ctypes
import json
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    from . import runtimes
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

RECORDED = pathlib.Path(__file__).parent / "stateful"
LENGTH = 25
LEAST_DB = {"int8": 30, "int16x8": 38}


class Program:
    """Emitted projects in one library, each with states of its own, on one arena."""

    def __init__(self, folder, names):
        kernels = {p.name: p for name in names for p in (folder / name / "kernels").glob("**/*.c")}
        sources = [folder / name / f"{name}.c" for name in names]
        library = folder / "both.so"
        subprocess.run(["gcc", "-std=c99", "-O1", "-shared", "-fPIC", *sources, *kernels.values(), "-o", library], check=True)
        self.library = ctypes.CDLL(str(library))
        self.arena = ctypes.create_string_buffer(1 << 16)

    def of(self, name, function, result=None):
        found = getattr(self.library, f"{name}_{function}")
        found.restype = result
        return found

    def begin(self, name):
        state = ctypes.create_string_buffer(1 << 12)
        self.of(name, "reset")(state)
        return state

    def run(self, name, state, frame, count):
        ctypes.memmove(self.of(name, "input", ctypes.c_void_p)(self.arena, 0), frame.tobytes(), frame.nbytes)
        self.of(name, "run")(self.arena, state)
        y = ctypes.string_at(self.of(name, "output", ctypes.c_void_p)(self.arena, 0), count)
        ctypes.memset(self.arena, 85, len(self.arena))  # nothing is kept there
        return np.frombuffer(y, np.int8)


class StatefulLayers(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.recorded = np.load(RECORDED / "outputs.npz")

    def outputs(self, model, x, *options):
        np.save(self.folder / "x.npy", x)
        runtimes.narrow("run", model, "--data", self.folder / "x.npy", "--sequence", LENGTH, "-o", self.folder / "y.npy",
                        *options)
        return np.load(self.folder / "y.npy")

    def quantized(self, name, scheme="int8"):
        np.save(self.folder / "c.npy", self.recorded[f"{name}_x"])
        model = self.folder / f"{name}_{scheme}.tflite"
        runtimes.narrow("quantize", RECORDED / f"{name}.keras", "--scheme", scheme, "--data", self.folder / "c.npy",
                        "--sequence", LENGTH, "-o", model)
        return model

    def compiled(self, model, name, *options):
        runtimes.narrow("compile", model, "--name", name, "-o", self.folder / name, "--golden", self.folder / "c.npy",
                        "--sequence", LENGTH, *options)
        subprocess.run(["make", "-s", "-C", self.folder / name, "test"], check=True, capture_output=True)

    def test_floats_are_those_of_keras(self):
        for name in ("one_frame", "three_frames"):
            x, wanted = self.recorded[f"{name}_x"], self.recorded[f"{name}_y"]
            runtimes.narrow("convert", RECORDED / f"{name}.keras", "-o", self.folder / "c.tflite")
            for model in (RECORDED / f"{name}.keras", self.folder / "c.tflite"):
                with self.subTest(model=model):
                    np.testing.assert_allclose(self.outputs(model, x).reshape(wanted.shape), wanted, atol=2e-6)

    def test_integers(self):
        for name in ("one_frame", "three_frames"):
            for scheme, least in LEAST_DB.items():
                with self.subTest(name=name, scheme=scheme):
                    model = self.quantized(name, scheme)
                    said = json.loads(runtimes.narrow("evaluate", model, "--reference", RECORDED / f"{name}.keras", "--data",
                                                      self.folder / "c.npy", "--sequence", LENGTH, "--json"))
                    self.assertGreater(said["models"][0]["sqnr_db"], least)
                    self.compiled(model, f"{name}_{scheme}")

    def test_several_states_in_one_program(self):
        """Two streams of one network and one of another, whose runs take turns on one arena."""
        draw = np.random.default_rng(4)
        streams = []
        for name in ("one_frame", "three_frames"):
            self.compiled(self.quantized(name), name)
            shape = self.recorded[f"{name}_x"].shape[1:]
            for _ in range(2 if name == "one_frame" else 1):
                x = draw.integers(-128, 128, (LENGTH, *shape)).astype(np.int8)
                streams.append((name, x, self.outputs(self.folder / f"{name}_int8.tflite", x, "--data-is-quantized")))
        program = Program(self.folder, ("one_frame", "three_frames"))
        states = [program.begin(name) for name, _, _ in streams]
        for t in range(LENGTH):
            for state, (name, x, wanted) in zip(states, streams):
                got = program.run(name, state, x[t], wanted[t].size)
                np.testing.assert_array_equal(got, wanted[t].reshape(-1), f"{name}, run {t}")
        self.assertFalse(np.array_equal(streams[0][2], streams[1][2]))

    def test_places_and_statistics_in_parts(self):
        model = self.quantized("one_frame")
        self.compiled(model, "placed", "--place", "DTCM=1k")
        self.assertIn("PLACED_IN_DTCM", (self.folder / "placed" / "placed.c").read_text())
        files = [self.folder / f"{n}.nstat" for n in ("whole", "a", "b", "sum")]
        for file, *options in ((files[0],), (files[1], "--shard", "1/2", "--threads", 1), (files[2], "--shard", "2/2")):
            runtimes.narrow("calibrate", RECORDED / "one_frame.keras", "--data", self.folder / "c.npy", "--sequence", 10, "-o",
                            file, *options)
        runtimes.narrow("merge", files[1], files[2], "-o", files[3])
        self.assertEqual(files[0].read_bytes(), files[3].read_bytes())
        made = []
        for threads in (1, 3):
            runtimes.narrow("quantize", RECORDED / "one_frame.keras", "--data", self.folder / "c.npy", "--sequence", 10,
                            "--threads", threads, "-o", self.folder / "t.tflite")
            made.append((self.folder / "t.tflite").read_bytes())
        self.assertEqual(made[0], made[1])

    def test_what_is_not_searched_is_said(self):
        """`fit` and `--quality best` choose by single samples."""
        np.save(self.folder / "c.npy", self.recorded["one_frame_x"])
        for words in (("fit", "-o", self.folder / "w.toml"), ("fit", "-o", self.folder / "w.toml", "--sequence", LENGTH),
                      ("quantize", "--quality", "best", "-o", self.folder / "q.tflite")):
            with self.subTest(words=words), self.assertRaisesRegex((runtimes.Refused, AssertionError), "keeps state"):
                runtimes.narrow(words[0], RECORDED / "one_frame.keras", "--data", self.folder / "c.npy", *words[1:])


if __name__ == "__main__":
    unittest.main()
