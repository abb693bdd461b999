"""The command line's contract: exit codes, messages, JSON. Needs nothing but Python and a build."""
import json
import os
import pathlib
import resource
import signal
import struct
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
DIGITS = ROOT / "examples" / "digits"
FLOAT = DIGITS / "float.tflite"
TRAIN = ("--data", DIGITS / "train_x.npy", "--data-scale", "0.0625")
TEST = ("--data", DIGITS / "test_x.npy", "--data-scale", "0.0625")
SCHEMES = {"float16": (), "dynamic": (), "int8": TRAIN, "int16x8": TRAIN}


def narrow(*arguments, **options):
    return subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


def npy(descr, shape, data):
    header = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def commands():
    listed = narrow("--help").stdout.split("usage:")[1].splitlines()
    return [line.split()[0] for line in listed if line.startswith("  ")]


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def refused(self, code, *arguments, says=""):
        """Checks that the call fails with `code`, one line of error and at most one of remedy."""
        done = narrow(*arguments)
        lines = done.stderr.splitlines()
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertTrue(lines and lines[0].startswith("narrow: error: "), done.stderr)
        self.assertLessEqual(len(lines), 2, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        return lines

    def done(self, *arguments):
        done = narrow(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout


class Usage(Case):
    def test_version(self):
        self.assertRegex(self.done("--version"), r"^narrow \d+\.\d+\.\d+\n$")

    def test_help_begins_with_description_and_usage_and_ends_with_two_examples(self):
        for command in commands():
            lines = self.done(command, "--help").splitlines()
            self.assertRegex(lines[0], r"^[A-Z].*\.$")
            self.assertTrue(lines[2].startswith(f"usage: narrow {command} "), lines[2])
            self.assertEqual(lines[-4:-2], ["", "examples:"])
            for line in lines[-2:]:
                self.assertTrue(line.startswith(f"  narrow {command} "), line)

    def test_options_may_come_before_the_model(self):
        out = self.folder / "m.tflite"
        self.done("quantize", "--scheme", "float16", FLOAT, "-o", out)
        self.done("evaluate", "--reference", FLOAT, FLOAT, out, *TEST)

    def test_help_gives_defaults_in_one_form(self):
        text = self.done("quantize", "--help")
        for line in ("what becomes integer, and how wide [default: int8]", "6: in int8 [default: the scheme's]",
                     "use the first N samples [default: all]", "how many threads to use [default: one for each core]"):
            self.assertIn(line, text)

    def test_numbers(self):
        out = ("-o", self.folder / "m.tflite")
        for option, words in {"--samples": ("0", "-1", "1.5", "010", "0x10", "x"), "--threads": ("0", "1025", "two"),
                              "--data-scale": ("x", "inf", "nan", "1e999")}.items():
            for word in words:
                self.refused(2, "quantize", FLOAT, *TRAIN, *out, option, word, says=f"{option} does not take '{word}'")
            self.refused(2, "quantize", FLOAT, *TRAIN, *out, option, "", says=f"{option} is given an empty value")

    def test_messages_name_options(self):
        out = ("-o", self.folder / "m.tflite")
        self.refused(2, "quantize", FLOAT, *out, says="give --data or --statistics")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", "--io", "int8", *out,
                     says="--io int8 does not go with --scheme float16")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--act-max", "none=1", *out, says="`narrow inspect` lists the names")
        path = self.folder / "y.txt"
        lines = self.refused(2, "run", FLOAT, *TEST, "-o", path)
        self.assertEqual(lines, [f"narrow: error: -o does not take '{path}' (command line)",
                                 "its name ends in .npy or .npz"])

    def test_refusals(self):
        self.refused(2, says="a command is missing")
        self.refused(2, "inspekt", says="did you mean inspect?")
        self.refused(2, "inspect", says="MODEL is missing")
        self.refused(2, "inspect", FLOAT, "--weihgts", says="did you mean --weights?")
        self.refused(2, "inspect", FLOAT, "second", says="one argument too many")

    def test_errors_as_json(self):
        done = narrow("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--weights", "9", "--json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(json.loads(done.stdout), {"error": {"kind": "bad_option", "where": "command line",
                                                             "what": "--weights does not take '9'",
                                                             "remedy": "did you mean 4? choose 4, 6, 8, 16"}})
        self.assertTrue(done.stderr.startswith("narrow: error: --weights does not take '9'"))

    def test_full_disk_for_standard_output(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([NARROW, "inspect", str(FLOAT), "--json"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 5)


class Explain(Case):
    def explained(self, op, *more):
        return self.done("quantize", FLOAT, *TRAIN, "--quality", "fast", "-o", self.folder / "m.tflite", "--explain", op,
                         *more)

    def test_text(self):
        text = self.explained("conv1")
        self.assertIn("op 0 (CONV_2D) conv1", text)
        self.assertIn("kernel: ", text)
        self.assertIn("the range of 2 tensors that share it: 'conv1', 'pool1'", text)
        for role in ("activation", "weight", "bias", "result"):
            self.assertRegex(text, rf"(?m)^ +{role} +int")

    def test_json_by_name_and_by_index(self):
        said, again, once_more = (json.loads(self.explained(op, "--json"))["explain"] for op in ("conv1", "0", "0:0"))
        self.assertEqual(said, again)
        self.assertEqual(said, once_more)
        (op,) = said
        self.assertEqual((op["name"], op["op"], op["graph"], op["index"]), ("conv1", "CONV_2D", 0, 0))
        self.assertEqual([o["role"] for o in op["operands"]], ["activation", "weight", "bias", "result"])
        for operand in op["operands"]:
            self.assertEqual(list(operand), ["role", "name", "dtype", "scales", "scale_min", "scale_max", "zero_point",
                                             "range", "method", "origin"])
        data, weights, bias, result = op["operands"]
        self.assertEqual((weights["scales"], bias["dtype"], data["zero_point"]), (12, "int32", -128))
        self.assertAlmostEqual(bias["scale_max"], data["scale_min"] * weights["scale_max"], 9)
        self.assertEqual((result["method"], result["range"][0]), ("minmax", 0))

    def test_an_op_that_stays_float(self):
        (op,) = json.loads(self.explained("logits", "--keep-float", "logits", "--allow-float", "--json"))["explain"]
        self.assertEqual((op["quantized"], op["reason"]), (False, "kept float as asked"))

    def test_refusals(self):
        out = ("-o", self.folder / "m.tflite")
        self.refused(2, "quantize", FLOAT, *TRAIN, *out, "--explain", "conv", says="there is no op 'conv'")
        self.refused(2, "quantize", FLOAT, *TRAIN, *out, "--explain", "6", says="there is no op '6'")
        self.refused(2, "quantize", FLOAT, "--scheme", "float16", *out, "--explain", "conv1", says="--scheme float16")
        self.assertFalse((self.folder / "m.tflite").exists())


class Signatures(Case):
    KEY = ("--signature", "serving_default")

    def test_the_only_one_is_the_first_graph(self):
        paths = [self.folder / name for name in ("plain.tflite", "named.tflite", "later.tflite")]
        self.done("quantize", FLOAT, *TRAIN, "--quality", "fast", "-o", paths[0])
        self.done("quantize", FLOAT, *TRAIN, *self.KEY, "--quality", "fast", "-o", paths[1])
        self.done("calibrate", FLOAT, *TRAIN, *self.KEY, "-o", self.folder / "s.nstat")
        self.done("quantize", FLOAT, "--statistics", self.folder / "s.nstat", "-o", paths[2])
        self.assertEqual(len({path.read_bytes() for path in paths}), 1)
        self.assertEqual(self.done("inspect", FLOAT), self.done("inspect", FLOAT, *self.KEY))

    def test_refusals(self):
        out, stats = ("-o", self.folder / "m.tflite"), self.folder / "s.nstat"
        for call in (("quantize", FLOAT, *TRAIN, *out), ("calibrate", FLOAT, *TRAIN, "-o", stats), ("inspect", FLOAT)):
            lines = self.refused(2, *call, "--signature", "encode", says="there is no signature 'encode'")
            self.assertEqual(lines[1], "the model has serving_default")
        self.refused(2, "quantize", FLOAT, *self.KEY, "--scheme", "float16", *out, says="no samples are needed")
        self.done("calibrate", FLOAT, *TRAIN, "-o", stats)
        self.refused(2, "quantize", FLOAT, "--statistics", stats, *self.KEY, *out, says="statistics know their graph")
        self.refused(3, "quantize", FLOAT, "--statistics", stats, "--statistics", stats, *out, says="is in")


class Inspect(Case):
    def test_json(self):
        said = json.loads(self.done("inspect", FLOAT, "--json", "--weights"))
        for key in ("inputs", "outputs", "ops", "tensors", "macs", "parameters", "bytes"):
            self.assertIn(key, said)
        self.assertEqual(said["bytes"], FLOAT.stat().st_size)
        self.assertEqual(said["parameters"], 3706)
        self.assertEqual(said["macs"], 8 * 8 * 9 * 12 + 4 * 4 * 9 * 12 * 24 + 96 * 10)
        self.assertEqual(said["macs"], sum(op["macs"] for op in said["ops"]))
        self.assertEqual(said["inputs"], [{"name": "image", "shape": [1, 8, 8, 1], "dtype": "float32", "scales": [],
                                           "zero_points": []}])
        self.assertEqual([op["op"] for op in said["ops"]],
                         ["CONV_2D", "MAX_POOL_2D", "CONV_2D", "MAX_POOL_2D", "RESHAPE", "FULLY_CONNECTED"])
        self.assertLessEqual({"padding": "same", "stride_h": 1, "stride_w": 1}.items(),
                             said["ops"][0]["attributes"].items())
        for tensor in said["tensors"]:
            self.assertLessEqual({"name", "shape", "dtype", "scales", "zero_points", "constant", "axis"}, set(tensor))
        for row in said["weights"]:
            self.assertEqual(sum(row["counts"]), row["elements"])

    def test_text(self):
        self.assertIn("3,706 parameters", self.done("inspect", FLOAT))

    def test_coverage(self):
        types = json.loads(self.done("inspect", FLOAT, "--json"))["coverage"]
        self.assertEqual({t["op"]: t["count"] for t in types},
                         {"CONV_2D": 2, "MAX_POOL_2D": 2, "RESHAPE": 1, "FULLY_CONNECTED": 1})
        self.assertEqual([t["unsupported"] for t in types], [[]] * 4)
        self.assertRegex(self.done("inspect", FLOAT), r"6 of 6 ops of the file are supported[^$]*CONV_2D +2 +yes")

    def test_bad_files(self):
        self.refused(5, "inspect", self.folder / "none.tflite", says="none.tflite")
        self.refused(5, "inspect", self.folder)
        whole = FLOAT.read_bytes()
        for name, content in {"empty": b"", "text": b"hello, world, this is not a model", "short": whole[:1000],
                              "id": whole[:4] + b"NOPE" + whole[8:]}.items():
            path = self.folder / name
            path.write_bytes(content)
            self.refused(3, "inspect", path, says=name)


class MainJob(Case):
    def quantized(self, scheme, *more):
        path = self.folder / f"{scheme}.tflite"
        said = json.loads(self.done("quantize", FLOAT, "--scheme", scheme, *SCHEMES[scheme], *more, "-o", path, "--json"))
        return path, said

    def test_each_scheme(self):
        paths = []
        for scheme in SCHEMES:
            path, said = self.quantized(scheme)
            self.assertEqual((said["scheme"], said["bytes"]), (scheme, path.stat().st_size))
            self.assertEqual(said["samples"], 200 if SCHEMES[scheme] else 0)
            self.assertLess(said["peak_rss_bytes"], 32 << 20)
            self.assertEqual(len(said["ops"]), 6)
            for op in said["ops"]:
                self.assertLessEqual({"name", "op", "quantized", "reason"}, set(op))
            paths.append(path)
        said = json.loads(self.done("evaluate", FLOAT, *paths, *TEST, "--labels", DIGITS / "test_y.npy", "--reference",
                                    FLOAT, "--json"))
        rows = said["models"]
        self.assertEqual([r["samples"] for r in rows], [360] * 5)
        self.assertGreaterEqual(rows[0]["top1"], 0.97)
        self.assertIsNone(rows[0]["sqnr_db"])
        for row in rows[1:]:
            self.assertGreaterEqual(row["top1"], rows[0]["top1"] - 0.01)
            self.assertGreaterEqual(row["agreement"], 0.98)
            self.assertGreater(row["sqnr_db"], 25)

    def test_same_bytes_every_time(self):
        first, _ = self.quantized("int8", "--threads", "1")
        content = first.read_bytes()
        again, _ = self.quantized("int8", "--threads", "2")
        self.assertEqual(content, again.read_bytes())

    def test_shards_merge_to_one_run(self):
        whole, parts = self.folder / "whole.nstat", [self.folder / f"{i}.nstat" for i in (1, 2, 3)]
        self.done("calibrate", FLOAT, *TRAIN, "-o", whole)
        for i, part in enumerate(parts, 1):
            self.done("calibrate", FLOAT, *TRAIN, "--shard", f"{i}/3", "-o", part)
        self.done("merge", *reversed(parts), "-o", self.folder / "all.nstat")
        self.assertEqual(whole.read_bytes(), (self.folder / "all.nstat").read_bytes())
        self.done("merge", *parts, "--shards", "3", "-o", self.folder / "all.nstat")
        self.assertEqual(whole.read_bytes(), (self.folder / "all.nstat").read_bytes())
        first, second, third = parts
        out = self.folder / "some.nstat"
        self.refused(3, "merge", first, third, "--shards", "3", "-o", out, says="shard 2 of 3 is missing")
        self.refused(3, "merge", first, second, third, second, "--shards", "3", "-o", out,
                     says=f"shard 2 of 3 is there twice: {second} and {second}")
        self.refused(3, "merge", first, second, first, "-o", out, says=f"sample 1 is in {first} and {first}")
        self.assertFalse(out.exists())
        direct, _ = self.quantized("int8", "--quality", "fast")
        content = direct.read_bytes()
        self.done("quantize", FLOAT, "--statistics", whole, "-o", direct)
        self.assertEqual(content, direct.read_bytes())

    def test_run(self):
        path, _ = self.quantized("int8")
        self.done("run", path, *TEST, "-o", self.folder / "y.npy", "--per-op", self.folder / "ops")
        y = (self.folder / "y.npy").read_bytes()
        self.assertIn(b"'|i1'", y[:128])
        self.assertIn(b"(360, 10)", y[:128])
        for row in json.loads((self.folder / "ops" / "index.json").read_text()):
            self.assertTrue((self.folder / "ops" / row["file"]).exists())
        self.done("run", path, *TEST, "-o", self.folder / "y.npy", "--dequantize", "--samples", "7")
        self.assertIn(b"(7, 10)", (self.folder / "y.npy").read_bytes()[:128])

    def test_io_types(self):
        for io in ("float32", "int8", "uint8"):
            path, _ = self.quantized("int8", "--io", io)
            said = json.loads(self.done("inspect", path, "--json"))
            self.assertEqual({t["dtype"] for t in said["inputs"] + said["outputs"]}, {io})


class BadInput(Case):
    def test_options(self):
        out = self.folder / "out.tflite"
        self.refused(2, "quantize", FLOAT, "-o", out, says="--data or --statistics")
        self.refused(2, "quantize", FLOAT, *TRAIN, "--statistics", "x.nstat", "-o", out, says="do not go together")
        self.refused(2, "quantize", FLOAT, *TRAIN, says="-o OUT.tflite is missing")
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", out, "--scheme", "int9", says="did you mean int8?")
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", out, "--range", "percentil:99")
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", out, "--samples", "0")
        self.refused(2, "quantize", FLOAT, *TRAIN, "-o", out, "--samples", "1000")
        self.refused(2, "calibrate", FLOAT, *TRAIN, "-o", out, "--shard", "5/4", says="--shard")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_data(self):
        cases = {"empty.npy": npy("|u1", (0, 8, 8, 1), b""),
                 "shape.npy": npy("|u1", (2, 7, 8, 1), bytes(112)),
                 "short.npy": npy("|u1", (2, 8, 8, 1), bytes(100)),
                 "nan.npy": npy("<f4", (1, 8, 8, 1), struct.pack("<f", float("nan")) * 64),
                 "junk.npy": b"junk"}
        for name, content in cases.items():
            path = self.folder / name
            path.write_bytes(content)
            self.refused(3, "quantize", FLOAT, "--data", path, "-o", self.folder / "out.tflite", says=name)
            path.unlink()
        self.refused(5, "quantize", FLOAT, "--data", self.folder / "none.npy", "-o", self.folder / "out.tflite")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_verify(self):
        model = self.folder / "int8.tflite"
        self.done("quantize", FLOAT, *TRAIN, "-o", model)
        for runtime in ("tflm", "litert", "cmsis-nn", "narrow"):
            self.assertIn(": OK: ", self.done("verify", model, "--runtime", runtime))
            self.assertEqual(json.loads(self.done("verify", model, "--runtime", runtime, "--json")),
                             {"runtime": runtime, "model": str(model), "findings": [], "ok": True})
        self.refused(2, "verify", model, says="--runtime")
        listed = "tflm, litert, cmsis-nn, edgetpu, narrow"
        self.refused(2, "verify", model, "--runtime", "tflite", says=listed)
        self.refused(2, "verify", model, "--runtime", "onnxruntime", says=listed)

    def test_verify_refuses_float_storage_for_integers(self):
        for scheme, word in (("float16", "float16"), ("dynamic", "dynamically")):
            model = self.folder / f"{scheme}.tflite"
            self.done("quantize", FLOAT, "--scheme", scheme, "-o", model)
            self.done("verify", model, "--runtime", "litert")
            if scheme == "dynamic":
                continue  # the layers of the example are too small to be made integers
            done = narrow("verify", model, "--runtime", "tflm")
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stdout.startswith("model: "), done.stdout)
            self.assertIn(word, done.stdout)
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)  # of the model, and not of each op again
            out = json.loads(narrow("verify", model, "--runtime", "tflm", "--json").stdout)
            self.assertFalse(out["ok"])
            self.assertEqual(len(out["findings"]), len(done.stdout.splitlines()))
            for finding in out["findings"]:
                self.assertEqual(list(finding), ["graph", "index", "op", "name", "what", "remedy"])

    def test_report_page(self):
        page = self.folder / "report.html"
        self.done("quantize", FLOAT, *TRAIN, "-o", self.folder / "m.tflite", "--keep-float", "logits", "--allow-float",
                  "--report", page)
        text = page.read_text()
        self.assertTrue(text.startswith("<!doctype html>"))
        self.assertEqual(text.count("<tr>"), text.count("</tr>"))
        self.assertIn('class="tag integer"', text)
        for outside in ("http", "src=", "@import", "url("):
            self.assertNotIn(outside, text)

    def test_ops(self):
        rows = json.loads(self.done("ops", "--json"))["ops"]
        conv = next(r for r in rows if r["op"] == "CONV_2D")
        self.assertEqual(conv["int8"], ["narrow", "tflm", "litert", "cmsis-nn", "edgetpu"])
        self.assertEqual(len(self.done("ops").splitlines()), len(rows) + 1)
        page = (ROOT / "docs" / "support.md").read_text()
        self.assertEqual(self.done("ops", "--markdown"), page, "build/narrow ops --markdown > docs/support.md")

    def test_targets(self):
        self.refused(5, "quantize", FLOAT, *TRAIN, "-o", self.folder / "none" / "out.tflite")
        self.refused(5, "quantize", FLOAT, *TRAIN, "-o", self.folder)
        self.refused(5, "quantize", FLOAT, *TRAIN, "-o", "/dev/full")

    def test_interrupted(self):
        samples = self.folder / "many.npy"
        count = 1 << 25
        with open(samples, "wb") as f:  # takes no space on the disk
            f.write(npy("|u1", (count, 8, 8, 1), b""))
            f.truncate(f.tell() + count * 64)
        def heeding():  # tests that run in the background may have been told to ignore SIGINT
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        for code, sent in ((130, signal.SIGINT), (143, signal.SIGTERM)):
            running = subprocess.Popen([NARROW, "run", FLOAT, "--data", samples, "-o", self.folder / "y.npy"],
                                       stderr=subprocess.PIPE, preexec_fn=heeding)
            deadline = time.monotonic() + 20
            while running.poll() is None and len(list(self.folder.iterdir())) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
            running.send_signal(sent)
            _, said = running.communicate(timeout=20)
            self.assertEqual(running.returncode, code, said)
            self.assertEqual(list(self.folder.iterdir()), [samples])

    def test_interrupted_calibration_resumes(self):
        samples, count = self.folder / "many.npy", 200000
        samples.write_bytes(npy("|u1", (count, 8, 8, 1), os.urandom(64000) * (count // 1000)))
        wanted, target = self.folder / "wanted.nstat", self.folder / "resumed.nstat"
        command = ["calibrate", FLOAT, "--data", samples, "--data-scale", "0.0625", "--threads", "1", "-o"]
        start = time.monotonic()
        self.done(*command, wanted)
        took = time.monotonic() - start

        def heeding():  # tests that run in the background may have been told to ignore SIGINT
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        kept = 0  # interruptions that left a part of the work
        for moment, (code, sent) in enumerate(2 * [(130, signal.SIGINT), (143, signal.SIGTERM)], 1):
            running = subprocess.Popen([NARROW, *map(str, command), target, "--resume"], stderr=subprocess.PIPE,
                                       preexec_fn=heeding)
            time.sleep(took * moment / 6)
            running.send_signal(sent)
            _, said = running.communicate(timeout=60)
            self.assertIn(running.returncode, (0, code), said)
            if b"stopped" in said:
                self.assertRegex(said.decode(), rf"stopped after \d+ of {count} samples .*\n"
                                                rf"{target} holds what is done; the same command goes on from there\n$")
            kept += running.returncode == code and target.exists()
        self.assertGreater(kept, 0)
        self.done(*command, target, "--resume")
        self.assertEqual(target.read_bytes(), wanted.read_bytes())
        self.assertEqual(set(self.folder.iterdir()), {samples, wanted, target})

    def test_disk_that_fills_up(self):
        target = self.folder / "out.tflite"
        for most in (0, 1, 1000, 5000):
            def limited():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            target.write_bytes(b"before")
            done = narrow("quantize", FLOAT, *TRAIN, "-o", target, preexec_fn=limited)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(target.read_bytes(), b"before")
            self.assertEqual(list(self.folder.iterdir()), [target])

    def test_killed_at_any_time(self):
        target, whole = self.folder / "out.tflite", self.folder / "whole.tflite"
        start = time.monotonic()
        self.done("quantize", FLOAT, *TRAIN, "-o", whole)
        took = time.monotonic() - start
        for moment in range(24):
            target.write_bytes(b"before")
            running = subprocess.Popen([NARROW, *map(str, ("quantize", FLOAT, *TRAIN, "-o", target))],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(took * moment / 20)
            running.kill()
            running.wait(timeout=20)
            self.assertIn(target.read_bytes(), (b"before", whole.read_bytes()))


if __name__ == "__main__":
    unittest.main()
