"""One moment of a lesson, drawn as text: aligned and whole at every size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.scenario.stages import View, frame
from yk.text import cell_len

VIEW = View(
    "更名：欠费先拒后办结",
    step=5,
    steps=14,
    chapter="费用结清核查",
    who="核算员 李敏",
    what="办理 业务受理",
    mark="⊘",
    reasons=("户号 1016000001 欠费 128.50 元，须缴清后方可受理", "同一证照的 1016000002 欠费 66.00 元"),
    place="业务受理",
    lamp="yellow",
    left="剩 1 天",
    clock="2026-11-23 09:00",
    notes="这里考学员：能不能先停电再催费？",
    question="此时正确动作是？",
    options=("退回勘查", "通知结清", "强制通过"),
    score="得分 24 / 30",
    playing="自动播放 1.5 倍",
    chapters={1: "受理", 4: "勘查", 6: "结清"},
)
WORDS = st.text("户名欠费，。（）…●✓ aB1\n", max_size=120)
SIZES = st.tuples(st.sampled_from([60, 61, 80, 120]), st.sampled_from([20, 24, 40]))


@st.composite
def views(draw: Any) -> View:
    steps = draw(st.integers(0, 150))
    texts = {
        name: draw(WORDS)
        for name in ("title", "chapter", "who", "what", "place", "clock", "notes", "question", "score")
    }
    return View(
        step=draw(st.integers(0, steps)),
        steps=steps,
        mark=draw(st.sampled_from(["", "✓", "⊘", "✗", "⚡", "·"])),
        reasons=draw(st.lists(WORDS, max_size=5)),
        lamp=draw(st.sampled_from(["", "green", "yellow", "red"])),
        options=draw(st.lists(WORDS, max_size=8)),
        chapters=draw(st.dictionaries(st.integers(1, 150), WORDS, max_size=6)),
        **texts,
    )


def shown(view: View, width: int = 80, height: int = 24) -> str:
    return "\n".join(frame(view, width, height))


@settings(max_examples=80)
@given(views(), SIZES)
def test_every_frame_is_as_wide_and_high_as_asked_and_its_box_is_whole(
    view: View, size: tuple[int, int]
) -> None:
    width, height = size
    lines = frame(view, width, height)
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}
    assert {(line[0], line[-1]) for line in lines[1:]} <= {("╭", "╮"), ("│", "│"), ("╰", "╯")}
    assert [line[0] for line in lines[1:] if line[0] != "│"] == ["╭", "╰", "╭", "╰"]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("height", [20, 24, 40])
def test_everything_of_a_moment_is_told(width: int, height: int) -> None:
    text = shown(VIEW, width, height)
    for part in (
        "演练播放 › 更名：欠费先拒后办结", "第 5 步 / 共 14 步", "费用结清核查", "❯ 核算员 李敏 办理 业务受理", "⊘ 如期被拒",
        "欠费 128.50 元", "1016000002", "现在 业务受理，时限 黄 剩 1 天", "2026-11-23 09:00", "讲解 这里考学员",
        "提问 此时正确动作是？", "A  退回勘查", "C  强制通过", "得分 24 / 30", "自动播放 1.5 倍",
    ):  # fmt: skip
        assert part in text


def test_the_timeline_shows_what_is_done_where_we_are_and_the_chapters_under_their_beginning() -> None:
    marks, names = frame(VIEW, 80, 24)[-3:-1]
    assert marks.strip("│ ") == "●━━●━━●━━●━━◉──○──○──○──○──○──○──○──○──○"
    for number, name in VIEW.chapters.items():
        assert cell_len(names[: names.index(name)]) == 2 + 3 * (number - 1)


def test_of_more_steps_than_fit_those_around_the_present_one_are_shown() -> None:
    marks = frame(replace(VIEW, step=100, steps=300, chapters={}), 60, 20)[-2]
    assert marks.strip("│ ") == "●" * 28 + "◉" + "○" * 27


def test_before_the_first_step_nothing_is_done() -> None:
    assert "●" not in shown(View("甲", steps=3)).split("时间轴")[1]


def test_notes_give_way_before_the_question_does() -> None:
    text = shown(replace(VIEW, notes="讲" * 900), 60, 20)
    assert "C  强制通过" in text
    assert "1016000002" in text
    assert "讲…" in text


def test_without_notes_and_question_there_is_no_word_of_them() -> None:
    text = shown(replace(VIEW, notes="", question="", options=()))
    assert "讲解" not in text
    assert "提问" not in text


def test_options_that_do_not_fit_side_by_side_stand_below_one_another() -> None:
    lines = frame(replace(VIEW, options=("退回勘查" * 5, "通知结清" * 5)), 60, 24)
    assert [line.strip("│ ")[0] for line in lines if "退回勘查退" in line or "通知结清通" in line] == [
        "A",
        "B",
    ]


def test_a_picture_of_a_moment_has_no_control_characters_of_the_data() -> None:
    assert "\x1b" not in shown(replace(VIEW, title="\x1b[31m甲", notes="a\x07b"))
