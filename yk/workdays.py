"""Working days of mainland China: Monday to Friday, legal holidays and made-up working days considered.

The holidays come from the package chinesecalendar; for a year it has no data for, weekends alone count, and the
caller is told once (`uncertain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from threading import local
from types import MappingProxyType

from yk.clock import BEIJING

uncertain: set[int] = set()
"""Years asked for that the holiday table does not have."""


class _Declared(local):
    """Days that a thread has declared, see `declare`."""

    days: Mapping[date, bool] = MappingProxyType({})


_declared = _Declared()


def declare(days: Mapping[date, bool]) -> None:
    """For this thread these days are working days or days off from now on, whatever the holiday table says; earlier ones
    count no more. For scenarios, which bring their own holidays and end with `declare({})`."""
    _declared.days = MappingProxyType(dict(days))


def is_declared() -> bool:
    """Has this thread declared days? What is reckoned then must not be kept for others."""
    return bool(_declared.days)


def is_working_day(day: date) -> bool:
    """Is `day` a working day?"""
    own = _declared.days.get(day)
    return _by_table(day) if own is None else own


@lru_cache(maxsize=4096)
def _by_table(day: date) -> bool:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        uncertain.add(day.year)
        return day.weekday() < 5


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; for 0 the day itself, or the next working day."""
    return _added(day, count) if is_declared() else _added_by_table(day, count)


def _added(day: date, count: int) -> date:
    if count == 0:
        while not is_working_day(day):
            day += timedelta(days=1)
        return day
    step = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day += timedelta(days=step)
        while not is_working_day(day):
            day += timedelta(days=step)
    return day


_added_by_table = lru_cache(maxsize=4096)(_added)


def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first` up to and with `last`; negative when `last` lies before."""
    if last < first:
        return -working_days_between(last, first)
    days = ((first + timedelta(days=i + 1)) for i in range((last - first).days))
    return sum(1 for day in days if is_working_day(day))


def start_day(moment: datetime, closes: str) -> date:
    """The day a period begins: a moment after closing time (`HH:MM`) or on a day off counts as the next working day."""
    day = moment.astimezone(BEIJING).date()
    late = moment.astimezone(BEIJING).time() > time.fromisoformat(closes)
    if late or not is_working_day(day):
        return add_working_days(day, 1)
    return day


def warning() -> str:
    """What to tell people about years without holiday data; '' when there were none."""
    if not uncertain:
        return ""
    years = "、".join(str(year) for year in sorted(uncertain))
    return f"节假日表里没有 {years} 年的安排，时限只按周末推算；国务院办公厅公布后请升级 chinesecalendar"
