"""Where the benchmark finds what it drives, and the networks it drives it with."""
import dataclasses
import os
import pathlib

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
NARROW = os.environ.get("NARROW", str(ROOT / "build" / "narrow"))
SPAWN = os.environ.get("NARROW_SPAWN", str(ROOT / "build" / "bench" / "narrow_spawn"))
SHARED = pathlib.Path(os.environ.get("NARROW_SHARED", ROOT.parent / "shared"))
SCRATCH = ROOT / "build" / "bench" / "scratch"
MIB = 1 << 20


class Absent(Exception):
    """Something a measurement needs is not on this machine; the text says what."""


@dataclasses.dataclass(frozen=True)
class Network:
    """A float model in several formats, and samples of what it was trained on: real value = stored value * scale."""
    name: str
    folder: str
    data: str
    scale: float = 1.0

    def file(self, name):
        return existing(SHARED / "data" / "models" / self.folder / name)

    @property
    def model(self):
        return self.file("float.tflite")

    @property
    def sample_file(self):
        return existing(SHARED / "data" / self.data)

    def samples(self, count):
        """The first `count` samples as float32, repeated where there are fewer."""
        stored = np.load(self.sample_file)
        return np.resize(stored, (count, *stored.shape[1:])).astype(np.float32) * np.float32(self.scale)

    def tiled(self, count):
        """narrow's options for a file of `count` samples as they are stored, repeated where there are fewer."""
        path = SCRATCH / f"{self.folder}_{count}.npy"
        if not path.exists():
            stored = np.load(self.sample_file)
            np.save(path, np.resize(stored, (count, *stored.shape[1:])))
        return ["--data", path, "--data-scale", repr(self.scale)]


KWS = Network("KWS", "kws", "kws01/x.npy")
RESNET8 = Network("ResNet8", "resnet", "cifar10/calibration_x.npy")
VWW = Network("VWW", "vww", "vww/calibration_x.npy", 1 / 255)
NETWORKS = {n.folder: n for n in (KWS, RESNET8, VWW)}


def existing(path):
    if not path.exists():
        raise Absent(f"no {path}")
    return path
