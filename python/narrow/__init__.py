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

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, List

from ._error import AccuracyWarning, Error


def _load_native() -> None:
    """Loads the extension module so that it finds its own libraries.

    TensorFlow shows all symbols of its libraries to the whole process, functions of another XNNPACK and protobuf among
    them. With RTLD_DEEPBIND those that the module was linked with are looked for first.
    """
    before = sys.getdlopenflags()
    sys.setdlopenflags(before | getattr(os, "RTLD_DEEPBIND", 0))
    try:
        importlib.import_module("._native", __name__)
    finally:
        sys.setdlopenflags(before)


_load_native()

if TYPE_CHECKING:
    from ._native import version as __version__
    from .evaluation import Evaluation, Evaluations
    from .interpreter import Calibrator, Interpreter
    from .model import Model, coverage, evaluate, load, report, set_limits, supported_ops
    from .reports import Report
    from .statistics import Statistics, merge

__all__ = [
    "AccuracyWarning",
    "Calibrator",
    "Error",
    "Evaluation",
    "Evaluations",
    "Interpreter",
    "Model",
    "Report",
    "Statistics",
    "__version__",
    "coverage",
    "evaluate",
    "load",
    "merge",
    "report",
    "set_limits",
    "supported_ops",
]

# Imported when they are first used: NumPy alone takes longer than the rest.
_PLACES = {
    "Calibrator": "interpreter",
    "Evaluation": "evaluation",
    "Evaluations": "evaluation",
    "Interpreter": "interpreter",
    "Model": "model",
    "Report": "reports",
    "Statistics": "statistics",
    "coverage": "model",
    "evaluate": "model",
    "load": "model",
    "merge": "statistics",
    "report": "model",
    "set_limits": "model",
    "supported_ops": "model",
}
_MODULES = ("data", "distributed", "evaluation", "facts", "interpreter", "model", "statistics")


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return importlib.import_module("._native", __name__).version
    if name in _MODULES:
        return importlib.import_module("." + name, __name__)
    if name not in _PLACES:
        raise AttributeError(f"module 'narrow' has no attribute '{name}'")
    value = getattr(importlib.import_module("." + _PLACES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    return sorted(set(globals()) | set(_PLACES) | set(_MODULES) | {"__version__"})
