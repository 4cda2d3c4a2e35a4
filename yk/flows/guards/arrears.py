"""Guards about what a customer is told to owe before the supply is cut for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yk.flows.change import Change
from yk.flows.charges.late_fee import late_fee
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.disconnecting import cut_for_arrears, owing

RESIDENT = "2"
"""First digit of the residents' classes of use."""
ELECTRICITY = "010"
"""Kind of a receivable for electricity (code list rcv_kind); on others nothing accrues for paying late."""


def _named_on(f: Facts) -> str:
    """The day the notice names the sum for: the day it is served."""
    return (f.get("notice_at") or f.today)[:10]


def sum_due(f: Facts) -> Decimal:
    """Yuan overdue on the day of the notice, with what paying late costs until then."""
    day = date.fromisoformat(_named_on(f))
    resident = str(f.row("customer").get("elec_type") or "").startswith(RESIDENT)
    total = Decimal(0)
    for row in f.rows("receivable"):
        due = row.get("due_date")
        owed = Decimal(str(row.get("amount") or 0)) - Decimal(str(row.get("paid") or 0))
        if owed <= 0 or not due or str(due) >= day.isoformat():
            continue
        total += owed
        if row.get("kind") in (ELECTRICITY, None):
            total += late_fee(owed, date.fromisoformat(str(due)[:10]), day, resident, f.rule_set)
    return total


def _told(f: Facts, off_by: int) -> Change:
    """A recipe: arrears that let the supply be cut, and a notice that names so many yuan too much."""
    change = owing(f)
    added = [row for entity, row in change.put if entity == "receivable"]
    known = {row["rcv_id"]: row for row in (*f.rows("receivable"), *added)}
    there = f.filled(**change.form)
    there.archive = {**f.archive, "receivable": list(known.values())}
    return Change(put=change.put, form={**change.form, "notice_amount": float(sum_due(there)) + off_by})


@guard(
    "通知书写的欠费连违约金算得对",
    refuses="notice_amount_wrong",
    rule="G-TD-08",
    basis="供电营业规则(1996)第98条；电力供应与使用条例第39条",
    reads=("customer", "receivable"),
    breaks=lambda f: _told(f, 100),
    mends=lambda f: _told(f, 0),
)
def notice_amount_right(f: Facts) -> Iterator[str]:
    """The notice names what is overdue and what paying late costs up to the day it is served, to the cent."""
    named = f.data.get("notice_amount")
    if not cut_for_arrears(f) or round(float(named or 0), 2) == (due := float(sum_due(f))):
        return
    written = f"写的是 {float(named):.2f} 元" if named is not None else "没有写"
    yield (
        f"欠费连违约金算到 {_named_on(f)} 是 {due:.2f} 元，通知书{written}（notice_amount），改正后重新送达"
    )
