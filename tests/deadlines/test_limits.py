"""Due times and lamps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.clock import BEIJING, parse_time
from yk.deadlines.limits import GREEN, RED, YELLOW, deadline, lamp, left, resumed
from yk.workdays import add_working_days, is_working_day, start_day, working_days_between

SETTINGS: dict[str, Any] = {"day_closes": "17:30", "lamp_warn_days": 3, "lamp_warn_rule": "scaled"}
FIXED = SETTINGS | {"lamp_warn_rule": "fixed"}
MOMENTS = st.datetimes(datetime(2026, 1, 5), datetime(2026, 11, 1)).map(
    lambda d: d.replace(microsecond=0, tzinfo=BEIJING)
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=40))
LIMITS = st.integers(min_value=0, max_value=20)


@pytest.mark.parametrize(
    ("since", "days", "due"),
    [
        ("2026-11-20T09:00", 1, "2026-11-23T17:30:00+08:00"),
        ("2026-11-20T18:00", 1, "2026-11-24T17:30:00+08:00"),
        ("2026-11-21T09:00", 1, "2026-11-24T17:30:00+08:00"),
        ("2026-09-30T09:00", 2, "2026-10-09T17:30:00+08:00"),
        ("2026-09-30T09:00", 3, "2026-10-10T17:30:00+08:00"),
        ("2026-11-20T09:00", 0, "2026-11-20T17:30:00+08:00"),
        ("2026-11-20T18:00", 0, "2026-11-23T17:30:00+08:00"),
        ("2026-11-21T09:00", 0, "2026-11-23T17:30:00+08:00"),
    ],
)
def test_the_first_day_does_not_count_and_the_last_ends_at_closing_time(
    since: str, days: int, due: str
) -> None:
    """sla.md §6.1, §6.3."""
    assert deadline(days, parse_time(since), SETTINGS).due == due


def test_closing_time_is_a_setting() -> None:
    late = SETTINGS | {"day_closes": "20:00"}
    assert deadline(1, parse_time("2026-11-20T18:00"), late).due == "2026-11-23T20:00:00+08:00"


@pytest.mark.parametrize(
    ("days", "warn"),
    [
        (0, "2026-11-02"),  # due the same day: yellow all day
        (1, "2026-11-03"),
        (2, "2026-11-03"),
        (3, "2026-11-04"),
        (4, "2026-11-04"),
        (6, "2026-11-06"),
        (9, "2026-11-10"),
        (15, "2026-11-18"),
    ],
)
def test_the_scaled_rule_warns_a_third_of_the_limit_ahead_and_three_days_at_most(
    days: int, warn: str
) -> None:
    made = deadline(days, parse_time("2026-11-02T09:00"), SETTINGS)
    assert made.warn == f"{warn}T00:00:00+08:00"
    ahead = working_days_between(date.fromisoformat(warn), date.fromisoformat(made.due[:10]))
    assert ahead == min(3, -(-days // 3), max(0, days - 1))


@pytest.mark.parametrize(("days", "warn"), [(1, "2026-10-29"), (3, "2026-11-02"), (5, "2026-11-04")])
def test_the_fixed_rule_warns_as_many_days_ahead_as_the_setting_says(days: int, warn: str) -> None:
    assert deadline(days, parse_time("2026-11-02T09:00"), FIXED).warn == f"{warn}T00:00:00+08:00"


def test_a_lamp_warned_no_days_ahead_is_yellow_on_the_last_day_only() -> None:
    made = deadline(5, parse_time("2026-11-02T09:00"), FIXED | {"lamp_warn_days": 0})
    assert made.warn == f"{made.due[:10]}T00:00:00+08:00"


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("2026-11-02T09:00", GREEN),
        ("2026-11-04T23:59:59", GREEN),
        ("2026-11-05T00:00:00", YELLOW),
        ("2026-11-06T17:29:59", YELLOW),
        ("2026-11-06T17:30:00", YELLOW),
        ("2026-11-06T17:30:01", RED),
        ("2027-01-01T00:00:00", RED),
    ],
)
def test_lamps_turn_on_the_very_second(now: str, colour: str) -> None:
    made = deadline(4, parse_time("2026-11-02T09:00"), SETTINGS | {"lamp_warn_days": 1})
    assert made.due == "2026-11-06T17:30:00+08:00"
    assert lamp(made.due, made.warn, parse_time(now)) == colour


def test_a_step_without_a_limit_has_no_lamp() -> None:
    assert lamp("", "", parse_time("2026-11-02")) == ""


@given(MOMENTS, LIMITS)
def test_a_deadline_ends_on_a_working_day_as_many_working_days_on(since: datetime, days: int) -> None:
    made = deadline(days, since, SETTINGS)
    last = date.fromisoformat(made.due[:10])
    assert is_working_day(last)
    assert working_days_between(start_day(since, "17:30"), last) == days
    assert made.warn <= made.due
    assert made.days == days


@given(MOMENTS, LIMITS, SPANS)
def test_a_lamp_never_turns_back(since: datetime, days: int, span: timedelta) -> None:
    made, order = deadline(days, since, SETTINGS), [GREEN, YELLOW, RED]
    earlier, later = lamp(made.due, made.warn, since), lamp(made.due, made.warn, since + span)
    assert order.index(earlier) <= order.index(later)


@given(MOMENTS, LIMITS, SPANS, SPANS)
def test_a_hold_moves_the_due_day_by_exactly_the_working_days_it_lasted(
    since: datetime, days: int, worked: timedelta, held: timedelta
) -> None:
    """sla.md §6.4: what was left of the limit runs on, whatever hour or day off the hold began or ended."""
    made = deadline(days, since, SETTINGS)
    begins, ends = since + worked, since + worked + held
    again = resumed(days, left(made.due, begins, SETTINGS), ends, SETTINGS)
    lasted = working_days_between(start_day(begins, "17:30"), start_day(ends, "17:30"))
    before, after = (date.fromisoformat(text[:10]) for text in (made.due, again.due))
    assert after == add_working_days(before, lasted)
    assert again.days == days


@given(MOMENTS, LIMITS, SPANS)
def test_a_hold_within_the_same_day_moves_nothing(since: datetime, days: int, worked: timedelta) -> None:
    made, moment = deadline(days, since, SETTINGS), since + worked
    assert resumed(days, left(made.due, moment, SETTINGS), moment, SETTINGS) == made
