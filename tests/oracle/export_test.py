"""`narrow export`: the constants of published models and of narrow's own, read back from .npy and .csv; headers of random
layers, computed in C."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

try:
    import numpy as np

    import header_text

    from . import networks, runtimes
    from .draw import Unfit
    from .environment import ROOT, SHARED, shared, whole_number
    from .single_op_test import draw_case
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

CASES = whole_number("NARROW_CASES", "8")
PROGRAMS = {"TRANSPOSE_CONV": "transpose_conv.c", "FULLY_CONNECTED": "dense.c", "AVERAGE_POOL_2D": "pool.c",
            "MAX_POOL_2D": "pool.c"}
FOLDERS = ("mlperf-tiny", "converter", "models")
ORDERS = {"HWIO": (1, 2, 3, 0), "[in, out]": (1, 0)}
OHWI_OF_DEPTHWISE = (3, 1, 2, 0)
UNREADABLE = "_unrolled_int16x8.tflite"  # scales that are 0 or no numbers


def files():
    return [path for folder in FOLDERS for path in sorted(shared(f"data/{folder}").rglob("*.tflite"))
            if not path.name.endswith(UNREADABLE)]


def arranged(row, stored, layout):
    """What an index row's layout makes of the stored values."""
    if row["layout"] == "OHWI" and "ohwi" in layout and row["read_by"][0]["op"] == "DEPTHWISE_CONV_2D":
        return stored.transpose(OHWI_OF_DEPTHWISE)
    return stored.transpose(ORDERS[row["layout"]]) if row["layout"] in ORDERS else stored


