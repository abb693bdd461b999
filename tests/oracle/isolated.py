"""Runtimes in processes of their own, because they abort on some models: do they take a model, and what comes out?"""
import functools
import importlib.util
import multiprocessing

import numpy as np

from .runtimes import Refused
from .tflite_builder import schema

TIMEOUT_S = 60


def ones(details):
    """One sample that every op can compute with."""
    return [np.ones(tuple(d["shape"]), d["dtype"]) for d in details]


def litert(model, samples):
    """Outputs of each sample (a list of arrays, in the order of the model's inputs) with LiteRT's builtin kernels."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
    kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=kernels, num_threads=1)
    interpreter.allocate_tensors()
    inputs, results = interpreter.get_input_details(), []
    for sample in samples or [ones(inputs)]:
        for detail, values in zip(inputs, sample):
            interpreter.set_tensor(detail["index"], values)
        interpreter.invoke()
        results.append([interpreter.get_tensor(o["index"]) for o in interpreter.get_output_details()])
    return results


def tflm(model, samples):
    """The same with TensorFlow Lite Micro."""
    from tflite_micro.python.tflite_micro import runtime
    graph = schema().Model.GetRootAs(model).Subgraphs(0)
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=max(1 << 21, 16 * len(model)))
    results = []
    for sample in samples or [ones(interpreter.get_input_details(i) for i in range(graph.InputsLength()))]:
        for i, values in enumerate(sample):
            interpreter.set_input(values, i)
        interpreter.invoke()
        results.append([np.array(interpreter.get_output(i)) for i in range(graph.OutputsLength())])
    return results


RUNTIMES = {"litert": ("ai_edge_litert", litert), "tflm": ("tflite_micro", tflm)}


@functools.cache
def installed():
    """Names of the runtimes that are there."""
    return [name for name, (package, _) in RUNTIMES.items() if importlib.util.find_spec(package)]


def serve(name, pipe):
    while True:
        try:
            model, samples = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            pipe.send(RUNTIMES[name][1](model, samples))
        except (RuntimeError, ValueError, IndexError, TypeError) as e:
            pipe.send(str(e).splitlines()[0] or "refused")


class Worker:
    """A process with one runtime, started anew where it dies. For one thread at a time."""

    def __init__(self, name):
        self.name, self.process = name, None

    def start(self):
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=serve, args=(self.name, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
            self.process = None

    def ask(self, model, samples):
        """The runtime's answer, or None where its process ends or gives none."""
        try:
            self.pipe.send((model, samples))
            return self.pipe.recv() if self.pipe.poll(TIMEOUT_S) else None
        except (EOFError, ConnectionError):
            return None

    def run(self, model, samples=None):
        """Outputs of each sample, of one sample of ones where none are given. Refused where the runtime says no, or
        ends twice: the first time may be the doing of models before, or of a machine too busy to start a process."""
        for _ in range(2):
            if self.process is None:
                self.start()
            answer = self.ask(model, samples)
            if isinstance(answer, str):
                raise Refused(answer)
            if answer is not None:
                return answer
            self.close()
        raise Refused("the process ended, or gave no answer")
