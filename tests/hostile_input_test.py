"""Input that is hostile or unlucky, on the command line: nothing crashes, hangs, is lost or appears in part."""
import os
import resource
import shutil
import signal
import stat
import subprocess
import threading
import time
import unittest

from cli_test import DIGITS, FLOAT, NARROW, ROOT, TEST, TRAIN, Case, narrow


class Recipes(Case):
    def quantize(self, *arguments):
        return ("quantize", FLOAT, *TRAIN, "-o", self.folder / "q.tflite", *arguments)

    def test_patterns(self):
        lines = self.refused(2, *self.quantize("--keep-float", "conv[z-a]"), says="'z-a' at character 6 (--keep-float")
        self.assertIn("RE2", lines[1])
        self.refused(2, *self.quantize("--keep-float", "(" * 90_000), says="90000 characters")
        self.done(*self.quantize("--keep-float", "(a+)+$"))
        self.done(*self.quantize("--keep-float", "(" * 900 + "no such op" + ")" * 900))

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


class SameFile(Case):
    """Outputs that are inputs, or other outputs, under whatever name."""

    def setUp(self):
        super().setUp()
        self.model = self.folder / "m.tflite"
        shutil.copy(FLOAT, self.model)
        self.before = self.model.read_bytes()

    def kept(self, *arguments, says):
        self.refused(2, *arguments, says=says)
        self.assertEqual(self.model.read_bytes(), self.before)

    def test_model(self):
        hard, soft = self.folder / "hard.tflite", self.folder / "soft.tflite"
        os.link(self.model, hard)
        soft.symlink_to(self.model)
        for name in (self.model, self.folder / "." / "x" / ".." / "m.tflite", hard, soft):
            (self.folder / "x").mkdir(exist_ok=True)
            self.kept("quantize", self.model, "--scheme", "float16", "-o", name, says="-o and MODEL name the same file")
        self.kept("calibrate", self.model, *TRAIN, "-o", hard, says="-o and MODEL")
        self.kept("run", self.model, *TRAIN, "-o", self.folder / "y.npy", "--per-op", soft, says="--per-op and MODEL")
        self.kept("quantize", self.model, "--scheme", "float16", "-o", self.folder / "q", "--report", soft,
                  says="--report and MODEL")

    def test_data(self):
        data, labels = self.folder / "d" / "x.npy", self.folder / "y.npy"
        data.parent.mkdir()
        shutil.copy(DIGITS / "train_x.npy", data)
        shutil.copy(DIGITS / "test_y.npy", labels)
        self.kept("run", self.model, "--data", data, "-o", data, says="-o and --data")
        self.kept("run", self.model, "--data", data.parent, "-o", data, says="-o and --data")
        self.kept("run", self.model, "--data", data.parent, "-o", self.folder / "o.npy", "--per-op", data.parent,
                  says="--per-op and --data")
        self.kept("quantize", self.model, "--data", data, "--labels", labels, "-o", labels, says="-o and --labels")
        self.done("run", self.model, "--data", data.parent, "-o", self.folder / "o.npy")

    def test_saved_model(self):
        model = self.folder / "saved"
        shutil.copytree(ROOT / "tests" / "read" / "graphdef" / "files" / "saved_model", model)
        for name in ("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"):
            before = (model / name).read_bytes()
            self.kept("convert", model, "-o", model / name, says="-o and MODEL name the same file")
            self.assertEqual((model / name).read_bytes(), before)
        self.done("convert", model, "-o", model / "variables" / "new.tflite")

    def test_checkpoint(self):
        folder = self.folder / "checkpoint"
        shutil.copytree(ROOT / "tests" / "read" / "graphdef" / "files" / "checkpoint", folder)
        meta = folder / "model.ckpt.meta"
        for name in ("model.ckpt.meta", "model.ckpt.index", "model.ckpt.data-00000-of-00001"):
            self.kept(
                "convert", meta, "--outputs", "scores", "-o", folder / name, says="-o and MODEL name the same file"
            )
        self.done("convert", meta, "--outputs", "scores", "-o", folder / "model.tflite")

    def test_statistics(self):
        parts = [self.folder / f"{i}.nstat" for i in (1, 2)]
        for i, part in enumerate(parts):
            self.done("calibrate", self.model, *TRAIN, "--shard", f"{i + 1}/2", "-o", part)
        self.kept("merge", *parts, "-o", parts[1], says="-o and S name the same file")
        self.kept("quantize", self.model, "--statistics", parts[0], "-o", parts[0], says="-o and --statistics")

    def test_outputs(self):
        new, link = self.folder / "new", self.folder / "link"
        link.symlink_to(self.folder)
        quantize = ("quantize", self.model, "--scheme", "float16", "-o", new, "--report")
        self.kept(*quantize, new, says="-o and --report name the same file")
        self.kept(*quantize, link / "new", says="two names")
        self.assertFalse(new.exists())
        nowhere = self.folder / "nowhere.json"
        nowhere.symlink_to("/dev/null")
        self.done("quantize", self.model, "--scheme", "float16", "-o", "/dev/null", "--report", nowhere)


