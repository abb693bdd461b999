"""`narrow compile` from the command line: projects in C that give on the host and on emulated chips what the simulator
gives, with the memory that was promised, and requests that are refused. Needs Python and a C compiler."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import cli_test
from cli_test import FLOAT, ROOT, TEST, TRAIN

sys.path.insert(0, str(ROOT))

from bench.mcu import run as chips
from bench.mcu.machines import MACHINES
from sixteen_bit_char.selftest import run_selftest as char16_selftest

SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
DATA = SHARED / "data"
SCHEMES = ("int8", "int16x8", "int16", "q7", "q15")
WARNINGS = ("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wundef", "-Werror")
SCALED = ("--data-scale", "0.0625")  # of the example's data
COMPILERS = [c for c in ("gcc", "clang") if shutil.which(c)]

# Of the reference networks of MLPerf Tiny: the FNV-1a hash of what TensorFlow Lite Micro gives for inputs of the linear
# congruential generator that seeded_values (src/emit/c/golden.h) has, and the bytes that the arena may take.
REFERENCES = {"kws": (0xf0b57151, 9000), "resnet": (0xe5b25901, 36560), "vww": (0x6962079d, 38000),
              "ad": (0x1fd3ed06, 768)}


def sources(project):
    return sorted([*project.glob("*.c"), *project.glob("kernels/*.c")])


def expected_outputs(project):
    lists = re.findall(r"expected_\d+\[\d+\] = \{([^}]*)\}", (project / "selftest.c").read_text())
    return [int(v) for v in lists[-1].replace("\n", " ").split(",")]


def fnv1a(values):
    h = 2166136261
    for v in values:
        h = ((h ^ (v & 255)) * 16777619) & 0xFFFFFFFF
    return h


class Projects(cli_test.Case):
    def project(self, model, *options, name="net"):
        folder = self.folder / name
        said = json.loads(self.done("compile", model, "-o", folder, "--name", name, *options, "--json"))
        return folder, said

    def selftest(self, project, compiler="gcc", *flags):
        program = self.folder / "selftest"
        subprocess.run([compiler, *WARNINGS, *flags, *map(str, sources(project)), "-o", str(program)], check=True)
        return subprocess.run([program], capture_output=True, text=True, check=False)

    def passes(self, project, compiler="gcc", *flags):
        done = self.selftest(project, compiler, *flags)
        self.assertEqual((done.returncode, done.stdout), (0, ""), (project, compiler, flags))


class Host(Projects):
    def test_every_scheme_with_real_samples(self):
        for scheme in SCHEMES:
            with self.subTest(scheme):
                project, said = self.project(FLOAT, "--scheme", scheme, *TRAIN, "--golden", TEST[1],
                                             name=f"digits_{scheme}")
                self.assertGreater(len(expected_outputs(project)), 500)
                self.passes(project, "gcc", "-O1", "-fsanitize=address,undefined")
                for compiler in COMPILERS:
                    self.passes(project, compiler, "-Os")

    def test_weights_of_4_bits(self):
        for scheme in ("int8", "int16x8", "q15"):
            with self.subTest(scheme):
                options = ("--scheme", scheme, *TRAIN, "--golden", TEST[1])
                project, packed = self.project(FLOAT, *options, "--weights", "4", name=f"w4_{scheme}")
                _, whole = self.project(FLOAT, *options, "--weights", "8", name=f"w8_{scheme}")
                source = (project / f"w4_{scheme}.c").read_text()
                sizes = [int(n) for n in re.findall(r"nw_i8 \w+_weights\[(\d+)\]", source)]
                self.assertEqual(len(sizes), 3)
                self.assertEqual(whole["weight_bytes"] - packed["weight_bytes"], sum(sizes))
                self.passes(project, "gcc", "-O1", "-fsanitize=address,undefined")
                project, _ = self.project(FLOAT, *options, "--weights", "4", "--target", "c28x", name=f"u4_{scheme}")
                self.assertIn("four in an element", (project / f"u4_{scheme}.c").read_text())
                self.assertEqual(char16_selftest(project), 0)

    def test_a_wrong_output_is_found(self):
        project, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        path = project / "selftest.c"
        text = path.read_text()
        at = text.index("{", text.index("expected_0[")) + 1
        first = re.search(r"-?\d+", text[at:])
        value = int(first[0])
        path.write_text(text[:at + first.start()] + str(value ^ 1) + text[at + first.end():])
        done = self.selftest(project, "gcc", "-O1")
        self.assertEqual((done.returncode, done.stdout),
                         (1, f"output 0 of sample 0 is wrong first at element 0: {value} instead of {value ^ 1}\n"))

    def test_constants_go_where_they_are_placed(self):
        project, said = self.project(FLOAT, "--scheme", "int8", *TRAIN, "--place", "FAST=700", "--place", "MORE=3k:conv")
        fast, more = said["pools"]
        self.assertEqual([fast["name"], fast["limit"], more["name"], more["limit"]], ["FAST", 700, "MORE", 3072])
        self.assertTrue(0 < fast["bytes"] <= 700 and 0 < more["bytes"] <= 3072)
        self.assertFalse(set(fast["constants"]) & set(more["constants"]))
        places = ['-DNET_IN_FAST=__attribute__((section("fast")))', '-DNET_IN_MORE=__attribute__((section("more")))']
        self.passes(project, "gcc", "-O1", *places)
        self.passes(project, "gcc", "-O1")
        subprocess.run(["gcc", "-std=c99", "-c", *places, "net.c", "-o", "net.o"], cwd=project, check=True)
        sizes = subprocess.run(["size", "-A", "net.o"], cwd=project, capture_output=True, text=True, check=True).stdout
        sections = {line.split()[0]: int(line.split()[1]) for line in sizes.splitlines() if line.split()[1:2] and line.split()[1].isdigit()}
        for pool, section in ((fast, "fast"), (more, "more")):
            self.assertTrue(pool["bytes"] <= sections[section] <= pool["bytes"] + 32 * len(pool["constants"]))

    def test_pools_that_cannot_be(self):
        for pool, why in (("FAST", "write POOL=N or POOL=N:OPS"), ("FAST=0", "does not take '0'"), ("a-b=1k", "has no name of C"),
                          ("FAST=1", "nothing fits"), ("FAST=1k:nothing", "there are none left"),
                          ("FAST=x", "--place"), ("FAST=1k:(", "place")):
            self.refused(2, "compile", FLOAT, "--scheme", "int8", *TRAIN, "-o", self.folder / "p", "--place", pool, says=why)
            self.assertFalse((self.folder / "p").exists())

    def test_an_unaligned_arena_is_found(self):
        project, said = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        memory = project / "memory.s"
        for offset, wanted in ((0, (0, "")), (1, (1, "the arena does not begin at a multiple of 8\n"))):
            memory.write_text(f".bss\n.balign 8\n.skip {offset}\n.global memory\nmemory: .skip {said['arena_bytes']}\n"
                              '.section .note.GNU-stack,"",@progbits\n')
            done = self.selftest(project, "gcc", "-O1", "-DSELFTEST_ARENA=memory", str(memory))
            self.assertEqual((done.returncode, done.stdout), wanted)

    def test_same_bytes_and_other_files_stay(self):
        project, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        before = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
        (project / "mine.txt").write_text("stays")
        (project / "kernels" / "mine.c").write_text("stays")
        self.project(FLOAT, "--scheme", "int8", *TRAIN, "--threads", "2")
        after = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
        self.assertEqual(after.pop(project / "mine.txt"), b"stays")
        self.assertEqual(after.pop(project / "kernels" / "mine.c"), b"stays")
        self.assertEqual(before, after)

    def test_two_networks_share_kernels_and_arena(self):
        one, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN, name="one")
        two, _ = self.project(FLOAT, "--scheme", "int16x8", *TRAIN, name="two")
        for project in (one, two):
            subprocess.run(["make", "-s", f"lib{project.name}.a"], cwd=project, check=True)
        program = self.folder / "both.cc"  # C++, too, includes the headers
        program.write_text('#include "one/one.h"\n#include "one/one_float.h"\n#include "two/two.h"\n'
                           '#include "two/two_float.h"\n'
                           "static nw_i64 arena[(ONE_ARENA_BYTES + TWO_ARENA_BYTES) / 8];\n"
                           "static float x[ONE_INPUT_0_LENGTH];\n"
                           "int main() {\n"
                           "  for (int i = 0; i < ONE_INPUT_0_LENGTH; i += 8) x[i + 3] = x[i + 4] = 1;  // a 1\n"
                           "  one_quantize_input_0(arena, x); one_run(arena); long a = one_argmax_output_0(arena);\n"
                           "  two_quantize_input_0(arena, x); two_run(arena); long b = two_argmax_output_0(arena);\n"
                           "  float y[ONE_OUTPUT_0_LENGTH]; one_dequantize_output_0(arena, y);\n"
                           "  return a == 1 && b == 1 ? 0 : 1;\n}\n")
        built = subprocess.run(["g++", "-Wall", "-Wextra", "-Werror", program, one / "libone.a", two / "libtwo.a", "-o",
                                self.folder / "both"], capture_output=True, text=True, check=False)
        self.assertEqual(built.returncode, 0, built.stderr)
        subprocess.run([self.folder / "both"], check=True)

    def test_make_and_example(self):
        project, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        subprocess.run(["make", "-s", "test", "all"], cwd=project, check=True)
        self.assertIn(subprocess.run([project / "example" / "main"], check=False).returncode, range(10))

    def test_refusals(self):
        base = ("compile", FLOAT, "-o", self.folder / "p")
        int8 = ("--scheme", "int8", *TRAIN)
        labels = ROOT / "examples/digits/test_y.npy"
        for code, says, *options in (
                (2, "'2x'", *int8, "--name", "2x"), (2, "'int'", *int8, "--name", "int"),
                (3, "the model computes with floats"), (3, "float", "--scheme", "float16"),
                (3, "test_y.npy", *int8, "--golden", labels), (2, "--data", "--scheme", "int8")):
            with self.subTest(options=options):
                self.refused(code, *base, *options, says=says)
                self.assertFalse((self.folder / "p").exists())

    def test_budgets(self):
        base = ("compile", FLOAT, "-o", self.folder / "p", "--scheme", "int8", *TRAIN)
        done = cli_test.narrow(*base, "--flash", "1k", "--ram", "100")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"(?m)^narrow: error: code and constants take \d+ bytes of flash .*--flash allows 1024")
        self.assertRegex(done.stderr, r"(?m)^narrow: error: arena, state and stack take .*--ram allows 100")
        self.assertFalse((self.folder / "p").exists())
        self.refused(2, *base, "--flash", "64q", says="--flash does not take '64q'")
        for option in ("--flash", "--name", "--target", "--golden"):
            self.refused(2, *base, option, "", says=f"{option} is given an empty value")
        said = json.loads(self.done(*base, "--flash", "64k", "--ram", "16k", "--json"))
        self.assertLess(said["flash_bytes"], 65536)
        self.assertEqual(said["over_budget"], [])

    def measured(self, compiler, *flags):
        """What a compiler makes of a project beside what its own tools say of objects of the same flags."""
        if not shutil.which(compiler):
            self.skipTest(f"no {compiler}")
        project, said = self.project(FLOAT, "--scheme", "int8", *TRAIN, "--cc", " ".join((compiler, *flags)))
        total = code = 0
        for source in sources(project):
            if source.name == "selftest.c":
                continue
            subprocess.run([compiler, "-std=c99", "-ffunction-sections", "-fdata-sections", "-O2", *flags, "-c", source,
                            "-o", self.folder / "o.o"], check=True)
            size = [compiler.replace("gcc", "size"), self.folder / "o.o"]
            text, data, _ = subprocess.run(size, capture_output=True, text=True, check=True).stdout.splitlines()[1].split()[:3]
            total += int(text) + int(data)
            dump = subprocess.run([compiler.replace("gcc", "objdump"), "-h", self.folder / "o.o"], capture_output=True,
                                  text=True, check=True).stdout
            own = sum(int(s, 16) for s in re.findall(r"^ +\d+ \S+ +([0-9a-f]+) .*\n.*\bCODE\b", dump, re.M))
            listed = {c["source"]: c["bytes"] for c in said["code"]}
            self.assertEqual(listed[str(source.relative_to(project))], own, source)
            code += own
        self.assertEqual((said["flash_bytes"], said["code_bytes"]), (total, code))
        self.assertGreater(said["stack_bytes"], 0)
        version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
        self.assertEqual(said["measured_by"], version)
        self.assertIn(f"- code: {code} bytes", (project / "README.md").read_text())

    def test_code_is_measured_by_gcc(self):
        self.measured("gcc")

    def test_code_is_measured_by_a_cross_compiler(self):
        self.measured("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb")

    def test_compilers_that_are_missing_or_fail(self):
        base = ("compile", FLOAT, "-o", self.folder / "p", "--scheme", "int8", *TRAIN)
        for code, says, *options in ((2, "no-such-gcc", "--cc", "no-such-gcc"), (3, "-mno-such-flag", "--cc", "gcc -mno-such-flag"),
                                     (2, "--cc does not take ' '", "--cc", " "), (2, "--cc", "--cc", "gcc", "--headers-only")):
            with self.subTest(options=options):
                self.refused(code, *base, *options, says=says)
                self.assertFalse((self.folder / "p").exists())

    def test_options_of_quantize_are_carried_out(self):
        model = self.folder / "int8.tflite"
        self.done("quantize", FLOAT, "--scheme", "int8", *TRAIN, "-o", model)
        project, _ = self.project(model, "--io", "uint8")
        self.assertIn("#define NET_INPUT_0_TYPE nw_u8", (project / "net.h").read_text())
        self.passes(project)
        self.refused(2, "compile", model, "-o", self.folder / "p", "--keep-float", "(", says="--keep-float")
        self.refused(5, "compile", model, "-o", self.folder / "p", "--recipe", "/nonexistent", says="/nonexistent")

    def test_what_would_be_overwritten_or_ignored(self):
        model = self.folder / "p" / "README.md"
        model.parent.mkdir()
        self.done("quantize", FLOAT, "--scheme", "int8", *TRAIN, "-o", self.folder / "m.tflite")
        shutil.copy(self.folder / "m.tflite", model)
        self.refused(2, "compile", model, "-o", model.parent, "--name", "q", says="README.md")
        self.assertEqual(list(model.parent.iterdir()), [model])
        base = ("compile", self.folder / "m.tflite", "-o", self.folder / "x")
        for options in (("--style", "define"), ("--layout", "ohwi"), ("--headers-only", "--ram", "1k"),
                        ("--headers-only", "--golden", TEST[1]), ("--name", "selftest"), ("--name", "test")):
            self.refused(2, *base, *options, says=options[-2])
        self.refused(2, *base[:2], "-o", "-", says="-o takes a folder")

    def test_report(self):
        page, data = self.folder / "r.html", self.folder / "r.json"
        for report in (page, data):
            self.project(FLOAT, "--scheme", "int8", *TRAIN, "--report", report)
        self.assertEqual(json.loads(data.read_text())["arena_bytes"], 780)
        text = page.read_text()
        self.assertEqual(text.count("<rect class=\"box"), len(json.loads(data.read_text())["plan"]))
        told = json.loads(data.read_text())["report"]
        self.assertEqual((told["project"]["arena_bytes"], told["measured_samples"]), (780, 32))
        self.assertIn("nw_conv2d_i8_double", text)
        self.refused(2, "compile", FLOAT, "-o", self.folder / "p", "--report", "r.pdf", says="--report does not write")

    def test_without_string_h(self):
        project, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        self.passes(project, "gcc", "-O2", "-DNW_WITHOUT_STRING_H")

    def test_units_of_16_bits(self):
        for scheme in SCHEMES:
            with self.subTest(scheme):
                project, said = self.project(FLOAT, "--scheme", scheme, *TRAIN, "--target", "c28x", "--golden", TEST[1],
                                             name=f"c28x_{scheme}")
                self.assertEqual(said["arena_bytes"], 1560)
                source = project / f"c28x_{scheme}.c"
                self.assertEqual(" nw_u16 conv1_weights[54]" in source.read_text(), scheme in ("int8", "int16x8", "q7"))
                done = subprocess.run(["gcc", "-fsyntax-only", source], capture_output=True, text=True, check=False)
                self.assertIn("made for a char of 16 bits", done.stderr)
                self.assertEqual(char16_selftest(project), 0)

    def test_float_borders_become_integer(self):
        model = self.folder / "float_io.tflite"
        self.done("quantize", FLOAT, "--quality", "fast", *TRAIN, "--io", "float32", "-o", model)
        project, said = self.project(model, "--golden", TEST[1], *SCALED)
        self.assertEqual(said["warnings"], ["float inputs and outputs are integers in C; the header NAME_float.h converts "
                                            "them"])
        direct, _ = self.project(FLOAT, "--quality", "fast", *TRAIN, "--golden", TEST[1], name="direct")
        self.assertEqual(expected_outputs(project), expected_outputs(direct))
        self.passes(project)


class Chips(Projects):
    """On emulated chips; a core without its compiler or emulator is skipped by name."""

    def on(self, project, *cores):
        results = {}
        for core in cores:
            result = chips.run(project, core, "O2")
            if result.status == "skipped":
                self.skipTest(f"{core}: {result.reason}")
            self.assertEqual((result.status, result.data_bytes, result.bss_bytes), ("passed", 0, 0), result)
            results[core] = result
        return results

    def test_the_example_on_every_core(self):
        project, _ = self.project(FLOAT, "--scheme", "int8", *TRAIN)
        for core in MACHINES:
            with self.subTest(core):
                found = self.on(project, core)[core]
                self.assertLessEqual(found.stack_bytes or 0, 512)

    def test_constants_stay_in_the_flash_of_avr(self):
        if not shutil.which("avr-gcc"):
            self.skipTest("no avr-gcc")
        for scheme in SCHEMES:
            with self.subTest(scheme):
                project, said = self.project(FLOAT, "--scheme", scheme, *TRAIN, "--package", "arduino", name=scheme)
                for flags, flash in ((["-std=gnu11"], True), (["-std=gnu99"], True), (["-std=gnu99", "-DNW_FLASH="], False)):
                    found = self.sections(project, "-mmcu=atmega328p", "-Os", "-Wall", "-Wextra", "-Werror", *flags)
                    self.assertEqual((found[".data"], found[".bss"]), (0, 0))
                    self.assertGreaterEqual(found[".progmem" if flash else ".rodata"], said["weight_bytes"])
                    self.assertEqual(found[".rodata" if flash else ".progmem"], 0)

    def sections(self, project, *flags):
        """Bytes of the network's objects for AVR, by the beginnings of the names of sections."""
        out = dict.fromkeys((".data", ".bss", ".rodata", ".progmem"), 0)
        for source in sources(project):
            if source.name == "selftest.c":
                continue
            subprocess.run(["avr-gcc", *flags, "-x", "c", "-c", source, "-o", self.folder / "avr.o"], check=True)
            listed = subprocess.run(["avr-size", "-A", self.folder / "avr.o"], capture_output=True, text=True, check=True).stdout
            for name, size in re.findall(r"^(\.[a-z]+)\S* +(\d+)", listed, re.M):
                if name in out:
                    out[name] += int(size)
        return out


