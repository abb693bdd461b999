"""MFCC features of speech as the keyword-spotting guide makes them, with TensorFlow's own ops, and what TensorFlow computes from
them with a frozen graph.

usage: python tests/oracle/speech_features.py GRAPH.pb SPEECH_FOLDER X.npy Y.npy [WINDOWS]   (needs tensorflow)

X holds the features of WINDOWS (default 240) seconds of sound, of the shape that the graph's own Mfcc node gives ([windows,
frames, coefficients]); Y the graph's outputs for them. The windows are cut from the 16 kHz .wav files of the folder at
places that move by a fixed step, and scaled by factors that go round, so that every run gives the same files.
"""
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

RATE = 16000
SCALES = (1.0, 0.5, 0.25, 0.8, 1.5, 0.1)


def windows(folder, count):
    sounds = []
    for path in sorted(pathlib.Path(folder).glob("*.wav")):
        sound, _ = tf.audio.decode_wav(path.read_bytes(), desired_channels=1)
        sounds.append(np.pad(sound.numpy()[:, 0], (RATE // 2, RATE)))
    for i in range(count):
        sound = sounds[i % len(sounds)]
        start = i * 1237 % (len(sound) - RATE)
        yield np.clip(SCALES[i % len(SCALES)] * sound[start:start + RATE], -1, 1).astype(np.float32)


def main(graph_path, folder, x_path, y_path, count="240"):
    graph = tf.compat.v1.GraphDef.FromString(pathlib.Path(graph_path).read_bytes())
    nodes = {n.op: n for n in graph.node}
    spectrogram, mfcc, decode = nodes["AudioSpectrogram"], nodes["Mfcc"], nodes["DecodeWav"]
    read = {s.split(":")[0] for n in graph.node for s in n.input}
    (output,) = [n.name for n in graph.node if n.name not in read and n.op != "Const"]
    x, y, sounds = [], [], list(windows(folder, int(count)))
    with tf.Graph().as_default():
        tf.import_graph_def(graph, name="")
        with tf.compat.v1.Session() as session:
            for sound in sounds:
                # The sound takes the place of what DecodeWav gives, samples by channels.
                features, result = session.run([f"{mfcc.name}:0", f"{output}:0"],
                                               {f"{decode.name}:0": sound[:, None], f"{decode.name}:1": RATE})
                x.append(features[0])
                y.append(result[0])
    np.save(x_path, np.asarray(x, np.float32))
    np.save(y_path, np.asarray(y, np.float32))
    print(f"{output}: {len(x)} windows of {x[0].shape}, window {spectrogram.attr['window_size'].i}, "
          f"stride {spectrogram.attr['stride'].i}; classes {np.bincount(np.argmax(y, 1), minlength=12).tolist()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
