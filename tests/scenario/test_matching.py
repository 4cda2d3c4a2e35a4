"""Wanted against found: what fits, and what is told where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.scenario.matching import among, compare, fits
from yk.scenario.scenario import Place

PLACE = Place("例.yk.yaml", 3)


@pytest.mark.parametrize(
    ("wanted", "good", "bad"),
    [
        ("甲", "甲", "乙"),
        ("~欠费", "本户欠费 5 元", "已结清"),
        ("/^0126\\d{8}$/", "012611230001", "0126"),
        (">= 3", 3, 2.99),
        ("< 0.5", 0.49, 0.5),
        ("> -1", 0, -1),
        ("任意", 0, ""),
        ("无", [], "x"),
        (None, "", 0),
        (3, 3.0, 4),
        ("128.50", 128.5, 128.6),
        (3.1, 3.1, 3),
        (True, True, 1),
        ("5", 5, 6),
        (5, "5", "6"),
    ],
)
def test_each_matcher_takes_what_it_means_and_nothing_else(wanted: Any, good: Any, bad: Any) -> None:
    assert fits(wanted, good)
    assert not fits(wanted, bad)


@pytest.mark.parametrize("found", [None, "", "x", True, [], {}])
def test_a_size_is_only_of_numbers(found: Any) -> None:
    assert not fits(">= 0", found)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("甲乙丙", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("甲乙", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_everything_fits_itself(value: Any) -> None:
    assert list(compare(value, value, "", PLACE)) == []


@given(st.dictionaries(st.text("甲乙丙", min_size=1), values, max_size=3), st.text("丁", min_size=1), values)
def test_what_was_not_asked_for_does_not_matter(found: dict[str, Any], key: str, extra: Any) -> None:
    assert list(compare(found, {**found, key: extra}, "", PLACE)) == []


def test_lists_are_compared_as_a_whole_mappings_for_what_is_wanted() -> None:
    assert [miss.where for miss in compare({"甲": [1, 2], "乙": 3}, {"甲": [1], "乙": 4}, "档案", PLACE)] == [
        "档案.甲",
        "档案.乙",
    ]
    assert [miss.where for miss in compare([1, {"甲": 2}], [1, {"甲": 3}], "表", PLACE)] == ["表[2].甲"]
    assert [miss.found for miss in compare({"甲": 1}, None, "x", PLACE)] == [None]


def test_a_row_that_is_not_there_is_told_with_the_nearest_one() -> None:
    rows = [{"规则": "X:1", "状态": "已发现"}, {"规则": "X:2", "状态": "已消除"}]
    assert list(among([{"规则": "X:1"}, {"规则": "X:2", "状态": "已消除"}], rows, "发现", PLACE)) == []
    (miss,) = among([{"规则": "X:2", "状态": "已发现"}], rows, "发现", PLACE)
    assert miss.where == "发现含一条"
    assert miss.found in ({"规则": "X:1", "状态": "已发现"}, {"规则": "X:2", "状态": "已消除"})
    assert "最接近的一条如右" in miss.hint
    (miss,) = among([{"规则": "X:2"}], [], "发现", PLACE)
    assert "一条也没有" in miss.hint


def test_rows_are_counted_among_those_that_fit() -> None:
    rows = [{"规则": "X:1"}, {"规则": "X:1"}, {"规则": "X:2"}]
    assert (
        list(
            among(
                [{"count": 3}, {"规则": "X:1", "count": 2}, {"规则": "X:9", "count": 0}], rows, "发现", PLACE
            )
        )
        == []
    )
    (miss,) = among([{"规则": "X:1", "count": ">= 3"}], rows, "发现", PLACE)
    assert (miss.where, miss.wanted, miss.found) == ("发现的数目", ">= 3", 2)
