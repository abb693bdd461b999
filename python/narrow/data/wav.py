"""Reading .wav files: PCM, one channel, by the standard library's reader."""
from __future__ import annotations

import os
import wave

import numpy as np
from numpy.typing import NDArray

from .._error import Error


def read_wav(path: str | os.PathLike[str], sample_rate: int | None = None) -> NDArray[np.float32]:
    """The samples of a .wav of one channel, float32 [samples], from -1 to 1: integers divided by 2^(bits - 1), which is exact
    up to 24 bits (TensorFlow's `decode_wav` and librosa's `load` do the same).

    8, 16, 24 and 32 bits of PCM. With `sample_rate` (Hz), a file of another rate is refused: nothing is resampled. Error
    where the file is torn, empty, compressed or of floats, has several channels, or cannot be opened; it names the file.
    """
    where = os.fspath(path)
    try:
        with wave.open(where, "rb") as file:
            channels, width, rate, count = file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()
            # A header may promise gigabytes, which are not asked for where the file cannot have them.
            whole = count * width * channels <= os.path.getsize(where)
            data = file.readframes(count) if whole else b""
    except OSError as error:
        raise Error("io", f"cannot open the file: {error.strerror or error}", where, "") from None
    except wave.Error as error:
        raise Error("bad_file", f"not a PCM .wav file: {error}", where,
                    "make one of it: ffmpeg -i IN -c:a pcm_s16le -ac 1 OUT.wav") from None
    except (EOFError, RuntimeError, ValueError, ZeroDivisionError):  # a header that ends early, or sizes beyond the file
        raise Error("bad_file", "the file is torn: its header is not whole", where, "copy it again") from None
    if width > 4:
        raise Error("bad_file", f"{8 * width} bits a sample", where, "make 16 of it: ffmpeg -i IN -c:a pcm_s16le OUT.wav")
    if channels != 1:
        raise Error("bad_data", f"{channels} channels", where, "a network takes one: ffmpeg -i IN -ac 1 OUT.wav")
    if sample_rate is not None and rate != sample_rate:
        raise Error("bad_data", f"{rate} samples a second, and the features are of {sample_rate}", where,
                    f"resample it: ffmpeg -i IN -ar {sample_rate} OUT.wav; or set `sample_rate`")
    if len(data) != count * width:
        raise Error("bad_file", f"the file is torn: it holds less than the {count} samples that its header says", where,
                    "copy it again, or write it again: ffmpeg -i IN -c:a pcm_s16le OUT.wav")
    if count == 0:
        raise Error("bad_data", "there are no samples in it", where, "")
    return to_float(data, width)


def to_float(data: bytes, width: int) -> NDArray[np.float32]:
    """Little-endian PCM of `width` bytes (1 to 4; one byte is without sign), float32 from -1 to 1."""
    x: NDArray[np.float32]
    if width == 1:
        x = np.frombuffer(data, np.uint8).astype(np.float32) - np.float32(128)
    elif width == 3:
        # The three bytes are the upper ones of 32 bits.
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        x, width = wide.reshape(-1).view(np.dtype("<i4")).astype(np.float32), 4
    else:
        x = np.frombuffer(data, f"<i{width}").astype(np.float32)
    x /= np.float32(2 ** (8 * width - 1))
    return x
