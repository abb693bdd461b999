"""Models large beside the networks above: does memory stay within what the files and the live values ask for?"""
import sys

import numpy as np

from .environment import MIB, ROOT, SCRATCH, Absent
from .measure import in_turn, narrow
from .table import at_most

SLACK = 32  # MiB
SAMPLES = 16
THREADS = 2


def builder():
    """The tests' own builder of models; it needs flatbuffers and flatc."""
    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))
    try:
        from oracle.tflite_builder import TfliteBuilder
    except ImportError as e:
        raise Absent(f"no {e.name}") from e
    return TfliteBuilder()


def dense_layers(widths):
    """Fully connected layers without activations between; returns the file and the bytes of the largest live values."""
    b, rng = builder(), np.random.default_rng(1)
    x = b.input("x", (1, widths[0]), np.float32)
    for i, (n, m) in enumerate(zip(widths, widths[1:])):
        w = b.tensor(f"w{i}", (m, n), np.float32, values=rng.standard_normal((m, n), np.float32) / np.float32(n**0.5))
        bias = b.tensor(f"b{i}", (m,), np.float32, values=np.zeros(m, np.float32))
        y = (b.output if i + 2 == len(widths) else b.tensor)(f"y{i}", (1, m), np.float32)
        b.op("FULLY_CONNECTED", [x, w, bias], [y], "FullyConnectedOptions")
        x = y
    return b.bytes(), max(4 * (n + m) for n, m in zip(widths, widths[1:]))


def wide_images(size, channels):
    """3x3 convolutions on large images; returns the file and the bytes of the largest live values."""
    b, rng = builder(), np.random.default_rng(1)
    x = b.input("x", (1, size, size, channels[0]), np.float32)
    for i, (n, m) in enumerate(zip(channels, channels[1:])):
        values = rng.standard_normal((m, 3, 3, n), np.float32) / np.float32((9 * n)**0.5)
        w = b.tensor(f"w{i}", (m, 3, 3, n), np.float32, values=values)
        bias = b.tensor(f"b{i}", (m,), np.float32, values=np.zeros(m, np.float32))
        y = (b.output if i + 2 == len(channels) else b.tensor)(f"y{i}", (1, size, size, m), np.float32)
        b.op("CONV_2D", [x, w, bias], [y], "Conv2DOptions", strideW=1, strideH=1)
        x = y
    return b.bytes(), max(4 * size * size * (n + m) for n, m in zip(channels, channels[1:]))


# name: what makes it, its input's shape
MODELS = {"one dense layer of 64 MiB": (lambda: dense_layers([4096, 4096]), (4096,)),
          "four dense layers of 16 MiB": (lambda: dense_layers([2048] * 5), (2048,)),
          "convolutions with 48 MiB live": (lambda: wide_images(512, [8, 24, 24, 8]), (512, 512, 8))}


def memory(name, scheme, settings):
    make, shape = MODELS[name]
    stem = name.replace(" ", "_")
    model, data = SCRATCH / f"{stem}.tflite", SCRATCH / f"{stem}.npy"
    content, live = make()
    model.write_bytes(content)
    del content
    np.save(data, np.random.default_rng(2).standard_normal((SAMPLES, *shape), np.float32))
    samples = ["--data", data, "--threads", THREADS, "--quality", "fast"] if scheme == "int8" else []
    costs = in_turn(settings.rounds, {"": lambda: narrow("quantize", model, "--scheme", scheme, *samples, "--json",
                                                         "-o", SCRATCH / f"{stem}_{scheme}.tflite")})[""]
    file = model.stat().st_size
    limit = (3 * file + (live * THREADS if samples else 0)) / MIB + SLACK
    peak = max(c.memory for c in costs) / MIB
    said = max(c.json["peak_rss_bytes"] for c in costs) / MIB
    return [at_most(f"{name} ({file / MIB:.0f} MiB), {scheme}; --json says {said:.1f}", peak, round(limit, 1), "MiB")]


def cases(settings):
    for name in MODELS:
        for scheme in ("float16", "dynamic", "int8"):
            yield f"{name}, {scheme}", lambda n=name, s=scheme: memory(n, s, settings)
