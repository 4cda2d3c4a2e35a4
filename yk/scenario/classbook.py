"""The class book: what many exams say together, and what is to be asked again, and when.

What was missed comes again after 1, 3 and 7 days, at fixed intervals (design of lessons; no forgetting curve is reckoned);
missed again it begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from yk.flows.dates import days_on
from yk.scenario.exam import is_missed
from yk.scenario.questions import first_id

Data = Mapping[str, Any]
INTERVALS = (1, 3, 7)
"""Days after which a missed item comes again."""
TOP = 5
"""So many of the most missed risks are shown."""


class Asked(NamedTuple):
    """A question over all exams: how often asked, how often wholly right, the share that is (per cent)."""

    question: str
    text: str
    clause: str
    asked: int
    right: int
    share: int


class Missed(NamedTuple):
    """A risk over all exams: how often a question about it was asked and missed."""

    risk: str
    clause: str
    asked: int
    missed: int


class Person(NamedTuple):
    """Somebody's exams: how many, how many passed, points of the best and the last, when that was."""

    person: str
    exams: int
    passed: int
    best: float
    last: float
    last_at: str


@dataclass(frozen=True, slots=True)
class ClassBook:
    """A class: exams, how many passed, mean points; its questions, the hardest first; the most missed risks; its people."""

    exams: int
    passed: int
    mean: float
    questions: tuple[Asked, ...]
    missed: tuple[Missed, ...]
    people: tuple[Person, ...]


class Review(NamedTuple):
    """An item that somebody missed and that is due again: since which day, for the which time (1 to 3)."""

    person: str
    question: str
    text: str
    clause: str
    missed_on: str
    due: str
    turn: int


def class_book(results: Iterable[Data], top: int = TOP) -> ClassBook:
    """What the results say together; `top` is how many risks are named."""
    exams = sorted(results, key=lambda one: (one["at"], one["exam"]))
    lines = [line for exam in exams for line in exam["answers"]]
    total = sum(exam["total"] for exam in exams)
    return ClassBook(
        len(exams),
        sum(exam["passed"] for exam in exams),
        round(total / len(exams), 1) if exams else 0.0,
        tuple(_questions(lines)),
        tuple(_risks(lines))[:top],
        tuple(_people(exams)),
    )


def _questions(lines: list[Data]) -> list[Asked]:
    groups = _grouped(lines, "question")
    found = []
    for ident, mine in groups.items():
        right = sum(not is_missed(line) for line in mine)
        share = round(100 * right / len(mine))
        found.append(Asked(ident, mine[-1]["text"], mine[-1]["clause"], len(mine), right, share))
    return sorted(found, key=lambda one: (one.share, -one.asked, one.question))


def _risks(lines: list[Data]) -> list[Missed]:
    found = []
    for risk, mine in _grouped(lines, "risk").items():
        missed = sum(is_missed(line) for line in mine)
        if risk and missed:
            found.append(Missed(risk, mine[-1]["clause"], len(mine), missed))
    return sorted(found, key=lambda one: (-one.missed, one.asked, one.risk))


def _people(exams: list[Data]) -> list[Person]:
    found = []
    for person, mine in _grouped(exams, "person").items():
        best, passed = max(one["total"] for one in mine), sum(one["passed"] for one in mine)
        found.append(Person(person, len(mine), passed, best, mine[-1]["total"], mine[-1]["at"]))
    return sorted(found, key=lambda one: (-one.best, one.person))


def _grouped(rows: Iterable[Data], key: str) -> dict[str, list[Data]]:
    groups: dict[str, list[Data]] = {}
    for row in rows:
        groups.setdefault(first_id(str(row[key])), []).append(row)
    return groups


# -- spaced review -----------------------------------------------------------------------------------------------
def due_on(results: Iterable[Data], day: str, person: str = "") -> list[Review]:
    """What is to be asked again on a day (`2026-11-24`), of everybody or of one person, the longest due first: what was due
    earlier and was not asked stays."""
    answered: dict[tuple[str, str], list[tuple[str, Data]]] = {}
    for exam in sorted(results, key=lambda one: (one["at"], one["exam"])):
        if person in ("", exam["person"]) and exam["at"][:10] <= day:
            for line in exam["answers"]:
                key = exam["person"], first_id(line["question"])
                answered.setdefault(key, []).append((exam["at"][:10], line))
    found = [one for (who, _), mine in answered.items() for one in _again(who, mine) if one.due <= day]
    return sorted(found, key=lambda one: (one.due, one.person, one.question))


def review_days(missed_on: str) -> list[str]:
    """The days on which an item missed on a day comes again."""
    return [days_on(missed_on, days) for days in INTERVALS]


def _again(person: str, answers: list[tuple[str, Data]]) -> Iterator[Review]:
    """When an item comes again after its answers so far: each right answer on or after the day it was due is one turn."""
    missed_on, turn = "", 0
    for day, line in answers:
        if is_missed(line):
            missed_on, turn = day, 0
        elif missed_on and turn < len(INTERVALS) and day >= days_on(missed_on, INTERVALS[turn]):
            turn += 1
    if missed_on and turn < len(INTERVALS):
        line = answers[-1][1]
        due = days_on(missed_on, INTERVALS[turn])
        ident = first_id(line["question"])
        yield Review(person, ident, line["text"], line["clause"], missed_on, due, turn + 1)
