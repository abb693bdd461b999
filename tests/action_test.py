"""action.yml: its steps are run as GitHub runs them, with its inputs and the files that a job writes to."""
import json
import os
import pathlib
import re
import subprocess
import unittest

from cli_test import DIGITS, FLOAT, NARROW, ROOT, TRAIN, Case

try:
    import yaml
except ImportError:
    yaml = None

TEST = {"data": DIGITS / "test_x.npy", "options": "--data-scale 0.0625", "labels": DIGITS / "test_y.npy", "reference": FLOAT}


@unittest.skipUnless(yaml, "PyYAML is not installed")
class Action(Case):
    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load((ROOT / "action.yml").read_text())
        self.model = self.folder / "a model, int8.tflite"  # with what shells split and glob at
        self.done("quantize", FLOAT, *TRAIN, "-o", self.model, "--quiet")

    def run_action(self, **inputs):
        """(exit code, outputs, summary, what was printed) of the action's steps, one after the other."""
        given = {name.replace("_", "-"): str(value) for name, value in inputs.items()}
        self.assertLessEqual(set(given), set(self.action["inputs"]))
        for name, declared in self.action["inputs"].items():
            self.assertTrue(name in given or not declared.get("required"), name)
            given.setdefault(name, declared.get("default", ""))
        outputs, summary = {}, self.folder / "summary.md"
        summary.write_text("")
        for step in self.action["runs"]["steps"]:
            self.assertEqual(step["shell"], "bash")
            file = self.folder / f"{step['id']}.outputs"
            file.write_text("")
            value = lambda m: given[m[2]] if m[1] == "inputs" else outputs[m[1]][m[2]]  # noqa: E731
            named = {name: re.sub(r"\$\{\{ (?:steps\.)?(\w+)\.(?:outputs\.)?([\w-]+) \}\}", value, text)
                     for name, text in step["env"].items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], capture_output=True, text=True,
                cwd=self.folder, env={**os.environ, **named, "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(file),
                                      "GITHUB_STEP_SUMMARY": str(summary)})
            outputs[step["id"]] = dict(line.split("=", 1) for line in file.read_text().splitlines())
            if done.returncode:
                break
        said = {name: outputs.get(m[1], {}).get(m[2], "") for name, declared in self.action["outputs"].items()
                for m in [re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}", declared["value"])]}
        return done.returncode, said, summary.read_text(), done.stdout + done.stderr

    def test_models_that_pass(self):
        code, outputs, summary, printed = self.run_action(narrow=NARROW, models=f"{FLOAT}\n  {self.model}\n\n", **TEST,
                                                          min_top1="98", max_drop="0.5", min_sqnr_db="35")
        self.assertEqual((code, outputs["passed"]), (0, "true"), printed)
        figures = json.loads((self.folder / outputs["report"]).read_text())["models"]
        self.assertEqual(len(figures), 2)
        rows = [line for line in summary.splitlines() if line.startswith("|")]
        self.assertEqual({row.replace("\\|", "").count("|") for row in rows}, {8})
        self.assertIn(f"| {figures[1]['bytes']:,} | 360 | {figures[1]['top1'] * 100:.2f} % |", rows[3])
        self.assertIn("| exact |", rows[2])

    def test_a_limit_that_is_missed(self):
        code, outputs, summary, printed = self.run_action(narrow=NARROW, models=self.model, **TEST, min_sqnr_db="90",
                                                          report="figures.json")
        self.assertEqual((code, outputs), (1, {"passed": "false", "report": "figures.json"}))
        self.assertRegex(summary, r"- \*\*Missed:\*\* SQNR is [0-9.]+ dB, below 90 dB \(.*a model, int8.tflite\)")
        self.assertIn("narrow: error: SQNR is", printed)

    def test_a_file_that_is_missing(self):
        code, outputs, summary, _ = self.run_action(narrow=NARROW, models="missing.tflite", data=TEST["data"])
        self.assertEqual((code, outputs["passed"]), (5, "false"))
        self.assertRegex(summary, r"\*\*Error:\*\* .*missing.tflite")

    def test_words_of_inputs_are_no_commands(self):
        code, _, _, _ = self.run_action(narrow=NARROW, models="$(touch here)\n`touch here`", data="; touch here",
                                        options="$(touch here)")
        self.assertNotEqual(code, 0)
        self.assertFalse((self.folder / "here").exists())
        code, _, _, printed = self.run_action(narrow=NARROW, models=self.model, data=TEST["data"], options="--data-scale '0.1")
        self.assertNotEqual(code, 0)
        self.assertIn("quote", printed)

    def test_a_binary_that_is_missing(self):
        code, _, _, printed = self.run_action(narrow=self.folder / "none", models=self.model, data=TEST["data"])
        self.assertNotEqual(code, 0, printed)


if __name__ == "__main__":
    unittest.main()
