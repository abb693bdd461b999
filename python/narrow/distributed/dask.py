"""Shards on a Dask cluster: a `distributed.Client` carries them."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from concurrent.futures import CancelledError
from typing import Any, Dict, Iterator, Optional, Set

from .._error import Error
from .._progress import Progress, told
from ..evaluation import Evaluations
from ..statistics import Statistics
from . import _shards
from ._shards import Job, Outcome, Work

_LOOK = 1.0  # seconds between looks at whether there still are workers


def calibrate(model: Any, dataset: Any, client: Any, shards: Optional[int] = None, *, wait: float = 60.0,
              progress: Progress = None, **options: Any) -> Statistics:
    """`model.calibrate(dataset)` on a cluster: the same statistics, bit for bit.

    Args:
        model: a float model, or a path of one, which is read here.
        dataset: a path that all workers see; arrays, of which each shard gets its samples; a data set with a length and
            indices, which is pickled. Iterables are gathered here first.
        client: a `distributed.Client`.
        shards: into how many parts the work is cut; 4 for each thread of the cluster where not given. More than there are
            samples are as many.
        wait: seconds to wait for a first worker, and for another one where all are gone.
        progress: True for a bar, or a function that gets the number of shards done and of all.
        options: samples, minmax_only, per_sample, on_nan, signature, data_scale, data_offset, data_is_quantized, sequence
            and threads (of each shard: 1) as of `Model.calibrate`.

    Raises:
        Error: io (no workers, a worker that dies again and again, a closed client), bad_data (also a data set that changed,
            or cannot be pickled), bad_option, and those of `Model.calibrate`, with the shard they come from. Exceptions of
            the data set come through.
    """
    slots = _slots(client, wait)
    work = _shards.calibration(model, dataset, _shards.checked_shards(shards, slots), options)
    return _shards.statistics_of(work, _run(client, work, slots, wait, progress, "calibrating"))


def evaluate(models: Any, dataset: Any, client: Any, shards: Optional[int] = None, *, labels: Any = None,
             reference: Any = None, wait: float = 60.0, progress: Progress = None, **options: Any) -> Evaluations:
    """`narrow.evaluate(models, dataset)` on a cluster: the same figures, bit for bit, and rows for each sample.

    Args:
        models, labels, reference: as of `narrow.evaluate`. Labels may be a path where the data set is one.
        dataset, client, shards, wait, progress: as of `calibrate`.
        options: samples, profile, signature, data_scale, data_offset, data_is_quantized, sequence and threads (of each
            shard: 1) as of `narrow.evaluate`. `per_op` is not among them: it is not of samples alone.

    Raises:
        Error: as `calibrate`, and those of `narrow.evaluate`.
    """
    slots = _slots(client, wait)
    work = _shards.evaluation(models, dataset, labels, reference, _shards.checked_shards(shards, slots), options)
    return _shards.evaluations_of(work, _run(client, work, slots, wait, progress, "evaluating"))


def _slots(client: Any, wait: float) -> int:
    """The threads of all workers. Raises Error where `client` is none, is closed, or has no workers after `wait` seconds."""
    try:
        import distributed
    except ImportError:
        raise Error("unsupported", "clusters of Dask need distributed, which is not installed", "",
                    "pip install distributed") from None
    kind: Any = distributed.Client
    if not isinstance(client, kind):
        raise Error("bad_option", f"`client` does not take {type(client).__name__}", "", "a distributed.Client", "client")
    if client.asynchronous:
        raise Error("bad_option", "`client` is asynchronous", "", "give a Client made without asynchronous=True", "client")
    if client.status != "running":
        raise Error("io", f"the client is {client.status}", "`client`", "connect it to a cluster", "client")
    try:
        client.wait_for_workers(1, timeout=wait)
        return sum(client.nthreads().values()) or 1
    except (TimeoutError, asyncio.TimeoutError):  # one and the same from Python 3.11 on
        raise _no_workers(client, wait) from None
    except OSError as error:
        raise _gone(error) from error


def _no_workers(client: Any, wait: float) -> Error:
    place = getattr(getattr(client, "scheduler", None), "address", "") or "`client`"
    return Error("io", f"the cluster has no workers, for {wait:g} s", place, "start workers, or set `wait`", "client")


def _gone(error: BaseException) -> Error:
    return Error("io", f"the connection to the cluster was lost: {str(error) or type(error).__name__}".split("\n")[0],
                 "`client`", "connect another client, and call again", "client")


def _same(value: bytes) -> bytes:
    """A task that holds what all shards share: unlike data that are scattered, it is done again where its worker dies."""
    return value


def _run(client: Any, work: Work, slots: int, wait: float, progress: Progress, what: str) -> Any:
    """The outcomes of all shards, or of some where one ended with an error."""
    import cloudpickle
    import dask

    shared = _shards.frozen(work, cloudpickle.dumps)
    outcomes = []
    # The samples of a shard are part of its task, so that it can be done again; Dask warns of tasks of 10 MB.
    with told(progress, what, "shards") as callback, dask.config.set(
            {"distributed.admin.large-graph-warning-threshold": "1TB"}):
        for outcome in _outcomes(client, work, shared, 2 * slots, wait):
            outcomes.append(outcome)
            if callback:
                callback(len(outcomes), work.shards)
            if outcome.error is not None:
                break
    return outcomes


def _outcomes(client: Any, work: Work, shared: bytes, at_once: int, wait: float) -> Iterator[Outcome]:
    """In the order that shards end in; no more than `at_once` are with the scheduler."""
    token = uuid.uuid4().hex
    jobs = work.jobs()
    running: Dict[Any, Job] = {}
    common = None
    try:
        common = client.submit(_same, shared, key=f"narrow-shared-{token}", pure=False)
        while True:
            for job in itertools.islice(jobs, at_once - len(running)):
                key = f"narrow-shard-{token}-{job.shard}"
                running[client.submit(_shards.carry_out, common, job, key=key, pure=False)] = job
            if not running:
                return
            for future in _ended(client, running, wait):
                outcome = _outcome(future, running[future].shard, work.shards, wait)
                if outcome is not None:
                    del running[future]
                    yield outcome
    except (OSError, RuntimeError) as error:
        if client.status == "running" and not isinstance(error, OSError):
            raise
        raise _gone(error) from error
    finally:
        if client.status == "running":
            client.cancel([*running, *([] if common is None else [common])])


def _ended(client: Any, running: Dict[Any, Job], wait: float) -> Set[Any]:
    """Futures that have ended: at least one. Raises Error where there are no workers for `wait` seconds."""
    import distributed

    wait_for: Any = distributed.wait
    alive = time.monotonic()
    while True:
        try:
            ended: Set[Any] = wait_for(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            return ended
        except (TimeoutError, asyncio.TimeoutError):
            pass
        except CancelledError:  # what the scheduler has dropped has ended too
            return {future for future in running if future.status in ("cancelled", "lost")}
        if client.status != "running":
            raise _gone(RuntimeError(f"the client is {client.status}"))
        if _has_workers(client):
            alive = time.monotonic()
        elif time.monotonic() - alive > wait:
            raise _no_workers(client, wait)


def _has_workers(client: Any) -> bool:
    """Whether any worker runs what it is given: not one that is paused for want of memory, or is about to go."""
    return any(worker.get("status", "running") == "running" for worker in client.scheduler_info()["workers"].values())


def _outcome(future: Any, shard: int, shards: int, wait: float) -> Optional[Outcome]:
    """What became of a shard that has ended; None where that went with its worker, so that the shard is done again."""
    from distributed.scheduler import KilledWorker

    place = _shards.shard_text(shard, shards)
    try:
        outcome: Outcome = future.result(timeout=max(wait, _LOOK))
        return outcome
    except (TimeoutError, asyncio.TimeoutError):
        if future.status == "error":  # what the data set has raised
            raise
        return None
    except KilledWorker as error:
        worker = getattr(getattr(error, "last_worker", None), "address", "")
        raise Error("io", f"{place} ended every worker that ran it", f"the last was {worker}" if worker else "",
                    "it may need more memory than they have: cut the work into more `shards`") from error
    except CancelledError as error:
        raise Error("io", f"the cluster dropped {place}", "", "see the scheduler's log") from error
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "narrow":
            raise
        raise Error("io", "the workers cannot import narrow", "", "install it on all of them") from error
