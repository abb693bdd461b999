"""Features of sound: level, windows, spectrum, mel bands, logarithm, cosine transform, as trainers compute them.

All is computed in float64 and given as float32, so that a result is as near to the definition as its type allows;
frameworks that compute in float32 differ from it in the last digits (docs/images-and-audio.md has the differences).
"""
from __future__ import annotations

import dataclasses
import functools
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray

from .._error import Error
from .mel import MEL_BANDS

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class SoundFeatures:
    """What features are computed of a clip; the fields stand in the order of the steps."""

    sample_rate: int = 16000  # Hz; files of other rates are refused
    seconds: float | None = 1.0  # length of a clip: shorter ones get zeros at their end, longer ones are cut; None: as it is
    level: str = "as-is"  # of LEVELS, before zeros are put at the end
    preemphasis: float = 0.0  # x[t] - preemphasis * x[t - 1], and 0 before the first
    window_ms: float = 30.0  # the transform is of the next power of two of samples, zeros behind the window
    stride_ms: float = 20.0
    taper: str = "hann"  # of TAPERS
    centered: bool = False  # windows around multiples of the stride, zeros outside of the clip (librosa's center=True)
    spectrum: str = "magnitude"  # of SPECTRA
    mel: str = "tf.signal"  # of MEL_BANDS: whose definition of bands
    mel_bins: int = 40
    low_hz: float = 20.0
    high_hz: float | None = 4000.0  # None: half of sample_rate
    log_floor: float = 0.0  # log(max(x, log_floor) + log_offset); one of both is above 0
    log_offset: float = 1e-6
    decibels: bool = False  # 10 * log10 instead of the natural logarithm
    shift: float = 0.0  # (y + shift) * scale
    scale: float = 1.0
    clip: tuple[float, float] | None = None
    coefficients: int = 0  # of the orthonormal cosine transform (DCT-II) over mel bins; 0: mel bins as they are
    frames: tuple[int, int] | None = None  # the first frame that is kept, and the first behind them; None: all
    stacked: int = 1  # a sample is so many frames in a row, one sample for each frame that has them; 1: a clip is a sample
    unit_axis: int | None = None  # where the network's input has an axis of 1: -1 behind coefficients, -2 before them

    @property
    def window(self) -> int:
        """Samples of a window."""
        return int(self.sample_rate * self.window_ms / 1000 + 1e-6)

    @property
    def stride(self) -> int:
        """Samples between the begins of windows."""
        return int(self.sample_rate * self.stride_ms / 1000 + 1e-6)

    @property
    def transform(self) -> int:
        """Samples of a Fourier transform."""
        return 1 << (self.window - 1).bit_length()

    @property
    def samples(self) -> int | None:
        """Samples of a clip; None: any number."""
        return None if self.seconds is None else int(self.sample_rate * self.seconds + 1e-6)

    @property
    def values(self) -> int:
        """Values of a frame."""
        return self.coefficients or self.mel_bins

    @property
    def frame_count(self) -> int | None:
        """Frames of a clip; None where it depends on the clip."""
        if self.frames is not None:
            return self.frames[1] - self.frames[0]
        return None if self.samples is None else self.frames_of(self.samples)

    def frames_of(self, samples: int) -> int:
        """Frames of so many samples, before `frames` takes some."""
        length = samples + (self.transform // 2 * 2 if self.centered else 0)
        return max(0, 1 + (length - self.window) // self.stride)

    def changed(self, changes: dict[str, Any]) -> SoundFeatures:
        """These settings with some of them changed, checked. Raises Error (bad_option), which names the field."""
        known = {f.name for f in dataclasses.fields(self)}
        for name in changes:
            if name not in known:
                raise Error("bad_option", f"there is no setting `{name}`", "", f"there are {', '.join(sorted(known))}", name)
        new = dataclasses.replace(self, **changes)
        new.check()
        return new

    def check(self) -> None:
        """Raises Error (bad_option) for settings that mean nothing."""
        def need(true: bool, field: str, remedy: str) -> None:
            if not true:
                raise Error("bad_option", f"`{field}` does not take {getattr(self, field)!r}", "", remedy, field)

        for field, table in (("level", LEVELS), ("taper", TAPERS), ("spectrum", SPECTRA), ("mel", MEL_BANDS)):
            need(getattr(self, field) in table, field, f"it takes {', '.join(map(repr, table))}")
        for setting in dataclasses.fields(self):
            value = getattr(self, setting.name)
            if str(setting.type).split(" ")[0] in ("int", "float") and not (value is None and "None" in str(setting.type)):
                need(isinstance(value, (int, float, np.integer, np.floating)) and bool(np.isfinite(value)), setting.name,
                     "it takes a finite number")
        half = self.sample_rate / 2
        need(1 <= self.sample_rate <= 1 << 20, "sample_rate", "it takes samples a second, 1 to 1048576")
        need(1 <= self.window <= 1 << 20, "window_ms", "a window has 1 to 1048576 samples")
        need(self.stride >= 1, "stride_ms", "a stride has at least one sample")
        need(self.samples is None or self.window <= self.samples <= 1 << 30, "seconds",
             f"a clip has at least one window, {self.window} samples")
        need(1 <= self.mel_bins <= 4096, "mel_bins", "it takes 1 to 4096")
        need(0 <= self.coefficients <= self.mel_bins, "coefficients", f"it takes 0 to `mel_bins`, {self.mel_bins}")
        need(0 <= self.low_hz < half, "low_hz", f"it takes 0 to half of the sample rate, {half:g}")
        need(self.high_hz is None or self.low_hz < self.high_hz <= half, "high_hz",
             f"it takes more than `low_hz`, and at most half of the sample rate, {half:g}")
        need(self.log_floor >= 0, "log_floor", "it takes 0 or more")
        need(self.log_offset > 0 or (self.log_offset == 0 and self.log_floor > 0), "log_offset",
             "it takes more than 0, or 0 with a `log_floor`: zero has no logarithm")
        need(not self.centered or self.window == self.transform, "centered", "centered windows are of a power of two of samples")
        need(self.frames is None or 0 <= self.frames[0] < self.frames[1], "frames", "it takes (first, behind the last)")
        count = self.frame_count
        need(self.stacked >= 1 and (count is None or self.stacked <= count), "stacked", f"it takes 1 to {count} frames")
        need(self.unit_axis in (None, -1, -2), "unit_axis", "it takes -1, -2 or None")


LEVELS: dict[str, Callable[[Floats], Floats]] = {
    "as-is": lambda x: x,
    # What MLPerf Tiny's keyword spotting does. A clip without a sample above 0 would become NaN, and stays as it is.
    "by-maximum": lambda x: x / x.max() if x.max() != 0 else x,
}
# Windows of n samples. Hann's is periodic, Hamming's symmetric, as those who use them have them.
TAPERS: dict[str, Callable[[int], Floats]] = {
    "hann": lambda n: 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n),
    "hamming": lambda n: 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(n) / max(1, n - 1)),
    "none": lambda n: np.ones(n),
}
# Of a complex transform and the number of samples in its window.
SPECTRA: dict[str, Callable[[NDArray[np.complex128], int], Floats]] = {
    "magnitude": lambda s, n: np.abs(s),
    "power": lambda s, n: s.real**2 + s.imag**2,
    "power-by-samples": lambda s, n: (s.real**2 + s.imag**2) / n,
}


