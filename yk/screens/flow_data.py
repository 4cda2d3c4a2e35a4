"""What the screen 流程图 shows, read at the desk as plain data: a flow, and where a work order stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yk.flows.diagram.graph import Graph, graph

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.flows.flow import Flow

Data = dict[str, Any]


@dataclass(frozen=True)
class FlowData:
    """A flow and its drawing; of a work order its number and state, where it stands, its log (newest first), how each step
    was left."""

    flow: Flow
    graph: Graph
    now: datetime
    limits: Mapping[str, int]
    case: str = ""
    status: str = ""
    status_name: str = ""
    hold: str = ""
    at: Mapping[str, Data] = field(default_factory=dict)
    lines: tuple[Data, ...] = ()
    passed: Mapping[str, Data] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    """Step -> the number of the order it opened."""


def of_flow(desk: Desk, word: str) -> FlowData:
    """A flow by itself. Raises UsageError."""
    from yk.flows.flow import find

    flow = find(word)
    return FlowData(flow, graph(flow), desk.clock(), _limits(desk, flow))


def of_order(desk: Desk, case: str) -> FlowData:
    """The flow of a work order. Raises UsageError."""
    from yk.desk.history import history, passed
    from yk.desk.order import STATUS_NAMES
    from yk.desk.views import place

    order = desk.get(case)
    flow = desk.flow_of(order)
    lines = history(desk, order)
    return FlowData(
        flow,
        graph(flow, order.at, [step for step, *_ in order.done]),
        desk.clock(),
        _limits(desk, flow),
        order.case,
        order.status,
        STATUS_NAMES[order.status],
        order.hold["reason"] if order.hold else "",
        {one["step"]: one for one in place(desk, order)},
        tuple(reversed(lines)),
        passed(lines),
        {step: child for child, step in order.children},
    )


def _limits(desk: Desk, flow: Flow) -> dict[str, int]:
    """The limit of every step that has one, in working days, as it is set here."""
    found = {}
    for name, step in flow.steps.items():
        if limit := step["limit"]:
            setting = limit["setting"]
            found[name] = desk.settings.integer(setting) if setting else limit["working_days"]
    return found
