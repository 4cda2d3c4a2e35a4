"""Incidents in a throw-away world: they strike, an outage ends, the world shows whether the right thing was done.

`inject` strikes, `recover` ends an outage, `is_settled` judges by the world alone, `conclude` closes the matter: it lets the
time pass that it cost and, where nothing was done, writes what followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from yk.clock import parse_time
from yk.desk.order import WorkOrder
from yk.scenario.acts_time import look_at_lamps
from yk.scenario.incident import Bound, Incident, bind, find_incident, mishaps
from yk.scenario.mishap import Blow, note
from yk.scenario.world import World


@dataclass(frozen=True, slots=True)
class Happened:
    """An incident that struck a world: `number` from 1, the order and step it struck ('' without an order), when (ISO 8601),
    what was told; `about` is what its mishap remembers."""

    number: int
    bound: Bound
    case: str
    step: str
    at: str
    told: str
    consequence: str
    about: Mapping[str, Any]

    @property
    def risk(self) -> str:
        """The public id of the risk it realises; '' for none."""
        return self.bound.clause.id if self.bound.clause else ""

    def __str__(self) -> str:
        return f"{self.bound.incident.name}：{self.told}"


class Outcome(NamedTuple):
    """How an incident ended: was the right thing done, minutes it cost, minutes that the step is past its limit now (0: it
    is not, or was left), and what followed ('' when it was settled)."""

    happened: Happened
    settled: bool
    minutes: int
    over: int
    consequence: str


def inject(world: World, asked: Mapping[str, Any]) -> Happened:
    """Let an incident strike. `asked`: `incident` (id or name), and optionally `risk`, `order` (label), `material`, `count`,
    `consequence`. It is bound to the risk of the step where the order in hand stands.

    Raises UsageError where it cannot strike (no order, no paper, no meter, no limit).
    """
    incident = find_incident(str(asked["incident"]))
    order = world.order(str(asked.get("order") or "")) if asked.get("order") or world.case else None
    step, bound = _place(world, order, incident, str(asked.get("risk") or ""))
    at, seq = world.desk.now(), order.seq if order else 0
    remembered = mishaps()[incident.id].strike(world, Blow(order, step, incident.told, asked))
    if order:
        seq = world.desk.get(order.case).seq  # its own line in the log is nobody's doing
    about = {"case": order.case if order else "", "seq": seq, "right": list(bound.right), **remembered}
    told = str(asked.get("consequence") or incident.consequence)
    happened = Happened(
        len(happenings(world)) + 1, bound, about["case"], step, at, incident.told, told, about
    )
    world.extra.setdefault("happened", []).append(happened)
    if bound.clause:
        world.desk.see("risks", bound.clause.flow, f"{bound.clause.id}=realised")
    return happened


def _place(world: World, order: WorkOrder | None, incident: Incident, risk: str) -> tuple[str, Bound]:
    """The step of the order that an incident strikes, and what it is bound to there: of steps side by side one that it
    belongs to, the operator's own first."""
    if order is None:
        return "", bind(incident, risk=risk)
    flow, mine = world.desk.flow_of(order), world.desk.operator.roles
    found = []
    for name in world.desk.steps_at(order):
        spec = flow.step(name)
        bound = bind(incident, spec["entry"], risk)
        belongs = bound.clause is not None and bound.clause.entry == spec["entry"]
        found.append(((belongs, spec["role"] in mine), name, bound))
    _, step, bound = max(found, key=lambda one: one[0], default=(None, "", bind(incident, risk=risk)))
    return step, bound


def happenings(world: World) -> list[Happened]:
    """What has struck a world so far."""
    return list(world.extra.get("happened", ()))


def outcomes(world: World) -> list[Outcome]:
    """How the incidents that were closed ended."""
    return list(world.extra.get("outcomes", ()))


def recover(world: World, happened: Happened) -> None:
    """An outage ends, after the minutes it took; of anything else nothing."""
    incident = happened.bound.incident
    if incident.outage and world.broken:
        world.broken = ""
        world.extra.setdefault("ended", []).append(happened.number)
        _let_pass(world, incident.minutes)


def is_settled(world: World, happened: Happened) -> bool:
    """Was the right thing done, as far as the world shows?"""
    return mishaps()[happened.bound.incident.id].settled(world, dict(happened.about))


def was_settled(world: World, incident: str) -> bool:
    """Was an incident (by id) settled, the last time it struck? So a question «do it» is judged; False when it never did."""
    struck = [one for one in happenings(world) if one.bound.incident.id == incident]
    return bool(struck) and is_settled(world, struck[-1])


def conclude(world: World, happened: Happened) -> Outcome:
    """Close the matter: an outage ends, the time it cost passes, and of what was not settled the order's log says what
    followed."""
    incident, settled = happened.bound.incident, is_settled(world, happened)
    recover(world, happened)
    minutes = incident.minutes if settled else incident.ignored
    passed = incident.minutes if happened.number in world.extra.get("ended", ()) else 0
    _let_pass(world, minutes - passed)
    consequence = "" if settled else happened.consequence
    if consequence and happened.case:
        note(world, world.desk.get(happened.case), f"{incident.name}没有处理：{consequence}")
    outcome = Outcome(happened, settled, minutes, _past_limit(world, happened), consequence)
    world.extra.setdefault("outcomes", []).append(outcome)
    return outcome


def _past_limit(world: World, happened: Happened) -> int:
    """Minutes since the limit of the step that was struck, where the order still stands there."""
    running = world.desk.get(happened.case).steps.get(happened.step, {}) if happened.case else {}
    late = world.clock.now - parse_time(running["due"]) if running.get("due") else timedelta(0)
    return max(0, int(late.total_seconds() // 60))


def _let_pass(world: World, minutes: int) -> None:
    world.clock.advance(minutes=minutes)
    look_at_lamps(world)
