"""Working days of mainland China."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk import workdays as calendar
from yk.clock import BEIJING, parse_time
from yk.workdays import add_working_days, is_working_day, start_day, working_days_between

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
COUNTS = st.integers(min_value=0, max_value=40)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-09-19", False),  # Saturday
        ("2026-09-20", True),  # Sunday, made up for National Day
        ("2026-09-25", False),  # Mid-Autumn, a Friday
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-05", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2026-10-11", False),
        ("2026-11-20", True),
        ("2026-11-21", False),
    ],
)
def test_holidays_and_made_up_days_of_2026_are_known(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-10-03", 0, "2026-10-08"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-11-22", -1, "2026-11-20"),
    ],
)
def test_working_days_are_counted_over_holidays(day: str, count: int, result: str) -> None:
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(result)


@given(DAYS, COUNTS)
def test_counting_on_lands_on_a_working_day(day: date, count: int) -> None:
    assert is_working_day(add_working_days(day, count))


@given(DAYS, st.integers(min_value=1, max_value=40))
def test_counting_on_and_measuring_agree(day: date, count: int) -> None:
    assert working_days_between(day, add_working_days(day, count)) == count


@given(DAYS.filter(is_working_day), COUNTS)
def test_counting_back_undoes_counting_on(day: date, count: int) -> None:
    assert add_working_days(add_working_days(day, count), -count) == day


@given(DAYS, DAYS)
def test_measuring_backwards_is_the_same_with_the_other_sign(one: date, other: date) -> None:
    assert working_days_between(one, other) == -working_days_between(other, one)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20T08:00", "2026-11-20"),
        ("2026-11-20T17:30", "2026-11-20"),
        ("2026-11-20T17:30:01", "2026-11-23"),
        ("2026-11-19T18:00", "2026-11-20"),
        ("2026-11-21T09:00", "2026-11-23"),
        ("2026-11-22T23:00", "2026-11-23"),
        ("2026-09-30T18:00", "2026-10-08"),
        ("2026-10-03T10:00", "2026-10-08"),
        ("2026-10-10T10:00", "2026-10-10"),
    ],
)
def test_what_comes_after_closing_or_on_a_day_off_counts_as_the_next_working_day(
    moment: str, day: str
) -> None:
    """sla.md §6.3."""
    assert start_day(parse_time(moment), "17:30") == date.fromisoformat(day)


def test_a_moment_in_another_zone_is_a_moment_in_beijing() -> None:
    utc = datetime(2026, 11, 20, 9, 31, tzinfo=UTC)
    assert start_day(utc, "17:30") == date(2026, 11, 23)
    assert start_day(utc.astimezone(BEIJING), "17:30") == date(2026, 11, 23)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A calendar that has not been asked anything."""
    monkeypatch.setattr(calendar, "uncertain", set())
    calendar._by_table.cache_clear()
    calendar._added_by_table.cache_clear()
    yield
    calendar._by_table.cache_clear()
    calendar._added_by_table.cache_clear()


@pytest.mark.usefixtures("fresh")
def test_a_year_without_data_counts_weekends_only_and_is_told_once() -> None:
    assert calendar.warning() == ""
    assert not is_working_day(date(2099, 10, 3))
    assert is_working_day(date(2099, 10, 1))
    assert add_working_days(date(2099, 9, 30), 1) == date(2099, 10, 1)
    warned = calendar.warning()
    assert warned.count("2099") == 1
    for number in range(30):
        is_working_day(date(2099, 5, 1) + timedelta(days=number))
    assert calendar.warning() == warned


@pytest.mark.usefixtures("fresh")
def test_every_year_without_data_is_told_in_order() -> None:
    add_working_days(date(2099, 12, 31), 1)
    is_working_day(date(2098, 1, 5))
    assert "2098、2100 年" in calendar.warning()


@pytest.mark.usefixtures("fresh")
def test_a_year_with_data_is_told_nothing() -> None:
    add_working_days(date(2026, 1, 5), 20)
    assert calendar.warning() == ""


def test_days_declared_count_for_their_thread_alone() -> None:
    day = date(2026, 11, 23)
    calendar.declare({day: False})
    try:
        assert not is_working_day(day)
        assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(add_working_days, date(2026, 11, 20), 1).result() == day
    finally:
        calendar.declare({})
    assert is_working_day(day)
    assert add_working_days(date(2026, 11, 20), 1) == day
