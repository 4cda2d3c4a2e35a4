"""Dates as guards and recipes count them: ISO texts in, ISO texts out."""

from __future__ import annotations

from datetime import date, timedelta

from yk.workdays import add_working_days


def days_on(day: str, days: int) -> str:
    """The date `days` calendar days after `day` (both YYYY-MM-DD)."""
    return (date.fromisoformat(day[:10]) + timedelta(days=days)).isoformat()


def working_days_on(day: str, days: int) -> str:
    """The `days`-th working day after `day`."""
    return add_working_days(date.fromisoformat(day[:10]), days).isoformat()


def months_on(day: str, months: int) -> str:
    """The same day `months` calendar months later, the last of the month where there is no such day."""
    start = date.fromisoformat(day[:10])
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(start.day, last)).isoformat()
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def days_between(first: str, last: str) -> int:
    """How many days lie from `first` to `last`; negative when `last` comes before."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
