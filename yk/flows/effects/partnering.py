"""Effects on other accounts an order names in `partners`: locked while it runs, given back, closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.closing import closed_account
from yk.flows.effects.metering import TO_TEST
from yk.flows.facts import Facts
from yk.flows.guards.account import CHANGING

Row = Mapping[str, Any]
Rows = list[tuple[str, dict[str, Any]]]
Keys = list[tuple[str, str]]
FINAL = "销户"
"""Reason of a removal that ends an account (code list change_reason)."""


def status_row(cons_no: str, status: object) -> tuple[str, dict[str, Any]]:
    """An account's status, for `Change.put`."""
    return "customer", {"cons_no": cons_no, "status": status}


@effect("所列各户状态置为当前变更客户", basis="营销系统档案锁（行业通例）", reads=("partners",))
def lock_partners(f: Facts) -> Change:
    """Every account named is locked, one that is named no more gets its status back."""
    before = dict(f.data.get("partners_before") or {})
    named = {str(p["cons_no"]): p["customer"] for p in f.rows("partners") if p["customer"]}
    gone = [status_row(cons_no, status) for cons_no, status in before.items() if cons_no not in named]
    new = {n: customer.get("status") or "0" for n, customer in named.items() if n not in before}
    kept = {n: status for n, status in before.items() if n in named} | new
    return Change(
        put=(*gone, *(status_row(n, CHANGING) for n in new)), form={"partners_before": kept or None}
    )


@effect("所列各户状态恢复", basis="营销系统档案锁（行业通例）")
def release_partners(f: Facts) -> Change:
    """Every account this order still holds gets back the status it had."""
    before = f.data.get("partners_before") or {}
    return Change(
        put=tuple(status_row(n, status) for n, status in before.items()), form={"partners_before": None}
    )


def closed_partner(
    f: Facts, partner: Row, readings: Mapping[str, float | None], number: str, keep: tuple[str, ...] = ()
) -> tuple[Rows, Keys]:
    """(rows to put, rows to drop) that close a partner: meters with their last readings, terminals, tasks, contracts,
    the account itself. `readings` by meter id; `number` keeps the ids of removals apart; entities in `keep` are left to whoever takes them over."""
    day = str(f.data.get("meter_work_on") or f.today)
    theirs = {name: rows for name, rows in partner.items() if name not in keep and isinstance(rows, list)}
    put, drop = closed_account(partner["customer"], theirs, f.today)
    rows, gone = list(put), list(drop)
    for place, meter in enumerate(theirs.get("meter", ()), start=1):
        rows.append(("meter_asset", {"asset_id": meter["asset_id"], "asset_status": TO_TEST}))
        rows.append(("meter_change", _removal(f, partner, meter, readings, f"{number}{place}", day)))
        gone.append(("meter", str(meter["meter_id"])))
    gone += [("meter_register", str(r["reg_id"])) for r in theirs.get("meter_register", ())]
    gone += [("terminal", str(row["term_id"])) for row in partner["terminal"]]
    rows += [
        ("due_task", {"task_id": row["task_id"], "done_date": f.today})
        for row in theirs.get("due_task", ())
        if not row.get("done_date")
    ]
    return rows, gone


def _removal(
    f: Facts, partner: Row, meter: Row, readings: Mapping[str, float | None], number: str, day: str
) -> dict[str, Any]:
    return {
        "change_id": f"MC{f.case}P{number}",
        "cons_no": partner["cons_no"],
        "mp_id": meter.get("mp_id"),
        "old_asset": meter["asset_id"],
        "change_date": day,
        "reason": FINAL,
        "old_reading": readings.get(str(meter["meter_id"])),
    }
