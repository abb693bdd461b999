"""Bands of the mel scale, as those define them whose features networks were trained on: triangles over frequencies, as a
matrix [frequencies of the transform, bands]. The zero frequency is in no band of TensorFlow's.
"""
from __future__ import annotations

from typing import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def frequencies(sample_rate: int, transform: int) -> Floats:
    """Hz of each value of a real transform of `transform` samples."""
    return np.arange(transform // 2 + 1, dtype=np.float64) * (sample_rate / transform)


def triangles(points: Floats, edges: Floats) -> Floats:
    """[points, bands]: band i rises from edges[i] to 1 at edges[i + 1] and falls to edges[i + 2]."""
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising = (points[:, None] - left) / (middle - left)
    falling = (right - points[:, None]) / (right - middle)
    return np.maximum(0, np.minimum(rising, falling))


def htk(hz: Floats | float) -> Floats:
    """Mel as in the HTK book: 1127 ln(1 + f / 700)."""
    return 1127 * np.log1p(np.asarray(hz, np.float64) / 700)


def slaney(hz: Floats | float) -> Floats:
    """Mel as in Slaney's Auditory Toolbox: linear up to 1 kHz, 15 to a kHz; 27 to a factor of 6.4 above."""
    f = np.asarray(hz, np.float64)
    return np.where(f < 1000, f * 3 / 200, 15 + 27 * np.log(np.maximum(f, 1000) / 1000) / np.log(6.4))


def slaney_to_hz(mel: Floats) -> Floats:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)))


def tf_signal(sample_rate: int, transform: int, bands: int, low_hz: float, high_hz: float) -> Floats:
    """tf.signal.linear_to_mel_weight_matrix: triangles in mel."""
    edges = np.linspace(htk(low_hz), htk(high_hz), bands + 2)
    weights = triangles(htk(frequencies(sample_rate, transform)), edges)
    weights[0] = 0
    return weights


def tf_audio(sample_rate: int, transform: int, bands: int, low_hz: float, high_hz: float) -> Floats:
    """The op Mfcc of TensorFlow (contrib_audio.mfcc): as tf_signal, but only frequencies count that are nearer to the limits
    than half a step of the transform, from inside."""
    weights = tf_signal(sample_rate, transform, bands, low_hz, high_hz)
    step = sample_rate / transform
    first, last = int(1.5 + low_hz / step), int(high_hz / step)
    weights[:first] = 0
    weights[last + 1:] = 0
    return weights


def librosa(sample_rate: int, transform: int, bands: int, low_hz: float, high_hz: float) -> Floats:
    """librosa.filters.mel with its defaults: Slaney's scale, triangles in Hz, each of area 1."""
    edges = slaney_to_hz(np.linspace(slaney(low_hz), slaney(high_hz), bands + 2))
    return triangles(frequencies(sample_rate, transform), edges) * (2 / (edges[2:] - edges[:-2]))


MEL_BANDS: dict[str, Callable[[int, int, int, float, float], Floats]] = {
    "tf.signal": tf_signal,
    "tf.audio": tf_audio,
    "librosa": librosa,
}
