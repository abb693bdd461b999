"""Programs in docs/ compile and print what the page says."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
C_SOURCE = "portable/layers/fully_connected.c"


class Docs(unittest.TestCase):
    def test_the_example_of_the_arithmetic_page(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if not compiler:
            self.skipTest("no C compiler")
        page = (ROOT / "docs/arithmetic.md").read_text()
        program, printed = re.search(r"```c\n(.*?)```\n\n```\n(.*?)```", page, re.S).groups()
        kernels = ROOT / "kernels"
        with tempfile.TemporaryDirectory() as folder:
            source, binary = pathlib.Path(folder, "example.c"), pathlib.Path(folder, "example")
            source.write_text(program)
            subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{kernels}", "-o", binary, source,
                            kernels / C_SOURCE, "-lm"], check=True)
            self.assertEqual(subprocess.run([binary], stdout=subprocess.PIPE, check=True, text=True).stdout, printed)


if __name__ == "__main__":
    unittest.main()
