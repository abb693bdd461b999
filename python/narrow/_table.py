"""Tables as text and as HTML."""

from __future__ import annotations

import html
from typing import List, Sequence


class Table:
    """Rows of cells. A column whose title begins with ">" is aligned to the right."""

    def __init__(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.right = [t.startswith(">") for t in titles]
        self.titles = [t.lstrip(">") for t in titles]
        self.rows = [list(row) for row in rows]

    def text(self) -> str:
        lines = [self.titles] + self.rows
        widths = [max(len(line[c]) for line in lines) for c in range(len(self.titles))]

        def shown(line: List[str]) -> str:
            cells = [cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(line, widths, self.right)]
            return "  ".join(cells).rstrip()

        return "\n".join(shown(line) for line in lines)

    def markup(self) -> str:
        def cell(tag: str, text: str, right: bool) -> str:
            align = "right" if right else "left"
            return f'<{tag} style="text-align:{align}">{html.escape(text)}</{tag}>'

        def line(tag: str, cells: List[str]) -> str:
            return "<tr>" + "".join(cell(tag, c, r) for c, r in zip(cells, self.right)) + "</tr>"

        body = "\n".join(line("td", row) for row in self.rows)
        return f"<table>\n<thead>{line('th', self.titles)}</thead>\n<tbody>\n{body}\n</tbody></table>"


def decibels(value: "float | None") -> str:
    """13.5, or "exact" where there is no error."""
    if value is None:
        return "-"
    return "exact" if value == float("inf") else f"{value:.1f}"
