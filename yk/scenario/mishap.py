"""A mishap: what an incident of a lesson does to the throw-away world, and when the world shows that it is settled.

`strike` changes the world through its desk and store and says what is to be remembered of it (plain data, kept with what
happened); `settled` looks at the world only, never at what somebody says they did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from yk.desk.order import WorkOrder
from yk.errors import UsageError
from yk.scenario.scenario import Data
from yk.scenario.world import World


class Blow(NamedTuple):
    """What strikes: the order in hand (None while there is none) and the step of it that is meant, what is told, and
    what the lesson asks for besides (`material`, `count`)."""

    order: WorkOrder | None
    step: str
    told: str
    asked: Mapping[str, Any]

    @property
    def case(self) -> WorkOrder:
        """The order, for mishaps that need one. Raises UsageError (`no_order`)."""
        if self.order is None:
            raise UsageError("no_order", "这种事故要先有工单", "先 受理 或 建单，再注入")
        return self.order


class Mishap(NamedTuple):
    """How an incident strikes, and how the world shows that it is settled; the latter is given what was remembered, with
    `case` ('' for none), `seq` (the last number of the order's log when it struck) and `right` (control ids)."""

    strike: Callable[[World, Blow], Data]
    settled: Callable[[World, Data], bool]


def note(world: World, order: WorkOrder, told: str, values: Mapping[str, Any] | None = None) -> None:
    """Write a line into the order's log, and change its form as no operator would; None empties a field."""
    with world.desk.unit():
        fresh = world.desk.get(order.case)
        fresh.data |= values or {}
        fresh.data = {name: value for name, value in fresh.data.items() if value is not None}
        world.desk.log(fresh, "demonstrate", reason=told)
