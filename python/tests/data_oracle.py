"""What the frameworks that the networks were trained with make of sound and pictures, computed by their own ops.

usage: python python/tests/data_oracle.py     writes data_goldens.npz beside this file (needs tensorflow, librosa, pillow)

data_goldens.npz was written with TensorFlow 2.21.0, librosa 0.11.0, Pillow 13.0.0 and NumPy 2.4.6.
"""
import functools
import io
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

RATE = 16000


def clip(seconds=1.0, seed=0):
    """A sweep that swells, with harmonics and noise, and some silence: int16 [samples], the same on any machine up to the
    rounding of sines."""
    n = int(RATE * seconds)
    t = np.arange(n) / RATE
    sweep = np.sin(2 * np.pi * (150 + 900 * t * (1 + seed)) * t) + 0.3 * np.sin(2 * np.pi * 2700 * t)
    state, noise = 12345 + seed, np.empty(n)
    for i in range(n):
        state = (1103515245 * state + 12345) % 2**31
        noise[i] = state / 2**30 - 1
    sound = (sweep * np.sin(np.pi * t / seconds) ** 2 + 0.02 * noise) * (t % 0.7 < 0.6)
    return np.round(sound * 9000).astype(np.int16)


def picture(height=37, width=53):
    """uint8 [height, width, 3]: slopes, an edge and a texture."""
    y, x = np.mgrid[:height, :width]
    red = x * 255 // (width - 1)
    green = (x * 7 + y * 13) % 256
    blue = np.where(x > y, 250, 5)
    return np.stack([red, green, blue], -1).astype(np.uint8)


# Sound. Each takes int16 [samples] of 16 kHz.

def mlperf_tiny_kws(sound):
    """tf.signal, with the settings of MLPerf Tiny's keyword spotting: [49, 10, 1]."""
    import tensorflow as tf
    x = tf.cast(sound, tf.float32)
    x = x / tf.reduce_max(x)
    x = tf.pad(x, [[0, RATE - len(sound)]])
    spectrum = tf.abs(tf.signal.stft(x, frame_length=480, frame_step=320, window_fn=tf.signal.hann_window))
    bands = tf.signal.linear_to_mel_weight_matrix(40, spectrum.shape[-1], RATE, 20.0, 4000.0)
    log_mel = tf.math.log(tf.tensordot(spectrum, bands, 1) + 1e-6)
    return tf.signal.mfccs_from_log_mel_spectrograms(log_mel)[..., :10, None].numpy()


def mlperf_tiny_sww(sound):
    """tf.signal, with the settings of MLPerf Tiny's streaming wake word: [frames, 1, 40]."""
    import tensorflow as tf
    x = tf.cast(sound, tf.float32) / 32768
    x = x - (1 - 2**-5) * tf.concat([[0.0], x[:-1]], 0)
    window = functools.partial(tf.signal.hamming_window, periodic=False)
    power = tf.square(tf.abs(tf.signal.stft(x, frame_length=1024, frame_step=512, window_fn=window))) / 1024
    power = tf.maximum(power, 1e-30)
    bands = tf.signal.linear_to_mel_weight_matrix(40, power.shape[-1], RATE, 0.0, RATE / 2)
    decibels = 10 * tf.math.log(tf.tensordot(power, bands, 1)) / tf.math.log(10.0)
    return tf.clip_by_value((decibels + 52) / 64, 0, 1)[:, None, :].numpy()


def arm_kws(sound, stride=320):
    """TensorFlow's audio ops, with the attributes that the frozen graphs of Arm's keyword spotting have: [frames, 10]."""
    import tensorflow as tf
    x = tf.pad(tf.cast(sound, tf.float32) / 32768, [[0, RATE - len(sound)]])
    spectrum = tf.raw_ops.AudioSpectrogram(input=x[:, None], window_size=640, stride=stride, magnitude_squared=True)
    return tf.raw_ops.Mfcc(spectrogram=spectrum, sample_rate=RATE, upper_frequency_limit=4000, lower_frequency_limit=20,
                           filterbank_channel_count=40, dct_coefficient_count=10)[0].numpy()


def arm_graph(path, wav):
    """The features that a frozen graph computes itself, of the bytes of a .wav: [frames, 10]."""
    import tensorflow as tf
    graph = tf.compat.v1.GraphDef.FromString(pathlib.Path(path).read_bytes())
    nodes = {n.op: n for n in graph.node}
    with tf.Graph().as_default():
        tf.import_graph_def(graph, name="")
        with tf.compat.v1.Session() as session:
            return session.run(f"{nodes['Mfcc'].name}:0", {f"{nodes['DecodeWav'].input[0]}:0": wav})[0]


def mlperf_tiny_ad(sound):
    """librosa, with the settings of MLPerf Tiny's anomaly detection: [196, 640] of 10 s."""
    import librosa
    mel = librosa.feature.melspectrogram(y=sound.astype(np.float32) / 32768, sr=RATE, n_fft=1024, hop_length=512, n_mels=128,
                                         power=2.0)
    frames = (10.0 * np.log10(mel + np.finfo(float).eps)).T[50:250]
    return np.hstack([frames[i:196 + i] for i in range(5)]).astype(np.float32)


def librosa_frames(sound):
    """All frames of librosa's log mel spectrogram, with those at the ends: [frames, 64]."""
    import librosa
    mel = librosa.feature.melspectrogram(y=sound.astype(np.float32) / 32768, sr=RATE, n_fft=1024, hop_length=512, n_mels=64)
    return (10.0 * np.log10(mel + np.finfo(float).eps)).T.astype(np.float32)


# Pictures. Each takes uint8 [height, width, 3].

def tf_resize(pixels, height, width):
    import tensorflow as tf
    return tf.image.resize(pixels, [height, width]).numpy()


def tf_central_crop_resize(pixels, fraction, height, width):
    import tensorflow as tf
    return tf.image.resize(tf.image.central_crop(pixels, fraction), [height, width]).numpy()


def keras_crop_to_aspect_ratio(pixels, height, width):
    import tensorflow as tf
    return tf.keras.utils.array_to_img(tf.keras.preprocessing.image.smart_resize(pixels, (height, width)), scale=False)


def png(pixels):
    import PIL.Image
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


SOUNDS = {"clip": clip(), "short": clip(0.55, 1)}
RESIZED = {"down": ((37, 53), (9, 7)), "up": ((5, 7), (19, 16)), "mixed": ((37, 5), (10, 12))}  # sizes before and after
ROWS = [0, 101, 195]  # of [196, 640]


def goldens():
    made = {}
    for name, sound in SOUNDS.items():
        made[f"kws_{name}"] = mlperf_tiny_kws(sound)
        made[f"arm_{name}"] = arm_kws(sound)
        made[f"arm40_{name}"] = arm_kws(sound, 640)
    made["sww_clip"] = mlperf_tiny_sww(clip())
    made["ad_clip"] = mlperf_tiny_ad(clip(10.0))[ROWS]
    for name, (old, new) in RESIZED.items():
        made[f"resize_{name}"] = tf_resize(picture(*old), *new)
    made["central_crop"] = tf_central_crop_resize(picture(), 0.875, 9, 7)
    return made


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("data_goldens.npz")
    np.savez_compressed(path, **goldens())
    print(f"{path}: {path.stat().st_size} bytes")
