"""Features of sound for networks: of a clip, of an array, of a folder of .wav files."""
from __future__ import annotations

import os
import pathlib
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from .._error import Error
from .features import PRESETS, SoundFeatures, features_of
from .folder import Folder
from .wav import read_wav

#: A path of a .wav; an array [samples] or [clips, samples] of float from -1 to 1, or int16; or a sequence of both.
Sound = Any


def settings_of(preset: str | SoundFeatures, changes: dict[str, Any]) -> SoundFeatures:
    """The settings that are called `preset`, with changes. Raises Error (bad_option)."""
    if isinstance(preset, SoundFeatures):
        return preset.changed(changes)
    if preset not in PRESETS:
        raise Error("bad_option", f"there is no preset {preset!r}", "", f"there are {', '.join(PRESETS)}", "preset")
    return PRESETS[preset].changed(changes)


def mfcc(sound: Sound, preset: str | SoundFeatures = "mlperf-tiny-kws", **changes: Any) -> NDArray[np.float32]:
    """Mel-frequency cepstral coefficients, float32: of one clip [frames, coefficients], of several a leading axis more, and
    with the axis of 1 that the network's input has (`unit_axis`), so "mlperf-tiny-kws" gives [49, 10, 1].

    `sound` is the path of a .wav, an array [samples] or [clips, samples] (int16, or float from -1 to 1) of the preset's
    sample rate, or a sequence of both. `preset` is a name of SOUND_PRESETS or a SoundFeatures; keywords change its fields
    (`window_ms=40`). A clip is cut, or filled with zeros, to the preset's `seconds`.

    Raises Error, which names the file: another sample rate, several channels, not PCM, torn, too short.
    """
    settings = settings_of(preset, changes)
    if not settings.coefficients:
        raise Error("bad_option", f"the preset {preset!r} has no cosine transform", "",
                    "use `log_mel`, or set `coefficients`", "preset")
    return features(sound, settings)


def log_mel(sound: Sound, preset: str | SoundFeatures = "mlperf-tiny-sww", **changes: Any) -> NDArray[np.float32]:
    """Logarithms of mel bands, float32 [frames, mel_bins], as `mfcc` takes them to transform; otherwise like `mfcc`.

    "mlperf-tiny-ad" gives [196, 640] of a clip: each row, five frames, is a sample of the network.
    """
    return features(sound, settings_of(preset, {**changes, "coefficients": 0}))


def features(sound: Sound, settings: SoundFeatures) -> NDArray[np.float32]:
    """The features of what `mfcc` takes."""
    if isinstance(sound, (str, os.PathLike)):
        if pathlib.Path(sound).is_dir():
            raise Error("bad_option", "a folder, and one clip is expected", os.fspath(sound),
                        "use `sounds`, which reads folders", "sound")
        return features_of(read_wav(sound, settings.sample_rate), settings, os.fspath(sound))
    if isinstance(sound, np.ndarray) and sound.ndim == 1:
        return features_of(from_array(sound), settings, "the clip")
    if not hasattr(sound, "__iter__") or getattr(sound, "ndim", 1) == 0:
        raise Error("bad_data", f"a {type(sound).__name__} where a sound is expected", "",
                    "a path, an array [samples] or [clips, samples], or a sequence of them is taken", "sound")
    clips = [features_of(from_array(s), settings, f"clip {i}") if isinstance(s, np.ndarray) else features(s, settings)
             for i, s in enumerate(sound)]
    if not clips:
        raise Error("bad_data", "there are no clips", "", "", "sound")
    for i, clip in enumerate(clips):
        if clip.shape != clips[0].shape:
            raise Error("bad_data", f"clips of several lengths: {len(clips[0])} and {len(clip)} frames", f"clip {i}",
                        "set `seconds`, or compute one at a time")
    return np.stack(clips)


def from_array(clip: NDArray[Any]) -> NDArray[Any]:
    """[samples] of float, from -1 to 1. Raises Error for other shapes and types."""
    if clip.ndim != 1:
        raise Error("bad_data", f"an array of shape {list(clip.shape)} where a clip [samples] is expected", "",
                    "channels and further axes must be gone")
    if len(clip) == 0:
        raise Error("bad_data", "a clip without samples", "")
    if clip.dtype == np.int16:
        return clip.astype(np.float64) / 32768
    if clip.dtype.kind != "f":
        raise Error("bad_data", f"samples of type {clip.dtype}", "", "int16, or float from -1 to 1, are taken")
    return clip


class SoundFolder(Folder):
    """Features of the .wav files of a folder; `sounds` makes it. `settings` says which."""

    suffixes = (".wav",)
    what = ".wav files"

    def __init__(self, root: str | os.PathLike[str], settings: SoundFeatures, classes: Sequence[str] | None,
                 on_error: str) -> None:
        self.settings = settings
        if settings.frame_count is None:
            raise Error("bad_option", "clips of any length give samples of several shapes", os.fspath(root),
                        "set `seconds`", "seconds")
        super().__init__(root, classes, on_error)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        s = self.settings
        if s.stacked > 1:
            return (s.stacked * s.values,)
        shape = [s.frame_count or 0, s.values]
        if s.unit_axis is not None:
            shape.insert(len(shape) + 1 + s.unit_axis, 1)
        return tuple(shape)

    @property
    def per_file(self) -> int:
        s = self.settings
        return 1 if s.stacked == 1 else (s.frame_count or 0) - s.stacked + 1

    def read(self, name: str) -> NDArray[np.float32]:
        path = self.root / name
        y = features_of(read_wav(path, self.settings.sample_rate), self.settings, str(path))
        return y if self.settings.stacked > 1 else y[None]


def sounds(folder: str | os.PathLike[str], preset: str | SoundFeatures = "mlperf-tiny-kws", *,
           classes: Sequence[str] | None = None, on_error: str = "raise", **changes: Any) -> SoundFolder:
    """The .wav files of a folder as samples, read when they are asked for, in the order of their names.

    preset    a name of SOUND_PRESETS or a SoundFeatures; further keywords change its fields
    classes   the subfolders in the order of the network's outputs; None: in alphabetical order
    on_error  "raise", or "skip": each file is read once now, and those that cannot be are left out and listed in `.skipped`

    Raises Error for a folder without .wav files; reading a sample raises what `mfcc` raises.
    """
    return SoundFolder(folder, settings_of(preset, changes), classes, on_error)
