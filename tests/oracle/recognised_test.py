"""The recurrent networks of ../shared/data/models/rnn in every file that they are in: each is one op, in float as its own
framework computes it, in integers as right as in float, and smaller on a chip than its steps one by one."""
import json
import pathlib
import re
import tempfile
import unittest

try:
    import numpy as np

    from . import isolated, runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

FOLDER = "data/models/rnn"
SCALE = 0.0625  # of the samples' pixels
TOLERANCE = 1e-5  # of the largest output
FORMS = (".h5", ".keras", "_tfkeras.h5", ".onnx", "_unrolled.onnx", "_while.onnx", "_unrolled.tflite", "_while.tflite",
         "_tfkeras.tflite")
# By network: the op that it is, and the schemes that narrow has for it.
NETWORKS = {"lstm": ("UNIDIRECTIONAL_SEQUENCE_LSTM", ("int8", "int16x8", "int16", "q15")),
            "gru": ("GRU_SEQUENCE", ("int8", "int16x8", "int16", "q15")),
            "rnn": ("RNN_SEQUENCE", ("int8", "int16x8", "int16", "q15"))}
AROUND = {"RESHAPE", "STRIDED_SLICE", "FULLY_CONNECTED"}  # the last step, and the layer behind it
MICRO_SAMPLES = 36  # TFLM starts anew for each
LOST = {"int8": 1}  # samples of 360 by which integers may differ from float; 0 of schemes with 16 bits


