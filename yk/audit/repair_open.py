"""From a finding to the service flow that mends it: the order is opened, the finding linked to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yk.audit.life import link
from yk.audit.looking import find_finding
from yk.audit.states import OPEN, STATES
from yk.desk import Desk, WorkOrder
from yk.errors import Reason, Refused, UsageError
from yk.flows.flow import find

Data = dict[str, Any]
USUAL = "archive_maintenance"
"""The flow where nobody names another: a correction of one account's archive on leave."""


def open_for(
    desk: Desk, ids: Iterable[str], flow: str = "", data: Mapping[str, object] | None = None
) -> list[WorkOrder]:
    """Open an order of `flow` for each account the findings are on, and link them; all or none.

    Raises UsageError, and Refused with every reason.
    """
    wanted = find(flow or USUAL)
    if not wanted.doc["customer"]:
        message = f"{wanted.name}不是按户办理的流程，不能从问题直接办"
        raise UsageError("flow_without_customer", message, "批量修改用 yk audit repair plan")
    docs = [find_finding(desk.store, word) for word in dict.fromkeys(ids)]
    if not docs:
        raise UsageError("finding_needed", "没有指明问题", "写问题编号；yk audit findings 列出")
    reasons = [reason for doc in docs for reason in _reasons(doc)]
    if reasons:
        raise Refused(reasons)
    by_account: dict[str, list[str]] = {}
    for doc in docs:
        by_account.setdefault(doc["cons_no"], []).append(doc["finding"])
    opened = []
    with desk.unit():
        for cons_no, findings in by_account.items():
            order = desk.open(wanted.id, cons_no, data)
            link(desk, findings, order.case)
            opened.append(order)
    return opened


def _reasons(doc: Data) -> Iterable[Reason]:
    if doc["state"] not in OPEN:
        state = STATES[doc["state"]]
        yield Reason("finding_closed", f"问题 {doc['finding']} {state}，不用再办")
    if not doc["cons_no"]:
        yield Reason("finding_without_account", f"问题 {doc['finding']} 不属于哪一户，不能按户办理")
