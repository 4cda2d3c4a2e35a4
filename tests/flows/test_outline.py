"""The Ningxia outline: listed, searchable, plain about what is not there."""

from __future__ import annotations

from yk.flows.flow import flow_ids
from yk.flows.outline import STATES, outline


def test_all_nine_chapters_are_listed_with_their_functions() -> None:
    rows = list(outline())
    assert [row["no"] for row in rows if "." not in row["no"]] == [str(n) for n in range(1, 10)]
    assert len(rows) == len({row["no"] for row in rows}) == 61
    assert [row["page"] for row in rows] == sorted(row["page"] for row in rows)


def test_what_is_said_to_be_there_is_a_flow_of_the_program() -> None:
    for row in outline():
        assert set(row["flows"]) <= set(flow_ids()), row
        if "." in row["no"] and row["state"] == "done":
            assert row["flows"]


def test_it_is_searched_by_words_and_by_state() -> None:
    assert [row["no"] for row in outline(["违约用电窃电"])] == ["2.3.3"]
    assert {row["state"] for row in outline([STATES["none"]])} == {"none"}
    assert list(outline(["更名", "过户"])) == []
