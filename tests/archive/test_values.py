"""One value: what is accepted, in which form it is stored, what is refused instead of guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.archive.dictionary import Field, entity
from yk.archive.values import READERS
from yk.errors import UsageError


def field(kind: str) -> Field:
    return Field("f", "字段", kind)


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("VARCHAR", "  城东测试有限公司 ", "城东测试有限公司"),
        ("VARCHAR", "一\n二\x1b[31m", "一 二 [31m"),
        ("VARCHAR", "０１２", "０１２"),
        ("VARCHAR", 1016000001, "1016000001"),
        ("VARCHAR", "3.0", "3.0"),
        ("VARCHAR", "　", None),
        ("VARCHAR", None, None),
        ("DOUBLE", "３１５", 315.0),
        ("DOUBLE", 315, 315.0),
        ("DOUBLE", "-0", 0.0),
        ("DOUBLE", "1e3", 1000.0),
        ("DOUBLE", ".5", 0.5),
        ("DOUBLE", "", None),
        ("INTEGER", "100.0", 100),
        ("INTEGER", 100.0, 100),
        ("INTEGER", "＋7", 7),
        ("INTEGER", 9_007_199_254_740_993, 9_007_199_254_740_993),
        ("DATE", "2026/1/2", "2026-01-02"),
        ("DATE", "2026.01.02", "2026-01-02"),
        ("DATE", "２０２６年１月２日", "2026-01-02"),
        ("DATE", "20260102", "2026-01-02"),
        ("DATE", 20260102, "2026-01-02"),
        ("DATE", "2026-01-02 15:22:11", "2026-01-02"),
        ("DATE", datetime(2026, 1, 2, 8, 30), "2026-01-02"),
        ("DATE", date(2026, 1, 2), "2026-01-02"),
        ("TIMESTAMP", "2026-01-02", "2026-01-02T00:00:00"),
        ("TIMESTAMP", "2026/1/2 8:05", "2026-01-02T08:05:00"),
        ("TIMESTAMP", "2026-01-02T00:30:00Z", "2026-01-02T08:30:00"),
        ("TIMESTAMP", datetime(2026, 1, 2, 8, 5, 6, 700), "2026-01-02T08:05:06"),
        ("TIMESTAMP", datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T08:00:00"),
    ],
)
def test_a_value_is_stored_in_one_form(kind: str, value: object, stored: object) -> None:
    found = field(kind).parse(value)
    assert (found, type(found)) == (stored, type(stored))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("VARCHAR", 1016000001.0),
        ("VARCHAR", "1.016E+09"),
        ("VARCHAR", "1016000001.0"),
        ("VARCHAR", 10**15),
        ("VARCHAR", True),
        ("VARCHAR", "#N/A"),
        ("VARCHAR", "字" * 4001),
        ("VARCHAR", "\ud800"),
        ("VARCHAR", ["x"]),
        ("VARCHAR", date(2026, 1, 2)),
        ("DOUBLE", "1,000"),
        ("DOUBLE", "315kVA"),
        ("DOUBLE", "nan"),
        ("DOUBLE", float("inf")),
        ("DOUBLE", 10**400),
        ("DOUBLE", True),
        ("DOUBLE", date(2026, 1, 2)),
        ("INTEGER", "1.5"),
        ("INTEGER", 1.5),
        ("INTEGER", 2**63),
        ("INTEGER", False),
        ("DATE", "2026-02-30"),
        ("DATE", "2026-W01-1"),
        ("DATE", "2026-1/2"),
        ("DATE", 46000),
        ("DATE", time(8, 30)),
        ("TIMESTAMP", "2026-01-02T25:00:00"),
        ("TIMESTAMP", "9999-12-31T23:00:00Z"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: str, value: object) -> None:
    with pytest.raises(UsageError) as error:
        field(kind).parse(value)
    assert error.value.code == "wrong_type"
    assert error.value.message.startswith("字段（f）")


def test_a_refusal_says_field_value_and_remedy() -> None:
    with pytest.raises(UsageError) as error:
        entity("customer").field("用户编号").parse(1016000001.0)
    assert error.value.message == (
        "用户编号（cons_no）应是文字，现为数值 1016000001.0，可能已丢位；把单元格格式设为文本后重填"
    )


@given(
    st.sampled_from(sorted(READERS)),
    st.one_of(st.text(), st.floats(), st.integers(), st.datetimes(), st.dates(), st.none()),
)
def test_a_stored_value_is_read_again_to_itself(kind: str, value: object) -> None:
    try:
        stored = field(kind).parse(value)
    except UsageError:
        return
    assert field(kind).parse(stored) == stored
