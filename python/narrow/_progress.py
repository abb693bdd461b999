"""How far a call is, told to the user."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Iterator, Optional, Union

from ._error import Error

Progress = Union[None, bool, Callable[[int, int], Any]]


@contextlib.contextmanager
def told(progress: Progress, what: str, unit: str = "samples") -> Iterator[Optional[Callable[[int, int], Any]]]:
    """A function that gets samples (or what `unit` says) done and their number (0: not known), or None.

    True shows a bar where tqdm is installed, and nothing where it is not.
    """
    if progress is None or progress is False:
        yield None
        return
    if callable(progress):
        yield progress
        return
    if progress is not True:
        raise Error("bad_option", f"`progress` does not take {progress!r}", "", "give True, or a function", "progress")
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(desc=what, unit=unit) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total or None
            bar.n = done
            bar.refresh()

        yield show
