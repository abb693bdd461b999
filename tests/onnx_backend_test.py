"""The ONNX format's own tests of its ops, which the package onnx carries: no result is wrong, the rest is refused by name."""
import collections
import concurrent.futures
import os
import pathlib
import subprocess
import tempfile
import unittest

try:
    import numpy
    import onnx
    from onnx import numpy_helper
    from onnx.backend.test.case import node

    NUMBERS = tuple(map(numpy.dtype, ("float32", "int64", "int32", "int16", "int8", "uint8", "bool")))
except ImportError:
    onnx = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
FOLDERS = ("simple", "pytorch-converted", "pytorch-operator")
# Of all tests, and of those for each op that the documentation lists: a drop is a regression.
LEAST_PASSED = 1290
LEAST_DECIBELS = 40  # of integer LSTMs, GRUs and RNNs
# What narrow must know when it reads a file is often an input in these tests; then it is made a constant.
COMPUTED = "computed"
# Exit codes of files that are refused, by what they hold or by a limit.
REFUSED = (3, 4)


def array(path):
    proto = onnx.TensorProto()
    proto.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(proto)


def stored_cases():
    """(name, model, inputs, outputs) of the tests that lie in folders."""
    base = pathlib.Path(onnx.__file__).parent / "backend" / "test" / "data"
    for case in sorted(p for f in FOLDERS for p in (base / f).iterdir() if (p / "model.onnx").exists()):
        data = case / "test_data_set_0"
        try:
            lists = [[array(data / f"{kind}_{i}.pb") for i in range(len(list(data.glob(f"{kind}_*.pb"))))]
                     for kind in ("input", "output")]
        except Exception:  # sequences and optional values
            lists = [[None], [None]]
        yield f"{case.parent.name}/{case.name}", onnx.load(str(case / "model.onnx"), load_external_data=False), *lists


def node_cases():
    """The same of the tests of single nodes, which the package makes."""
    for case in node.collect_testcases(None):
        if case.model is not None and case.data_sets:
            yield f"node/{case.name}", case.model, *map(list, case.data_sets[0])


def is_number(x):
    return isinstance(x, (numpy.ndarray, numpy.generic)) and numpy.asarray(x).dtype in NUMBERS


def with_constants(case):
    """The same test with all inputs but the first as constants of the file."""
    name, model, inputs, wanted = case
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    given = {i.name for i in model.graph.initializer}
    free = [i for i in model.graph.input if i.name not in given]
    for i, x in zip(free[1:], inputs[1:]):
        changed.graph.initializer.append(numpy_helper.from_array(numpy.asarray(x), i.name))
        changed.graph.input.remove(i)
    return name, changed, inputs[:1], wanted


def run(case, folder):
    """As `run_as_it_is`, but refused only where constants would not help."""
    name, types, how, text = run_as_it_is(case, folder)
    if how == "refused" and COMPUTED in text and len(case[2]) > 1:
        name, types, how, text = run_as_it_is(with_constants(case), folder / "constants")
    return name, types, how


def run_as_it_is(case, folder):
    """(name, op types, "passed" or "refused" or "no numbers" or what is wrong, what narrow says)"""
    name, model, inputs, wanted = case
    types = sorted({n.op_type for n in model.graph.node})
    if not all(is_number(x) for x in [*inputs, *wanted]):
        return name, types, "no numbers", ""
    folder.mkdir()
    given = {i.name for i in model.graph.initializer}
    names = [i.name for i in model.graph.input if i.name not in given]
    onnx.save(model, str(folder / "model.onnx"))
    numpy.savez(folder / "in.npz", **{n: numpy.asarray(x)[numpy.newaxis] for n, x in zip(names, inputs)})
    stored = ["--data-is-quantized"] if any(t.startswith(("QLinear", "Dequantize")) for t in types) else []
    done = subprocess.run([NARROW, "run", folder / "model.onnx", *stored, "--keep-layout", "--data", folder / "in.npz", "-o",
                           folder / "out.npz", "--quiet", "--threads", "1"], capture_output=True, text=True, timeout=60)
    if done.returncode in REFUSED:
        return name, types, "refused" if done.stderr.strip() else "refused without a word", done.stderr
    if done.returncode:
        return name, types, f"exit {done.returncode}: {done.stderr.strip()[:160]}", ""
    results = numpy.load(folder / "out.npz")
    for output, want in zip(model.graph.output, wanted):
        got, want = results[output.name], numpy.asarray(want)
        if got.size != want.size or got.dtype != want.dtype:
            return name, types, f"{output.name} is {got.dtype} {got.shape}, not {want.dtype} {want.shape}", ""
        if not numpy.allclose(got.reshape(want.shape), want, rtol=1e-3, atol=1e-6, equal_nan=True):
            error = numpy.max(numpy.abs(got.reshape(want.shape).astype(float) - want))
            return name, types, f"{output.name} differs by {error:.3g}", ""
    return name, types, "passed", ""


