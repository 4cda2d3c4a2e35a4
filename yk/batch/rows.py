"""A batch and its rows in the store: their states, their shapes for people and scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from yk.desk.in_flight import READY
from yk.desk.views import masked, personal_columns
from yk.errors import UsageError
from yk.flows.change import Image
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import did_you_mean, halfwidth

BLOCKED, SKIPPED, DONE, FAILED, UNDONE = "blocked", "skipped", "done", "failed", "undone"
STATUSES = {
    READY: "可办",
    BLOCKED: "不能办",
    SKIPPED: "跳过",
    DONE: "已办",
    FAILED: "没办成",
    UNDONE: "已撤销",
}
PLANNING, PLANNED, APPLYING, APPLIED = "planning", "planned", "applying", "applied"
UNDOING, TAKEN_BACK = "undoing", "undone"
STATES = {
    PLANNING: "正在计划",
    PLANNED: "已计划",
    APPLYING: "正在执行",
    APPLIED: "已执行",
    UNDOING: "正在撤销",
    TAKEN_BACK: "已撤销",
}
PERSONAL = frozenset(("new_cert_no", "mobile"))
"""Columns of lists that hold personal numbers."""
Row = dict[str, Any]
Doc = dict[str, Any]


def row_id(batch: str, row: int) -> str:
    """The id of a row; ids sort as the rows do."""
    return f"{batch}-{row:07d}"


def get_batch(store: Store, word: str) -> Doc:
    """The batch with this number. Raises UsageError (`unknown_batch`)."""
    number = halfwidth(word).strip()
    found = store.table("batch").get(doc_id=number)
    if found is None:
        known = [str(doc["batch"]) for doc in store.table("batch").all()]
        hint = did_you_mean(number, known) or "yk batch list 列出全部批次"
        raise UsageError("unknown_batch", f"没有 {word} 这个批次", hint)
    return dict(found)


def save_batch(store: Store, doc: Mapping[str, Any]) -> None:
    """Write a batch; inside a transaction with what it counts."""
    store.table("batch").save(doc)


def rows_between(store: Store, batch: str, first: int, last: int) -> list[Row]:
    """The stored rows `first` to `last` of a batch, in order."""
    wanted = [
        Comparison("row_id", ">=", (row_id(batch, first),)),
        Comparison("row_id", "<=", (row_id(batch, last),)),
    ]
    return [row for _, row in store.table("batch_row").find(wanted)]


def all_rows(store: Store, doc: Mapping[str, Any], status: str = "") -> Iterator[Row]:
    """The stored rows of a batch in order, those of one status only when given."""
    step = int(doc["chunk"])
    for first in range(1, int(doc["rows"]) + 1, step):
        for row in rows_between(store, doc["batch"], first, first + step - 1):
            if not status or row["status"] == status:
                yield row


def dumped(value: Any) -> str:
    """A value of a row as JSON text."""
    return orjson.dumps(value, default=tuple).decode()


def loaded(text: str | None) -> Any:
    """A value of a row from its JSON text; [] when there is none."""
    return orjson.loads(text) if text else []


def images_of(row: Mapping[str, Any]) -> list[Image]:
    """What a row changes, or has changed."""
    return [Image(*one) for one in loaded(row["images"])]


def public_row(row: Mapping[str, Any], unmasked: bool = False) -> Row:
    """A row as the contract shows it: `{row, line, customer, status, at, given, reasons, notices, changes}`."""
    names = frozenset() if unmasked else personal_columns() | PERSONAL
    images = images_of(row)
    return {
        "row": row["row"],
        "line": row["line"],
        "customer": row["cons_no"],
        "status": row["status"],
        "status_name": STATUSES[row["status"]],
        "at": row["at"],
        "given": masked(loaded(row["given"]) or {}, names),
        "reasons": loaded(row["reasons"]),
        "notices": loaded(row["notices"]),
        "changes": [change for image in images for change in _changes(image, names)],
        "done_at": row["done_at"],
    }


def _changes(image: Image, names: frozenset[str]) -> Iterator[Row]:
    """`{path, old, new}` of every field; a row that is new or goes as a whole."""
    path = f"{image.entity}/{image.id}"
    before, after = (masked(dict(part), names) if part is not None else None for part in image[2:])
    if before is None or after is None:
        yield {"path": path, "old": before, "new": after}
        return
    for field, new in after.items():
        yield {"path": f"{path}/{field}", "old": before.get(field), "new": new}


def public_batch(doc: Mapping[str, Any]) -> Doc:
    """What planning answers: `{batch, kind, file, sha256, rows, ready, blocked, skipped, changes, …}`."""
    names = ("batch", "kind", "file", "sha256", "sheet", "encoding", "state", "planned_at", "planned_by")
    counts = ("rows", READY, BLOCKED, SKIPPED, DONE, FAILED, UNDONE, "changes")
    return {
        **{name: doc[name] for name in names},
        "state_name": STATES[doc["state"]],
        **{name: doc[name] for name in counts},
        "unknown_columns": doc["unknown"],
        "totals": doc["totals"],
    }
