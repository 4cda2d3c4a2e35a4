"""Exporting the archive: JSON lines, a workbook, or a folder of CSV files; importing them gives the archive back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from yk.archive.dictionary import Entity, entities, entity
from yk.archive.outputs import replacing_folder
from yk.errors import UsageError
from yk.files import atomic_writer
from yk.text import did_you_mean, mask

if TYPE_CHECKING:
    from yk.store import Store

Row = Mapping[str, Any]
FORMATS = ("jsonl", "csv", "xlsx")
_CHUNK = 500
_SHEET_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""
_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number."""
_FORMULA = re.compile(r"'*[=+\-@]")


def export(store: Store, target: Path, fmt: str = "jsonl", masked: bool = False) -> dict[str, int]:
    """Write the whole archive to `target`: one file (jsonl, xlsx) or a folder with a file an entity (csv).

    With `masked` personal numbers are starred; such a file is for reading, not for importing. Gives the number
    of rows of each entity. Raises UsageError (`unknown_format`, `too_many_rows`), UnreadableError (`cannot_write`).
    """
    if fmt not in FORMATS:
        raise UsageError("unknown_format", f"不认识的导出格式 {fmt}", did_you_mean(fmt, FORMATS))
    shown = _masked if masked else _as_stored
    if fmt == "csv":
        with replacing_folder(target) as folder:
            return {e.name: _csv(store, e, folder / f"{e.name}.csv", shown) for e in entities().values()}
    with atomic_writer(target) as file:
        return _xlsx(store, file, shown) if fmt == "xlsx" else _jsonl(store, file, shown)


Shown = Callable[[Entity, Row], Row]


def _as_stored(_kind: Entity, row: Row) -> Row:
    return row


def _masked(kind: Entity, row: Row) -> Row:
    personal = [f.name for f in kind.fields.values() if f.personal]
    return {**row, **{name: mask(row[name]) for name in personal if row.get(name)}}


def _csv(store: Store, kind: Entity, path: Path, shown: Shown) -> int:
    """A CSV file that spreadsheets open rightly: marked UTF-8, texts that look like formulas quoted with '."""
    import csv

    texts = {f.name for f in kind.fields.values() if f.type == "VARCHAR"}
    count = 0
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(kind.fields)
        for row in store.table(kind.name):
            values = shown(kind, row)
            writer.writerow([quoted(values.get(name), name in texts) for name in kind.fields])
            count += 1
    return count


def quoted(value: Any, is_text: bool) -> Any:
    """A cell of a CSV file: a text that a spreadsheet would take for a formula gets a ' in front."""
    return f"'{value}" if is_text and value and _FORMULA.match(value) else value


def _xlsx(store: Store, file: IO[bytes], shown: Shown) -> dict[str, int]:
    """A workbook with a sheet an entity; texts are text cells, never formulas."""
    import warnings

    from openpyxl import Workbook

    warnings.filterwarnings("ignore", module="openpyxl")
    _refuse_too_long(store)
    book = Workbook(write_only=True)
    try:
        counts = {kind.name: _sheet(store, kind, book, shown) for kind in entities().values()}
        save_workbook(book, file)
    finally:
        for sheet in book.worksheets:
            if not sheet.closed:
                with suppress(OSError):
                    sheet.close()
    return counts


def save_workbook(book: Any, file: IO[bytes]) -> None:
    """What `book.save` does; an archive that could not be finished does not complain later, when it is forgotten."""
    from zipfile import ZIP_DEFLATED, ZipFile

    from openpyxl.writer.excel import ExcelWriter

    archive = ZipFile(file, "w", ZIP_DEFLATED)
    try:
        ExcelWriter(book, archive).save()
    except BaseException:
        archive.fp = None
        raise


def _refuse_too_long(store: Store) -> None:
    for kind in entities().values():
        if (count := len(store.table(kind.name))) > _SHEET_ROWS:
            raise UsageError(
                "too_many_rows", f"{kind.zh} 有 {count} 行，一张工作表放不下", "改用 --format csv 或 jsonl"
            )


def _sheet(store: Store, kind: Entity, book: Any, shown: Shown) -> int:
    sheet, count = book.create_sheet(kind.name), 0
    sheet.append(list(kind.fields))
    for row in store.table(kind.name):
        values = shown(kind, row)
        sheet.append([cell(sheet, values.get(name)) for name in kind.fields])
        count += 1
    return count


def cell(sheet: Any, value: Any) -> Any:
    """A value for a cell: what openpyxl would take for a formula, or would round, becomes an explicit text."""
    if isinstance(value, str):
        if not value.startswith("="):
            return value
    elif value is None or (abs(value) < _EXACT and float(f"{value:.16g}") == value):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, str(value))
    cell.data_type = "s"
    return cell


def _jsonl(store: Store, file: IO[bytes], shown: Shown) -> dict[str, int]:
    """Lines of shared rows, one nested document a customer, then owned rows whose customer is not there."""
    counts: Counter[str] = Counter(dict.fromkeys(entities(), 0))
    owned = [e for e in entities().values() if e.owner and e.name != "customer"]
    for kind in entities().values():
        if not kind.owner:
            _lines(file, kind, (shown(kind, row) for row in store.table(kind.name)), counts)
    for documents in _customers(store, owned, shown):
        for document in documents:
            counts["customer"] += 1
            counts.update({e.name: len(document.get(e.name, ())) for e in owned})
            file.write(_line(document))
    for kind in owned:
        if counts[kind.name] < len(store.table(kind.name)):
            _lines(file, kind, (shown(kind, row) for row in _orphans(store, kind)), counts)
    if not counts.total():
        file.write(_line({"customer": []}))
    return dict(counts)


def _customers(store: Store, owned: list[Entity], shown: Shown) -> Iterator[list[dict[str, Any]]]:
    """Nested documents, in account order, some hundred at a time so that each table is asked only once for them."""
    from tinydb import where

    customer, rows = entity("customer"), iter(store.table("customer"))
    while chunk := list(islice(rows, _CHUNK)):
        documents = {
            row["cons_no"]: {"cons_name": None} | _full(shown(customer, row), customer) for row in chunk
        }
        for kind in owned:
            for row in store.table(kind.name).search(where(kind.owner).one_of(list(documents))):
                document = documents[row[kind.owner]]
                document.setdefault(kind.name, []).append(_full(shown(kind, row), kind))
        yield list(documents.values())


def _orphans(store: Store, kind: Entity) -> Iterator[Row]:
    """Rows that no customer has (关口 metering points, leftovers)."""
    customers = store.table("customer")
    for row in store.table(kind.name):
        owner = row[kind.owner]
        if owner is None or customers.get(doc_id=owner) is None:
            yield row


def _lines(file: IO[bytes], kind: Entity, rows: Iterable[Row], counts: Counter[str]) -> None:
    stream = iter(rows)
    while chunk := [_full(row, kind) for row in islice(stream, _CHUNK)]:
        counts[kind.name] += len(chunk)
        file.write(_line({kind.name: chunk}))


def _full(row: Row, kind: Entity) -> dict[str, Any]:
    """The fields that hold something, in the dictionary's order."""
    return {name: row[name] for name in kind.fields if row.get(name) is not None}


def _line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
