"""`narrow verify` against the runtimes themselves: LiteRT and, where it is installed, TensorFlow Lite Micro.

Each model of one op, as the generator draws it and with one thing changed (a type, a scale, a zero point, a version,
an axis), is given to both. A model in which nothing is found must run: there is no exception. What is found in a
changed model that runs nevertheless is tried:

- The kernel does not look at the scale or zero point that is named: its results stay the same when that is moved.
- The kernel takes another type for the one named: it does not give the numbers that it gives for the right types, or
  of integers of one size it gives the bytes that it gives for the same bytes.
- Data has lost its scale: then it stands for no values, and there is nothing to try.

In an unchanged model that runs nothing may be found but what MISCOMPUTED lists.

NARROW_SEED, NARROW_VERIFY_CASES and NARROW_OPS choose the cases.
"""
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import zlib

try:
    import numpy as np

    from . import isolated, runtimes
    from .cases import CASES
    from .draw import DTYPES, SAMPLES, Draw, Unfit
    from .environment import whole_number
    from .tflite_builder import TYPES, schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_VERIFY_CASES", "2")

# What is found: data without a scale; types that are not the kernel's; zero points that must be 0.
WITHOUT_SCALE = re.compile(r" is u?int\d+ without a scale$| ha(s|ve) no scale(;|,|:|$)")
WRONG_TYPE = re.compile(r"^(operand|result) \d+ is \w+, where the kernel takes |^no kernel for |^the op states \w+ biases")
SYMMETRIC = re.compile(r"; 16-bit data must be symmetric, with 0$|; the kernel computes with 0$")

# What is found in forms that a runtime runs and computes wrongly whatever is changed, as the source of its kernels says.
READS_BOTH_ALIKE = "the kernel reads both alike"  # 16-bit integers are compared without their scales
MISCOMPUTED = {
    **{("litert", op, "int16"): READS_BOTH_ALIKE for op in ("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")},
    ("tflm", "GREATER", "int16"): READS_BOTH_ALIKE,
    **{("tflm", "RELU6", width): "the kernel takes the integers as they are" for width in ("int8", "int16")},
    ("tflm", "SPACE_TO_BATCH_ND", "int8"): "pads with 0 where zero stands at",
    ("tflm", "SVDF", "int8"): "an activation that limits its results",
    ("tflm", "UNIDIRECTIONAL_SEQUENCE_LSTM", "float"): "another activation than tanh",
    # 32-bit biases are read as 64-bit ones.
    ("tflm", "DEPTHWISE_CONV_2D", "int16"): "operand 2 is int32, where the kernel takes int64",
    ("tflm", "TRANSPOSE_CONV", "int16"): "operand 3 is int32, where the kernel takes int16 or int64",
}

# Kernels of TFLM that subtract a zero point where the format's rules say 0. verify keeps to the rules: 16-bit sums reach
# beyond their 32 bits otherwise, and builds of TFLM with checks end where weights have one.
SUBTRACTED = {*((op, "int16") for op in ("ADD", "SUB", "LEAKY_RELU")), ("FULLY_CONNECTED", "int8"),
              ("FULLY_CONNECTED", "int16")}

# What LiteRT says of the values it is given, which no rule can know before.
OF_VALUES = re.compile(r"data\[i\] != zero_point")


def changed(net, rng):
    """Changes one thing of a model under construction; says what, or None where there was nothing of that kind."""
    t = net.tensors[rng.integers(len(net.tensors))]
    q = t.quantization
    kind = rng.integers(7)
    if kind == 0:
        net.codes[0].version = int(rng.integers(1, 17))
        return "version"
    if kind == 1:
        types = ["FLOAT32", "INT8", "INT16", "INT32", "INT64", "UINT8", "BOOL", "FLOAT16"]
        before, t.type = t.type, getattr(schema().TensorType, types[rng.integers(len(types))])
        return "type" if t.buffer == 0 and t.type != before else None
    if q is None:
        return None
    if kind == 2:
        q.scale = q.scale * np.float32(rng.choice([0.01, 0.5, 2, 300]))
        return "scale"
    if kind == 3 and len(q.zeroPoint) == 1:
        q.zeroPoint = q.zeroPoint + (20 if q.zeroPoint[0] < 0 else -20)
        return "zero point"
    if kind == 4:
        t.quantization = None
        return "no scale"
    if kind == 5 and len(q.scale) > 1 and len(t.shape) > 1:
        same = [i for i, n in enumerate(t.shape) if n == len(q.scale) and i != q.quantizedDimension]
        if same:
            q.quantizedDimension = same[0]
            return "axis"
    if kind == 6 and len(q.scale) == 1 and len(t.shape):
        n = int(t.shape[-1])
        q.quantizedDimension = len(t.shape) - 1
        q.scale = np.repeat(q.scale, n) * np.arange(1, n + 1, dtype=np.float32)
        q.zeroPoint = np.repeat(q.zeroPoint, n)
        return "scales" if n > 1 else None
    return None


