"""Taking back one's own last step on a work order, as long as nobody has gone on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused
from yk.store.conditions import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yk.desk.operators import Operator
    from yk.store import Store

Data = dict[str, Any]
KEPT = "last_step"
"""The table that keeps an order as it was before its last step."""
KINDS = ("set", "attach", "confirm", "send", "return", "fail", "sign")
"""What can be taken back, by the kind of its event."""


def is_kept(event: str) -> bool:
    """Is the order as it was before such an event kept?"""
    return event.partition(":")[0] in KINDS


def keep(store: Store, order: WorkOrder, event: Mapping[str, Any]) -> None:
    """Keep the stored order as it is before `event`, its last one, is written; inside its unit of work."""
    if not is_kept(event["event"]):
        return
    before = store.table("case").get(doc_id=order.case)
    if before is not None:
        row = {name: event[name] for name in ("seq", "operator", "event", "at")}
        row |= {"case": order.case, "order": dict(before)}
        store.table(KEPT).put([(order.case, row)])


def before_last(
    store: Store, order: WorkOrder, last: Mapping[str, Any] | None, operator: Operator
) -> WorkOrder:
    """The order as it was before its last event. Raises Refused when that cannot be taken back, with the reason."""
    if why := why_not(store, order, last, operator):
        raise Refused([why])
    kept = store.table(KEPT).get(doc_id=order.case)
    assert kept is not None
    before = WorkOrder.load(kept["order"])
    before.version, before.seq, before.last_hash = order.version, order.seq, order.last_hash
    return before


def why_not(
    store: Store, order: WorkOrder, last: Mapping[str, Any] | None, operator: Operator
) -> Reason | None:
    """Why the last event cannot be taken back by `operator`; None when it can."""
    kept = store.table(KEPT).get(doc_id=order.case)
    if last is None or kept is None or kept["seq"] != order.seq:
        return Reason("nothing_to_take_back", "没有可以撤销的上一步")
    if kept["operator"] != operator.id:
        return Reason("not_your_step", f"上一步不是{operator.name}办的，只能撤销自己的上一步")
    if order.status not in (OPEN, SUSPENDED):
        return Reason("order_ended", f"工单 {order.case} 已办结，不能撤销")
    if not all(_is_lock(store, image) for image in last.get("changes") or ()):
        return Reason("archive_written", "上一步已写入档案，不能撤销；要更正请另走流程")
    if store.table("batch").has(order.case):
        return Reason("batch_order", "这是批次的工单，撤销要在批次上办")
    if _opened_since(store, order, kept):
        return Reason("orders_opened", "上一步已另立了工单，不能撤销；可以退回")
    return None


def _is_lock(store: Store, image: Mapping[str, Any]) -> bool:
    """Did this change of the archive only lock an account or release it, and does it stand as it was left?"""
    if image["entity"] != "customer" or not image["before"] or not image["after"]:
        return False
    if image["after"].keys() != {"status"}:
        return False
    row = store.table("customer").get(doc_id=image["id"])
    return row is not None and row["status"] == image["after"]["status"]


def _opened_since(store: Store, order: WorkOrder, kept: Mapping[str, Any]) -> bool:
    """Has the step opened other orders: children, or orders beside?"""
    if len(order.children) != len(kept["order"].get("children", ())):
        return True
    mine = store.table("case").find([Comparison("parent", "=", (order.case,))])
    return any(doc["opened"] >= kept["at"] and doc["case"] not in dict(order.children) for _, doc in mine)
