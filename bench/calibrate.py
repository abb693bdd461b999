"""Calibration: samples a second of one core, both cores, and memory as samples grow."""
import importlib.util
import statistics

from .environment import KWS, MIB, RESNET8, SCRATCH
from .measure import growth, in_turn, median, narrow, peer
from .table import Row, at_least

FEW, MANY = 500, 10_000
QUICK_MANY = 3_000
SCALING = 1.8  # how much faster two cores have to be
MEMORY_GROWTH = 1.0  # MiB from FEW to MANY samples


def calibration(network, many, *options):
    data = network.tiled(many)
    return growth(FEW, many, lambda n: narrow("calibrate", network.model, *data, "--samples", n, "-o",
                                              SCRATCH / f"{network.folder}.nstat", *options))


def throughput(network, settings):
    many = QUICK_MANY if settings.quick else MANY
    one, two = ("--threads", 1), ("--threads", 2)
    jobs = {"min-max": calibration(network, many, *one, "--minmax-only"),
            "histograms": calibration(network, many, *one),
            "two cores": calibration(network, many, *two)}
    if importlib.util.find_spec("litert_quantizer"):
        jobs["peer"] = lambda: peer("litert_calibrate", network.folder, FEW, many).json["seconds_per_sample"]
    found = in_turn(settings.rounds, jobs)
    theirs = 1 / statistics.median(found["peer"]) if "peer" in found else None
    rows = []
    for mode in ("min-max", "histograms"):
        ours = 1 / median(found[mode], "cpu")
        what = f"{network.name} {mode}, samples/s of one core"
        if theirs:
            rows.append(at_least(what, f"{ours:,.0f}", f"{theirs:,.0f}", ours / theirs, 1))
        else:
            rows.append(Row(what, f"{ours:,.0f}", "litert_quantizer is not installed", target=">= 1"))
    alone, both = (1 / median(found[mode], "wall") for mode in ("histograms", "two cores"))
    rows.append(at_least(f"{network.name} histograms, samples/s: two threads, one", f"{both:,.0f}", f"{alone:,.0f}",
                         both / alone, SCALING))
    few, most = (median(found["two cores"], m) / MIB for m in ("memory_few", "memory_many"))
    rows.append(Row(f"{network.name} peak memory: {many:,} samples, {FEW}", f"{most:.1f} MiB", f"{few:.1f} MiB",
                    most / few, f"<= +{MEMORY_GROWTH:g} MiB", most <= few + MEMORY_GROWTH))
    return rows


def cases(settings):
    for network in (KWS, RESNET8):
        yield network.name, lambda n=network: throughput(n, settings)
