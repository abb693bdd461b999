"""Stand-ins for LiteRT's Interpreter: existing evaluation loops run on narrow's integers, or gather statistics.

    interpreter = narrow.Interpreter("model_int8.tflite", profile="tflm")   # instead of tf.lite.Interpreter(...)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    y = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
"""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Union

import numpy as np

from . import _native
from ._error import Error
from .facts import Tensor
from .model import Model, load
from .statistics import Statistics


def _details(tensor: Tensor, index: int) -> Dict[str, Any]:
    """What LiteRT tells of a tensor, under its names."""
    zero_points = tensor.zero_points or [0] * len(tensor.scales)
    one = len(tensor.scales) == 1
    return {
        "name": tensor.name,
        "index": index,
        "shape": np.array(tensor.run_shape, dtype=np.int32),
        "shape_signature": np.array(tensor.shape, dtype=np.int32),
        "dtype": np.dtype(tensor.dtype).type,
        "quantization": (tensor.scales[0], zero_points[0]) if one else (0.0, 0),
        "quantization_parameters": {
            "scales": np.array(tensor.scales, dtype=np.float32),
            "zero_points": np.array(zero_points, dtype=np.int32),
            "quantized_dimension": tensor.axis,
        },
        "sparsity_parameters": {},
    }


class Interpreter:
    """Runs a model sample by sample, with LiteRT's methods. Not for several threads at once.

    Args:
        model: a Model, a path, or the bytes of a file. LiteRT's keywords model_path and model_content do the same.
        profile: whose rounding to use: "narrow" (default), "tflm", "litert" or "xnnpack".
        signature: whose graph to run; the first where not given.

    Raises:
        Error: what `load` raises, and unsupported: an op without a kernel under the profile is named.
    """

    def __init__(
        self,
        model: Union[Model, str, "os.PathLike[str]", bytes, None] = None,
        *,
        profile: str = "narrow",
        signature: str = "",
        model_path: Union[str, "os.PathLike[str]", None] = None,
        model_content: Optional[bytes] = None,
        num_threads: Optional[int] = None,
    ) -> None:
        given = [m for m in (model, model_path, model_content) if m is not None]
        if len(given) != 1:
            raise Error("bad_option", "give one model: `model`, `model_path` or `model_content`", "", "", "model")
        self._model = given[0] if isinstance(given[0], Model) else load(given[0])
        options = {"profile": profile}
        if signature:
            options["signature"] = signature
        self._session = _native.Session.create(self._model._native, options)
        info = self._model.inspect(signature)
        graph = info.graphs[info.entry]
        self._inputs = {t: self._view(k, graph.tensors[t], True) for k, t in enumerate(graph.inputs)}
        self._outputs = {t: self._view(k, graph.tensors[t], False) for k, t in enumerate(graph.outputs)}
        self._tensors = graph.tensors
        self._signature = signature
        for memory in (*self._inputs.values(), *self._outputs.values()):
            memory[...] = 0  # what is never set is at least the same in every run

    def _view(self, k: int, tensor: Tensor, is_input: bool) -> np.ndarray:
        """The session's memory of an input or output, as an array of its type and shape."""
        memory = self._session.input(k) if is_input else self._session.output(k)
        return memory.view(tensor.dtype).reshape(tensor.run_shape)

    def allocate_tensors(self) -> None:
        """Does nothing: memory is there from the start."""

    def get_input_details(self) -> List[Dict[str, Any]]:
        """LiteRT's description of each input: name, index, shape, dtype, quantization."""
        return [_details(self._tensors[t], t) for t in self._inputs]

    def get_output_details(self) -> List[Dict[str, Any]]:
        """The same of each output."""
        return [_details(self._tensors[t], t) for t in self._outputs]

    def get_tensor_details(self) -> List[Dict[str, Any]]:
        """The same of all tensors that have a type of NumPy's."""
        return [_details(t, k) for k, t in enumerate(self._tensors) if t.dtype in np.sctypeDict]

    def set_tensor(self, tensor_index: int, value: Any) -> None:
        """Copies a value into an input. Raises Error where its type or shape is another."""
        target = self._inputs.get(tensor_index)
        if target is None:
            raise self._unknown(tensor_index, self._inputs, "an input")
        array = np.asarray(value)
        if array.dtype != target.dtype:
            raise Error("bad_data", f"input {tensor_index} takes {target.dtype}, not {array.dtype}",
                        f"'{self._tensors[tensor_index].name}'", f"give value.astype('{target.dtype}')", "value")
        if array.shape != target.shape:
            raise Error("bad_data", f"input {tensor_index} has shape {list(target.shape)}, not {list(array.shape)}",
                        f"'{self._tensors[tensor_index].name}'", "", "value")
        target[...] = array

    def invoke(self) -> None:
        """Runs the sample that the inputs hold."""
        self._session.run()

    def get_tensor(self, tensor_index: int) -> np.ndarray:
        """A copy of an output; of an input before `invoke`, which may use its memory for something else."""
        out: np.ndarray = self.tensor(tensor_index)().copy()
        return out

    def tensor(self, tensor_index: int) -> Any:
        """A function that returns an array on the memory of an input or output."""
        found = self._outputs.get(tensor_index, self._inputs.get(tensor_index))
        if found is None:
            raise self._unknown(tensor_index, {**self._inputs, **self._outputs}, "an input or output")
        return lambda: found

    def reset_all_variables(self) -> None:
        """The state that the model keeps begins anew."""
        self._session.restart()

    def resize_tensor_input(self, input_index: int, tensor_size: Any, strict: bool = False) -> None:
        """Refused unless the input has this shape already: dimensions are fixed when a model is loaded."""
        have = self._inputs.get(input_index)
        if have is None:
            raise self._unknown(input_index, self._inputs, "an input")
        if tuple(tensor_size) != have.shape:
            raise Error("unsupported", f"input {input_index} has shape {list(have.shape)}", "",
                        "load the model with other sizes: `load(path, shape={...})` or `batch`", "shape")

    def _unknown(self, index: int, known: Dict[int, Any], what: str) -> Error:
        return Error("bad_option", f"tensor {index} is not {what}", self._model.name,
                     f"there are: {', '.join(map(str, known))}", "tensor_index")


