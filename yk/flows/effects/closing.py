"""Effects of closing an account for good: what of it stays in the archive, and in which state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts
from yk.flows.guards.account import CLOSED

WITHDRAWN, TAKEN_AWAY = "04", "03"
"""States of a metering point and of a transformer that are no more."""
Row = Mapping[str, Any]
Rows = Iterable[Row]


@effect(
    "置为已销户：容量清零、计量点撤销、变压器拆除、电源交回、移出抄表段",
    basis="销户归档影响（推定）；供电营业规则(1996)第32条",
    reads=(
        "customer",
        "power_source",
        "transformer",
        "metering_point",
        "instrument_transformer",
        "billing_info",
        "stoppage",
    ),
)
def close_account(f: Facts) -> Change:
    """Name, address and papers stay; everything that runs, counts or is billed ends today."""
    sources = ("power_source", "transformer", "metering_point", "instrument_transformer", "stoppage")
    theirs: dict[str, Any] = {name: f.rows(name) for name in sources}
    billing = [f.row("billing_info")] if f.row("billing_info") else []
    put, drop = closed_account(f.row("customer"), {**theirs, "billing_info": billing}, f.today)
    return Change(put=put, drop=drop, form={"status_before": None})


def closed_account(
    customer: Row, theirs: Mapping[str, Rows], day: str
) -> tuple[tuple[tuple[str, dict[str, Any]], ...], tuple[tuple[str, str], ...]]:
    """(rows to put, rows to drop) that close an account; `theirs` holds its rows by entity. Meters are taken down apart."""
    cons_no = customer["cons_no"]
    closed = {
        "cons_no": cons_no,
        "status": CLOSED,
        "close_date": day,
        "contract_cap": 0.0,
        "run_cap": 0.0,
        "stop_flag": "0",
        "sect_no": None,
        "read_seq": None,
    }
    points = ({"mp_id": p["mp_id"], "status": WITHDRAWN} for p in theirs.get("metering_point", ()))
    units = ({"tran_id": t["tran_id"], "run_status": TAKEN_AWAY} for t in theirs.get("transformer", ()))
    debits = ({"cons_no": cons_no, "debit_flag": "0"} for _ in theirs.get("billing_info", ()))
    stood = (
        {"stop_id": row["stop_id"], "resumed_date": day}
        for row in theirs.get("stoppage", ())
        if not row.get("resumed_date")
    )
    put = (
        ("customer", closed),
        *(("metering_point", row) for row in points),
        *(("transformer", row) for row in units),
        *(("billing_info", row) for row in debits),
        *(("stoppage", row) for row in stood),
    )
    drop = (
        *(("power_source", str(row["ps_id"])) for row in theirs.get("power_source", ())),
        *(("instrument_transformer", str(r["it_id"])) for r in theirs.get("instrument_transformer", ())),
    )
    return put, drop
