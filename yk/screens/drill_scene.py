"""A moment of a lesson as the screen 演练 shows it, read from the player in its thread as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from yk.desk.checklist import items
from yk.errors import YkError
from yk.flows.flow import load
from yk.scenario.answering import lettered
from yk.scenario.clauses import clauses_of
from yk.scenario.incident import fitting, incidents
from yk.scenario.playing import Player
from yk.scenario.questions import KINDS, Question
from yk.scenario.scoring import right_share
from yk.scenario.showing import view
from yk.scenario.stages import View

if TYPE_CHECKING:
    from yk.scenario.scenario import Step

_AT_STEP = ("do", "run", "prepare")
"""Acts that name the step of the flow they work at."""
MOST = 40
"""So many lines of what was done before are kept for the screen."""


class Done(NamedTuple):
    """Something that was done: when by the lesson's clock (`11-23 09:00`), its mark and what."""

    at: str
    text: str


class Answered(NamedTuple):
    """A question of the coming step that was answered: its kind, how much of it was right (0 to 1), the right answer with its
    letters, the clause."""

    kind: str
    share: float
    answer: str
    clause: str


class Guarding(NamedTuple):
    """A risk of the coming step, or one of its controls: the public id without its entry, the text; of a control the
    state in the checklist of the order in hand ('' where the order is not at the step)."""

    entry: str
    id: str
    text: str
    is_risk: bool
    state: str = ""


class Incidental(NamedTuple):
    """An incident that may be injected by key: how near it is (0 the step waits for it, 1 it belongs to a risk there)."""

    near: int
    id: str
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment. `coming` is the next step in words ('' at the end), `question` the open one with `waiting` in all,
    `outcome` what does not hold of what the scenario expects in the end (None before it); `seconds` at speed 1."""

    view: View
    coming: str
    done: tuple[Done, ...]
    struck: str
    missed: tuple[str, ...]
    question: Question | None
    waiting: int
    hints: tuple[str, ...]
    answered: tuple[Answered, ...]
    guarding: tuple[Guarding, ...]
    outcome: tuple[str, ...] | None
    by_hand: bool
    ended: bool
    passed: bool
    asks: bool
    given: int
    of: int
    person: str
    seconds: float

    @property
    def position(self) -> int:
        """How many steps are done."""
        return self.view.step


def scene(player: Player) -> Scene:
    """The present moment."""
    waiting, paper, result = player.open_questions(), player.paper, player.run.result
    question = waiting[0] if waiting else None
    return Scene(
        view=view(player, notes=True),
        coming=_said(player.coming),
        done=tuple(Done(one.at[5:16].replace("T", " "), one.text) for one in player.timeline()[-MOST:]),
        struck=player.struck,
        missed=tuple(f"{one.where}：期望 {one.wanted}，实际 {one.found}" for one in result.misses),
        question=question,
        waiting=len(waiting),
        hints=tuple(player.hints_of(question)) if question else (),
        answered=tuple(_answered(player)),
        guarding=tuple(_guarding(player)),
        outcome=_outcome(player) if player.ended and result.passed else None,
        by_hand=player.by_hand,
        ended=player.ended,
        passed=result.passed,
        asks=paper is not None,
        given=len(player.answers),
        of=len(paper.questions) if paper else 0,
        person=player.person,
        seconds=player.seconds(),
    )


def _said(step: Step | None) -> str:
    return "" if step is None else f"{step.by}：{step.said}" if step.by else step.said


def _answered(player: Player) -> Iterator[Answered]:
    """The questions of the coming step that were answered."""
    for one in player.paper.at(player.position + 1) if player.paper else ():
        if one.id in player.answers:
            share = right_share(one, player.answers[one.id])
            answer = f"{lettered(one, one.right)} {one.answer}".strip()
            yield Answered(KINDS[one.kind], float(share), answer, one.clause)


def _outcome(player: Player) -> tuple[str, ...]:
    """What of the scenario's own expectations at its end does not hold."""
    from yk.scenario.expecting import misses

    try:
        found = misses(player.world, player.scenario.then)
    except YkError as error:
        return (error.message,)
    return tuple(f"{one.where}：期望 {one.wanted}，实际 {one.found}" for one in found)


def places(player: Player) -> dict[str, str]:
    """The steps of the flow that the coming step is about, else those where the order in hand stands: id -> entry."""
    coming, world = player.coming, player.world
    with suppress(YkError):
        if coming and coming.act in ("open", "accept"):
            flow = load(coming.what.get("flow") or player.scenario.flow)
            return {flow.first: str(flow.step(flow.first)["entry"])}
        order = world.order(coming.order if coming else "")
        flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
        if coming and coming.act in _AT_STEP and coming.what in flow.steps:
            here = [coming.what]
        return {one: str(flow.step(one)["entry"]) for one in here}
    return {}


def _guarding(player: Player) -> Iterator[Guarding]:
    """The risks and controls of the coming step."""
    for step, entry in places(player).items():
        states = _states(player, step)
        with suppress(YkError):
            for clause in clauses_of(entry):
                yield Guarding(entry, clause.short, clause.text, True)
                for one in clause.controls:
                    short = one.id.removeprefix(f"{entry}.")
                    yield Guarding(entry, short, one.text, False, states.get(one.id, ""))


def _states(player: Player, step: str) -> dict[str, str]:
    """Control -> its state in the checklist, where the order in hand stands at the step."""
    coming = player.coming
    with suppress(YkError):
        order = player.world.order(coming.order if coming else "")
        if step in player.world.desk.steps_at(order):
            exam = player.world.desk.examination(order, step)
            return {one["id"]: one["state"] for one in items(exam)}
    return {}


def incidentals(player: Player) -> list[Incidental]:
    """The incidents the trainer may let strike now, the nearest first."""
    named = str(((player.coming.inject if player.coming else None) or {}).get("incident") or "")
    near = {one.id for entry in places(player).values() for one in fitting(entry)}
    found = [
        Incidental(
            0 if named in (one.id, one.name) else 1 if one.id in near else 2, one.id, one.name, one.told
        )
        for one in incidents().values()
        if "key" in one.triggers
    ]
    return sorted(found, key=lambda one: one.near)
