"""A lesson being played: forward and back with the world, incidents, questions, by hand and back to the script, the score.

The faces (plain terminal, screen, recording) drive a Player and show its `view`. It knows no terminal and no clock but the
world's; how quickly it goes on is theirs to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from yk import yamls
from yk.errors import Reason, Refused, UsageError
from yk.scenario import exam
from yk.scenario.debrief import Debrief, Moment, debrief
from yk.scenario.incidents import Outcome, conclude, happenings, inject, outcomes, was_settled
from yk.scenario.paper import Paper, paper_of
from yk.scenario.questions import OPERATE, Question
from yk.scenario.result import Told
from yk.scenario.running import Run, world_for
from yk.scenario.scenario import Data, Place, Scenario, Step
from yk.scenario.scoring import Answer, score
from yk.scenario.steps import Steps
from yk.scenario.written import as_written, plain

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
"""How many times as quickly a lesson may be played."""
PAUSE = 4.0
"""Seconds a step is shown at speed 1; longer where there is more to read, see `seconds`."""
_READ = 12
"""Letters of a speaker's notes that are read in a second."""


class Player:
    """A lesson in a world of its own. `person` sits an exam: questions of a step are answered before it is done. Use as a
    context manager, or call `close`."""

    def __init__(self, scenario: Scenario, person: str = "", seed: int | None = None) -> None:
        self.scenario, self.person = scenario, person
        self.paper: Paper | None = None
        if any(step.ask or step.inject for step in scenario.steps):
            self.paper = paper_of(scenario, person, seed)
        self.answers: dict[str, Answer] = {}
        self._hints: dict[str, int] = {}
        self._script: int | None = None
        self._begin()

    def _begin(self) -> None:
        self.world = world_for(self.scenario)
        self.run = Run(self.scenario, self.world, keep=True)
        self.run.begin()
        self.struck = ""
        self._opened = self.world.clock.now
        self.arrive()

    def __enter__(self) -> Player:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the lesson; its world is gone."""
        self.world.close()

    # -- where it stands -----------------------------------------------------------------------------------
    @property
    def position(self) -> int:
        """How many steps are done."""
        return self.run.position

    @property
    def steps(self) -> Sequence[Step]:
        """All steps of the lesson."""
        return self.run.steps

    @property
    def ended(self) -> bool:
        """Is every step done, or did one fail?"""
        return self.position >= len(self.steps) or not self.run.result.passed

    @property
    def coming(self) -> Step | None:
        """The step that comes next; None at the end."""
        return None if self.position >= len(self.steps) else self.steps[self.position]

    @property
    def chapters(self) -> dict[int, str]:
        """Number of a step (from 1) -> the chapter that begins there."""
        return {number: step.chapter for number, step in enumerate(self.steps, 1) if step.chapter}

    @property
    def chapter(self) -> str:
        """The chapter of the last step done, or of the first."""
        begun = [name for number, name in self.chapters.items() if number <= max(self.position, 1)]
        return begun[-1] if begun else ""

    @property
    def by_hand(self) -> bool:
        """Was the script left, to do something by hand?"""
        return self._script is not None

    # -- forward and back ------------------------------------------------------------------------------------
    def arrive(self) -> str:
        """Come to the next step: what it injects strikes; what is told of it."""
        try:
            self.struck = self.run.strike() or self.struck if self.run.result.passed else self.struck
        except UsageError as error:
            self.struck = error.message
        return self.struck

    def forward(self) -> Told:
        """Do the next step, and come to the one after it. Raises Refused while an exam's questions are open, UsageError at
        the end and where the script was left."""
        if self.by_hand:
            raise UsageError("by_hand", "现在是自己动手，先回到脚本", "按 r 回到脚本")
        if self.ended:
            raise UsageError("lesson_ended", "演练已结束", "可以回退、重来或看复盘")
        if self.person and (waiting := self.open_questions()):
            raise Refused([Reason("question_open", f"还有 {len(waiting)} 道题没有答，答完再往下")])
        self.struck = ""
        told = self.run.step()
        if not self.ended:
            self.arrive()
        return told

    def back(self) -> bool:
        """Take the last step back with everything it did to the world, and come to it again; False at the start."""
        self._script = None
        if not self.run.back():
            return False
        self._forget_answers()
        self.struck = ""
        self.arrive()
        return True

    def restart(self) -> None:
        """Begin anew with the same seed."""
        self.close()
        self.answers.clear()
        self._hints.clear()
        self._script = None
        self._begin()

    def go_to(self, number: int) -> None:
        """Go on or back until step `number` (from 1) comes next; questions on the way are passed over."""
        person, self.person = self.person, ""
        try:
            while self.position > number - 1 and self.back():
                pass
            while self.position < number - 1 and not self.ended:
                self.forward()
        finally:
            self.person = person

    def next_chapter(self) -> bool:
        """Go to where the next chapter begins; False when there is none."""
        ahead = [number for number in self.chapters if number > self.position + 1]
        if not ahead:
            return False
        self.go_to(ahead[0])
        return True

    def previous_chapter(self) -> bool:
        """Go back to where this chapter begins, or the one before; False at the first."""
        before = [number for number in self.chapters if number < self.position + 1]
        if not before:
            return False
        self.go_to(before[-1])
        return True

    def _forget_answers(self) -> None:
        """Answers to questions of steps that lie ahead again are not given."""
        for question in self.paper.questions if self.paper else ():
            if question.step > self.position:
                self.answers.pop(question.id, None)
                self._hints.pop(question.id, None)

    # -- incidents and work by hand ----------------------------------------------------------------------------
    def inject(self, incident: str) -> str:
        """Let an incident strike now (the trainer's key); what is told of it. Raises UsageError where it cannot."""
        self.run.remember()
        try:
            self.struck = str(inject(self.world, {"incident": incident}))
        except UsageError:
            self.run.back_to(self.run.moments - 1)
            raise
        return self.struck

    def do(self, text: str) -> Told:
        """Do something by hand, written as a step of a scenario (`办理: 业务受理` or `{事件: {…}}`); the script waits.

        Raises DefinitionError, UsageError for what is no step.
        """
        step = self._by_hand(text)
        if self._script is None:
            self._script = self.run.moments
        return self.run.by_hand(step)

    def _by_hand(self, text: str) -> Step:
        place = Place("自己动手", 1)
        read = as_written(plain(yamls.parse(text, "自己动手")), place)
        return Steps({}, {}, self.scenario.flow).read(as_written([read], place), place)[0]

    def return_to_script(self) -> bool:
        """Everything done by hand is undone, the script goes on; False when it was not left."""
        if self._script is None:
            return False
        self.run.back_to(self._script)
        self._script = None
        return True

    # -- questions -----------------------------------------------------------------------------------------------
    def open_questions(self) -> list[Question]:
        """The questions of the coming step that were not answered."""
        asked = self.paper.at(self.position + 1) if self.paper else []
        return [one for one in asked if one.id not in self.answers]

    def hint(self, question: Question) -> str:
        """The next hint of a question: a clue, the clause, the answer; each costs more."""
        grade = min(self._hints.get(question.id, 0) + 1, len(question.hints))
        self._hints[question.id] = grade
        return question.hints[grade - 1]

    def answer(self, question: Question, chosen: Sequence[str] = (), done: bool | None = None) -> bool:
        """Answer a question by the ids of options, or by what was done (`done`, else judged by the world); was it right?"""
        if question.kind == OPERATE and done is None:
            done = was_settled(self.world, question.incident)
        for one in chosen:
            question.option(one)
        at = self.world.desk.now()
        self.answers[question.id] = Answer(
            question.id, tuple(chosen), bool(done), self._hints.get(question.id, 0), at
        )
        return self.is_right(question)

    def is_right(self, question: Question) -> bool:
        """Did the answer given earn anything?"""
        assert self.paper is not None
        answer = replace(self.answers[question.id], hints=0)
        return score([question], [answer], self.paper.rules, 0).points[question.id] > 0

    def score_text(self) -> str:
        """The score so far, '' without questions."""
        if self.paper is None:
            return ""
        right = sum(1 for one in self.paper.questions if one.id in self.answers and self.is_right(one))
        return f"答对 {right} / {len(self.answers)}，共 {len(self.paper.questions)} 题"

    def seconds(self, speed: float = 1.0) -> float:
        """How long the present step is shown at a speed: what the speaker has to say is read out meanwhile."""
        step = self.steps[self.position - 1] if self.position else self.steps[0]
        return max(PAUSE, len(step.speech) / _READ) / speed

    # -- the end -----------------------------------------------------------------------------------------------------
    def close_incidents(self) -> list[Outcome]:
        """Close what struck: what was not settled has its consequence."""
        closed = {one.happened.number for one in outcomes(self.world)}
        for happened in happenings(self.world):
            if happened.number not in closed:
                conclude(self.world, happened)
        return outcomes(self.world)

    def result(self, at: str, minutes: float = 0.0) -> Data:
        """The exam's result, see `exam.result_of`. Raises UsageError when the lesson asks nothing."""
        if self.paper is None:
            raise UsageError(
                "no_questions", f"场景“{self.scenario.name}”没有提问，考不了", "在步骤上写 提问 或 注入"
            )
        return exam.result_of(self.paper, self.answers.values(), at, minutes)

    def debrief(self, result: Mapping[str, Any]) -> Debrief:
        """The lesson looked back at."""
        log = [Moment(self.world.desk.now(), f"{one.mark} {one.text}") for one in self.run.result.log]
        return debrief(result, self.close_incidents(), log)


def is_playable(scenario: Scenario) -> bool:
    """Can a scenario be played: has it steps, and is it not passed over?"""
    return bool(scenario.steps) and not scenario.skip
