"""What happened to a finding in a span of days, told from its history: came on the books, corrected by its day, left over.

Each time it comes (found; back after it was cleared or whitelisted) is an occurrence with a last day of its own; one whose
correction did not hold goes on. A span is told as it was known at its end: what came later (an extension granted in the
next month) does not change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from yk.audit.states import ASSIGNED, CLEARED, CORRECTED, FOUND, REOPENED, VERIFIED, WHITELISTED
from yk.errors import UsageError
from yk.flows.dates import days_on
from yk.flows.guards.auditing import is_month, last_day
from yk.text import halfwidth

COUNTS = {
    "carried": "期初在册",
    "extracted": "抽取",
    "back": "其中重现",
    "on_time": "当日订正",
    "in_extension": "延期内订正",
    "late": "逾期订正",
    "whitelisted": "列白名单",
    "open": "期末在册",
    "extending": "其中延期中",
    "left": "其中遗留",
    "missed": "到期未订正",
    "overran": "延期到期未订正",
    "pending": "待办",
    "pending_extended": "延期待办",
    "granted": "准予延期",
    "failed": "订正未过",
    "assigned": "派发",
    "verified": "核实",
    "denied": "核实不属实",
    "claimed": "报订正",
    "linked": "挂工单",
}
"""What is counted. carried + extracted = on_time + in_extension + late + whitelisted + open, always.

What is open and due in the span on a day that is not over is `pending`: nobody knows yet whether it will be `missed`."""
CORRECTIONS = ("on_time", "in_extension", "late")
_WORK = {
    ASSIGNED: "assigned",
    VERIFIED: "verified",
    "denied": "denied",
    CORRECTED: "claimed",
    "linked": "linked",
}
"""What the steps between count as."""

Event = tuple[str, str]
"""Day, and one of COUNTS."""


class Span(NamedTuple):
    """Some days: how they are called (`2026-11-23`, `2026-11`), the first and the last of them."""

    name: str
    first: str
    last: str

    def settled(self, today: str) -> str:
        """The last of its days that is over: what was due by then and is open is left over."""
        return min(self.last, days_on(today, -1))

    def has(self, moment: str) -> bool:
        """Does a moment (ISO) lie in it?"""
        return self.first <= moment[:10] <= self.last


def day_span(text: str) -> Span:
    """A day, written 2026-11-23. Raises UsageError (`bad_date`)."""
    try:
        day = date.fromisoformat(halfwidth(text)).isoformat()
    except ValueError:
        raise UsageError("bad_date", f"日期“{text}”不对", "写成 2026-11-23") from None
    return Span(day, day, day)


def month_span(text: str) -> Span:
    """A month, written 2026-11. Raises UsageError (`bad_month`)."""
    month = halfwidth(text)
    if not is_month(month):
        raise UsageError("bad_month", f"月份“{text}”不对", "写成 2026-11")
    return Span(month, f"{month}-01", last_day(month))


class Life:
    """A finding as its history has brought it so far: is it open, until which day, is that day extended,
    how many times it has come."""

    def __init__(self) -> None:
        self.is_open = self.is_extended = False
        self.due = ""
        self.times = 0
        self._first_due = self._off = ""

    def take(self, step: Mapping[str, Any]) -> Iterator[Event]:
        """Go on by a step of the history; what it means."""
        state, day = step["state"], step["at"][:10]
        if state in (FOUND, REOPENED):
            yield from self._come(day, step["due"])
        elif state in _WORK:
            yield day, _WORK[state]
        elif self.is_open and state == "extended":
            self.due, self.is_extended = step["due"], True
            yield day, "granted"
        elif self.is_open and state == CLEARED:
            if day > self.due:
                yield self.miss
            yield day, self._correction(day)
        elif self.is_open and state == WHITELISTED:
            yield day, "whitelisted"
        if state in (CLEARED, WHITELISTED):
            self.is_open, self._off = False, state

    def _come(self, day: str, due: str) -> Iterator[Event]:
        if self.is_open:
            yield day, "failed"
            return
        yield day, "extracted"
        if self._off == CLEARED:
            self.times += 1
            yield day, "back"
        self.times = max(self.times, 1)
        self.is_open, self.is_extended = True, False
        self.due = self._first_due = due

    @property
    def miss(self) -> Event:
        """What its last day is when that passes."""
        return self.due, "overran" if self.is_extended else "missed"

    def _correction(self, day: str) -> str:
        if day > self.due:
            return "late"
        return "in_extension" if day > self._first_due else "on_time"


class Happened(NamedTuple):
    """What happened in a span, and the finding as it was at its end."""

    events: list[Event]
    life: Life


def happened(history: Iterable[Mapping[str, Any]], span: Span, today: str) -> Happened:
    """What happened to a finding in `span`, seen on `today`."""
    life, events = Life(), list[Event]()
    carried: bool | None = None
    for step in history:
        day = step["at"][:10]
        if day > span.last:
            break
        if day >= span.first and carried is None:
            carried = life.is_open
        events += [event for event in life.take(step) if event[0] >= span.first]
    if life.is_open if carried is None else carried:
        events.append((span.first, "carried"))
    if life.is_open:
        events += _end(life, span, today)
    return Happened(events, life)


def _end(life: Life, span: Span, today: str) -> Iterator[Event]:
    yield span.last, "open"
    if life.due <= span.settled(today):
        yield span.last, "left"
        if life.due >= span.first:
            yield life.miss
        return
    if life.is_extended:
        yield span.last, "extending"
    if life.due <= span.last:
        yield span.last, "pending_extended" if life.is_extended else "pending"
