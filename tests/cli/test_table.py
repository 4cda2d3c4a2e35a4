"""Tables line up in cells, whatever the script."""

from __future__ import annotations

import pytest

from yk.cli.table import cell, grid, markdown, sheet
from yk.text import cell_len

COLUMNS = [("code", "编号"), ("text", "说明"), ("n", "数量")]
ROWS = [
    {"code": "YXZY-YY-334", "text": "更名业务受理：核对身份证明与原户名", "n": 3},
    {"code": "A", "text": "café “引号” ①", "n": 12000},
    {"code": "B", "text": None, "n": None},
]


def starts_of(text: str, words: list[str]) -> set[int]:
    """At which cell each of `words` begins in its line."""
    lines = text.splitlines()
    return {cell_len(line[: line.index(word)]) for word in words for line in lines if word in line}


def test_columns_begin_at_the_same_cell_in_every_line() -> None:
    text = grid(ROWS, COLUMNS)
    assert len(starts_of(text, ["说明", "更名业务", "café"])) == 1


def test_numbers_end_at_the_same_cell() -> None:
    lines = grid(ROWS, COLUMNS).splitlines()
    assert {cell_len(line) for line in lines[:4]} == {cell_len(lines[0])}


def test_markdown_lines_are_equally_wide() -> None:
    assert len({cell_len(line) for line in markdown(ROWS, COLUMNS).splitlines()}) == 1


@pytest.mark.parametrize("width", [30, 40, 60])
def test_sentences_give_way_before_identifiers(width: int) -> None:
    text = grid(ROWS, COLUMNS, width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "YXZY-YY-334" in text
    assert "…" in text or width == 60


def test_identifiers_give_way_when_they_must() -> None:
    text = grid(ROWS, COLUMNS, 20)
    assert all(cell_len(line) <= 20 for line in text.splitlines())


def test_a_table_that_fits_is_left_alone() -> None:
    assert grid(ROWS, COLUMNS, 200) == grid(ROWS, COLUMNS)


def test_a_record_is_one_line_a_field_and_wraps_its_values() -> None:
    record = {"code": "YXZY-YY-334", "text": "更名业务受理。" * 10}
    lines = sheet(record, COLUMNS[:2], 40).splitlines()
    assert lines[0] == "编号  YXZY-YY-334"
    assert lines[1].startswith("说明  更名")
    assert all(cell_len(line) <= 40 for line in lines)
    assert all(line.startswith("      ") and line[6] != "。" for line in lines[2:])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (["a", "b"], "a、b"),
        ([{"id": 1, "name": "甲"}], "id=1，name=甲"),
        ("行一\n行二\x07", "行一 行二 "),
        (630, "630"),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, shown: str) -> None:
    assert cell(value) == shown
