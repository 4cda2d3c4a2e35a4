"""What happened to a work order, for people: its log line by line, and by which line each step was left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yk.desk import views
from yk.desk.desk import Desk
from yk.desk.order import WorkOrder

Data = dict[str, Any]
_LEAVING = ("send", "fail", "sign")


def history(desk: Desk, order: WorkOrder) -> list[Data]:
    """The log, oldest first: `views.event_line`, with `step` where it happened and `left` when that step was left."""
    return [
        views.event_line(desk, order, event) | {"step": _step(event), "left": _left(event)}
        for event in desk.events(order.case)
    ]


def passed(lines: Iterable[Data]) -> dict[str, Data]:
    """Step -> the line by which it was left last."""
    return {line["step"]: line for line in lines if line["left"]}


def _step(event: Data) -> str:
    places = event["from"] or event["to"]
    return str(places[0]) if places else ""


def _left(event: Data) -> bool:
    kind = event["event"].partition(":")[0]
    return kind in _LEAVING and (kind != "sign" or _step(event) not in event["to"])
