"""What the benchmark stands on: what it says that a process took, and how it shows it."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
try:
    import numpy as np

    from bench import accuracy, measure, table
    from bench.environment import MIB, SPAWN, Absent
except ImportError as e:
    raise unittest.SkipTest(f"no {e.name}") from e


@unittest.skipUnless(pathlib.Path(SPAWN).exists(), "no narrow_spawn")
class Measure(unittest.TestCase):
    def test_peak_memory_is_the_commands_own(self):
        held = bytearray(200 * MIB)
        self.assertLess(measure.run("true").memory, 16 * MIB)
        del held

    def test_time_and_output(self):
        cost = measure.run("sh", "-c", "sleep 0.2; echo '{\"a\": 1}'")
        self.assertGreaterEqual(cost.wall, 0.2)
        self.assertLess(cost.cpu, 0.15)
        self.assertEqual(cost.json, {"a": 1})

    def test_failure_says_what_the_command_said(self):
        with self.assertRaisesRegex(measure.Failed, "exit code 3: no such model"):
            measure.run("sh", "-c", "echo no such model >&2; echo remedy >&2; exit 3")

    def test_growth_leaves_the_start_out(self):
        costs = {10: measure.Cost(1.5, 1.1, 100, ""), 30: measure.Cost(2.5, 1.3, 110, "")}
        grown = measure.growth(10, 30, costs.get)()
        self.assertAlmostEqual(grown.wall, 0.05)
        self.assertAlmostEqual(grown.cpu, 0.01)

    def test_jobs_take_turns(self):
        order = []
        measure.in_turn(2, {"a": lambda: order.append("a"), "b": lambda: order.append("b")})
        self.assertEqual(order, ["a", "b", "a", "b"])


class Accuracy(unittest.TestCase):
    def test_no_sample_that_calibrates_measures(self):
        try:
            calibration, test, labels = accuracy.SUBJECTS[0].samples
        except Absent as e:
            self.skipTest(str(e))
        some, others = np.load(calibration), np.load(test)
        self.assertEqual((len(some), len(others), len(np.load(labels))), (100, 400, 400))
        self.assertFalse(any((others == one).all(axis=(1, 2, 3)).any() for one in some))

    def test_shows_decibels_and_share(self):
        self.assertEqual(str(accuracy.Accuracy(31.84, 364, 400)), "31.8 dB, 91.00 %")


class Table(unittest.TestCase):
    def test_verdicts(self):
        shown = table.text([table.at_least("fast", "6 s", "12 s", 2.0, 1), table.at_most("big", 33.04, 32, "MiB"),
                            table.Remark("other: skipped: no data")])
        self.assertEqual(shown.splitlines(), [
            "        narrow  peer  ratio     target",
            "fast       6 s  12 s   2.00       >= 1  ok",
            "big   33.0 MiB     -      -  <= 32 MiB  short",
            "other: skipped: no data"])


if __name__ == "__main__":
    unittest.main()
