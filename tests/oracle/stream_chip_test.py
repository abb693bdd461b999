"""Keyword spotting frame by frame on an emulated Cortex-M4: a network that was made to take its frames one by one gives,
between two calls of NAME_run, what the whole window gives, with a state that stays from one call to the next."""
import sys
import unittest

try:
    import numpy as np

    from . import runtimes
    from .environment import ROOT, shared
    from .stream_conversion_test import SEED, Checks, Network
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

sys.path.insert(0, str(ROOT))
from bench.mcu import run as chips

CORE = "m4"


def expected(project):
    """The outputs that the self-test wants, as many rows as it has runs."""
    text = (project / "selftest.c").read_text()
    values = text[text.rindex("= {") + 3:text.index("};", text.rindex("= {"))]
    return np.array([int(v) for v in values.replace("\n", " ").split(",")], np.int8)


class OnChip(Checks):
    def check_chip(self, name, frames):
        """`frames`: stored values. The self-test's outputs are those of whole windows, and the chip gives them."""
        said = self.streamed(name)
        n, first = said["frames"], said["first_run"]
        pieces = frames[:len(frames) // n * n].reshape(-1, n, *frames.shape[1:])
        np.save(self.folder / "x.npy", pieces)
        project = self.folder / "keyword"
        runtimes.narrow("compile", self.folder / f"s_{name}", "-o", project, "--name", "keyword", "--target", "cortex-m4",
                        "--golden", self.folder / "x.npy", "--data-is-quantized")
        got = expected(project).reshape(len(pieces), -1)
        windows = np.stack([np.resize(frames[(r - first) * n + said["offset"]:], (said["window"], *frames.shape[1:]))
                            for r in range(first, len(pieces))])
        np.testing.assert_array_equal(got[first:], self.outputs(name, windows))
        self.assertGreater(len(windows), 3)
        found = chips.run(project, CORE, "O2")
        if found.status == "skipped":
            self.skipTest(f"{CORE}: {found.reason}")
        self.assertEqual(found.status, "passed", found)
        print(f"{name}: {len(pieces)} runs on {CORE}, {len(windows)} whole windows, answers "
              f"{sorted(set(got[first:].argmax(1).tolist()))}")

    def test_small_network(self):
        net = Network([SEED, 9], 24, 6)
        net.slide("CONV_2D", 5, 2, width=6, out=8)
        net.slide("DEPTHWISE_CONV_2D", 3)
        net.slide("CONV_2D", 1, out=8)
        (self.folder / "f.tflite").write_bytes(net.finish("mean"))
        name = self.quantized("f.tflite", 24, 6)
        frames = np.random.default_rng(SEED).normal(size=(60, 6, 1)) * np.repeat([0.5, 1.5, 1], 20)[:, None, None]
        self.check_chip(name, np.clip(np.round(frames * 40), -128, 127).astype(np.int8))

    def test_keywords(self):
        """Arm's CNN_S, a run of which takes 2 frames of 20 ms."""
        windows = np.load(shared("data/kws01/x.npy"))[:60].reshape(-1, 49, 10).astype(np.float32)
        np.save(self.folder / "c.npy", windows)
        runtimes.narrow("convert", shared("data/arm-kws/CNN_S.pb"), "-o", self.folder / "f.tflite", "--quiet")
        runtimes.narrow("quantize", self.folder / "f.tflite", "--data", self.folder / "c.npy", "-o", self.folder / "q.tflite")
        scale, zero = runtimes.LiteRt(self.folder / "q.tflite", "litert").inputs[0]["quantization"]
        frames = np.clip(np.round(windows[:2].reshape(-1, 10) / scale) + zero, -128, 127).astype(np.int8)
        self.check_chip("q.tflite", frames)


if __name__ == "__main__":
    unittest.main()
