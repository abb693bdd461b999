"""Widths on the command line: schemes of 16 bits and Qm.n, recipes that mix them, integer models written anew, limits."""
import json
import unittest

import numpy as np

from cli_test import DIGITS, FLOAT, TEST, TRAIN, Case, narrow


class Widths(Case):
    def quantized(self, name, *arguments, model=FLOAT, data=TRAIN):
        path = self.folder / f"{name}.tflite"
        return path, json.loads(self.done("quantize", model, *data, *arguments, "-o", path, "--json"))

    def tensors(self, path):
        return {t["name"]: t for t in json.loads(self.done("inspect", path, "--json"))["tensors"]}

    def outputs(self, path):
        self.done("run", path, *TEST, "-o", self.folder / "y.npy")
        return (self.folder / "y.npy").read_bytes()

    def rows(self, *paths):
        return json.loads(self.done("evaluate", *paths, *TEST, "--labels", DIGITS / "test_y.npy", "--reference", FLOAT,
                                    "--json"))["models"]

    def test_schemes(self):
        least = {"int16": 70, "q15": 70, "q7": 28}
        paths = [self.quantized(scheme, "--scheme", scheme)[0] for scheme in least]
        for scheme, row in zip(least, self.rows(*paths)):
            self.assertGreaterEqual(row["sqnr_db"], least[scheme], scheme)
            self.assertGreaterEqual(row["median_sqnr_db"], least[scheme], scheme)
            self.assertGreaterEqual(row["top1"], 0.98, scheme)

    def test_powers_of_two(self):
        for scheme, types in (("q7", {"int8"}), ("q15", {"int16"})):
            path, _ = self.quantized(scheme, "--scheme", scheme)
            for name, t in self.tensors(path).items():
                if t["scales"]:
                    self.assertTrue(all(s.hex().split("p")[0] == "0x1.0000000000000" for s in t["scales"]), name)
                    self.assertEqual(set(t["zero_points"]), {0}, name)
                    self.assertIn(t["dtype"], types, name)

    def test_types_of_constants(self):
        for bias, dtype in (("8", "int8"), ("16", "int16"), ("32", "int32")):
            path, said = self.quantized("b", "--bias", bias)
            constants = {t["dtype"] for t in self.tensors(path).values() if t["constant"] and t["scales"]}
            self.assertEqual(constants, {"int8", dtype})
            if bias != "32":
                self.assertIn(f"int{bias} bias", said["ops"][0]["reason"])

    def test_short_sums(self):
        path, said = self.quantized("a32", "--scheme", "int16", "--accumulator", "32")
        self.assertRegex(said["ops"][0]["reason"], r"enlarged so that the sums fit 32 bits, \d+ bits left")
        self.assertGreater(self.rows(path)[0]["sqnr_db"], 45)

    def test_roundings(self):
        files = {rule: self.quantized(rule, "--scheme", "q7", "--rounding", rule)[0]
                 for rule in ("half-up", "truncate", "half-even", "half-away")}
        error = {rule: row["mse"] for rule, row in zip(files, self.rows(*files.values()))}
        self.assertEqual(max(error, key=error.get), "truncate")
        self.assertEqual(len({self.outputs(path) for path in files.values()}), 4)

    def test_mixed(self):
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nname = "conv2"\nactivations = 16\nweights = 16\n\n'
                          '[[rule]]\nname = "logits"\nkeep_float = true\n')
        path, said = self.quantized("mixed", "--recipe", recipe, "--allow-float", "--io", "float32")
        reasons = {op["name"]: op["reason"] for op in said["ops"]}
        self.assertIn("int8 activations", reasons["conv1"])
        self.assertIn("int16 weights", reasons["conv2"])
        self.assertEqual(reasons["logits"], "kept float as asked")
        ops = [op["op"] for op in json.loads(self.done("inspect", path, "--json"))["ops"]]
        self.assertIn("QUANTIZE", ops[2:])  # where the widths meet
        self.assertGreaterEqual(self.rows(path)[0]["top1"], 0.97)

    def test_fewer_bits(self):
        whole, _ = self.quantized("8")
        for bits, dtype, decibels in ((6, "int8", 25), (4, "int4", 11)):
            for scheme in ("int8", "int16x8"):
                path, said = self.quantized(f"{scheme}-{bits}", "--scheme", scheme, "--weights", str(bits))
                self.assertIn(f"{bits}-bit weights", said["ops"][0]["reason"])
                weights = [t for t in self.tensors(path).values() if t["constant"] and len(t["shape"]) > 1]
                self.assertEqual({t["dtype"] for t in weights}, {dtype})
                self.assertGreaterEqual(self.rows(path)[0]["sqnr_db"], decibels)
        path, _ = self.quantized("4", "--weights", "4")
        elements = sum(int(np.prod(t["shape"])) for t in self.tensors(path).values() if t["dtype"] == "int4")
        self.assertGreater(elements, 2000)
        self.assertLess(abs(whole.stat().st_size - path.stat().st_size - elements // 2), 400)

    def test_least_bits(self):
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nop = "FULLY_CONNECTED"\nmin_weights = 8\n\n'
                          '[[rule]]\nname = "conv1"\nweights = 6\n')
        path, said = self.quantized("least", "--weights", "4", "--recipe", recipe)
        reasons = {op["name"]: op["reason"] for op in said["ops"]}
        self.assertIn("6-bit weights", reasons["conv1"])
        self.assertIn("4-bit weights", reasons["conv2"])
        self.assertNotIn("-bit weights", reasons["logits"])
        weights = [t["dtype"] for t in self.tensors(path).values() if t["constant"] and len(t["shape"]) > 1]
        self.assertEqual(sorted(weights), ["int4", "int8", "int8"])

    def test_int4_from_and_to_integer_models(self):
        path, _ = self.quantized("4", "--weights", "4")
        held, _ = self.quantized("held", "--weights", "8", model=path, data=())
        self.assertNotIn("int4", {t["dtype"] for t in self.tensors(held).values()})
        self.assertEqual(self.outputs(path), self.outputs(held))
        again, said = self.quantized("again", "--weights", "4", model=held, data=())
        self.assertNotIn("warnings", said)
        self.assertEqual({t["dtype"] for t in self.tensors(again).values() if t["constant"] and len(t["shape"]) > 1},
                         {"int4"})
        self.assertEqual(self.outputs(path), self.outputs(again))
        whole, _ = self.quantized("8")
        made, said = self.quantized("made", "--weights", "4", model=whole, data=())  # of other integers
        self.assertIn("what its 8 bits have lost stays lost", said["warnings"][0])
        self.assertIn("int4", {t["dtype"] for t in self.tensors(made).values()})
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nop = "CONV_2D"\nweights = 4\n')
        self.refused(3, "quantize", whole, "--recipe", recipe, "-o", self.folder / "x.tflite",
                     says="integers of more than 4 bits")

    def test_who_runs_int4(self):
        path, _ = self.quantized("4", "--weights", "4")
        self.done("verify", path, "--runtime", "litert")
        self.done("verify", path, "--runtime", "narrow")
        said = json.loads(self.fails(1, "verify", path, "--runtime", "tflm", "--json"))
        self.assertEqual([f["op"] for f in said["findings"]], ["FULLY_CONNECTED"])
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nop = "FULLY_CONNECTED"\ngranularity = "tensor"\n')
        path, _ = self.quantized("t", "--weights", "4", "--recipe", recipe)
        for runtime in ("tflm", "cmsis-nn", "litert"):
            self.done("verify", path, "--runtime", runtime)
        self.fails(1, "verify", path, "--runtime", "edgetpu")
        path, _ = self.quantized("16", "--weights", "4", "--scheme", "int16x8")
        self.fails(1, "verify", path, "--runtime", "tflm")
        self.done("verify", path, "--runtime", "litert")

    def test_integer_models(self):
        path, _ = self.quantized("int8")
        wide, said = self.quantized("wide", "--weights", "16", model=path, data=())
        self.assertIn("int16 weights", said["ops"][0]["reason"])
        self.assertEqual({t["dtype"] for t in self.tensors(wide).values() if t["constant"] and len(t["shape"]) > 1},
                         {"int16"})
        self.assertEqual(self.outputs(path), self.outputs(wide))
        short, said = self.quantized("short", "--bias", "16", model=path, data=())
        self.assertIn("int16 bias", said["ops"][0]["reason"])
        self.assertGreaterEqual(self.rows(short)[0]["top1"], 0.98)

    def test_wider_activations_from_an_integer_model(self):
        path, _ = self.quantized("int8")
        plain = self.rows(path)[0]["sqnr_db"]
        for data in ((), TRAIN):
            wide, said = self.quantized("wide", "--scheme", "int16x8", model=path, data=data)
            self.assertIn("what its 8 bits have lost stays lost", said["warnings"][0])
            self.assertEqual({t["dtype"] for t in self.tensors(wide).values() if not t["constant"]}, {"int16"})
            self.assertGreater(self.rows(wide)[0]["sqnr_db"], plain)

    def test_float_activations_are_the_dynamic_scheme(self):
        dynamic, _ = self.quantized("dynamic", "--scheme", "dynamic", data=())
        for options in (("--scheme", "int8"), ("--scheme", "int16", "--weights", "8"), ("--scheme", "dynamic")):
            path, said = self.quantized("floating", "--activations", "float", *options, data=())
            self.assertEqual(said["scheme"], "dynamic")
            self.assertEqual(path.read_bytes(), dynamic.read_bytes())

    def test_what_a_file_says_survives(self):
        path, _ = self.quantized("q7", "--scheme", "q7", "--rounding", "truncate")
        self.assertIn(b'"rounding":"truncate"', path.read_bytes())
        again, _ = self.quantized("again", model=path, data=())
        self.assertIn(b'"rounding":"truncate"', again.read_bytes())
        self.assertEqual(self.outputs(path), self.outputs(again))

    def test_verify(self):
        path, _ = self.quantized("q7", "--scheme", "q7", "--bias", "32")
        for runtime in ("tflm", "litert", "cmsis-nn"):
            said = json.loads(self.fails(1, "verify", path, "--runtime", runtime, "--json"))
            self.assertTrue(any("rounding half-up" in f["what"] for f in said["findings"]), said)
        self.done("verify", path, "--runtime", "narrow")
        path, _ = self.quantized("truncated", "--rounding", "truncate")  # int8 already: that is no remedy alone
        said = json.loads(self.fails(1, "verify", path, "--runtime", "tflm", "--json"))
        self.assertTrue(said["findings"][0]["remedy"].endswith("without --rounding and --accumulator"), said)

    def fails(self, code, *arguments):
        done = narrow(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def test_refusals(self):
        out = ("-o", self.folder / "x.tflite")
        for arguments, says in (
                (("--scheme", "q7", "--bias", "64"), "--bias 64 does not go with --scheme q7"),
                (("--scheme", "q7", "--scales", "any"), "--scales any does not go with --scheme q7"),
                (("--scheme", "q15", "--activations", "8"), "--activations 8 does not go with --scheme q15"),
                (("--scheme", "q7", "--rounding", "double"), "--rounding double does not go with --scales pow2"),
                (("--scheme", "int16", "--rounding", "double"), "--accumulator 64"),
                (("--accumulator", "64"), "--activations 8"),
                (("--activations", "float", "--weights", "16"), "--weights 16 does not go with --activations float"),
                (("--activations", "float", "--scheme", "q15"), "--scheme q15 does not go with --activations float"),
                (("--activations", "float", "--bias", "8"), "--bias 8 does not go with --activations float"),
                (("--scheme", "float16", "--weights", "16"), "--weights does not go with --scheme float16"),
                (("--weights", "4", "--scheme", "dynamic"), "--weights does not go with --scheme dynamic"),
                (("--weights", "5"), "--weights does not take '5'"),
                (("--bias", "12"), "--bias does not take '12'"),
                (("--rounding", "up"), "--rounding does not take 'up'")):
            self.refused(2, "quantize", FLOAT, *TRAIN, *arguments, *out, says=says)
        recipe = self.folder / "r.toml"
        recipe.write_text("[[rule]]\nweights = 12\n")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--recipe", recipe, *out, says="'weights'")
        recipe.write_text("[[rule]]\nmin_weights = 5\n")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--recipe", recipe, *out, says="'min_weights'")
        recipe.write_text('[[rule]]\nop = "FULLY_CONNECTED"\nbias = 64\n')
        self.refused(2, "quantize", FLOAT, *TRAIN, "--recipe", recipe, *out, says="--bias 64")
        self.assertFalse(out[1].exists())


class Limits(Case):
    def test_bounds_move(self):
        for name, value in (("ops", 3), ("tensors", 5), ("tensor-elements", 100), ("file-bytes", 1000)):
            lines = self.refused(4, "inspect", FLOAT, "--limit", f"{name}={value}")
            self.assertIn(f"--limit {name}=N", lines[1])
        self.refused(4, "run", FLOAT, *TEST, "-o", self.folder / "y.npy", "--limit", "arena-bytes=100",
                     says="--limit arena-bytes=N")
        self.done("inspect", FLOAT, "--limit", "ops=30", "--limit", "tensors=40")

    def test_refusals(self):
        for given in ("ops", "ops=", "ops=0", "ops=-3", "ops=1x", "colour=3", "file-bytes=99999999999999"):
            self.refused(2, "inspect", FLOAT, "--limit", given, says="--limit does not take")


if __name__ == "__main__":
    unittest.main()
