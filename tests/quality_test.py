"""--quality best: what it gains on the example, what it tells, and what it refuses."""
import json
import unittest

from cli_test import DIGITS, FLOAT, TEST, TRAIN, Case


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
            files = [self.quantized(n, "--scheme", scheme, "--threads", n)[0].read_bytes() for n in ("1", "2", "5")]
            self.assertEqual(files[0], files[1])
            self.assertEqual(files[0], files[2])

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
        self.done("quantize", FLOAT, "--statistics", stats, *out)
        self.done("quantize", FLOAT, "--scheme", "float16", "--quality", "fast", *out)


if __name__ == "__main__":
    unittest.main()
