"""Due times of steps and their lamps.

A period begins the day after the start day (the first day does not count) and ends at closing time of its last working
day. Everything a lamp needs is fixed when the step begins, so reading a lamp is a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from yk.workdays import add_working_days, is_declared, start_day, working_days_between

GREEN, YELLOW, RED = "green", "yellow", "red"
LAMPS = {GREEN: "绿", YELLOW: "黄", RED: "红", "": ""}


class Deadline(NamedTuple):
    """`due` and `warn` are ISO times; `days` the limit in working days."""

    days: int
    due: str
    warn: str


def deadline(days: int, since: datetime, settings: Mapping[str, Any]) -> Deadline:
    """The deadline of `days` working days for what begins at `since`."""
    closes = str(settings["day_closes"])
    first = start_day(since, closes)
    return _on(add_working_days(first, days), days, closes, _ahead(days, settings))


def resumed(days: int, left: int, since: datetime, settings: Mapping[str, Any]) -> Deadline:
    """The deadline after a suspension: `left` working days of `days` still to run from `since`."""
    closes = str(settings["day_closes"])
    return _on(add_working_days(start_day(since, closes), left), days, closes, _ahead(days, settings))


def left(due: str, at: datetime, settings: Mapping[str, Any]) -> int:
    """Working days that remain at `at` until `due`, counted as for `resumed`; negative when it is past."""
    first = start_day(at, str(settings["day_closes"]))
    return working_days_between(first, datetime.fromisoformat(due).date())


def lamp(due: str, warn: str, at: datetime) -> str:
    """green, yellow or red at `at`; '' without a deadline."""
    if not due:
        return ""
    now = at.isoformat()
    return RED if now > due else YELLOW if now >= warn else GREEN


def _ahead(days: int, settings: Mapping[str, Any]) -> int:
    """How many working days before the last one the lamp turns yellow."""
    ahead = int(settings["lamp_warn_days"])
    if settings["lamp_warn_rule"] == "scaled":
        return min(ahead, ceil(days / 3), max(0, days - 1))
    return ahead


def _on(last: date, days: int, closes: str, ahead: int) -> Deadline:
    return (_reckoned if is_declared() else _kept)(last, days, closes, ahead)


def _reckoned(last: date, days: int, closes: str, ahead: int) -> Deadline:
    # «N working days left» begins on the N-th working day before the last one.
    first_warned = add_working_days(last, -ahead) if ahead else last
    return Deadline(days, f"{last}T{closes}:00+08:00", f"{first_warned}T00:00:00+08:00")


_kept = lru_cache(maxsize=1024)(_reckoned)
