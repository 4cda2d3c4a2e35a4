"""A table of one line a row: fixed and growing columns, names clipped with …, a heading that stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from yk.flows.glyphs import readable
from yk.screens.widgets.rows import Line, Rows
from yk.text import cell_len, clip, pad

GAP = 2


class Column(NamedTuple):
    """`cell` gives a row's text, or text and tone. A column takes `width` cells; with `grow` more, by that share.

    From `least` cells of the whole table on it is shown; numbers stand right.
    """

    title: str
    width: int
    cell: Callable[[Any], str | tuple[str, str]]
    grow: int = 0
    least: int = 0
    right: bool = False


class Table(Rows):
    """Rows in columns."""

    HEAD = 1

    def __init__(
        self, columns: Sequence[Column], empty: str = "", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(empty, id=id, classes=classes)
        self.columns = tuple(columns)

    def one_line(self) -> bool:
        return True

    def shares(self, width: int) -> list[tuple[Column, int]]:
        """The columns shown at `width` with their widths."""
        shown = [column for column in self.columns if column.least <= width]
        while shown and sum(c.width for c in shown) + GAP * (len(shown) - 1) + 1 > width and len(shown) > 2:
            shown.remove(max(shown, key=lambda column: (column.least, shown.index(column))))
        spare = max(0, width - 1 - sum(c.width for c in shown) - GAP * (len(shown) - 1))
        growing = sum(column.grow for column in shown)
        return [(c, c.width + (spare * c.grow // growing if growing else 0)) for c in shown]

    def head(self, width: int) -> list[Line]:
        cells = (_fit(column.title, size, column.right) for column, size in self.shares(width))
        return [[(" " + (" " * GAP).join(cells), "")]]

    def drawn(self, row: Any, width: int) -> list[Line]:
        pieces: list[tuple[str, str]] = [(" ", "")]
        for number, (column, size) in enumerate(self.shares(width)):
            found = column.cell(row)
            text, tone = found if isinstance(found, tuple) else (found, "")
            pieces += [(" " * GAP, "")] if number else []
            pieces.append((_fit(text, size, column.right), tone))
        return [pieces]


def _fit(text: str, width: int, right: bool) -> str:
    shown = clip(readable(text), width)
    return " " * (width - cell_len(shown)) + shown if right else pad(shown, width)
