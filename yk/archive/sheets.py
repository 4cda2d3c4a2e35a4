"""Tables as rows: CSV files and workbooks with one entity each, headers in English or Chinese, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from yk.archive.dictionary import Entity, entities, find_entity
from yk.archive.encodings import detect
from yk.archive.inputs import Row, Unknown, is_blank
from yk.errors import UnreadableError, UsageError
from yk.text import did_you_mean

_QUOTED = re.compile(r"'+[=+\-@]")
"""A text that was written with a ' in front, so that a spreadsheet does not take it for a formula."""
_DELIMITERS = ",;\t"
_OLE = b"\xd0\xcf\x11\xe0"
"""How encrypted workbooks and old .xls files begin."""


class Header(NamedTuple):
    """Which field each column holds, '' for none; and the words of the columns that hold none."""

    entity: Entity
    fields: tuple[str, ...]
    words: tuple[str, ...]


def read_csv(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a CSV file (comma, semicolon or tab), named by its stem unless `entity` is given."""
    import csv

    kind = entity or _entity_named(path.stem, f"文件 {path}")
    with path.open(encoding=detect(path), newline="") as file:
        header = next((line for line in file if line.strip()), "")
        delimiter = max(_DELIMITERS, key=header.count)
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            rows = ([_unquoted(cell) for cell in cells] for cells in reader)
            yield from _table(str(path), str(path), kind, rows, unknown)
        except csv.Error as error:
            raise UnreadableError(
                "bad_csv", f"{path} 第 {reader.line_num} 行：CSV 写法不对（{error}）", "检查引号是否成对"
            ) from None


def read_xlsx(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a workbook, a sheet an entity; empty sheets are passed over, formulas give their kept values."""
    from zipfile import BadZipFile
    from zlib import error as ZipDataError

    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise UnreadableError(
                "encrypted", f"{path}：工作簿有密码保护，或是旧版 .xls", "去掉密码，另存为 .xlsx 后重试"
            )
    try:
        yield from _workbook(path, entity, unknown)
    except (BadZipFile, SyntaxError, ZipDataError, KeyError, ValueError, TypeError, EOFError, RuntimeError):
        raise UnreadableError(
            "bad_xlsx", f"{path}：不是完好的 .xlsx 工作簿", "用表格软件打开并另存为 .xlsx 后重试"
        ) from None


def _workbook(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    import warnings

    from openpyxl import load_workbook

    warnings.filterwarnings("ignore", module="openpyxl")
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        if entity and len(book.worksheets) > 1:
            raise UsageError(
                "many_sheets",
                f"{path} 有多个工作表，不能都当作 {entity.zh}",
                "去掉 --entity，按实体给工作表命名",
            )
        if not book.worksheets:
            raise KeyError(path.name)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            shown = f"{path}[{sheet.title}]"
            rows = (list(cells) for cells in sheet.iter_rows(values_only=True))
            yield from _table(shown, f"工作表 {shown}", entity or sheet.title, rows, unknown)
    finally:
        book.close()


def _entity_named(word: str, where: str) -> Entity:
    """The entity a file or sheet is named after. Raises UsageError (`unknown_entity`)."""
    if (found := find_entity(word)) is None:
        names = [*entities(), *(one.zh for one in entities().values())]
        hint = did_you_mean(word, names) or "按实体命名（如 customer 或 用电客户），或用 --entity 指明"
        raise UsageError("unknown_entity", f"{where} 的名字不是档案里的实体", hint)
    return found


def _table(
    file: str,
    where: str,
    kind: Entity | str,
    rows: Iterator[Sequence[object]],
    unknown: Unknown,
) -> Iterator[Row]:
    """Rows below a header; the first row that is not blank is the header, blank rows are passed over."""
    header: Header | None = None
    for number, cells in enumerate(rows, start=1):
        if all(is_blank(cell) for cell in cells):
            continue
        if header is None:
            entity = kind if isinstance(kind, Entity) else _entity_named(kind, where)
            header = _header(file, number, entity, cells, unknown)
            continue
        yield _row(file, number, header, cells)


def _header(file: str, number: int, entity: Entity, cells: Sequence[object], unknown: Unknown) -> Header:
    fields: list[str] = []
    words: list[str] = []
    for place, cell in enumerate(cells, start=1):
        word = "" if is_blank(cell) else str(cell).strip()
        found = entity.find(word) if word else None
        if found and found.name in fields:
            raise UnreadableError(
                "duplicate_column", f"{file} 第 {number} 行：{found.zh} 这一列出现了两次", "删去一列"
            )
        fields.append(found.name if found else "")
        words.append(word or f"第 {place} 列（无列名）")
        if word and not found:
            unknown(file, entity.name, word)
    if not any(fields):
        hint = f"第一行写列名，如 {'、'.join(f.zh for f in list(entity.fields.values())[:3])}"
        raise UnreadableError("no_header", f"{file} 第 {number} 行：没有一个列名是 {entity.zh} 的字段", hint)
    return Header(entity, tuple(fields), tuple(words))


def _row(file: str, number: int, header: Header, cells: Sequence[object]) -> Row:
    given: dict[str, object] = dict.fromkeys(name for name in header.fields if name)
    unknown: dict[str, object] = {}
    extra = range(len(header.fields), len(cells))
    words = (*header.words, *(f"第 {place + 1} 列（无列名）" for place in extra))
    for name, word, cell in zip_longest(header.fields, words, cells):
        if name:
            given[name] = cell
        elif not is_blank(cell):
            unknown[word] = cell
    return Row(file, number, header.entity.name, header.entity, given, unknown)


def _unquoted(cell: str) -> str:
    return cell[1:] if _QUOTED.match(cell) else cell
