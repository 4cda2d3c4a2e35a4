"""Batch modifications (批量修改) after their dry run: decided on step by step, carried out, verified, taken back; and seen.

Each is a work order of the flow 批量修改数据, so that roles, separation of duties and the log are the desk's. Its state is
where its order stands. `repair_plan` makes the dry run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from yk.archive.dictionary import entities
from yk.audit.deciding import gathered, refuse
from yk.audit.owners import owners, require_holder
from yk.audit.repair_plan import APPLICATION, FLOW, in_words, require_order
from yk.audit.rules import rules
from yk.desk import Desk, WorkOrder
from yk.desk.gather import gather
from yk.desk.looking_up import row_of
from yk.desk.order import COMPLETED, OPEN, STOPPED, SUSPENDED
from yk.errors import Reason, Refused
from yk.flows.change_list import Listed, listed, moved_shown, moved_since, present, row_name, value_shown
from yk.flows.facts import Facts
from yk.flows.guards.data_changes import FAULTY

Data = dict[str, Any]
CONFIRM, EXECUTION, VERIFICATION, UNDO = "division_confirm", "execution", "verification", "undo"
OPINIONS = {
    APPLICATION: "",
    "audit_review": "review_opinion",
    CONFIRM: "division_opinion",
    "board_approval": "board_opinion",
}
"""The steps of approval, and the field of the form that takes the opinion."""
PLANNED, APPROVING, APPROVED, APPLIED = "planned", "approving", "approved", "applied"
UNDOING, VERIFIED, UNDONE, CANCELLED = "undoing", "verified", "undone", "cancelled"
STATES = {
    PLANNED: "申请中",
    APPROVING: "审批中",
    APPROVED: "待执行",
    APPLIED: "待核实",
    UNDOING: "待撤销",
    VERIFIED: "已核实",
    UNDONE: "已撤销",
    CANCELLED: "已终止",
}
ROW_STATES = {"planned": "未执行", "applied": "已写入", "undone": "已恢复", "left": "未恢复"}
"""What became of a row; 未恢复: somebody had changed it again when the list was taken back."""
_AT = {APPLICATION: PLANNED, EXECUTION: APPROVED, VERIFICATION: APPLIED, UNDO: UNDOING}
PASSED = "1"


# -- deciding ------------------------------------------------------------------------------------------
def approve(
    desk: Desk, number: str, opinion: str = "", values: Mapping[str, object] | None = None
) -> WorkOrder:
    """Pass the step of approval a list stands at, in the operator's name; the applicant's own signing first of all.

    `opinion` goes into the step's field, `values` into others. Raises UsageError, Refused with every reason.
    """
    order = require_order(desk, number)
    step = _approval_step(desk, order)
    given = dict(values or {})
    if step == CONFIRM:
        _require_division(desk, order)
    if opinion and OPINIONS[step]:
        given[OPINIONS[step]] = opinion
    return desk.send(order.case, step=step, data=given)


def _require_division(desk: Desk, order: WorkOrder) -> None:
    """Refuse who does not lead the divisions of what is modified, where posts are held: those of its findings, else of
    its rule; a list that is about neither is of no division."""
    findings, rule = row_of(desk.store, "repair", order.case).get("findings") or (), order.data.get("rule")
    docs = desk.store.table("finding").get(doc_ids=list(findings)) if findings else ()
    named = {doc["division"] for doc in docs}
    if not named and rule in rules():
        named = {owners(desk.store)[rule].division}
    act = f"批量修改 {order.case} 的专业确认"
    refuse(
        [
            reason
            for division in sorted(named)
            for reason in gathered(
                partial(require_holder, desk.store, desk.operator, "division", division, act)
            )
        ]
    )


def reject(desk: Desk, number: str, reason: str, to: str = APPLICATION) -> WorkOrder:
    """Send a list back to the application, or to an earlier approver. Raises UsageError, Refused."""
    return desk.return_(require_order(desk, number).case, to, reason)


def apply(desk: Desk, number: str) -> WorkOrder:
    """Write the approved list into the archive, whole or not at all. Raises Refused (`repair_stale`, …)."""
    return desk.send(require_order(desk, number).case, step=EXECUTION)


def verify(desk: Desk, number: str, passed: bool, note: str) -> WorkOrder:
    """The unit that applied says whether the archive is right now; if not, the list is to be taken back."""
    values = {"verify_verdict": PASSED if passed else FAULTY, "verify_note": note}
    return desk.send(require_order(desk, number).case, step=VERIFICATION, data=values)


def undo(desk: Desk, number: str, reason: str = "") -> WorkOrder:
    """Put back the values before, but for rows that somebody has changed since. Raises Refused (`repair_undo_late`, …)."""
    order = require_order(desk, number)
    if _state(desk, order) == APPLIED:
        text = f"批量修改 {order.case} 还在核实，核实不合格的才撤销"
        hint = f"由申请单位核实：yk audit repair verify {order.case} --faulty --note 情况"
        raise Refused([Reason("not_here", text)], hint)
    return desk.send(order.case, step=UNDO, data={"undo_reason": reason} if reason else {})


def _approval_step(desk: Desk, order: WorkOrder) -> str:
    order.require_open()
    (step,) = desk.steps_at(order)
    if step in OPINIONS:
        return step
    name = desk.flow_of(order).step(step)["name"]
    verb = {EXECUTION: "apply", VERIFICATION: "verify", UNDO: "undo"}[step]
    reason = Reason("not_here", f"批量修改 {order.case} 已批准，现在“{name}”")
    raise Refused([reason], f"yk audit repair {verb} {order.case}")


# -- seeing ----------------------------------------------------------------------------------------------
def repairs(desk: Desk, state: str = "", rule: str = "") -> Iterator[Data]:
    """Every batch modification: `{repair, state, state_name, rule, reason, sha256, change, rows, applied_at,
    undone_rows, left, opened, opened_by, steps}`; `left`: how many rows somebody had changed since when it was taken back."""
    for order in desk.orders(flow=FLOW):
        one = line(desk, order)
        if state in ("", one["state"]) and rule in ("", one["rule"]):
            yield one


def line(desk: Desk, order: WorkOrder) -> Data:
    """One batch modification in a line, see `repairs`."""
    state, plan = _state(desk, order), row_of(desk.store, "repair", order.case)
    flow, hand = desk.flow_of(order), order.data.get("rows")
    return {
        "repair": order.case,
        "state": state,
        "state_name": STATES[state] + ("（挂起）" if order.status == SUSPENDED else ""),
        "rule": order.data.get("rule") or "",
        "reason": order.data.get("reason") or "",
        "sha256": order.data.get("plan_digest") or "",
        "change": order.data.get("change_rule") or order.data.get("change_wish") or "",
        "rows": order.data.get("row_count") or len(hand) if hand else plan.get("rows", 0),
        "applied_at": order.data.get("applied_at") or "",
        "undone_rows": order.data.get("undone_rows") or 0,
        "left": len(order.data.get("left_rows") or ()),
        "opened": order.opened,
        "opened_by": order.opened_by,
        "steps": "、".join(flow.step(step)["name"] for step in desk.steps_at(order)),
    }


def shown(desk: Desk, number: str) -> Data:
    """One batch modification whole: its line, its dry run, its form, what moved since (before the execution), what was
    not taken back. Raises UsageError (`unknown_repair`)."""
    order = require_order(desk, number)
    plan, head, f = row_of(desk.store, "repair", order.case), line(desk, order), _facts(desk, order)
    rule = rules().get(head["rule"])
    kept = ("accounts", "billing", "skipped", "findings", "cures", "breaks", "file", "rounds")
    waits = head["sha256"] and head["state"] in (PLANNED, APPROVING, APPROVED)
    return {
        **head,
        "rule_name": rule.name if rule else "",
        **{name: plan[name] for name in kept if name in plan},
        "moved": [moved_shown(one) for one in moved_since(f, listed(f))] if waits else [],
        "left_rows": [row for row in _rows(order, f) if row["status"] == "left"],
        "form": _without_former(desk, order),
    }


def _without_former(desk: Desk, order: WorkOrder) -> Data:
    """The form without what approvers said before the list was last sent back behind them."""
    steps, passed = list(OPINIONS), 0
    for event in desk.events(order.case):
        kind, places = (
            event["event"].partition(":")[0],
            event["to"] if event["event"] == "return" else event["from"],
        )
        if kind in ("send", "return") and places and places[0] in steps:
            passed = steps.index(places[0]) + (kind == "send")
    open_, fields = steps[max(passed, 1) :], desk.flow_of(order).fields
    return {name: value for name, value in order.data.items() if fields[name]["step"] not in open_}


def rows(desk: Desk, number: str, status: str = "") -> list[Data]:
    """The rows of a list in words, with what became of them. Raises UsageError (`unknown_repair`)."""
    order = require_order(desk, number)
    return [row for row in _rows(order, _facts(desk, order)) if status in ("", row["status"])]


def _rows(order: WorkOrder, f: Facts) -> Iterator[Data]:
    left = {(row["entity"], row["row_id"]) for row in order.data.get("left_rows") or ()}
    written, back = order.data.get("applied_at"), order.data.get("undone_at")
    for number, row in enumerate(listed(f), start=1):
        status = "planned" if not written else "applied" if not back else "undone"
        if (row.entity, row.entity_id) in left:
            status = "left"
        yield {
            "row": number,
            **in_words(row),
            "status": status,
            "status_name": ROW_STATES[status],
            "now": _now(f, row),
        }


def _now(f: Facts, row: Listed) -> str:
    """The fields of a row as they are, in words."""
    values = present(f, row.entity, row.entity_id)
    if values is None:
        return f"{row_name(row)} 已不在档案里"
    fields = entities()[row.entity].fields
    return "，".join(f"{fields[name].zh} {value_shown(fields[name], values[name])}" for name in row.after)


def _facts(desk: Desk, order: WorkOrder) -> Facts:
    """The list and the archive beside it, as the guards of the order see them."""
    return Facts(order.case, desk.now(), data=order.data, archive=gather(desk.store, order, ("repair",)))


def _state(desk: Desk, order: WorkOrder) -> str:
    if order.status == STOPPED:
        return UNDONE if order.data.get("undone_at") else CANCELLED
    if order.status == COMPLETED:
        return UNDONE if order.data.get("undone_at") else VERIFIED
    assert order.status in (OPEN, SUSPENDED)
    (step,) = desk.steps_at(order)
    return _AT.get(step, APPROVING)
