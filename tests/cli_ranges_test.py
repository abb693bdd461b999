"""Range methods and range search on the command line."""
import json
import unittest

from cli_test import DIGITS, FLOAT, TEST, TRAIN, Case


class Ranges(Case):
    """--range search, calibrate --search, --act-max."""

    def quantized(self, *more):
        return json.loads(self.done("quantize", FLOAT, *TRAIN, *more, "-o", self.folder / "m.tflite", "--json"))

    def content(self):
        return (self.folder / "m.tflite").read_bytes()

    def scale(self, name):
        said = json.loads(self.done("inspect", self.folder / "m.tflite", "--json"))
        return next(t["scales"] for t in said["tensors"] if t["name"] == name)

    def check_search(self, said, labelled):
        self.assertEqual([r["tensor"] for r in said["search"]], ["image", "conv1", "conv2", "logits"])
        for row in said["search"]:
            self.assertLessEqual({"tensor", "op", "candidates", "chosen"}, set(row))
            ranges = [c["range"] for c in row["candidates"]]
            self.assertGreaterEqual(len(ranges), 3)
            self.assertIn(row["chosen"], ranges)
            for wide, narrower in zip(ranges, ranges[1:]):
                self.assertEqual(wide, 2 * narrower)
            for c in row["candidates"]:
                self.assertGreaterEqual(c["error"], 0)
                self.assertEqual(c["accuracy"] is not None, labelled)
        summary = said["search_summary"]
        self.assertEqual(summary["samples"], 200)
        self.assertIn(summary["kept"], ("found", "widest"))
        self.assertEqual(summary["kept"] == "widest", bool(summary["worse_in"]))
        for row in said["search"]:
            self.assertEqual(row["chosen"], row["found"] if summary["kept"] == "found" else row["candidates"][0]["range"])
        narrower = sum(row["found"] < row["candidates"][0]["range"] for row in said["search"])
        self.assertEqual(summary["act_max"].count("="), narrower)

    def test_search(self):
        said = self.quantized("--range", "search", "--threads", "1")
        self.check_search(said, labelled=False)
        for row in said["search"] if said["search_summary"]["kept"] == "found" else []:
            chosen = next(c for c in row["candidates"] if c["range"] == row["chosen"])
            for c in row["candidates"]:
                self.assertTrue(c["error"] >= chosen["error"] or c["agreement"] < chosen["agreement"])
        first = self.content()
        again = self.quantized("--range", "search", "--threads", "3")
        self.assertEqual((first, said["search"]), (self.content(), again["search"]))

    def test_search_by_labels(self):
        search = ("quantize", FLOAT, *TEST, "--samples", 200, "--range", "search", "--labels", DIGITS / "test_y.npy", "-o",
                  self.folder / "m.tflite")
        self.check_search(json.loads(self.done(*search, "--json")), labelled=True)
        text = self.done(*search)
        self.assertIn("range search: accuracy over 200 samples", text)
        self.assertEqual(sum(" *" in line for line in text.splitlines()), 4)
        page = self.folder / "report.html"
        self.done(*search, "--report", page)
        self.assertEqual(page.read_text().count("<b>&plusmn;"), 4)

    def test_what_a_search_found_is_shown_and_can_be_taken(self):
        # Two samples are too few to choose by: what is found for each layer is no better together.
        few = ("quantize", FLOAT, *TRAIN, "--samples", 3, "--scheme", "int16", "-o", self.folder / "m.tflite", "--range")
        summary = json.loads(self.done(*few, "search", "--json"))["search_summary"]
        self.assertEqual(summary["kept"], "widest")
        text = self.done(*few, "search")
        self.assertIn(f"no better in {summary['worse_in']}, so the widest ranges are kept", text)
        self.assertIn(f"--range search:always, or --act-max {summary['act_max']}\n", text)
        self.done(*few, "minmax", "--quality", "fast", "--act-max", summary["act_max"])
        by_hand = self.content()
        taken = json.loads(self.done(*few, "search:always", "--json"))["search_summary"]
        self.assertEqual((taken["kept"], taken["worse_in"]), ("found", summary["worse_in"]))
        self.assertEqual(self.content(), by_hand)
        self.refused(2, *few, "search:never", says="search:always")

    def test_search_of_some_layers(self):
        recipe = self.folder / "r.toml"
        recipe.write_text('[[rule]]\nname = "conv1"\nrange = "search"\n')
        said = self.quantized("--recipe", recipe)
        self.assertEqual([r["tensor"] for r in said["search"]], ["conv1"])

    def test_calibrate_and_use(self):
        stats, out = self.folder / "s.nstat", ("-o", self.folder / "m.tflite")
        for scheme in ("q7", "int8", "int16", "q15"):
            search = ("calibrate", FLOAT, *TRAIN, "--search", "--scheme", scheme, "-o", stats)
            said = json.loads(self.done(*search, "--json"))
            self.check_search(said, labelled=False)
            by_hand = ("--act-max", said["act_max"]) if said["act_max"] else ()
            self.done("quantize", FLOAT, "--scheme", scheme, "--statistics", stats, *by_hand, *out)
            content = self.content()
            self.quantized("--scheme", scheme, "--range", "search")
            self.assertEqual(content, self.content(), scheme)
            self.assertIn(" ".join(by_hand), self.done(*search))
            self.done("quantize", FLOAT, "--scheme", scheme, *TRAIN, "--statistics", stats, "--range", "search", *out)
            self.assertEqual(content, self.content(), scheme)

    def test_by_hand(self):
        self.quantized("--act-max", "conv1=1.5")
        self.assertAlmostEqual(self.scale("conv1")[0], 1.5 / 255, 8)
        said = self.quantized("--act-max", "conv1=1.5,image=0.5", "--range", "search")
        self.assertEqual([r["tensor"] for r in said["search"]], ["conv2", "logits"])
        self.quantized("--scheme", "q7", "--act-max", "conv1=32,logits=64")
        self.assertEqual((self.scale("conv1"), self.scale("logits")), ([0.25], [0.5]))
        self.quantized("--scheme", "int16x8", "--act-max", "conv1=64")
        self.assertAlmostEqual(self.scale("conv1")[0], 64 / 32767, 8)

    def test_refusals(self):
        to = ("-o", self.folder / "m.tflite")
        for text in ("conv1", "conv1=", "conv1=x", "=3", "conv1=-1", "conv1=0", "conv1=inf", "conv1=1,conv2", ",", "a=1,,"):
            self.refused(2, "quantize", FLOAT, *TRAIN, "--act-max", text, *to, says="--act-max does not take")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--act-max", "conv=1", *to, says="did you mean conv1, conv2?")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--act-max", "lögits=1", *to, says="did you mean logits?")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--act-max", "a,b=1", *to, says="'a,b' is no activation")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", "--act-max", "conv1=1", *to, says="--act-max has")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--labels", "y.npy", *to, says="it is for --range search")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--range", "search:3", *to, says="search:always")
        self.refused(5, "quantize", FLOAT, *TRAIN, "--range", "search", "--labels", self.folder / "none.npy", *to)
        self.refused(3, "quantize", FLOAT, *TRAIN, "--range", "search", "--labels", DIGITS / "train_x.npy", *to)
        self.refused(2, "quantize", FLOAT, *TRAIN, "--range", "search", "--samples", "201", *to)
        stats = self.folder / "s.nstat"
        self.done("calibrate", FLOAT, *TRAIN, "-o", stats)
        self.refused(2, "quantize", FLOAT, "--statistics", stats, "--range", "search", *to, says="needs samples")
        self.refused(2, "calibrate", FLOAT, *TRAIN, "--labels", "y.npy", "-o", stats, says="--labels is for --search")
        self.refused(2, "calibrate", FLOAT, *TRAIN, "--search", "--shard", "1/2", "-o", stats, says="--shard")


if __name__ == "__main__":
    unittest.main()
