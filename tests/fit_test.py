"""narrow fit: widths by layer on the example and on shared networks, that recipes give what was found, what it refuses."""
import ast
import json
import math
import os
import pathlib
import unittest

from cli_test import DIGITS, FLOAT, ROOT, TEST, TRAIN, Case, narrow, npy

DATA = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared")) / "data"
LABELS = ("--labels", DIGITS / "test_y.npy")


def rows_of(path):
    """Header and rows of a .npy whose first axis counts samples, as bytes."""
    raw = path.read_bytes()
    size = 10 + int.from_bytes(raw[8:10], "little")
    header = ast.literal_eval(raw[10:size].decode())
    each = (len(raw) - size) // header["shape"][0]
    return header, [raw[size + k * each:size + (k + 1) * each] for k in range(header["shape"][0])]


class FitCase(Case):
    def fitted(self, *arguments, model=FLOAT, code=0):
        done = narrow("fit", model, *arguments, "-o", self.folder / "r.toml", "--json")
        self.assertEqual(done.returncode, code, done.stderr)
        self.said = done.stderr
        return json.loads(done.stdout)

    def made(self, *data, model=FLOAT):
        path = self.folder / "made.tflite"
        done = narrow("quantize", model, *data, "--recipe", self.folder / "r.toml", "-o", path, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("matches no op", done.stderr)
        costs = json.loads(self.done("compile", path, "-o", self.folder / "c", "--json"))
        return path, costs

    def part(self, path, name, chosen):
        header, rows = rows_of(path)
        rows = [r for k, r in enumerate(rows) if chosen(k)]
        out = self.folder / name
        out.write_bytes(npy(header["descr"], (len(rows), *header["shape"][1:]), b"".join(rows)))
        return out


class Fit(FitCase):
    def test_the_recipe_gives_what_was_measured(self):
        found = self.fitted(*TRAIN, "--test", DIGITS / "test_x.npy", *LABELS, "--max-drop", "0.5%")
        chosen = found["trials"][found["chosen"]]
        self.assertLessEqual(found["drop"], 0.5)
        self.assertLessEqual(found["weight_bytes"], 0.6 * found["int8_weight_bytes"])
        self.assertEqual(found["held_back"], 360)
        path, costs = self.made(*TRAIN)
        row, real = json.loads(self.done("evaluate", path, FLOAT, *TEST, *LABELS, "--json"))["models"]
        self.assertAlmostEqual(row["top1"], chosen["top1"], 9)
        self.assertAlmostEqual(real["top1"], found["float_top1"], 9)
        self.assertEqual(costs["flash_bytes"], found["flash_bytes"])
        self.assertEqual(costs["arena_bytes"] + costs["state_bytes"] + costs["stack_bytes"], found["ram_bytes"])
        self.assertEqual(costs["macs"], found["macs"])
        stored = json.loads(self.done("inspect", path, "--json"))["tensors"]
        weights = sum((math.prod(t["shape"]) + 1) // 2 if t["dtype"] == "int4" else math.prod(t["shape"]) for t in stored
                      if t["constant"] and t["dtype"] in ("int4", "int8") and len(t["shape"]) > 1)
        self.assertEqual(weights, found["weight_bytes"])

    def test_part_of_the_samples_is_held_back(self):
        found = self.fitted(*TEST, *LABELS)
        self.assertEqual((found["calibrated"], found["held_back"]), (180, 180))
        self.assertEqual((found["max_drop"], found["unit"]), (1, "points"))
        self.assertIn("180 samples is known to a point", self.said)
        _, costs = self.made(*TEST)  # with all of them
        self.assertEqual(costs["flash_bytes"], found["flash_bytes"])

    def test_the_same_for_any_number_of_threads(self):
        texts, trials = [], []
        for threads in (1, 3):
            trials.append(self.fitted(*TRAIN, "--max-drop", "14dB", "--threads", threads)["trials"])
            texts.append((self.folder / "r.toml").read_text())
        self.assertEqual(*texts)
        self.assertEqual(*trials)
        self.assertIn("weights = 4", texts[0])
        self.assertGreater(len(trials[0]), 2)

    def test_a_number_alone_is_points_with_labels_else_decibels(self):
        found = self.fitted(*TEST, *LABELS, "--max-drop", "2")
        self.assertEqual((found["max_drop"], found["unit"]), (2, "points"))
        found = self.fitted(*TRAIN, "--max-drop", "20")
        self.assertEqual((found["max_drop"], found["unit"]), (20, "dB"))

    def test_more_drop_takes_fewer_bytes(self):
        bytes_of = [self.fitted(*TRAIN, "--max-drop", f"{d}dB")["weight_bytes"] for d in (0, 8, 30)]
        self.assertEqual(bytes_of, sorted(bytes_of, reverse=True))
        self.assertLess(bytes_of[2], bytes_of[0])

    def test_better_than_8_bits_takes_wide_activations(self):
        found = self.fitted(*TRAIN, "--max-drop", "-3dB", "--io", "int16")
        chosen = found["trials"][found["chosen"]]
        self.assertLessEqual(chosen["drop"], -3)
        self.assertIn(16, [layer["activation_bits"] for layer in found["layers"]])
        path, costs = self.made(*TRAIN, "--io", "int16")
        self.assertEqual(costs["flash_bytes"], found["flash_bytes"])
        forms = json.loads(self.done("quantize", FLOAT, *TRAIN, "--io", "int16", "--recipe", self.folder / "r.toml", "-o", path, "--json"))
        self.assertEqual([op["form"].startswith("int16") for op in forms["ops"] if "x" in op["form"]],
                         [layer["activation_bits"] == 16 for layer in found["layers"]])

    def test_far_better_than_8_bits_takes_wide_weights(self):
        found = self.fitted(*TRAIN, "--max-drop", "-9dB", "--io", "int16")
        self.assertIn(16, [layer["weight_bits"] for layer in found["layers"]])
        _, costs = self.made(*TRAIN, "--io", "int16")
        self.assertEqual(costs["flash_bytes"], found["flash_bytes"])

    def test_budgets(self):
        free = self.fitted(*TRAIN, "--max-drop", "3dB")
        self.fitted(*TRAIN, "--max-drop", "3dB", "--flash", free["flash_bytes"], "--ram", free["ram_bytes"],
                    "--macs", free["macs"])
        (self.folder / "r.toml").unlink()
        for option, over in (("--flash", free["flash_bytes"] - 1), ("--ram", 100), ("--macs", 1000)):
            missed = self.fitted(*TRAIN, "--max-drop", "3dB", option, over, code=1)
            self.assertFalse((self.folder / "r.toml").exists())
            self.assertIsNone(missed["output"])
            self.assertIsNone(missed["chosen"])
            self.assertTrue(missed["missed"])
            # Where flash is missed, the nearest is the best that fits: then it is the drop that is missed.
            self.assertIn("--max-drop" if option == "--flash" else option, self.said)
        missed = self.fitted(*TRAIN, "--max-drop", "-90dB", code=1)
        self.assertIn("more than --max-drop allows", self.said)
        self.assertIn(16, missed["trials"][missed["nearest"]]["weight_bits"])

    def test_few_samples_have_a_defined_result(self):
        for samples in (1, 5):
            found = self.fitted(*TRAIN, "--samples", samples, "--max-drop", "20dB")
            self.assertEqual((found["calibrated"], found["held_back"]), (samples, samples))
            self.assertIn("too few to hold some back", self.said)

    def test_text_and_chart(self):
        chart = self.folder / "f.svg"
        text = self.done("fit", FLOAT, *TRAIN, "--chart", chart, "-o", self.folder / "r.toml")
        for word in ("conv1", "logits", "drop, dB", "next: narrow quantize"):
            self.assertIn(word, text)
        self.assertTrue(chart.read_text().startswith("<svg"))

    def test_what_is_refused(self):
        out = ("-o", self.folder / "r.toml")
        self.refused(2, "fit", FLOAT, *out, says="--data")
        for text in ("x%", "nan%", "-1%", "101%", "3 bits"):
            self.refused(2, "fit", FLOAT, *TRAIN, *LABELS, "--max-drop", text, *out, says="--max-drop")
        self.refused(2, "fit", FLOAT, *TRAIN, "--max-drop", "1%", *out, says="needs --labels")
        self.refused(3, "fit", FLOAT, *TRAIN, *LABELS, *out, says="labels for")
        self.refused(2, "fit", FLOAT, *TRAIN, "--flash", "0", *out, says="--flash")
        self.refused(2, "fit", FLOAT, *TRAIN, "--macs", "0", *out, says="--macs")
        self.refused(2, "fit", FLOAT, *TRAIN, "--chart", "f.png", *out, says="--chart")
        self.refused(2, "fit", FLOAT, *TRAIN, "-o", DIGITS / "train_x.npy", says="--data")
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "q.tflite")
        self.refused(3, "fit", self.folder / "q.tflite", *TRAIN, *out, says="integer already")
        self.assertFalse((self.folder / "r.toml").exists())

    def test_steps_of_recipes(self):
        recipe, out = self.folder / "s.toml", ("-o", self.folder / "s.tflite")
        given = ("--recipe", recipe, *out)
        recipe.write_text('[steps]\nweight_rounding = "gptq"\n')
        self.done("quantize", FLOAT, *TRAIN, *given)
        plain = (self.folder / "s.tflite").read_bytes()
        self.done("quantize", FLOAT, *TRAIN, "--weight-rounding", "gptq", *out)
        self.assertEqual(plain, (self.folder / "s.tflite").read_bytes())
        recipe.write_text('[steps]\nrange = "mse"\nequalization = 1\nmeans = true\n')
        said = json.loads(self.done("quantize", FLOAT, *TRAIN, *given, "--json"))
        self.assertNotIn("quality", said)
        self.assertNotEqual(plain, (self.folder / "s.tflite").read_bytes())
        for option in (("--quality", "fast"), ("--range", "mse"), ("--candidates", "3"), ("--weight-rounding", "gptq")):
            self.refused(2, "quantize", FLOAT, *TRAIN, *option, *given, says=option[0])
        self.done("calibrate", FLOAT, *TRAIN, "-o", self.folder / "s.nstat")
        self.refused(2, "quantize", FLOAT, "--statistics", self.folder / "s.nstat", *given, says="[steps]")
        for text in ('range = "search"', 'range = "most"', "equalization = 2", "means = 1", 'weight_rounding = "up"',
                     "other = 1"):
            recipe.write_text(f"[steps]\n{text}\n")
            self.refused(2, "quantize", FLOAT, *TRAIN, *given)


