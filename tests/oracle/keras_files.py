"""Writes examples/digits/model.h5, the example network as Keras keeps it. Needs TensorFlow's Keras and is run by hand:

    build/narrow export examples/digits/float.tflite -o weights --format npy
    python tests/oracle/keras_files.py weights examples/digits/model.h5
"""
import json
import pathlib
import sys

import keras
import numpy

ORDER = ("conv1", "conv2", "logits")  # layers with weights, as they follow each other


def arrays(folder):
    """(kernel, bias) of each layer, kernels with the output channels first, in the order of the file."""
    index = json.loads((folder / "index.json").read_text())
    found = [numpy.load(folder / entry["file"]) for entry in index["constants"]]
    return [a for a in found if a.dtype == numpy.float32]


def main(weights, path):
    model = keras.Sequential([
        keras.layers.Input((8, 8, 1), name="image"),
        keras.layers.Conv2D(12, 3, padding="same", activation="relu", name="conv1"),
        keras.layers.MaxPooling2D(name="pool1"),
        keras.layers.Conv2D(24, 3, padding="same", activation="relu", name="conv2"),
        keras.layers.MaxPooling2D(name="pool2"),
        keras.layers.Flatten(name="flat"),
        keras.layers.Dense(10, name="logits")], name="digits")
    values = arrays(pathlib.Path(weights))
    kernels, biases = [a for a in values if a.ndim > 1], [a for a in values if a.ndim == 1]
    for name, kernel, bias in zip(ORDER, kernels, biases, strict=True):
        kernel = kernel.transpose(1, 2, 3, 0) if kernel.ndim == 4 else kernel.T
        model.get_layer(name).set_weights([kernel, bias])
    model.save(path, include_optimizer=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
