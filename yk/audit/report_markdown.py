"""A report as Markdown, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from yk.archive.workbooks import Cell
from yk.audit.report_parts import Report, Section, Table
from yk.text import markdown_text


def lines(report: Report) -> Iterator[str]:
    """The lines of the report."""
    yield f"# {markdown_text(report.title)}"
    yield ""
    yield from _points(report.facts)
    for section in report.sections:
        yield from _section(section, 2)


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {markdown_text(section.title)}"
    yield ""
    for words in section.words:
        yield markdown_text(words)
        yield ""
    yield from _points(section.points)
    if section.table is not None:
        yield from _table(section.table)
    for part in section.parts:
        yield from _section(part, level + 1)


def _points(points: Sequence[str]) -> Iterator[str]:
    yield from (f"- {markdown_text(point)}" for point in points)
    if points:
        yield ""


def _table(table: Table) -> Iterator[str]:
    rows = list(table.rows)
    if not rows:
        return
    yield _row(column.name for column in table.columns)
    yield _row(("--:" if column.is_number else "---" for column in table.columns), markdown=True)
    yield from (_row(row) for row in rows)
    yield ""
    if table.total > len(rows):
        yield f"共 {table.total} 行，这里列前 {len(rows)} 行；全部见工作簿（--to xlsx）。"
        yield ""


def _row(cells: Iterable[Cell], markdown: bool = False) -> str:
    shown = (str(cell) if markdown else _cell(cell) for cell in cells)
    return f"| {' | '.join(shown)} |"


def _cell(value: Cell) -> str:
    return "" if value is None else markdown_text(str(value))
