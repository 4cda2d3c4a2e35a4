"""The header of a batch list: which row it is, and what its columns mean."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from yk.archive.cells import DELIMITERS, commonest
from yk.archive.dictionary import bare
from yk.archive.inputs import is_blank
from yk.batch.cells import Table
from yk.batch.columns import Column, visible
from yk.batch.streams import FORMULA, Cells
from yk.errors import UnreadableError
from yk.text import clip, nearest, plain

_MOST = 20
"""The header is one of so many rows that are not blank."""
_BRACKETED = re.compile(r"【.*?】|\[.*?\]|〔.*?〕|[:：]$")
_OWN = frozenset(("未办原因", "提示", "状态", "环节", "原清单行号", "办理时间"))
"""Columns of the table of rows that we export ourselves: nothing else is meant by them."""
_REPORTED = _OWN | {"status", "行号", "原因"}
"""Columns of such a table that a column of the list may claim."""
_STATUS = frozenset(("状态", "status"))
_NUMBERING = frozenset(("序号", "序", "no", "no.", "#", "行号"))
"""Columns filled in down the sheet beforehand: a number there does not make a row."""


class Header(NamedTuple):
    """Where the columns stand. `places`: (index, column); `status`: index of an earlier result, -1 for none; `idle`:
    indexes of columns that alone make no row; `unnamed`: of those whose header is blank; `width`: cells up to the last
    header; `words`: the cells themselves."""

    line: int
    places: tuple[tuple[int, Column], ...]
    status: int
    idle: frozenset[int]
    unnamed: tuple[int, ...]
    unknown: list[str]
    width: int
    words: list[str]


def header_word(cell: object) -> str:
    """A header as it is compared: blanks, marks, brackets with what is in them, width and case do not count."""
    if is_blank(cell) or cell is FORMULA:
        return ""
    text = visible(str(cell)).strip()
    return bare(_BRACKETED.sub("", text)) or bare(text)


def chooser(columns: Sequence[Column]) -> Callable[[list[str]], str]:
    """Tells the delimiter from the first lines: the one that makes a header of one of them."""
    known = _known(columns)

    def choose(lines: list[str]) -> str:
        def headers(delimiter: str) -> int:
            try:
                rows = list(csv.reader(lines, delimiter=delimiter))
            except csv.Error:
                return 0
            return max((sum(header_word(cell) in known for cell in row) for row in rows), default=0)

        best = max(DELIMITERS, key=headers)
        return best if headers(best) > headers(commonest(lines)) else commonest(lines)

    return choose


def _known(columns: Sequence[Column]) -> dict[str, Column]:
    known: dict[str, Column] = {}
    own = [(word, column) for column in columns for word in (column.name, column.label)]
    further = [(word, column) for column in columns for word in column.words]
    for word, column in (*own, *further):
        known.setdefault(header_word(word), column)
    return {word: column for word, column in known.items() if word and word not in _OWN}


def find_header(table: Table, columns: Sequence[Column]) -> Header:
    """The header, the rows of the table then go on below it; title rows above are noted.

    Raises UnreadableError: `no_header`, `missing_column`, `duplicate_column`.
    """
    known = _known(columns)
    key = next((c for c in columns if c.required), None)
    above: list[tuple[int, Cells]] = []
    for number, cells in table.rows:
        if all(is_blank(cell) for cell in cells):
            continue
        found = {known.get(header_word(cell)) for cell in cells} - {None}
        if key in found if key is not None else found:
            _note_titles(table, number, above)
            return _header(table, columns, known, number, cells)
        above.append((number, cells))
        if len(above) == _MOST:
            break
    if not above:
        raise UnreadableError("empty_file", f"{table.shown}：文件是空的", "检查导出是否成功")
    number, cells = max(
        above, key=lambda row: len({known.get(header_word(cell)) for cell in row[1]} - {None})
    )
    if not any(header_word(cell) in known for cell in cells):
        wanted = "、".join(c.label for c in columns if c.required) or columns[0].label
        raise UnreadableError(
            "no_header",
            f"{table.shown}：前 {len(above)} 行里没有表头，第 {above[0][0]} 行是“{_listed(above[0][1])}”",
            f"表头一行写列名，如 {wanted}{_elsewhere(table)}",
        )
    return _header(table, columns, known, number, cells)


def _elsewhere(table: Table) -> str:
    """A further remedy: the list may stand on another sheet."""
    return f"；清单若在别的工作表，用 --sheet 指明：{'、'.join(table.others[:20])}" if table.others else ""


def _note_titles(table: Table, number: int, above: Sequence[tuple[int, Cells]]) -> None:
    if above:
        titles = "、".join(f"第 {line} 行“{clip(_listed(cells), 30)}”" for line, cells in above[:5])
        more = f" 等 {len(above)} 行" if len(above) > 5 else ""
        table.notes.append(f"表头在第 {number} 行，上面的{titles}{more}没有读")


def _listed(cells: Iterable[object]) -> str:
    words = [plain(str(cell)).strip() for cell in cells if not is_blank(cell) and cell is not FORMULA]
    return clip("、".join(words), 80)


def _header(
    table: Table, columns: Sequence[Column], known: dict[str, Column], number: int, cells: Cells
) -> Header:
    places: dict[str, tuple[int, Column]] = {}
    unknown, idle, status = list[str](), set[int](), -1
    for index, cell in enumerate(cells):
        word = header_word(cell)
        column = known.get(word)
        if column is not None:
            if (earlier := places.get(column.name)) is not None:
                both = "、".join(
                    f"“{clip(plain(str(cells[i])).strip(), 40)}”（{table.place(number, i)}）"
                    for i in (earlier[0], index)
                )
                message = f"{table.shown} 第 {number} 行：{both}都是{column.label}"
                raise UnreadableError("duplicate_column", message, "删去一列")
            places[column.name] = (index, column)
        elif word in _REPORTED:
            idle.add(index)
            if word in _STATUS and status < 0:
                status = index
        elif word:
            unknown.append(clip(plain(str(cell)).strip(), 80))
            if word in _NUMBERING:
                idle.add(index)
    missing = [c for c in columns if c.required and c.name not in places]
    if missing:
        _refuse_missing(table, number, missing, cells, unknown)
    width = max((index + 1 for index, cell in enumerate(cells) if not is_blank(cell)), default=0)
    words = [visible(str(cell)).strip() for cell in cells[:width] if cell is not None]
    return Header(
        number,
        tuple(sorted(places.values(), key=lambda p: p[0])),
        status,
        frozenset(idle),
        tuple(index for index, cell in enumerate(cells[:width]) if is_blank(cell)),
        unknown,
        width,
        words,
    )


def _refuse_missing(
    table: Table, number: int, missing: Sequence[Column], cells: Cells, unknown: Sequence[str]
) -> None:
    labels = "、".join(column.label for column in missing)
    near = {n: c.label for c in missing for word in (c.label, *c.words) if (n := nearest(word, unknown))}
    hint = "；".join(f"“{word}”是不是{label}？改成这个列名" for word, label in near.items())
    message = f"{table.shown} 第 {number} 行：缺少列 {labels}，现有的列：{_listed(cells)}"
    hint = (hint or "补上这一列，列名写在表头行") + _elsewhere(table)
    raise UnreadableError("missing_column", message, hint)
