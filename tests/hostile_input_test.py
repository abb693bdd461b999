"""Input that is hostile or unlucky, on the command line: nothing crashes, hangs, is lost or appears in part."""
import os
import unittest

from cli_test import FLOAT, TRAIN, Case


class Recipes(Case):
    def quantize(self, *arguments):
        return ("quantize", FLOAT, *TRAIN, "-o", self.folder / "q.tflite", *arguments)

    def test_patterns(self):
        lines = self.refused(2, *self.quantize("--keep-float", "conv[z-a]"), says="'z-a' at character 6 (--keep-float")
        self.assertIn("RE2", lines[1])
        self.refused(2, *self.quantize("--keep-float", "(" * 90_000), says="90000 characters")
        self.done(*self.quantize("--keep-float", "(a+)+$"))
        self.done(*self.quantize("--keep-float", "(" * 900 + "conv" + ")" * 900))

    def test_rules(self):
        recipe = self.folder / "r.toml"
        for text, says in (("name = 5", "'name' is not a string"), ('name = "[z-a]"', "'z-a'"),
                           ("name = [1]", "'name' is not a string"), ("op = true", "'op' is not a string")):
            recipe.write_text("[[rule]]\n" + text + "\n")
            self.refused(2, *self.quantize("--recipe", recipe), says=says)
            self.refused(2, *self.quantize("--recipe", recipe), says="r.toml line 2")

    def test_what_is_no_regular_file(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        for path, says in ((self.folder, "it is a folder"), ("/dev/zero", "it is not a regular file"),
                           (fifo, "it is not a regular file"), (self.folder / "none.toml", "No such file")):
            self.refused(5, *self.quantize("--recipe", path), says=says)


if __name__ == "__main__":
    unittest.main()
