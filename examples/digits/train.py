"""Trains the example network on scikit-learn's digits and writes float.tflite and the data files beside it.

usage: python train.py [FOLDER]     needs numpy, scikit-learn, flatbuffers (pip) and flatc; takes five seconds

The same NumPy on the same machine gives the same bytes; another BLAS may change the last bits of the weights.
"""
import pathlib
import sys

import numpy as np
from sklearn.datasets import load_digits

import net
import tflite_writer

SEED = 7
TEST, CALIBRATION = 360, 200


def main(folder):
    pixels, labels = load_digits(return_X_y=True)
    pixels, labels = pixels.reshape(-1, 8, 8, 1).astype(np.uint8), labels.astype(np.uint8)
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(pixels))
    test, rest = order[:TEST], order[TEST:]

    x = pixels.astype(np.float32) / 16
    params = net.train(net.initial(rng), x[rest], labels[rest], rng)
    guess = net.forward(params, x[test])[0].argmax(axis=1)
    print(f"{sum(p.size for p in params)} parameters, {(guess == labels[test]).sum()} of {TEST} test digits right")

    tflite_writer.write(folder / "float.tflite", params)
    np.save(folder / "test_x.npy", pixels[test])
    np.save(folder / "test_y.npy", labels[test])
    np.save(folder / "train_x.npy", pixels[rest[:CALIBRATION]])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent))
