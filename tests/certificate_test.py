"""Certificates of `narrow compile --certificate`: the checker takes them, refuses damaged ones, and inputs reach the
bounds.

NARROW_SEED chooses other damage and other layers; NARROW_SHARED is where the shared data are."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import random
import re
import subprocess
import unittest

from cli_test import FLOAT, ROOT, TRAIN, Case

try:
    import numpy as np
    from oracle.cases import CASES
    from oracle.draw import Draw
    from oracle.layers import Layer, integers, limits
    from oracle.tflite_builder import Grid, TfliteBuilder
except ImportError:
    np = None

SEED = int(os.environ.get("NARROW_SEED", "20261130"))
CHECKER = ROOT / "tools" / "check_certificate"
SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
SCHEMES = {"int8": (), "int16x8": (), "int16": (), "q7": ("--rounding", "half-even"), "q15": ("--rounding", "truncate"),
           "short": ("--scheme", "int16", "--accumulator", "32"), "narrow_bias": ("--scheme", "int8", "--bias", "8")}


def checker():
    """tools/check_certificate as a module, so that a hundred checks take seconds."""
    loader = importlib.machinery.SourceFileLoader("check_certificate", str(CHECKER))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_certificate", loader))
    loader.exec_module(module)
    return module


class Certified(Case):
    @classmethod
    def setUpClass(cls):
        cls.checker = checker()

    def compiled(self, name, model, *arguments):
        """The certificate of a project, in its folder."""
        path = self.folder / name / "certificate.json"
        self.done("compile", model, *arguments, "-o", path.parent, "--name", "net", "--certificate", path)
        return path

    def quantized(self, name):
        scheme = () if SCHEMES[name][:1] == ("--scheme",) else ("--scheme", name)
        return self.compiled(name, FLOAT, *TRAIN, "--samples", "20", *scheme, *SCHEMES[name])

    def problems(self, path):
        """What the checker says, or None where it finds everything right."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            try:
                code = self.checker.main(path, path.parent)
            except (OSError, ValueError, LookupError, AssertionError, TypeError, AttributeError) as error:
                return repr(error)
        return None if code == 0 else said.getvalue()

    def check(self, path):
        self.assertIsNone(self.problems(path))
        return json.loads(path.read_text())


