"""What surrounds the commands: help, completions, manual pages, --quiet; and what shows results: charts, statistics."""
import json
import re
import struct
import subprocess
import unittest
import xml.dom.minidom

from cli_test import DIGITS, FLOAT, NARROW, TEST, TRAIN, Case, commands, narrow


class Shell(Case):
    def test_statistics_can_be_looked_at(self):
        file = self.folder / "statistics"  # known by its content, not by its name
        self.done("calibrate", FLOAT, *TRAIN, "-o", file)
        table = self.done("inspect", file).splitlines()
        self.assertIn("7 tensors over 200 samples", table[0])
        self.assertEqual(len(table), 10)
        said = json.loads(self.done("inspect", file, "--json"))
        image = said["tensors"][0]
        self.assertEqual((said["samples"], image["name"], image["min"], image["max"]), (200, "image", 0, 1))
        self.assertEqual((sum(image["histogram"]), image["outliers"]), (image["values"], 0))
        self.done("calibrate", FLOAT, *TRAIN, "--minmax-only", "-o", file)
        self.assertIsNone(json.loads(self.done("inspect", file, "--json"))["tensors"][0]["histogram"])
        file.write_bytes(file.read_bytes()[:-1])
        self.refused(3, "inspect", file)

    def test_outlier_channels(self):
        self.assertNotIn("outlier", self.done("inspect", FLOAT, "--weights"))
        plain = json.loads(self.done("inspect", FLOAT, "--weights", "--json"))["weights"]
        self.assertEqual([w["outlier_channels"] for w in plain], [[]] * 6)
        first = struct.pack("<f", plain[4]["max"])  # of the dense layer, 0.7351
        model = self.folder / "m.tflite"
        model.write_bytes(FLOAT.read_bytes().replace(first, struct.pack("<f", 64)))
        (dense,) = (w for w in json.loads(self.done("inspect", model, "--weights", "--json"))["weights"]
                    if w["outlier_channels"])
        (outlier,) = dense["outlier_channels"]
        self.assertEqual((dense["name"], list(outlier), outlier["largest"]),
                         ("dense/weights", ["channel", "largest", "times_median"], 64))
        self.assertRegex(self.done("inspect", model, "--weights"),
                         rf"dense/weights +{outlier['channel']} \({outlier['times_median']:.1f} x\)\n$")

    def test_quiet(self):
        loud = ("quantize", FLOAT, *TRAIN, "--keep-float", "nothing", "-o", self.folder / "m.tflite")
        self.assertIn("warning", narrow(*loud).stderr)
        done = narrow(*loud, "--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        done = narrow(*loud, "--quiet", "--json")
        self.assertEqual(done.stderr, "")
        self.assertEqual(len(json.loads(done.stdout)["warnings"]), 1)
        self.refused(2, *loud, "--report", self.folder / "r.txt", says="ends in .html or .json")

    def test_help_of_a_command_and_version(self):
        self.assertEqual(self.done("help", "quantize"), self.done("quantize", "--help"))
        self.assertEqual(self.done("-V"), self.done("--version"))
        self.refused(2, "help", "quantise", says="did you mean quantize")

    def test_completions_and_manual_pages_name_every_option(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.done("completion", shell)
            for option in re.findall(r"^  --([a-z-]+)", self.done("quantize", "--help"), re.M):
                self.assertIn(option, script)
        self.refused(2, "completion", "csh", says="bash, zsh, fish")
        complete = subprocess.run(
            ["bash", "-c", "source <($0 completion bash); COMP_WORDS=(narrow quantize --io fl); COMP_CWORD=3; _narrow; "
             "echo ${COMPREPLY[@]}", NARROW], capture_output=True, text=True)
        self.assertEqual((complete.stdout, complete.stderr), ("float32\n", ""))
        page = self.done("man", "--command", "quantize")
        self.assertIn(".TH NARROW\\-QUANTIZE 1", page)
        self.assertIn("\\fB\\-\\-keep\\-float\\fR", page)
        self.done("man", "--folder", self.folder / "man1")
        self.assertEqual({p.name for p in (self.folder / "man1").iterdir()},
                         {"narrow.1", *(f"narrow-{name}.1" for name in commands())})
        self.assertEqual((self.folder / "man1" / "narrow-quantize.1").read_text(), page)
        self.refused(2, "man", "--command", "run", "--folder", self.folder, says="either --command or --folder")
        self.refused(5, "man", "--folder", FLOAT, says=FLOAT.name)

    def test_chart(self):
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite")
        chart = self.folder / "chart.svg"
        compare = ("evaluate", FLOAT, self.folder / "m.tflite", *TEST, "--chart", chart)
        self.done(*compare, "--reference", FLOAT)  # the float model has no error and so no point
        image = chart.read_text()
        self.assertEqual((image.count("<circle"), image.count('class="label"')), (1, 1))
        self.assertIn("SQNR, dB", image)
        labels = ("--labels", DIGITS / "test_y.npy")
        self.done(*compare, *labels, "--threads", 1)
        first = chart.read_text()
        self.done(*compare, *labels, "--threads", 3)
        self.assertEqual(chart.read_text(), first)
        self.assertEqual(first.count("<circle"), 2)
        xml.dom.minidom.parseString(first)
        for by, title in (("macs", "multiply-accumulates"), ("speed", "samples a second")):
            self.done(*compare, *labels, "--chart-by", by)
            self.assertIn(title, chart.read_text())
        self.refused(2, *compare, says="--chart has nothing to draw")
        self.refused(2, "evaluate", FLOAT, *TEST, *labels, "--chart", self.folder / "c.png", says="ends in .svg")
        self.refused(3, "evaluate", FLOAT, *TEST, "--reference", FLOAT, "--chart", chart, says="no model has an error")


if __name__ == "__main__":
    unittest.main()
