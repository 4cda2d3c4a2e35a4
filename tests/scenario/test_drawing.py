"""Frames are pictures too: every letter at its column, and nothing that is fetched from anywhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from yk.scenario.drawing import CELL, EDGE, FONTS, LINE, svg
from yk.text import cell_len

LINES = st.lists(st.text("户名欠费，。…●◉✓⊘─│╭ aB1<&>\"'", max_size=30), max_size=6)
_TEXT = "{http://www.w3.org/2000/svg}text"


def letters(picture: str) -> set[tuple[int, int, str]]:
    """(column, line, letter) of everything that is drawn."""
    found = set()
    for one in ElementTree.fromstring(picture).iter(_TEXT):  # noqa: S314
        line, over = divmod(int(one.attrib["y"]) - EDGE - 2 * CELL, LINE)
        places = [int(x) for x in one.attrib["x"].split()]
        assert over == 0
        assert len(places) == len(one.text or "")
        found |= {((x - EDGE) // CELL, line, char) for x, char in zip(places, one.text or "", strict=True)}
    return found


@settings(max_examples=60)
@given(LINES)
def test_every_letter_stands_at_its_column(lines: list[str]) -> None:
    wanted = {
        (cell_len(line[:place]), number, char)
        for number, line in enumerate(lines)
        for place, char in enumerate(line)
        if char != " "
    }
    assert letters(svg(lines)) == wanted


@settings(max_examples=60)
@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=9))
def test_whatever_the_lines_hold_the_picture_is_well_formed_and_asks_for_nothing(
    lines: list[str], title: str
) -> None:
    picture = svg(lines, title=title)
    parts = list(ElementTree.fromstring(picture).iter())  # noqa: S314
    assert {one.tag.rpartition("}")[2] for one in parts} <= {"svg", "title", "rect", "g", "text"}
    assert not any("href" in name or "src" in name for one in parts for name in one.attrib)
    assert not any(
        word in value for one in parts for value in one.attrib.values() for word in ("http", "url(")
    )


def test_the_fonts_have_chinese_and_can_be_chosen() -> None:
    assert "'Noto Sans Mono CJK SC'" in svg(["户"]).replace("&#x27;", "'")
    assert "Fira" not in svg(["户"])
    chosen = svg(["户"], ("仓耳等宽", *FONTS)).replace("&#x27;", "'")
    assert "font-family=\"'仓耳等宽', 'Sarasa Mono SC'," in chosen
    assert ", monospace" in chosen


def test_the_picture_is_as_wide_as_the_widest_line() -> None:
    picture = svg(["欠费 12 元", "a"])
    assert f'width="{10 * CELL + 2 * EDGE}"' in picture
    assert f'height="{2 * LINE + 2 * EDGE}"' in picture


def test_a_mark_has_its_own_colour() -> None:
    assert len(re.findall(r'<text [^>]*fill="#\w+">⊘</text>', svg(["⊘ 被拒"]))) == 1