class Case:
    """A model of one op: as drawn, and with one thing changed; `what` is None where there is nothing to change."""

    def __init__(self, op, width, number, change):
        draw = Draw([SEED, zlib.crc32(op.encode()), zlib.crc32(width.encode()), number], width)
        CASES[op](draw)
        self.net = draw.net
        self.unchanged, self.types_before = self.net.bytes(), self.types()
        self.what = changed(self.net, draw.rng) if change else ""
        self.model = self.net.bytes()
        names = [self.net.tensors[i].name for i in self.net.inputs]
        self.samples = cast([[draw.samples[name][i] for name in names] for i in range(SAMPLES)], self.types())

    def types(self):
        """Of the inputs, then of the outputs."""
        tensors = [self.net.tensors[i] for i in (*self.net.inputs, *self.net.outputs)]
        return [next(np.dtype(d) for d, name in TYPES.items() if getattr(schema().TensorType, name) == t.type)
                for t in tensors]

    def samples_before(self):
        """The same numbers, or bits where the size is the same, in the types of the unchanged model."""
        return cast(self.samples, self.types_before)

    def lone(self, results):
        """Whether the results, or what has another type now, are one element: a wider type's low byte is the number too."""
        tensors = zip(self.types_before, self.types(), (*self.samples[0], *results[0]))
        return all(y.size == 1 for y in results[0]) or all(x.size == 1 for old, new, x in tensors if old != new)

    def same_sizes(self):
        """Whether types were changed to others of as many bits alone, all of integers."""
        pairs = [(a, b) for a, b in zip(self.types_before, self.types()) if a != b]
        return all(a.kind in "iub" and b.kind in "iub" and a.itemsize == b.itemsize for a, b in pairs)

    def moved(self, finding):
        """The changed model with another scale or zero point where the finding names one."""
        q = self.net.tensors[int(re.search(r"tensor (\d+) ", finding)[1])].quantization
        scale, zero_point = q.scale, q.zeroPoint
        if re.search(r" has \d+ scales", finding):
            q.scale = np.full_like(scale, scale[0])
        elif SYMMETRIC.search(finding):
            q.zeroPoint = zero_point // 2
        else:
            q.scale = scale * np.float32(1.5)
        model = self.net.bytes()
        q.scale, q.zeroPoint = scale, zero_point
        return model


def cast(samples, dtypes):
    return [[x.astype(dtype) for x, dtype in zip(sample, dtypes)] for sample in samples]


def found(folder, runtime):
    """What verify finds; None where narrow does not read the model."""
    done = subprocess.run([runtimes.NARROW, "verify", folder / "model.tflite", "--runtime", runtime, "--json"],
                          capture_output=True, text=True, timeout=60)
    if done.returncode in (0, 1):
        return json.loads(done.stdout)["findings"]
    assert done.returncode == runtimes.REFUSED, done.stderr
    return None


def run(worker, model, samples):
    """Results of each sample, and what the runtime says against the model; one of them is None."""
    try:
        return worker.run(model, samples), None
    except runtimes.Refused as e:
        return None, str(e)


def equal(a, b):
    """Whether results are the same numbers."""
    return all(np.array_equal(x.astype(np.float64), y.astype(np.float64)) for x, y in pairs(a, b))


def zeros(results):
    """Whether the results are zeros alone, which are the same numbers in every type where memory was clear before."""
    return not any(x.any() for sample in results for x in sample)


def same_bytes(a, b):
    return all(x.tobytes() == y.tobytes() for x, y in pairs(a, b))


def pairs(a, b):
    return [pair for one, other in zip(a, b) for pair in zip(one, other)]


