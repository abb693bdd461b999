"""`narrow export` and `narrow compile --headers-only` from the command line: folders, refusals, headers that compile, and
C programs that compute a layer from nothing but a header. Needs Python and a C compiler."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import cli_test
import header_text
from cli_test import DIGITS, FLOAT, ROOT, SCHEMES, TEST, TRAIN

SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
PROGRAMS = ROOT / "tests" / "headers"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
MOST_MACROS = 400_000  # bytes of models whose lists are compiled as macros too
MOST_SMALL = 200_000  # bytes of models that are compiled for a chip of 8 bits...
MOST_ARRAY = 8191  # ...where no array has more elements than this: its compiler knows no longer ones of 4 bytes
RULES = ("half-up", "truncate", "half-even", "half-away")
ROUNDINGS = {"double_away", "single", "wide", *RULES[1:], *(f"{rule}, wide" for rule in RULES[1:]),
             *(f"shift, {rule}" for rule in RULES)}  # that headers name
# Flags of tests/headers/layer.h, by the macros that a layer has.
SHIFTS = {"SHIFT": "OUT_RSHIFT", "SHIFTS": "OUT_RSHIFTS", "BIAS_SHIFT": "BIAS_LSHIFT", "BIAS_SHIFTS": "BIAS_LSHIFTS"}
WIDTHS = ("--scheme int16", "--scheme int16 --bias 64", "--scheme int16 --accumulator 32 --bias 32",
          "--scheme int8 --bias 8", "--scheme int8 --bias 16", "--scheme int8 --rounding half-up",
          "--scheme q7", "--scheme q7 --granularity channel", "--scheme q15", "--scheme q15 --bias 32",
          *(f"--scheme {scheme} --rounding {rule}" for scheme in ("q7", "int8", "int16") for rule in RULES[1:]))


def published():
    return [p for folder in ("converter", "mlperf-tiny", "models") for p in (SHARED / "data" / folder).rglob("*.tflite")
            if not p.name.endswith("_unrolled_int16x8.tflite")]  # scales that are 0 or no numbers


def compiled(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stderr[:4000]}"


def npy_values(path):
    content = path.read_bytes()
    return content[10 + int.from_bytes(content[8:10], "little"):]


class Folders(cli_test.Case):
    def files(self, folder):
        return {p.name: p.read_bytes() for p in folder.iterdir()}

    def test_new_existing_and_again(self):
        out = self.folder / "out"
        said = json.loads(self.done("export", FLOAT, "-o", out, "--json"))
        first = self.files(out)
        self.assertEqual(sorted(said["files"]), sorted(first))
        self.assertEqual((said["constants"], said["left_out"]), (7, []))
        self.assertEqual(list(self.folder.iterdir()), [out])
        (out / "mine.txt").write_text("stays")
        (out / "index.json").write_text("old")
        self.done("export", FLOAT, "-o", f"{out}/")
        self.assertEqual(self.files(out), {**first, "mine.txt": b"stays"})
        empty = self.folder / "empty"
        empty.mkdir()
        self.done("export", FLOAT, "-o", empty)
        self.assertEqual(self.files(empty), first)

    def test_csv(self):
        self.done("export", FLOAT, "-o", self.folder / "out", "--format", "csv")
        lines = (self.folder / "out" / "dense_weights.csv").read_text().splitlines()
        self.assertEqual({len(line.split(",")) for line in lines}, {96})
        self.assertEqual(len(lines), 10)
        self.assertEqual(len((self.folder / "out" / "dense_bias.csv").read_text().splitlines()), 10)

    def test_refusals(self):
        out = self.folder / "out"
        self.refused(2, "export", FLOAT, says="-o DIR is missing")
        self.refused(2, "export", FLOAT, "-o", out, "--format", "np", says="npy")
        self.refused(2, "export", FLOAT, "-o", out, "--packed", says="--packed is of headers")
        self.refused(2, "export", FLOAT, "-o", out, "--layout", "nchw", says="choose stored, ohwi, hwio, transposed, cmsis-q7-opt")
        self.refused(3, "export", DIGITS / "test_y.npy", "-o", out)
        self.refused(5, "export", self.folder / "none.tflite", "-o", out)
        self.refused(5, "export", FLOAT, "-o", out / "deeper", says="No such file")
        self.refused(2, "export", FLOAT, "-o", FLOAT, says="-o and MODEL name the same file")
        self.refused(5, "export", FLOAT, "-o", DIGITS / "test_y.npy", says="not a folder")
        self.refused(5, "export", FLOAT, "-o", "/dev/null", says="not a folder")
        self.refused(2, "export", FLOAT, "-o", "", says="-o is given an empty value")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_full_disk_leaves_nothing(self):
        for most in (0, 100, 2000):
            done = self.limited(most, "export", FLOAT, "-o", self.folder / "out")
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(list(self.folder.iterdir()), [])

    def limited(self, most, *arguments):
        """A run whose files may not be longer than `most` bytes."""
        def limit():
            cli_test.signal.signal(cli_test.signal.SIGXFSZ, cli_test.signal.SIG_IGN)
            cli_test.resource.setrlimit(cli_test.resource.RLIMIT_FSIZE, (most, most))
        return cli_test.narrow(*arguments, preexec_fn=limit)


class HeaderCase(cli_test.Case):
    def exported(self, model, *options):
        """The folder with the header and the text of the header."""
        folder = self.folder / f"headers{len(list(self.folder.iterdir()))}"
        said = json.loads(self.done("export", model, "-o", folder, "--format", "header", "--name", "net", *options, "--json"))
        self.assertEqual(said["files"], ["net_weights.h"] + ["net_weights.c"] * ("define" not in options))
        self.assertEqual({p.name for p in folder.iterdir()}, set(said["files"]))
        text = (folder / "net_weights.h").read_text()
        for name in said["files"]:
            self.assertLessEqual(max(map(len, (folder / name).read_text().splitlines())), 120)
        return folder, text

    def quantized(self, scheme):
        path = self.folder / f"{scheme}.tflite"
        self.done("quantize", FLOAT, "--scheme", scheme, *SCHEMES[scheme], "-o", path)
        return path


class Headers(HeaderCase):
    def compile(self, compiler, model):
        """Both styles, each as a translation unit of its own; how many lists, or None where they are too long."""
        command = [compiler, "-std=c99", *WARNINGS, "-c", "-o", os.devnull]
        folder, text = self.exported(model)
        if compiler == "avr-gcc" and max(map(int, re.findall(r"^extern .*\[(\d+)\];", text, re.M))) > MOST_ARRAY:
            return None
        compiled(*command, folder / "net_weights.c")
        if model.stat().st_size > MOST_MACROS:
            return len(re.findall("^extern const", text, re.M))
        folder, text = self.exported(model, "--style", "define")
        lists = re.findall(r"^#define (\w+) \{", text, re.M)
        types = {"MULTIPLIERS": "int32_t", "SHIFTS": "int32_t"}
        user = "#include <stdint.h>\n#include \"net_weights.h\"\n" + "".join(
            f"extern const {types.get(m.rsplit('_', 1)[1], 'double')} a{i}[];\n"
            f"const {types.get(m.rsplit('_', 1)[1], 'double')} a{i}[] = {m};\n" for i, m in enumerate(lists))
        (folder / "user.c").write_text(user)
        compiled(*command, folder / "user.c")
        return len(lists)

    def compile_all(self, compiler, largest):
        if not shutil.which(compiler):
            self.skipTest(f"no {compiler}")
        models = [self.quantized(scheme) for scheme in SCHEMES] + [FLOAT]
        models += [p for p in published() if p.stat().st_size < largest]
        counts = []
        for model in models:
            with self.subTest(model=model.name):
                counts.append(self.compile(compiler, model))
        counts = [c for c in counts if c is not None]
        print(f"{compiler}: {sum(counts)} lists of {len(counts)} models compile")

    def test_gcc(self):
        self.compile_all("gcc", float("inf"))

    def test_clang(self):
        self.compile_all("clang", float("inf"))

    def test_avr_gcc(self):
        self.compile_all("avr-gcc", MOST_SMALL)

    def test_cpp(self):
        folder, _ = self.exported(self.quantized("int8"))
        (folder / "user.cc").write_text('#include "net_weights.h"\nint main() { return net_conv1_weights[0]; }\n')
        compiled("gcc", "-std=c99", "-c", folder / "net_weights.c", "-o", folder / "net.o")
        compiled("g++", *WARNINGS, folder / "user.cc", folder / "net.o", "-o", folder / "user")
        compiled("g++", "-x", "c++", *WARNINGS, folder / "user.cc", folder / "net_weights.c", "-o", folder / "user")

    def test_same_bytes_every_time(self):
        model = self.quantized("int8")
        first, second = (self.exported(model)[0] for _ in range(2))
        for name in ("net_weights.h", "net_weights.c"):
            self.assertEqual((first / name).read_bytes(), (second / name).read_bytes())

    def test_names(self):
        text = self.exported(self.quantized("int8"))[1]
        for line in ("#define NET_INPUT_0_LENGTH 64", "#define NET_CONV2_PAD_TOP 1", "#define NET_POOL1_STRIDE_H 2",
                     "#define NET_CONV1_WT net_conv1_weights", "extern const int_least8_t net_conv1_weights[108];",
                     "#define NET_LOGITS_BIAS net_logits_bias", "extern const int_least32_t net_logits_bias[10];",
                     "extern const int_least32_t net_conv1_shifts[12];"):
            self.assertIn(line + "\n", text)
        self.assertLessEqual(max(map(len, re.findall(r"^#define (\w+)", text, re.M))), 46)
        names = re.findall(r"^#define (\w+)|extern .* (\w+)\[", text, re.M)
        names = [macro or array for macro, array in names]
        self.assertEqual(len(names), len(set(names)))

    def test_calls_of_the_page_on_q7_functions(self):
        model = self.folder / "q7.tflite"
        self.done("quantize", FLOAT, *TRAIN, "--scheme", "q7", "-o", model)
        has = re.findall(r"^#define NET_CONV1_(\w+)", self.exported(model)[1], re.M)
        page = (ROOT / "docs/legacy_q7.md").read_text()
        asks = re.findall(r"KWS_CONV_0_(\w+)", page) + re.findall(r"`L_(\w+)`", page)
        self.assertGreater(len(asks), 20)
        self.assertEqual(set(asks) - set(has), set())

    def test_name_of_the_file_is_the_default(self):
        for stem, name in (("KWS-int8", "kws_int8"), ("8bit", "model_8bit"), ("int", "model_int"), ("+", "model")):
            model = self.folder / f"{stem}.tflite"
            model.write_bytes(FLOAT.read_bytes())
            self.done("export", model, "-o", self.folder / name, "--format", "header")
            self.assertTrue((self.folder / name / f"{name}_weights.h").exists())

    def test_long_names_make_no_long_lines(self):
        for model in [self.quantized("int8"), *(p for p in published() if "kws_int8" in p.name)]:
            for style in ("array", "define"):
                folder = self.folder / f"{model.stem}-{style}"
                self.done("export", model, "-o", folder, "--format", "header", "--name", "n" * 32, "--style", style)
                for path in folder.iterdir():
                    self.assertLessEqual(max(map(len, path.read_text().splitlines())), 120)

    def test_storage(self):
        if not shutil.which("avr-gcc"):
            self.skipTest("no avr-gcc")
        folder, _ = self.exported(self.quantized("int8"))
        compiled("avr-gcc", "-mmcu=atmega328p", "-std=gnu99", *WARNINGS, "-include", "avr/pgmspace.h", "-DNET_STORAGE=PROGMEM", "-c",
                 folder / "net_weights.c", "-o", folder / "net.o")
        sections = subprocess.run(["avr-objdump", "-h", folder / "net.o"], capture_output=True, text=True).stdout
        self.assertIn(".progmem.data", sections)

    def test_refusals(self):
        out = self.folder / "out"
        for name in ("1a", "a-b", "int", "_a", "a" * 33, "../a"):
            self.refused(2, "compile", FLOAT, "-o", out, "--headers-only", "--name", name, says=f"--name does not take '{name}'")
        self.refused(3, "compile", FLOAT, "-o", out, says="--scheme int8 with --data quantizes it on the way")
        self.refused(2, "compile", FLOAT, "-o", out, "--headers-only", "--style", "x", says="choose array, define")
        for scheme in ("float16", "dynamic"):
            model = self.quantized(scheme)
            if scheme == "dynamic":  # the layers of the example are too small to be made integers
                published = SHARED / "data/converter/kws_dynamic.tflite"
                model = published if published.exists() else self.quantized("float16")
            self.refused(3, "compile", model, "-o", out, "--headers-only", says="narrow export --format header")
            self.done("export", model, "-o", out, "--format", "header")
            shutil.rmtree(out)
        said = json.loads(self.done("compile", self.quantized("int8"), "-o", out, "--headers-only", "--name", "kws", "--json"))
        self.assertEqual(said["files"], ["kws_weights.h", "kws_weights.c"])
        self.assertEqual((said["name"], said["weight_bytes"]), ("kws", 3852))


class Layers(HeaderCase):
    """A layer computed by C that knows a header alone, beside what `narrow run` computes."""

    def layers(self, model, text, samples):
        """For each integer layer: op, type of its data, macros' beginning, rounding, inputs and outputs as bytes."""
        self.done("run", model, *samples, "-o", self.folder / "y.npy", "--per-op", self.folder / "ops")
        files = {r["tensor"]: self.folder / "ops" / r["file"]
                 for r in json.loads((self.folder / "ops" / "index.json").read_text())}
        said = json.loads(self.done("inspect", model, "--json"))
        comment = r"^/\* op (\d+): \w+\s(?:(?!\*/)[\s\S])* rounding: ([^\n]*)\n(?: \*[^\n]*\n)*? \*/\n(?:#define .*\n)*?#define (\w+)_IN_C"
        for index, rounding, name in re.findall(comment, text, re.M):
            op = said["ops"][int(index)]
            if f"#define {name}_WT" in text and op["inputs"][0] in files:
                dtype = said["tensors"][op["inputs"][0]]["dtype"]
                yield op["op"], dtype, name, rounding, npy_values(files[op["inputs"][0]]), npy_values(files[op["outputs"][0]])

    def check(self, model, samples, layout, style="array"):
        """Outputs by op and rounding that C and `narrow run` agree on; any difference is a failure."""
        folder, text = self.exported(model, "--layout", layout, "--style", style)
        counts = collections.Counter()
        for op, dtype, name, rounding, inputs, wanted in self.layers(model, text, samples):
            flags = [f"-DVALUE={dtype}_t", *["-DTRANSPOSED"] * ("transposed" in layout), f"-D{layout.split(',')[0].upper().replace('-', '_')}",
                     *["-DLISTS"] * (style == "define"), *["-DDEPTHWISE"] * (op == "DEPTHWISE_CONV_2D"),
                     f"-DFORMULA={header_text.rule(text, rounding)}"]
            flags += [f"-D{flag}" for flag, macro in SHIFTS.items() if re.search(rf"^#define {name}_{macro}\b", text, re.M)]
            dense = "dense_q7_opt.c" if "cmsis-q7-opt" in layout else "dense.c"
            program = PROGRAMS / (dense if op == "FULLY_CONNECTED" else "conv.c")
            compiled("gcc", "-std=c99", "-O2", *WARNINGS, f"-I{folder}", '-DHEADER="net_weights.h"', f"-DL(k)={name}_##k",
                     *flags, program, *(folder / "net_weights.c",) * (style == "array"), "-o", folder / "layer")
            got = subprocess.run([folder / "layer"], input=inputs, capture_output=True, timeout=120, check=True).stdout
            self.assertEqual(len(got), len(wanted), name)
            self.assertEqual(sum(a != b for a, b in zip(got, wanted)), 0, name)
            counts[op, rounding] += len(got) // int(dtype[3:]) * 8
        for (op, rounding), count in sorted(counts.items()):
            print(f"{model.name}, {layout}, {style}: {op}, {rounding}: {count} outputs equal")
        return counts

    def test_example(self):
        for scheme in ("int8", "int16x8"):
            model = self.quantized(scheme)
            for layout, style in (("stored", "array"), ("hwio,transposed", "array"), ("ohwi", "define")):
                counts = self.check(model, TEST, layout, style)
                self.assertEqual({op for op, _ in counts}, {"CONV_2D", "FULLY_CONNECTED"})

    def test_widths_and_roundings(self):
        """What no other runtime has: 16-bit weights, narrow biases, powers of two, every rounding."""
        seen = set()
        for number, options in enumerate(WIDTHS):
            model = self.folder / f"w{number}.tflite"
            self.done("quantize", FLOAT, *TRAIN, *options.split(), "-o", model)
            counts = self.check(model, TEST, "stored", "define" if number % 2 else "array")
            self.assertEqual({op for op, _ in counts}, {"CONV_2D", "FULLY_CONNECTED"}, options)
            seen |= {rounding for _, rounding in counts}
        self.assertEqual(seen, ROUNDINGS)

    def test_weights_for_cmsis_q7_opt(self):
        model = self.folder / "q7.tflite"
        self.done("quantize", FLOAT, *TRAIN, "--scheme", "q7", "-o", model)
        for layout in ("cmsis-q7-opt", "hwio,cmsis-q7-opt"):
            counts = self.check(model, TEST, layout)
            self.assertEqual({op for op, _ in counts}, {"CONV_2D", "FULLY_CONNECTED"})
        self.done("export", model, "-o", self.folder / "npy", "--layout", "cmsis-q7-opt")
        rows = json.loads((self.folder / "npy" / "index.json").read_text())["constants"]
        self.assertEqual([r["shape"] for r in rows if r["layout"] == "cmsis-q7-opt"], [[960]])
        wide = self.folder / "q15.tflite"
        self.done("quantize", FLOAT, *TRAIN, "--scheme", "q15", "-o", wide)
        self.check(wide, TEST, "transposed")
        self.assertIn("[out, in] as stored", self.exported(wide, "--layout", "cmsis-q7-opt")[1])

    def test_weights_of_4_bits(self):
        model = self.folder / "w4.tflite"
        self.done("quantize", FLOAT, *TRAIN, "--weights", "4", "-o", model)
        self.check(model, TEST, "stored")  # held in int8, as without a word
        for layout in ("stored", "hwio,transposed"):
            lists = {}
            for packed in ((), ("--packed",)):
                folder, text = self.exported(model, "--layout", layout, *packed)
                source = (folder / "net_weights.c").read_text()
                self.assertEqual(text.count("two in a byte"), 3 * len(packed))
                lists[packed] = {name: [int(v) for v in values.split(",")] for name, values in
                                 re.findall(r"const int_least8_t\s+(\w+_weights)\[\d+\]\s+\w+ = \{([^}]*)\}", source)}
            self.assertEqual(len(lists[()]), 3)
            for name, values in lists[()].items():
                nibbles = [((v >> shift & 15) ^ 8) - 8 for v in lists[("--packed",)][name] for shift in (0, 4)]
                self.assertEqual(nibbles[:len(values)], values)
                self.assertLess(len(nibbles) - len(values), 2)

    def test_keyword_spotting(self):
        model, data = SHARED / "data/models/kws/float.tflite", SHARED / "data/kws01/x.npy"
        if not model.exists() or not data.exists():
            self.skipTest(f"no {model}")
        samples = ("--data", data, "--samples", "20")
        for scheme in ("int8", "int16x8", "int16", "q7", "q15 --granularity channel --rounding half-even"):
            path = self.folder / f"{scheme.split()[0]}.tflite"
            self.done("quantize", model, *samples, "--scheme", *scheme.split(), "--quality", "fast", "-o", path)
            for layout in ("stored", "ohwi"):
                counts = self.check(path, samples, layout)
                self.assertEqual({op for op, _ in counts}, {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"})

    def test_keyword_spotting_of_the_converter(self):
        for scheme in ("int8", "int16x8"):
            model, data = SHARED / f"data/converter/kws_{scheme}.tflite", SHARED / "data/kws01/x.npy"
            if not model.exists() or not data.exists():
                self.skipTest(f"no {model}")
            counts = self.check(model, ("--data", data, "--samples", "20"), "stored")
            self.assertEqual({op for op, _ in counts}, {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"})


if __name__ == "__main__":
    unittest.main()
