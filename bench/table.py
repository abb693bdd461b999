"""Rows of what was measured, and how they are shown."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    narrow: str
    peer: str = "-"
    ratio: float | None = None
    target: str = "-"
    ok: bool | None = None  # None: nothing to reach

    def cells(self):
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, self.narrow, self.peer, ratio, self.target,
                {None: "", True: "ok", False: "short"}[self.ok]]


@dataclasses.dataclass(frozen=True)
class Remark:
    """What came of a case that has no figures."""
    text: str
    ok: bool | None = None


def at_least(what, narrow, peer, ratio, target):
    """A row whose ratio has to reach `target`."""
    return Row(what, narrow, peer, ratio, f">= {target:g}", ratio >= target)


def at_most(what, value, limit, unit, peer="-", ratio=None):
    """A row whose value has to stay within `limit`."""
    return Row(what, f"{value:.1f} {unit}", peer, ratio, f"<= {limit:g} {unit}", value <= limit)


def text(results):
    """The rows as a table, the remarks under it."""
    rows = [r.cells() for r in results if isinstance(r, Row)]
    return "\n".join(aligned(rows) + [r.text for r in results if isinstance(r, Remark)])


def aligned(rows):
    if not rows:
        return []
    cells = [["", "narrow", "peer", "ratio", "target", ""], *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = []
    for row in cells:
        first, *rest = [c.ljust(w) if i in (0, 5) else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        lines.append("  ".join([first, *rest]).rstrip())
    return lines