@unittest.skipUnless(DATA.is_dir(), "the shared data are not here")
class SharedNetworks(FitCase):
    """At half a point, at most 0.6 of the weight bytes of 8 bits; the drop is that of samples which fit has not seen, with
    two deviations of chance: of 250 samples five, of 1,125 seven."""

    def fits(self, model, x, y, seen, most_drop):
        parts = {name: (self.part(x, f"{name}_x.npy", chosen), self.part(y, f"{name}_y.npy", chosen))
                 for name, chosen in (("seen", seen), ("others", lambda k: not seen(k)))}
        data = ("--data", parts["seen"][0])
        found = self.fitted(*data, "--labels", parts["seen"][1], "--max-drop", "0.5%", model=model)
        self.assertLessEqual(found["weight_bytes"], 0.6 * found["int8_weight_bytes"])
        path, costs = self.made(*data, model=model)
        self.assertEqual(costs["flash_bytes"], found["flash_bytes"])
        real, fit = json.loads(self.done("evaluate", model, path, "--data", parts["others"][0], "--labels",
                                         parts["others"][1], "--json"))["models"]
        self.assertLessEqual(100 * (real["top1"] - fit["top1"]), most_drop)

    def test_keyword_spotting(self):
        self.fits(DATA / "models/kws/float.tflite", DATA / "kws01/x.npy", DATA / "kws01/y.npy", lambda k: k % 2 == 0, 2.5)

    def test_resnet(self):
        self.fits(DATA / "models/resnet/float.tflite", DATA / "cifar10/test_x.npy", DATA / "cifar10/test_y.npy",
                  lambda k: k % 4 == 0, 1.1)


if __name__ == "__main__":
    unittest.main()