class Recognised(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = shared(FOLDER)
        cls.x, cls.labels = (np.load(cls.models / f"test_{end}.npy") for end in "xy")
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)

    def narrow(self, model, *options):
        """What narrow computes from the test samples."""
        runtimes.narrow("run", model, "--data", self.models / "test_x.npy", "--data-scale", SCALE, "-o",
                        self.folder / "y.npy", *options)
        return np.load(self.folder / "y.npy").reshape(len(self.x), -1)

    def right(self, outputs):
        return int(np.count_nonzero(outputs.argmax(1) == self.labels))

    def framework(self, path):
        """What the file's own runtime computes. A Keras file's weights are those of the .tflite beside it."""
        x = (self.x * SCALE).astype(np.float32)
        if path.suffix == ".onnx":
            try:
                import onnxruntime
            except ImportError:
                self.skipTest("onnxruntime is not installed")
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            name = session.get_inputs()[0].name
            return np.concatenate([session.run(None, {name: sample[None]})[0] for sample in x])
        if path.suffix != ".tflite":
            path = path.with_name(path.name.split("_")[0].split(".")[0] + "_unrolled.tflite")
        return self.litert(path, "xnnpack", x)

    def litert(self, path, profile, x):
        """LiteRT's outputs, each sample beginning with zeros as its state."""
        runtime, outputs = runtimes.LiteRt(path, profile), []
        for sample in x:
            runtime.interpreter.reset_all_variables()
            outputs.append(next(iter(runtime.run({runtime.inputs[0]["name"]: sample[None]}).values())).reshape(-1))
        return np.stack(outputs)

    def quantized(self, path, scheme, *options):
        out = self.folder / f"{path.name}_{scheme}{'_steps' * ('--keep-loops' in options)}.tflite"
        runtimes.narrow("quantize", path, "--data", self.models / "train_x.npy", "--data-scale", SCALE, "--scheme", scheme,
                        "-o", out, *options)
        return out

    @staticmethod
    def sequence(path):
        """The converter's own op keeps its state unless each sample is a sequence of its own; loops and steps begin anew."""
        return ["--sequence", 1] if path.name == "lstm_tfkeras.tflite" else []

    def test_float(self):
        for network, (op, _) in NETWORKS.items():
            largest, counts = 0, set()
            for form in FORMS:
                path = self.models / f"{network}{form}"
                with self.subTest(path.name):
                    ops = [o["op"] for o in json.loads(runtimes.narrow("inspect", path, "--json"))["ops"]]
                    self.assertEqual([o for o in ops if o not in AROUND], [op])
                    got, wanted = self.narrow(path, *self.sequence(path)), self.framework(path)
                    error = np.abs(got - wanted).max() / np.abs(wanted).max()
                    self.assertLessEqual(error, TOLERANCE)
                    largest = max(largest, error)
                    counts.add(self.right(got))
            print(f"{network}: {len(FORMS)} files, largest difference {largest:.1e} of the largest output, right {sorted(counts)}")

    def test_integers_are_as_right_as_float(self):
        for network, (_, schemes) in NETWORKS.items():
            in_float = self.right(self.narrow(self.models / f"{network}.keras"))
            for scheme in schemes:
                counts = {}
                for form in FORMS:
                    path = self.models / f"{network}{form}"
                    with self.subTest(path.name, scheme=scheme):
                        model = self.quantized(path, scheme, *self.sequence(path))
                        counts[form] = self.right(self.narrow(model, *self.sequence(path)))
                        self.assertLessEqual(abs(counts[form] - in_float), LOST.get(scheme, 0))
                print(f"{network} {scheme}: {sorted(set(counts.values()))} right of {len(self.x)}, in float {in_float}")

    def test_as_litert_and_tflm(self):
        """The LSTM that was recognised in loops and steps, bit for bit."""
        samples = {"int8": np.round(self.x * SCALE * 255 - 128).astype(np.int8),
                   "int16x8": np.round(self.x * SCALE * 32767).astype(np.int16)}
        worker = isolated.Worker("tflm")
        self.addCleanup(worker.close)
        for form in ("_unrolled.tflite", "_while.tflite", "_unrolled.onnx", "_while.onnx"):
            for scheme, profile in (("int8", "litert"), ("int8", "tflm"), ("int16x8", "tflm")):
                if profile == "tflm" and "tflm" not in isolated.installed():
                    continue
                with self.subTest(form, scheme=scheme, profile=profile):
                    path = self.quantized(self.models / f"lstm{form}", scheme)
                    stored = samples[scheme][:MICRO_SAMPLES if profile == "tflm" else None]
                    np.save(self.folder / "stored.npy", stored)
                    runtimes.narrow("run", path, "--data", self.folder / "stored.npy", "--data-is-quantized", "--profile",
                                    profile, "-o", self.folder / "y.npy")
                    if profile == "tflm":
                        wanted = [worker.run(path.read_bytes(), [[s[None]]])[0][0] for s in stored]
                    else:
                        wanted = self.litert(path, profile, stored)
                    got = np.load(self.folder / "y.npy")
                    np.testing.assert_array_equal(got, np.stack(wanted).reshape(got.shape))
        if "tflm" not in isolated.installed():
            self.skipTest("tflite_micro is not installed; tools/setup check installs it where it can")

    def test_never_larger_than_the_steps(self):
        for network in NETWORKS:
            for form in ("_unrolled.tflite", "_unrolled.onnx"):
                for scheme in ("int8", "int16x8"):
                    with self.subTest(network + form, scheme=scheme):
                        sizes = []
                        for options in ([], ["--keep-loops"]):
                            path = self.quantized(self.models / f"{network}{form}", scheme, *options)
                            project = self.folder / f"c_{path.stem}"
                            said = runtimes.narrow("compile", path, *options, "-o", project)
                            flash, constants = re.search(r"flash ([\d,]+) bytes: constants ([\d,]+)", said).groups()
                            sizes.append([path.stat().st_size, *(int(n.replace(",", "")) for n in (constants, flash))])
                        print(f"{network}{form} {scheme}: file, constants, flash {sizes[0]} recognised, {sizes[1]} as steps")
                        for recognised, steps in zip(*sizes):
                            self.assertLess(recognised, steps)


if __name__ == "__main__":
    unittest.main()
