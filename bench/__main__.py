"""Measures narrow beside its peers and prints a table for each subject.

usage: bench/run [--quick] [SUBJECT...]
"""
import argparse
import dataclasses
import importlib.metadata
import os
import pathlib
import platform

from . import accuracy, calibrate, large, python_package, quantize, read, recurrent, simulate
from .environment import NARROW, SCRATCH, SPAWN, Absent, existing
from .mcu import ops
from .measure import Failed
from .table import Remark, text

# name, what it is about, its cases
SUBJECTS = (
    ("quantize", "int8 with samples, whole process, all cores (wall, min / median; ratio of medians)",
     quantize.with_samples),
    ("best", "int8 with --quality best, whole process, all cores (wall, min / median; ratio of medians)",
     quantize.best_of_chains),
    ("no-data", "without samples, whole process, beside LiteRT Quantizer (wall, min / median)", quantize.no_samples),
    ("search", "whole quantize --range search in float passes over its samples (processor time that a pass adds)",
     quantize.search_cases),
    ("calibrate", "calibration (processor time a sample adds; two threads: wall) beside LiteRT Quantizer's profiler",
     calibrate.cases),
    ("integer", "integer simulation (processor time that a sample adds) beside LiteRT's reference kernels",
     simulate.integer_cases),
    ("xnnpack", "integer simulation (processor time that a sample adds) beside LiteRT with XNNPACK",
     simulate.fast_integer_cases),
    ("widths", "integer simulation of other widths (processor time that a sample adds) beside int8 or int16x8",
     simulate.width_cases),
    ("recurrent", "recurrent networks (processor time that a sample adds) beside LiteRT's and TFLM's reference kernels, and"
     " floats beside LiteRT and ONNX Runtime", recurrent.cases),
    ("float", "float run (processor time that a sample adds) beside LiteRT with XNNPACK", simulate.float_cases),
    ("accuracy", "quality best, outputs beside the float network's (SQNR) and top-1, or agreement where there are no labels",
     accuracy.cases),
    ("large", "peak memory of large models beside 3 x file + live activations x threads + 32 MiB", large.cases),
    ("mcu-ops", "ops that are no multiply-accumulate on emulated Cortex-M4 and M55 (instructions) beside TFLM with CMSIS-NN",
     ops.cases),
    ("python", "the Python package beside the command line: quantization with samples in memory, and small calls",
     python_package.cases),
    ("read", "reading models of 25 MB (`narrow inspect`): peak memory over the file's size, and wall time", read.cases),
)
PEERS = ("litert-quantizer", "ai-edge-litert", "onnxruntime", "tensorflow-cpu", "tensorflow")
BUSY = 0.5  # load average over processors from which figures are not to be trusted


@dataclasses.dataclass(frozen=True)
class Settings:
    quick: bool

    @property
    def rounds(self):
        return 2 if self.quick else 5


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def versions():
    for name in PEERS:
        try:
            yield f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            pass


def header(settings):
    load = os.getloadavg()
    print(f"{processor()}, {os.cpu_count()} processors; load {' '.join(f'{v:.2f}' for v in load)}")
    if load[0] > BUSY * os.cpu_count():
        print("This machine is busy: these figures are not final.")
    print(f"peers: {', '.join(versions()) or 'none'}; {settings.rounds} rounds, medians")


def results_of(label, case):
    try:
        return case()
    except Absent as e:
        return [Remark(f"{label}: skipped: {e}")]
    except Failed as e:
        return [Remark(f"{label}: failed: {e}", ok=False)]


def main():
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and samples")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(s[0] for s in SUBJECTS))
    given = parser.parse_args()
    unknown = set(given.subjects) - {s[0] for s in SUBJECTS}
    if unknown:
        parser.error(f"no subject {', '.join(sorted(unknown))}")
    settings = Settings(given.quick)
    for program in (NARROW, SPAWN):
        existing(pathlib.Path(program))
    SCRATCH.mkdir(parents=True, exist_ok=True)
    header(settings)
    short = 0
    for name, about, cases in SUBJECTS:
        if given.subjects and name not in given.subjects:
            continue
        results = [r for label, case in cases(settings) for r in results_of(label, case)]
        print(f"\n{name}: {about}\n{text(results)}", flush=True)
        short += sum(r.ok is False for r in results)
    print(f"\n{short} short of their targets")


main()
