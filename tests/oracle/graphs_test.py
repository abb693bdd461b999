"""Random graphs with branches, shared constants and scales that must be equal or are fixed, quantized by narrow.

Each must be a file in which every op has the scales its kernel asks for (checked by scale_rules, which knows nothing of
narrow), in which no conversion is superfluous, and which LiteRT's reference kernels and narrow compute to the same bits.
NARROW_SEED and NARROW_GRAPHS choose other graphs; `python -m oracle.graphs_test KIND NUMBER` in tests/ keeps one.
"""
import concurrent.futures
import os
import pathlib
import sys
import tempfile
import unittest
import zlib

try:
    import numpy as np

    from . import runtimes
    from .environment import whole_number
    from .random_graphs import RandomGraph
    from .scale_rules import violations
    from .tflite_builder import schema
except ImportError as absent:
    raise unittest.SkipTest(f"{absent.name} is not installed; tools/setup check installs it") from absent

SEED = whole_number("NARROW_SEED", "20240917")
COUNT = whole_number("NARROW_GRAPHS", "40")
# By kind: scheme, how often the file rounds by itself, whether some ops are kept float.
KINDS = {"int8": ("int8", 0, False), "int16x8": ("int16x8", 0, False), "marked int8": ("int8", 0.3, False),
         "marked int16x8": ("int16x8", 0.3, False), "islands int8": ("int8", 0, True),
         "marked islands int8": ("int8", 0.2, True)}


def sqnr(want, got):
    noise, signal = np.square(want - got).sum(), np.square(want).sum()
    return 99.0 if noise == 0 or signal == 0 else 10 * np.log10(signal / noise)


def quantized(graph, scheme, islands, folder):
    """The quantized file of a random graph."""
    (folder / "float.tflite").write_bytes(graph.bytes())
    np.savez(folder / "x.npz", **graph.samples)
    how = ["--allow-float", "--keep-float", f"^t[0-9]*{graph.whole(0, 9)}$"] if islands else []
    runtimes.narrow("quantize", folder / "float.tflite", "--scheme", scheme, "--io", "float32", "--data",
                    folder / "x.npz", "-o", folder / "out.tflite", *how)
    return (folder / "out.tflite").read_bytes()


def check(kind, number, keep=None):
    """What is wrong with one graph (lines), and its noise in dB."""
    scheme, marks, islands = KINDS[kind]
    graph = RandomGraph([SEED, zlib.crc32(kind.encode()), number], marks=marks)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(keep or temporary)
        content = quantized(graph, scheme, islands, folder)
        wrong = violations(content)
        few = {name: x[:3] for name, x in graph.samples.items()}
        want = runtimes.LiteRt(content, "litert").run(few)
        got, = runtimes.run_narrow(content, few, "litert")
        if isinstance(got, runtimes.Refused):
            return [*wrong, f"narrow refuses to run it: {got}"], None
        real = runtimes.LiteRt(graph.bytes(), "litert").run(few)
        noise = []
        for name, y in want.items():
            mine = got[name].reshape(y.shape)
            if not islands and (mine != y).any():
                wrong.append(f"{name}: {np.count_nonzero(mine != y)} of {y.size} values differ from LiteRT's")
            noise.append(sqnr(real[name].astype(float), y.astype(float)))
        return wrong, min(noise)


class Graphs(unittest.TestCase):
    def test_all(self):
        if not pathlib.Path(runtimes.NARROW).exists():
            self.skipTest(f"no {runtimes.NARROW}")
        schema()
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
            work = {(kind, n): pool.submit(check, kind, n) for kind in KINDS for n in range(COUNT)}
            done = {key: w.result() for key, w in work.items()}
        print(f"\nseed {SEED}, {COUNT} graphs of each kind\n{'kind':22}{'wrong':>6}{'worst dB':>10}{'median dB':>11}")
        for kind in KINDS:
            noise = [db for (k, _), (_, db) in done.items() if k == kind and db is not None]
            wrong = sum(bool(w) for (k, _), (w, _) in done.items() if k == kind)
            print(f"{kind:22}{wrong:6}{min(noise, default=0):10.1f}{np.median(noise):11.1f}")
        for (kind, number), (wrong, _) in done.items():
            with self.subTest(kind=kind, number=number):
                self.assertEqual(wrong, [])


if __name__ == "__main__":
    pathlib.Path("kept").mkdir(exist_ok=True)
    print(check(sys.argv[1], int(sys.argv[2]), "kept"))
