"""C that counts on a char of 8 bits, or on names that not every compiler has, is found; the kernels are free of it."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from mcu_test import write_project
from sixteen_bit_char import lint
from sixteen_bit_char.selftest import AS_CHAR16, run_selftest

KERNELS = sorted([*ROOT.glob("kernels/nw_*.h"), *ROOT.glob("kernels/portable/**/*.[ch]")])
COMPILER = shutil.which("gcc")


class Lint(unittest.TestCase):
    def names(self, text):
        return [name for _, name, _ in lint.findings(text)]

    def test_forbidden_names(self):
        for name in lint.FORBIDDEN:
            self.assertEqual(self.names(f"static {name} v;"), [name])
        self.assertEqual(self.names("int32_t\nx = (uint8_t)INT8_MIN;"), ["int32_t", "uint8_t", "INT8_MIN"])
        self.assertEqual(self.names("n = sizeof x + sizeof(y) + sizeof (z);"), ["sizeof"])

    def test_lines(self):
        self.assertEqual([line for line, *_ in lint.findings("/* a\n b */\nint8_t a;\n\n  float b;\n")], [3, 5])

    def test_what_is_not_code_and_longer_names_are_free(self):
        for text in ("/* float */", "// union\n", '"double \\" float"', "int_least8_t floating; my_union = nw_free;", "'\\''"):
            self.assertEqual(self.names(text), [], text)

    def test_a_project_is_what_its_sources_reach(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = write_project(pathlib.Path(scratch, "tiny"))
            (folder / "tiny_float.h").write_text("float f;\n")
            (folder / "example/main.c").write_text('#include "../tiny_float.h"\ndouble d;\n')
            self.assertEqual(list(lint.lint([folder])), [])
            with (folder / "kernels/layer.h").open("a") as header:
                header.write("typedef int8_t octet;\n")
            (found,) = lint.lint([folder])
            self.assertRegex(found, r"/kernels/layer.h:5: int8_t: does not exist")

    def test_kernels(self):
        self.assertGreater(len(KERNELS), 50)
        found = {(str(f.relative_to(ROOT)), name) for f in KERNELS for _, name, _ in lint.findings(f.read_text())}
        self.assertEqual(found, set())


@unittest.skipUnless(COMPILER, "no gcc")
class SixteenBitChar(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def value(self, statements, flags=AS_CHAR16):
        """What main() returns after these statements."""
        source, program = self.scratch / "main.c", self.scratch / "main"
        source.write_text(f"#include <stdint.h>\n#include <string.h>\nint main(void) {{ {statements} }}\n")
        subprocess.run([COMPILER, "-std=c99", *flags, source, "-o", program], stderr=subprocess.PIPE, check=True)
        return subprocess.run([program], check=False).returncode

    def test_what_counts_on_octets_shows(self):
        for statements, octets, char16 in (
                ("uint_least8_t v = 255; ++v; return v == 0;", 1, 0),
                ("int_least8_t v = (int_least8_t)200; return v < 0;", 1, 0),
                ("signed char v = (signed char)200; return v < 0;", 1, 0),
                ("return (int)sizeof(char);", 1, 1),
                ("return (int)sizeof(int_least16_t);", 2, 1),
                ("return (int)sizeof(int_least32_t[3]);", 12, 6),
                ("int_least32_t v[2] = {0, 7}; return ((int_least16_t *)((char *)v + sizeof(v[0])))[0];", 7, 7),
                ("int_least32_t v[4] = {0, 7}; return *(int_least32_t *)((char *)v + 4) == 7;", 1, 0),
                ("int_least8_t a[3] = {1, 2, 3}, b[3] = {0}; memcpy(b, a, 3); return b[2];", 3, 3),
                ("int_least8_t a[2] = {1, 2}, b[2] = {1, 3}; return memcmp(a, b, 1) == 0 && memcmp(a, b, 2) < 0;", 1, 1),
                ("int_least8_t a[3] = {9, 9, 9}; memset(a, 1, 2); return a[0] + 10 * a[1] + 20 * a[2];", 191, 191)):
            self.assertEqual(self.value(statements, ()), octets, statements)
            self.assertEqual(self.value(statements), char16, statements)

    def test_names_of_eight_bits_do_not_exist(self):
        for name in ("int8_t", "uint8_t", "INT8_MIN"):
            with self.assertRaises(subprocess.CalledProcessError) as failed:
                self.value(f"return (int)sizeof({name});")
            self.assertIn(f'poisoned "{name}"', failed.exception.stderr.decode())

    def test_kernels_compile(self):
        sources = [f for f in KERNELS if f.suffix == ".c"]
        done = subprocess.run([COMPILER, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                               f"-I{ROOT / 'kernels'}", *AS_CHAR16, *sources], stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_layer_computes_the_same(self):
        """The program of docs/arithmetic.md, with its weights in pairs."""
        program, printed = re.search(r"```c\n(.*?)```\n\n```\n(.*?)```", (ROOT / "docs/arithmetic.md").read_text(), re.S).groups()
        source, binary = self.scratch / "layer.c", self.scratch / "layer"
        call = "nw_fully_connected_i8_double(&p, qx, qw,"
        self.assertIn(call, program)
        source.write_text(program.replace(call, """
            nw_u16 const pairs[2] = {(nw_u16)((qw[0] & 255) | (qw[1] & 255) << 8), (nw_u16)(qw[2] & 255)};
            nw_fully_connected_i8_double(&p, qx, pairs,"""))
        subprocess.run([COMPILER, "-std=c99", "-Wall", "-Werror", f"-I{ROOT / 'kernels'}", "-include", "math.h", *AS_CHAR16,
                        source, ROOT / "kernels/portable/layers/fully_connected.c", "-o", binary, "-lm"], check=True)
        self.assertEqual(subprocess.run([binary], stdout=subprocess.PIPE, text=True, check=True).stdout, printed)

    def test_selftest_of_a_project(self):
        for more, octets, char16 in (
                ("", 0, 0),
                ("((tiny_i8 *)arena)[16] = (tiny_i8)(((tiny_i8 *)arena)[16] + 256);", 0, 1)):
            folder = write_project(self.scratch / f"project{octets}{char16}", more=more)
            self.assertEqual(run_selftest(folder, COMPILER, ()), octets)
            self.assertEqual(run_selftest(folder, COMPILER), char16)


if __name__ == "__main__":
    unittest.main()
