"""Tables that read well on a terminal and are Markdown."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A title, and rows of text under columns; the first column is left-aligned, the others are right-aligned."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def __str__(self) -> str:
        widths = [max(len(row[i]) for row in [self.columns, *self.rows]) for i in range(len(self.columns))]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        return "\n".join([f"**{self.title}**", "", *(_line(row, widths) for row in [self.columns, rule, *self.rows])])


def _line(cells: Iterable[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(aligned)} |"


@dataclass(frozen=True)
class Target:
    """A figure that was promised, and what it came to."""

    what: str
    wanted: str
    measured: str
    met: bool

    @staticmethod
    def below(what: str, measured: float, limit: float, unit: str) -> "Target":
        """Met when the figure is smaller than the limit."""
        return Target(what, f"< {limit:g} {unit}", f"{measured:.4g} {unit}", measured < limit)

    @staticmethod
    def at_least(what: str, measured: float, limit: float, unit: str) -> "Target":
        """Met when the figure reaches the limit."""
        return Target(what, f">= {limit:g}{unit}", f"{measured:.4g}{unit}", measured >= limit)


def targets_table(targets: list[Target]) -> Table:
    """Which targets are met."""
    rows = [(one.what, one.wanted, one.measured, "yes" if one.met else "no") for one in targets]
    return Table("Targets", ("what", "wanted", "measured", "met"), rows)
