"""Effects of 并户: one account takes over capacity, transformers and classes of use, the others are closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import working_days_on
from yk.flows.effects import effect
from yk.flows.effects.applications import application
from yk.flows.effects.contracts import ENDED
from yk.flows.effects.partnering import Keys, Rows, closed_partner
from yk.flows.effects.tasks import REDUCTION, REFUND, REPLACEMENT, SUSPENSION, task
from yk.flows.facts import Facts
from yk.flows.guards.balance import PAID_BACK
from yk.flows.guards.merging import asked_capacity
from yk.flows.guards.merging_end import reading_of
from yk.flows.guards.partnering import running_contracts

METERED, BY_RATIO = "1", "2"
"""How a class of use of its own is counted after merging (code lists class_metering, calc_mode)."""
TAKEN_AWAY = "03"
"""State of a transformer that is no more (code list tran_status)."""
STANDING = (REDUCTION, SUSPENSION, REPLACEMENT)
"""Tasks that go with equipment that stands still for a time."""
Row = Mapping[str, Any]


@effect(
    "保留户并入容量、变压器和别类计量点；被并户销户、终止合同、余额退还或转入",
    basis="并户归档影响（推定）；供电营业规则(1996)第31条",
    reads=(
        "customer",
        "contract",
        "metering_point",
        "power_source",
        "supply_point",
        "prepayment",
        "partners",
        "assets",
    ),
)
def merge_accounts(f: Facts) -> Change:
    """The archive after merging: one account over everything, the others with their last readings and nothing else."""
    put: Rows = _grown(f)
    drop: Keys = []
    moved = 0.0
    for number, partner in enumerate(f.rows("partners"), start=1):
        rows, gone = _taken_over(f, partner, number)
        put += rows
        drop += gone
        amount = float(partner["prepayment"].get("amount") or 0)
        if amount > 0:
            put.append(("prepayment", {"cons_no": partner["cons_no"], "amount": 0.0}))
            if f.get("merged_balance_disposal") == PAID_BACK:
                put.append(_refund(f, partner, amount))
            else:
                moved += amount
    if moved:
        has = float(f.row("prepayment").get("amount") or 0)
        put.append(("prepayment", {"cons_no": f.row("customer")["cons_no"], "amount": round(has + moved, 2)}))
    return Change(put=tuple(put), drop=tuple(drop), form={"partners_before": None})


def _grown(f: Facts) -> Rows:
    """The account that stays, with the capacity of all of them."""
    cap, cons_no = asked_capacity(f), f.row("customer")["cons_no"]
    runs = max(0.0, cap - _standing(f))
    rows: Rows = [("customer", {"cons_no": cons_no, "contract_cap": cap, "run_cap": runs})]
    rows += [("metering_point", {"mp_id": p, "mp_cap": cap}) for p in _main_points(f)]
    rows += [("power_source", {"ps_id": row["ps_id"], "supply_cap": cap}) for row in f.rows("power_source")]
    if contract := f.row("contract"):
        rows.append(("contract", {"contract_no": contract["contract_no"], "cap": cap}))
    rows.append(application(f, str(cons_no), "并户", cap, f.row("customer").get("contract_cap")))
    return rows


def _standing(f: Facts) -> float:
    """What of the capacity of all accounts stands still for a time, kVA."""
    every = (f.row("customer"), *(p["customer"] for p in f.rows("partners")))
    return sum(float(c.get("contract_cap") or 0) - float(c.get("run_cap") or 0) for c in every)


def _main_points(f: Facts) -> list[str]:
    """The metering points of the account that stays which hang on no other."""
    points = (p for p in f.rows("metering_point") if not p.get("parent_mp_id"))
    return sorted(str(p["mp_id"]) for p in points)


def _taken_over(f: Facts, partner: Row, number: int) -> tuple[Rows, Keys]:
    """One account merged: what goes over to the one that stays, and its own end."""
    own = f.row("customer")
    differs = partner["customer"].get("elec_type") != own.get("elec_type")
    kept = _kept(f, differs)
    readings = {str(m["meter_id"]): reading_of(f, m) for m in partner["meter"]}
    rows, gone = closed_partner(f, partner, readings, f"{number:03}", kept)
    for name, key in (("transformer", "tran_id"), ("stoppage", "stop_id"), ("due_task", "task_id")):
        rows += [(name, {key: row[key], "cons_no": own["cons_no"]}) for row in _going_on(partner, name)]
    rows += [
        ("due_task", {"task_id": row["task_id"], "done_date": f.today})
        for row in partner["due_task"]
        if not row.get("done_date") and row.get("kind") not in STANDING
    ]
    if differs:
        rows += _own_class(f, partner, gone)
    agreed = {str(r.get("contract_no")): r.get("end_on") for r in f.data.get("merged_ends") or ()}
    for contract in running_contracts(partner):
        ended = {"status": ENDED, "end_date": agreed.get(str(contract["contract_no"])) or f.today}
        rows.append(("contract", {"contract_no": contract["contract_no"], **ended}))
    return rows, gone


def _going_on(partner: Row, name: str) -> list[Row]:
    """What of a partner goes on under the account that stays: its transformers, those that stand still with their
    records and the tasks to start them again."""
    if name == "transformer":
        return [row for row in partner[name] if row.get("run_status") != TAKEN_AWAY]
    if name == "stoppage":
        return [row for row in partner[name] if not row.get("resumed_date")]
    return [row for row in partner[name] if not row.get("done_date") and row.get("kind") in STANDING]


def _kept(f: Facts, differs: bool) -> tuple[str, ...]:
    """What of a partner is not closed with it: its transformers, what stands still and its tasks; of another class of use its point, and with a meter
    of its own that meter and its instrument transformers too."""
    always = ("transformer", "stoppage", "due_task")
    if not differs:
        return always
    if f.get("class_metering") == METERED:
        return (*always, "metering_point", "meter", "meter_register", "instrument_transformer")
    return (*always, "metering_point")


def _own_class(f: Facts, partner: Row, gone: Keys) -> Rows:
    """A partner's class of use goes on under the account that stays: behind its own meter, or as a share of the main one."""
    cons_no, points = f.row("customer")["cons_no"], _main_points(f)
    sites = sorted(str(row["sp_id"]) for row in f.rows("supply_point"))
    main = points[0] if points else None
    shared = {"cons_no": cons_no, "sp_id": sites[0] if sites else None, "parent_mp_id": main}
    rows: Rows = [
        ("customer_price", {"prc_id": r["prc_id"], "cons_no": cons_no}) for r in partner["customer_price"]
    ]
    if f.get("class_metering") == METERED:
        over = (("meter", "meter_id"), ("meter_register", "reg_id"), ("instrument_transformer", "it_id"))
        rows += [(name, {key: r[key], "cons_no": cons_no}) for name, key in over for r in partner[name]]
    else:
        share = float(f.data.get("class_ratio") or 0)
        shared |= {"calc_mode": BY_RATIO, "meter_flag": "0", "ratio": share, "ratio_deduct": "1"}
    rows += [("metering_point", {"mp_id": p["mp_id"], **shared}) for p in partner["metering_point"]]
    return rows


def _refund(f: Facts, partner: Row, amount: float) -> tuple[str, dict[str, Any]]:
    text = f"被并户预收余额 {amount:.2f} 元退到“{partner['customer'].get('cons_name')}”同名账户"
    due = working_days_on(f.today, int(f.settings["balance_refund_days"]))
    return task(f, REFUND, text, due, cons_no=str(partner["cons_no"]))
