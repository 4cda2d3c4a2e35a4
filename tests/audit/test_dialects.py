"""What databases write differently: arithmetic on times, alike in all of them."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.audit.dialects import DIALECTS, listed, spoken


def shifted(dialect: str, time: str | None, span: str) -> Any:
    """A time that a database has shifted."""
    literal = "NULL" if time is None else f"'{time}'"
    sql = spoken(f"SELECT SHIFT(t.at, {span}) FROM (SELECT CAST({literal} AS VARCHAR) AS at) t", dialect)
    if dialect == "duckdb":
        return pytest.importorskip("duckdb").execute(sql).fetchall()[0][0]
    return sqlite3.connect(":memory:").execute(sql).fetchall()[0][0]


@given(
    at=st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(lambda t: t.replace(microsecond=0)),
    count=st.integers(0, 9999),
    sign=st.sampled_from("+-"),
    unit=st.sampled_from(["hours", "days"]),
)
def test_databases_shift_times_as_python_does(at: datetime, count: int, sign: str, unit: str) -> None:
    wanted = at + timedelta(**{unit: int(f"{sign}{count}")})
    for dialect in DIALECTS:
        assert shifted(dialect, at.isoformat(), f"{sign}{count} {unit}") == wanted.isoformat()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_time_stays_no_time(dialect: str) -> None:
    assert shifted(dialect, None, "+1 days") is None
    assert shifted(dialect, "下午", "+1 days") is None


@pytest.mark.parametrize("texts", [["0"], ["签订", "归档"], ["it's"]])
def test_texts_come_back_from_a_list(texts: list[str]) -> None:
    base = sqlite3.connect(":memory:")
    assert all(base.execute(f"SELECT ? IN {listed(texts)}", [text]).fetchone() == (1,) for text in texts)
