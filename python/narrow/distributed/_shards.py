"""Work cut into shards, done, and joined. Plain functions and data: what engines have in common, which only carry them.

An engine's file does this, and knows nothing of models and samples:

    work = calibration(model, dataset, shards, options)      # or evaluation(...): checks, and cuts
    shared = frozen(work, dumps)                             # bytes, for every worker once
    outcomes = [carry_out(shared, job) for job in work.jobs] # on workers, in any order, again where one dies
    statistics_of(work, outcomes)                            # or evaluations_of: checks that all are there, and joins
"""

from __future__ import annotations

import dataclasses
import math
import os
import pickle
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from .. import _native
from .._data import Samples, samples_of
from .._error import Error
from ..evaluation import Evaluation, Evaluations, joined
from ..model import Model, _warn, evaluate, load
from ..statistics import Statistics, merge
from ._content import content_of

Path = Union[str, "os.PathLike[str]"]

#: Options of `Model.calibrate` and `narrow.evaluate` that mean the same for each shard.
_OF_BOTH = ("samples", "signature", "data_scale", "data_offset", "data_is_quantized", "sequence", "threads")
CALIBRATE_OPTIONS = (*_OF_BOTH, "minmax_only", "per_sample", "on_nan")
EVALUATE_OPTIONS = (*_OF_BOTH, "profile")
#: Those that do not go with shards, and why.
_NOT_WITH_SHARDS = {
    "shard": "say into how many `shards` the work is cut",
    "resume": "shards that are there are joined by narrow.merge",
    "per_op": "errors by op depend on the order of adding: narrow.evaluate(..., per_op=True)",
}


@dataclasses.dataclass(frozen=True)
class Job:
    """One shard, as it goes to a worker. `samples` is what of the data set goes with it: arrays of this shard alone, or a
    path; None where the data set is in what all shards share."""

    shard: int
    shards: int
    samples: Union[None, str, Samples]
    labels: Any


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of a shard: a result, or the error that it ended with. `read` says what the worker saw of the data set:
    the same for all shards where none has another one."""

    shard: int
    result: Any = None
    error: Optional[Error] = None
    read: Tuple[Tuple[str, int], ...] = ()


class Shared(NamedTuple):
    """What every shard needs. `dataset` is None where jobs bring their samples."""

    models: List[Model]
    reference: Optional[Model]
    dataset: Any
    options: Dict[str, Any]
    evaluates: bool


@dataclasses.dataclass(frozen=True)
class Work:
    """Checked, and cut into shards. `jobs` makes each when it is asked for: copies of samples are not made all at once."""

    shared: Shared
    shards: int
    jobs: Callable[[], Iterator[Job]]
    threads: int  #: of each shard


# Before: checks and cuts.


def calibration(model: Union[Model, Path], dataset: Any, shards: int, options: Dict[str, Any]) -> Work:
    """`Model.calibrate` in shards. Raises Error: bad_option, bad_data, and what reading a model raises."""
    options = _checked(options, CALIBRATE_OPTIONS)
    subject = _model(model, "model")
    return _cut(Shared([subject], None, None, options, False), dataset, None, shards)


def evaluation(models: Any, dataset: Any, labels: Any, reference: Any, shards: int, options: Dict[str, Any]) -> Work:
    """`narrow.evaluate` in shards. Raises Error: bad_option, bad_data, and what reading a model raises."""
    options = _checked(options, EVALUATE_OPTIONS)
    alone = isinstance(models, (Model, str, os.PathLike))
    subjects = [_model(m, "models") for m in ([models] if alone else models)]
    if not subjects:
        raise Error("bad_option", "there are no `models` to evaluate", "", "", "models")
    beside = None if reference is None else _model(reference, "reference")
    return _cut(Shared(subjects, beside, None, options, True), dataset, labels, shards)


def _checked(options: Dict[str, Any], known: Sequence[str]) -> Dict[str, Any]:
    for name in options:
        if name in _NOT_WITH_SHARDS:
            raise Error("bad_option", f"`{name}` does not go with a cluster", "", _NOT_WITH_SHARDS[name], name)
        if name not in known:
            raise Error("bad_option", f"there is no option `{name}`", "", f"there are {', '.join(sorted(known))}", name)
    given = {name: value for name, value in options.items() if value is not None}
    threads = given.setdefault("threads", 1)  # an engine has as many shards at once as it has processors
    if not _is_count(threads):
        raise Error("bad_option", f"`threads` does not take {threads!r}", "", "how many a shard uses, 1 or more", "threads")
    return given


def _is_count(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and 1 <= int(value) < 1 << 31


def _model(given: Any, field: str) -> Model:
    if isinstance(given, (str, os.PathLike)):
        return load(given)
    if not isinstance(given, Model):
        raise Error("bad_option", f"`{field}` does not take {type(given).__name__}", "", "a narrow.Model, or a path", field)
    return given


def checked_shards(shards: Optional[int], slots: int) -> int:
    """How many shards: those asked for, or four for each of the cluster's slots, so that none of them idles long."""
    if shards is None:
        return 4 * max(slots, 1)
    if not _is_count(shards):
        raise Error("bad_option", f"`shards` does not take {shards!r}", "", "it takes a whole number, 1 or more", "shards")
    return int(shards)