class Arrays(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def exported(self, path, form, layout):
        """(index row, values) of each constant of the first graph."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "weights"
        runtimes.narrow("export", path, "-o", folder, "--format", form, "--layout", layout, "--keep-loops")
        index = json.loads((folder / "index.json").read_text())["constants"]
        self.assertTrue(all(0 in row["shape"] for row in index if row["file"] is None))
        index = [row for row in index if row["file"]]
        self.assertEqual({p.name for p in folder.iterdir()}, {r["file"] for r in index} | {"index.json"})
        for row in index:
            if row["graph"]:
                continue
            if form == "npy":
                values = np.load(folder / row["file"])
                self.assertEqual((list(values.shape), str(values.dtype)), (row["shape"], row["dtype"]))
            else:
                values = np.loadtxt(folder / row["file"], delimiter=",", dtype=row["dtype"], ndmin=1)
                values = values.reshape(row["shape"])
            yield row, values

    def compare(self, path, form, layout):
        graph = networks.parsed(path)
        stored = [t for t in graph.tensors if t.values is not None]
        exported = list(self.exported(path, form, layout))
        self.assertEqual([row["name"] for row, _ in exported], [t.name for t in stored])
        for (row, values), tensor in zip(exported, stored):
            with self.subTest(file=path.name, form=form, layout=layout, tensor=tensor.name):
                wanted = arranged(row, tensor.values.reshape(tensor.shape if tensor.shape is not None else ()), layout)
                self.assertEqual(values.dtype, wanted.dtype)
                np.testing.assert_array_equal(values, wanted)
                scales = tensor.quantization.scale if tensor.quantization is not None else None
                self.assertEqual(row["scales"], [] if scales is None else [float(s) for s in scales])
                if row["axis"] is not None:
                    self.assertEqual(values.shape[row["axis"]], len(row["scales"]))
        return len(exported)

    def test_npy_holds_what_the_files_hold(self):
        count = sum(self.compare(path, "npy", layout) for path in files()
                    for layout in ("stored", "hwio,transposed", "ohwi"))
        print(f"{count} arrays of {len(files())} files equal")

    def test_csv_holds_what_the_files_hold(self):
        small = [p for p in files() if p.stat().st_size < 400_000]
        count = sum(self.compare(path, "csv", "stored") for path in small)
        print(f"{count} arrays of {len(small)} files equal")

    def test_files_of_narrow(self):
        for network in networks.DATA:
            for scheme in ("float16", "dynamic", "int8", "int16x8"):
                self.compare(networks.quantized(network, scheme), "npy", "transposed")
        path = self.folder / "q.tflite"
        for scheme in ("int16", "q7", "q15", "int8 --bias 8"):
            runtimes.narrow("quantize", networks.float_model("kws"), "--data", shared("data/kws01/x.npy"), "--samples", 20,
                            "--scheme", *scheme.split(), "-o", path)
            self.compare(path, "npy", "ohwi")
            self.compare(path, "csv", "hwio")

    def test_layouts_apply_to_what_they_name(self):
        path = SHARED / "data/converter/kws_int8.tflite"
        if not path.exists():
            self.skipTest(f"no {path}")
        seen = {layout: {r["layout"] for r, _ in self.exported(path, "npy", layout)}
                for layout in ("stored", "ohwi", "hwio", "transposed", "hwio,transposed")}
        self.assertEqual(seen, {"stored": {"OHWI", "1HWC", "[out, in]", "as stored"},
                                "ohwi": {"OHWI", "[out, in]", "as stored"},
                                "hwio": {"HWIO", "1HWC", "[out, in]", "as stored"},
                                "transposed": {"OHWI", "1HWC", "[in, out]", "as stored"},
                                "hwio,transposed": {"HWIO", "1HWC", "[in, out]", "as stored"}})


@unittest.skipUnless(shutil.which("gcc"), "no gcc")
class RandomLayers(unittest.TestCase):
    """Layers of every geometry: C that knows a header alone, beside `narrow run`."""

    def compare(self, folder, op, width, number):
        """Outputs that are equal, or None where narrow has no rule for the layer; any difference is a failure."""
        case = draw_case(op, width, number)
        [wanted] = runtimes.run_narrow(case.net.bytes(), case.samples, "narrow")
        if isinstance(wanted, runtimes.Refused):
            return None
        (folder / "m.tflite").write_bytes(case.net.bytes())
        runtimes.narrow("export", folder / "m.tflite", "-o", folder, "--format", "header", "--name", "net")
        text = (folder / "net_weights.h").read_text()
        [name] = re.findall(r"#define (\w+)_IN_C", text)
        [x], [y] = case.samples.values(), wanted.values()
        flags = [f"-DVALUE={x.dtype}_t", *(f"-DFORMULA={header_text.rule(text, name)}" for name in re.findall(r" rounding: (\w+)\n", text)),
                 *["-DDEPTHWISE"] * (op == "DEPTHWISE_CONV_2D"), *["-DAVERAGE"] * (op == "AVERAGE_POOL_2D"),
                 *["-DNO_BIAS"] * (f"#define {name}_BIAS " not in text)]
        program = ROOT / "tests" / "headers" / PROGRAMS.get(op, "conv.c")
        done = subprocess.run(["gcc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-type-limits",
                               f"-I{folder}", '-DHEADER="net_weights.h"', f"-DL(k)={name}_##k", *flags, program,
                               folder / "net_weights.c", "-o", folder / "layer"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[:3000])
        got = subprocess.run([folder / "layer"], input=x.tobytes(), capture_output=True, check=True, timeout=60).stdout
        self.assertEqual(len(got), y.nbytes)
        np.testing.assert_array_equal(np.frombuffer(got, y.dtype), y.ravel())
        return y.size

    def test_layers(self):
        for op in ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D"):
            for width in ("int8", "int16"):
                counts = []
                for number in range(CASES):
                    with self.subTest(op=op, width=width, number=number), tempfile.TemporaryDirectory() as folder:
                        counts.append(self.compare(pathlib.Path(folder), op, width, number))
                taken = [c for c in counts if c is not None]
                self.assertTrue(taken)
                print(f"{op}, {width}: {sum(taken)} outputs of {len(taken)} layers equal")


# Ops without weights. Programs for the kernels that an op may be made of, by the beginning of their names.
OPS = ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "RELU", "RELU6", "LEAKY_RELU", "HARD_SWISH", "QUANTIZE", "LOGISTIC", "TANH",
       "SOFTMAX", "MEAN", "SUM", "PAD", "CONCATENATION", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR")
OP_PROGRAMS = {"pairwise.c": ("nw_add_", "nw_mul_", "nw_maximum_", "nw_minimum_"),
               "elements.c": ("nw_relu_", "nw_quantize_", "nw_table_"), "reduce.c": ("nw_sum_",), "pad.c": ("nw_pad",),
               "concatenation.c": ("nw_copy_blocks",)}
SQUASH = ("nw_squash_params", "COUNT, IN_ZERO_POINT, INPUT_RADIUS, MULTIPLIER, SHIFT")
SQUASH16 = ("nw_squash16_params", "COUNT, MULTIPLIER, SHIFT, TABLE")
SOFTMAX = ("nw_softmax_params", "ROWS, DEPTH, MULTIPLIER, SHIFT, DIFF_MIN")
BILINEAR = ("nw_resize_bilinear_params",
            "BATCHES, DEPTH, {IN_H, OUT_H, FIRST_H, STEP_H}, {IN_W, OUT_W, FIRST_W, STEP_W}")
# Parameter structs of the others, and their members as headers call them.
STRUCTS = {"nw_logistic_fixed_i8": SQUASH, "nw_tanh_fixed_i8": SQUASH, "nw_logistic_i16": SQUASH16, "nw_tanh_i16": SQUASH16,
           "nw_softmax_i8": SOFTMAX,
           "nw_softmax_i16": ("nw_softmax16_params", "ROWS, DEPTH, MULTIPLIER, SHIFT, EXP_TABLE, RECIPROCAL_TABLE"),
           "nw_leaky_relu_i8": ("nw_leaky_relu_params", "COUNT, IN_ZERO_POINT, OUT_ZERO_POINT, MULTIPLIER, SHIFT, "
                                "ALPHA_MULTIPLIER, ALPHA_SHIFT"),
           "nw_hard_swish_i8": ("nw_hard_swish_params", "COUNT, IN_ZERO_POINT, OUT_ZERO_POINT, OUT_MULTIPLIER, OUT_SHIFT, "
                                "GATE_MULTIPLIER, GATE_SHIFT"),
           "nw_resize_bilinear_i8": BILINEAR, "nw_resize_bilinear_i16": BILINEAR,
           "nw_resize_nearest": ("nw_resize_nearest_params", "BATCHES, IN_H, IN_W, OUT_H, OUT_W, PIXEL_BYTES, ROW_OF, "
                                 "COLUMN_OF")}
STRUCTS["nw_leaky_relu_i16"] = STRUCTS["nw_leaky_relu_i8"]
KERNELS = ROOT / "kernels"


@unittest.skipUnless(shutil.which("gcc"), "no gcc")
class RandomOps(unittest.TestCase):
    """Ops without weights: C that knows a header alone, and the rule that it prints, beside `narrow run`."""

    def compare(self, folder, op, width, number):
        """Outputs that are equal, or None where narrow has no rule for the op; any difference is a failure."""
        try:
            case = draw_case(op, width, number)
        except Unfit:
            return None
        [wanted] = runtimes.run_narrow(case.net.bytes(), case.samples, "narrow")
        if isinstance(wanted, runtimes.Refused):
            return None
        (folder / "m.tflite").write_bytes(case.net.bytes())
        runtimes.narrow("export", folder / "m.tflite", "-o", folder, "--format", "header", "--name", "net")
        text = (folder / "net_weights.h").read_text()
        [y] = wanted.values()
        comment, _, keys = header_text.section(text, 0)
        kernels = header_text.kernels(text, 0)
        if y.size == 0 or not kernels:  # such as QUANTIZE of real numbers
            return None
        [(kernel, source)] = kernels
        (folder / "aliases.h").write_text(header_text.aliases(text, 0))
        inputs = [case.samples[name] for name in re.findall(r'^ \* in "(\w+)": ', comment, re.M)]
        program = next((p for p, begins in OP_PROGRAMS.items() if kernel.startswith(begins)), "kernel.c")
        flags = [f"-DIN_TYPE={inputs[0].dtype}_t", f"-DOUT_TYPE={y.dtype}_t"]
        sources = []
        if f" * {kernel}: " in "\n".join(header_text.sentences(text)):
            flags.append(f"-DRULE={header_text.rule(text, kernel)}")
        if program == "kernel.c":
            struct, members = STRUCTS[kernel]
            flags += [f"-DKERNEL={kernel}", f"-DPARAMS={struct}", f"-DMEMBERS={{{members}}}", "-DIN_LENGTH=NET_INPUT_0_LENGTH",
                      "-DOUT_LENGTH=NET_OUTPUT_0_LENGTH", f'-DKERNEL_HEADER="{source.removeprefix("kernels/")[:-1]}h"']
            sources = [ROOT / source]
        if program == "concatenation.c":
            calls = sum(re.fullmatch(r"BLOCKS(_\d+)?", key) is not None for key in keys)
            if calls != len(inputs):
                return None  # a constant among the operands
            for key in ("BLOCKS", "BLOCK_BYTES", "IN_STRIDE", "OUT_STRIDE", "OUT_BYTE"):
                names = [key if k == 0 else f"{key}_{k}" for k in range(calls)]
                flags.append(f"-DALL_{key}=" + ", ".join(name if name in keys else "0" for name in names))
        if program == "pairwise.c":
            flags += [f"-D{side}_DATA={key}" for side, key in (("A", "CONSTANT_0"), ("B", "CONSTANT_1")) if key in keys]
        done = subprocess.run(["gcc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-type-limits", f"-I{folder}",
                               f"-I{KERNELS}", '-DHEADER="net_weights.h"', *flags, ROOT / "tests" / "headers" / program,
                               *sources, folder / "net_weights.c", "-o", folder / "op"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[:3000])
        data = b"".join(x[s].tobytes() for s in range(len(inputs[0])) for x in inputs)
        got = subprocess.run([folder / "op"], input=data, capture_output=True, check=True, timeout=60).stdout
        self.assertEqual(len(got), y.nbytes)
        np.testing.assert_array_equal(np.frombuffer(got, y.dtype), y.ravel())
        return y.size

    def test_ops(self):
        for op in OPS:
            total = 0
            for width in ("int8", "int16"):
                counts = []
                for number in range(CASES // 2):
                    with self.subTest(op=op, width=width, number=number), tempfile.TemporaryDirectory() as folder:
                        counts.append(self.compare(pathlib.Path(folder), op, width, number))
                taken = [c for c in counts if c is not None]
                total += sum(taken)
                print(f"{op}, {width}: {sum(taken)} outputs of {len(taken)} ops equal")
            self.assertTrue(total)


if __name__ == "__main__":
    unittest.main()
