"""Orders under way on an account: those opened on it, and the batches that hold it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from yk.desk.order import OPEN, SUSPENDED
from yk.store import Store
from yk.store.conditions import Comparison

Row = dict[str, Any]
RUNNING = (OPEN, SUSPENDED)
READY = "ready"
"""State of a row of a batch that is still to be done (see `yk.batch.rows`)."""


def in_flight(store: Store, numbers: Iterable[str], but: Collection[str] = ()) -> dict[str, list[Row]]:
    """Account number -> `{case, flow, parent}` of the orders and batches under way on it, those in `but` aside."""
    wanted = tuple(dict.fromkeys(number for number in numbers if number))
    found: dict[str, list[Row]] = {}
    if not wanted:
        return found
    medium, asked = store.medium, [Comparison("cons_no", "in", wanted)]
    for _, doc in medium.find(medium.collections["case"], asked):
        if doc["status"] in RUNNING and doc["case"] not in but:
            row = {"case": doc["case"], "flow": doc["flow"], "parent": doc.get("parent")}
            found.setdefault(doc["cons_no"], []).append(row)
    held: dict[str, Row | None] = {}
    rows = medium.pick(medium.collections["batch_row"], ("cons_no", "row_id", "status"), asked)
    for cons_no, row_id, status in rows:
        batch = row_id.partition("-")[0]
        if status != READY or batch in but:
            continue
        if batch not in held:
            held[batch] = _holding(store, batch)
        if order := held[batch]:
            found.setdefault(cons_no, []).append(order)
    return found


def _holding(store: Store, batch: str) -> Row | None:
    """The order of a batch that holds its accounts: from 业务受理 on, until it ends."""
    medium = store.medium
    doc = medium.rows(medium.collections["case"]).get(batch)
    if doc is None or doc["status"] not in RUNNING or not doc["done"]:
        return None
    return {"case": batch, "flow": doc["flow"], "parent": ""}
