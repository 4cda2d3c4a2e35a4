"""Composing a scenario by playing it: each step is tried in a world and written down with what came of it.

What is written is a document as people write it. Its oracle is the flow as it is today: run later it finds what drifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from yk.desk.checklist import Examination
from yk.desk.order import OPEN
from yk.errors import Reason, Refused, YkError
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.scenario import words
from yk.scenario.building import build
from yk.scenario.observed import Seen
from yk.scenario.running import ACTS
from yk.scenario.scenario import Data, Place, Scenario
from yk.scenario.steps import Steps
from yk.scenario.world import Mark, World
from yk.scenario.written import as_written

_PLACE = Place("generated", 1)


class Moment(NamedTuple):
    """A moment of a composition, to come back to."""

    world: Mark
    steps: int
    seen: dict[Seen, None]


class Composer:
    """One scenario in the making. `steps` are documents with Chinese keys; `seen` what of the flow was met."""

    def __init__(self, flow: Flow, world: World, given: Data | None = None) -> None:
        self.flow, self.world = flow, world
        self.steps: list[Data] = []
        self.seen: dict[Seen, None] = {}
        self._scenario = Scenario(_PLACE, "", "", flow.id, (), given or {}, (), ())
        build(world, given or {})

    # -- trying ----------------------------------------------------------------------------------------
    def add(self, raw: Data) -> tuple[Reason, ...]:
        """Do a step and write it down, with the reasons when it is refused; gives them."""
        self.world.desk.seen = {}
        step = Steps({}, {}, self.flow.id).read(as_written([raw], _PLACE), _PLACE)[0]
        reasons: tuple[Reason, ...] = ()
        try:
            ACTS[step.act](self.world, self._scenario, step)
        except Refused as refused:
            reasons = refused.reasons
            self.world.desk.note_refusal(self.flow.id, refused)
        except YkError as error:
            reasons = (Reason(error.code, error.message),)
        self.seen |= self.world.desk.seen
        self.steps.append(raw | ({"应拒": self.called(reasons)} if reasons else {}))
        return reasons

    def move(self, raw: Data) -> tuple[Reason, ...]:
        """As `add`; when it moves on, where the order stands then is expected of it."""
        reasons = self.add(raw)
        if not reasons:
            self.steps[-1] = self.steps[-1] | {"应": {"状态": self.places()}}
        return reasons

    def called(self, reasons: Sequence[Reason]) -> list[str]:
        """The words by which the scenario calls the reasons: all of them, each once."""
        return list(dict.fromkeys(self._word(reason) for reason in reasons))

    def _word(self, reason: Reason) -> str:
        word = words.words("refusal").get(reason.code) or self._label(reason.code)
        control = (reason.control or "").removeprefix("YXZY-YY-")
        return f"{word}:{control}" if control else word

    def _label(self, code: str) -> str:
        """The label of a guard that refuses with a code: one of the steps the order stands at, else one it opens by."""
        here = self.here() if self.world.case else [self.flow.first]
        names = [name for step in here for name in self.flow.step(step)["guards"]]
        found = (find_guard(name) for name in (*names, *self.flow.doc["opens_if"]))
        return next((one.label for one in found if one.code == code), code)

    # -- looking -----------------------------------------------------------------------------------------
    def here(self) -> list[str]:
        """The steps the order stands at; none when it has ended or was not opened."""
        if not self.world.case:
            return []
        order = self.world.order()
        return self.world.desk.steps_at(order) if order.status == OPEN else []

    def places(self) -> list[str]:
        """Where the order stands, in Chinese."""
        order = self.world.order()
        steps = self.world.desk.steps_at(order)
        return [self.flow.steps[name]["name"] for name in steps] or [words.chinese("place", order.status)]

    def exam(self, step: str) -> Examination:
        """What the move forward from a step would be told now."""
        exam = self.world.desk.examination(self.world.order(), step)
        exam.ask(self.flow.gate(step))
        return exam

    def broken(self, step: str) -> list[str]:
        """The guards of a step that say no now."""
        exam = self.exam(step)
        return [name for name in self.flow.step(step)["guards"] if not exam.answers[name]]

    def is_notice(self, guard: str) -> bool:
        """Is a guard a mere notice under the settings?"""
        level = find_guard(guard).level_setting
        return bool(level) and self.world.desk.settings[level] == "notice"

    def name(self, step: str) -> str:
        """The Chinese name of a step, or its id where two steps have one name."""
        name = str(self.flow.steps[step]["name"])
        first = next(ident for ident, one in self.flow.steps.items() if one["name"] == name)
        return name if first == step else step

    # -- moments -----------------------------------------------------------------------------------------
    def moment(self) -> Moment:
        """This moment, to come back to."""
        return Moment(self.world.mark(), len(self.steps), dict(self.seen))

    def rewind(self, moment: Moment) -> None:
        """As it was then."""
        self.world.rewind(moment.world)
        del self.steps[moment.steps :]
        self.seen = dict(moment.seen)
