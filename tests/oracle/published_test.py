"""`narrow verify` on files that others published or made: what it finds, and what LiteRT and TensorFlow Lite Micro say.

A file in which nothing is found runs there; one in which something is found does not.
"""
import collections
import json
import pathlib
import subprocess
import unittest

try:
    from . import isolated, runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

NETWORKS = ("ad", "kws", "resnet", "vww")

# Ops of each network that CMSIS-NN does not take in 16 bits: fully connected layers with a scale for each channel.
CHANNEL_SCALES = {"ad": 10, "kws": 1, "resnet": 1, "vww": 1}


def files():
    """(path, network, how it is quantized) of each file."""
    for path in sorted(shared("data/mlperf-tiny").glob("*.tflite")) + sorted(shared("data/converter").glob("*.tflite")):
        network, kind = path.stem.split("_", 1)
        yield path, network, {"int8_500": "int8", "int8_reference": "int8", "dynamic_range_reference": "dynamic"}.get(
            kind, kind)


def findings(path, runtime):
    done = subprocess.run([runtimes.NARROW, "verify", path, "--runtime", runtime, "--json"], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    out = json.loads(done.stdout)
    assert out["ok"] == (not out["findings"]) == (done.returncode == 0), out
    return out["findings"]


def runs(name, path):
    worker = isolated.Worker(name)
    try:
        worker.run(path.read_bytes())
        return True
    except runtimes.Refused:
        return False
    finally:
        worker.close()


class Published(unittest.TestCase):
    def setUp(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")

    def test_litert_and_narrow_take_all(self):
        for path, _, _ in files():
            for runtime in ("litert", "narrow"):
                with self.subTest(file=path.name, runtime=runtime):
                    self.assertEqual(findings(path, runtime), [])

    def test_micro_takes_what_is_float_or_integer_alone(self):
        for path, network, kind in files():
            with self.subTest(file=path.name):
                found = findings(path, "tflm")
                self.assertEqual(bool(found), kind in ("dynamic", "float16"), found)
                if kind == "dynamic":
                    self.assertIn("quantized dynamically", found[0]["what"])
                    self.assertEqual(found[1:], [])  # of the model, and not of each op again
                if kind == "float16":
                    self.assertIn("float16", found[0]["what"])
                    self.assertEqual(found[1:], [])
                extra = CHANNEL_SCALES[network] if kind == "int16x8" else 0
                self.assertEqual(len(findings(path, "cmsis-nn")), len(found) + extra)

    def test_edge_tpu_takes_integers_of_8_bits_and_fixed_sizes(self):
        for path, _, kind in files():
            with self.subTest(file=path.name):
                found = findings(path, "edgetpu")
                free = [f for f in found if "free dimension" in f["what"]]
                self.assertEqual(len(free), 1 if path.parent.name == "mlperf-tiny" else 0)
                if kind == "int8" and path.parent.name == "converter":
                    self.assertEqual(found, [])
                if kind != "int8":
                    self.assertGreater(len(found), len(free))

    def test_the_runtimes_say_the_same(self):
        counts = collections.Counter()
        for path, _, _ in files():
            for runtime in isolated.installed():
                with self.subTest(file=path.name, runtime=runtime):
                    taken = runs(runtime, path)
                    self.assertEqual(taken, not findings(path, runtime))
                    counts[runtime, taken] += 1
        for (runtime, taken), count in sorted(counts.items()):
            print(f"{runtime}: {count} files {'run' if taken else 'are refused'}, as verify says")
        if "tflm" not in isolated.installed():
            self.skipTest("tflite_micro is not installed")


if __name__ == "__main__":
    unittest.main()
