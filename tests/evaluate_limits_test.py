"""`narrow evaluate --min-top1, --max-drop, --min-sqnr`: what models must reach, and exit code 1 where they do not."""
import json
import unittest

from cli_test import DIGITS, FLOAT, TEST, TRAIN, Case, narrow

LABELS = ("--labels", DIGITS / "test_y.npy")
REFERENCE = ("--reference", FLOAT)


class Limits(Case):
    def setUp(self):
        super().setUp()
        self.model = self.folder / "q7.tflite"
        self.done("quantize", FLOAT, "--scheme", "q7", *TRAIN, "-o", self.model, "--quiet")
        said = json.loads(self.done("evaluate", self.model, *TEST, *LABELS, *REFERENCE, "--json"))
        self.figures = said["models"][0]
        self.assertEqual(said["failed"], [])

    def missed(self, *options):
        """The lines of the limits that the model misses, after the table."""
        done = narrow("evaluate", FLOAT, self.model, *TEST, *LABELS, *REFERENCE, *options)
        lines = done.stderr.splitlines()
        self.assertEqual(done.returncode, 1 if lines else 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 3)
        for line in lines:
            self.assertRegex(line, r"^narrow: error: .* \(.*\.tflite\)$")
        return lines

    def test_reference_top1_is_that_of_the_reference(self):
        said = json.loads(self.done("evaluate", FLOAT, *TEST, *LABELS, "--json"))
        self.assertEqual(self.figures["reference_top1"], said["models"][0]["top1"])
        self.assertIsNone(said["models"][0]["reference_top1"])

    def test_limits_hold_at_the_very_figure_and_not_beyond(self):
        top1, sqnr = self.figures["top1"] * 100, self.figures["sqnr_db"]
        self.assertEqual(self.missed("--min-top1", f"{top1:.10f}%", "--min-sqnr", sqnr - 0.01), [])
        below, = self.missed("--min-top1", min(100, top1 + 0.3))[-1:]
        self.assertIn(f"top-1 is {top1:.2f} %, below ", below)
        below, = self.missed("--min-sqnr", sqnr + 0.01)
        self.assertRegex(below, rf"SQNR is [0-9.]+ dB, below .* dB \({self.model}\)$")

    def test_drop_is_beside_the_reference(self):
        # 4-bit weights, to the nearest, lose some samples.
        coarse = self.folder / "coarse.tflite"
        self.done("quantize", FLOAT, *TRAIN, "-o", coarse, "--quiet", "--quality", "fast", "--weights", "4")
        said = json.loads(self.done("evaluate", coarse, *TEST, *LABELS, *REFERENCE, "--json"))["models"][0]
        drop = (said["reference_top1"] - said["top1"]) * 100
        self.assertGreater(drop, 0)
        self.done("evaluate", coarse, *TEST, *LABELS, *REFERENCE, "--max-drop", f"{drop:.10f}")
        done = narrow("evaluate", coarse, *TEST, *LABELS, *REFERENCE, "--max-drop", f"{drop / 2}%", "--json")
        self.assertEqual(done.returncode, 1)
        line, = json.loads(done.stdout)["failed"]
        self.assertEqual(done.stderr, f"narrow: error: {line}\n")
        self.assertIn(f"{drop:.2f} points below the reference, more than ", line)

    def test_every_limit_has_a_line(self):
        lines = self.missed("--min-top1", "100", "--min-sqnr", "200")
        self.assertEqual([("top-1" in line, "SQNR" in line) for line in lines], [(True, False)] * 2 + [(False, True)])

    def test_limits_without_what_they_are_compared_with(self):
        evaluate = ("evaluate", self.model, *TEST)
        self.refused(2, *evaluate, *REFERENCE, "--min-top1", "90", says="give --labels too")
        self.refused(2, *evaluate, *REFERENCE, "--max-drop", "1", says="give --labels too")
        self.refused(2, *evaluate, *LABELS, "--max-drop", "1", says="give --reference too")
        self.refused(2, *evaluate, *LABELS, "--min-sqnr", "20", says="give --reference too")
        for value in ("101", "-1", "ninety", "5dB", "nan"):
            self.refused(2, *evaluate, *LABELS, f"--min-top1={value}", says=f"--min-top1 does not take '{value}'")


if __name__ == "__main__":
    unittest.main()
