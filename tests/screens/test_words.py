"""Words of the screens."""

from __future__ import annotations

from datetime import datetime

import pytest

from yk.screens.words import left_text

DUE = "2026-11-24T17:30:00+08:00"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-23T09:30:00+08:00", "剩 1天8时 11-24"),
        ("2026-11-24T17:40:00+08:00", "超 10分 11-24"),
        ("2027-01-04T17:30:00+08:00", "超 41天 11-24"),
        ("2029-02-10T09:00:00+08:00", "超 808天 11-24"),
    ],
)
def test_a_deadline_is_told_by_month_and_day_in_another_year_too(now: str, told: str) -> None:
    assert left_text(DUE, datetime.fromisoformat(now)) == told
