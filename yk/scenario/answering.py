"""Answers as people write them: letters or texts of options; a file of answers for an exam that runs by itself.

A file of answers is YAML: number or id of a question -> its letters (`B`, `AC`) or texts of options; the clause repeated; the
steps done by hand, a list of them; `分钟` (or `minutes`) the time it took.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.scenario.by_hand import as_step
from yk.scenario.questions import OPERATE, RECITE, Question, Recital
from yk.scenario.scenario import Step
from yk.scenario.scoring import Answer, right_share
from yk.scenario.stages import LETTERS
from yk.scenario.written import Map, bad, plain
from yk.text import did_you_mean, halfwidth, same_name

_MINUTES = ("分钟", "minutes")
_LONGEST = 100_000
"""Minutes nobody needs."""
_SPLIT = re.compile(r"[,，、;；\s]+")


def meant(question: Question, said: str) -> tuple[str, ...]:
    """The ids of the options that were said: letters (`AC`, `a、c`), or the text or id of one option.

    Raises UsageError (`unknown_option`) with the letters that there are.
    """
    known = dict(zip(LETTERS, question.options, strict=False))
    written = [one.id for one in question.options if same_name(said, one.text)]
    letters = "".join(_SPLIT.split(halfwidth(said).upper()))
    if not written and letters and set(letters) <= known.keys():
        return tuple(dict.fromkeys(known[letter].id for letter in letters))
    # a lesson's own options have letters for ids, which are not those that are shown
    found = written or [one.id for one in question.options if said.strip() == one.id]
    if not found:
        raise UsageError("unknown_option", f"没有“{said.strip()}”这个选项", f"可写 {'、'.join(known)}")
    return (found[0],)


def lettered(question: Question, chosen: Iterable[str]) -> str:
    """The letters of options, in their order."""
    wanted = set(chosen)
    return "".join(letter for letter, one in zip(LETTERS, question.options, strict=False) if one.id in wanted)


def recited(question: Question, said: str) -> bool:
    """Was the clause of a question read out, repeated word for word and confirmed?"""
    recital = Recital(question.answer)
    recital.read()
    recital.repeat(said)
    return recital.confirm()


def verdict(question: Question, chosen: Sequence[str] = (), done: bool = False) -> list[str]:
    """What a learner is told at once: right, partly or not, the right answer where it was not, the clause."""
    share = right_share(question, Answer(question.id, tuple(chosen), done))
    if share == 1:
        return [f"对。{question.clause}"]
    answer = f"{lettered(question, question.right)} {question.answer}".strip()
    return [
        f"{'不全对' if share else '不对'}，应是：{answer}",
        *([question.clause] if question.clause else []),
    ]


class Given(NamedTuple):
    """What was answered to a question: options, the clause repeated, or steps done by hand."""

    chosen: tuple[str, ...] = ()
    done: bool | None = None
    steps: tuple[Step, ...] = ()


class Answers:
    """The answers of a file. `minutes` is the time it took, None where the file does not say."""

    def __init__(self, values: Map) -> None:
        self._values = values
        word = next((one for one in _MINUTES if one in values), "")
        minutes: Any = values.get(word)
        if word and (type(minutes) not in (int, float) or not 0 <= minutes < _LONGEST):
            raise bad(values.place(word), "bad_minutes", f"{word}应是不小于 0 的数，现为 {minutes}")
        self.minutes: float | None = minutes

    def given(self, questions: Sequence[Question], flow: str) -> dict[str, Given | None]:
        """What was answered to each question, by its id; None where nothing was. `questions` in the order of their numbers,
        `flow` is what steps speak of. Raises DefinitionError, UsageError, also for an answer to no question."""
        numbers = {one.id: str(number) for number, one in enumerate(questions, start=1)}
        for key in self._values:
            if key not in (*numbers, *numbers.values(), *_MINUTES):
                hint = did_you_mean(key, list(numbers)) or f"题号是 1 到 {len(numbers)}，或题目编号"
                raise bad(self._values.place(key), "unknown_question", f"没有“{key}”这道题", hint)
        keys = {one.id: one.id if one.id in self._values else numbers[one.id] for one in questions}
        return {one.id: self._of(one, keys[one.id], flow) for one in questions}

    def _of(self, question: Question, key: str, flow: str) -> Given | None:
        """What was answered to a question."""
        value = self._values.get(key)
        if value is None:
            return None
        if question.kind == OPERATE:
            if not all(isinstance(one, Map) for one in _items(value)):
                place, told = self._values.place(key), f"第 {key} 题要动手办，答案应是步骤"
                raise bad(place, "wrong_type", told, "如 - {办理: 合同变更, 照例: 是}")
            return Given(steps=tuple(as_step(one, flow) for one in _items(value)))
        texts = [str(one) for one in _items(value)]
        if question.kind == RECITE:
            return Given(done=recited(question, "".join(texts)))
        try:
            found = [ident for text in texts for ident in meant(question, text)]
        except UsageError as error:
            raise bad(self._values.place(key), error.code, error.message, error.hint) from None
        return Given(tuple(dict.fromkeys(found)))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read_answers(path: Path) -> Answers:
    """The answers of a file. Raises DefinitionError with the line, UnreadableError."""
    read = plain(yamls.read(path))
    if not isinstance(read, Map):
        raise UsageError("bad_answers", f"{path}：答案应写成 题号: 答案", "如 1: B")
    return Answers(read)
