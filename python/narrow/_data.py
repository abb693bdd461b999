"""Samples as users have them, brought into the few forms that the extension module takes.

Samples may be

* a path: a .npy, .npz or .csv, or a folder of them, read by narrow itself;
* an array [samples, ...], of NumPy or whatever has a buffer, __array__ or DLPack: not copied where it is contiguous;
* a dictionary of such arrays, by the name of the input;
* a data set with `len` and indices, such as PyTorch's: each sample is asked for when it is needed; where an index stands
  for a batch, as in Keras' Sequence, they are gathered in memory;
* an iterable of samples or batches, a function that returns one (tf.lite's `representative_dataset`), a PyTorch
  DataLoader, or an object with `get_next` (ONNX Runtime's CalibrationDataReader): gathered in memory.

A sample, or a batch of them, is an array, a list or tuple with one for each input in order, or a dictionary by name. Where
it has one element more than the model has inputs and that is of integers or one-hot rows, it is taken as labels, as those
loaders give that are made for training; so is the second of a pair whose first holds all inputs.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from ._error import Error
from ._labels import came_with, labels_of, refuse_masked
from ._paths import path_of
from .facts import Tensor


class Samples(NamedTuple):
    """Samples for the extension module, and labels where they came with them."""

    source: Optional[Dict[str, Any]]  #: see python/src/source.h
    labels: Any = None  #: an array, or a function that asks a data set for it

    def answers(self, labels: Any) -> Any:
        """`labels` where they are given, else those that came with the samples and name classes, as of `labels_of`."""
        if labels is not None:
            return labels_of(labels)
        own = self.labels() if callable(self.labels) else self.labels
        try:
            return labels_of(own)
        except Error:  # such as masks or boxes
            return None


def _fail(what: str, remedy: str = "", where: str = "") -> Error:
    return Error("bad_data", what, where or "`data`", remedy, "data")


def _is_array(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return True
    if any(hasattr(value, name) for name in ("__array__", "__array_interface__", "__dlpack__")):
        return not isinstance(value, type)
    return _has_buffer(value)


def _has_buffer(value: Any) -> bool:
    """Whether it is memory of numbers, such as a memoryview or array.array; bytes are none."""
    if isinstance(value, (bytes, bytearray)):
        return False
    try:
        memoryview(value).release()
        return True
    except (TypeError, BufferError):
        return False


def as_array(value: Any) -> np.ndarray:
    """A contiguous array of numbers in the machine's byte order; a view of the value's memory where that is one."""
    refuse_masked(value, "data")
    if not isinstance(value, np.ndarray):
        if hasattr(value, "__array__") or hasattr(value, "__array_interface__") or not hasattr(value, "__dlpack__"):
            detach = getattr(value, "detach", None)  # PyTorch: values that training follows
            value = np.asarray(detach() if callable(detach) else value)
        else:
            value = np.from_dlpack(value)
    if value.dtype.kind not in "fiub" or value.dtype.itemsize > 8:
        raise _fail(f"an array of {value.dtype} holds no numbers that a model takes", "give floats or integers")
    if not value.dtype.isnative:
        value = value.astype(value.dtype.newbyteorder("="))
    return value if value.flags.c_contiguous else np.ascontiguousarray(value)


def _fixed(shape: Sequence[int]) -> Optional[int]:
    """The number of elements; None where a dimension is free."""
    out = 1
    for d in shape:
        if d < 0:
            return None
        out *= d
    return out


def _dims(tensor: Tensor) -> List[int]:
    """The dimensions of a sample: without a leading 1 or a free first dimension."""
    return list(tensor.shape[1:]) if tensor.shape and tensor.shape[0] in (1, -1) else list(tensor.shape)


def _as_batch(array: np.ndarray, tensor: Tensor) -> np.ndarray:
    """[samples, ...] of an array that holds one sample, or several behind a leading axis."""
    dims = _dims(tensor)
    each = _fixed(dims)
    if array.ndim == len(dims) + 1 and (each is None or array.shape[0] * each == array.size):
        return array
    if array.ndim == len(dims) and (each is None or array.size == each):
        return array[None]
    if each is not None and array.size == each:
        return array.reshape((1, *dims))
    if each is not None and array.ndim > 0 and array.shape[0] * each == array.size:
        return array
    raise _fail(
        f"an array of shape {tuple(array.shape)} is no sample of input '{tensor.name}', which has shape {tensor.shape}",
        "give samples of that shape, or batches of them with a leading axis",
    )


def _labels_apart(item: Any, inputs: Sequence[Tensor]) -> Tuple[Any, Any]:
    """(inputs, labels) of a pair whose first holds all inputs, as ((a, b), y) and ({"a": a}, y); else (item, None)."""
    if not isinstance(item, (list, tuple)) or len(item) != 2:
        return item, None
    first, labels = item
    structure = isinstance(first, (list, tuple)) and len(first) == len(inputs) and all(map(_is_array, first))
    return (first, labels) if structure or isinstance(first, Mapping) else (item, None)


def _split(item: Any, inputs: Sequence[Tensor]) -> Tuple[List[np.ndarray], Optional[np.ndarray]]:
    """The arrays [samples, ...] of each input, and labels, of what an iterable or a data set gives."""
    values: List[Any]
    item, labels = _labels_apart(item, inputs)
    if isinstance(item, Mapping):
        missing = [t.name for t in inputs if t.name not in item]
        if len(inputs) == 1 and len(item) == 1:
            values = list(item.values())
        elif missing:
            raise _fail(f"a sample has nothing for input '{missing[0]}'", f"it has: {', '.join(map(str, item))}")
        else:
            values = [item[t.name] for t in inputs]
    elif _is_array(item):
        values = [item]
    elif isinstance(item, (list, tuple)):
        values = list(item)
    else:
        raise _fail(f"a sample is {type(item).__name__}, not an array", "give arrays, lists of them, or dictionaries")
    count = len(values)
    if labels is None and count == len(inputs) + 1:
        labels = values.pop()
    arrays = [_as_batch(as_array(v), t) for v, t in zip(values, inputs)] if len(values) == len(inputs) else []
    answers = None if labels is None or not arrays else came_with(labels, len(arrays[0]))
    if not arrays or (count != len(inputs) and answers is None):
        raise _fail(
            f"a sample has {count} arrays, the model has {len(inputs)} input{'s' if len(inputs) > 1 else ''}",
            "give one array, or numpy.asarray(...) of nested lists" if len(inputs) == 1 else
            "give a list or tuple with one array for each input, or a dictionary by name",
        )
    return arrays, answers


def _gather(items: Iterable[Any], inputs: Sequence[Tensor]) -> Samples:
    columns: List[List[np.ndarray]] = [[] for _ in inputs]
    labels: List[np.ndarray] = []
    for item in items:
        arrays, some = _split(item, inputs)
        if len({len(a) for a in arrays}) != 1:
            raise _fail("the inputs of a sample hold different numbers of samples")
        for column, array in zip(columns, arrays):
            if column and column[0].shape[1:] != array.shape[1:]:
                raise _fail(f"samples have different shapes: {column[0].shape[1:]} and {array.shape[1:]}")
            # A loader may use its memory again for the next batch.
            column.append(array.copy())
        if some is not None:
            labels.append(some)
    if not columns[0]:
        raise _fail("there are no samples: the iterable is empty")
    joined = [as_array(column[0] if len(column) == 1 else np.concatenate(column)) for column in columns]
    alike = len({a.shape[1:] for a in labels}) == 1
    return Samples(_named(zip((t.name for t in inputs), joined), inputs), np.concatenate(labels) if alike else None)


def _named(arrays: Iterable[Tuple[str, np.ndarray]], inputs: Sequence[Tensor]) -> Dict[str, Any]:
    """Arrays by name. One alone for one input has none, so that statistics of it are the same in every form."""
    pairs = list(arrays)
    return {"arrays": [("", pairs[0][1])] if len(pairs) == 1 and len(inputs) == 1 else pairs}


class _Indexed:
    """Samples asked of a data set when they are needed."""

    def __init__(self, dataset: Any, inputs: Sequence[Tensor]) -> None:
        self.dataset = dataset
        self.inputs = inputs
        first, answer = _split(self.dataset[0], inputs)
        self.batches = any(len(a) != 1 for a in first)
        self.labelled = answer is not None
        self.dtypes = [a.dtype for a in first]
        self.shapes = [a.shape for a in first]
        self.last: Tuple[Tuple[int, int], List[np.ndarray]] = ((-1, -1), [])

    def sample(self, k: int) -> List[np.ndarray]:
        arrays, _ = _split(self.dataset[k], self.inputs)
        if any(len(a) != 1 for a in arrays):
            raise _fail(f"index {k} of the data set holds {len(arrays[0])} samples", "each index has to hold one")
        return arrays

    def labels(self) -> np.ndarray:
        """Of all samples, each of which is asked for."""
        answers = [_split(self.dataset[k], self.inputs)[1] for k in range(len(self.dataset))]
        return np.concatenate([a for a in answers if a is not None])

    def fingerprint(self, count: int) -> int:
        """Tells data sets apart by their length and three of their samples; all of them would take too long."""
        digest = hashlib.blake2b(str(count).encode(), digest_size=8)
        for k in sorted({0, count // 2, count - 1}):
            for array in self.sample(k):
                digest.update(array.tobytes())
        return int.from_bytes(digest.digest(), "little")

    def read(self, first: int, count: int, index: int) -> np.ndarray:
        key, arrays = self.last
        if key != (first, count):
            samples = [self.sample(k) for k in range(first, first + count)]
            for k, sample in enumerate(samples):
                for array, dtype, shape in zip(sample, self.dtypes, self.shapes):
                    if array.dtype != dtype or array.shape != shape:
                        raise _fail(
                            f"sample {first + k} is {array.dtype} {list(array.shape[1:])}, "
                            f"sample 0 is {dtype} {list(shape[1:])}"
                        )
            arrays = [np.concatenate(column) for column in zip(*samples)]
            self.last = ((first, count), arrays)
        return arrays[index]


def samples_of(data: Any, inputs: Sequence[Tensor]) -> Samples:
    """Samples for a model with these inputs. Raises Error, and what the data itself raises."""
    if data is None:
        return Samples(None)
    if isinstance(data, Samples):  # what this function made before
        return data
    if isinstance(data, (str, os.PathLike)):
        return Samples({"path": path_of(data, "data")})
    if isinstance(data, Mapping):
        return Samples(_named(((str(name), as_array(value)) for name, value in data.items()), inputs))
    if _is_array(data):
        if len(inputs) > 1:
            names = ", ".join(f"'{t.name}'" for t in inputs)
            raise _fail(f"one array for a model with {len(inputs)} inputs", f"give a dictionary with an array for {names}")
        return Samples({"arrays": [("", as_array(data))]})
    if isinstance(data, type):
        raise _fail(f"samples cannot be taken from the class {data.__name__}", "give an object of it")
    if callable(data) and not hasattr(data, "__iter__") and not hasattr(data, "__getitem__"):
        data = data()
        if _is_array(data) or isinstance(data, (Mapping, str, os.PathLike)):
            return samples_of(data, inputs)
    if callable(getattr(data, "get_next", None)):
        return _gather(iter(data.get_next, None), inputs)
    count = _indices(data)
    if count is not None:
        if count < 1:
            raise _fail("there are no samples: the data set is empty")
        lazy = _Indexed(data, inputs)
        if lazy.batches:
            return _gather((data[k] for k in range(count)), inputs)
        return Samples(
            {
                "samples": count,
                "dtypes": [str(d) for d in lazy.dtypes],
                "fingerprint": lazy.fingerprint(count),
                "read": lazy.read,
            },
            lazy.labels if lazy.labelled else None,
        )
    if hasattr(data, "__iter__") and not isinstance(data, (bytes, bytearray)):
        return _gather(data, inputs)
    raise _fail(
        f"samples cannot be taken from {type(data).__name__}",
        "give an array, a dictionary of arrays, an iterable, a data set, or a path",
    )


def _indices(data: Any) -> Optional[int]:
    """How many indices a data set has; None where it is none, or does not know."""
    if not hasattr(data, "__len__") or not hasattr(data, "__getitem__") or isinstance(data, (list, tuple, bytes, bytearray)):
        return None
    try:
        return len(data)
    except TypeError:
        return None
