"""Report: all that is known of a quantized model, as a page and as numbers."""

from __future__ import annotations

import html
import json
import os
from typing import Any, Dict, List, Tuple, Union

from ._error import Error
from ._paths import path_of

Path = Union[str, "os.PathLike[str]"]


class Report:
    """What `Model.report` and `narrow.report` give; a notebook shows the page.

    Attributes:
        html: the page, which needs no other file.
        node_data: JSON for Model Explorer by what it tells: "sqnr", "bits", "clipped", ...
    """

    def __init__(self, page: str, numbers: str, node_data: Dict[str, str]) -> None:
        self.html = page
        self.node_data = node_data
        self._numbers = numbers

    @property
    def numbers(self) -> Dict[str, Any]:
        """Every number on the page."""
        out: Dict[str, Any] = json.loads(self._numbers)
        return out

    def save(self, path: Path) -> None:
        """Writes the page, or the numbers where the name ends in .json; whole or not at all."""
        name = page_path(path)
        _write(name, self.html if name.endswith(".html") else self._numbers + "\n")

    def save_node_data(self, path: Path) -> List[str]:
        """Writes the error by op for Model Explorer, and the other figures beside it: f.json, f.clipped.json, ...

        Returns the names of the files.
        """
        name = node_data_path(path)
        if not self.node_data:
            raise Error("bad_data", "there is no node data: no op has a figure", "", "give `data`", "data")
        stem = name[: -len(".json")]
        names = [name if k == 0 else f"{stem}.{figure}.json" for k, figure in enumerate(self.node_data)]
        for one, text in zip(names, self.node_data.values()):
            _write(one, text + "\n")
        return names

    def __repr__(self) -> str:
        return f"<narrow.Report of {len(self.html):,} characters>"

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self.html)}" style="width:100%;height:40em;border:0"></iframe>'


def page_path(path: Path) -> str:
    """Where a report can go. Raises Error: bad_option, io."""
    return _file(path, ("html", "json"), "a report", "path")


def node_data_path(path: Path) -> str:
    """Where node data can go. Raises Error: bad_option, io."""
    return _file(path, ("json",), "node data", "node_data")


def _file(path: Path, endings: Tuple[str, ...], what: str, field: str) -> str:
    name = path_of(path, field)
    if not name.endswith(tuple("." + e for e in endings)):
        known = " or ".join("." + e for e in endings)
        raise Error("bad_option", f"{what} cannot be written to '{name}'", "", f"give a name that ends in {known}", field)
    if not os.path.isdir(os.path.dirname(name) or "."):
        raise Error("io", "cannot be written: No such file or directory", name, "", field)
    return name


def _write(path: str, text: str) -> None:
    unfinished = f"{path}.{os.getpid()}.part"
    try:
        with open(unfinished, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(unfinished, path)
    except OSError as error:
        raise Error("io", f"cannot be written: {error.strerror}", path, "", "path") from None
    finally:
        if os.path.exists(unfinished):
            os.unlink(unfinished)
