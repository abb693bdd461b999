"""The networks that narrow is measured on, quantized by narrow and loaded again."""
import functools
import json
import pathlib
import tempfile

import numpy as np

from . import runtimes
from .environment import shared
from .tflite_builder import schema

CALIBRATED = 100  # samples, as for the converter's files
# Per network: what it is calibrated with, its other samples, and the factor that makes stored numbers real ones.
DATA = {
    "kws": ("kws01/x.npy", None, 1.0),
    "resnet": ("cifar10/calibration_x.npy", "cifar10/test_x.npy", 1.0),
    "vww": ("vww/calibration_x.npy", "vww/test_x.npy", 1 / 255),
    "ad": ("ad01/x.npy", None, 1.0),
}
INTEGER = ("int8", "int16x8")
folder = tempfile.TemporaryDirectory()


def float_model(network):
    return shared(f"data/models/{network}/float.tflite")


@functools.cache
def quantized(network, scheme):
    """The path of narrow's file, made with the converter's calibration samples."""
    path = pathlib.Path(folder.name) / f"{network}_{scheme}.tflite"
    file, _, factor = DATA[network]
    data = ["--data", shared(f"data/{file}"), "--samples", CALIBRATED, "--data-scale", factor, "--range", "minmax"]
    runtimes.narrow("quantize", float_model(network), "--scheme", scheme, *(data if scheme in INTEGER else []),
                    "-o", path)
    return path


@functools.cache
def samples(network):
    """All samples as real numbers; the first CALIBRATED ones are those of the calibration."""
    first, second, factor = DATA[network]
    parts = [np.load(shared(f"data/{name}")) for name in (first, second) if name]
    return (np.concatenate(parts) * factor).astype(np.float32)


def integers(x, detail):
    """Real samples as an input of LiteRT's takes them: rounded half away from zero."""
    scale, zero_point = detail["quantization"]
    if not scale:
        return x
    q = x / np.float32(scale)
    info = np.iinfo(detail["dtype"])
    return np.clip(np.trunc(q + np.copysign(np.float32(0.5), q)) + zero_point, info.min, info.max).astype(detail["dtype"])


def reals(y, detail):
    scale, zero_point = detail["quantization"]
    return y if not scale else (y.astype(np.float64) - zero_point) * scale


def sqnr(reference, y):
    """Signal to quantization noise, in dB; infinite where there is no noise."""
    with np.errstate(divide="ignore"):
        return 10 * np.log10(np.square(reference, dtype=np.float64).sum() / np.square(reference - y).sum())


def parsed(path):
    """A file's first graph with, in each tensor, `values`: its constant or None."""
    model = schema().ModelT.InitFromObj(schema().Model.GetRootAs(path.read_bytes(), 0))
    dtypes = {0: np.float32, 1: np.float16, 2: np.int32, 4: np.int64, 7: np.int16, 9: np.int8}
    graph = model.subgraphs[0]
    for tensor in graph.tensors:
        data = model.buffers[tensor.buffer].data
        has_data = data is not None and len(data) and tensor.type in dtypes
        tensor.values = np.frombuffer(np.asarray(data, np.uint8).tobytes(), dtypes[tensor.type]) if has_data else None
        tensor.name = tensor.name.decode()
    return graph


def inspect(path):
    return json.loads(runtimes.narrow("inspect", path, "--json"))
