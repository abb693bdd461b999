"""Statistics: what a float model's tensors hold over samples. Parts of a data set join bit for bit."""

from __future__ import annotations

import os
from typing import Iterable, List, Tuple, Union

from . import _native
from ._error import Error
from ._paths import path_of
from .facts import TensorStatistics, build


class Statistics:
    """What `Model.calibrate` gives, and `Model.quantize(statistics=...)` takes. Never changes; pickles."""

    __slots__ = ("_native",)

    def __init__(self, native: "_native.Statistics") -> None:
        self._native = native

    @staticmethod
    def load(path: Union[str, "os.PathLike[str]"]) -> "Statistics":
        """Reads a .nstat file. Raises Error: io, bad_file."""
        return Statistics(_native.load_statistics(path_of(path)))

    @staticmethod
    def from_bytes(data: bytes, name: str = "statistics") -> "Statistics":
        """The same from what `bytes(statistics)` gave; `name` stands for the file in messages."""
        return Statistics(_native.statistics_from_bytes(bytes(data), name))

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes a .nstat file, whole or not at all."""
        _native.save_statistics(self._native, path_of(path))

    @property
    def samples(self) -> int:
        """How many samples were seen."""
        return _native.statistics_size(self._native)[0]

    @property
    def tensors(self) -> List[TensorStatistics]:
        """What was seen of each tensor."""
        return [build(TensorStatistics, facts) for facts in _native.statistics_report(self._native)]

    def __bytes__(self) -> bytes:
        return _native.statistics_bytes(self._native)

    def __add__(self, other: "Statistics") -> "Statistics":
        """Parts of one data set joined, in any order. Raises Error where they share a sample, or are of other models or
        data."""
        if not isinstance(other, Statistics):
            return NotImplemented
        return merge([self, other])

    def __radd__(self, other: object) -> "Statistics":
        if other == 0:  # so that sum() joins parts
            return self
        return NotImplemented

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statistics) and bytes(self) == bytes(other)

    def __hash__(self) -> int:
        return hash(bytes(self))

    def __reduce__(self) -> Tuple[object, Tuple[bytes, str]]:
        return (Statistics.from_bytes, (bytes(self), ""))

    def __repr__(self) -> str:
        samples, tensors = _native.statistics_size(self._native)
        return f"<narrow.Statistics: {tensors} tensors over {samples} samples>"


def merge(parts: Iterable[Statistics], *, shards: int = 0) -> Statistics:
    """Joins statistics of parts of one data set, bit for bit what one run over all of it gives, in any order.

    Args:
        shards: the parts are all of so many shards: Error names one that is missing, or there twice. 0: parts of any kind.

    Raises:
        Error: where there are no parts, where two share a sample, or where they are of different models, data or options;
            the message names the part by its file, or its place.
    """
    natives = []
    for k, part in enumerate(parts):
        if not isinstance(part, Statistics):
            raise Error("bad_option", f"part {k} is {type(part).__name__}, not Statistics", "", "", "parts")
        natives.append(part._native)
    return Statistics(_native.merge(natives, shards))
