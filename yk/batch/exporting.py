"""Exporting the rows of a batch: what was asked, what became of it, why; to be read, or mended and planned again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from yk.archive.exporting import cell, quoted, save_workbook
from yk.batch.filling import kind_of
from yk.batch.kinds import Kind
from yk.batch.rows import BLOCKED, FAILED, PERSONAL, SKIPPED, STATUSES, UNDONE, Doc, Row, all_rows, public_row
from yk.desk.operators import get_operator
from yk.errors import UnreadableError
from yk.files import atomic_writer
from yk.store import Store

REPORT = ("状态", "未办原因", "提示", "环节", "原清单行号", "办理时间")
"""Columns of ours; the reader of lists knows them and passes over them."""
EXAMPLES = {
    "cons_no": "1016000001", "closing_reading": 1234.5, "reason": "拆迁", "line_no": "L00001", "tg_no": "TG000001",
    "basis": "YJ-2026-1", "new_name": "安知行", "new_elec_addr": "示范市示范路1号101室", "cap": 8, "new_asset_no": "970000000001",
}  # fmt: skip
"""What a template shows in its first row."""
LEFT = (BLOCKED, FAILED, SKIPPED, UNDONE)
_MERGED = ("merged_row", "duplicate_row", "already_there")
"""Rows passed over for these need nobody any more."""


def export(store: Store, doc: Doc, path: Path, status: str = "", unmasked: bool = False) -> int:
    """Write the rows (of one status when given) to a workbook or a CSV file; the number of rows.

    A workbook begins with the sheet 未办, which can be mended and planned again as it is. Raises UnreadableError.
    """
    with atomic_writer(path) as file:
        if path.suffix.lower() == ".xlsx":
            return _workbook(store, doc, file, status, unmasked)
        return _csv(_lines(store, doc, _rows(store, doc, status, unmasked)), file)


def must_mask(store: Store, doc: Doc, operator: str) -> bool:
    """Does the batch name personal numbers that the operator's roles may not see?"""
    return not PERSONAL.isdisjoint(doc["columns"]) and not get_operator(store, operator).sees_personal_data


def _csv(lines: Iterable[list[Any]], file: IO[bytes]) -> int:
    """Marked UTF-8, so that spreadsheets open it rightly; what they would take for a formula becomes a text."""
    import csv
    import io

    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer, count = csv.writer(text, lineterminator="\r\n"), -1
    for line in lines:
        writer.writerow([quoted(value, isinstance(value, str)) for value in line])
        count += 1
    text.flush()
    text.detach()
    return count


def _rows(store: Store, doc: Doc, status: str, unmasked: bool) -> Iterator[Row]:
    return (public_row(row, unmasked) for row in all_rows(store, doc, status))


def _left(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        codes = {reason["code"] for reason in row["reasons"]}
        if row["status"] in LEFT and not codes.intersection(_MERGED):
            yield row


def _lines(store: Store, doc: Doc, rows: Iterable[Row]) -> Iterator[list[Any]]:
    """The header and a line a row: the columns of the list, then what became of the row."""
    kind = kind_of(doc)
    flow_steps = _step_names(doc)
    columns = [column for column in kind.columns if column.required or column.name in doc["columns"]]
    yield [*(column.label for column in columns), *REPORT]
    for row in rows:
        given = row["given"]
        yield [
            *(given.get(column.name) for column in columns),
            STATUSES[row["status"]],
            "；".join(reason["message"] for reason in row["reasons"]),
            "；".join(notice["message"] for notice in row["notices"]),
            flow_steps.get(row["at"], row["at"]),
            row["line"],
            (row["done_at"] or "")[:19].replace("T", " "),
        ]


def _step_names(doc: Mapping[str, Any]) -> dict[str, str]:
    from yk.desk.order import STATUS_NAMES
    from yk.flows.flow import load

    return {name: step["name"] for name, step in load(kind_of(doc).flow).steps.items()} | STATUS_NAMES


def _workbook(store: Store, doc: Doc, file: IO[Any], status: str, unmasked: bool) -> int:
    book = _new_workbook()
    if not status and any(True for _ in _left(_rows(store, doc, "", unmasked))):
        _sheet(book, "未办", _lines(store, doc, _left(_rows(store, doc, "", unmasked))))
    count = _sheet(book, "明细", _lines(store, doc, _rows(store, doc, status, unmasked))) - 1
    _sheet(book, "汇总", _summary(doc))
    save_workbook(book, file)
    return count


def write_template(kind: Kind, path: Path) -> None:
    """An empty list of a kind: its columns with an example. Raises UnreadableError, UsageError."""
    lines: list[list[Any]] = [
        [column.label for column in kind.columns],
        [EXAMPLES.get(c.name, "") for c in kind.columns],
    ]
    with atomic_writer(path) as file:
        if path.suffix.lower() == ".xlsx":
            book = _new_workbook()
            _sheet(book, kind.name, lines)
            save_workbook(book, file)
        else:
            _csv(lines, file)


def _new_workbook() -> Any:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise UnreadableError(
            "xlsx_missing", "没有装读写工作簿的 openpyxl", "pip install 'yk[xlsx]'，或导出成 .csv"
        ) from None
    return Workbook(write_only=True)


def _summary(doc: Mapping[str, Any]) -> Iterator[list[Any]]:
    """What the batch counts, by reason, line and area."""
    yield ["项目", "户数"]
    yield [f"批次 {doc['batch']} {kind_of(doc).name}（{doc['file']}）", doc["rows"]]
    yield from ([name, doc[status]] for status, name in STATUSES.items())
    yield from ([f"原因：{one['text']}", one["rows"]] for one in doc["totals"]["reasons"])
    yield from ([f"线路 {one['line_no'] or '（空）'}", one["rows"]] for one in doc["totals"]["lines"])
    yield from ([f"台区 {one['tg_no'] or '（空）'}", one["rows"]] for one in doc["totals"]["areas"])


def _sheet(book: Any, title: str, lines: Iterable[list[Any]]) -> int:
    sheet, count = book.create_sheet(title), 0
    for line in lines:
        sheet.append([cell(sheet, value) for value in line])
        count += 1
    return count
