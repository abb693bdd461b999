"""The MLPerf Tiny networks, quantized by narrow: loaded and run by LiteRT, and beside the TFLite converter's files."""
import json
import pathlib
import tempfile
import unittest

try:
    import numpy as np

    from . import networks, runtimes
    from .environment import shared
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

# The converter takes a range for these results of resnet that is wider than theirs: the last convolutions before ADD.
WIDENED = {("resnet", 2), ("resnet", 6), ("resnet", 10)}
# Weight scales are at least this. With 16-bit activations the converter goes lower, where all weights of a channel are
# as good as zero and only its bias counts.
SMALLEST_SCALE = 5e-7 / 127


class SameOutputs(unittest.TestCase):
    """narrow's simulation of an emitted file is what LiteRT computes, on every sample."""

    def compare(self, network, scheme):
        path = networks.quantized(network, scheme)
        x = networks.samples(network)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            for profile in runtimes.RESOLVERS:
                runtime = runtimes.LiteRt(path, profile)
                detail, = runtime.inputs
                q = networks.integers(x, detail)
                np.save(folder / "x.npy", q)
                runtimes.narrow("run", path, "--data", folder / "x.npy", "--data-is-quantized", "-o", folder / "y.npy",
                                "--profile", profile)
                wanted, = runtime.run({detail["name"]: q}).values()
                got = np.load(folder / "y.npy").reshape(wanted.shape)
                wrong = np.count_nonzero(got != wanted)
                print(f"{network:7}{scheme:8} {profile:8}{len(q):5} samples {got.size:7} values {wrong:6} differ")
                with self.subTest(profile=profile):
                    self.assertEqual(got.dtype, wanted.dtype)
                    self.assertEqual(wrong, 0)

    def test_quantized_inputs(self):
        """The integers that narrow makes of real samples are those LiteRT's users make."""
        for network in networks.DATA:
            path = networks.quantized(network, "int8")
            x = networks.samples(network)[:20]
            detail, = runtimes.LiteRt(path, "litert").inputs
            with tempfile.TemporaryDirectory() as folder:
                outputs = []
                for i, (data, options) in enumerate(((x, []), (networks.integers(x, detail), ["--data-is-quantized"]))):
                    np.save(f"{folder}/x.npy", data)
                    runtimes.narrow("run", path, "--data", f"{folder}/x.npy", *options, "-o", f"{folder}/{i}.npy")
                    outputs.append(np.load(f"{folder}/{i}.npy"))
            np.testing.assert_array_equal(*outputs)


class SameFiles(unittest.TestCase):
    """Scales, zero points, weights and biases beside those of the TFLite converter on the same samples."""

    def pairs(self, network, scheme):
        """Tensors of narrow's and of the converter's file, by name."""
        ours = networks.parsed(networks.quantized(network, scheme))
        theirs = networks.parsed(shared(f"data/converter/{network}_{scheme}.tflite"))
        widened = {theirs.tensors[op.outputs[0]].name for i, op in enumerate(theirs.operators) if (network, i) in WIDENED}
        by_name = {t.name: t for t in theirs.tensors}
        for op in theirs.operators:
            if len(op.inputs) == 3 and theirs.tensors[op.inputs[1]].values is not None:
                weights, bias = (theirs.tensors[i] for i in op.inputs[1:])
                if weights.quantization is not None and weights.quantization.scale is not None:
                    weights.counted = bias.counted = weights.quantization.scale > 0.99 * SMALLEST_SCALE
        self.assertEqual({t.name for t in ours.tensors}, set(by_name))
        return [(t, by_name[t.name]) for t in ours.tensors if t.name not in widened]

    def compare(self, network, scheme):
        weights = same = removed = 0
        for a, b in self.pairs(network, scheme):
            with self.subTest(tensor=a.name):
                self.assertEqual(a.type, b.type)
                if b.values is not None and a.values.size < b.values.size:
                    rest = iter(b.quantization.scale)  # narrow has removed channels, and the others keep their order
                    for scale in a.quantization.scale:
                        self.assertTrue(any(np.isclose(scale, other, rtol=1e-5) for other in rest))
                    removed += b.values.size - a.values.size
                    continue
                if b.quantization is not None and b.quantization.scale is not None:
                    counted = getattr(b, "counted", slice(None))
                    np.testing.assert_allclose(a.quantization.scale[counted], b.quantization.scale[counted], rtol=1e-5)
                    np.testing.assert_array_equal(a.quantization.zeroPoint, b.quantization.zeroPoint)
                if b.values is None or b.quantization is None or b.quantization.scale is None:
                    continue
                if b.values.dtype == np.int8:
                    weights, same = weights + b.values.size, same + np.count_nonzero(a.values == b.values)
                elif b.values.dtype in (np.int32, np.int64):
                    wanted = b.values[counted].astype(np.float64)
                    self.assertLessEqual((np.abs(a.values[counted] - wanted) - 1e-5 * np.abs(wanted)).max(), 1)
        print(f"{network:7}{scheme:8} {same} of {weights} weights are the converter's")
        self.assertTrue(removed == 0 or network == "vww")
        self.assertGreaterEqual(same, 0.9999 * weights)


class Accuracy(unittest.TestCase):
    def test_float_keywords(self):
        """narrow and LiteRT say the same of the same 500 keywords."""
        labels = np.load(shared("data/kws01/y.npy"))
        said = json.loads(runtimes.narrow("evaluate", networks.float_model("kws"), "--data", shared("data/kws01/x.npy"),
                                          "--labels", shared("data/kws01/y.npy"), "--json"))
        runtime = runtimes.LiteRt(networks.float_model("kws"), "xnnpack")
        y, = runtime.run({runtime.inputs[0]["name"]: networks.samples("kws")}).values()
        right = np.count_nonzero(y.reshape(len(y), -1).argmax(1) == labels)
        print(f"kws float: {right} of {len(labels)} right")
        self.assertEqual(round(said["models"][0]["top1"] * len(labels)), right)

    def error(self, path, x, reference):
        """SQNR of a file on real samples, by LiteRT."""
        runtime = runtimes.LiteRt(path, "xnnpack")
        detail, = runtime.inputs
        y, = runtime.run({detail["name"]: networks.integers(x, detail)}).values()
        return networks.sqnr(reference, networks.reals(y, runtime.outputs[0]))

    def compare(self, network, scheme):
        """On samples that were not calibrated with."""
        x = networks.samples(network)[networks.CALIBRATED:][:600]
        runtime = runtimes.LiteRt(networks.float_model(network), "xnnpack")
        reference, = runtime.run({runtime.inputs[0]["name"]: x}).values()
        ours = self.error(networks.quantized(network, scheme), x, reference)
        theirs = self.error(shared(f"data/converter/{network}_{scheme}.tflite"), x, reference)
        print(f"{network:7}{scheme:8} {len(x):4} samples, SQNR {ours:.2f} dB, the converter's {theirs:.2f} dB")
        self.assertGreaterEqual(ours, theirs - 0.2)


def for_each(case, name, schemes):
    """Makes a test of case.compare for every network and scheme."""
    for network in networks.DATA:
        for scheme in schemes:
            def test(self, network=network, scheme=scheme):
                self.compare(network, scheme)
            setattr(case, f"test_{name}_{network}_{scheme}", test)


for_each(SameOutputs, "outputs", networks.INTEGER)
for_each(SameFiles, "file", (*networks.INTEGER, "dynamic"))
for_each(Accuracy, "sqnr", networks.INTEGER)

if __name__ == "__main__":
    unittest.main()
