"""Effects of 批量销户: account by account, the settled ones closed, the others given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import working_days_on
from yk.flows.effects import effect
from yk.flows.effects.contracts import ENDED
from yk.flows.effects.partnering import Keys, Rows, closed_partner, status_row
from yk.flows.effects.settling import ELECTRICITY
from yk.flows.effects.tasks import OTHER, REFUND, task
from yk.flows.facts import Facts
from yk.flows.guards.batch_closing import taken_off
from yk.flows.guards.batch_removal import followed_up, removals, settled, settlements

Row = Mapping[str, Any]


@effect("剔出的户恢复状态", basis="批量销户逐户剔除（G-XH-10，行业通例）")
def release_taken_off(f: Facts) -> Change:
    """An account that is taken off the list is free again at once."""
    before = dict(f.data.get("partners_before") or {})
    gone = sorted(taken_off(f) & before.keys())
    put = tuple(status_row(cons_no, before.pop(cons_no)) for cons_no in gone)
    return Change(put=put, form={"partners_before": before or None})


@effect(
    "结清的户逐户销户，没结清的恢复状态并列跟催任务",
    basis="批量销户归档影响（推定）；供电营业规则(1996)第32条",
    reads=("partners", "assets"),
)
def close_batch(f: Facts) -> Change:
    """Every settled account is closed as 销户 closes one; those to be run after get their status back and a task."""
    before = dict(f.data.get("partners_before") or {})
    put: Rows = []
    drop: Keys = []
    taken, bills = removals(f), settlements(f)
    for number, partner in enumerate(settled(f), start=1):
        readings = {str(m["meter_id"]): taken.get(str(m.get("asset_id"))) for m in partner["meter"]}
        rows, gone = closed_partner(f, partner, readings, partner.get("number") or f"{number:03}")
        bill = bills.get(partner["cons_no"]) or {}
        put += [*rows, *_last_bill(f, partner, bill), *_balance(f, partner, bill)]
        drop += gone
        before.pop(partner["cons_no"], None)
    put += [status_row(cons_no, status) for cons_no, status in before.items()]
    for cons_no in sorted(followed_up(f)):
        text = f"批量销户 {f.case}：表已拆、费未清，跟催后单独办销户"
        put.append(task(f, OTHER, text, working_days_on(f.today, 5), cons_no=cons_no))
    return Change(put=tuple(put), drop=tuple(drop), form={"partners_before": None})


def _last_bill(f: Facts, partner: Row, bill: Row) -> Rows:
    """An account's last bill, paid; none when there was nothing to pay."""
    cons_no = partner["cons_no"]
    amount = float(bill.get("final_amount") or 0)
    if not amount:
        return []
    day = str(f.data.get("settled_on") or f.today)
    row = {"rcv_id": f"FB{f.case}{cons_no}", "cons_no": cons_no, "ym": int(day[:7].replace("-", ""))}
    paid = {"kind": ELECTRICITY, "amount": amount, "paid": amount, "late_fee": 0.0}
    return [("receivable", {**row, **paid, "due_date": day, "settled_date": day})]


def _balance(f: Facts, partner: Row, bill: Row) -> Rows:
    """An account's balance is gone; what is left of it goes back within the days of the setting."""
    cons_no, amount = partner["cons_no"], float(partner["prepayment"].get("amount") or 0)
    if amount <= 0:
        return []
    spent = float(bill.get("final_amount") or 0) if bill.get("balance_way") != "退还" else 0.0
    rows: Rows = [("prepayment", {"cons_no": cons_no, "amount": 0.0})]
    if back := round(max(0.0, amount - spent), 2):
        text = f"预收余额 {back:.2f} 元退到“{partner['customer'].get('cons_name')}”同名账户"
        due = working_days_on(f.today, int(f.settings["balance_refund_days"]))
        rows.append(task(f, REFUND, text, due, cons_no=cons_no))
    return rows


@effect("已销户各户的合同置为终止", basis="供电营业规则(1996)第32条", reads=("partners",))
def end_batch_contracts(f: Facts) -> Change:
    """The contracts of the accounts that were closed end, those of the others stay."""
    ended = {"status": ENDED, "end_date": f.data.get("end_on") or f.today}
    rows = (
        ("contract", {"contract_no": row["contract_no"], **ended})
        for partner in settled(f)
        for row in partner["contract"]
        if row.get("status") != ENDED
    )
    return Change(put=tuple(rows))
