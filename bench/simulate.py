"""Running models on one core: integers beside LiteRT's reference kernels and its default (XNNPACK), floats beside that."""
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
# By the scheme of TFLite's with the same activations: schemes and their options.
WIDTHS = {
    "int8": (("q7",), ("q7", "--rounding", "truncate")),
    "int16x8": (("int16",), ("int16", "--accumulator", "32"), ("q15",), ("q15", "--rounding", "truncate")),
}


def multiply_adds(network):
    return narrow("inspect", network.model, "--json").json["macs"]


def share(settings):
    return 0.25 if settings.quick else 1


def runs(network, model, profile, settings):
    """A job for `in_turn`: what a sample adds to a run on one core."""
    many = FEW + max(100, int(WORK * share(settings) / multiply_adds(network)))
    data = network.tiled(many)
    out = SCRATCH / f"{network.folder}_y.npy"
    return growth(FEW, many, lambda n: narrow("run", model, *data, "--samples", n, "--threads", 1, "--profile", profile,
                                              "-o", out))


def compare(network, model, profile, resolver, settings):
    """Seconds of one inference, narrow's and LiteRT's."""
    if not importlib.util.find_spec("ai_edge_litert"):
        raise Absent("ai_edge_litert is not installed")
    found = in_turn(settings.rounds, {
        "narrow": runs(network, model, profile, settings),
        "peer": lambda: peer("litert_invoke", model, resolver, LITERT_SECONDS * share(settings)).json["seconds"]})
    return median(found["narrow"], "cpu"), statistics.median(found["peer"])


def quantized(network, *scheme):
    """The network by a scheme and its options."""
    model = SCRATCH / f"{network.folder}_simulated_{'_'.join(scheme).replace('-', '')}.tflite"
    narrow("quantize", network.model, "--scheme", *scheme, *network.tiled(CALIBRATION), "--quality", "fast", "-o",
           model)
    return model


def speed(network, what, ours, theirs):
    """A row's first cells, of seconds of one inference."""
    macs = multiply_adds(network)
    return (f"{network.name} {what}, GMAC/s of one core", f"{macs / ours / 1e9:.2f}", f"{macs / theirs / 1e9:.2f}",
            theirs / ours)


def integers(network, scheme, settings):
    ours, theirs = compare(network, quantized(network, scheme), "litert", "reference", settings)
    return [at_least(*speed(network, scheme, ours, theirs), 4)]


def fast_integers(network, profile, settings):
    """Beside LiteRT's default kernels, whose results are the profile xnnpack's."""
    ours, theirs = compare(network, quantized(network, "int8"), profile, "default", settings)
    return [at_least(*speed(network, f"int8, profile {profile}", ours, theirs), 0.8)]


def widths(network, like, schemes, settings):
    """Schemes that no other tool has, beside the one of TFLite's with activations of that width."""
    jobs = {" ".join(s): runs(network, quantized(network, *s), "narrow", settings) for s in ((like,), *schemes)}
    seconds = {name: median(costs, "cpu") for name, costs in in_turn(settings.rounds, jobs).items()}
    return [Row(*speed(network, name, seconds[name], seconds[like])) for name in list(seconds)[1:]]


def floats(network, settings):
    ours, theirs = compare(network, network.model, "narrow", "default", settings)
    return [Row(f"{network.name} float, inferences/s of one core", f"{1 / ours:,.0f}", f"{1 / theirs:,.0f}",
                theirs / ours)]


def integer_cases(settings):
    for network in NETWORKS.values():
        for scheme in ("int8", "int16x8"):
            yield f"{network.name} {scheme}", lambda n=network, s=scheme: integers(n, s, settings)


def fast_integer_cases(settings):
    for network in NETWORKS.values():
        for profile in ("litert", "xnnpack"):
            yield f"{network.name} profile {profile}", lambda n=network, p=profile: fast_integers(n, p, settings)


def width_cases(settings):
    for network in NETWORKS.values():
        for like, schemes in WIDTHS.items():
            yield f"{network.name} like {like}", lambda n=network, l=like, s=schemes: widths(n, l, s, settings)


def float_cases(settings):
    for network in NETWORKS.values():
        yield network.name, lambda n=network: floats(n, settings)
