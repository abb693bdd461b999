"""Shards on a Ray cluster, the one that `ray.init` has connected to."""

from __future__ import annotations

import itertools
import time
from typing import Any, Dict, Iterator, List, Optional

from .._error import Error
from .._progress import Progress, told
from ..evaluation import Evaluations
from ..statistics import Statistics
from . import _shards
from ._shards import Job, Outcome, Work

_LOOK = 1.0  # seconds between looks at whether there still are workers
_RETRIES = 3  # of a shard whose worker dies, as Dask has them


def calibrate(model: Any, dataset: Any, shards: Optional[int] = None, *, wait: float = 60.0, progress: Progress = None,
              **options: Any) -> Statistics:
    """As `narrow.distributed.calibrate`, on Ray. `threads` of the options are the CPUs that Ray keeps for a shard."""
    slots = _slots(wait)
    work = _shards.calibration(model, dataset, _shards.checked_shards(shards, slots), options)
    return _shards.statistics_of(work, _run(work, slots, wait, progress, "calibrating"))


def evaluate(models: Any, dataset: Any, shards: Optional[int] = None, *, labels: Any = None, reference: Any = None,
             wait: float = 60.0, progress: Progress = None, **options: Any) -> Evaluations:
    """As `narrow.distributed.evaluate`, on Ray. `threads` of the options are the CPUs that Ray keeps for a shard."""
    slots = _slots(wait)
    work = _shards.evaluation(models, dataset, labels, reference, _shards.checked_shards(shards, slots), options)
    return _shards.evaluations_of(work, _run(work, slots, wait, progress, "evaluating"))


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise Error("unsupported", "clusters of Ray need ray, which is not installed", "", "pip install ray") from None
    return ray


def _cpus() -> float:
    """Of all nodes that are alive."""
    return float(_ray().cluster_resources().get("CPU", 0))


def _slots(wait: float) -> int:
    """The processors of the cluster. Raises Error where there is none, or there are none after `wait` seconds."""
    if not _ray().is_initialized():
        raise Error("io", "Ray is not connected to a cluster", "", "call ray.init() first")
    begin = time.monotonic()
    while _cpus() < 1:
        if time.monotonic() - begin > wait:
            raise _no_workers(wait)
        time.sleep(min(_LOOK, wait))
    return int(_cpus())


def _no_workers(wait: float) -> Error:
    return Error("io", f"the cluster has no workers, for {wait:g} s: no node with a CPU", "Ray",
                 "start nodes, or set `wait`")


def _run(work: Work, slots: int, wait: float, progress: Progress, what: str) -> List[Outcome]:
    """The outcomes of all shards, or of some where one ended with an error."""
    ray = _ray()
    most = max((node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]), default=0)
    if work.threads > most:
        raise Error("bad_option", f"no node has {work.threads} CPUs: the largest has {most:g}", "",
                    "a shard runs on one node", "threads")
    shared = _shards.frozen(work, ray.cloudpickle.dumps)
    outcomes = []
    with told(progress, what, "shards") as callback:
        for outcome in _outcomes(work, shared, 2 * slots, wait):
            outcomes.append(outcome)
            if callback:
                callback(len(outcomes), work.shards)
            if outcome.error is not None:
                break
    return outcomes


def _outcomes(work: Work, shared: bytes, at_once: int, wait: float) -> Iterator[Outcome]:
    """In the order that shards end in; no more than `at_once` are with Ray."""
    ray = _ray()
    task = ray.remote(num_cpus=work.threads, max_retries=_RETRIES)(_shards.carry_out)
    common = ray.put(shared)
    jobs = work.jobs()
    running: Dict[Any, Job] = {}
    alive = time.monotonic()
    try:
        while True:
            for job in itertools.islice(jobs, at_once - len(running)):
                running[task.remote(common, job)] = job
            if not running:
                return
            ended, _ = ray.wait(list(running), num_returns=1, timeout=_LOOK)
            for reference in ended:
                yield _outcome(reference, running.pop(reference).shard, work.shards)
            if ended or _cpus() >= 1:
                alive = time.monotonic()
            elif time.monotonic() - alive > wait:
                raise _no_workers(wait)
    finally:
        if ray.is_initialized():
            for reference in running:
                ray.cancel(reference, force=False)


def _outcome(reference: Any, shard: int, shards: int) -> Outcome:
    ray = _ray()
    place = _shards.shard_text(shard, shards)
    try:
        outcome: Outcome = ray.get(reference)
        return outcome
    except ray.exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        if isinstance(cause, ModuleNotFoundError) and (cause.name or "").split(".")[0] == "narrow":
            raise Error("io", "the workers cannot import narrow", "", "install it on all of them") from error
        if isinstance(cause, Exception):
            raise cause from None
        raise
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError, ray.exceptions.NodeDiedError) as error:
        raise Error("io", f"{place} ended every worker that ran it", "",
                    "it may need more memory than they have: cut the work into more `shards`") from error
    except ray.exceptions.RayError as error:
        said = str(error).split("\n")[0] or type(error).__name__
        raise Error("io", f"the cluster dropped {place}: {said}", "", "see the logs of Ray") from error