@functools.lru_cache(maxsize=64)
def taper_of(settings: SoundFeatures) -> Floats:
    return TAPERS[settings.taper](settings.window)


@functools.lru_cache(maxsize=64)
def mel_matrix(settings: SoundFeatures) -> Floats:
    """[frequencies of the transform, mel_bins]."""
    high = settings.sample_rate / 2 if settings.high_hz is None else settings.high_hz
    return MEL_BANDS[settings.mel](settings.sample_rate, settings.transform, settings.mel_bins, settings.low_hz, high)


@functools.lru_cache(maxsize=64)
def cosine_matrix(settings: SoundFeatures) -> Floats:
    """[mel_bins, coefficients]: the DCT-II, scaled as TensorFlow does, by sqrt(2 / mel_bins) in all columns."""
    n = settings.mel_bins
    angles = np.pi / n * np.outer(np.arange(n) + 0.5, np.arange(settings.coefficients))
    matrix: Floats = np.sqrt(2 / n) * np.cos(angles)
    return matrix


def features_of(sound: NDArray[Any], settings: SoundFeatures, where: str) -> NDArray[np.float32]:
    """The features of a clip [samples] of values from -1 to 1: float32 [frames, values], with stacked frames
    [rows, stacked * values], the earlier frame first; with `unit_axis` an axis of 1 more.

    `where` is what messages call the clip. Raises Error (bad_data) where it is too short, or not finite.
    """
    x = np.asarray(sound, np.float64)
    if not np.isfinite(x).all():
        raise Error("bad_data", "a sample of the sound is not finite", where, "")
    x = LEVELS[settings.level](x[: settings.samples])
    if settings.samples is not None:
        x = np.pad(x, (0, settings.samples - len(x)))
    if settings.preemphasis:
        x = x - settings.preemphasis * np.concatenate(([0.0], x[:-1]))
    if settings.centered:
        x = np.pad(x, settings.transform // 2)
    count = max(0, 1 + (len(x) - settings.window) // settings.stride)
    first, behind = settings.frames or (0, count)
    if count < max(1, behind) or behind - first < settings.stacked:
        needed = max(1, behind, first + settings.stacked)
        raise Error("bad_data", f"the clip is too short: {count} frames, and {needed} are needed", where,
                    "take longer clips, or set `seconds` for zeros at their end")
    windows = np.lib.stride_tricks.sliding_window_view(x, settings.window)[::settings.stride][first:behind]
    spectrum = SPECTRA[settings.spectrum](np.fft.rfft(windows * taper_of(settings), settings.transform), settings.window)
    bands = np.maximum(spectrum @ mel_matrix(settings), settings.log_floor) + settings.log_offset
    y = 10 * np.log10(bands) if settings.decibels else np.log(bands)
    y = (y + settings.shift) * settings.scale
    if settings.clip is not None:
        y = y.clip(*settings.clip)
    if settings.coefficients:
        y = y @ cosine_matrix(settings)
    if settings.stacked > 1:
        rows = len(y) - settings.stacked + 1
        y = np.concatenate([y[i:i + rows] for i in range(settings.stacked)], axis=1)
    elif settings.unit_axis is not None:
        y = np.expand_dims(y, settings.unit_axis)
    return y.astype(np.float32)


# Of the networks of the MLPerf Tiny benchmark (github.com/mlcommons/tiny, benchmark/training) and of "Hello Edge:
# Keyword Spotting on Microcontrollers" (arXiv 1711.07128; github.com/ARM-software/ML-KWS-for-MCU); each is compared with
# the ops of the framework that it was made with, in python/tests/data_test.py.
PRESETS: dict[str, SoundFeatures] = {
    # keyword_spotting/get_dataset.py: tf.signal.
    "mlperf-tiny-kws": SoundFeatures(level="by-maximum", coefficients=10, unit_axis=-1),
    # streaming_wakeword/get_dataset.py, get_lfbe_func: tf.signal; a clip as it is, without augmentation.
    "mlperf-tiny-sww": SoundFeatures(
        preemphasis=1 - 2**-5, window_ms=64, stride_ms=32, taper="hamming", spectrum="power-by-samples", low_hz=0,
        high_hz=None, log_floor=1e-30, log_offset=0, decibels=True, shift=52, scale=1 / 64, clip=(0, 1), unit_axis=-2),
    # anomaly_detection/common.py: librosa; 200 frames from the middle of 10 s, and each 5 of them in a row are a sample.
    "mlperf-tiny-ad": SoundFeatures(
        seconds=None, window_ms=64, stride_ms=32, centered=True, spectrum="power", mel="librosa", mel_bins=128, low_hz=0,
        high_hz=None, log_offset=float(np.finfo(np.float64).eps), decibels=True, frames=(50, 250), stacked=5),
    # input_data.py: TensorFlow's audio ops, 40 ms windows each 20 ms (CNN_S, DS_CNN_S, CRNN_S, Basic_LSTM_S).
    "arm-kws": SoundFeatures(window_ms=40, mel="tf.audio", log_floor=1e-12, log_offset=0, coefficients=10),
    # The same each 40 ms (DNN_S, GRU_S, LSTM_S).
    "arm-kws-40ms": SoundFeatures(window_ms=40, stride_ms=40, mel="tf.audio", log_floor=1e-12, log_offset=0, coefficients=10),
}
