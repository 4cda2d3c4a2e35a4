"""What waits: the orders under way as a person works through them, the most urgent first, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from yk.desk.desk import Desk
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.desk.views import line

Line = dict[str, Any]
LAST = "9999"
"""Orders without a deadline come after those with one."""


class Counts(NamedTuple):
    """How many of the operator's own orders: all under way, due today, late (red lamp), soon due (yellow), on hold."""

    todo: int
    today: int
    late: int
    soon: int
    held: int


class Worklist(NamedTuple):
    """The lines, as `views.line` makes them with `new_name`, `done` and `of` (steps done, steps in all) and `mine`;
    the counts."""

    lines: list[Line]
    counts: Counts


def worklist(desk: Desk, status: str = "") -> Worklist:
    """Every order under way, or those with another `status`, by deadline; counts of the operator's own."""
    running = [one for state in (OPEN, SUSPENDED) for one in _lines(desk, desk.orders(status=state))]
    counts = _counts(running, desk.clock().date().isoformat())
    shown = running if not status else _lines(desk, desk.orders(status=status))
    return Worklist(sorted(shown, key=_urgency), counts)


def _lines(desk: Desk, orders: Iterable[WorkOrder]) -> list[Line]:
    return [_line(desk, order) for order in orders]


def _line(desk: Desk, order: WorkOrder) -> Line:
    steps = desk.flow_of(order).steps
    done = len({step for step, _, _ in order.done if step not in order.at})
    mine = desk.is_mine(order)
    more = {
        "id": order.case,
        "new_name": order.data.get("new_name"),
        "done": done,
        "of": len(steps),
        "mine": mine,
    }
    return line(desk, order) | more


def _urgency(one: Line) -> tuple[bool, str, str]:
    return one["status"] != OPEN, one["due"] or LAST, one["case"]


def _counts(lines: Iterable[Line], today: str) -> Counts:
    mine = [one for one in lines if one["mine"] and one["status"] == OPEN]
    return Counts(
        todo=len(mine),
        today=sum((one["due"] or LAST)[:10] == today for one in mine),
        late=sum(one["lamp"] == "red" for one in mine),
        soon=sum(one["lamp"] == "yellow" for one in mine),
        held=sum(one["status"] == SUSPENDED for one in lines),
    )
