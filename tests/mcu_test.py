"""Emitted projects on emulated chips: what the runner says of a self-test, and that its counts are exact.

The project here has the files and functions of one that `narrow compile` writes; its network is a fully connected layer,
and then as many instructions as the test wants. A core without its compiler or emulator is skipped by name.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.mcu import run as chips
from bench.mcu.machines import MACHINES

HEADER = """\
#ifndef TINY_H
#define TINY_H
#define TINY_ARENA_BYTES 20
#define TINY_INPUT_0_LENGTH 16
#define TINY_OUTPUT_0_LENGTH 4
void *tiny_input(void *arena, int i);
const void *tiny_output(const void *arena, int i);
void tiny_run(void *arena);
#endif
"""

NETWORK = """\
#include "tiny.h"

#include "kernels/layer.h"

static const tiny_i8 weights[64] = {WEIGHTS};
VARIABLES

void *tiny_input(void *arena, int i) {
  (void)i;
  return arena;
}

const void *tiny_output(const void *arena, int i) {
  (void)i;
  return (const tiny_i8 *)arena + TINY_INPUT_0_LENGTH;
}

void tiny_run(void *arena) {
  layer(arena, weights, (tiny_i8 *)arena + TINY_INPUT_0_LENGTH);
  MORE
}
"""

LAYER_HEADER = """\
#include <stdint.h>

typedef int_least8_t tiny_i8;
void layer(const tiny_i8 *input, const tiny_i8 *weights, tiny_i8 *output);
"""

LAYER = """\
#include "layer.h"

void layer(const tiny_i8 *input, const tiny_i8 *weights, tiny_i8 *output) {
  int o, i;
  for (o = 0; o < 4; ++o) {
    int_least32_t sum = 0;
    for (i = 0; i < 16; ++i) sum += (int_least32_t)input[i] * *weights++;
    output[o] = (tiny_i8)(sum / 128);
  }
}
"""

SELFTEST = """\
#include <stdint.h>
#include <string.h>
#ifndef SELFTEST_SILENT
#include <stdio.h>
#endif

#include "tiny.h"

static const int_least8_t inputs[2][16] = {INPUTS};
static const int_least8_t expected[2][4] = {EXPECTED};

static int_least32_t arena[(TINY_ARENA_BYTES + sizeof(int_least32_t) - 1) / sizeof(int_least32_t)];

