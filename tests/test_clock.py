"""The clock: Beijing time, read and fixed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import error_of

from yk.clock import VirtualClock, fixed_clock, parse_time, system_clock
from yk.errors import UsageError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-21", "2026-11-21T00:00:00+08:00"),
        ("2026-11-21T09:30", "2026-11-21T09:30:00+08:00"),
        (" 2026-11-21 09:30:15 ", "2026-11-21T09:30:15+08:00"),
        ("2026-11-21T01:30:00Z", "2026-11-21T09:30:00+08:00"),
        ("2026-11-20T20:30:00.999-05:00", "2026-11-21T09:30:00+08:00"),
    ],
)
def test_a_time_is_read_as_beijing_time_in_whole_seconds(text: str, shown: str) -> None:
    assert parse_time(text).isoformat() == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "2026-13-01",
        "2026-02-29",
        "25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:00:00-12:00",
    ],
)
def test_what_is_no_time_is_a_clear_error(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_time(text)
    assert caught.value.code == "bad_time"
    assert "2026-11-21" in caught.value.hint


@given(st.text(max_size=30))
def test_no_text_brings_the_reader_down(text: str) -> None:
    error = error_of(parse_time, text)
    assert error is None or error.code == "bad_time"


@given(st.datetimes().filter(lambda d: 2 < d.year < 9998))
def test_a_written_time_reads_back(moment: object) -> None:
    text = parse_time(str(moment)).isoformat()
    assert parse_time(text).isoformat() == text


def test_a_virtual_clock_moves_by_hand_only() -> None:
    clock = VirtualClock("2026-11-20T09:00")
    assert clock() == clock()
    clock.advance(days=1, hours=2)
    assert clock().isoformat() == "2026-11-21T11:00:00+08:00"


def test_a_fixed_clock_stands_still() -> None:
    clock = fixed_clock("2026-11-20")
    assert clock() == clock() == parse_time("2026-11-20")


def test_the_systems_clock_shows_beijing_time_in_whole_seconds() -> None:
    now = system_clock()
    assert now.utcoffset() == timedelta(hours=8)
    assert now.microsecond == 0
