"""Effects of stopping transformers and of putting them back: ledger, capacities, price, records, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on, working_days_on
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.points import transformer_row
from yk.flows.effects.tasks import REDUCTION, REPLACEMENT, SUSPENSION, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.resizing import INDUSTRIAL
from yk.flows.units import (
    CUT_FOR_GOOD,
    PERMANENT,
    REDUCED,
    REMOVED,
    RUNNING,
    STOPPED,
    SUSPENDED,
    SWAPPED,
    capacity_after,
    contract_after,
    open_stoppages,
    plate,
    table,
    units,
)

Rows = list[tuple[str, dict[str, Any]]]
SEALING, UNSEALING = "1", "2"
"""Codes of sealing and unsealing (code list seal_action)."""
_READS = (
    "customer",
    "transformer",
    "metering_point",
    "customer_price",
    "contract",
    "stoppage",
    "seal_record",
    "due_task",
)


@effect(
    "停用（换小）变压器，运行容量减下来；永久性减容另改合同容量",
    basis="供电营业规则(1996)第23条；减容的归档影响（推定）",
    reads=_READS,
)
def reduce_capacity(f: Facts) -> Change:
    """What is stopped for a time keeps its place until the day agreed; what is cut for good leaves ledger and contract."""
    good = f.get("reduction_kind") == PERMANENT
    rows = _stopped(f, CUT_FOR_GOOD if good else REDUCED) + _capacities(f) + _prices(f)
    if not good and (due := f.get("resume_date")):
        content = "减容到期：恢复、延续还是转永久"
        rows.append(
            task(
                f, REDUCTION, content, due, working_days_on(due, -int(f.settings["reduction_reminder_days"]))
            )
        )
    return Change(put=tuple(rows))


@effect(
    "暂停变压器，运行容量减下来，合同容量不动",
    basis="供电营业规则(1996)第24条；暂停的归档影响（推定）",
    reads=_READS,
)
def suspend_capacity(f: Facts) -> Change:
    """From the day of sealing less is charged; on the day agreed all is charged again whether anybody asks or not."""
    rows = _stopped(f, SUSPENDED) + _capacities(f) + _prices(f)
    if due := f.get("resume_date"):
        content = "暂停到期：提醒恢复，到期次日起按合同容量计收"
        rows.append(
            task(f, SUSPENSION, content, due, days_on(due, -int(f.settings["suspension_reminder_days"])))
        )
    return Change(put=tuple(rows))


@effect(
    "变压器改回运行，运行容量加回，停用记录和到期任务关闭",
    basis="供电营业规则(1996)第23、24条；减容恢复、暂停恢复的归档影响（推定）",
    reads=_READS,
)
def restore_capacity(f: Facts) -> Change:
    """What is put back runs and is charged from the day of unsealing; what still stands keeps its task."""
    rows, known, day = [*_capacities(f), *_prices(f)], units(f), _day(f, "unsealed_on")
    seals = {str(row.get("tran_id")): row for row in table(f, "sealed")}
    back = set()
    for number, row in enumerate(table(f, "restored"), start=1):
        name = str(row.get("tran_id"))
        back.add(name)
        running = {"run_status": RUNNING, "stop_date": None, "resume_date": None, "seal_no": None}
        rows.append(("transformer", {**known[name], **running}))
        if out := row.get("out_tran_id"):
            rows.append(("transformer", {**known[str(out)], "run_status": REMOVED}))
        if name in seals:
            rows.append(_seal(f, seals[name], number, UNSEALING, day))
    open_ = [row for kind in (REDUCED, SUSPENDED, SWAPPED) for row in open_stoppages(f, kind)]
    over = [row for row in open_ if not row.get("tran_id") or row["tran_id"] in back]
    rows += [
        ("stoppage", {"stop_id": row["stop_id"], "resumed_date": day, "resumed_app_no": f.case})
        for row in over
    ]
    if len(over) == len(open_):
        rows += closed(f, REDUCTION, SUSPENSION, REPLACEMENT)
    return Change(put=tuple(rows))


@effect(
    "登记暂换的变压器，暂换日起按换后容量计费",
    basis="供电营业规则(1996)第25条",
    reads=_READS,
)
def swap_unit(f: Facts) -> Change:
    """The broken unit stands aside, a bigger one runs in its place; the contract, and with it the running capacity the
    archive may hold, stays, and the record says what is charged."""
    name, new = f.get("swap_tran_id"), float(f.data.get("swap_cap") or 0)
    old, day, until = units(f)[name], _day(f, "energized_at"), f.get("resume_date")
    aside = {"run_status": STOPPED, "stop_date": day, "resume_date": until or None}
    rows: Rows = [
        ("transformer", {**old, **aside}),
        ("transformer", _put_up(f, old, new, 1, day)),
        ("stoppage", _record(f, SWAPPED, name, plate(old), 1, day) | {"bill_cap": new}),
    ]
    if until:
        remind = days_on(until, -int(f.settings["swap_reminder_days"]))
        rows.append(task(f, REPLACEMENT, "暂换到期：换回原变压器", until, remind))
    return Change(put=tuple(rows))


def _day(f: Facts, field: str) -> str:
    """The day something was done on site, today when nobody has said."""
    return f.get(field)[:10] or f.today


def _stopped(f: Facts, kind: str) -> Rows:
    """Ledger, record and seal of every unit that stops."""
    rows: Rows = []
    known, seals = units(f), {str(row.get("tran_id")): row for row in table(f, "sealed")}
    for number, row in enumerate(table(f, "stopped"), start=1):
        name = str(row.get("tran_id"))
        unit, seal, new = known[name], seals.get(name), row.get("new_cap")
        day = _day(f, "energized_at" if new else "sealed_on")
        state: dict[str, Any] = {"run_status": REMOVED if kind == CUT_FOR_GOOD else STOPPED, "stop_date": day}
        if kind != CUT_FOR_GOOD:
            state |= {"resume_date": f.data.get("resume_date"), "seal_no": seal and seal.get("seal_no")}
        rows.append(("transformer", {**unit, **state}))
        rows.append(("stoppage", _record(f, kind, name, plate(unit) - float(new or 0), number, day)))
        if seal:
            rows.append(_seal(f, seal, number, SEALING, day))
        if new:
            rows.append(("transformer", _put_up(f, unit, float(new), number, day)))
    return rows


def _put_up(f: Facts, like: Mapping[str, Any], cap: float, number: int, day: str) -> dict[str, Any]:
    """A transformer of another capacity in the place of one that is there."""
    data = {"org_no": like.get("org_no"), "scheme_volt": like.get("prim_volt")}
    made = transformer_row(str(like["cons_no"]), number, cap, data, day)
    kept = {name: like.get(name) for name in ("sec_volt", "pub_priv", "loss_algo") if like.get(name)}
    return {**made, **kept, "tran_id": f"T{f.case}{number}"}


def _record(f: Facts, kind: str, name: str, cap: float, number: int, day: str) -> dict[str, Any]:
    return {
        "stop_id": f"{f.case}-{number}",
        "cons_no": f.row("customer")["cons_no"],
        "kind": kind,
        "tran_id": name,
        "cap": cap,
        "bill_cap": f.data.get("joint_cap"),
        "stop_date": day,
        "planned_date": None if kind == CUT_FOR_GOOD else f.data.get("resume_date"),
        "app_no": f.case,
    }


def _seal(
    f: Facts, seal: Mapping[str, Any], number: int, action: str, day: str
) -> tuple[str, dict[str, Any]]:
    row = {
        "seal_id": f"{f.case}-{number}",
        "cons_no": f.row("customer")["cons_no"],
        "tran_id": seal.get("tran_id"),
        "action": action,
        "seal_no": seal.get("seal_no"),
        "place": seal.get("place"),
        "done_at": f"{day}T00:00:00",
        "app_no": f.case,
    }
    return "seal_record", row


def _capacities(f: Facts) -> Rows:
    """Running capacity as the units give it; the contract's, and what stands on it, only after a reduction for good."""
    before, contract = float(f.row("customer").get("contract_cap") or 0), contract_after(f)
    rows: Rows = [customer_row(f, run_cap=capacity_after(f), contract_cap=contract)]
    if contract != before:
        rows += [
            ("metering_point", {"mp_id": point["mp_id"], "mp_cap": contract})
            for point in f.rows("metering_point")
            if point.get("mp_cap") == before
        ]
        if f.row("contract"):
            rows.append(("contract", {"contract_no": f.row("contract")["contract_no"], "cap": contract}))
    return rows


def _prices(f: Facts) -> Rows:
    """The price system and price code that were fixed, at the account's main price."""
    system, code = f.get("price_system_after"), f.get("after_tariff_code")
    prices = sorted(f.rows("customer_price"), key=lambda row: str(row["prc_id"]))
    if not system or not prices or f.row("customer").get("elec_type") not in INDUSTRIAL:
        return []
    fixed = {"prc_id": prices[0]["prc_id"], "price_system": system}
    return [("customer_price", fixed | ({"tariff_code": code} if code else {}))]
