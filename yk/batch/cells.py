"""Files as rows of cells with their true numbers, whatever they are: a CSV file or a sheet of a workbook.

A sheet is read as a stream of XML, so that blank rows cost next to nothing, and so that formulas, hidden rows and
merged cells, which openpyxl's reading mode does not tell, are seen on the way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from errno import EINVAL
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yk.archive.cells import (
    LARGEST,
    BadCsv,
    csv_rows,
    encoding_of,
    is_workbook,
    opened_workbook,
    sound_workbook,
)
from yk.archive.inputs import is_blank
from yk.batch.streams import FORMULA, Rows, SheetStream, letters
from yk.errors import UnreadableError
from yk.text import clip, did_you_mean, plain, same_name


@dataclass(slots=True)
class Table:
    """A table of a file. `shown`: how messages name it; `hidden`: numbers of hidden rows, `merged`: ranges like B5:B7,
    both complete when the rows are read; `dimension`: which cells the sheet says it has, '' when it does not."""

    shown: str
    rows: Rows
    sheet: str = ""
    encoding: str = ""
    notes: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    dimension: str = ""
    others: list[str] = field(default_factory=list)
    """The titles of the other sheets of the workbook."""

    def place(self, row: int, index: int) -> str:
        """A cell as people find it."""
        return f"{letters(index)}{row}" if self.sheet else f"第 {row} 行第 {index + 1} 列"

    def column(self, index: int) -> str:
        """A column as people find it."""
        return f"{letters(index)} 列" if self.sheet else f"第 {index + 1} 列"


@contextmanager
def kept(path: Path | None, name: str) -> Iterator[Path]:
    """The file itself; stdin and pipes, which can be read only once, as a copy that lasts as long as the block."""
    if path is not None and (path.is_file() or path.is_dir() or not path.exists()):
        yield path
        return
    with TemporaryDirectory(prefix="yk-") as folder:
        copy = Path(folder) / "list"
        with copy.open("wb") as target:
            if path is None:
                _copy(getattr(sys.stdin, "buffer", None), target, name)
            else:
                with path.open("rb") as source:
                    _copy(source, target, name)
        yield copy


def _copy(source: Any, target: Any, name: str) -> None:
    if source is None:
        raise UnreadableError("cannot_read", "标准输入没有打开", "写文件名，或用管道送入清单")
    size = 0
    while chunk := source.read(1 << 20):
        size += len(chunk)
        if size > LARGEST:
            raise UnreadableError("too_large", f"{name}：超过 {LARGEST >> 20} MB", "拆成几份")
        target.write(chunk)


@contextmanager
def opened(
    path: Path, shown: str, sheet: str | None, encoding: str, choose: Callable[[list[str]], str]
) -> Iterator[Table]:
    """The table in a file; `choose` tells the delimiter of a CSV file. Raises UnreadableError, OSError."""
    suffix = Path(shown).suffix.lower()
    if not is_workbook(path, shown):
        found = encoding_of(path, shown, encoding)
        table = Table(shown, _csv(path, shown, found, choose), encoding=found.removesuffix("-sig"))
        if suffix in (".xlsx", ".xls", ".xlsm", ".et"):
            table.notes.append(f"{shown} 的内容是文本，按 CSV 读")
        if found == "gb18030" and not encoding:
            table.notes.append("按 GB18030 读")
        if sheet is not None:
            table.notes.append("CSV 没有工作表，指定的工作表不起作用")
        yield table
        return
    with ExitStack() as stack:
        with _sound(shown):
            book = stack.enter_context(opened_workbook(stack.enter_context(path.open("rb")), data_only=False))
            table = _chosen(book, shown, sheet)
        if suffix not in (".xlsx", ".xlsm", ""):
            table.notes.insert(0, f"{shown} 的内容是工作簿，按 .xlsx 读")
        yield table


@contextmanager
def _sound(shown: str) -> Iterator[None]:
    """What `sound_workbook` knows, and what openpyxl and the unpacker report as errors of the system."""
    with sound_workbook(shown):
        try:
            yield
        except OSError as error:
            if error.errno in (None, EINVAL):
                raise ValueError(shown) from None
            raise


def _csv(path: Path, shown: str, encoding: str, choose: Callable[[list[str]], str]) -> Rows:
    try:
        yield from csv_rows(path, encoding, choose)
    except UnicodeDecodeError:
        raise UnreadableError("bad_encoding", f"{shown}：读的时候内容变了", "等文件写完再试") from None
    except BadCsv as error:
        to = f"（读到第 {error.end} 行）" if error.end > error.begin else ""
        raise UnreadableError(
            "bad_csv",
            f"{shown} 第 {error.begin} 行起：引号没有成对，或一格太长{to}",
            "检查这一行的引号，或另存为 .xlsx",
        ) from None


def _chosen(book: Any, shown: str, wanted: str | None) -> Table:
    """The sheet that is wanted, or the first that is not empty; hidden sheets come last."""
    sheets = [one for one in book.worksheets if getattr(one, "_worksheet_path", "")]
    if not sheets:
        raise LookupError(shown)
    titles = [plain(one.title) for one in sheets]
    if wanted is not None:
        place = _named(titles, wanted.strip())
        if place is None:
            hint = did_you_mean(wanted, titles) or "写工作表的名字，或它是第几张"
            listed = "、".join(clip(title, 40) for title in titles[:20])
            message = f"{shown} 里没有 {clip(plain(wanted), 40)} 这张工作表，有的是：{listed}"
            raise UnreadableError("unknown_sheet", message, hint)
        sheets = [sheets[place]]
    for one in sorted(sheets, key=lambda sheet: sheet.sheet_state != "visible"):
        table = _table(book, one, shown)
        for number, cells in table.rows:
            if any(not is_blank(cell) and cell is not FORMULA for cell in cells):
                table.rows = chain([(number, cells)], table.rows)
                table.others = [title for title in titles if title != table.sheet]
                if len(titles) > 1 and wanted is None:
                    others = "、".join(clip(title, 40) for title in table.others[:5])
                    table.notes.append(f"有 {len(titles)} 张工作表，读“{table.sheet}”（另有 {others}）")
                return table
    named = f"[{plain(sheets[0].title)}]" if len(sheets) == 1 else ""
    raise UnreadableError("empty_file", f"{shown}{named}：工作表是空的", "检查导出是否成功")


def sheets_of(path: Path) -> list[str]:
    """The sheets of a workbook, those that are hidden last; [] for a text. Raises UnreadableError, UsageError, OSError."""
    if not is_workbook(path, path.name):
        return []
    with _sound(path.name), path.open("rb") as stream, opened_workbook(stream, data_only=False) as book:
        sheets = [one for one in book.worksheets if getattr(one, "_worksheet_path", "")]
        return [plain(one.title) for one in sorted(sheets, key=lambda sheet: sheet.sheet_state != "visible")]


def _named(titles: Sequence[str], wanted: str) -> int | None:
    for same in (str.__eq__, same_name):
        for place, title in enumerate(titles):
            if same(title, wanted):
                return place
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 0
    return number - 1 if 1 <= number <= len(titles) else None


def _table(book: Any, sheet: Any, shown: str) -> Table:
    title = plain(sheet.title) or "?"
    stream = SheetStream(book, sheet)
    table = Table(
        f"{shown}[{clip(title, 40)}]", iter(()), sheet=title, hidden=stream.hidden, merged=stream.merged
    )

    def rows() -> Rows:
        with _sound(shown):
            for row in stream.rows():
                table.dimension = stream.dimension
                yield row

    table.rows = rows()
    return table
