"""Ops that are no multiply-accumulate on emulated chips, beside TensorFlow Lite Micro with CMSIS-NN.

Each op is a model of its own. Its instructions are counted here; those of the peer, and the FNV-1a of what it computed
of the same inputs, are in tflm_ops.csv, measured once: docs/kernels.md says of which releases and how. Inputs are bytes
of x = x * 1664525 + 1013904223 from 12345 on, their upper eight bits, in the order of inputs.
"""
import csv
import math
import pathlib
import shutil
import subprocess

import numpy as np

from ..environment import NARROW, SCRATCH, Absent
from ..measure import Failed
from ..table import Remark, Row
from . import run as chips
from .machines import MACHINES
from .single_ops import SINGLE_OPS, Maker

PEER = pathlib.Path(__file__).with_name("tflm_ops.csv")
CORES = {"m4": "cortex-m4", "m55": "cortex-m55"}
MOST, MEAN = 1.0, 0.3  # of the peer's instructions: an op's, and the geometric mean
FOLDER = SCRATCH / "mcu_ops"


def peer_figures():
    """(op, shape, core) -> (instructions, FNV-1a)."""
    if not PEER.exists():
        raise Absent(f"no {PEER}")
    with PEER.open(newline="", encoding="utf-8") as f:
        return {(r["op"], r["shape"], r["core"]): (int(r["instructions"]), int(r["fnv"])) for r in csv.DictReader(f)}


def bytes_of(count):
    out, x = np.empty(count, np.uint8), 12345
    for i in range(count):
        x = (x * 1664525 + 1013904223) % 2**32
        out[i] = x >> 24
    return out


def fnv(content):
    h = 2166136261
    for b in content:
        h = (h ^ b) * 16777619 % 2**32
    return h


def write_model(op):
    """Writes the model and its inputs; returns their paths."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    maker = Maker()
    op.build(maker)
    model, data = FOLDER / f"{op.file}.tflite", FOLDER / f"{op.file}.npz"
    model.write_bytes(maker.net.bytes())
    schema = maker.tools.schema().TensorType
    inputs = [maker.net.tensors[i] for i in maker.net.inputs]
    types = [np.dtype(np.int16 if t.type == schema.INT16 else np.int8) for t in inputs]
    sizes = [int(np.prod(t.shape)) * d.itemsize for t, d in zip(inputs, types)]
    all_bytes = bytes_of(sum(sizes))
    ends = np.cumsum(sizes)
    np.savez(data, **{t.name: all_bytes[e - s:e].view(d).reshape(1, *t.shape[1:] if t.shape[0] == 1 else t.shape)
                      for t, d, s, e in zip(inputs, types, sizes, ends)})
    return model, data


def narrow_outputs(model, data, outputs):
    """FNV-1a of what the simulator computes."""
    chips_out = FOLDER / "outputs.npz"
    run_narrow("run", model, "--data", data, "--data-is-quantized", "-o", chips_out)
    with np.load(chips_out) as found:
        return fnv(b"".join(found[name].tobytes() for name in outputs))


def run_narrow(*words):
    done = subprocess.run([NARROW, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(done.stderr.strip())


def measured(op, model, data, core):
    project = FOLDER / f"{op.file}_{core}"
    shutil.rmtree(project, ignore_errors=True)  # what it holds of another day stays otherwise
    run_narrow("compile", model, "--target", CORES[core], "--golden", data, "--data-is-quantized", "-o", project,
               "--name", "net")
    row = chips.run(project, core)
    if row.status == "skipped":
        raise Absent(row.reason)
    if row.status != "passed":
        raise Failed(f"{core}: {row.reason}")
    return row.instructions


def one_op(op, cores, peer, ratios):
    model, data = write_model(op)
    maker = Maker()
    op.build(maker)
    hashed = narrow_outputs(model, data, [maker.net.tensors[i].name for i in maker.net.outputs])
    rows = []
    for core in cores:
        count = measured(op, model, data, core)
        theirs, their_hash = peer.get((op.name, op.shape, core), (None, None))
        what = f"{op.name}, {op.shape}, {core}"
        if theirs is None:
            rows.append(Row(what, f"{count:,}"))
            continue
        ratio = count / theirs
        ratios[core].append(ratio)
        rows.append(Row(what, f"{count:,}", f"{theirs:,}", ratio, f"<= {MOST:g}", ratio <= MOST))
        if hashed != their_hash:
            rows.append(Remark(f"{what}: the bytes of the results differ"))
    return rows


def means(ratios):
    for core, values in ratios.items():
        if values:
            mean = math.exp(sum(map(math.log, values)) / len(values))
            yield Row(f"geometric mean of {len(values)}, {core}", "-", "-", mean, f"<= {MEAN:g}", mean <= MEAN)


def cases(_settings):
    peer, ratios = peer_figures(), {core: [] for core in CORES}
    for core in CORES:
        if absent := chips.absent_tool(MACHINES[core]):
            raise Absent(f"no {absent}")
    for op in SINGLE_OPS:
        yield op.name, lambda op=op: one_op(op, CORES, peer, ratios)
    yield "geometric means", lambda: list(means(ratios))
