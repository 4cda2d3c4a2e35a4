"""A lesson being played: forward and back with the world, incidents, questions, by hand and back to the script, the score.

The faces (plain terminal, screen, recording) drive a Player and show its `view`. It knows no terminal and no clock but the
world's; how quickly it goes on is theirs to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from yk.errors import Reason, Refused, UsageError, YkError
from yk.scenario import exam
from yk.scenario.by_hand import read_step
from yk.scenario.debrief import Debrief, Moment, debrief
from yk.scenario.incidents import Outcome, inject
from yk.scenario.judging import close_incidents, is_done
from yk.scenario.paper import Paper, paper_of
from yk.scenario.questions import OPERATE, Question
from yk.scenario.result import Told
from yk.scenario.running import Run, world_for
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.scoring import Answer, score

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
"""How many times as quickly a lesson may be played."""
PAUSE = 4.0
"""Seconds a step is shown at speed 1; longer where there is more to read, see `seconds`."""
_READ = 12
"""Letters of a speaker's notes that are read in a second."""


class _Left(NamedTuple):
    """Where the script was left: the moment of the run to come back to, and what had struck."""

    moment: int
    struck: str


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
        self._script: _Left | None = None
        self._times: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self.world = world_for(self.scenario)
        self.run = Run(self.scenario, self.world, keep=True)
        self.run.begin()
        self.struck = ""
        self.arrive()

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *_: object) -> None:
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
        except YkError as error:
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
        self._keep_time()
        if not self.ended:
            self.arrive()
        return told

    def back(self) -> bool:
        """Take the last step back with everything it did to the world, and come to it again; False at the start."""
        self.return_to_script()
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
        return self._go_to_chapter(min((one for one in self.chapters if one > self.position + 1), default=0))

    def previous_chapter(self) -> bool:
        """Go back to where this chapter begins, or the one before; False at the first."""
        return self._go_to_chapter(max((one for one in self.chapters if one < self.position + 1), default=0))

    def _go_to_chapter(self, number: int) -> bool:
        if number:
            self.go_to(number)
        return bool(number)

    def _forget_answers(self) -> None:
        """Answers to questions of steps that lie ahead again are not given."""
        for question in self.paper.questions if self.paper else ():
            if question.step > self.position:
                self.answers.pop(question.id, None)
                self._hints.pop(question.id, None)

    # -- incidents and work by hand ----------------------------------------------------------------------------
    def inject(self, incident: str) -> str:
        """Let an incident strike now (the trainer's key); what is told of it. Raises UsageError, Refused where it cannot."""
        self.run.remember()
        try:
            self.struck = str(inject(self.world, {"incident": incident}))
        except YkError:
            self.run.back_to(self.run.moments - 1)
            raise
        return self.struck

    def do(self, text: str) -> Told:
        """Do something by hand, written as a step of a scenario (`办理: 业务受理` or `{事件: {…}}`); the script waits.

        Raises DefinitionError, UsageError for what is no step.
        """
        return self.do_step(read_step(text, self.scenario.flow))

    def do_step(self, step: Step) -> Told:
        """`do` with a step that is read already."""
        self.leave_script()
        told = self.run.by_hand(step)
        self._keep_time()
        return told

    def leave_script(self) -> None:
        """From now on things are done by hand, until `return_to_script`."""
        if self._script is None:
            self._script = _Left(self.run.moments, self.struck)
            self.run.remember()

    def return_to_script(self) -> bool:
        """Everything done by hand is undone, the script goes on; False when it was not left."""
        if self._script is None:
            return False
        self.run.back_to(self._script.moment)
        self.struck = self._script.struck
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

    def hints_of(self, question: Question) -> Sequence[str]:
        """The hints of a question that were taken."""
        return question.hints[: self._hints.get(question.id, 0)]

    def answer(self, question: Question, chosen: Sequence[str] = (), done: bool | None = None) -> bool:
        """Answer a question by the ids of options, or by what was done (`done`, else judged by the world); was it right?"""
        if question.kind == OPERATE and done is None:
            done = is_done(self.world, question)
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
        asked = self.paper.questions if self.paper else ()
        right = sum(1 for one in asked if one.id in self.answers and self.is_right(one))
        return f"答对 {right} / {len(self.answers)}，共 {len(asked)} 题" if asked else ""

    def seconds(self, speed: float = 1.0) -> float:
        """How long the present step is shown at a speed: what the speaker has to say is read out meanwhile."""
        step = self.coming or self.steps[-1]
        return max(PAUSE, len(step.speech) / _READ) / speed

    def close_incidents(self) -> list[Outcome]:
        """Close what struck: what was not settled has its consequence."""
        return close_incidents(self.world)

    def result(self, at: str, minutes: float = 0.0) -> Data:
        """The exam's result, see `exam.result_of`. Raises UsageError when the lesson asks nothing."""
        if self.paper is None:
            raise UsageError(
                "no_questions", f"场景“{self.scenario.name}”没有提问，考不了", "在步骤上写 提问 或 注入"
            )
        return exam.result_of(self.paper, self.answers.values(), at, minutes)

    def timeline(self) -> list[Moment]:
        """What was done so far, and when by the lesson's clock."""
        told = zip(self._times, self.run.result.log, strict=False)
        return [Moment(at, f"{one.mark} {one.text}", one.number) for at, one in told]

    def _keep_time(self) -> None:
        """The last line of the log is of now; lines that were taken back are forgotten."""
        self._times[len(self.run.result.log) - 1 :] = [self.world.desk.now()]

    def debrief(self, result: Mapping[str, Any]) -> Debrief:
        """The lesson looked back at as if it ended now; it can go on afterwards."""
        here = self.world.mark()
        closed = self.close_incidents()
        self.world.rewind(here)
        return debrief(result, closed, self.timeline(), self.paper.questions if self.paper else ())


def is_playable(scenario: Scenario) -> bool:
    """Can a scenario be played: has it steps, and is it not passed over?"""
    return bool(scenario.steps) and not scenario.skip
