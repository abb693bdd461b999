"""The Python package beside the command line: time and memory of quantization, and what a call of `invoke` adds."""
import pathlib

from .environment import KWS, MIB, RESNET8, ROOT, SCRATCH, Absent
from .measure import in_turn, median, narrow, peer
from .table import Row, at_most

TIME, MEMORY = 1.10, 1.5  # the most that the package may take of what the command line does
IMPORT_MS, INVOKE_US = 100.0, 5.0


def built():
    if not list((ROOT / "build" / "python" / "narrow").glob("_native*")):
        raise Absent("no Python package in build/python: configure with -DNARROW_PYTHON=ON")


def seconds(costs, key):
    return sorted(c.json[key] for c in costs)[len(costs) // 2]


def quantized(settings, network, quality, samples):
    built()
    data = network.tiled(samples)
    path = pathlib.Path(data[1])
    costs = in_turn(settings.rounds, {
        "python": lambda: peer("python_package", network.model, path, network.scale, quality, samples),
        "narrow": lambda: narrow("quantize", network.model, *data, "--quality", quality, "--json", "-o",
                                 SCRATCH / "of_narrow.tflite"),
    })  # fmt: skip
    mine, its = seconds(costs["python"], "quantize"), seconds(costs["narrow"], "seconds")
    # Beyond what Python with NumPy takes, about 30 MiB.
    memory = median(costs["python"], "memory") - seconds(costs["python"], "before"), median(costs["narrow"], "memory")
    what = f"{network.name}, {samples} samples, {quality}"
    return [
        Row(f"{what}: time", f"{1e3 * mine:.0f} ms", f"{1e3 * its:.0f} ms", mine / its, f"<= {TIME:g}", mine / its <= TIME),
        Row(f"{what}: memory", f"{memory[0] / MIB:.0f} MiB", f"{memory[1] / MIB:.0f} MiB", memory[0] / memory[1],
            f"<= {MEMORY:g}", memory[0] / memory[1] <= MEMORY),
    ]  # fmt: skip


def small_calls(settings):
    built()
    data = KWS.tiled(100)
    costs = in_turn(settings.rounds, {
        "python": lambda: peer("python_package", KWS.model, data[1], 1, "fast", 100)})["python"]
    added = seconds(costs, "invoke") - seconds(costs, "native")
    return [at_most("import narrow", 1e3 * seconds(costs, "import"), IMPORT_MS, "ms"),
            at_most("import narrow, and NumPy at first use", 1e3 * seconds(costs, "first_use"), IMPORT_MS, "ms"),
            at_most("invoke, beside the library's call", 1e6 * added, INVOKE_US, "us")]


def cases(settings):
    for network, samples in ((KWS, 500), (RESNET8, 600)):
        for quality in ("fast", "best"):
            yield f"{network.name} {quality}", lambda n=network, q=quality, s=samples: quantized(settings, n, q, s)
    yield "small calls", lambda: small_calls(settings)
