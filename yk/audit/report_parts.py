"""What a report consists of: sections of words, points and tables, whatever it is written as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from yk.archive.workbooks import Row
from yk.audit.occurrences import Span
from yk.settings import Settings


class Asked(NamedTuple):
    """What a report is asked for: a day or a month, seen at `now` (ISO), of one supply unit (a code) or all of them, with the
    template of the meeting's minutes or without."""

    span: Span
    now: str
    settings: Settings
    unit: str = ""
    minutes: bool = False

    @property
    def today(self) -> str:
        """The day it is made."""
        return self.now[:10]


class Column(NamedTuple):
    """A column of a table; `width` in half-width characters."""

    name: str
    width: int = 10
    is_number: bool = False


class Table(NamedTuple):
    """A table; `name` is its sheet's in a workbook, `total` how many rows there would be when `rows` gives but the first."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    total: int = 0


class Section(NamedTuple):
    """A section: paragraphs, points, a table, then the sections inside it."""

    title: str
    words: Sequence[str] = ()
    points: Sequence[str] = ()
    table: Table | None = None
    parts: Sequence[Section] = ()


class Report(NamedTuple):
    """A report: its title, what one has to know of it, its sections."""

    title: str
    facts: Sequence[str]
    sections: Sequence[Section]


def number(name: str, width: int = 10) -> Column:
    """A column of numbers."""
    return Column(name, width, True)
