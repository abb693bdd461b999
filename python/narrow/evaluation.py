"""How good models are on the same samples, by labels and beside a reference."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Iterable, List, Optional, Sequence

import numpy as np

from ._error import Error
from ._table import Table, decibels


@dataclasses.dataclass(frozen=True)
class ErrorSums:
    """Sums over values f of a reference and q of a model: of f^2, and of (f - q)^2."""

    signal: float
    noise: float
    values: int

    @property
    def mse(self) -> float:
        return self.noise / self.values if self.values else 0.0

    @property
    def sqnr_db(self) -> float:
        """10 log10(signal / noise): infinite where there is no error."""
        if self.noise == 0:
            return math.inf
        return 10 * math.log10(self.signal / self.noise) if self.signal > 0 else -math.inf


@dataclasses.dataclass(frozen=True)
class ChannelError:
    """The error of neighbouring channels, indices of the last axis; `last` is included."""

    first: int
    last: int
    error: ErrorSums


@dataclasses.dataclass(frozen=True)
class OpError:
    """The error of what an op computes, and of its worst channels."""

    name: str
    op: str
    error: ErrorSums
    worst: Optional[ChannelError]


@dataclasses.dataclass(frozen=True, eq=False)
class Rows:
    """What became of each sample: arrays of the same length, in order of samples."""

    guess: np.ndarray  #: int64: where the first output has its largest value
    near: np.ndarray  #: bool: the label is among its five largest
    right: np.ndarray  #: bool: the label is its largest
    agreed: np.ndarray  #: bool: the reference has its largest there too
    signal: np.ndarray  #: float64: sums over all outputs, see ErrorSums
    noise: np.ndarray
    values: np.ndarray  #: int64
    reference_right: np.ndarray  #: bool: the label is the reference's largest

    def __len__(self) -> int:
        return len(self.guess)


@dataclasses.dataclass(frozen=True, eq=False)
class Evaluation:
    """How good one model is. What does not apply is None."""

    model: str  #: its name
    bytes: int  #: of its file
    samples: int
    top1: Optional[float]  #: share of samples whose largest output is the label's
    top5: Optional[float]  #: share whose label is among the five largest
    reference_top1: Optional[float]  #: as top1, of the reference
    agreement: Optional[float]  #: share whose largest output is where the reference has it
    error: Optional[ErrorSums]  #: over all outputs, beside the reference
    median_db: Optional[float]  #: of the samples' own SQNR
    each: Rows
    ops: List[OpError]
    confusion: List[List[int]]
    seconds: float
    warnings: List[str]
    first: int = 0  #: the number of its first sample in the data set: above 0 in shards

    @property
    def sqnr_db(self) -> Optional[float]:
        return None if self.error is None else self.error.sqnr_db

    @property
    def mse(self) -> Optional[float]:
        return None if self.error is None else self.error.mse

    def __repr__(self) -> str:
        return Evaluations([self]).__repr__()

    def _repr_html_(self) -> str:
        return Evaluations([self])._repr_html_()


class Evaluations(List[Evaluation]):
    """A result for each model, in order; shown as a table."""

    def table(self) -> Table:
        titles = ["model", ">bytes", ">samples"]
        top1 = any(e.top1 is not None for e in self)
        reference = any(e.error is not None for e in self)
        if top1:
            titles.append(">top-1")
        if reference:
            titles += [">agreement", ">MSE", ">SQNR dB", ">median"]
        titles.append(">samples/s")
        return Table(titles, [self._row(e, top1, reference) for e in self])

    @staticmethod
    def _row(e: Evaluation, top1: bool, reference: bool) -> List[str]:
        def percent(share: Optional[float]) -> str:
            return "-" if share is None else f"{100 * share:.2f} %"

        row = [e.model, f"{e.bytes:,}", f"{e.samples:,}"]
        if top1:
            row.append(percent(e.top1))
        if reference:
            row += [percent(e.agreement), "-" if e.mse is None else f"{e.mse:.3g}", decibels(e.sqnr_db)]
            row.append(decibels(e.median_db))
        row.append(f"{e.samples / e.seconds:,.0f}" if e.seconds > 0 else "-")
        return row

    def __repr__(self) -> str:
        return self.table().text()

    def _repr_html_(self) -> str:
        return self.table().markup()


def evaluation_of(model: str, size: int, facts: Any) -> Evaluation:
    """An Evaluation of what the extension module tells."""

    def error(sums: Any) -> ErrorSums:
        return ErrorSums(sums["signal"], sums["noise"], sums["values"])

    def op(one: Any) -> OpError:
        worst = one["worst"]
        channels = None if worst is None else ChannelError(worst["first"], worst["last"], error(worst["error"]))
        return OpError(one["name"], one["op"], error(one["error"]), channels)

    each = facts["each"]
    flags = {name: each[name].astype(bool) for name in ("near", "right", "agreed", "reference_right")}
    return Evaluation(
        model=model,
        bytes=size,
        samples=facts["samples"],
        top1=facts["top1"],
        top5=facts["top5"],
        reference_top1=facts["reference_top1"],
        agreement=facts["agreement"],
        error=None if facts["error"] is None else error(facts["error"]),
        median_db=facts["median_db"],
        each=Rows(each["guess"], flags["near"], flags["right"], flags["agreed"], each["signal"], each["noise"],
                  each["values"], flags["reference_right"]),
        ops=[op(one) for one in facts["ops"]],
        confusion=facts["confusion"],
        seconds=facts["seconds"],
        warnings=facts["warnings"],
        first=facts["first"],
    )


def _in_order(values: np.ndarray) -> float:
    """The sum, added from first to last as one run adds it; NumPy's own sum goes in pairs."""
    return float(np.cumsum(values)[-1])


