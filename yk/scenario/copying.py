"""Making accounts for scenarios: like another one of the archive, under a number, holder and meters of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from yk.archive.dictionary import entities
from yk.desk.looking_up import row_of, rows_of
from yk.scenario.scenario import Data
from yk.store import Store

LIKE_HOUSE = "1016000007"
"""The account of the demonstration archive a new one is made like when nothing else is said: a household in order."""


def rows_of_account(store: Store, cons_no: str) -> Iterator[tuple[str, Data]]:
    """(entity, row) of everything that belongs to an account: its holder, its own rows, its meters' assets."""
    customer = row_of(store, "customer", cons_no)
    if customer.get("party_no"):
        yield "party", row_of(store, "party", customer["party_no"])
    for entity in entities().values():
        if entity.owner == "cons_no" and entity.kind == "customer":
            yield from ((entity.name, row) for row in rows_of(store, entity.name, cons_no=cons_no))
    for meter in rows_of(store, "meter", cons_no=cons_no):
        if asset := row_of(store, "meter_asset", str(meter.get("asset_id") or "")):
            yield "meter_asset", asset


def copy_account(store: Store, like: str, cons_no: str) -> None:
    """Make the account `cons_no` like `like`, everything under its own numbers; what it is owed is paid."""
    rows = list(rows_of_account(store, like))
    party = row_of(store, "customer", like).get("party_no") or ""
    swaps = {like: cons_no, str(party): f"P{cons_no}"}
    for number, (_, row) in enumerate(r for r in rows if r[0] == "meter_asset"):
        swaps[str(row["asset_no"])] = f"98{cons_no[-8:]}{number:02d}"
    if certificate := next((row.get("cert_no") for kind, row in rows if kind == "party"), None):
        swaps[str(certificate)] = certificate[: -len(cons_no[-6:])] + cons_no[-6:]
    for entity, row in rows:
        made = {name: _swapped(value, swaps) for name, value in row.items()}
        if entity == "receivable":
            made["paid"] = round(float(row.get("amount") or 0) + float(row.get("late_fee") or 0), 2)
            made["settled_date"] = row.get("settled_date") or row.get("due_date")
        store.table(entity).save(made)


def _swapped(value: Any, swaps: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in swaps.items():
            if old:
                value = value.replace(old, new)
    return value


def owing(cons_no: str, amount: float, day: str) -> tuple[str, Data]:
    """A receivable of the month before `day` (ISO 8601) that nobody paid: `amount` yuan."""
    month = (date.fromisoformat(day[:10]).replace(day=1) - timedelta(days=1)).strftime("%Y%m")
    row: Data = {
        "rcv_id": f"RS{cons_no}",
        "cons_no": cons_no,
        "ym": int(month),
        "kind": "010",
        "amount": amount,
    }
    return "receivable", row | {"paid": 0.0, "late_fee": 0.0, "due_date": day[:10], "settled_date": None}


def settled(store: Store, cons_no: str, day: str) -> list[Data]:
    """The account's receivables as they are once all is paid."""
    made = []
    for row in rows_of(store, "receivable", cons_no=cons_no):
        asked = round(float(row.get("amount") or 0) + float(row.get("late_fee") or 0), 2)
        if float(row.get("paid") or 0) < asked:
            made.append(row | {"paid": asked, "settled_date": day[:10]})
    return made
