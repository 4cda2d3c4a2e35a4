"""Effects on the account as a whole: its lock while an order runs, the office that goes on with it."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts
from yk.flows.guards.account import CHANGING


def customer_row(f: Facts, **fields: Any) -> tuple[str, dict[str, Any]]:
    """The customer's own row with these fields replaced, for `Change.put`."""
    return "customer", {"cons_no": f.row("customer")["cons_no"], **fields}


@effect("客户状态置为当前变更客户", basis="营销系统档案锁（行业通例）", reads=("customer",))
def lock_customer(f: Facts) -> Change:
    """Lock the account while its change runs; the status before is kept for the release."""
    if f.data.get("status_before") is not None:
        return Change()
    return Change(
        put=(customer_row(f, status=CHANGING),),
        form={"status_before": f.row("customer").get("status") or "0"},
    )


@effect("客户状态恢复", basis="营销系统档案锁（行业通例）", reads=("customer",))
def release_customer(f: Facts) -> Change:
    """Give the account back the status it had."""
    before = f.data.get("status_before")
    if before is None:
        return Change()
    return Change(put=(customer_row(f, status=before),), form={"status_before": None})


@effect("同城异地受理的工单转属地单位办理", basis="NX 1.3.1.2.1(6)")
def hand_over(f: Facts) -> Change:
    """An application taken in another office goes on in the office the customer belongs to."""
    return Change(form={"office": f.data["home_org"]}) if f.data.get("cross_office") else Change()
