"""Effects of settling an account: its last bill, and where its balance goes."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import working_days_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import REFUND, task
from yk.flows.facts import Facts
from yk.flows.guards.balance import MOVED, held, to_refund

ELECTRICITY = "010"
"""Kind of a receivable (code list receivable_kind)."""


@effect("登记末次电费，当场收清", basis="费用结清（供电营业规则(1996)第32条）", reads=("customer",))
def issue_final_bill(f: Facts) -> Change:
    """The last bill is issued and paid on the day of settlement; none when there was nothing to pay."""
    amount = float(f.data.get("final_amount") or 0)
    if not amount:
        return Change()
    day = str(f.data.get("settled_on") or f.today)
    bill = {
        "rcv_id": f"FB{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "ym": int(day[:7].replace("-", "")),
        "kind": ELECTRICITY,
        "amount": amount,
        "paid": amount,
        "late_fee": 0.0,
        "due_date": day,
        "settled_date": day,
    }
    return Change(put=(("receivable", bill),))


@effect(
    "预收余额清零，应退的登记退费任务", basis="供电营业规则(1996)第32条", reads=("customer", "prepayment")
)
def dispose_balance(f: Facts) -> Change:
    """The balance leaves the account; what goes back to the customer falls due within the days of the setting."""
    balance = held(f)
    if balance <= 0:
        return Change()
    put = [("prepayment", {"cons_no": f.row("customer")["cons_no"], "amount": 0.0}), *_refund(f)]
    if f.get("balance_disposal") == MOVED:
        text = f"预收余额 {balance:.2f} 元按约定 {f.get('balance_agreement')} 转户"
        put.append(task(f, REFUND, text, f.today))
    return Change(put=tuple(put))


@effect(
    "原户预收余额退还，按约定转让的留在户下",
    basis="余额退还或书面约定转让（G-GH-06，行业通例）",
    reads=("customer", "prepayment"),
)
def hand_back_balance(f: Facts) -> Change:
    """The former party's money goes back to it, unless both agreed in writing that it stays with the account."""
    if held(f) <= 0 or f.get("balance_disposal") == MOVED:
        return Change()
    return Change(put=(("prepayment", {"cons_no": f.row("customer")["cons_no"], "amount": 0.0}), *_refund(f)))


def _refund(f: Facts) -> list[tuple[str, dict[str, Any]]]:
    """The task to pay back what goes back; none when nothing does."""
    back = to_refund(f)
    if not back:
        return []
    text = f"预收余额 {back:.2f} 元退到“{f.get('refund_account_name')}”同名账户"
    due = working_days_on(f.today, int(f.settings["balance_refund_days"]))
    return [task(f, REFUND, text, due)]
