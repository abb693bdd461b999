"""Calibration and evaluation on a cluster that is there: Dask's here, Ray's in `narrow.distributed.ray`.

    from distributed import Client
    statistics = narrow.distributed.calibrate(model, x_train, Client("tcp://scheduler:8786"))
    small = model.quantize(statistics=statistics)
    print(narrow.distributed.evaluate([model, small], x_test, Client(...), labels=y_test, reference=model))

The work is cut into shards, which are independent and join bit for bit: what comes out is what one process gives, whatever
the number of shards and workers, and the order they end in. A shard whose worker dies is done again. docs/clusters.md says
what samples may be, and how the same is done with Slurm and GNU parallel.
"""

import importlib
from typing import Any

from .dask import calibrate, evaluate

__all__ = ["calibrate", "evaluate", "ray"]


def __getattr__(name: str) -> Any:
    if name == "ray":
        return importlib.import_module(".ray", __name__)
    raise AttributeError(f"module 'narrow.distributed' has no attribute '{name}'")
