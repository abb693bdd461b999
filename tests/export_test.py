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
from cli_test import DIGITS, FLOAT, ROOT, SCHEMES, TEST

SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
PROGRAMS = ROOT / "tests" / "headers"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
MOST_MACROS = 400_000  # bytes of models whose lists are compiled as macros too
MOST_SMALL = 200_000  # bytes of models that are compiled for a chip of 8 bits...
MOST_ARRAY = 8191  # ...where no array has more elements than this: its compiler knows no longer ones of 4 bytes


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
        self.refused(2, "export", FLOAT, "-o", out, "--layout", "nchw", says="choose stored, ohwi, hwio, transposed")
        self.refused(3, "export", DIGITS / "test_y.npy", "-o", out)
        self.refused(5, "export", self.folder / "none.tflite", "-o", out)
        self.refused(5, "export", FLOAT, "-o", out / "deeper", says="No such file")
        self.refused(5, "export", FLOAT, "-o", FLOAT, says="not a folder")
        self.refused(5, "export", FLOAT, "-o", "/dev/null", says="not a folder")
        self.refused(5, "export", FLOAT, "-o", "")
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
        types = {"MULTIPLIERS": "int_least32_t", "SHIFTS": "int_least8_t"}
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
                     "#define NET_LOGITS_BIAS net_dense_bias", "extern const int_least32_t net_dense_bias[10];"):
            self.assertIn(line + "\n", text)
        names = re.findall(r"^#define (\w+)|extern .* (\w+)\[", text, re.M)
        names = [macro or array for macro, array in names]
        self.assertEqual(len(names), len(set(names)))

    def test_name_of_the_file_is_the_default(self):
        for stem, name in (("KWS-int8", "kws_int8"), ("8bit", "model_8bit"), ("int", "model_int"), ("+", "model")):
            model = self.folder / f"{stem}.tflite"
            model.write_bytes(FLOAT.read_bytes())
            self.done("export", model, "-o", self.folder / name, "--format", "header")
            self.assertTrue((self.folder / name / f"{name}_weights.h").exists())

    def test_refusals(self):
        out = self.folder / "out"
        for name in ("1a", "a-b", "int", "_a", "a" * 33, "../a"):
            self.refused(2, "compile", FLOAT, "-o", out, "--headers-only", "--name", name, says=f"--name does not take '{name}'")
        self.refused(2, "compile", FLOAT, "-o", out, says="--headers-only")
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
        """For each layer with factors: op, macros' beginning, inputs and outputs as bytes."""
        self.done("run", model, *samples, "-o", self.folder / "y.npy", "--per-op", self.folder / "ops")
        files = {r["tensor"]: self.folder / "ops" / r["file"]
                 for r in json.loads((self.folder / "ops" / "index.json").read_text())}
        ops = json.loads(self.done("inspect", model, "--json"))["ops"]
        for index, name in re.findall(r"^/\* op (\d+): (?:(?!\*/)[\s\S])*\*/\n(?:#define .*\n)*?#define (\w+)_IN_C", text,
                                      re.M):
            op = ops[int(index)]
            if f"{name}_MULTIPLIERS" in text and op["inputs"][0] in files:
                yield op["op"], name, npy_values(files[op["inputs"][0]]), npy_values(files[op["outputs"][0]])

    def check(self, model, samples, layout, scheme, style="array"):
        folder, text = self.exported(model, "--layout", layout, "--style", style)
        counts = collections.Counter()
        flags = [f"-DVALUE=int{16 if scheme == 'int16x8' else 8}_t"] + ["-DWIDE"] * (scheme == "int16x8")
        flags += ["-DTRANSPOSED"] * ("transposed" in layout) + [f"-D{layout.split(',')[0].upper()}"]
        if style == "define":
            flags += ["-DLISTS", "-DWEIGHT=int8_t", f"-DSUM=int{64 if scheme == 'int16x8' else 32}_t"]
        for op, name, inputs, wanted in self.layers(model, text, samples):
            if style == "define" and op != "FULLY_CONNECTED":
                continue
            program = PROGRAMS / ("dense.c" if op == "FULLY_CONNECTED" else "conv.c")
            compiled("gcc", "-std=c99", "-O2", *WARNINGS, f"-I{folder}", '-DHEADER="net_weights.h"', f"-DL(k)={name}_##k",
                     *flags, *["-DDEPTHWISE"] * (op == "DEPTHWISE_CONV_2D"), program,
                     *(folder / "net_weights.c",) * (style == "array"), "-o", folder / "layer")
            got = subprocess.run([folder / "layer"], input=inputs, capture_output=True, timeout=120, check=True).stdout
            self.assertEqual(len(got), len(wanted), name)
            self.assertEqual(sum(a != b for a, b in zip(got, wanted)), 0, name)
            counts[op] += len(got) // (2 if scheme == "int16x8" else 1)
        for op, count in sorted(counts.items()):
            print(f"{model.name}, {layout}, {style}: {op}: {count} outputs equal")
        return counts

    def test_example(self):
        for scheme in ("int8", "int16x8"):
            model = self.quantized(scheme)
            for layout in ("stored", "hwio,transposed", "ohwi"):
                counts = self.check(model, TEST, layout, scheme)
                self.assertEqual(set(counts), {"CONV_2D", "FULLY_CONNECTED"})
            self.check(model, TEST, "transposed", scheme, "define")

    def test_keyword_spotting(self):
        for scheme in ("int8", "int16x8"):
            model, data = SHARED / f"data/converter/kws_{scheme}.tflite", SHARED / "data/kws01/x.npy"
            if not model.exists() or not data.exists():
                self.skipTest(f"no {model}")
            for layout in ("stored", "ohwi"):
                counts = self.check(model, ("--data", data, "--samples", "20"), layout, scheme)
                self.assertEqual(set(counts), {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"})


if __name__ == "__main__":
    unittest.main()
