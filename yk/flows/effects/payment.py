"""Effects of 更改交费方式: what the account pays with from now on, and what it paid with until now."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.facts import Facts
from yk.flows.guards.payment import debit_chosen
from yk.flows.guards.settling import prepay_chosen

SHOWN = 4
"""How many last digits of a bank account a record of changes shows."""


@effect(
    "交费方式、账户、付费与费控、票据和通知改为新的，旧值记入档案变更记录",
    basis="更改交费方式归档影响（推定）",
    reads=("customer", "billing_info"),
)
def change_payment(f: Facts) -> Change:
    """Nothing else of the account is touched. Who leaves debit keeps no account on file, unless it stands on invoices."""
    cons_no = f.row("customer")["cons_no"]
    account = {"pay_mode": f.data.get("new_pay_mode"), "fee_control": f.data.get("new_fee_control")}
    account |= {name: f.data[name] for name in ("note_type", "notify_mode") if f.data.get(name)}
    billing = {**_bank(f), **_terms(f), "mode_from": f.data.get("start_on")}
    put = [
        customer_row(f, **account),
        ("billing_info", {"cons_no": cons_no, **billing}),
        *_history(f, cons_no, (("customer", account), ("billing_info", billing))),
    ]
    return Change(put=tuple(put))


def _bank(f: Facts) -> dict[str, Any]:
    """The account money is taken from."""
    if debit_chosen(f):
        names = ("bank_name", "bank_account", "account_name")
        return {"debit_flag": "1", **{name: f.data.get(name) for name in names}}
    if f.row("billing_info").get("tax_no"):
        return {"debit_flag": "0"}
    return {"debit_flag": "0", "bank_name": None, "bank_account": None, "account_name": None}


def _terms(f: Facts) -> dict[str, Any]:
    """How it is settled; balances only of those who pay beforehand."""
    names = ("alarm_balance", "cut_balance", "notify_phone")
    balances = {name: f.data.get(name) if prepay_chosen(f) else None for name in names}
    return {"settle_mode": f.data.get("new_settle_mode"), **balances}


def _history(
    f: Facts, cons_no: str, written: tuple[tuple[str, dict[str, Any]], ...]
) -> list[tuple[str, dict[str, Any]]]:
    """One record for every field that changes."""
    rows = []
    for entity, fields in written:
        held = f.row(entity)
        for name, new in fields.items():
            if held.get(name) == new:
                continue
            row = {
                "change_id": f"{f.case}-{name}",
                "cons_no": cons_no,
                "entity": entity,
                "row_id": cons_no,
                "field": name,
                "old_value": _shown(name, held.get(name)),
                "new_value": _shown(name, new),
                "basis": f.flow,
                "changed_by": f.operator,
                "changed_at": f.now[:19],
                "app_no": f.case,
            }
            rows.append(("field_change", row))
    return rows


def _shown(name: str, value: object) -> str | None:
    """A value as the record keeps it: of an account or a number only its end."""
    if value is None:
        return None
    text = str(value)
    return "*" * (len(text) - SHOWN) + text[-SHOWN:] if name in ("bank_account", "notify_phone") else text
