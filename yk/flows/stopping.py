"""How long something stands still and what that costs: months, days a calendar year, the share of a monthly charge."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Any

from yk.flows.dates import days_between, days_on
from yk.flows.facts import Row

SHORTEST_DAYS = 15
"""A suspension, and since 2024 a reduction, lasts so many days at least."""
MONTH_1996 = 30
"""Days of every month in the charge by days until 2024."""


def stretch(row: Row, last_day: str) -> tuple[str, str]:
    """First day of a stoppage and the day it runs again; one still open runs again when it was planned to."""
    return str(row["stop_date"]), str(row.get("resumed_date") or row.get("planned_date") or last_day)


def days_in_year(stretches: Iterable[tuple[str, str]], year: int) -> int:
    """How many days of the calendar year the stretches (first day, day it runs again) cover."""
    first, after = f"{year}-01-01", f"{year + 1}-01-01"
    return sum(max(0, days_between(max(begin, first), min(end, after))) for begin, end in stretches)


def years_touched(begin: str, end: str) -> range:
    """The calendar years of a stretch; the day it runs again is no more of it."""
    return range(int(begin[:4]), int(days_on(end, -1)[:4]) + 1)


def share_of_month(monthly: float, first: str, days: int, rule_set: str) -> float:
    """Yuan for `days` days from `first`: a day is 1/30 of the monthly charge until 2024, since then 1/days of its month."""
    if rule_set != "R24":
        return round(monthly * days / MONTH_1996, 2)
    due, day = 0.0, first
    for _ in range(days):
        at = date.fromisoformat(day)
        due += monthly / monthrange(at.year, at.month)[1]
        day = days_on(day, 1)
    return round(due, 2)


def charge_of_short_stop(cap: float, price: Any, begin: str, end: str, rule_set: str) -> float:
    """What is charged after all for `cap` kVA that stood still from `begin` until it ran again on `end`, yuan; nothing
    when it lasted long enough."""
    days = days_between(begin, end)
    if not 0 < days < SHORTEST_DAYS:
        return 0.0
    return share_of_month(cap * float(price), begin, days, rule_set)
