"""Keras networks with `stateful=True`, and what Keras computes with them in sequences.

usage: python tests/oracle/stateful_keras.py FOLDER     (needs tensorflow)

Writes NAME.keras for each network and outputs.npz with NAME_x, the samples, and NAME_y, the outputs, of sequences of LENGTH
samples.
"""
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers

SAMPLES, LENGTH, FEATURES = 60, 25, 5
NETWORKS = {  # frames that a run takes, and layers
    "one_frame": (1, [layers.LSTM(6, stateful=True, return_sequences=True),
                      layers.GRU(5, stateful=True, return_sequences=True), layers.SimpleRNN(4, stateful=True)]),
    "three_frames": (3, [layers.LSTM(4, stateful=True, return_sequences=True), layers.LSTM(3, return_sequences=True),
                         layers.GRU(5, stateful=True, reset_after=False, return_sequences=True)]),
}


def main(folder):
    outputs = {}
    for name, (frames, stack) in NETWORKS.items():
        y = x = keras.Input(batch_shape=(1, frames, FEATURES))
        for layer in (*stack, layers.Dense(3, activation="tanh")):
            y = layer(y)
        model = keras.Model(x, y)
        for i, weights in enumerate(model.weights):
            if weights.trainable:
                weights.assign(np.random.default_rng(i).normal(size=weights.shape) * 0.5)
        model.save(pathlib.Path(folder) / f"{name}.keras")
        samples = np.random.default_rng(3).normal(size=(SAMPLES, frames, FEATURES)).astype(np.float32)
        results = []
        for i, sample in enumerate(samples):
            for layer in stack:
                if layer.stateful and i % LENGTH == 0:
                    layer.reset_state()
            results.append(np.asarray(model(sample[None]))[0])
        outputs |= {f"{name}_x": samples, f"{name}_y": np.array(results)}
    np.savez_compressed(pathlib.Path(folder) / "outputs.npz", **outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
