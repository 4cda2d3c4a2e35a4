"""Duty rosters: where a shift is missing, who is put down for two places at once. Times are ISO texts to the minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

Shift = Mapping[str, Any]
"""place, begin, end, person1, person2, phone1, phone2."""


def minute(text: object) -> str:
    """The moment as YYYY-MM-DDTHH:MM, whatever stands between date and time."""
    return str(text or "").strip().replace(" ", "T")[:16]


def gaps(shifts: Iterable[Shift], begin: str, end: str) -> list[tuple[str, str]]:
    """The stretches of [begin, end] that no shift covers, in order."""
    open_, at = [], minute(begin)
    for start, stop in sorted((minute(s.get("begin")), minute(s.get("end"))) for s in shifts):
        if start > at:
            open_.append((at, min(start, minute(end))))
        at = max(at, stop)
        if at >= minute(end):
            return [gap for gap in open_ if gap[0] < gap[1]]
    open_.append((at, minute(end)))
    return [gap for gap in open_ if gap[0] < gap[1]]


def people(shift: Shift) -> list[str]:
    """Who is on duty in a shift."""
    return [str(shift[name]).strip() for name in ("person1", "person2") if str(shift.get(name) or "").strip()]


def overlap(one: Shift, other: Shift) -> bool:
    """Do two shifts (or works) share a minute?"""
    return minute(one.get("begin")) < minute(other.get("end")) and minute(other.get("begin")) < minute(
        one.get("end")
    )


def twice(shifts: Iterable[Shift]) -> Iterator[tuple[str, str, str]]:
    """(person, place, other place) of everybody who stands at two places at the same time."""
    for one, other in combinations(list(shifts), 2):
        if one.get("place") != other.get("place") and overlap(one, other):
            for person in sorted({*people(one)} & {*people(other)}):
                yield person, str(one.get("place")), str(other.get("place"))
