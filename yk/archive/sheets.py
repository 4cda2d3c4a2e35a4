"""Tables as rows: CSV files and workbooks with one entity each, headers in English or Chinese, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from yk.archive.cells import BadCsv, csv_rows, opened_workbook, refuse_ole, sound_workbook, unquoted
from yk.archive.dictionary import Entity, entities, find_entity
from yk.archive.encodings import detect
from yk.archive.inputs import Row, Unknown, is_blank
from yk.errors import UnreadableError, UsageError
from yk.text import did_you_mean


class Header(NamedTuple):
    """Which field each column holds, '' for none; and the words of the columns that hold none."""

    entity: Entity
    fields: tuple[str, ...]
    words: tuple[str, ...]


def read_csv(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a CSV file (comma, semicolon or tab), named by its stem unless `entity` is given."""
    kind = entity or entity_named(path.stem, f"文件 {path}")
    rows = ([unquoted(cell) for cell in cells] for _, cells in csv_rows(path, detect(path)))
    try:
        yield from _table(str(path), str(path), kind, rows, unknown)
    except BadCsv as error:
        raise UnreadableError(
            "bad_csv", f"{path} 第 {error.end} 行：CSV 写法不对（{error.why}）", "检查引号是否成对"
        ) from None


def read_xlsx(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a workbook, a sheet an entity; empty sheets are passed over, formulas give their kept values."""
    refuse_ole(path, str(path))
    with sound_workbook(str(path)), opened_workbook(path, data_only=True) as book:
        yield from _workbook(path, book, entity, unknown)


def _workbook(path: Path, book: Any, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
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


def entity_named(word: str, where: str) -> Entity:
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
            entity = kind if isinstance(kind, Entity) else entity_named(kind, where)
            header = header_of(file, number, entity, cells, unknown)
            continue
        yield _row(file, number, header, cells)


def header_of(file: str, number: int, entity: Entity, cells: Sequence[object], unknown: Unknown) -> Header:
    """What the header in row `number` says. Raises UnreadableError (`duplicate_column`, `no_header`)."""
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