int main(void) {
  int sample;
  for (sample = 0; sample < 2; ++sample) {
    memcpy(tiny_input(arena, 0), inputs[sample], 16);
    tiny_run(arena);
    if (memcmp(tiny_output(arena, 0), expected[sample], 4) != 0) return 1;
  }
  return 0;
}
"""

WEIGHTS = [(i * 37 + 11) % 255 - 127 for i in range(64)]
INPUTS = [[(i * 53 + 7 * s) % 256 - 128 for i in range(16)] for s in range(2)]


def output(sample):
    """The layer, written anew: division toward zero, then wrapped to 8 bits, as the sums of these inputs never are."""
    sums = [sum(x * w for x, w in zip(sample, WEIGHTS[o * 16:])) for o in range(4)]
    return [int(s / 128) for s in sums]


def c_array(rows):
    return ", ".join("{" + ", ".join(map(str, row)) + "}" for row in rows)


def write_project(folder, more="", variables="", expected=None):
    """`more`: C statements after the layer; `variables`: declarations beside the weights."""
    folder = pathlib.Path(folder)
    (folder / "kernels").mkdir(parents=True)
    (folder / "example").mkdir()
    (folder / "tiny.h").write_text(HEADER)
    (folder / "tiny.c").write_text(NETWORK.replace("WEIGHTS", ", ".join(map(str, WEIGHTS))).replace("VARIABLES", variables)
                                   .replace("MORE", more))
    (folder / "kernels/layer.h").write_text(LAYER_HEADER)
    (folder / "kernels/layer.c").write_text(LAYER)
    (folder / "example/main.c").write_text("int main(void) { return 3; }\n")
    (folder / "selftest.c").write_text(SELFTEST.replace("INPUTS", c_array(INPUTS)).replace(
        "EXPECTED", c_array(expected or map(output, INPUTS))))
    return folder


def nops(count):
    return f'__asm__ volatile(".rept {count}\\n nop\\n .endr");'


# The compiler neither knows how often the loop runs nor which constants tell it, so the code is the same for all.
LOOP = 'int at = 0; long i; __asm__ volatile("" : "+r"(at)); for (i = times[at]; i > 0; --i) __asm__ volatile("nop");'


def loop(times):
    return {"variables": f"static const long times[2] = {{{times}L, 1L}};", "more": LOOP}


def on_stack(count):
    return f"volatile unsigned char local[{count}]; int i; for (i = 0; i < {count}; ++i) local[i] = 1;"


class OnChip:
    """Runs projects on one core; skipped where its tools are not there."""
    core = None

    def setUp(self):
        if absent := chips.absent_tool(MACHINES[self.core]):
            self.skipTest(f"no {absent}")
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def run_project(self, opt="O2", limit=60, **changes):
        folder = self.scratch / str(sum(1 for _ in self.scratch.iterdir()))
        return chips.run(write_project(folder, **changes), self.core, opt, limit=limit)


class EveryChip(OnChip):
    """What holds on every core; a class for each is made of it below."""

    def count(self, **changes):
        """Instructions or cycles of a run."""
        result = self.run_project(**changes)
        self.assertEqual(result.status, "passed", result.reason)
        return result.instructions if result.cycles is None else result.cycles

    def test_row(self):
        for opt in ("O2", "Os"):
            row = self.run_project(opt)
            self.assertEqual((row.status, row.reason), ("passed", None))
            self.assertEqual((row.core, row.optimization, row.runs), (self.core, opt, 2))
            self.assertEqual((row.arena_bytes, row.const_bytes, row.data_bytes, row.bss_bytes), (20, 64, 0, 0))
            self.assertIn("gcc", row.compiler.lower())
            self.assertTrue(0 < row.code_bytes < 1000, row)
            self.assertTrue(0 <= row.stack_bytes < 200, row)
        never_called = self.run_project("Os", variables="int unused(int v);\nint unused(int v) { return v * 1234 / 67; }")
        self.assertEqual(never_called.code_bytes, row.code_bytes)

    def test_counts_are_exact(self):
        if MACHINES[self.core].counter is None:
            row = self.run_project()
            self.assertEqual((row.status, row.instructions, row.cycles), ("passed", None, None))
            return
        one = self.count(more=nops(1))
        self.assertGreater(one, 64)
        self.assertEqual(self.count(more=nops(138)) - one, 137)
        few, more, many = (self.count(**loop(n)) for n in (1000, 2000, 300000))
        self.assertGreaterEqual(more - few, 2000)
        self.assertEqual(many - few, (more - few) * 299)

    def test_stack(self):
        few, many = (self.run_project(more=on_stack(n)).stack_bytes for n in (80, 240))
        self.assertGreaterEqual(few, 80)
        self.assertEqual(many - few, 160)

    def test_wrong_output(self):
        expected = [output(INPUTS[0]), [v + 1 for v in output(INPUTS[1])]]
        row = self.run_project(expected=expected)
        self.assertEqual((row.status, row.reason), ("failed", "the self-test says that an output is wrong"))

    def test_static_variables(self):
        row = self.run_project(variables="static long calls = 7;", more="if (calls != 0) ++calls;")
        self.assertEqual(row.status, "failed")
        self.assertRegex(row.reason, "^the network has static variables: [48] bytes of .data, 0 of .bss$")


for _core in MACHINES:
    _name = "".join(part.capitalize() for part in _core.split("-")) + "Test"
    globals()[_name] = type(_name, (EveryChip, unittest.TestCase), {"core": _core})


class OneChip(OnChip, unittest.TestCase):
    """What does not depend on the core."""
    core = "m4"

    def test_the_run_that_takes_most(self):
        row = self.run_project(more="int i; for (i = -128; i < *(tiny_i8 *)arena; ++i) __asm__ volatile(\"nop\");")
        self.assertEqual([sample[0] for sample in INPUTS], [-128, -121])
        self.assertGreaterEqual(row.most - row.instructions, 2 * 7)

    def test_endless_loop(self):
        row = self.run_project(limit=1, more="for (;;) __asm__ volatile(\"nop\");")
        self.assertEqual((row.status, row.reason), ("failed", "the program had not ended after 1 s"))

    def test_fault(self):
        row = self.run_project(more='__asm__ volatile("udf #0");')
        self.assertEqual((row.status, row.reason), ("failed", "the processor ran into a fault, or ended before main() did"))

    def test_does_not_compile(self):
        row = self.run_project(more="this is no C;")
        self.assertEqual(row.status, "failed")
        self.assertIn("error:", row.reason)

    def test_does_not_fit(self):
        row = self.run_project(variables="const char table[5000000];", more="layer((const tiny_i8 *)table, weights, arena);")
        self.assertEqual(row.status, "failed")
        self.assertRegex(row.reason, r"^does not fit: region .FLASH. overflowed by \d+ bytes$")
        self.assertGreaterEqual(row.const_bytes, 5000000)

    def test_does_not_run_the_network(self):
        folder = write_project(self.scratch / "idle")
        (folder / "selftest.c").write_text("int main(void) { return 0; }\n")
        row = chips.run(folder, self.core)
        self.assertEqual((row.status, row.reason), ("failed", "the self-test did not run the network"))


class SmallChip(OnChip, unittest.TestCase):
    core = "avr-uno"

    def test_stack_into_variables(self):
        row = self.run_project(more=on_stack(1800))
        self.assertEqual((row.status, row.reason), ("failed", "does not fit: the stack ran into the variables below it"))


class CommandLine(unittest.TestCase):
    TOOL = ROOT / "tools/run_on_chip"

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.project = write_project(pathlib.Path(scratch.name) / "tiny")

    def run_tool(self, *arguments, **environment):
        return subprocess.run([sys.executable, self.TOOL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              cwd=self.project, check=False, **environment)

    def test_absent_tools_are_skipped_by_name_and_no_success(self):
        done = self.run_tool(".", "--core", "m4", "avr", env={"PATH": ""})
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[1], "^m4 .* skipped .* no arm-none-eabi-gcc$")
        self.assertRegex(lines[2], "^avr .* skipped .* no avr-gcc$")
        self.assertEqual(lines[3], "0 passed, 0 failed, 2 skipped")

    def test_json(self):
        done = self.run_tool(self.project, "--core", "m4", "--json", env={"PATH": ""})
        (row,) = json.loads(done.stdout)
        self.assertEqual((row["core"], row["status"], row["instructions"]), ("m4", "skipped", None))

    def test_table(self):
        if absent := chips.absent_tool(MACHINES["m4"]):
            self.skipTest(f"no {absent}")
        done = self.run_tool(".", "--core", "m4", "--opt", "O2", "Os")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"\nm4 +-O2 +passed +[\d,]+ .*\nm4 +-Os +passed +[\d,]+ .*\n2 passed, 0 failed, 0 skipped\n$")

    def test_not_a_project(self):
        (self.project / "selftest.c").unlink()
        done = self.run_tool(".")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "^run_on_chip: error: no selftest.c in .*\n$")

    def test_which_of_two_models(self):
        for suffix in (".h", ".c"):
            (self.project / f"other{suffix}").write_text("")
        done = self.run_tool(".", "--core", "m4")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"several models in .* \(other, tiny\): choose one with --name")


if __name__ == "__main__":
    unittest.main()
