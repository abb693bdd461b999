"""--quality best: what it gains on the example, what it tells, and what it refuses."""
import json
import platform
import shutil
import subprocess
import unittest

from cli_test import DIGITS, FLOAT, NARROW, TEST, TRAIN, Case, narrow


class Quality(Case):
    def quantized(self, name, *arguments):
        path = self.folder / f"{name}.tflite"
        return path, json.loads(self.done("quantize", FLOAT, *TRAIN, *arguments, "-o", path, "--json"))

    def rows(self, *paths):
        return json.loads(self.done("evaluate", *paths, *TEST, "--labels", DIGITS / "test_y.npy", "--reference", FLOAT,
                                    "--json"))["models"]

    def test_gains_on_other_samples(self):
        # dB of the test images; without samples held back to choose by, none of it could be told before.
        gains = {"int8": 1, "int16x8": 5, "q7": 0.5, "int16": 2}
        for scheme, gain in gains.items():
            fast, _ = self.quantized("fast", "--scheme", scheme, "--quality", "fast")
            best, said = self.quantized("best", "--scheme", scheme)
            before, after = self.rows(fast, best)
            self.assertGreaterEqual(after["sqnr_db"], before["sqnr_db"] + gain, scheme)
            self.assertGreaterEqual(after["top1"], before["top1"] - 0.003, scheme)
            quality = said["quality"]
            self.assertEqual(quality["held_back"], 50)
            self.assertTrue(quality["trials"][0]["chain"].endswith("nearest"))
            decibels = [t["logits_db"] for t in quality["trials"]]
            self.assertGreater(decibels[quality["chosen"]], decibels[0])

    def test_same_bytes_for_any_number_of_threads(self):
        for scheme in ("int8", "int16x8"):
            files = [self.quantized(n, "--scheme", scheme, "--threads", n)[0].read_bytes() for n in ("1", "2", "4")]
            self.assertEqual(files[0], files[1])
            self.assertEqual(files[0], files[2])

    @unittest.skipUnless(platform.machine() == "x86_64" and shutil.which("qemu-x86_64"), "no qemu-x86_64")
    def test_same_bytes_without_fused_multiplication(self):
        # The float library sums in another order of roundings on a processor without FMA.
        here, there = self.folder / "here.tflite", self.folder / "there.tflite"
        command = [NARROW, "quantize", FLOAT, *TRAIN, "--samples", "60", "--threads", "1", "--quiet", "-o"]
        subprocess.run([*command, here], check=True)
        subprocess.run(["qemu-x86_64", "-cpu", "Nehalem", *command, there], check=True, stderr=subprocess.DEVNULL)
        self.assertEqual(here.read_bytes(), there.read_bytes())

    def test_one_step_by_hand(self):
        plain, said = self.quantized("n", "--weight-rounding", "nearest")
        self.assertNotIn("quality", said)
        fast, _ = self.quantized("f", "--quality", "fast")
        self.assertEqual(plain.read_bytes(), fast.read_bytes())
        rows = self.rows(fast, *(self.quantized(r, "--scheme", "int16x8", "--weight-rounding", r)[0]
                                 for r in ("nearest", "descent", "gptq")))
        self.assertGreater(rows[2]["sqnr_db"], rows[1]["sqnr_db"] + 3)
        self.assertGreater(rows[3]["sqnr_db"], rows[1]["sqnr_db"] + 3)

    def test_headroom_falls_with_samples_unless_it_is_given(self):
        _, said = self.quantized("many", "--scheme", "int16")
        chosen = said["quality"]["trials"][said["quality"]["chosen"]]["chain"]
        self.assertIn("headroom 1.53", chosen)  # 1 + 7.5 / sqrt(200)
        _, said = self.quantized("few", "--scheme", "int16", "--samples", "40")
        self.assertTrue(all("headroom 2," in t["chain"] for t in said["quality"]["trials"]))
        _, said = self.quantized("given", "--scheme", "int16", "--headroom", "1.25")
        self.assertTrue(all("headroom 1.25," in t["chain"] for t in said["quality"]["trials"]))

    def test_headroom_widens_ranges_of_16_bit_activations(self):
        def scale_of_input(*arguments):
            path, _ = self.quantized("h", "--quality", "fast", *arguments)
            return json.loads(self.done("inspect", path, "--json"))["inputs"][0]["scales"][0]
        plain = scale_of_input("--scheme", "int16x8")
        self.assertAlmostEqual(scale_of_input("--scheme", "int16x8", "--headroom", "1.5") / plain, 1.5, places=6)
        self.assertAlmostEqual(scale_of_input("--scheme", "int16") / plain, 2, places=6)
        rule = self.folder / "r.toml"
        rule.write_text("[[rule]]\nheadroom = 3\n")
        self.assertAlmostEqual(scale_of_input("--scheme", "int16", "--recipe", rule) / plain, 3, places=6)

    def test_headroom_that_cannot_be_is_refused(self):
        out = ("-o", self.folder / "m.tflite")
        for wrong in ("0.9", "17"):
            self.refused(2, "quantize", FLOAT, *TRAIN, "--scheme", "int16", "--headroom", wrong, *out, says="--headroom does not take")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--headroom", "2", *out, says="--headroom widens 16-bit activations")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", "--headroom", "2", *out, says="--headroom")
        rule = self.folder / "wrong.toml"
        rule.write_text("[[rule]]\nheadroom = 0\n")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--recipe", rule, *out, says="line 2")

    def ruled(self, text):
        recipe = self.folder / "r.toml"
        recipe.write_text(text)
        return recipe

    def same_layers(self, a, b):
        """Whether each layer's stored weights and biases are the same in two files of one chain, by name."""
        def constants(path):
            folder = self.folder / f"{path.stem}_constants"
            self.done("export", path, "-o", folder, "--format", "npy")
            return {f.stem: f.read_bytes() for f in folder.glob("*.npy")}
        mine, theirs = constants(a), constants(b)
        self.assertEqual(mine.keys(), theirs.keys())
        return {name: mine[name] == theirs[name] for name in mine}

    def test_rounding_by_layer(self):
        by_hand, _ = self.quantized("hand", "--weight-rounding", "gptq")
        every, said = self.quantized("every", "--quality", "fast", "--recipe", self.ruled(
            '[[rule]]\nweight_rounding = "nearest"\n\n[[rule]]\nop = "CONV_2D"\nweight_rounding = "gptq"\n\n'
            '[[rule]]\nop = "FULLY_CONNECTED"\nweight_rounding = "gptq"\n'))
        self.assertEqual(by_hand.read_bytes(), every.read_bytes())  # the last rule that matches wins
        self.assertTrue(all("weights rounded by gptq" in op["reason"] for op in said["ops"] if "CONV" in op["op"]))
        self.assertNotIn("quality", said)

        fast, _ = self.quantized("fast", "--quality", "fast")
        last, _ = self.quantized("last", "--quality", "fast", "--recipe",
                                 self.ruled('[[rule]]\nname = "logits"\nweight_rounding = "descent"\n'))
        same = self.same_layers(fast, last)
        for layer in same:
            if layer in ("conv1_weights", "conv2_weights"):
                self.assertTrue(same[layer], layer)
        self.assertFalse(all(same.values()))

        kept, _ = self.quantized("kept", "--weight-rounding", "gptq", "--recipe",
                                 self.ruled('[[rule]]\nname = "conv1"\nweight_rounding = "nearest"\n'))
        same = self.same_layers(fast, kept)
        self.assertTrue(next(s for n, s in same.items() if n.startswith("conv1") and "bias" not in n), same)
        self.assertFalse(all(s for n, s in same.items() if n.startswith("conv2")), same)
        told = self.done("quantize", FLOAT, *TRAIN, "--recipe", self.folder / "r.toml", "--explain", "conv1", "-o", kept)
        self.assertIn("weights rounded by nearest", told)

    def test_tells_of_outputs_whose_steps_are_too_wide(self):
        narrow_outputs, said = self.quantized("n")
        steps = said["quality"]["output_steps"]
        chosen = said["quality"]["trials"][said["quality"]["chosen"]]
        self.assertGreater(steps["own_db"], chosen["logits_db"])  # one error of several
        self.assertGreater(steps["gain_db"], 1)
        told = narrow("quantize", FLOAT, *TRAIN, "-o", narrow_outputs).stderr
        self.assertIn(f"--io int16 (or float32) would give {steps['gain_db']:.1f} dB more", told)
        for io in ("int16", "float32"):
            wide_outputs, said = self.quantized("w", "--io", io)
            wide = said["quality"]["trials"][said["quality"]["chosen"]]
            self.assertTrue(wide["chain"].endswith("16-bit outputs"), wide)
            self.assertNotIn("output_steps", said["quality"])
            self.assertAlmostEqual(wide["sqnr_db"], chosen["sqnr_db"] + steps["gain_db"], delta=0.5)
            before, after = self.rows(narrow_outputs, wide_outputs)
            self.assertGreater(after["sqnr_db"], before["sqnr_db"] + 1)
        rule = self.ruled('[[rule]]\nname = "logits"\nactivations = 8\n')
        _, said = self.quantized("r", "--io", "int16", "--recipe", rule)
        self.assertEqual({op["form"] for op in said["ops"]}, {"int8"})  # rules of the user win

    def test_tells_what_was_scaled(self):
        page = self.folder / "r.html"
        best, said = self.quantized("b", "--range", "minmax", "--report", page)
        classes = said["scaled"]
        self.assertEqual([(c["writers"], c["readers"], c["channels"]) for c in classes],
                         [(["conv1"], ["conv2"], 12), (["conv2"], ["logits"], 24)])
        self.assertEqual(classes[0]["tensors"], ["conv1", "pool1"])
        # Scales of weights go with the largest weight of a channel, so those of a layer that only writes show factors.
        def scales(path):
            tensors = json.loads(self.done("inspect", path, "--json"))["tensors"]
            return next(t["scales"] for t in tensors if t["name"] == "conv1/weights")
        fast, said = self.quantized("f", "--quality", "fast")
        self.assertNotIn("scaled", said)
        factors = [a / b for a, b in zip(scales(best), scales(fast))]
        self.assertAlmostEqual(min(factors), classes[0]["least_factor"], places=5)
        self.assertAlmostEqual(max(factors), classes[0]["largest_factor"], places=5)
        self.assertIn("conv2, pool2, flat", page.read_text())
        text = self.done("quantize", FLOAT, *TRAIN, "--range", "minmax", "-o", best)
        self.assertIn("channels scaled: 36, in 2 groups of tensors, by 1 to 1.89", text)

    def test_compile_tells_what_quantize_does(self):
        _, said = self.quantized("q", "--range", "minmax")
        report = self.folder / "c.json"
        compiled = json.loads(self.done("compile", FLOAT, *TRAIN, "--range", "minmax", "-o", self.folder / "c",
                                        "--json", "--report", report))
        for one in (said, compiled):
            for trial in one["quality"]["trials"]:
                del trial["seconds"]
        self.assertEqual(compiled["quality"], said["quality"])
        self.assertEqual(compiled["scaled"], said["scaled"])
        self.assertIn("quality", json.loads(report.read_text()))
        alone = json.loads(self.done("compile", FLOAT, *TRAIN, "--quality", "fast", "-o", self.folder / "f", "--json"))
        self.assertNotIn("quality", alone)

    def test_few_samples_have_a_defined_result(self):
        for n in (1, 2, 9):
            path, said = self.quantized(f"few{n}", "--samples", n)
            self.assertEqual(said["quality"]["held_back"], n if n < 8 else n // 4)
            self.assertEqual(self.rows(path)[0]["samples"], 360)

    def test_budget(self):
        _, said = self.quantized("c", "--candidates", "2")
        self.assertEqual(len(said["quality"]["trials"]), 2)
        text = self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "t.tflite")
        self.assertIn("samples held back", text)

    def test_what_cannot_be_carried_out_is_refused(self):
        out = ("-o", self.folder / "m.tflite")
        stats = self.folder / "s.nstat"
        self.done("calibrate", FLOAT, *TRAIN, "-o", stats)
        self.refused(2, "quantize", FLOAT, "--statistics", stats, "--quality", "best", *out, says="--quality chooses")
        self.refused(2, "quantize", FLOAT, "--statistics", stats, "--weight-rounding", "gptq", *out, says="--weight-rounding")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", "--quality", "best", *out, says="--scheme float16 needs none")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--range", "search", "--quality", "best", *out, says="--range search")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--quality", "fast", "--candidates", "3", *out, says="--candidates counts")
        rule = ("--recipe", self.ruled('[[rule]]\nweight_rounding = "gptq"\n'))
        self.refused(2, "quantize", FLOAT, "--statistics", stats, *rule, *out, says="'weight_rounding' chooses")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", *rule, *out, says="line 1")
        self.done("quantize", FLOAT, "--scheme", "dynamic", "-o", self.folder / "stored.tflite")
        self.refused(3, "quantize", self.folder / "stored.tflite", *TRAIN, *rule, *out, says="integers in the file")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--recipe", self.ruled('[[rule]]\nweight_rounding = "up"\n'), *out,
                     says="nearest, descent, gptq")
        self.done("quantize", FLOAT, "--statistics", stats, *out)
        self.done("quantize", FLOAT, "--scheme", "float16", "--quality", "fast", *out)


if __name__ == "__main__":
    unittest.main()