def joined(parts: Sequence[Evaluation]) -> Evaluation:
    """Evaluations of one model on consecutive parts of a data set, as one of all of it: the same figures bit for bit.
    Parts without samples change nothing.

    Only what rows tell is joined: errors by op are not, since their sums depend on the order of adding.
    Raises Error where there are no parts, or they are of different models or kinds.
    """
    if not parts:
        raise Error("bad_option", "there are no `parts` to join", "", "", "parts")
    used = [(k, p) for k, p in enumerate(parts) if p.samples > 0] or [(0, parts[0])]
    first = used[0][1]
    for k, part in used:
        same = part.model == first.model and part.bytes == first.bytes
        kind = [(p.top1 is None, p.top5 is None, p.agreement is None, p.error is None) for p in (first, part)]
        if not same or kind[0] != kind[1]:
            raise Error("bad_data", "parts are of different models, or not all with labels or a reference",
                        f"part {k}", "evaluate all parts in the same way", "parts")
    parts = [p for _, p in used]
    rows = Rows(**{f.name: np.concatenate([getattr(p.each, f.name) for p in parts]) for f in dataclasses.fields(Rows)})
    count = len(rows)
    error = None
    median = None
    if first.error is not None:
        error = ErrorSums(_in_order(rows.signal), _in_order(rows.noise), int(rows.values.sum()))
        median = _median([ErrorSums(s, n, 1).sqnr_db for s, n in zip(rows.signal.tolist(), rows.noise.tolist())])
    confusion = [[sum(cells) for cells in zip(*lines)] for lines in zip(*(p.confusion for p in parts))]
    warnings: List[str] = []
    for part in parts:
        warnings += [w for w in part.warnings if w not in warnings]
    return dataclasses.replace(
        first,
        samples=count,
        top1=None if first.top1 is None else int(rows.right.sum()) / count,
        top5=None if first.top5 is None else int(rows.near.sum()) / count,
        agreement=None if first.agreement is None else int(rows.agreed.sum()) / count,
        reference_top1=None if first.reference_top1 is None else int(rows.reference_right.sum()) / count,
        error=error,
        median_db=median,
        each=rows,
        ops=[],
        confusion=confusion,
        seconds=sum(p.seconds for p in parts),
        warnings=warnings,
    )


def _median(decibels_of_samples: List[float]) -> float:
    ordered = sorted(decibels_of_samples)
    return ordered[len(ordered) // 2]


def parts_of(evaluations: Iterable[Sequence[Evaluation]]) -> List[List[Evaluation]]:
    """By model, of lists by part."""
    return [list(one) for one in zip(*evaluations)]
