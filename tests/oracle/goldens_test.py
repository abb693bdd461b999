"""narrow's tflm profile is TFLM bit for bit: every layer of the MLPerf Tiny int8 files."""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import goldens, networks, runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent


class Goldens(unittest.TestCase):
    def test_every_layer(self):
        for network in goldens.HASHES:
            path = shared(f"data/mlperf-tiny/{network}_int8_reference.tflite")
            about = networks.inspect(path)
            wanted = {about["ops"][op]["outputs"][0]: value for op, value in goldens.hashes(network).items()}
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                graph = networks.parsed(path)
                np.save(folder / "x.npy", goldens.lcg(graph.tensors[graph.inputs[0]].shape))
                runtimes.narrow("run", path, "--data", folder / "x.npy", "--data-is-quantized", "-o", folder / "y.npy",
                                "--per-op", folder / "ops", "--profile", "tflm")
                index = json.loads((folder / "ops" / "index.json").read_text())
                got = {row["tensor"]: goldens.fnv1a(np.load(folder / "ops" / row["file"])) for row in index}
                last = goldens.fnv1a(np.load(folder / "y.npy"))
            print(f"{network:7}{sum(got.get(t) == h for t, h in wanted.items())} of {len(wanted)} layers as TFLM's")
            with self.subTest(network=network):
                self.assertEqual({t: got.get(t) for t in wanted}, wanted)
                self.assertEqual(last, goldens.hashes(network)[max(goldens.hashes(network))])


if __name__ == "__main__":
    unittest.main()
