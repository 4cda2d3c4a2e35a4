"""The work orders that the screen 数据稽核 lists: audit tasks, batch modifications, leave to maintain, whatever findings hang on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from yk.archive.codes import name_of
from yk.audit import authority, repair_plan, repairing, tasks
from yk.desk.duty import OFFICE
from yk.desk.order import OPEN, STATUS_NAMES
from yk.errors import UsageError
from yk.flows.guards.authorising import FLOW as LEAVE
from yk.screens.widgets.facts import Fact
from yk.screens.workbench import preview

if TYPE_CHECKING:
    from yk.desk import Desk, WorkOrder

Data = dict[str, Any]
TASK, REPAIR = tasks.FLOW, repair_plan.FLOW
MOST = 12
"""So many rows of an order are named beside it."""
_WORST = ("red", "yellow", "green")


def order_rows(desk: Desk, findings: Iterable[Mapping[str, Any]]) -> list[Data]:
    """The orders of the audit's own flows, and those that `findings` hang on: what is open first, then the newest."""
    linked = Counter(str(doc["case"]) for doc in findings if doc["case"])
    found = {order.case: order for flow in (TASK, REPAIR, LEAVE) for order in desk.orders(flow)}
    for case in linked.keys() - found.keys():
        try:
            found[case] = desk.get(case)
        except UsageError:  # a finding keeps the number of an order that a restored store does not have
            continue
    rows = [_row(desk, order, linked[order.case]) for order in found.values()]
    rows.sort(key=lambda row: str(row["id"]), reverse=True)
    return sorted(rows, key=lambda row: row["status"] != OPEN)


def _row(desk: Desk, order: WorkOrder, findings: int) -> Data:
    """`{id, case, flow, flow_name, cons_no, what, org_no, unit, step, status, status_name, lamp, findings}`."""
    flow = desk.flow_of(order)
    lamps = {desk.lamp_of(order, step) for step in order.steps} if order.status == OPEN else set()
    unit = str(order.data.get(OFFICE) or order.data.get("org_no") or "")
    return {
        "id": order.case, "case": order.case, "flow": order.flow, "flow_name": flow.name, "cons_no": order.cons_no,
        "what": _what(desk, order), "org_no": unit, "unit": name_of("org", unit) if unit else "",
        "step": "、".join(flow.step(step)["name"] for step in desk.steps_at(order)) or STATUS_NAMES[order.status],
        "status": order.status, "status_name": STATUS_NAMES[order.status],
        "lamp": next((lamp for lamp in _WORST if lamp in lamps), ""), "findings": findings,
    }  # fmt: skip


def _what(desk: Desk, order: WorkOrder) -> str:
    """What an order is about, in a line."""
    if order.flow == TASK:
        line = tasks.line(desk, order)
        return f"{line['topic_name']}，{line['items']} 条，有结论 {line['concluded']}"
    if order.flow == REPAIR:
        line = repairing.line(desk, order)
        return f"{line['rows'] or 0} 行，{line['change'] or line['reason']}"
    if order.flow == LEAVE:
        line = authority.line(desk, order)
        return f"{len(line['accounts'])} 户，{'、'.join(line['function_names'])}"
    return f"{order.cons_no} {order.data.get('cons_name') or ''}".strip()


def about_order(desk: Desk, case: str) -> Iterator[Fact]:
    """Where an order stands, what it is about, its first rows."""
    for piece in preview(desk, case):
        text, tone = (piece, "") if isinstance(piece, str) else piece
        yield Fact("", text, tone)
    order = desk.get(case)
    yield Fact("", "")
    if order.flow == TASK:
        yield from _task_rows(order)
    elif order.flow == REPAIR:
        yield from _repair_rows(desk, case)
    elif order.flow == LEAVE:
        yield Fact("", _what(desk, order), "title")


def _task_rows(order: WorkOrder) -> Iterator[Fact]:
    rows = tasks.item_rows(order)
    yield Fact("", f"明细 {len(rows)} 条", "title")
    for row in rows[:MOST]:
        concluded = row["conclusion_name"] or "没有结论"
        yield Fact("", f"{row['cons_no'] or row['entity_id']} {concluded}：{row['clue']}")


def _repair_rows(desk: Desk, case: str) -> Iterator[Fact]:
    told = repairing.shown(desk, case)
    yield Fact("", f"{told['state_name']}：{told['change']}", "title")
    yield Fact("", told["reason"])
    for title, tone, rules in (("消除", "good", told.get("cures")), ("新增", "bad", told.get("breaks"))):
        for one in rules or ():
            yield Fact("", f"写入后{title} {one['count']} 个 {one['rule']} {one['name']}", tone)
    if told["moved"]:
        yield Fact("", f"试算以后档案又变了 {len(told['moved'])} 处，须退回重新试算", "bad")
    for row in repairing.rows(desk, case)[:MOST]:
        yield Fact("", f"{row['cons_no'] or row['entity_id']} {row['said']}")
