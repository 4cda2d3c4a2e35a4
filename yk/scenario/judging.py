"""What a lesson's world shows at its end: was it done what a question asks for, how did the incidents end."""

from __future__ import annotations

from yk.scenario.clauses import find_clause
from yk.scenario.incidents import Happened, Outcome, conclude, happenings, outcomes, was_settled
from yk.scenario.questions import Question
from yk.scenario.world import World


def is_done(world: World, question: Question) -> bool:
    """Does the world show that a «do it» question was done: its incident settled; without one, every control of its risk
    that a person answers confirmed on the order in hand?"""
    if question.incident:
        return was_settled(world, question.incident)
    checks = world.order().checks if world.case else {}
    asked = [one.id for one in find_clause(question.risk).controls if one.check]
    return bool(asked) and all(checks.get(one, {}).get("state") == "done" for one in asked)


def last_of(world: World, incident: str) -> Happened | None:
    """The last time an incident (by id) struck a world; None when it never did."""
    struck = [one for one in happenings(world) if one.bound.incident.id == incident]
    return struck[-1] if struck else None


def close_incidents(world: World) -> list[Outcome]:
    """Close what struck a world and was not closed yet: what was not settled has its consequence; all outcomes in the order
    they struck. An outage ends first: nothing can be noted as long as it lasts."""
    closed = {one.happened.number for one in outcomes(world)}
    waiting = [one for one in happenings(world) if one.number not in closed]
    for happened in sorted(waiting, key=lambda one: not (world.broken and one.bound.incident.outage)):
        conclude(world, happened)
    return sorted(outcomes(world), key=lambda one: one.happened.number)