def _cut(shared: Shared, dataset: Any, labels: Any, shards: int) -> Work:
    options = shared.options
    subject = shared.models[0]
    given = samples_of(dataset, subject._ends(options.get("signature"), False))
    if given.source is None:
        raise Error("bad_option", "`dataset` is missing", "", "give a path, arrays or a data set", "dataset")
    answers = given.answers(labels) if shared.evaluates else None
    if isinstance(answers, str):
        answers = os.path.abspath(answers)
    if "path" in given.source:
        path = os.path.abspath(given.source["path"])  # workers may be in other folders
        return Work(shared, shards, lambda: (Job(k, shards, path, answers) for k in range(shards)), options["threads"])
    if "arrays" not in given.source:
        count = _used(given.source["samples"], options)
        shards = min(shards, math.ceil(count / _together(options)))
        return Work(shared._replace(dataset=dataset), shards,
                    lambda: (Job(k, shards, None, answers) for k in range(shards)), options["threads"])
    arrays = [(name, array[:0] if array.ndim == 0 else array) for name, array in given.source["arrays"]]
    count = min((len(array) for _, array in arrays), default=0)
    if count < 1:
        raise Error("bad_data", "the arrays hold no samples", "`dataset`", "", "dataset")
    if any(len(array) != count for _, array in arrays):
        raise Error("bad_data", "the arrays hold different numbers of samples: "
                    + ", ".join(f"{len(array)} for {name!r}" for name, array in arrays), "`dataset`", "", "dataset")
    if isinstance(answers, str):
        raise Error("bad_option", "`labels` in a file go with a `dataset` in files", "", "give an array of labels", "labels")
    used = _used(count, options)
    if answers is not None and len(answers) not in (count, used):
        raise Error("bad_data", f"{len(answers)} labels for {count} samples", "", "give one label for each sample", "labels")
    shards = min(shards, math.ceil(used / _together(options)))
    whole = {"samples": count, "fingerprint": 0 if shared.evaluates else _native.fingerprint(arrays)}

    def jobs() -> Iterator[Job]:
        for k in range(shards):
            rows = _rows(k, shards, used, _together(options), shared.evaluates)
            part = [(name, np.ascontiguousarray(array[rows])) for name, array in arrays]
            held = {"shard": k, "shards": shards, **whole}
            yield Job(k, shards, Samples({"arrays": part, "held": held}), None if answers is None else answers[rows])

    return Work(shared, shards, jobs, options["threads"])


def _used(count: int, options: Dict[str, Any]) -> int:
    """How many samples are used: at least one, also where the option is none; workers refuse that in its own words."""
    samples = options.get("samples", count)
    return max(1, min(count, int(samples))) if isinstance(samples, (int, np.integer)) else count


def _together(options: Dict[str, Any]) -> int:
    """How many samples follow each other in time."""
    sequence = options.get("sequence", 1)
    return max(1, int(sequence)) if isinstance(sequence, (int, np.integer)) else 1


