"""Models that ask for much in few bytes: answered in time in proportion to the file, or refused by a limit."""
import resource
import subprocess
import unittest

from cli_test import NARROW, Case, npy

try:
    import numpy as np

    from oracle.tflite_builder import TfliteBuilder
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SECONDS = 4  # of processor time, for machines that are half as fast as those that take two at most


class Builder(TfliteBuilder):
    """A builder that lists each kind of op once."""

    def __init__(self):
        self.known = {}
        super().__init__()

    def op(self, name, *arguments, **fields):
        super().op(name, *arguments, **fields)
        if name in self.known:
            self.codes.pop()
        self.ops[-1].opcodeIndex = self.known.setdefault(name, len(self.codes) - 1)

    def chain(self, count, names, constants):
        """`count` ADD ops, each of the sum before and a constant."""
        x = self.input("x", [1, 4], "float32")
        for i in range(count):
            k = self.tensor(constants(i), [4], "float32", values=np.ones(4))
            y = (self.output if i == count - 1 else self.tensor)(names(i), [1, 4], "float32")
            self.op("ADD", [x, k], [y], "AddOptions")
            x = y
        return self


def add_n(count):
    b = Builder()
    x = b.input("x", [1, 1], "float32")
    b.op("ADD_N", [x] * count, [b.output("y", [1, 1], "float32")], "AddNOptions")
    return b


def concatenation(count):
    b = Builder()
    x = b.input("x", [1, 1], "float32")
    b.op("CONCATENATION", [x] * count, [b.output("y", [1, count], "float32")], "ConcatenationOptions", axis=1)
    return b


def calls(depth, each):
    """Graphs that run the next one `each` times."""
    b = Builder()
    for g in range(depth):
        if g:
            b.graph()
        x = b.input("x", [1], "float32")
        for i in range(each if g < depth - 1 else 1):
            y = (b.output if i == each - 1 or g == depth - 1 else b.tensor)(f"t{i}", [1], "float32")
            if g < depth - 1:
                b.op("CALL", [x], [y], "CallOptions", subgraph=g + 1)
            else:
                b.op("RELU", [x], [y])
            x = y
    return b


class Times(Case):
    def model(self, builder):
        path = self.folder / "m.tflite"
        path.write_bytes(builder.bytes())
        return path

    def samples(self, *shape):
        path = self.folder / "x.npy"
        path.write_bytes(npy("<f4", (1, *shape), np.ones(shape, np.float32).tobytes()))
        return path

    def timed(self, *arguments, code=0):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=120)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertLess(after.ru_utime - before.ru_utime, SECONDS, arguments)
        return done

    def test_many_operands(self):
        for build in (add_n, concatenation):
            model = self.model(build(100_000))
            self.timed("quantize", model, "--data", self.samples(1), "-o", self.folder / "q.tflite")
            self.timed("run", model, "--data", self.samples(1), "-o", self.folder / "y.npy")
            self.timed("compile", model, "--headers-only", "-o", self.folder / "c")

    def test_many_constants_and_ops_of_one_name(self):
        model = self.model(Builder().chain(5000, lambda i: "same", lambda i: "same"))
        for i, how in enumerate((("--format", "npy"), ("--format", "header"), ("--format", "header", "--style", "define"))):
            self.timed("export", model, "-o", self.folder / str(i), *how)
        self.timed("quantize", model, "--data", self.samples(4), "-o", self.folder / "q.tflite")

    def test_calls_of_calls(self):
        model = self.model(calls(8, 30))
        for arguments in (("quantize", "-o", self.folder / "q.tflite"), ("run", "-o", self.folder / "y.npy")):
            done = self.timed(arguments[0], model, "--data", self.samples(1), *arguments[1:], code=4)
            self.assertIn("graph-runs", done.stderr)

    def test_one_long_name_does_not_pad_every_row(self):
        model = self.model(Builder().chain(2000, lambda i: "N" * 90_000 if i == 7 else f"t{i}", lambda i: "k"))
        said = self.timed("inspect", model).stdout
        self.assertLess(len(said), 1_000_000)
        self.assertIn("NNN...NNN", said)

    def test_memory_that_runs_out(self):
        def run(kilobytes, *command):
            limit = kilobytes << 10
            return subprocess.run([NARROW, *map(str, command)], capture_output=True, text=True, timeout=60,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

        # Below this, the system cannot load the libraries, whose own ends are not narrow's.
        starts, ends = 0, 1 << 20
        while ends - starts > 64:
            middle = (starts + ends) // 2
            starts, ends = (starts, middle) if run(middle, "--version").returncode == 0 else (middle, ends)
        model = self.model(Builder().chain(4000, str, str))
        seen = set()
        for more in (0, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 12288, 16384, 24576, 32768, 49152):
            for command in (("inspect", model), ("verify", model, "--runtime", "edgetpu")):
                done = run(ends + more, *command, "--json")
                self.assertIn(done.returncode, (0, 1, 4), done.stderr)  # 1: findings
                seen.add(done.returncode)
        self.assertEqual(seen, {0, 1, 4})


if __name__ == "__main__":
    unittest.main()
