"""Lists that clerks bring, as rows: which file it is, its rows with their values and problems, and what people must know."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from yk.archive.inputs import is_blank
from yk.batch.cells import Table, kept, opened
from yk.batch.columns import ACCOUNT, BadCell, Column, quick_reader, read_cell, shown, visible
from yk.batch.headers import Header, chooser, find_header, header_word
from yk.batch.streams import FORMULA, LAST_ROW, Cells, column_index
from yk.errors import UnreadableError, UsageError
from yk.files import reason_of
from yk.text import clip, did_you_mean, plain

_ENCODINGS = {
    "utf8": "utf-8",
    "utf8sig": "utf-8",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
}
_EXAMPLES = 5
_DONE = frozenset(("已办", "done"))
"""What an earlier result says of a row that needs doing no more."""


@dataclass(slots=True)
class Line:
    """One row of the list: `line` where it stands; values by column name; problems (code, text) of its cells."""

    line: int
    values: dict[str, Any]
    problems: list[tuple[str, str]]


@dataclass(slots=True)
class BatchList:
    """A list that was read.

    `file`: the file's name, - for stdin; `sha256` of its bytes; `encoding` of a text, `sheet` of a workbook, '' else;
    `columns`: names of those it has, in its order; `unknown`: headers that mean none; `notes`: Chinese, for people.
    """

    file: str
    sha256: str
    encoding: str
    sheet: str
    columns: list[str]
    unknown: list[str]
    lines: list[Line]
    notes: list[str]


def read(
    path: Path | None,
    columns: Sequence[Column],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    most: int = 200_000,
) -> BatchList:
    """The rows of a list: a CSV file or a workbook, told apart by content; None is stdin.

    Raises UnreadableError with file, place and remedy for a list that cannot be read as a whole, UsageError for an
    encoding nobody knows. What is wrong with single cells are problems of their lines.
    """
    wanted = _known_encoding(encoding)
    name = "-" if path is None else plain(path.name.encode("utf-8", "replace").decode()) or str(path)
    if "\0" in str(path):
        raise UnreadableError("cannot_read", f"读不了文件 {name}：文件名里有空字符", "检查路径")
    try:
        with kept(path, name) as file:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            with opened(file, name, sheet, wanted, chooser(columns)) as table:
                header = find_header(table, columns)
                lines = _Gathering(table, header, most).lines()
    except OSError as error:
        raise UnreadableError(
            "cannot_read", f"读不了文件 {name}：{reason_of(error)}", "检查路径和读权限"
        ) from None
    if table.sheet and wanted:
        table.notes.append("工作簿没有编码可选，指定的编码不起作用")
    names = [column.name for _, column in header.places]
    return BatchList(name, digest, table.encoding, table.sheet, names, header.unknown, lines, table.notes)


def _known_encoding(word: str | None) -> str:
    if word is None:
        return ""
    key = word.strip().lower().replace("-", "").replace("_", "")
    if (found := _ENCODINGS.get(key)) is None:
        hint = did_you_mean(word, ("utf-8", "gbk", "gb18030"))
        raise UsageError("unknown_encoding", f"不认识的编码 {clip(plain(word), 40)}", hint)
    return found


class _Gathering:
    """Reads the rows below a header, and tells what was taken in another form than it was written in."""

    def __init__(self, table: Table, header: Header, most: int) -> None:
        self.table, self.header, self.most = table, header, most
        self.plan = [(index, column.name, quick_reader(column)) for index, column in header.places]
        self.columns = dict(header.places)
        accounts = [c for _, c in header.places if c.kind == ACCOUNT and c.required]
        self.account = accounts[0] if accounts else None
        self.tally: dict[tuple[str, str], list[str]] = {}
        self.counts: dict[tuple[str, str], int] = {}
        self.rows = self.done = self.repeated = 0
        self.unnamed: set[int] = set()

    def lines(self) -> list[Line]:
        """Every row that is not blank. Raises UnreadableError."""
        lines: list[Line] = []
        for number, cells in self.table.rows:
            if self._is_done(cells):
                self.done += 1
            elif (line := self._line(number, cells)) is not None:
                lines.append(line)
            else:
                continue
            self.rows += 1
            if self.rows > self.most or (number >= LAST_ROW and self.table.sheet):
                self._refuse_too_many(number)
        self._refuse_merged(lines[-1].line if lines else self.header.line)
        if not lines:
            rest = f"{self.done} 行都已办，没有要办的" if self.done else "表头下面没有数据"
            raise UnreadableError("no_rows", f"{self.table.shown}：{rest}", "检查清单是否填好、导出是否完整")
        self._note(lines)
        return lines

    def _is_done(self, cells: Cells) -> bool:
        at = self.header.status
        return 0 <= at < len(cells) and header_word(cells[at]) in _DONE

    def _line(self, number: int, cells: Cells) -> Line | None:
        """A row, None when it is blank. Plain cells, which most are, take the quick way."""
        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        width = len(cells)
        for index, name, quick in self.plan:
            if index >= width:
                break
            cell = cells[index]
            if cell is None or cell == "":
                continue
            value = quick(cell)
            if value is None:
                value = self._look_closely(number, index, cell, problems)
            if value is not None:
                values[name] = value
        if self.header.unnamed or width > self.header.width:
            self._look_aside(number, cells, problems)
        if not values and not problems and self._is_blank(cells):
            return None
        if problems and self._repeats_header(cells):
            self.repeated += 1
            return None
        if self.account is not None and self.account.name not in values and self._lacks_account(cells):
            problems.insert(0, ("account_missing", f"第 {number} 行没有写{self.account.label}"))
        return Line(number, values, problems)

    def _look_closely(
        self, number: int, index: int, cell: object, problems: list[tuple[str, str]]
    ) -> str | float | None:
        column = self.columns[index]
        if cell is FORMULA:
            message = (
                f"{self.table.shown} {self.table.place(number, index)}（{column.label}）是公式，清单里要写值"
            )
            raise UnreadableError("formula", message, "选中这一列复制，选择性粘贴为“数值”后重试")
        try:
            value, how = read_cell(column, cell)
        except BadCell as error:
            gap = " 的" if self.table.sheet else "的"
            problems.append((error.code, self.table.place(number, index) + gap + error.text))
            return None
        if how:
            key = (column.label, how)
            self.counts[key] = self.counts.get(key, 0) + 1
            if len(examples := self.tally.setdefault(key, [])) < _EXAMPLES:
                read_as = clip(plain(str(value)), 40)
                was = f"{shown(cell)}读作 {read_as}" if str(cell).strip() != str(value) else read_as
                examples.append(f"第 {number} 行 {was}")
        return value

    def _is_blank(self, cells: Cells) -> bool:
        idle = self.header.idle
        return all(
            is_blank(cell) or cell is FORMULA or index in idle or index in self.columns
            for index, cell in enumerate(cells)
        )

    def _lacks_account(self, cells: Cells) -> bool:
        """Is the cell with the account blank, rather than wrong?"""
        at = next(index for index, column in self.columns.items() if column is self.account)
        try:
            return at >= len(cells) or read_cell(self.columns[at], cells[at])[0] is None
        except BadCell:
            return False

    def _repeats_header(self, cells: Cells) -> bool:
        """Is the row the header again, as printed pages have it?"""
        return [visible(str(cell)).strip() for cell in cells if cell is not None][
            : self.header.width
        ] == self.header.words

    def _look_aside(self, number: int, cells: Cells, problems: list[tuple[str, str]]) -> None:
        """Cells without a header. In a text those behind the last header come of a comma that is not quoted: it moved
        everything behind it."""
        width = self.header.width
        places = (*(i for i in self.header.unnamed if i < len(cells)), *range(width, len(cells)))
        filled = {i for i in places if not is_blank(cells[i]) and cells[i] is not FORMULA}
        if not self.table.sheet and any(i >= width for i in filled):
            text = f"第 {number} 行有 {len(cells)} 格，表头只有 {width} 列，可能有一格里的分隔符没有加引号"
            problems.append(("too_many_cells", text))
        else:
            self.unnamed |= filled

    def _refuse_too_many(self, number: int) -> NoReturn:
        table = self.table
        last = table.dimension.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
        if table.sheet and (number >= LAST_ROW or last == str(LAST_ROW)):
            message = f"{table.shown}：一直写到表格的最后一行（第 {LAST_ROW} 行），很可能已被表格软件截断"
            raise UnreadableError("cut_off", message, "从系统分批导出，拆成几份再办")
        message = f"{table.shown}：超过 {self.most} 行（读到第 {number} 行）"
        raise UnreadableError("too_many_rows", message, "拆成几份再办")

    def _refuse_merged(self, last: int) -> None:
        """Merged cells hold their value only once; whose it is cannot be told."""
        for ref in self.table.merged:
            first, _, second = ref.replace("$", "").partition(":")
            (left, top), (right, bottom) = (
                _corner(self.table.shown, end) for end in (first, second or first)
            )
            if bottom < self.header.line or top > last:
                continue
            if column := next((c for i, c in self.columns.items() if left <= i <= right), None):
                message = f"{self.table.shown} {clip(plain(ref), 40)}（{column.label}）是合并单元格"
                raise UnreadableError("merged_cells", message, "取消合并，每行都写上值后重试")

    def _note(self, lines: Sequence[Line]) -> None:
        notes = self.table.notes
        self.header.unknown.extend(f"{self.table.column(i)}（无列名）" for i in sorted(self.unnamed))
        for (label, how), examples in self.tally.items():
            count = self.counts[label, how]
            more = f" 等 {count} 处" if count > len(examples) else ""
            check = "，开头若有 0 请核对" if how == "数值单元格" else ""
            notes.append(f"{label}有{how}：{'、'.join(examples)}{more}{check}")
        if hidden := sum(line.line in self.table.hidden for line in lines) if self.table.hidden else 0:
            notes.append(f"有 {hidden} 行被筛选或隐藏，也照读")
        if self.done:
            notes.append(f"有 {self.done} 行的状态是已办，不再办")
        if self.repeated:
            notes.append(f"有 {self.repeated} 行是重复的表头，没有读")


def _corner(file: str, ref: str) -> tuple[int, int]:
    """Column from 0 and row of a cell like B5. Raises UnreadableError."""
    name = ref.rstrip("0123456789")
    try:
        return column_index(name), int(ref[len(name) :])
    except ValueError:
        message = f"{file}：合并单元格的范围 {clip(plain(ref), 40)} 不成样子"
        raise UnreadableError("bad_xlsx", message, "用表格软件打开并另存为 .xlsx 后重试") from None
