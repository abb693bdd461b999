"""TensorFlow's files as narrow reads them, against what TensorFlow computed and what the TFLite converter made of them.

TensorFlow itself is too large for `./check`: oracle/graphdef_files.py made the files of tests/read/graphdef/files/ with it,
outputs included. arm_kws.npz holds the outputs of Arm's keyword-spotting graphs for the inputs that `arm_inputs` draws.
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

try:
    import numpy as np
    from ai_edge_litert.interpreter import Interpreter

    from .environment import NARROW, ROOT, shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

FILES = ROOT / "tests" / "read" / "graphdef" / "files"
DIGITS = ROOT / "examples" / "digits"


def done(*arguments):
    out = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert out.returncode == 0, out.stderr
    return out.stdout


def arm_inputs(frames):
    """Numbers in the range of MFCC features, of which the first of each frame is the largest."""
    draw = np.random.RandomState(7).standard_normal((24, frames, 10))
    return (draw * np.array([30] + [10] * 9)).astype(np.float32)


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def outputs(self, model, x, *options):
        if isinstance(x, np.ndarray):
            np.save(self.folder / "x.npy", x)
            x = self.folder / "x.npy"
        done("run", model, "--data", x, *options, "-o", self.folder / "y.npy")
        return np.load(self.folder / "y.npy")

    def assert_near(self, got, wanted, part=1e-5):
        self.assertLessEqual(np.abs(got.reshape(wanted.shape) - wanted).max(), part * np.abs(wanted).max())


class Float(Folder):
    def test_variables_and_functions(self):
        x, y = (np.load(FILES / f"saved_model_{end}.npy") for end in "xy")
        self.assert_near(self.outputs(FILES / "saved_model", x), y)

    def test_a_loop_over_a_sequence(self):
        x, y = (np.load(FILES / f"lstm_saved_model_{end}.npy") for end in "xy")
        self.assert_near(self.outputs(FILES / "lstm_saved_model", x), y)

    def test_a_session_of_tensorflow_1(self):
        x, y = (np.load(FILES / f"simple_saved_model_{end}.npy") for end in "xy")
        self.assert_near(self.outputs(FILES / "simple_saved_model", x), y)

    def test_a_checkpoint_of_tensorflow_1(self):
        x, y = (np.load(FILES / f"simple_saved_model_{end}.npy") for end in "xy")
        model = FILES / "checkpoint" / "model.ckpt.meta"
        self.assert_near(self.outputs(model, x, "--outputs", "scores"), y)
        for size in range(0, model.stat().st_size, 97):
            path = self.folder / "cut.meta"
            path.write_bytes(model.read_bytes()[:size])
            out = subprocess.run([NARROW, "inspect", str(path)], capture_output=True, text=True, timeout=60)
            self.assertEqual(out.returncode, 3, out.stderr)
        path.write_bytes(model.read_bytes())  # without its values
        out = subprocess.run([NARROW, "inspect", str(path), "--outputs", "scores"], capture_output=True, text=True, timeout=60)
        self.assertIn("cut.index, the variables of the model", out.stderr)

    def test_each_signature(self):
        model, (x, y) = FILES / "signatures_saved_model", (np.load(FILES / f"signatures_saved_model_{end}.npy") for end in "xy")
        self.assert_near(self.outputs(model, x), y)
        self.assert_near(self.outputs(model, x, "--signature", "serving_default"), y)
        w = np.linalg.lstsq(x, y, rcond=None)[0]  # what the first signature multiplies by
        self.assert_near(self.outputs(model, y, "--signature", "back"), np.maximum(y @ w.T, 0))
        said = subprocess.run([NARROW, "run", str(model), "--signature", "other", "--data", str(self.folder / "x.npy"), "-o",
                               str(self.folder / "y.npy")], capture_output=True, text=True)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("serving_default", said.stderr)

    def test_digits(self):
        data = (DIGITS / "test_x.npy", "--data-scale", "0.0625")
        np.testing.assert_array_equal(self.outputs(DIGITS / "frozen.pb", *data), self.outputs(DIGITS / "float.tflite", *data))

    def test_arm_keyword_spotting(self):
        for name, y in np.load(FILES / "arm_kws.npz").items():
            with self.subTest(name):
                frames = 25 if name in ("DNN_S", "LSTM_S", "GRU_S") else 49
                self.assert_near(self.outputs(shared(f"data/arm-kws/{name}.pb"), arm_inputs(frames)), y)

    def test_published_networks(self):
        for name, x, options in NETWORKS:
            with self.subTest(name):
                folder = shared(f"data/models/{name}")
                data = (np.load(shared(f"data/{x}"))[:20], *options)
                self.assert_near(self.outputs(folder / "frozen.pb", *data), self.outputs(folder / "float.tflite", *data),
                                 1e-4 if name == "ad" else 1e-5)
        x = np.load(shared("data/kws01/x.npy"))[:20]
        self.assert_near(self.outputs(shared("data/mlperf-tiny/kws_saved_model"), x),
                         self.outputs(shared("data/models/kws/float.tflite"), x))


NETWORKS = (("kws", "kws01/x.npy", ()), ("resnet", "cifar10/test_x.npy", ()),
            ("vww", "vww/test_x.npy", ("--data-scale", "0.00392156862745098")),
            ("seed_cnn", "cifar10/test_x.npy", ("--data-scale", "0.00392156862745098")), ("ad", "ad01/x.npy", ()))


class Integers(Folder):
    def steps(self, path):
        """By op but RESHAPE: what its operands and results are as integers, constants with their values."""
        interpreter = Interpreter(str(path))
        index = {t["name"]: t["index"] for t in interpreter.get_tensor_details()}
        said = json.loads(done("inspect", path, "--json"))
        for op in said["ops"]:
            if op["op"] in ("RESHAPE", "SQUEEZE"):
                continue
            ends = [said["tensors"][t] for t in op["inputs"] + op["outputs"]]
            yield op["op"], ends, [interpreter.get_tensor(index[t["name"]]).astype(np.int64) if t["constant"] else None
                                   for t in ends]

    @staticmethod
    def place(step):
        """Where a step stands among those of its kind, in whatever order a file has branches: by its scales."""
        op, ends, values = step
        return op, [v.shape for v in values if v is not None], ends[-1]["scales"]

    def assert_same(self, got, wanted, any_order=False):
        got, wanted = list(self.steps(got)), list(self.steps(wanted))
        if any_order:
            got, wanted = sorted(got, key=self.place), sorted(wanted, key=self.place)
        self.assertEqual([op for op, *_ in got], [op for op, *_ in wanted])
        for (op, ends, values), (_, others, other_values) in zip(got, wanted):
            for end, value, other, other_value in zip(ends, values, others, other_values):
                where = f"{op} {end['name']}"
                self.assertEqual(end["dtype"], other["dtype"], where)
                self.assertEqual(end["zero_points"], other["zero_points"], where)
                np.testing.assert_allclose(end["scales"], other["scales"], 1e-5, err_msg=where)
                if value is not None:
                    self.assertLessEqual(np.abs(value - other_value).max(), 1, where)

    def quantized(self, model, name, *data):
        path = self.folder / name
        done("quantize", model, "--scheme", "int8", "--quality", "fast", *(("--data", *data) if data else ()), "-o", path)
        return path

    def test_as_from_tflite(self):
        for name, x, options in NETWORKS:
            with self.subTest(name):
                folder = shared(f"data/models/{name}")
                np.save(self.folder / "x.npy", np.load(shared(f"data/{x}"))[:40])
                data = (self.folder / "x.npy", *options)
                wanted = self.quantized(folder / "float.tflite", "b.tflite", *data)
                self.assert_same(self.quantized(folder / "frozen.pb", "a.tflite", *data), wanted)
                self.assert_same(self.quantized(folder / "model.onnx", "a.tflite", *data), wanted, any_order=True)

    def test_trained_ranges(self):
        qat = shared("data/models/qat")
        data = (shared("data/models/digits_cnn/test_x.npy"), "--data-scale", "0.0625")
        for model, wanted in (("frozen.pb", "int8.tflite"), ("saved_model", "int8.tflite"), ("tfmot.pb", "tfmot_int8.tflite"),
                              ("tfmot.h5", "tfmot_int8.tflite")):
            with self.subTest(model):
                self.assert_same(self.quantized(qat / model, "a.tflite", *data), qat / wanted)

    def test_the_commands_of_arms_guide(self):
        """Those of docs/tutorials/qmn-range-search.md, from the network with its front end to C headers."""
        header = self.folder / "net" / "kws_weights.h"
        for name, frames, layers in (("DNN_S", 25, 4), ("DS_CNN_S", 49, 10)):
            with self.subTest(name):
                np.save(self.folder / "x.npy", arm_inputs(frames))
                done("quantize", shared(f"data/arm-kws/{name}.pb"), "--scheme", "q7", "--range", "search", "--data",
                     self.folder / "x.npy", "-o", self.folder / "q7.tflite")
                done("compile", self.folder / "q7.tflite", "-o", self.folder / "net", "--headers-only", "--name", "kws")
                self.assertEqual(len(re.findall(r"define KWS_\w+_BIAS_LSHIFT -?\d+\n", header.read_text())), layers)

    def test_ranges_of_powers_of_two(self):
        model = shared("data/models/qat/args_pow2.pb")
        path = self.quantized(model, "a.tflite", shared("data/models/digits_cnn/test_x.npy"), "--data-scale", "0.0625")
        scales = [end["scales"][0] for _, ends, _ in self.steps(path) for end in ends if end["dtype"] == "int8"]
        for scale in scales:
            self.assertEqual(np.frexp(scale)[0], 0.5)


class Damage(Folder):
    """Of the index of variables: every byte changed is found by a checksum or a check."""

    def refused(self, path):
        out = subprocess.run([NARROW, "inspect", str(path)], capture_output=True, text=True, timeout=60)
        self.assertEqual(out.returncode, 3, out.stderr)
        return out.stderr

    def setUp(self):
        super().setUp()
        self.model = self.folder / "model"
        shutil.copytree(FILES / "saved_model", self.model)

    def test_index(self):
        index = self.model / "variables" / "variables.index"
        whole = index.read_bytes()
        for at in range(0, len(whole), 7):
            index.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1:])
            out = subprocess.run([NARROW, "inspect", str(self.model)], capture_output=True, text=True, timeout=60)
            self.assertIn(out.returncode, (0, 3), out.stderr)  # some bytes of the footer say nothing
        for size in range(0, len(whole), 11):
            index.write_bytes(whole[:size])
            self.assertIn("index of variables", self.refused(self.model))

    def test_values(self):
        data = self.model / "variables" / "variables.data-00000-of-00001"
        whole = data.read_bytes()
        data.write_bytes(whole[:100])
        self.assertIn("its place or size does not fit", self.refused(self.model))
        data.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        self.assertIn("its checksum is wrong", self.refused(self.model))


if __name__ == "__main__":
    unittest.main()
