"""Effects of temporary supply without a meter: the advance, the account without a meter, its extension, its end."""

from __future__ import annotations

from typing import Any

from yk.flows.advances import agreed_energy
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.charging import charge_fees
from yk.flows.effects.connecting import open_account
from yk.flows.effects.tasks import FIRST_READING, TEMPORARY, closed, task
from yk.flows.effects.temporary import NOTICE_DAYS
from yk.flows.facts import Facts
from yk.flows.guards.account import CLOSED
from yk.flows.guards.unmetered import advance_row, due_back

BY_QUANTITY, WITHDRAWN = "3", "04"
"""How an unmetered point is billed (code list calc_mode); the state of a point that is no more."""
DAYS_A_MONTH = 30


@effect(
    "列出预收的全部电费",
    basis="供电营业规则(1996)第87条（条号凭记忆）",
    reads=("customer", "tariffs", "business_fee"),
)
def charge_advance(f: Facts) -> Change:
    """The advance is a business fee of this order like any other."""
    fees = [advance_row(f)]
    made = charge_fees(f.filled(fees=fees, fee_reduction=None))
    return Change(put=made.put, drop=made.drop, form={"fees": fees, "fee_reduction": None})


@effect(
    "立户：无表临时用电户，按定量计费，预收电费入账",
    basis="无表临时用电归档影响（推定）",
    reads=("customer", "free_numbers", "lines", "areas", "assets", "applicant_accounts", "business_fee"),
)
def open_unmetered_account(f: Facts) -> Change:
    """An account as any other, but its metering point has no meter and bills what was agreed."""
    made = open_account(f)
    put = [
        (entity, _unmetered(f, entity, row)) for entity, row in made.put if not _first_reading(entity, row)
    ]
    cons_no = str(made.form["cons_no"])
    put.append(("prepayment", {"cons_no": cons_no, "amount": _paid(f)}))
    return Change(put=tuple(put), form=made.form)


def _unmetered(f: Facts, entity: str, row: Any) -> dict[str, Any]:
    if entity != "metering_point":
        return dict(row)
    cap, hours = float(f.data.get("scheme_cap") or 0), float(f.data.get("daily_hours") or 0)
    quantity = agreed_energy(cap, hours, DAYS_A_MONTH)
    return {**row, "calc_mode": BY_QUANTITY, "meter_flag": "0", "fixed_qty": quantity}


def _first_reading(entity: str, row: Any) -> bool:
    """There is nothing to read where no meter stands."""
    return entity == "due_task" and row.get("kind") == FIRST_READING


def _paid(f: Facts) -> float:
    return float(f.data.get("paid_total") or 0)


@effect(
    "延长无表临时用电：新到期日、合同到期日、预收余额、到期任务",
    basis="无表临时用电延期归档影响（推定）；供电营业规则(1996)第12条",
    reads=("customer", "contract", "prepayment", "due_task"),
)
def prolong_unmetered(f: Facts) -> Change:
    """The day it ends moves; what was paid for the extension is added."""
    end = str(f.data["new_end"])
    balance = round(float(f.row("prepayment").get("amount") or 0) + _paid(f), 2)
    put: list[tuple[str, Any]] = [
        customer_row(f, tmp_end=end),
        ("prepayment", {"cons_no": f.row("customer")["cons_no"], "amount": balance}),
        *closed(f, TEMPORARY),
        task(f, TEMPORARY, f"无表临时用电 {end} 到期：延期或终止", end, days_on(end, -NOTICE_DAYS)),
    ]
    if number := f.row("contract").get("contract_no"):
        put.append(("contract", {"contract_no": number, "end_date": end}))
    return Change(put=tuple(put))


@effect(
    "算出应退的预收电费",
    basis="供电营业规则(1996)第87条（条号凭记忆）",
    reads=("customer", "contract", "prepayment"),
)
def reckon_advance_back(f: Facts) -> Change:
    """The settlement begins with the amount the rule gives."""
    return Change(form={"refund_amount": due_back(f)})


@effect(
    "无表临时用电户销户：计量点撤销、预收清零",
    basis="无表临时用电终止归档影响（推定）",
    reads=("customer", "metering_point", "prepayment", "due_task"),
)
def close_unmetered(f: Facts) -> Change:
    """The account is closed, nothing is billed or due any more."""
    put: list[tuple[str, Any]] = [
        customer_row(f, status=CLOSED, close_date=f.today),
        *(
            ("metering_point", {"mp_id": row["mp_id"], "status": WITHDRAWN})
            for row in f.rows("metering_point")
        ),
        *closed(f),
    ]
    if f.row("prepayment"):
        put.append(("prepayment", {"cons_no": f.row("customer")["cons_no"], "amount": 0.0}))
    return Change(put=tuple(put), form={"status_before": None})
