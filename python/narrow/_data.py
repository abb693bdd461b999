"""Samples and labels as users have them, brought into the few forms that the extension module takes.

Samples may be

* a path: a .npy, .npz or .csv, or a folder of them, read by narrow itself;
* an array [samples, ...], of NumPy or whatever has a buffer, __array__ or DLPack: not copied where it is contiguous;
* a dictionary of such arrays, by the name of the input;
* a data set with `len` and indices, such as PyTorch's: each sample is asked for when it is needed;
* an iterable of samples or batches, a function that returns one (tf.lite's `representative_dataset`), a PyTorch
  DataLoader, or an object with `get_next` (ONNX Runtime's CalibrationDataReader): gathered in memory.

A sample, or a batch of them, is an array, a list or tuple with one for each input in order, or a dictionary by name. Where
it has one element more than the model has inputs and that is of integers, it is taken as labels, as those loaders give
that are made for training.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from ._error import Error
from .facts import Tensor


class Samples(NamedTuple):
    """Samples for the extension module, and labels where they came with them."""

    source: Optional[Dict[str, Any]]  #: see python/src/source.h
    labels: Optional[np.ndarray] = None


def _fail(what: str, remedy: str = "", where: str = "") -> Error:
    return Error("bad_data", what, where or "`data`", remedy, "data")


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or any(
        hasattr(value, name) for name in ("__array__", "__array_interface__", "__dlpack__")
    )


def as_array(value: Any) -> np.ndarray:
    """A contiguous array of numbers in the machine's byte order; a view of the value's memory where that is one."""
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


def _split(item: Any, inputs: Sequence[Tensor]) -> Tuple[List[np.ndarray], Optional[np.ndarray]]:
    """The arrays [samples, ...] of each input, and labels, of what an iterable or a data set gives."""
    values: List[Any]
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
    labels = None
    if len(values) == len(inputs) + 1:
        labels = np.atleast_1d(np.asarray(values.pop()))
        if labels.dtype.kind not in "iu":
            raise _fail(f"a sample has {len(inputs) + 1} arrays, the model has {len(inputs)} inputs")
    if len(values) != len(inputs):
        raise _fail(f"a sample has {len(values)} arrays, the model has {len(inputs)} inputs")
    return [_as_batch(as_array(v), t) for v, t in zip(values, inputs)], labels


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
    all_labels = np.concatenate(labels) if labels else None
    if all_labels is not None and all_labels.shape[:1] != joined[0].shape[:1]:
        all_labels = None
    return Samples({"arrays": [(t.name, a) for t, a in zip(inputs, joined)]}, all_labels)


class _Indexed:
    """Samples asked of a data set when they are needed."""

    def __init__(self, dataset: Any, inputs: Sequence[Tensor]) -> None:
        self.dataset = dataset
        self.inputs = inputs
        first = self.sample(0)
        self.dtypes = [a.dtype for a in first]
        self.shapes = [a.shape for a in first]
        self.last: Tuple[Tuple[int, int], List[np.ndarray]] = ((-1, -1), [])

    def sample(self, k: int) -> List[np.ndarray]:
        arrays, _ = _split(self.dataset[k], self.inputs)
        if any(len(a) != 1 for a in arrays):
            raise _fail(f"index {k} of the data set holds {len(arrays[0])} samples", "each index has to hold one")
        return arrays

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
        return Samples({"path": os.fspath(data)})
    if isinstance(data, Mapping):
        return Samples({"arrays": [(str(name), as_array(value)) for name, value in data.items()]})
    if _is_array(data):
        return Samples({"arrays": [("", as_array(data))]})
    if callable(data) and not hasattr(data, "__iter__") and not hasattr(data, "__getitem__"):
        data = data()
        if _is_array(data) or isinstance(data, Mapping):
            return samples_of(data, inputs)
    if callable(getattr(data, "get_next", None)):
        return _gather(iter(data.get_next, None), inputs)
    indexed = hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, (list, tuple, bytes))
    if indexed:
        count = len(data)
        if count < 1:
            raise _fail("there are no samples: the data set is empty")
        lazy = _Indexed(data, inputs)
        return Samples(
            {
                "samples": count,
                "dtypes": [str(d) for d in lazy.dtypes],
                "fingerprint": lazy.fingerprint(count),
                "read": lazy.read,
            }
        )
    if hasattr(data, "__iter__") and not isinstance(data, (bytes, bytearray)):
        return _gather(data, inputs)
    raise _fail(
        f"samples cannot be taken from {type(data).__name__}",
        "give an array, a dictionary of arrays, an iterable, a data set, or a path",
    )


def labels_of(labels: Any) -> Any:
    """A path, or int64 [samples]: of whole numbers, or of one-hot rows [samples, classes]. None stays None."""
    if labels is None:
        return None
    if isinstance(labels, (str, os.PathLike)):
        return os.fspath(labels)
    array = np.asarray(labels.detach() if callable(getattr(labels, "detach", None)) else labels)
    if array.ndim == 2 and array.shape[1] > 1:
        one_hot = array.dtype.kind in "fiub" and ((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all()
        if not one_hot:
            raise Error("bad_data", "`labels` with two axes are not one-hot rows", "", "give a number a sample", "labels")
        array = array.argmax(axis=1)
    array = array.reshape(-1) if array.ndim == 2 else array
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise Error(
            "bad_data",
            f"`labels` are {array.dtype} {list(array.shape)}, not a whole number a sample",
            "",
            "give integers, or one-hot rows",
            "labels",
        )
    return np.ascontiguousarray(array, dtype=np.int64)