class Outputs(Case):
    FLOAT16 = ("quantize", FLOAT, "--scheme", "float16", "-o")

    def left_over(self):
        return [p.name for p in self.folder.rglob("*") if "unfinished" in p.name]

    def test_permissions_are_kept(self):
        path = self.folder / "q.tflite"
        for mode in (0o600, 0o640, 0o755):
            path.write_bytes(b"before")
            path.chmod(mode)
            self.done(*self.FLOAT16, path)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode)
        out = self.folder / "out"
        for _ in range(2):
            self.done("export", FLOAT, "-o", out)
            (out / "index.json").chmod(0o600)
        self.done("export", FLOAT, "-o", out)
        self.assertEqual(stat.S_IMODE((out / "index.json").stat().st_mode), 0o600)

    def test_standard_output_that_cannot_be_written(self):
        for command in (("ops",), ("inspect", FLOAT), ("inspect", FLOAT, "--json"), ("--version",), ("--help",)):
            with open("/dev/full", "w") as full:
                done = subprocess.run([NARROW, *map(str, command)], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(done.stderr, "narrow: error: No space left on device (standard output)\n")
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([NARROW, *map(str, command)], stdout=write, stderr=subprocess.PIPE, text=True)
            os.close(write)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertEqual(done.stderr, "")  # who reads the other end has seen enough

    def test_standard_output_that_is_closed(self):
        out = self.folder / "q.tflite"
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', NARROW, *map(str, self.FLOAT16), out],
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.done("inspect", out)  # nothing was printed into it

    def test_limit_on_file_sizes(self):
        done = narrow(*self.FLOAT16, self.folder / "q.tflite",
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("File too large", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_interrupts_leave_nothing(self):
        for sent, code in ((signal.SIGHUP, 129), (signal.SIGTERM, 143)):
            running = subprocess.Popen([NARROW, "run", FLOAT, *map(str, TRAIN), "-o", self.folder / "y.npz", "--per-op",
                                        self.folder / "ops", "--threads", "1"], stderr=subprocess.DEVNULL)
            end = time.monotonic() + 20
            while running.poll() is None and not self.left_over() and time.monotonic() < end:
                pass
            running.send_signal(sent)
            self.assertIn(running.wait(20), (code, 0))
            self.assertEqual(self.left_over(), [])

    def test_pipes(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        self.refused(5, *self.FLOAT16, fifo, says="nobody reads from this pipe")
        read = []
        reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()))
        reader.start()
        self.done(*self.FLOAT16, fifo)
        reader.join(20)
        self.done(*self.FLOAT16, self.folder / "q.tflite")
        self.assertEqual(read[0], (self.folder / "q.tflite").read_bytes())

    def test_per_op_appears_whole(self):
        ops = self.folder / "ops"
        run = (NARROW, "run", FLOAT, *map(str, TEST), "--threads", "1", "--per-op", ops, "-o")
        for _ in range(3):
            racing = [subprocess.Popen([*run, self.folder / f"{i}.npy", "--samples", str(20 + i)],
                                       stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for i in range(4)]
            self.assertEqual([(p.communicate()[1], p.returncode) for p in racing], [(b"", 0)] * 4)
            self.assertEqual(self.left_over(), [])
            counts = {p.read_bytes()[10:128].split(b"'shape': (")[1].split(b",")[0] for p in ops.glob("*.npy")}
            self.assertEqual(len(counts), 1)
        before = {p.name: p.read_bytes() for p in ops.iterdir()}
        failed = narrow(*run[1:], self.folder / "y.npy",
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)))
        self.assertEqual(failed.returncode, 5, failed.stderr)
        self.assertEqual(self.left_over(), [])
        self.assertEqual({p.name: p.read_bytes() for p in ops.iterdir()}, before)


if __name__ == "__main__":
    unittest.main()
