"""A finished work order with all that came of it: its children, who did what in which order, what cannot be told again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yk.desk.desk import Desk
from yk.desk.order import COMPLETED, STOPPED, WorkOrder
from yk.errors import Reason, Refused
from yk.flows.flow import Flow, flow_ids, load
from yk.scenario.deeds import Event
from yk.store.conditions import Comparison

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A work order with all that came of it. `orders` are played again, `beside` went on by themselves; `events` are
    those of `orders`, in the order they happened."""

    main: WorkOrder
    orders: Sequence[WorkOrder]
    beside: Sequence[WorkOrder]
    flows: Mapping[str, Flow]
    events: Sequence[Event]

    @property
    def images(self) -> list[Data]:
        """Everything the orders have written to the archive."""
        return [image for event in self.events for image in event.data.get("changes") or ()]


def story_of(desk: Desk, order: WorkOrder) -> Story:
    """The story of an order. Raises Refused for a child, for one that still runs, and for one that a demonstration has
    changed, which leaves no deed of anybody."""
    if order.parent:
        message = f"工单 {order.case} 是 {order.parent} 的子工单，不能单独重放"
        raise Refused([Reason("child_order", message)], f"记录父工单：yk scenario record {order.parent}")
    if order.status not in (COMPLETED, STOPPED):
        raise Refused(
            [Reason("order_running", f"工单 {order.case} 还没有办结，不能记录")], "办结或终止以后再记录"
        )
    events = list(_merged(desk, order))
    for event in events:
        if event.kind == "demonstrate":
            raise event.refusal
    played = {event.order.case: event.order for event in events}
    family = sorted(_descendants(desk, order), key=lambda one: (one.opened, one.case))
    return Story(
        order,
        [order, *(one for one in family if one.case in played)],
        [one for one in family if one.case not in played],
        {one.case: desk.flow_of(one) for one in (order, *family)},
        events,
    )


def _descendants(desk: Desk, order: WorkOrder) -> Iterator[WorkOrder]:
    """Every order that was opened by this one, or by one of those."""
    for _, doc in desk.store.table("case").find([Comparison("parent", "=", (order.case,))]):
        child = WorkOrder.load(doc)
        yield child
        yield from _descendants(desk, child)


def _merged(desk: Desk, order: WorkOrder) -> list[Event]:
    """The events of an order and its children: a child's come after the step that opened it, before what came later."""
    lines = [Event(order, event) for event in desk.events(order.case)]
    used: set[str] = set()
    for name, step in order.children:
        child = _merged(desk, desk.get(name))
        place = _opener(lines, order.case, step, child[0].data["at"], used)
        used.add(lines[place].data["id"])
        for line in child:
            place += 1
            while place < len(lines) and lines[place].data["at"] < line.data["at"]:
                place += 1
            lines.insert(place, line)
    return lines


def _opener(lines: Sequence[Event], case: str, step: str, at: str, used: set[str]) -> int:
    """Where the event stands that brought an order to `step` and so opened a child, one for every child."""
    return next(
        number
        for number, (order, event) in enumerate(lines)
        if order.case == case and event["at"] == at and step in event["to"] and event["id"] not in used
    )


def note(story: Story) -> str:
    """What cannot be played again, in a sentence each."""
    told = []
    if story.beside:
        names = "、".join(dict.fromkeys(story.flows[one.case].name for one in story.beside))
        told.append(f"另立的工单（{names}）只会自动建立，其中的办理没有记录。")
    if any(
        answer.get("file")
        for event in story.events
        if event.kind == "attach"
        for answer in event.data["answers"].values()
    ):
        told.append("收资时的附件没有带出。")
    if any(not event.data["role"] for event in story.events):
        told.append("到期自动挂起或终止的，重放时由到期检查再做一次。")
    old = {story.flows[one.case].name for one in story.orders if not _is_current(story.flows[one.case])}
    if old:
        told.append(f"流程 {'、'.join(sorted(old))} 在建单以后改过，重放按现在的定义。")
    return "".join(told)


def _is_current(flow: Flow) -> bool:
    return flow.id in flow_ids() and load(flow.id).digest == flow.digest