class Projects(Certified):
    def test_schemes(self):
        for name in SCHEMES:
            with self.subTest(name=name):
                self.assertEqual(len(self.check(self.quantized(name))["calls"]), 3)

    def test_damaged(self):
        rng, refused = random.Random(SEED), 0
        paths = [self.quantized(name) for name in ("int8", "int16x8", "q7", "q15")]
        texts = [path.read_text() for path in paths]
        for _ in range(100):
            at = rng.randrange(len(paths))
            number = rng.choice(list(re.finditer(r"(?<=[:\[,])-?\d+(?=[,\]}])", texts[at])))
            value = int(number[0])
            value = rng.choice([value + 1, value - 1, value + 1000, -value or 1, value ^ (1 << rng.randrange(40))])
            paths[at].write_text(texts[at][:number.start()] + str(value) + texts[at][number.end():])
            refused += self.problems(paths[at]) is not None
            paths[at].write_text(texts[at])
        self.assertEqual(refused, 100)
        self.assertEqual([self.problems(path) for path in paths], [None] * len(paths))

    def test_damaged_otherwise(self):
        path = self.quantized("int8")
        text, source = path.read_text(), path.with_name("net.c")
        program = source.read_text()
        said = json.loads(text)
        for damaged in (text.replace('"fits":true', '"fits":false', 1), text.replace('"bits":32', '"bits":32.0', 1),
                        text.replace('"bits":32', '"bits":8,"bits":32', 1),
                        text.replace('"certificate":1', '"certificate":true'),
                        text.replace("conv1_params", "conv2_params", 1), text.replace("i8_double", "i8_single", 1),
                        json.dumps({**said, "calls": said["calls"][:2]}),
                        json.dumps({**said, "calls": said["calls"][::-1]}),
                        json.dumps({**said, "calls": [said["calls"][0], *said["calls"]]}), text[:-9], "[]", ""):
            path.write_text(damaged)
            self.assertIsNotNone(self.problems(path), damaged[:80])
        path.write_text(text)
        weight = re.search(r"conv1_weights\[\d+\] \w+ = \{\s*(-?\d+)", program)
        more = ("  nw_conv2d_i8_double(&conv1_params, NW_AT(const nw_i8, 0), conv1_weights, conv1_bias, "
                "NW_AT(nw_i8, 0), 0);\n}")
        for damaged in (program[:weight.start(1)] + str(int(weight[1]) ^ 1) + program[weight.end(1):],
                        re.sub(r"  nw_conv2d[^;]*;\n", "", program, count=1), program[:-2] + more,
                        program.replace(".input_zero_point = -128", ".input_zero_point = -127", 1),
                        program.replace(".window.input_h = 8", ".window.input_h = 2", 1)):
            self.assertNotEqual(damaged, program)
            source.write_text(damaged)
            self.assertIsNotNone(self.problems(path))
        source.write_text(program)
        self.assertIsNone(self.problems(path))

    def test_command_lines(self):
        path = self.quantized("q7")
        done = subprocess.run([CHECKER, path, path.parent], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, "OK: 3 calls, 46 channels\n"))
        path.write_text(re.sub(r"(?<=\"least\":\[-)\d+", "1", path.read_text(), count=1))
        done = subprocess.run([CHECKER, path, path.parent], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"^certificate\.calls\[0\]\.sum\.least\[0\]: -1, where -\d+ is right\n$")
        self.assertEqual(subprocess.run([CHECKER, path], capture_output=True).returncode, 1)

    def test_beside_the_project(self):
        path = self.folder / "net.json"
        arguments = ("compile", FLOAT, *TRAIN, "--samples", "20", "--scheme", "int8", "--name", "net")
        said = json.loads(self.done(*arguments, "-o", self.folder / "net", "--certificate", path, "--json"))
        self.assertEqual(said["certified"]["calls"], 3)
        self.assertNotIn("net.json", said["files"])
        first = path.read_bytes()
        inside = self.folder / "net" / "c.json"
        said = json.loads(self.done(*arguments, "-o", inside.parent, "--certificate", inside, "--json"))
        self.assertIn("c.json", said["files"])
        self.assertEqual(inside.read_bytes(), first)

    def test_refused(self):
        model, out = self.folder / "m.tflite", self.folder / "out"
        self.done("quantize", FLOAT, *TRAIN, "--samples", "20", "-o", model)
        for path, code, says in ((out / "net.c", 2, "--certificate names a file of the project: 'net.c'"),
                                 (self.folder, 5, "it is a folder"), (self.folder / "no" / "c.json", 5, "No such file"),
                                 (model, 2, "name the same file"), (out, 2, "name the same file")):
            self.refused(code, "compile", model, "-o", out, "--name", "net", "--certificate", path, says=says)
            self.assertEqual(list(self.folder.iterdir()), [model])
        self.refused(2, "compile", model, "-o", out, "--headers-only", "--certificate", self.folder / "c.json",
                     says="--certificate does not go with --headers-only")

    def test_shared_models(self):
        models = sorted((SHARED / "data").rglob("*int8_reference.tflite")) if SHARED.is_dir() else []
        if not models:
            self.skipTest("no shared models")
        for i, model in enumerate(models):
            with self.subTest(model=model.name):
                self.check(self.compiled(str(i), model))


