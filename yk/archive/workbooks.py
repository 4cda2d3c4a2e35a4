"""Workbooks for people: a frozen header, columns wide enough for Chinese, cells that are values and never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from yk.errors import UsageError
from yk.text import plain

Cell = str | int | float | None
Row = Sequence[Cell]
Columns = Sequence[tuple[str, int]]
"""Header and width of each column, in half-width characters."""

_HEAD, _WRAPPED = "标题", "折行"
_WIDE = 30
"""Columns at least as wide wrap their texts."""
_MOST = 1_048_575
"""Rows below the header that a sheet can hold."""


def new_workbook(instead: str) -> Any:
    """A workbook of openpyxl to write row by row. Raises UsageError (`xlsx_missing`); `instead` says what else to ask for."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font, NamedStyle
    except ImportError:
        raise UsageError(
            "xlsx_missing",
            "导出工作簿要用到 openpyxl，还没有安装",
            f"pip install 'yk[xlsx]'，或{instead}",
        ) from None
    book = Workbook(write_only=True)
    # named styles cost a tenth of what a style of its own costs each cell
    book.add_named_style(NamedStyle(_HEAD, font=Font(bold=True)))
    book.add_named_style(NamedStyle(_WRAPPED, alignment=Alignment(wrap_text=True, vertical="top")))
    return book


def add_sheet(book: Any, title: str, columns: Columns, rows: Iterable[Row]) -> None:
    """A sheet with these rows; what does not fit on one goes to further ones, `title (2)` …"""
    sheet, left = _headed(book, title, columns), _MOST
    # one cell a column, filled anew row by row: to make and style a cell takes as long as to write it
    cells = [_new_cell(sheet, _WRAPPED if width >= _WIDE else "") for _, width in columns]
    for row in rows:
        if not left:
            count = sum(name.partition(" (")[0] == title for name in book.sheetnames)
            sheet, left = _headed(book, f"{title} ({count + 1})", columns), _MOST
        sheet.append([_filled(cell, value) for cell, value in zip(cells, row, strict=True)])
        left -= 1


def _headed(book: Any, title: str, columns: Columns) -> Any:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_filled(_new_cell(sheet, _HEAD), name) for name, _ in columns])
    return sheet


def _new_cell(sheet: Any, style: str) -> Any:
    """An empty cell; `style` by name, '' for none."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    if style:
        cell.style = style
    return cell


def _filled(cell: Any, value: Cell) -> Any:
    """What to append for a value: `cell` filled with it where it takes one; a text stays a text even when it looks like a
    formula."""
    if not isinstance(value, str):
        return value
    words = plain(value)
    if not words:
        return None
    if not cell.has_style and not words.startswith("="):
        return words
    cell.value, cell.data_type = words, "s"
    return cell