class Calibrator(Interpreter):
    """An Interpreter of a float model that remembers its samples: afterwards, `statistics` are of all that it ran.

        calibrator = narrow.Calibrator("model.tflite")
        evaluate_my_way(calibrator)                       # set_tensor, invoke, get_tensor
        small = calibrator.quantize(scheme="int8")
    """

    def __init__(self, model: Any = None, **options: Any) -> None:
        super().__init__(model, **options)
        self._kept: List[List[np.ndarray]] = [[] for _ in self._inputs]
        self._begins = [0]  # samples before which the state began anew

    @property
    def samples(self) -> int:
        """How many samples have been run."""
        return len(self._kept[0]) if self._kept else 0

    def invoke(self) -> None:
        """Runs the sample that the inputs hold, and keeps it."""
        for kept, value in zip(self._kept, self._inputs.values()):
            kept.append(value.copy())  # before the run, which may use the memory of inputs for something else
        self._session.run()

    def reset_all_variables(self) -> None:
        """The state that the model keeps begins anew, as it does when the samples so far are calibrated with."""
        super().reset_all_variables()
        if self._begins[-1] != self.samples:
            self._begins.append(self.samples)

    def data(self) -> Dict[str, np.ndarray]:
        """The samples, by the name of the input: [samples, ...]."""
        if not self.samples:
            raise Error("bad_data", "no sample has been run", self._model.name, "call `invoke` first", "data")
        names = [self._tensors[t].name for t in self._inputs]
        return {name: np.stack(kept).reshape((-1, *kept[0].shape[1:]) if kept[0].shape[:1] == (1,) else
                                             (-1, *kept[0].shape)) for name, kept in zip(names, self._kept)}

    @property
    def statistics(self) -> Statistics:
        """Statistics of all samples so far. Raises Error where there are none."""
        return self._model.calibrate(self.data(), **self._options())

    def quantize(self, **options: Any) -> Model:
        """The model quantized with all samples so far; options as of `Model.quantize`."""
        return self._model.quantize(self.data(), **{**self._options(), **options})

    def _options(self) -> Dict[str, Any]:
        """How the samples were run: of which graph, and after how many of them the state began anew."""
        out: Dict[str, Any] = {"signature": self._signature} if self._signature else {}
        if len(self._begins) == 1 or not self._keeps_state(out):
            return out
        lengths = {b - a for a, b in zip(self._begins, self._begins[1:])}
        rest = self.samples - self._begins[-1]
        if len(lengths) > 1 or any(rest > length for length in lengths):
            raise Error("unsupported", "sequences have different lengths", self._model.name,
                        "call `reset_all_variables` after the same number of samples each", "sequence")
        return {**out, "sequence": lengths.pop()}

    def _keeps_state(self, options: Dict[str, Any]) -> bool:
        """Whether `sequence` means anything to the model, which refuses it where samples do not depend on each other."""
        try:
            self._model.run({name: x[:1] for name, x in self.data().items()}, sequence=1, **options)
            return True
        except Error as error:
            if error.kind == "bad_option":
                return False
            raise
