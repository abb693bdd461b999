"""Running models on one core: integers beside LiteRT's reference kernels, floats beside its default (XNNPACK)."""
import importlib.util
import statistics

from .environment import KWS, NETWORKS, RESNET8, SCRATCH, Absent
from .measure import growth, in_turn, median, narrow, peer
from .table import Row, at_least

FEW = 50
CALIBRATION = 100  # samples that the integer models are made with
# Multiply-adds that a measurement runs: a second at 30 GMAC/s.
WORK = 30e9
LITERT_SECONDS = 1.0


def compare(network, model, profile, resolver, settings):
    """Seconds of one inference, narrow's and LiteRT's; and the multiply-adds of one."""
    if not importlib.util.find_spec("ai_edge_litert"):
        raise Absent("ai_edge_litert is not installed")
    macs = narrow("inspect", network.model, "--json").json["macs"]
    share = 0.25 if settings.quick else 1
    many = FEW + max(100, int(WORK * share / macs))
    data = network.tiled(many)
    out = SCRATCH / f"{network.folder}_y.npy"
    found = in_turn(settings.rounds, {
        "narrow": growth(FEW, many, lambda n: narrow("run", model, *data, "--samples", n, "--threads", 1, "--profile",
                                                     profile, "-o", out)),
        "peer": lambda: peer("litert_invoke", model, resolver, LITERT_SECONDS * share).json["seconds"]})
    return median(found["narrow"], "cpu"), statistics.median(found["peer"]), macs


def integers(network, scheme, settings):
    model = SCRATCH / f"{network.folder}_simulated_{scheme}.tflite"
    narrow("quantize", network.model, "--scheme", scheme, *network.tiled(CALIBRATION), "-o", model)
    ours, theirs, macs = compare(network, model, "litert", "reference", settings)
    return [at_least(f"{network.name} {scheme}, GMAC/s of one core", f"{macs / ours / 1e9:.2f}",
                     f"{macs / theirs / 1e9:.2f}", theirs / ours, 4)]


def floats(network, settings):
    ours, theirs, _ = compare(network, network.model, "narrow", "default", settings)
    return [Row(f"{network.name} float, inferences/s of one core", f"{1 / ours:,.0f}", f"{1 / theirs:,.0f}",
                theirs / ours)]


def integer_cases(settings):
    for network in NETWORKS.values():
        for scheme in ("int8", "int16x8"):
            yield f"{network.name} {scheme}", lambda n=network, s=scheme: integers(n, s, settings)


def float_cases(settings):
    for network in NETWORKS.values():
        yield network.name, lambda n=network: floats(n, settings)
