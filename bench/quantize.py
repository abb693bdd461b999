"""Whole `narrow quantize` processes beside those of other quantizers."""
import importlib.util
import os
import sys

from .environment import KWS, MIB, NETWORKS, RESNET8, SCRATCH, SHARED, VWW, existing
from .measure import growth, in_turn, median, narrow, peer
from .table import Row, at_least, at_most

SAMPLES = 500
MOST_MEMORY = 32  # MiB
MOST_WITHOUT_DATA = 20  # milliseconds
MOST_PASSES = 40  # float passes in the time of a range search
MANY_PASSES = 20  # by which one is measured
MOST_BEST = ((KWS, 100, 0.5), (VWW, 100, 1.5), (RESNET8, 100, 1.5), (RESNET8, 600, 6))  # samples and seconds
MOST_BEST_MEMORY = 64  # MiB, beside the model

# (name, the module it needs, the script in peers/, how many times faster narrow has to be)
PEERS = (("LiteRT Quantizer", "litert_quantizer", "litert_quantize", 5),
         ("ONNX Runtime", "onnxruntime", "ort_quantize", 5),
         ("TFLite converter", "tensorflow", "converter_quantize", 40))

# TensorFlow is heavy and does not like company: it may have a Python of its own.
TENSORFLOW_PYTHON = os.environ.get("NARROW_TF_PYTHON")


def present(module):
    return bool(importlib.util.find_spec(module) or (module == "tensorflow" and TENSORFLOW_PYTHON))


def milliseconds(costs):
    walls = [c.wall * 1000 for c in costs]
    return f"{min(walls):.1f} / {median(costs, 'wall') * 1000:.1f} ms"


def int8(network, rounds):
    """Both cores, samples and all; each peer in the same rounds."""
    def out(name):
        return SCRATCH / f"{network.folder}_{name}"

    def peer_job(script, module):
        scheme = ["int8"] if script == "litert_quantize" else []
        python = TENSORFLOW_PYTHON or sys.executable if module == "tensorflow" else sys.executable
        return lambda: peer(script, network.folder, *scheme, SAMPLES, out(f"{script}.tflite"), python=python)

    jobs = {"narrow": lambda: narrow("quantize", network.model, *network.tiled(SAMPLES), "--quality", "fast", "-o",
                                     out("int8.tflite"))}
    jobs |= {name: peer_job(script, module) for name, module, script, _ in PEERS if present(module)}
    costs = in_turn(rounds, jobs)
    ours = costs["narrow"]
    rows = []
    for name, module, _, target in PEERS:
        what = f"{network.name} int8, {SAMPLES} samples, beside {name}"
        if name not in costs:
            rows.append(Row(what, milliseconds(ours), f"{module} is not installed", target=f">= {target}"))
            continue
        theirs = costs[name]
        rows.append(at_least(what, milliseconds(ours), milliseconds(theirs),
                             median(theirs, "wall") / median(ours, "wall"), target))
    memory = max(c.memory for c in ours) / MIB
    peers = {n: max(c.memory for c in v) / MIB for n, v in costs.items() if n != "narrow"}
    least = min(peers, key=peers.get, default=None)
    rows.append(at_most(f"{network.name} int8, peak memory", memory, MOST_MEMORY, "MiB",
                        f"{peers[least]:.0f} MiB" if least else "-", peers[least] / memory if least else None))
    return rows


def best(network, samples, most, rounds):
    """The same with `--quality best`, which runs the samples through some chains of steps, beside `fast`."""
    def job(quality):
        return lambda: narrow("quantize", network.model, *network.tiled(samples), "--quality", quality, "-o",
                              SCRATCH / f"{network.folder}_{quality}.tflite")

    costs = in_turn(rounds, {quality: job(quality) for quality in ("best", "fast")})
    ours, fast = costs["best"], costs["fast"]
    seconds = median(ours, "wall")
    what = f"{network.name} int8, {samples} samples, --quality best beside fast"
    memory = (max(c.memory for c in ours) - network.model.stat().st_size) / MIB
    return [Row(what, milliseconds(ours), milliseconds(fast), median(fast, "wall") / seconds, f"<= {most:g} s",
                seconds <= most),
            at_most(f"{network.name} int8, {samples} samples, peak memory beside the model", memory, MOST_BEST_MEMORY,
                    "MiB")]


def libraries(rounds):
    """What a process takes that does nothing but load narrow's shared libraries."""
    costs = in_turn(rounds, {"narrow": lambda: narrow("--version")})["narrow"]
    return [Row("the libraries alone, peak memory", f"{median(costs, 'memory') / MIB:.1f} MiB"),
            Row("the libraries alone, whole process", milliseconds(costs))]


def without_data(network, scheme, rounds):
    out = SCRATCH / f"{network.folder}_{scheme}.tflite"
    jobs = {"narrow": lambda: narrow("quantize", network.model, "--scheme", scheme, "-o", out)}
    if present("litert_quantizer"):
        jobs["peer"] = lambda: peer("litert_quantize", network.folder, scheme, 0, out.with_suffix(".peer.tflite"))
    costs = in_turn(rounds, jobs)
    ours, theirs = median(costs["narrow"], "wall"), costs.get("peer")
    return [Row(f"{network.name} {scheme}", milliseconds(costs["narrow"]), milliseconds(theirs) if theirs else "-",
                median(theirs, "wall") / ours if theirs else None, f"<= {MOST_WITHOUT_DATA} ms",
                ours * 1000 <= MOST_WITHOUT_DATA)]


def search(network, labels, rounds):
    """A range search, the whole process, beside float runs over the same samples, without what they take to start."""
    data, many = network.tiled(SAMPLES), network.tiled(SAMPLES * MANY_PASSES)
    out = SCRATCH / f"{network.folder}_searched"
    by = ["--labels", labels] if labels else []
    found = in_turn(rounds, {
        "search": lambda: narrow("quantize", network.model, *data, "--range", "search", *by, "-o", f"{out}.tflite"),
        "pass": growth(SAMPLES, SAMPLES * MANY_PASSES,
                       lambda n: narrow("run", network.model, *many, "--samples", n, "-o", f"{out}.npy"))})
    one = median(found["pass"], "cpu") * SAMPLES
    ours = median(found["search"], "cpu")
    memory = max(c.memory for c in found["search"]) / MIB
    what = f"{network.name} {SAMPLES} samples, by {'labels' if labels else 'output error'}, {memory:.0f} MiB"
    return [Row(what, f"{ours * 1000:.0f} ms", f"{one * 1000:.1f} ms a pass", ours / one, f"<= {MOST_PASSES}",
                ours / one <= MOST_PASSES)]


def search_cases(settings):
    yield "KWS", lambda: search(KWS, existing(SHARED / "data" / "kws01" / "y.npy"), settings.rounds)
    for network in (KWS, RESNET8):
        yield network.name, lambda n=network: search(n, None, settings.rounds)


def with_samples(settings):
    for network in (KWS, RESNET8):
        yield network.name, lambda n=network: int8(n, settings.rounds)
    yield "libraries", lambda: libraries(settings.rounds)


def best_of_chains(settings):
    for network, samples, most in MOST_BEST:
        yield f"{network.name} best", lambda n=network, s=samples, m=most: best(n, s, m, settings.rounds)


def no_samples(settings):
    for network in NETWORKS.values():
        for scheme in ("float16", "dynamic"):
            yield f"{network.name} {scheme}", lambda n=network, s=scheme: without_data(n, s, settings.rounds)
