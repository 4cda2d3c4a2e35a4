"""An exam being sat in a lesson: the questions in the order they are asked, what is done by hand, the result, the debrief.

What a person does by hand is judged by the world and then undone; the script goes on from where it was left. So everybody
comes to the same questions, whatever was answered before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from yk.errors import Refused, UsageError, YkError
from yk.scenario import exam
from yk.scenario.debrief import Debrief, Moment, debrief
from yk.scenario.incidents import Outcome, conclude
from yk.scenario.judging import close_incidents, last_of
from yk.scenario.playing import Player
from yk.scenario.questions import OPERATE, Question
from yk.scenario.result import Told
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.telling import reason


class Sitting:
    """One person's exam. Use as a context manager."""

    def __init__(self, scenario: Scenario, person: str, seed: int | None = None) -> None:
        self.player = Player(scenario, person, seed)
        if self.player.paper is None:
            self.player.close()
            raise UsageError(
                "no_questions", f"场景“{scenario.name}”没有提问，考不了", "在步骤上写 提问 或 注入"
            )
        self.paper = self.player.paper
        self.questions = [one for step in range(1, len(scenario.steps) + 1) for one in self.paper.at(step)]
        self.numbers = {one.id: number for number, one in enumerate(self.questions, 1)}
        self._left_out: set[str] = set()
        self._ended: dict[str, Outcome] = {}
        self._acts: list[tuple[int, Moment]] = []

    def __enter__(self) -> Sitting:
        return self

    def __exit__(self, *_: object) -> None:
        self.player.close()

    # -- answering -------------------------------------------------------------------------------------------
    def hint(self, question: Question) -> str:
        """The next hint of a question: a clue, the clause, the answer; each costs more."""
        return self.player.hint(question)

    def approach(self, question: Question) -> None:
        """Before something is done by hand: the script is left; what the question is about strikes now where it has not.

        Raises UsageError where it cannot strike.
        """
        self.player.leave_script()
        if question.incident and last_of(self.player.world, question.incident) is None:
            self.player.inject(question.incident)

    def do(self, step: Step) -> Told:
        """Do a step by hand; it stands in the debrief's timeline."""
        told = self.player.do_step(step)
        at = self.player.world.desk.now()
        self._acts.append(
            (self.player.position, Moment(at, f"动手 {told.mark} {told.text}", self.player.position + 0.6))
        )
        return told

    def judge(self, question: Question) -> bool:
        """What was done by hand is judged by the world and undone; how the incident ended is kept. Was it right?"""
        world = self.player.world
        self.player.leave_script()
        right = self.player.answer(question)
        if happened := last_of(world, question.incident):
            with suppress(Refused):  # while the system is down for another reason nothing can be noted
                self._ended[question.incident] = conclude(world, happened)
        self.player.return_to_script()
        return right

    def answer(self, question: Question, chosen: Sequence[str] = (), done: bool | None = None) -> bool:
        """Answer by the ids of options, or say whether it was done (reading out and repeating); was it right?"""
        return self.player.answer(question, chosen, done)

    def leave_out(self, question: Question) -> None:
        """Go on without an answer; what was done by hand is undone."""
        self.player.return_to_script()
        self.player.answer(question, (), False)
        self._left_out.add(question.id)

    # -- the end ---------------------------------------------------------------------------------------------
    def result(self, at: str, minutes: float = 0) -> Data:
        """The result, see `exam.result_of`."""
        given = [one for ident, one in self.player.answers.items() if ident not in self._left_out]
        return exam.result_of(self.paper, given, at, minutes)

    def debrief(self, result: Mapping[str, Any]) -> Debrief:
        """The exam looked back at; an incident that was worked on by hand ended as it did there."""
        closed = close_incidents(self.player.world)
        mine = [self._ended.pop(one.happened.bound.incident.id, one) for one in closed]
        return debrief(result, [*mine, *self._ended.values()], self._timeline(), self.questions)

    def _timeline(self) -> list[Moment]:
        """The steps of the script, what was done by hand before the step where it was done."""
        script = [(number, 1, one) for number, one in enumerate(self.player.timeline())]
        acts = [(number, 0, one) for number, one in self._acts]
        return [one for _, _, one in sorted([*script, *acts], key=lambda row: row[:2])]


def rehearse(scenario: Scenario, person: str, seed: int | None = None) -> None:
    """Go through an exam without anybody: a lesson that does not go as it says must not be sat.

    Raises YkError (`lesson_broken`) with the reason.
    """
    if scenario.skip:
        raise YkError("lesson_skipped", f"课“{scenario.name}”标了跳过：{scenario.skip}")
    with Sitting(scenario, person, seed) as sitting:
        player = sitting.player
        try:
            while not player.ended:
                for question in player.open_questions():
                    if question.kind == OPERATE:
                        sitting.approach(question)
                    sitting.leave_out(question)
                player.forward()
        except YkError as error:
            raise _broken(scenario, error.message) from None
        if (result := player.run.finish()).failed:
            raise _broken(scenario, reason(result))


def _broken(scenario: Scenario, why: str) -> YkError:
    hint = f"yk scenario run {scenario.place.file} 看原因，改好再考"
    return YkError("lesson_broken", f"课“{scenario.name}”自己走不通，不能考：{why}", hint)
