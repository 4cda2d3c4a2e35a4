"""Small tables that people hand in: a CSV file or a workbook whose columns are named by its header, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from yk.archive.cells import (
    BadCsv,
    csv_rows,
    encoding_of,
    is_workbook,
    opened_workbook,
    sound_workbook,
    unquoted,
)
from yk.archive.looking import number_text
from yk.errors import UnreadableError
from yk.files import reason_of

Row = tuple[int, dict[str, str]]
"""Where a row stands in its file, and its cells by the names of the columns; empty cells are left out."""


class Sheet(NamedTuple):
    """The rows below the header, and the header's words that name no known column."""

    rows: list[Row]
    unknown: list[str]


def read_sheet(path: Path, columns: Mapping[str, str]) -> Sheet:
    """The table in `path`; `columns` are the known ones, name -> Chinese label, either may stand in the header.

    Raises UnreadableError with file, place and remedy.
    """
    shown = path.name
    try:
        if is_workbook(path, shown):
            with sound_workbook(shown), opened_workbook(path, data_only=True) as book:
                return _table(shown, columns, _sheet_rows(book.worksheets[0]))
        cells = csv_rows(path, encoding_of(path, shown))
        return _table(shown, columns, ((line, [unquoted(one) for one in row]) for line, row in cells))
    except BadCsv as error:
        message = f"{shown} 第 {error.end} 行：CSV 写法不对（{error.why}）"
        raise UnreadableError("bad_csv", message, "检查引号是否成对") from None
    except OSError as error:
        message = f"读不了文件 {path}：{reason_of(error)}"
        raise UnreadableError("cannot_read", message, "检查路径和读权限") from None


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows of a worksheet of openpyxl."""
    sheet.reset_dimensions()
    yield from enumerate(sheet.iter_rows(values_only=True), start=1)


def _table(shown: str, columns: Mapping[str, str], cells: Iterable[tuple[int, Sequence[object]]]) -> Sheet:
    filled = ((number, [_text(cell) for cell in row]) for number, row in cells)
    rows = ((number, row) for number, row in filled if any(row))
    number, words = next(rows, (0, []))
    names = [_column(word, columns) for word in words]
    if not any(names):
        hint = f"第一行写列名：{'、'.join(columns.values())}"
        raise UnreadableError("no_header", f"{shown}：第一行里没有认得的列名", hint)
    if twice := next((name for name in names if name and names.count(name) > 1), ""):
        message = f"{shown} 第 {number} 行：{columns[twice]} 这一列出现了两次"
        raise UnreadableError("duplicate_column", message, "删去一列")
    unknown = [word for word, name in zip(words, names, strict=True) if word and not name]
    found = [
        (place, {name: cell for name, cell in zip(names, row, strict=False) if name and cell})
        for place, row in rows
    ]
    if not found:
        raise UnreadableError("no_rows", f"{shown}：表头下面没有数据", "检查是否填好、导出是否完整")
    return Sheet(found, unknown)


def _column(word: str, columns: Mapping[str, str]) -> str:
    """The name of the column that a header means, '' when it is none; a remark in brackets does not count."""
    bare = word.partition("（")[0].strip()
    return next((name for name, label in columns.items() if bare in (name, label)), "")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return (number_text(cell) if isinstance(cell, float) else str(cell)).strip()
