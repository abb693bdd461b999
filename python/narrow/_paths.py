"""Paths as users give them."""

from __future__ import annotations

import os
from typing import Any

from ._error import Error


def path_of(path: Any, field: str = "path") -> str:
    """Text of a str, bytes or os.PathLike. Raises Error: bad_option, where it is none of these or holds a NUL."""
    try:
        text = os.fsdecode(path)
    except TypeError:
        raise Error("bad_option", f"`{field}` is {type(path).__name__}, not a path", "",
                    "give text, or a pathlib.Path", field) from None
    if "\0" in text:
        raise Error("bad_option", f"`{field}` does not take {text!r}", "", "no file has a NUL in its name", field)
    return text
