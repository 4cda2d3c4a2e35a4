"""A paper without a lesson being answered: questions of the manual, or those that somebody missed."""

from __future__ import annotations

from collections.abc import Sequence

from yk.clock import Clock
from yk.scenario import exam
from yk.scenario.paper import Paper
from yk.scenario.questions import Question
from yk.scenario.scenario import Data
from yk.scenario.scoring import Answer, right_share


class Quiz:
    """One person's paper: `questions` in the order they are asked, `numbers` id -> number from 1; `clock` says when one
    was answered."""

    def __init__(self, paper: Paper, clock: Clock) -> None:
        self.paper, self.clock, self.questions = paper, clock, list(paper.questions)
        self.numbers = {one.id: number for number, one in enumerate(self.questions, 1)}
        self._answers: dict[str, Answer] = {}
        self._hints: dict[str, int] = {}

    def hint(self, question: Question) -> str:
        """The next hint of a question: a clue, the clause, the answer; each costs more."""
        grade = min(self._hints.get(question.id, 0) + 1, len(question.hints))
        self._hints[question.id] = grade
        return question.hints[grade - 1]

    def answer(self, question: Question, chosen: Sequence[str] = (), done: bool | None = None) -> bool:
        """Answer by the ids of options, or say whether it was done; was anything of it right?"""
        hints, at = self._hints.get(question.id, 0), self.clock().isoformat()
        given = Answer(question.id, tuple(chosen), bool(done), hints, at)
        self._answers[question.id] = given
        return right_share(question, given) > 0

    def leave_out(self, question: Question) -> None:
        """Go on without an answer."""

    def result(self, at: str, minutes: float = 0) -> Data:
        """The result, see `exam.result_of`."""
        return exam.result_of(self.paper, self._answers.values(), at, minutes)
