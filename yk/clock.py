"""The clock: the only source of «now», so that tests and lessons can fix it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from yk.errors import UsageError

BEIJING = timezone(timedelta(hours=8))
"""China has one legal time and no daylight saving; a fixed offset needs no zone database."""

Clock = Callable[[], datetime]
"""Gives an aware datetime in Beijing time, whole seconds."""


def system_clock() -> datetime:
    """The machine's time in Beijing time, whole seconds."""
    return datetime.now(BEIJING).replace(microsecond=0)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 date or date-time; without an offset it is Beijing time.

    Raises UsageError (`bad_time`).
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment.astimezone(BEIJING)
    except (ValueError, OverflowError):
        raise UsageError("bad_time", f"时间写法不对：{text}", "写成 2026-11-21 或 2026-11-21T09:30") from None
    return moment.replace(microsecond=0)


def fixed_clock(text: str) -> Clock:
    """A clock that always shows `text`. Raises UsageError (`bad_time`) for a year no deadline can be reckoned in."""
    moment = parse_time(text)
    if not 1900 <= moment.year <= 2999:
        raise UsageError("bad_time", f"时间写法不对：{text}", "年份应在 1900 到 2999 之间")
    return lambda: moment


def short_time(iso: str, now: datetime) -> str:
    """`11-24 17:30`, with the year when it is not this one."""
    return iso[5 if iso[:4] == f"{now:%Y}" else 0 : 16].replace("T", " ")


class VirtualClock:
    """A clock that tests and lessons move by hand."""

    def __init__(self, start: str) -> None:
        self.now = parse_time(start)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        """Move on by a timedelta's arguments (`days=1`, `hours=2`)."""
        self.now += timedelta(**delta)