@unittest.skipIf(np is None, "numpy or flatbuffers is not installed; tools/setup check installs them")
class Layers(Certified):
    def certified(self, name, content, *arguments):
        model = self.folder / f"{name}.tflite"
        model.write_bytes(content)
        return self.check(self.compiled(name, model, *arguments))

    def test_random(self):
        """The checker comes to the same numbers, for all forms of layers that random models have."""
        for op in ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED"):
            for number in range(6):
                draw = Draw([SEED, number, *op.encode()], ("int8", "int16")[number % 2], number % 3 == 2)
                CASES[op](draw)
                with self.subTest(op=op, number=number):
                    self.assertEqual(len(self.certified(f"{op}{number}", draw.net.bytes())["calls"]), 1)

    def test_reached(self):
        """An input reaches each end: weights of either sign, windows larger than their data, strides and dilations."""
        for number in range(9):
            rng = np.random.default_rng([SEED, number])
            bits, kind = (8, 16)[number % 2], ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")[number % 3]
            channels, out = int(rng.integers(1, 4)), int(rng.integers(1, 6))
            data, window = tuple(map(int, rng.integers(1, 5, 2))), tuple(map(int, rng.integers(1, 6, 2)))
            shape = {"CONV_2D": (out, *window, channels), "DEPTHWISE_CONV_2D": (1, *window, channels * 2),
                     "FULLY_CONNECTED": (out, channels)}[kind]
            stride, dilation = (tuple(map(int, rng.integers(1, 3, 2))) for _ in range(2))
            layer = Layer(kind, (channels,) if kind == "FULLY_CONNECTED" else (*data, channels),
                          integers(rng, bits, shape, True), None, None, stride, dilation, True)
            layer.bias, layer.bias_shift = integers(rng, 16, (layer.outputs,)), rng.integers(0, 8, layer.outputs)
            grids = {"bits": bits, "data": 2.0**-4, "weights": 2.0**-9, "result": 2.0**-6}
            said = self.certified(f"layer{number}", layer.model(grids, ("half-away", 32 if bits == 8 else 64)))
            self.check_reached(layer, limits(bits), said["calls"][0]["accumulator"])

    def check_reached(self, layer, ends, said):
        """Data are numbered to see which of them each product has: 0 stands for padding."""
        places, weights = layer.rows(np.arange(1, np.prod(layer.data) + 1, dtype=np.int64).reshape(1, *layer.data))
        for name, choose, (at_minus, at_plus) in (("least", np.min, ends[::-1]), ("greatest", np.max, ends)):
            for channel in range(layer.outputs):
                reached = []
                for row in places:
                    x = np.zeros(np.prod(layer.data) + 1, np.int64)
                    x[row] = np.where(weights[channel] > 0, at_plus, at_minus)
                    reached.append(choose(layer.sums(x[1:].reshape(1, *layer.data))[:, channel]))
                self.assertEqual(choose(reached), said[name][channel])

    def test_weights_with_a_zero_point(self):
        rng, b = np.random.default_rng(SEED), TfliteBuilder()
        x = b.input("x", [1, 20], np.int8, Grid(0.02, -7))
        w = b.tensor("w", (5, 20), np.int8, Grid(0.01, 11), rng.integers(-128, 128, (5, 20)).astype(np.int8))
        b.op("FULLY_CONNECTED", [x, w, -1], [b.output("y", [1, 5], np.int8, Grid(0.1, 3))], "FullyConnectedOptions", 4)
        call, = self.certified("zero", b.bytes())["calls"]
        self.assertEqual(call["bias"], [0] * 5)

    def test_factor_above_one(self):
        """The sum is shifted to the left: where 32 bits hold what comes of it, and where they do not."""
        for result, fits in ((2.0**-9, True), (2.0**-27, False)):
            b = TfliteBuilder()
            x = b.input("x", [1, 2], np.int8, Grid(2.0**-4))
            w = b.tensor("w", (1, 2), np.int8, Grid(2.0**-4), np.array([[100, -100]], np.int8))
            y = b.output("y", [1, 1], np.int8, Grid(result))
            b.op("FULLY_CONNECTED", [x, w, -1], [y], "FullyConnectedOptions", 4)
            if fits:
                call, = self.certified("left", b.bytes())["calls"]
                self.assertGreater(call["shifted"]["greatest"][0], call["accumulator"]["greatest"][0])
                continue
            model, out = self.folder / "wraps.tflite", self.folder / "wraps"
            model.write_bytes(b.bytes())
            self.done("compile", model, "-o", out)
            self.refused(3, "compile", model, "-o", self.folder / "not", "--certificate", self.folder / "c.json",
                         says="'shifted' of channel 0 reaches from")
            self.assertFalse((self.folder / "not").exists() or (self.folder / "c.json").exists())


if __name__ == "__main__":
    unittest.main()
