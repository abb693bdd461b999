"""`narrow verify` against the runtimes themselves: LiteRT and, where it is installed, TensorFlow Lite Micro.

Each model of one op, as the generator draws it and with one thing changed (a type, a scale, a zero point, a version,
an axis), is given to both. A model in which nothing is found must run: there is no exception. Something found in a
model that runs is counted by what was found, and allowed where the rule says that values would be wrong, or that the
kernel reads what it does not check; an unchanged model must have none.

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
    from .draw import DTYPES, Draw, Unfit
    from .environment import whole_number
    from .tflite_builder import TYPES, schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_VERIFY_CASES", "3")

# What verify finds and the runtime runs: it computes something else than the file says, or is not asked to check.
UNCHECKED = re.compile(
    "values would be wrong|computes for|reads? (it|them|the first alone|both alike)|not 0|without a scale|have no scale"
    "|must be symmetric|takes one for data|the weights have|dimension \\d|computes with 0|asks for equal ones|states|is one more than|where the kernel takes|no kernel for")

# Forms that a runtime runs and computes wrongly, as the source of its kernels says.
MISCOMPUTED = {
    **{("litert", op, "int16"): "compares integers of different scales"
       for op in ("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")},
    ("tflm", "RELU6", "int8"): "clamps without bringing the data to the result's scale",
    ("tflm", "RELU6", "int16"): "clamps without bringing the data to the result's scale",
    ("tflm", "GREATER", "int16"): "compares integers of different scales",
    ("tflm", "SPACE_TO_BATCH_ND", "int8"): "pads with 0",
    ("tflm", "DEPTHWISE_CONV_2D", "int16"): "reads 32-bit biases as 64-bit ones",
    ("tflm", "TRANSPOSE_CONV", "int16"): "reads 32-bit biases as 64-bit ones",
}

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
        q.zeroPoint = q.zeroPoint + (1 if q.zeroPoint[0] < 0 else -1)
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
        q.scale, q.zeroPoint = np.repeat(q.scale, n), np.repeat(q.zeroPoint, n)
        return "scales" if n > 1 else None
    return None


def draw_case(op, width, number, change):
    draw = Draw([SEED, zlib.crc32(op.encode()), zlib.crc32(width.encode()), number], width)
    CASES[op](draw)
    what = changed(draw.net, draw.rng) if change else ""
    return draw, what


def found(folder, runtime):
    """What verify finds; None where narrow does not read the model."""
    done = subprocess.run([runtimes.NARROW, "verify", folder / "model.tflite", "--runtime", runtime, "--json"],
                          capture_output=True, text=True, timeout=60)
    if done.returncode in (0, 1):
        return json.loads(done.stdout)["findings"]
    assert done.returncode == runtimes.REFUSED, done.stderr
    return None


def sample(draw):
    """The first sample of a case, in the types that its inputs have by now."""
    types = {getattr(schema().TensorType, name): dtype for dtype, name in TYPES.items()}
    inputs = [draw.net.tensors[i] for i in draw.net.inputs]
    return [draw.samples[t.name][0].astype(types[t.type]) for t in inputs]


def refusal(worker, model, inputs):
    """What the runtime says against a model; None where it runs."""
    try:
        worker.run(model, [inputs])
        return None
    except runtimes.Refused as e:
        return str(e)


class Row:
    def __init__(self, op, width, runtime):
        self.op, self.width, self.runtime = op, width, runtime
        self.agreed = self.unread = 0
        self.missed = []  # nothing found, and it does not run
        self.strict = []  # found in an unchanged model, or what the runtime does check, and it runs
        self.unchecked = collections.Counter()

    def judge(self, number, what, findings, refusal):
        if findings is None:
            self.unread += 1
        elif bool(findings) == bool(refusal):
            self.agreed += 1
        elif refusal and OF_VALUES.search(refusal):
            self.agreed += 1
        elif refusal:
            self.missed.append((number, what, refusal))
        elif all(UNCHECKED.search(f["what"]) for f in findings) and (
                what or (self.runtime, self.op, self.width) in MISCOMPUTED):
            self.unchecked[what or "unchanged"] += 1
        else:
            self.strict.append((number, what, findings[0]["what"]))


def compare(op, width):
    names = isolated.installed()
    rows = {r: Row(op, width, r) for r in names}
    workers = {r: isolated.Worker(r) for r in names}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number in range(3 * COUNT):
            try:
                draw, what = draw_case(op, width, number, change=number >= COUNT)
            except Unfit:
                break
            if what is None:
                continue
            model = draw.net.bytes()
            (folder / "model.tflite").write_bytes(model)
            for name, row in rows.items():
                row.judge(number, what, found(folder, name), refusal(workers[name], model, sample(draw)))
    for worker in workers.values():
        worker.close()
    return list(rows.values())


class Verify(unittest.TestCase):
    def test_against_the_runtimes(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
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
