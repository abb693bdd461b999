"""Right answers as users have them: whole numbers, one-hot rows, or a path."""

from __future__ import annotations

import os
from typing import Any, Optional

import numpy as np

from ._error import Error
from ._paths import path_of


def refuse_masked(value: Any, field: str) -> None:
    """Refuses arrays of numpy.ma in which values are masked: what stands behind a mask is not meant."""
    if np.ma.is_masked(value):
        raise Error("bad_data", f"`{field}` has masked values", "", "leave these samples out, or use `filled`", field)


def _is_one_hot(array: np.ndarray) -> bool:
    """Whether each row of [samples, classes] has a single 1, and zeros."""
    return bool(((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all())


def came_with(labels: Any, samples: int) -> Optional[np.ndarray]:
    """Labels that came with samples: an array whose first axis counts them; None where it is not of whole numbers."""
    try:
        array = np.atleast_1d(np.asarray(labels.detach() if callable(getattr(labels, "detach", None)) else labels))
    except ValueError:  # rows of different lengths
        return None
    if samples == 1 and array.ndim == 1 and len(array) > 1:  # a one-hot row
        array = array[None]
    whole = array.dtype.kind in "iu" or (array.dtype.kind == "f" and array.ndim == 2 and _is_one_hot(array))
    return array if whole else None


def labels_of(labels: Any) -> Any:
    """A path, or int64 [samples]: of whole numbers, or of one-hot rows [samples, classes]. None stays None."""
    if labels is None:
        return None
    if isinstance(labels, (str, os.PathLike)):
        return path_of(labels, "labels")
    refuse_masked(labels, "labels")
    try:
        array = np.asarray(labels.detach() if callable(getattr(labels, "detach", None)) else labels)
    except ValueError:  # rows of different lengths
        raise Error("bad_data", "`labels` are not a whole number a sample", "", "give integers, or one-hot rows",
                    "labels") from None
    if array.ndim == 2 and array.shape[1] > 1:
        if array.dtype.kind not in "fiub" or not _is_one_hot(array):
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
