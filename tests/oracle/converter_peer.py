"""The quantizer inside TensorFlow's converter, over a folder. usage: FOLDER SCHEME...

X.tflite with the samples X.npz becomes X.SCHEME.converter; models that it does not take are left out. X.SCHEME.begun
is there from the beginning, so that one that kills the process is not tried again.
"""
import pathlib
import sys

import numpy as np
from tensorflow.lite.python.optimize.calibrator import Calibrator
from tensorflow.python.framework import dtypes

TYPES = {"int8": (dtypes.int8, dtypes.int32), "int16x8": (dtypes.int16, dtypes.int64)}


def names_in_order(content):
    """The names of the inputs, as the samples are handed over in this order."""
    from tensorflow.lite.python.interpreter import Interpreter
    return [(d["name"], d["shape"]) for d in Interpreter(model_content=content).get_input_details()]


def quantize(content, samples, scheme):
    activations, bias = TYPES[scheme]
    inputs = names_in_order(content)
    count = len(samples[inputs[0][0]])
    batches = lambda: ([samples[name][i].reshape(shape) for name, shape in inputs] for i in range(count))
    return Calibrator(content).calibrate_and_quantize(batches, dtypes.float32, dtypes.float32, False, activations, bias,
                                                      resize_input=False)


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.tflite")):
    with np.load(path.with_suffix(".npz")) as samples:
        stored = dict(samples)
    for scheme in sys.argv[2:]:
        begun = path.with_suffix(f".{scheme}.begun")
        if begun.exists():
            continue
        begun.touch()
        try:
            path.with_suffix(f".{scheme}.converter").write_bytes(quantize(path.read_bytes(), stored, scheme))
        except (RuntimeError, ValueError) as e:
            print(f"{path.stem} {scheme}: {str(e).splitlines()[0] if str(e) else e}", file=sys.stderr)
