"""Runs a model on samples: in LiteRT, and in narrow as its user would."""
import pathlib
import subprocess
import tempfile
import unittest

import numpy as np

try:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
except ImportError:  # the tests that need no LiteRT run all the same
    Interpreter = None

from .environment import NARROW

# narrow's profile, and what LiteRT calls the kernels it stands for.
RESOLVERS = {"litert": "BUILTIN_REF", "xnnpack": "AUTO"}
REFUSED = 3  # narrow's exit code for what it has no rule for


class Refused(Exception):
    """The runtime says that it does not take the model."""


class LiteRt:
    """A model loaded in LiteRT, with the kernels of one of RESOLVERS. Skips the test where LiteRT is not installed."""

    def __init__(self, model, profile):
        if Interpreter is None:
            raise unittest.SkipTest("ai_edge_litert is not installed; tools/setup check installs it")
        content = {"model_path": str(model)} if isinstance(model, pathlib.Path) else {"model_content": model}
        try:
            kernels = getattr(OpResolverType, RESOLVERS[profile])
            self.interpreter = Interpreter(experimental_op_resolver_type=kernels, num_threads=1, **content)
            self.interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as e:
            raise Refused(str(e).splitlines()[0]) from e
        self.inputs, self.outputs = self.interpreter.get_input_details(), self.interpreter.get_output_details()

    def run(self, samples):
        """Outputs by name, samples first, of samples by name."""
        results = {o["name"]: [] for o in self.outputs}
        for i in range(len(next(iter(samples.values())))):
            for detail in self.inputs:
                self.interpreter.set_tensor(detail["index"], samples[detail["name"]][i].reshape(detail["shape"]))
            try:
                self.interpreter.invoke()
                for detail in self.outputs:
                    results[detail["name"]].append(self.interpreter.get_tensor(detail["index"]))
            except (RuntimeError, ValueError) as e:
                raise Refused(str(e).splitlines()[0]) from e
        return {name: np.stack(values) for name, values in results.items()}


def narrow(*arguments):
    """Runs narrow and returns what it prints; Refused where it says that the input is not supported. `quantize` does what the
    converter does, unless it is told otherwise."""
    if arguments[0] == "quantize" and "--quality" not in arguments:
        arguments = (*arguments, "--quality", "fast")
    done = subprocess.run([NARROW, *map(str, arguments)], capture_output=True, text=True, timeout=600)
    if done.returncode == REFUSED:
        raise Refused(done.stderr.splitlines()[0].removeprefix("narrow: error: "))
    if done.returncode:
        raise AssertionError(f"narrow {' '.join(map(str, arguments))}: exit code {done.returncode}: {done.stderr}")
    return done.stdout


def run_narrow(model, samples, *profiles):
    """For each profile the outputs by name, samples first, or the Refused that `narrow run` ended with.

    Integers are stored ones, as LiteRT takes them."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "model.tflite").write_bytes(model)
        np.savez(folder / "x.npz", **samples)
        stored = any(np.issubdtype(np.asarray(x).dtype, np.integer) for x in samples.values())
        return [outputs(folder, p, *["--data-is-quantized"] * stored) for p in profiles]


def outputs(folder, profile, *options):
    try:
        narrow("run", folder / "model.tflite", "--data", folder / "x.npz", "-o", folder / "y.npz", "--profile", profile,
               *options)
    except Refused as refusal:
        return refusal
    with np.load(folder / "y.npz") as y:
        return {name: y[name] for name in y.files}
