"""A report as a workbook: what it says on the first sheet, then a sheet a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from yk.archive.workbooks import Row, Workbook
from yk.audit.report_parts import Report, Section, Table

_WORDS = (("章节", 28), ("内容", 110))


def write(report: Report, file: IO[bytes]) -> None:
    """Write the report. Raises UsageError (`xlsx_missing`)."""
    with Workbook("改用 --to md") as book:
        book.add_sheet("说明", _WORDS, _words(report))
        for table in _tables(report.sections):
            book.add_sheet(table.name, [(column.name, column.width) for column in table.columns], table.rows)
        book.save(file)


def _words(report: Report) -> Iterator[Row]:
    yield report.title, ""
    yield from (("", fact) for fact in report.facts)
    yield from _said(report.sections)


def _said(sections: Iterable[Section]) -> Iterator[Row]:
    for section in sections:
        words = [*section.words, *section.points]
        yield section.title, words[0] if words else ""
        yield from (("", one) for one in words[1:])
        yield from _said(section.parts)


def _tables(sections: Iterable[Section]) -> Iterator[Table]:
    for section in sections:
        if section.table is not None:
            yield section.table
        yield from _tables(section.parts)