def run_all():
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        cases = [*stored_cases(), *node_cases()]
        return list(pool.map(lambda i: run(cases[i], pathlib.Path(folder) / str(i)), range(len(cases))))


def report(results):
    """One line for each op: how many tests passed, and how many were refused."""
    counts = collections.defaultdict(collections.Counter)
    for _, types, how in results:
        for t in types:
            counts[t][how if how in ("passed", "refused", "no numbers") else "wrong"] += 1
    for t, c in sorted(counts.items()):
        if c["passed"] or c["wrong"]:
            print(f"{t:28}{c['passed']:4} passed {c['refused']:4} refused {c['wrong']:3} wrong")
    total = collections.Counter(how if how in ("passed", "refused", "no numbers") else "wrong" for _, _, how in results)
    print(f"{len(results)} tests of ONNX: " + ", ".join(f"{n} {k}" for k, n in sorted(total.items())))
    return total


@unittest.skipIf(onnx is None, "the package onnx is not there")
class Backend(unittest.TestCase):
    def test_every_result_is_right_or_refused_by_name(self):
        results = run_all()
        total = report(results)
        wrong = [f"{name}: {how}" for name, _, how in results
                 if how not in ("passed", "refused", "no numbers")]
        self.assertEqual(wrong, [], "\n".join(wrong))
        self.assertGreaterEqual(total["passed"], LEAST_PASSED)

    def test_recurrent_layers_become_integer(self):
        """Each test of LSTM, GRU and RNN, calibrated with its one sample: as it is, and in integers alone."""
        least = {}
        cases = [with_constants(c) for c in node_cases() if {n.op_type for n in c[1].graph.node} & {"LSTM", "GRU", "RNN"}]
        for case in cases:
            with self.subTest(case[0]), tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder) / "test"
                self.assertEqual(run_as_it_is(case, folder)[2], "passed")
                exact = numpy.load(folder / "out.npz")

                def narrow(*arguments):
                    done = subprocess.run([NARROW, *arguments, "--data", folder / "in.npz", "--keep-layout", "--quiet"],
                                          capture_output=True, text=True, timeout=60)
                    self.assertEqual(done.returncode, 0, done.stderr)

                for scheme in ("int8", "int16x8"):
                    narrow("quantize", folder / "model.onnx", "--scheme", scheme, "--quality", "fast", "-o", folder / "q.tflite")
                    narrow("run", folder / "q.tflite", "--dequantize", "-o", folder / "q.npz")
                    got = numpy.load(folder / "q.npz")
                    for name in exact.files:
                        error = numpy.square(exact[name] - got[name].reshape(exact[name].shape)).sum()
                        signal = 10 * numpy.log10(numpy.square(exact[name]).sum() / max(error, 1e-30))
                        self.assertGreater(signal, LEAST_DECIBELS, f"{scheme} {name}")
                        least[scheme] = min(least.get(scheme, signal), signal)
        print(f"{len(cases)} tests of LSTM, GRU and RNN pass; least signal to error in dB: {least}")
        self.assertGreaterEqual(len(cases), 18)


if __name__ == "__main__":
    unittest.main()