def confirmed(case, finding, results, worker):
    """Whether the runtime shows that what was found is so, though it runs the changed model."""
    if WITHOUT_SCALE.search(finding):
        return True
    if WRONG_TYPE.search(finding):
        if any(x.dtype != t for sample in results for x, t in zip(sample, case.types()[len(case.samples[0]):])):
            return True  # the runtime gives the result another type than the file
        before, refused = run(worker, case.unchanged, case.samples_before())
        return (refused or zeros(before) or case.lone(results) or not equal(before, results) or
                case.same_sizes() and same_bytes(before, results))
    after, refused = run(worker, case.moved(finding), case.samples)
    return not refused and equal(after, results)


class Row:
    def __init__(self, op, width, runtime):
        self.op, self.width, self.runtime = op, width, runtime
        self.agreed = self.unread = 0
        self.missed = []  # nothing found, and it does not run
        self.strict = []  # found in an unchanged model, or what the runtime does check, and it runs
        self.unchecked = collections.Counter()

    def judge(self, number, case, findings, worker):
        if findings is None:
            self.unread += 1
            return
        results, refusal = run(worker, case.model, case.samples)
        if bool(findings) == bool(refusal) or refusal and OF_VALUES.search(refusal):
            self.agreed += 1
        elif refusal:
            self.missed.append((number, case.what, refusal))
        elif all(self.miscomputed(f["what"]) or case.what and confirmed(case, f["what"], results, worker)
                 for f in findings):
            self.unchecked[case.what or "unchanged"] += 1
        else:
            self.strict.append((number, case.what, findings[0]["what"]))

    def miscomputed(self, finding):
        known = MISCOMPUTED.get((self.runtime, self.op, self.width))
        if self.runtime == "tflm" and (self.op, self.width) in SUBTRACTED:
            known = SYMMETRIC
        return known and re.search(known, finding)


def compare(op, width):
    names = isolated.installed()
    rows = {r: Row(op, width, r) for r in names}
    workers = {r: isolated.Worker(r) for r in names}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number in range(3 * COUNT):
            try:
                case = Case(op, width, number, change=number >= COUNT)
            except Unfit:
                break
            if case.what is None:
                continue
            (folder / "model.tflite").write_bytes(case.model)
            for name, row in rows.items():
                row.judge(number, case, found(folder, name), workers[name])
    for worker in workers.values():
        worker.close()
    return list(rows.values())


class Verify(unittest.TestCase):
    def test_against_the_runtimes(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        if not isolated.installed():
            self.skipTest("neither ai_edge_litert nor tflite_micro is installed; tools/setup check installs them")
        schema()
        chosen = os.environ.get("NARROW_OPS", "").split(",") if os.environ.get("NARROW_OPS") else CASES
        with concurrent.futures.ThreadPoolExecutor(multiprocessing.cpu_count()) as pool:
            rows = [r for done in pool.map(lambda w: compare(*w), [(o, w) for o in chosen for w in DTYPES]) for r in done]
        report(rows)
        for row in rows:
            with self.subTest(op=row.op, width=row.width, runtime=row.runtime):
                self.assertEqual(row.missed, [], "nothing is found, and it does not run")
                self.assertEqual(row.strict, [], "something is found, and it runs")

    def test_tflm_is_there(self):
        if "tflm" not in isolated.installed():
            self.skipTest("tflite_micro is not installed")


def report(rows):
    print(f"\nseed {SEED}, {COUNT} cases of each op and width, and twice as many with one thing changed")
    for name in isolated.installed():
        those = [r for r in rows if r.runtime == name]
        unchecked = sum((r.unchecked for r in those), collections.Counter())
        print(f"{name}: {sum(r.agreed for r in those)} agree, {sum(len(r.missed) for r in those)} missed, "
              f"{sum(len(r.strict) for r in those)} too strict, {sum(r.unread for r in those)} not read; "
              f"found in models that run but whose values would be wrong: {dict(unchecked)}")
    for row in rows:
        for kind in ("missed", "strict"):
            for number, what, why in getattr(row, kind)[:4]:
                print(f"{kind}, {row.runtime} {row.op} {row.width}, case {number} ({what or 'unchanged'}): {why}")


if __name__ == "__main__":
    unittest.main()