@unittest.skipUnless(DATA.exists(), "the shared data are not here")
class Published(Projects):
    def test_outputs_of_tflm_and_arenas(self):
        for name, (golden, arena) in REFERENCES.items():
            with self.subTest(name):
                project, said = self.project(DATA / "mlperf-tiny" / f"{name}_int8_reference.tflite", name=name)
                self.assertEqual(fnv1a(expected_outputs(project)), golden)
                self.assertLessEqual(said["arena_bytes"], arena)
                for compiler in COMPILERS:
                    for level in ("-O0", "-O2", "-Os"):
                        self.passes(project, compiler, level)
                for core in ("m3", "m4", "m7", "m55"):
                    found = chips.run(project, core, "O2")
                    if found.status == "skipped":
                        self.skipTest(f"{core}: {found.reason}")
                    self.assertEqual(found.status, "passed", found)
                    self.assertLessEqual(found.stack_bytes, 512)
                    self.assertLessEqual(found.code_bytes, 8192 if name == "ad" else 16384)

    def test_patches_take_less_memory(self):
        project, said = self.project(DATA / "mlperf-tiny" / "resnet_int8_reference.tflite", "--optimize", "ram")
        self.assertEqual(fnv1a(expected_outputs(project)), REFERENCES["resnet"][0])
        self.assertLess(said["arena_bytes"], 21104)
        self.assertRegex(said["notes"][0], r"the first \d+ ops are computed in patches of \d+ rows: \d+ multiply-")
        self.passes(project, "gcc", "-O2")

    def test_widths_with_real_samples(self):
        for name, model, data in (("kws", DATA / "models/kws/float.tflite", DATA / "kws01/x.npy"),
                                  ("resnet", DATA / "mlperf-tiny/resnet_float.tflite", DATA / "cifar10/test_x.npy")):
            for scheme in SCHEMES:
                with self.subTest(name=name, scheme=scheme):
                    samples = self.folder / "golden.npy"
                    self.first_samples(data, 50, samples)
                    project, _ = self.project(model, "--scheme", scheme, "--data", data, "--samples", "100", "--golden",
                                              samples, name=f"{name}_{scheme}")
                    self.passes(project, "gcc", "-O2")

    def test_weights_of_4_bits_with_real_samples(self):
        weights = {"kws": 22016, "resnet": 77360}
        for name, scheme, model, options in self.with_samples(20):
            with self.subTest(name=name, scheme=scheme):
                project, packed = self.project(model, *options, "--weights", "4", name=f"{name}_{scheme}_4")
                _, whole = self.project(model, *options, name=f"{name}_{scheme}")
                self.assertEqual(whole["weight_bytes"] - packed["weight_bytes"], weights[name] // 2)
                self.assertEqual(whole["arena_bytes"], packed["arena_bytes"])
                self.passes(project, "gcc", "-O2")

    def test_weights_of_4_bits_lose_dead_channels_too(self):
        bytes_of = {}
        for bits in ("8", "4"):
            said = json.loads(self.done("quantize", DATA / "models/vww/float.tflite", "--data",
                                        DATA / "vww/calibration_x.npy", "--data-scale", str(1 / 255), "--weights", bits,
                                        "-o", self.folder / f"vww{bits}.tflite", "--json"))
            bytes_of[bits] = said["bytes"]
        self.assertLess(bytes_of["4"], 0.8 * bytes_of["8"])

    def test_pairs_of_weights(self):
        for name, scheme, model, options in self.with_samples(4):
            with self.subTest(name=name, scheme=scheme):
                project, paired = self.project(model, *options, "--target", "c28x", name=f"c28x_{name}_{scheme}")
                _, plain = self.project(model, *options, name=f"{name}_{scheme}")
                self.assertLess(paired["weight_bytes"], 1.3 * plain["weight_bytes"])
                self.assertEqual(char16_selftest(project), 0)

    def with_samples(self, count):
        """Name, scheme, model and options of networks that keep `count` real samples as their self-test's."""
        for name, model, data in (("kws", DATA / "models/kws/float.tflite", DATA / "kws01/x.npy"),
                                  ("resnet", DATA / "mlperf-tiny/resnet_float.tflite", DATA / "cifar10/test_x.npy")):
            for scheme in ("int8", "int16x8"):
                samples = self.folder / "golden.npy"
                self.first_samples(data, count, samples)
                yield name, scheme, model, ("--scheme", scheme, "--data", data, "--samples", "100", "--golden", samples)

    @staticmethod
    def first_samples(source, count, target):
        content = source.read_bytes()
        length = 10 + int.from_bytes(content[8:10], "little")
        header = content[10:length].decode()
        shape = [int(v) for v in re.search(r"'shape': \(([\d, ]+)\)", header)[1].replace(" ", "").split(",") if v]
        each = (len(content) - length) // shape[0]
        text = re.sub(r"'shape': \(\d+", f"'shape': ({count}", header).rstrip()
        text += " " * (length - 11 - len(text)) + "\n"
        target.write_bytes(content[:10] + text.encode() + content[length:length + each * count])


if __name__ == "__main__":
    unittest.main()
