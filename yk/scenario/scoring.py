"""The score of a lesson: recognise 30, choose controls 30, operate 30, time 10; hints cost 3, 6, 10. Pure.

The pass mark is 80: who is new may work alone from 80 points in the test of the manual on (PX 三(一)). A lesson may set its
own pass mark, weights and limit of time. A part that a paper asks nothing of goes to the others in proportion, so that all
right is always 100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from yk.errors import UsageError
from yk.flows.roles import find_role
from yk.scenario import words
from yk.scenario.questions import DONE, OPERATE, RECITE, Question

RISK, CONTROL, OPERATION, TIME = "risk", "control", "operate", "time"
WEIGHTS = {RISK: 30, CONTROL: 30, OPERATION: 30, TIME: 10}
PASS_MARK = 80
HINTS = (0, 3, 6, 10)
"""What the hints cost a question, by the highest grade taken (clue, clause, answer); never more than it has earned."""
RATINGS = {"P": "独立做到", "S": "基本做到", "M": "勉强做到", "U": "没有做到"}
"""Grades of an objective as exercises use them: performed, with some, with major challenges, unable."""
_GRADES = ((Fraction(95, 100), "P"), (Fraction(80, 100), "S"), (Fraction(50, 100), "M"))
"""The least share of an objective's points for a grade (our own figures; S begins at the pass mark)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a lesson is judged: points to pass, points of the parts (together 100), minutes allowed (0: no limit), ids of the
    roles that passing unlocks, objectives (text -> words of what they cover: ids of risks or entries, incidents, parts; none
    covers everything)."""

    pass_mark: float = PASS_MARK
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    minutes: float = 0
    unlocks: tuple[str, ...] = ()
    objectives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: the ids of the options chosen, or `done` as the world judged it; `hints` the highest grade taken (0 to 3);
    `at` when (ISO 8601)."""

    question: str
    chosen: tuple[str, ...] = ()
    done: bool = False
    hints: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Points by question and what it was worth, points by part and what it was worth, the total of 100, passed or not, and
    the rating of every objective ('' where nothing was asked of it)."""

    points: Mapping[str, float]
    worth: Mapping[str, float]
    parts: Mapping[str, tuple[float, float]]
    total: float
    passed: bool
    ratings: Mapping[str, str]


# -- rules of a lesson -------------------------------------------------------------------------------------------
def rules_of(lesson: Mapping[str, Any]) -> Rules:
    """The rules of a lesson as a scenario file has it (English keys). Raises UsageError (`bad_lesson`) for what cannot be
    meant, `unknown_role` for a role that is not there."""
    weights = _weights(lesson.get("weights"))
    pass_mark, minutes = _number(lesson, "pass", PASS_MARK), _number(lesson, "minutes", 0)
    if not 0 < pass_mark <= 100:
        raise _bad(f"及格分 {pass_mark:g} 应在 1 到 100 之间")
    unlocks = _listed(lesson.get("unlocks"))
    return Rules(
        pass_mark,
        weights,
        minutes,
        tuple(find_role(one).id for one in unlocks),
        _objectives(lesson.get("objectives")),
    )


def _weights(given: Any) -> dict[str, int]:
    """The weights of the parts; a part that is not named counts nothing."""
    if given is None:
        return dict(WEIGHTS)
    if not isinstance(given, Mapping) or not given.keys() <= WEIGHTS.keys():
        known = "、".join(words.chinese("weights", one) for one in WEIGHTS)
        raise _bad(f"权重应按 {known} 写成 项: 分")
    if any(type(value) is not int or value < 0 for value in given.values()) or sum(given.values()) != 100:
        raise _bad("权重应是整数，合计 100")
    if not any(given.get(part) for part in (RISK, CONTROL, OPERATION)):
        raise _bad("权重不能只给用时")
    return {part: given.get(part, 0) for part in WEIGHTS}


def _objectives(given: Any) -> dict[str, tuple[str, ...]]:
    if isinstance(given, Mapping):
        return {str(text): tuple(_listed(covers)) for text, covers in given.items()}
    return dict.fromkeys(_listed(given), ())


def _listed(given: Any) -> list[str]:
    if given is None:
        return []
    return [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)]


def _number(lesson: Mapping[str, Any], key: str, default: float) -> float:
    value = lesson.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 100_000:
        raise _bad(f"{words.chinese('lesson', key)}应是不小于 0 的数，现为 {value}")
    return value


def _bad(message: str) -> UsageError:
    return UsageError("bad_lesson", f"课程的设置不对：{message}")


# -- the score ---------------------------------------------------------------------------------------------------
def score(
    questions: Sequence[Question], answers: Iterable[Answer], rules: Rules, minutes: float = 0
) -> Score:
    """The score of answers given in so many minutes. Raises UsageError (`unknown_question`, `unknown_option`).

    A question is worth its share of its part. Of several right options each earns its share, an acceptable one half of it, a
    wrong one takes a share off. Time is full up to the limit, nothing at twice the limit, and counts as far as questions were
    answered.
    """
    given = {one.question: one for one in answers}
    if unknown := given.keys() - {one.id for one in questions}:
        raise UsageError("unknown_question", f"卷里没有 {sorted(unknown)[0]} 这道题")
    worth = _worth(questions, rules)
    earned = {one.id: _earned(one, given.get(one.id), worth[one.id]) for one in questions}
    parts = {
        part: (
            sum((earned[one.id] for one in questions if one.part == part), Fraction(0)),
            sum((worth[one.id] for one in questions if one.part == part), Fraction(0)),
        )
        for part in (RISK, CONTROL, OPERATION)
    }
    time = Fraction(100 if questions else 0) - sum(of for _, of in parts.values())
    answered = Fraction(len(given), len(questions)) if questions else Fraction(0)
    parts[TIME] = (time * answered * _in_time(minutes, rules.minutes), time)
    total = round(float(sum(got for got, _ in parts.values())), 1)
    return Score(
        {ident: round(float(value), 2) for ident, value in earned.items()},
        {ident: round(float(value), 2) for ident, value in worth.items()},
        {part: (round(float(got), 1), round(float(of), 1)) for part, (got, of) in parts.items()},
        total,
        total >= rules.pass_mark,
        _ratings(questions, earned, worth, parts, rules),
    )


def _worth(questions: Sequence[Question], rules: Rules) -> dict[str, Fraction]:
    """What each question is worth, exactly. Weights of parts nobody is asked for go to the others."""
    asked = {one.part for one in questions if one.weight > 0} | ({TIME} if rules.minutes else set())
    weights = {part: rules.weights[part] for part in asked if rules.weights[part]}
    if not any(part != TIME for part in weights):
        weights = {part: 1 for part in asked if part != TIME}
    whole = sum(weights.values())
    shares = dict.fromkeys(WEIGHTS, Fraction(0))
    for one in questions:
        shares[one.part] += Fraction(one.weight)
    return {
        one.id: Fraction(100 * weights.get(one.part, 0), whole)
        * Fraction(one.weight)
        / (shares[one.part] or 1)
        for one in questions
    }


def _earned(question: Question, answer: Answer | None, worth: Fraction) -> Fraction:
    """What an answer earns, hints taken off."""
    if answer is None:
        return Fraction(0)
    full = worth * right_share(question, answer)
    return max(Fraction(0), full - HINTS[min(max(answer.hints, 0), len(HINTS) - 1)])


def right_share(question: Question, answer: Answer) -> Fraction:
    """How much of an answer is right, 0 to 1. Raises UsageError for an option the question does not have."""
    if question.kind in (OPERATE, RECITE):
        return Fraction(int(answer.done or DONE in answer.chosen))
    chosen = {question.option(ident).id for ident in answer.chosen}
    hit, accepted = len(chosen & set(question.right)), len(chosen & set(question.also))
    found = Fraction(2 * hit + accepted - 2 * (len(chosen) - hit - accepted), 2 * len(question.right))
    return min(Fraction(1), max(Fraction(0), found))


def _in_time(minutes: float, limit: float) -> Fraction:
    if not limit or minutes <= limit:
        return Fraction(1)
    return max(Fraction(0), 2 - Fraction(minutes) / Fraction(limit))


# -- objectives --------------------------------------------------------------------------------------------------
def _ratings(
    questions: Sequence[Question],
    earned: Mapping[str, Fraction],
    worth: Mapping[str, Fraction],
    parts: Mapping[str, tuple[Fraction, Fraction]],
    rules: Rules,
) -> dict[str, str]:
    """The rating of every objective; a lesson without any is rated by its parts."""
    if not rules.objectives:
        return {words.chinese("weights", part): _grade(got, of) for part, (got, of) in parts.items() if of}
    found = {}
    for text, covers in rules.objectives.items():
        mine = [one for one in questions if not covers or any(_covers(word, one) for word in covers)]
        got = sum((earned[one.id] for one in mine), Fraction(0))
        of = sum((worth[one.id] for one in mine), Fraction(0))
        if any(words.known("weights", word) == TIME for word in covers):
            got, of = got + parts[TIME][0], of + parts[TIME][1]
        found[text] = _grade(got, of)
    return found


def _covers(word: str, question: Question) -> bool:
    """Does a word of an objective (id of a risk or entry, incident, part) speak of a question?"""
    from yk.scenario.incident import incidents

    named = incidents().get(question.incident)
    names = {
        question.risk,
        question.entry,
        question.part,
        words.chinese("weights", question.part),
        question.id,
    }
    return word in names | ({named.id, named.name} if named else set())


def _grade(got: Fraction, of: Fraction) -> str:
    if not of:
        return ""
    return next((grade for least, grade in _GRADES if got / of >= least), "U")
