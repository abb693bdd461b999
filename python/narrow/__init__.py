"""narrow: neural networks in integers, for microcontrollers; quantized, simulated bit for bit, compiled to C.

    import narrow
    model = narrow.load("model.tflite")          # or .onnx, .keras, .h5, .pb, a SavedModel, a Keras model
    small = model.quantize(x_train)              # an array, or whatever gives samples
    print(narrow.evaluate([model, small], x_test, labels=y_test, reference=model))
    small.save("model_int8.tflite")
    small.compile("project/", target="cortex-m4")

Where samples are asked for, give an array [samples, ...], a dictionary of arrays by the name of the input, a data set with
indices or a loader (PyTorch), a function that yields samples (`representative_dataset`), an object with `get_next`
(ONNX Runtime), or a path (.npy, .npz, .csv, a folder). Every failure is a `narrow.Error`.
"""

from ._error import AccuracyWarning, Error
from ._native import version as __version__
from .evaluation import Evaluation, Evaluations
from .interpreter import Calibrator, Interpreter
from .model import Model, coverage, evaluate, load, set_limits, supported_ops
from .statistics import Statistics, merge

__all__ = [
    "AccuracyWarning",
    "Calibrator",
    "Error",
    "Evaluation",
    "Evaluations",
    "Interpreter",
    "Model",
    "Statistics",
    "__version__",
    "coverage",
    "evaluate",
    "load",
    "merge",
    "set_limits",
    "supported_ops",
]
