"""What is left of a network in integers: narrow beside other quantizers, calibrated and measured on the same samples."""
import dataclasses
import functools
import importlib.util

import numpy as np

from .environment import SCRATCH, SHARED, existing
from .measure import narrow, peer
from .table import Row


@dataclasses.dataclass(frozen=True)
class Subject:
    """A float network, the samples that it is calibrated with, and others that it is measured on."""
    name: str
    folder: str
    onnx: str
    calibration: str
    test: str
    labels: str | None  # without these, agreement with the float network counts
    scale: float = 1.0  # real value = stored value * scale + offset
    offset: float = 0.0
    first: int | None = None  # so many samples of one file calibrate, the others measure
    tflite: str | None = "float.tflite"  # None: narrow converts the .onnx

    @property
    def onnx_model(self):
        return existing(SHARED / "data" / "models" / self.folder / self.onnx)

    @functools.cached_property
    def model(self):
        """The same network as a .tflite."""
        if self.tflite:
            return existing(SHARED / "data" / "models" / self.folder / self.tflite)
        out = SCRATCH / f"{self.folder}_{self.onnx}.tflite"
        narrow("convert", self.onnx_model, "-o", out)
        return out

    @functools.cached_property
    def samples(self):
        """Files of float32: what calibrates, what measures, and the labels of the latter, or None."""
        def stored(name):
            return np.load(existing(SHARED / "data" / name))

        def written(role, values):
            SCRATCH.mkdir(parents=True, exist_ok=True)
            path = SCRATCH / f"{self.folder}_{self.onnx}_{role}.npy"
            np.save(path, values)
            return path

        def real(values):
            return values.astype(np.float32) * np.float32(self.scale) + np.float32(self.offset)

        some, others = stored(self.calibration)[:self.first], stored(self.test)[self.first or 0:]
        labels = written("labels", stored(self.labels)[self.first or 0:]) if self.labels else None
        return written("calibration", real(some)), written("test", real(others)), labels


CIFAR10 = ("cifar10/calibration_x.npy", "cifar10/test_x.npy", "cifar10/test_y.npy")
CENTRED = {"scale": 4 / 255, "offset": -2.0, "tflite": None}
SUBJECTS = (
    Subject("KWS", "kws", "model.onnx", "kws01/x.npy", "kws01/x.npy", "kws01/y.npy", first=100),
    Subject("ResNet8", "resnet", "model.onnx", *CIFAR10),
    Subject("VWW", "vww", "model.onnx", "vww/calibration_x.npy", "vww/test_x.npy", None, scale=1 / 255),
    Subject("seed CNN", "seed_cnn", "model.onnx", *CIFAR10, scale=1 / 255),
    Subject("MobileNetV2-like", "mobilenet_cifar", "model.onnx", *CIFAR10, **CENTRED),
    Subject("imbalanced MobileNet", "mobilenet_cifar", "model_imbalanced.onnx", *CIFAR10, **CENTRED),
)

# What is compared: narrow's options, and the peers that do the same: (shown as, the module it needs, its KIND)
LITERT, ORT = "litert_quantizer", "onnxruntime"
WIDTHS = (
    ("int8", ["--scheme", "int8"], (("LiteRT Quantizer, default", LITERT, "default"),
                                    ("LiteRT Quantizer, min-max", LITERT, "minmax"),
                                    ("ONNX Runtime, min-max", ORT, "minmax"),
                                    ("ONNX Runtime, percentile", ORT, "percentile"))),
    ("int8 per tensor", ["--granularity", "tensor"], (("ONNX Runtime, min-max per tensor", ORT, "tensor"),)),
    ("int8, 4-bit weights", ["--weights", "4"], (("LiteRT Quantizer, depthwise at 8", LITERT, "4-bit"),)),
    ("int16x8", ["--scheme", "int16x8"], (("LiteRT Quantizer, min-max", LITERT, "16x8"),
                                          ("ONNX Runtime, 16-bit activations", ORT, "16x8"))),
    ("int16", ["--scheme", "int16"], (("ONNX Runtime, 16-bit weights too", ORT, "16"),)),
)


@dataclasses.dataclass(frozen=True)
class Accuracy:
    sqnr_db: float
    right: int
    samples: int

    def __str__(self):
        return f"{self.sqnr_db:.1f} dB, {100 * self.right / self.samples:.2f} %"


def evaluated(subject, file):
    """What `narrow evaluate` finds of a .tflite."""
    _, test, labels = subject.samples
    by = ["--labels", labels] if labels else []
    row = narrow("evaluate", file, "--data", test, *by, "--reference", subject.model, "--json").json["models"][0]
    share = row["top1"] if labels else row["agreement"]
    return Accuracy(row["sqnr_db"], round(share * row["samples"]), row["samples"])


@functools.cache
def ours(subject, *options):
    out = SCRATCH / f"{subject.folder}_accurate.tflite"
    narrow("quantize", subject.model, "--data", subject.samples[0], *options, "-o", out)
    return evaluated(subject, out)


def theirs(subject, module, kind):
    calibration, test, labels = subject.samples
    out = SCRATCH / f"{subject.folder}_{module}_{kind}"
    if module == LITERT:
        peer("litert_accurate", subject.model, calibration, kind, f"{out}.tflite")
        return evaluated(subject, f"{out}.tflite")
    row = peer("ort_accurate", subject.onnx_model, calibration, test, labels or "-", kind, f"{out}.onnx").json
    return Accuracy(row["sqnr_db"], row["right"], row["samples"])


def beside(subject, width, options, shown, module, kind):
    """A row for a peer. What it cannot do is a failure of its own process, and told as such."""
    best = ours(subject, *options)
    what = f"{subject.name} {width}, beside {shown}"
    if not importlib.util.find_spec(module):
        return [Row(what, str(best), f"{module} is not installed", target=">= peer")]
    other = theirs(subject, module, kind)
    return [Row(what, str(best), str(other), None, ">= peer", best.sqnr_db >= other.sqnr_db)]


def fast(subject, width, options):
    best, plain = ours(subject, *options), ours(subject, *options, "--quality", "fast")
    return [Row(f"{subject.name} {width}, beside --quality fast", str(best), str(plain), None, ">= peer",
                best.sqnr_db >= plain.sqnr_db)]


def cases(settings):
    subjects = SUBJECTS[:1] if settings.quick else SUBJECTS
    for subject in subjects:
        for width, options, peers in WIDTHS:
            yield f"{subject.name} {width}", lambda s=subject, w=width, o=options: fast(s, w, o)
            for one in peers:
                yield (f"{subject.name} {width}, {one[0]}",
                       lambda s=subject, w=width, o=options, p=one: beside(s, w, o, *p))
