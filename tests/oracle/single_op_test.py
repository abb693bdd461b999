"""Models of one op over random shapes, strides, paddings, dilations, broadcasts and scales, against LiteRT.

Integers must agree bit for bit: `--profile litert` with LiteRT's reference kernels, `--profile xnnpack` (8 bits) with
its default interpreter. Floats must be within 1e-5 of the largest output of the default interpreter. Under `xnnpack`
narrow may refuse a form by name; that is counted. The table at the end shows every op.

NARROW_SEED and NARROW_CASES choose other cases, NARROW_OPS (a list with commas) fewer ops. A case that fails is named
by op, width, seed and number; `python -m oracle.single_op_test OP WIDTH NUMBER` in tests/ shows it.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
import zlib

try:
    import numpy as np

    from . import runtimes
    from .cases import CASES, WITHOUT_CASES
    from .draw import DTYPES, Draw, Unfit
    from .environment import whole_number
    from .tflite_builder import schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_CASES", "30")
FLOAT_TOLERANCE = 1e-5

# LiteRT's reference SUM reads integers as unsigned bytes; narrow refuses to imitate it.
BROKEN = {("SUM", "int8", "litert"), ("SUM", "int16", "litert")}


# LiteRT does not look for the type of its data: it reads other memory.
NOT_IN_LITERT = {("UNIDIRECTIONAL_SEQUENCE_LSTM", "int16")}


def profiles(op, width):
    """Which of narrow's profiles a width is compared under."""
    if (op, width) in NOT_IN_LITERT:
        return []
    if width == "float":
        return ["xnnpack"]
    if width == "int16":
        return ["xnnpack" if (op, width, "litert") in BROKEN else "litert"]
    return [p for p in ("litert", "xnnpack") if (op, width, p) not in BROKEN]


def draw_case(op, width, number):
    draw = Draw([SEED, zlib.crc32(op.encode()), zlib.crc32(width.encode()), number], width)
    CASES[op](draw)
    return draw


def difference(got, want, size=0):
    """What is wrong with narrow's outputs, or None. `size`: of float results that activations cut."""
    for name, wanted in want.items():
        have = got.get(name)
        if wanted.shape[1:2] == (1,):  # the samples take the place of a leading 1
            wanted = wanted.reshape(len(wanted), *wanted.shape[2:])
        if have is None or have.dtype != wanted.dtype or have.shape != wanted.shape:
            return f"{name}: {None if have is None else (have.dtype, have.shape)}, not {wanted.dtype, wanted.shape}"
        if wanted.dtype.kind == "f":
            error = np.abs(have.astype(np.float64) - wanted)
            bound = FLOAT_TOLERANCE * np.abs(wanted.astype(np.float64)).max(initial=size)
            if not (error <= bound).all():
                return f"{name}: off by {error.max()}, bound {bound}"
        elif (have != wanted).any():
            apart = np.abs(have.astype(np.int64) - wanted)
            return f"{name}: {np.count_nonzero(apart)} of {apart.size} differ, by up to {apart.max()}"
    return None


class Row:
    """What came out for one op, width and profile."""

    def __init__(self, op, width, profile):
        self.op, self.width, self.profile = op, width, profile
        self.cases = 0
        self.mismatches = []  # (number, what)
        self.refused = collections.Counter()  # by narrow, by its words
        self.without = collections.Counter()  # no kernel in LiteRT, by its words

    def line(self):
        note = "  ".join(sorted({f"LiteRT: {w}" for w in self.without}))
        return (f"{self.op:24}{self.width:7}{self.profile:9}{self.cases:6}{len(self.mismatches):9}"
                f"{self.refused.total():9}{self.without.total():11}  {note[:70]}")


def compare(op, width, numbers):
    """Rows of one op and width over the cases of those numbers."""
    rows = {p: Row(op, width, p) for p in profiles(op, width)}
    for number in numbers:
        try:
            case = draw_case(op, width, number)
        except Unfit as e:
            for row in rows.values():
                row.without[str(e)] += len(numbers)
            break
        model = case.net.bytes()
        wanted = {}
        for profile, row in rows.items():
            try:
                wanted[profile] = runtimes.LiteRt(model, profile).run(case.samples)
            except runtimes.Refused as e:
                row.without[str(e)] += 1
        for profile, got in zip(wanted, runtimes.run_narrow(model, case.samples, *wanted)):
            row = rows[profile]
            if isinstance(got, runtimes.Refused):
                row.refused[re.sub(r' \(.*', '', str(got))] += 1
                continue
            row.cases += 1
            wrong = difference(got, wanted[profile], case.result_size)
            if wrong:
                row.mismatches.append((number, wrong))
    return list(rows.values())


class SingleOps(unittest.TestCase):
    def test_every_op_has_cases(self):
        """An op has random cases, or a line in WITHOUT_CASES, or no runtime has a kernel that it could be compared with."""
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        done = subprocess.run([runtimes.NARROW, "ops", "--json"], stdout=subprocess.PIPE, text=True, check=True)
        known = set()
        for row in json.loads(done.stdout)["ops"]:
            op = row.pop("op")
            known.add(op)
            comparable = set(sum(row.values(), [])) - {"narrow"}
            with self.subTest(op=op):
                if comparable:
                    self.assertTrue(op in CASES or op in WITHOUT_CASES, "no cases in tests/oracle/cases/")
                self.assertFalse(op in CASES and op in WITHOUT_CASES, "has cases, and a reason why it has none")
        self.assertEqual((set(CASES) | set(WITHOUT_CASES)) - known, set(), "not an op of narrow")

    def test_all(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        schema()
        chosen = os.environ.get("NARROW_OPS", "").split(",") if os.environ.get("NARROW_OPS") else CASES
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
            work = [pool.submit(compare, op, width, range(COUNT)) for op in chosen for width in DTYPES]
            rows = [row for done in work for row in done.result()]
        report(rows)
        for row in rows:
            with self.subTest(op=row.op, width=row.width, profile=row.profile):
                self.assertEqual(row.mismatches, [])
                if row.profile == "litert" or row.width == "float":
                    self.assertEqual(dict(row.refused), {}, "narrow refuses what LiteRT computes")


def report(rows):
    print(f"\nseed {SEED}, {COUNT} cases of each op and width")
    print(f"{'op':24}{'width':7}{'profile':9}{'cases':>6}{'mismatch':>9}{'refused':>9}{'no LiteRT':>11}")
    for row in rows:
        print(row.line())
    for row in rows:
        for words, count in row.refused.items():
            print(f"refused, {row.op} {row.width} {row.profile}, {count} cases: {words}")
        for number, what in row.mismatches[:3]:
            print(f"mismatch, {row.op} {row.width} {row.profile}, case {number}: {what}")
    print(f"{len({row.op for row in rows})} ops, {sum(row.cases for row in rows)} cases, "
          f"{sum(len(row.mismatches) for row in rows)} mismatches, {sum(row.refused.total() for row in rows)} refused")


if __name__ == "__main__":
    print("\n".join(f"{row.line()}\n{row.mismatches}\n{dict(row.refused)}"
                    for row in compare(sys.argv[1], sys.argv[2], [int(sys.argv[3])])))
