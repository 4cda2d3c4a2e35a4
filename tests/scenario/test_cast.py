"""A recording, played in a terminal, shows every frame as it was: Chinese whole and in its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.errors import UnreadableError
from yk.scenario.cast import Cast, fitted
from yk.text import cell_len

LINES = st.lists(st.text("户名欠费，。（）…●◉○✓✗⊘─│╭ aB1", max_size=40), max_size=9)


def played(text: str) -> list[tuple[float, list[str]]]:
    """(seconds, what the screen shows) after every frame, as a terminal of the recording's size has it."""
    head, *events = map(json.loads, text.splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream, shown = pyte.Stream(screen), []
    for at, kind, data in events:
        if kind == "o":
            stream.feed(data)
            shown.append((at, list(screen.display)))
    return shown


def events(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()[1:]]


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=4), st.integers(1, 61), st.integers(1, 8))
def test_the_screen_is_the_frame_line_by_line_after_every_frame(
    frames: list[list[str]], width: int, height: int
) -> None:
    cast = Cast(width, height, "更名")
    for number, lines in enumerate(frames):
        cast.frame(lines, number)
    shown = played(cast.text())
    assert [at for at, _ in shown] == list(range(len(frames)))
    for (_, screen), lines in zip(shown, frames, strict=True):
        assert screen == fitted(lines, width, height)


@given(LINES, st.integers(0, 60), st.integers(1, 8))
def test_every_line_of_a_frame_is_as_wide_as_the_screen(lines: list[str], width: int, height: int) -> None:
    shown = fitted(lines, width, height)
    assert len(shown) == height
    assert {cell_len(line) for line in shown} == {width}


def test_a_letter_that_would_stand_half_outside_is_left_out() -> None:
    assert fitted(["更名业务"], 7, 1) == ["更名业…"]
    assert fitted(["更名业务"], 6, 1) == ["更名… "]


def test_what_data_hold_does_not_steer_the_terminal() -> None:
    cast = Cast(20, 2, "x")
    cast.frame(["甲\x1b[2J\x07乙", "第二行"], 0)
    assert played(cast.text())[0][1] == fitted(["甲 [2J 乙", "第二行"], 20, 2)


def test_the_head_says_size_title_and_the_longest_pause() -> None:
    head = json.loads(Cast(81, 24, "更名：欠费先拒", idle=2.5).text().splitlines()[0])
    assert head == {
        "version": 2,
        "width": 81,
        "height": 24,
        "idle_time_limit": 2.5,
        "title": "更名：欠费先拒",
    }


def test_chapters_are_markers_and_time_never_goes_back() -> None:
    cast = Cast(20, 2, "x")
    cast.frame(["一"], 0)
    cast.marker("受理")
    cast.frame(["二"], 4.25)
    cast.frame(["一"], 3)
    cast.marker("归档", 9)
    assert [(at, kind) for at, kind, _ in events(cast.text())] == [
        (0, "o"), (0, "m"), (4.25, "o"), (4.25, "o"), (9, "m"),
    ]  # fmt: skip
    assert [data for _, kind, data in events(cast.text()) if kind == "m"] == ["受理", "归档"]


def test_version_3_counts_from_event_to_event() -> None:
    cast = Cast(20, 2, "x")
    for at in (0.5, 2, 2.25):
        cast.frame(["帧"], at)
    head, *rest = map(json.loads, cast.text(3).splitlines())
    assert head["term"] == {"cols": 20, "rows": 2}
    assert [at for at, _, _ in rest] == [0.5, 1.5, 0.25]


def test_the_file_is_utf8_without_escapes_and_replaces_the_old_one_wholly(tmp_path: Path) -> None:
    path = tmp_path / "更名.cast"
    path.write_text("旧", encoding="utf-8")
    cast = Cast(20, 2, "更名")
    cast.frame(["欠费未清"], 0)
    cast.write(path)
    assert path.read_text(encoding="utf-8") == cast.text()
    assert "欠费未清" in cast.text()
    with pytest.raises(UnreadableError):
        cast.write(tmp_path / "没有这个文件夹" / "x.cast")
    assert [one.name for one in tmp_path.iterdir()] == ["更名.cast"]
