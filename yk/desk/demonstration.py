"""The demonstration: a flow on a throw-away store, first refused, then mended one by one, then run to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from yk.desk.desk import Desk
from yk.desk.order import WorkOrder
from yk.desk.running import Plan, fill_in, run
from yk.desk.trying import alter
from yk.errors import Reason, Refused
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.flow import Flow
from yk.flows.guards import Guard, find_guard

DAY = "2026-11-23T09:00"
"""When the demonstration plays unless a clock is given: soon after the day its archive shows (2026-10-31)."""


SHOWN = 3
"""How many guards are shown when a flow names none."""


class Scene(NamedTuple):
    """One thing that happened: kind (opened | refused | mended | step | archived) and what belongs to it."""

    kind: str
    data: dict[str, Any]


def play(desk: Desk, flow: Flow) -> Iterator[Scene]:
    """The scenes of a flow's demonstration: the guards it names, else the first of its first step, are broken and mended."""
    story = flow.doc["demo"]
    named = story.get("breaks") or flow.step(flow.first)["guards"][:SHOWN]
    shown = [find_guard(name) for name in named if not _is_notice(desk, find_guard(name))]
    order = _ready(desk, flow, story.get("customer", ""))
    yield Scene("opened", {"order": order})
    for guard in shown:
        _alter(desk, order.case, guard, guard.breaks)
    yield from _mending(desk, order.case, shown)
    for done in run(desk, order.case, Plan(confirm_all=True, fill=True)):
        yield Scene("step", done)
    yield Scene("archived", {"order": desk.get(order.case)})


def _mending(desk: Desk, case: str, broken: list[Guard]) -> Iterator[Scene]:
    """Refusal after refusal, each time one guard that really refuses is mended: breaking one may hide or heal another."""
    while reasons := _refusal(desk, case):
        codes = {reason.code for reason in reasons}
        guard = next((one for one in broken if one.code in codes), None)
        if guard is None:
            break
        yield Scene("refused", {"reasons": reasons, "order": desk.get(case)})
        broken = [one for one in broken if one is not guard]
        _alter(desk, case, guard, guard.mends)
        yield Scene("mended", {"guard": guard})
    for guard in broken:
        _alter(desk, case, guard, guard.mends)


def _is_notice(desk: Desk, guard: Guard) -> bool:
    """A mere notice refuses nothing worth showing."""
    return bool(guard.level_setting) and desk.settings[guard.level_setting] == "notice"


def _ready(desk: Desk, flow: Flow, customer: str) -> WorkOrder:
    """An order at its first step with form, materials and controls complete."""
    first = flow.step(flow.first)
    desk.act_as(first["role"])
    order = desk.open(flow.id, customer or None)
    fill_in(desk, order.case, flow.first)
    return desk.confirm(order.case, [], every=True)


def _alter(desk: Desk, case: str, guard: Guard, recipe: Callable[[Facts], Change]) -> None:
    """Change the throw-away world as a recipe of `guard` says, where the order stands."""
    step = desk.steps_at(desk.get(case))[0]
    alter(desk, case, step, recipe, "demonstrate", guard.label)


def _refusal(desk: Desk, case: str) -> list[Reason]:
    """Why the order cannot go on; empty when it can."""
    desk.dry_run = True
    try:
        desk.send(case)
    except Refused as refused:
        return list(refused.reasons)
    finally:
        desk.dry_run = False
    return []