def _rows(shard: int, shards: int, samples: int, together: int, consecutive: bool) -> Any:
    """Which samples are in a shard: as `shard=(i, n)` has them of `narrow.evaluate` (consecutive) and `calibrate`."""
    if consecutive:
        sequences = math.ceil(samples / together)
        begin, end = (min(sequences * k // shards * together, samples) for k in (shard, shard + 1))
        return slice(begin, end)
    if together == 1:
        return slice(shard, samples, shards)
    numbers = np.arange(samples)
    return numbers[numbers // together % shards == shard]


def frozen(work: Work, dumps: Callable[[Any], bytes]) -> bytes:
    """What all shards share, pickled by an engine's own `dumps`. Raises Error, which names what cannot be pickled."""
    shared = work.shared
    try:
        return dumps(shared)
    except Exception as failure:  # whatever a data set's own objects raise
        subjects: List[Tuple[str, Any]] = [("model", m) for m in (*shared.models, shared.reference) if m is not None]
        for field, value in [*subjects, ("dataset", shared.dataset)]:
            try:
                dumps(value)
            except Exception as error:
                raise _not_sent(field, value, error) from error
        raise _not_sent("dataset", shared.dataset, failure) from failure


def _not_sent(field: str, value: Any, error: Exception) -> Error:
    what = f"model '{value.name}'" if field == "model" else f"data set ({type(value).__name__})"
    if isinstance(error, Error):
        return Error(error.kind, f"the {what} cannot be sent to workers: {error.what}", error.where, error.remedy, field)
    said = str(error).split("\n")[0] or type(error).__name__
    return Error("bad_data", f"the {what} cannot be pickled, so not be sent to workers: {said}", f"`{field}`",
                 "give a path or arrays, or open files when they are first asked for", field)


# On a worker.


def carry_out(shared: bytes, job: Job) -> Outcome:
    """Runs a shard. A narrow.Error is a part of the outcome; what a data set raises comes through."""
    read: Tuple[Tuple[str, int], ...] = ()
    try:
        all_need: Shared = pickle.loads(shared)
        data: Any = job.samples
        if isinstance(data, str):
            read = content_of(data)
        elif data is None:
            data = samples_of(all_need.dataset, all_need.models[0]._ends(all_need.options.get("signature"), False))
            data = data._replace(labels=None)  # the job has them
            source = data.source or {}
            read = (("samples", source.get("samples", 0)), ("content", source.get("fingerprint", 0)))
        options = {**all_need.options, "shard": (job.shard, job.shards)}
        if not all_need.evaluates:
            return Outcome(job.shard, all_need.models[0].calibrate(data, **options), read=read)
        results = evaluate(all_need.models, data, labels=job.labels, reference=all_need.reference, **options)
        return Outcome(job.shard, list(results), read=read)
    except Error as error:
        return Outcome(job.shard, error=error, read=read)


# After: checks that everything is there, and joins.


def shard_text(shard: int, shards: int) -> str:
    return f"shard {shard} of {shards}"


def complete(work: Work, outcomes: Sequence[Outcome]) -> List[Outcome]:
    """All outcomes in order of shards. Raises the error of the lowest shard that has one, and Error where a shard is
    missing, there twice, or read another data set than the first; it names them."""
    by_shard: Dict[int, Outcome] = {}
    for outcome in outcomes:
        if not 0 <= outcome.shard < work.shards:
            raise Error("internal", f"there is no {shard_text(outcome.shard, work.shards)}")
        if outcome.shard in by_shard:
            raise Error("bad_data", f"{shard_text(outcome.shard, work.shards)} is there twice")
        by_shard[outcome.shard] = outcome
    ordered = [by_shard[k] for k in sorted(by_shard)]
    for outcome in ordered:
        if outcome.read and ordered[0].read and outcome.read != ordered[0].read and _same_names(ordered[0], outcome):
            raise _changed(work, ordered[0], outcome)
    for outcome in ordered:
        if outcome.error is not None:
            raise located(outcome.error, shard_text(outcome.shard, work.shards))
    missing = [k for k in range(work.shards) if k not in by_shard]
    if missing:
        more = len(missing) - 1
        others = f", and {more} other{'s' if more > 1 else ''}" if more else ""
        raise Error("bad_data", f"{shard_text(missing[0], work.shards)} is missing{others}")
    return ordered


def _same_names(a: Outcome, b: Outcome) -> bool:
    return [name for name, _ in a.read] == [name for name, _ in b.read]


def _changed(work: Work, first: Outcome, other: Outcome) -> Error:
    names = [shard_text(o.shard, work.shards) for o in (first, other)]
    for (what, here), (_, there) in zip(first.read, other.read):
        if here != there and what == "content":
            return Error("bad_data", f"the data set changed: {names[1]} read other samples than {names[0]}", "`dataset`",
                         "samples have to stay as they are, and be the same on all workers", "dataset")
        if here != there:
            break
    return Error("bad_data", f"the data set changed: {names[1]} found {there} {what}, {names[0]} found {here}", "`dataset`",
                 "samples have to stay as they are, and be the same on all workers", "dataset")


def located(error: Error, place: str) -> Error:
    """The error of a shard, with its place; for a file that is not there, what to do about it on a cluster."""
    remedy = error.remedy
    if error.kind == "io" and not remedy:
        remedy = "workers read files themselves: a path has to be there on all of them"
    return Error(error.kind, error.what, f"{error.where}, {place}" if error.where else place, remedy, error.field)


def statistics_of(work: Work, outcomes: Sequence[Outcome]) -> Statistics:
    """The statistics of all shards, bit for bit those of one process."""
    return merge([outcome.result for outcome in complete(work, outcomes)], shards=work.shards)


def evaluations_of(work: Work, outcomes: Sequence[Outcome]) -> Evaluations:
    """The evaluations of all shards, with the figures of one process bit for bit."""
    parts: List[List[Evaluation]] = [outcome.result for outcome in complete(work, outcomes)]
    seen = 0
    for k, part in enumerate(parts):
        if part[0].samples and part[0].first != seen:
            raise Error("bad_data", f"{shard_text(k, work.shards)} begins at sample {part[0].first}, not at {seen}",
                        "`dataset`", "samples have to stay as they are", "dataset")
        seen += part[0].samples
    out = Evaluations()
    for model, of_model in zip(work.shared.models, zip(*parts)):
        # What went to workers was a .tflite file, which may have another size. Warnings are of some samples: the first's.
        whole = joined([dataclasses.replace(p, warnings=p.warnings if k == 0 else []) for k, p in enumerate(of_model)])
        out.append(dataclasses.replace(whole, model=model.name, bytes=model.size))
        _warn(out[-1].warnings)
    return out
