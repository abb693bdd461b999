"""Kernels for particular processors: on emulated chips networks with them give what the simulator gives, in fewer
instructions than with portable kernels; and where they are used."""
import json
import pathlib
import re
import sys
import unittest

import cli_test
from cli_test import FLOAT, ROOT, TEST, TRAIN
from compile_test import DATA, SCALED, Projects

sys.path.insert(0, str(ROOT))

from bench.mcu import ops
from bench.mcu import run as chips
from bench.mcu.machines import MACHINES
from bench.mcu.single_ops import SINGLE_OPS, Maker


def calls(project):
    return set(re.findall(r"^ +(nw_\w+)\(", (project / f"{project.name}.c").read_text(), re.M))


class ChipKernels(Projects):
    def setUp(self):
        super().setUp()
        self.model = self.folder / "int8.tflite"
        self.done("quantize", FLOAT, *TRAIN, "--scheme", "int8", "-o", self.model)

    def example(self, name, *options):
        return self.project(self.model, "--golden", TEST[1], *SCALED, "--samples", "3", *options, name=name)

    def test_which_are_used(self):
        dsp = {"nw_dsp_conv2d_i8", "nw_dsp_fully_connected_i8"}
        for target in ("cortex-m4", "cortex-m7", "cortex-m33"):
            self.assertTrue(dsp <= calls(self.example(target.replace("-", "_"), "--target", target)[0]), target)
        self.assertIn("nw_dsp_conv2d_i8_wide", calls(self.example("wide", "--target", "cortex-m4", "--flash", "64k")[0]))
        # Flash for weights of 8 bits, and not for ones of 16.
        flash = json.loads(self.done("compile", self.model, "--target", "cortex-m4", "-o", self.folder / "f", "--json"))
        tight, said = self.example("tight", "--target", "cortex-m4", "--flash", str(flash["flash_bytes"]))
        self.assertIn("nw_dsp_conv2d_i8", calls(tight))
        self.assertLessEqual(said["flash_bytes"], flash["flash_bytes"])
        for name, *options in (("portable",), ("m3", "--target", "cortex-m3"),
                               ("size", "--target", "cortex-m4", "--optimize", "size"),
                               ("ram", "--target", "cortex-m4", "--optimize", "ram"),
                               ("certified", "--target", "cortex-m4", "--certificate", self.folder / "c.json")):
            used = calls(self.example(name, *options)[0])
            self.assertFalse([k for k in used if "dsp" in k], name)

    def test_which_are_used_without_dsp(self):
        blocked = {"nw_blocked_conv2d_i8", "nw_blocked_dense_i8"}
        for target in ("cortex-m0", "cortex-m3", "riscv32"):
            self.assertTrue(blocked <= calls(self.example(target.replace("-", "_"), "--target", target)[0]), target)
        for name, *options in (("portable",), ("size", "--target", "cortex-m3", "--optimize", "size"),
                               ("ram", "--target", "cortex-m3", "--optimize", "ram"),
                               ("certified", "--target", "cortex-m3", "--certificate", self.folder / "c.json"),
                               ("m4", "--target", "cortex-m4"), ("c28x", "--target", "c28x")):
            used = calls(self.example(name, *options)[0])
            self.assertFalse([k for k in used if "blocked" in k], name)

    def test_tables_are_used_where_they_fit(self):
        maker, model = Maker(), self.folder / "softmax.tflite"
        next(o for o in SINGLE_OPS if o.name == "SOFTMAX").build(maker)
        model.write_bytes(maker.net.bytes())
        fast, said = self.project(model, name="fast")
        self.assertEqual(calls(fast), {"nw_softmax_table_i8"})
        tight, less = self.project(model, "--flash", str(said["flash_bytes"] - 1), name="tight")
        self.assertEqual(calls(tight), {"nw_softmax_i8"})
        self.assertLess(less["flash_bytes"], said["flash_bytes"])
        self.assertEqual(calls(self.project(model, "--optimize", "size", name="small")[0]), {"nw_softmax_i8"})

    def test_which_are_used_with_helium(self):
        self.assertTrue({"nw_helium_conv2d_i8", "nw_helium_dense_i8"} <= calls(self.example("m55", "--target", "cortex-m55")[0]))
        for name, *options in (("size", "--optimize", "size"), ("ram", "--optimize", "ram"),
                               ("certified", "--certificate", self.folder / "c.json")):
            used = calls(self.example(name, "--target", "cortex-m55", *options)[0])
            self.assertFalse([k for k in used if "helium" in k or "dsp" in k], name)

    def test_same_bytes_on_this_machine(self):
        for target, *options in (("cortex-m4",), ("cortex-m4", "--flash", "64k"), ("cortex-m55",),
                                 ("cortex-m3",)):
            project, _ = self.example(f"here{target[8:]}{len(options)}", "--target", target, *options)
            done = self.selftest(project, "gcc", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_fewer_instructions_on_emulated_chips(self):
        for core in ("m4", "m33"):
            if absent := chips.absent_tool(MACHINES[core]):
                self.skipTest(f"no {absent}")
            plain = chips.run(self.example("plain" + core)[0], core)
            self.assertEqual((plain.status, plain.reason), ("passed", None))
            for i, options in enumerate(((), ("--flash", "64k"))):
                project, _ = self.example(f"{core}{i}", "--target", "cortex-" + core, *options)
                for opt in ("O2", "Os", "O3"):
                    row = chips.run(project, core, opt)
                    self.assertEqual((row.status, row.reason), ("passed", None), f"{core} {options} {opt}")
                    self.assertLess(row.instructions, 0.6 * plain.instructions, f"{core} {options} {opt}")

    def test_other_widths(self):
        for width, *options in (("i16", "--scheme", "int16x8"), ("q7", "--scheme", "q7"), ("i4", "--scheme", "int8", "--weights", "4"),
                                ("w16", "--scheme", "q15")):
            model = self.folder / f"{width}.tflite"
            self.done("quantize", FLOAT, *TRAIN, *options, "--quality", "fast", "-o", model)
            golden = ("--golden", TEST[1], *SCALED, "--samples", "3")
            plain, _ = self.project(model, *golden, name=f"plain_{width}")
            project, _ = self.project(model, *golden, "--target", "cortex-m4", name=f"dsp_{width}")
            used = {k for k in calls(project) if k.startswith("nw_dsp_")}
            self.assertTrue(used >= {f"nw_dsp_{op}_{width}" for op in ("conv2d", "fully_connected")}, used)
            done = self.selftest(project, "gcc", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            if chips.absent_tool(MACHINES["m4"]):
                continue
            slow = chips.run(plain, "m4")
            for opt in ("O2", "Os"):
                row = chips.run(project, "m4", opt)
                self.assertEqual((row.status, row.reason), ("passed", None), f"{width} {opt}")
                self.assertLess(row.instructions, 0.6 * slow.instructions, f"{width} {opt}")

    def test_fewer_instructions_with_helium(self):
        if absent := chips.absent_tool(MACHINES["m55"]):
            self.skipTest(f"no {absent}")
        plain = chips.run(self.example("plain")[0], "m55")
        self.assertEqual((plain.status, plain.reason), ("passed", None))
        project, _ = self.example("helium", "--target", "cortex-m55")
        for opt in ("O2", "Os", "O3"):
            row = chips.run(project, "m55", opt)
            self.assertEqual((row.status, row.reason), ("passed", None), opt)
            self.assertLess(row.instructions, 0.3 * plain.instructions, opt)

    def test_fewer_instructions_without_dsp(self):
        for core, target, share in (("m0", "cortex-m0", 0.82), ("m3", "cortex-m3", 0.73), ("riscv32", "riscv32", 0.73)):
            with self.subTest(core=core):
                if absent := chips.absent_tool(MACHINES[core]):
                    self.skipTest(f"no {absent}")
                plain = chips.run(self.example("plain" + core)[0], core)
                self.assertEqual((plain.status, plain.reason), ("passed", None))
                project, _ = self.example("blocked" + core, "--target", target)
                for opt in ("O2", "Os", "O3"):
                    row = chips.run(project, core, opt)
                    self.assertEqual((row.status, row.reason), ("passed", None), opt)
                    self.assertLess(row.instructions, share * plain.instructions, opt)

    def check_reference_networks(self, core, bars):
        if absent := chips.absent_tool(MACHINES[core]):
            self.skipTest(f"no {absent}")
        if not (DATA / "mlperf-tiny").is_dir():
            self.skipTest("no shared data")
        for name, (micro, share) in bars.items():
            project, _ = self.project(DATA / f"mlperf-tiny/{name}_int8_reference.tflite", "--target", "cortex-" + core,
                                      name="net")
            row = chips.run(project, core)
            self.assertEqual((row.status, row.reason), ("passed", None), name)
            self.assertLess(row.instructions, share * micro, name)

    # Instructions at -O2 beside those of TensorFlow Lite Micro with CMSIS-NN (docs/kernels.md).
    def test_reference_networks_on_a_cortex_m3(self):
        self.check_reference_networks("m3", {"ad": (955_878, 0.69), "kws": (10_534_446, 0.62), "resnet": (41_847_243, 0.65),
                                             "vww": (31_958_673, 0.36)})

    def test_reference_networks_on_a_cortex_m4(self):
        self.check_reference_networks("m4", {"ad": (582_842, 0.53), "kws": (7_699_701, 0.42), "resnet": (29_863_108, 0.41),
                                             "vww": (24_101_474, 0.26)})

    # Instructions of networks quantized alike but for their width, as shares of those with int8, which are few since its
    # weights are folded: no more than measured (docs/kernels.md).
    def test_widths_beside_int8(self):
        if absent := chips.absent_tool(MACHINES["m4"]):
            self.skipTest(f"no {absent}")
        if not (DATA / "mlperf-tiny").is_dir():
            self.skipTest("no shared data")
        for name, source, samples in (("kws", "mlperf-tiny/kws_saved_model", "kws01/x.npy"),
                                      ("resnet", "mlperf-tiny/resnet_float.tflite", "cifar10/calibration_x.npy")):
            count = {}
            for width, most, *options in (("int8", 1, "--scheme", "int8"), ("int16x8", 1.21, "--scheme", "int16x8"),
                                          ("q7", 1.05, "--scheme", "q7"), ("int4", 1.25, "--scheme", "int8", "--weights", "4")):
                model = self.folder / f"{name}_{width}.tflite"
                self.done("quantize", DATA / source, "--data", DATA / samples, "--samples", "50", "--quality", "fast", *options,
                          "-o", model)
                project, _ = self.project(model, "--target", "cortex-m4", name="net")
                row = chips.run(project, "m4")
                self.assertEqual((row.status, row.reason), ("passed", None), f"{name} {width}")
                count[width] = row.instructions
                self.assertLessEqual(row.instructions, most * count["int8"], f"{name} {width}")

    def test_reference_networks_on_a_cortex_m55(self):
        self.check_reference_networks("m55", {"ad": (149_899, 0.36), "kws": (1_815_621, 0.61), "resnet": (4_911_466, 0.67),
                                              "vww": (6_557_870, 0.37)})

    # TFLite's converter's model, which keeps state, and what TFLM with CMSIS-NN takes (docs/kernels.md).
    def test_lstm(self):
        model = DATA / "models/rnn/lstm_tfkeras_int8.tflite"
        if not model.exists():
            self.skipTest("no shared data")
        for core, micro, kernel, share, *options in (("m4", 106_615, "nw_dsp_lstm_i8", 0.46),
                                                     ("m4", 106_615, "nw_dsp_lstm_i8_wide", 0.43, "--flash", "64k"),
                                                     ("m55", 54_117, "nw_helium_lstm_i8", 0.39)):
            project, _ = self.project(model, "--target", f"cortex-{core}", *options, name=kernel)
            self.assertIn(kernel, calls(project))
            done = self.selftest(project, "gcc", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            if absent := chips.absent_tool(MACHINES[core]):
                self.skipTest(f"no {absent}")
            row = chips.run(project, core)
            self.assertEqual((row.status, row.reason), ("passed", None))
            self.assertLess(row.instructions, share * micro)

    # Of each way in which ops without products are computed, one or two; `bench/run mcu-ops` has all of them.
    SOME_OPS = ("MEAN of pixels", "REDUCE_MAX of pixels", "PRELU", "TANH", "ADD 1x1x64 constant", "SUB",
                "MUL 1x1x64 repeated", "MAXIMUM", "SQUARED_DIFFERENCE", "SOFTMAX", "PACK elements", "SPLIT channels",
                "STRIDED_SLICE every other pixel", "PAD border", "PAD channels", "TRANSPOSE 0,3,1,2", "TRANSPOSE 0,2,1",
                "MAX_POOL_2D 3x3 by 2 same", "AVERAGE_POOL_2D 3x3 by 1 same", "GATHER", "ARG_MAX")

    def test_ops_without_products(self):
        peer = ops.peer_figures()
        for core, target in ops.CORES.items():
            if absent := chips.absent_tool(MACHINES[core]):
                self.skipTest(f"no {absent}")
            for i, op in enumerate(o for o in SINGLE_OPS if o.name in self.SOME_OPS):
                model, maker = self.folder / f"{core}{i}.tflite", Maker()
                op.build(maker)
                model.write_bytes(maker.net.bytes())
                project, _ = self.project(model, "--target", target, name=f"{core}{i}")
                row = chips.run(project, core, ("O2", "Os", "O3")[i % 3])
                self.assertEqual((row.status, row.reason), ("passed", None), op.name)
                if i % 3 == 0:
                    self.assertLess(row.instructions, peer[op.name, op.shape, core][0], op.name)


if __name__ == "__main__":
    unittest.main()
