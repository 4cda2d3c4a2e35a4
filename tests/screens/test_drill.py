"""演练 by keys alone: a lesson on and back with its world, chapters, incidents, questions, by hand."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.driving import played, press, settle, shown, type_in
from screens.player import (
    NEW,
    answer_rightly,
    asked,
    by_hand,
    drill,
    drill_app,
    inject,
    name_of,
    position,
    right_letters,
)
from yk.scenario import playing
from yk.scenario.incidents import happenings

OLD_STEPS = 5
"""Steps done before the one that writes the new name into the archive."""


# -- a lesson, on and back -----------------------------------------------------------------------------------------
def test_a_lesson_is_opened_and_played_step_by_step_to_its_end_with_every_mark_and_reason() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        assert "第 0 步 / 共 8 步" in shown(pilot.app)
        assert "讲解 客户来更名，先查他欠不欠费" in shown(pilot.app)
        await press(pilot, "right")
        assert "✓ 办成" in shown(pilot.app)
        assert "工单 更名 012611230001 业务受理" in shown(pilot.app)
        assert "▪ 绿灯 剩 1 个工作日" in shown(pilot.app)
        await press(pilot, "right")
        assert "⊘ 如期被拒" in shown(pilot.app)
        assert "原因 本户 1016000001 欠费 128.50 元" in shown(pilot.app)
        await press(pilot, *["right"] * 6)
        assert await position(pilot) == 8
        assert "✓ 演完了，结果与场景写的相符" in shown(pilot.app)
        await press(pilot, "right")
        assert "演完了，可以回退、重来或看复盘" in shown(pilot.app)

    played(drill_app(), play)


def test_back_across_the_step_that_wrote_the_archive_the_old_name_is_there_again_and_forward_the_new() -> (
    None
):
    async def play(pilot: Pilot[None]) -> None:
        old = await name_of(pilot)
        assert old != NEW
        await press(pilot, "right")
        assert await name_of(pilot) == NEW
        assert "信息归档 ▸ 客户回访" in shown(pilot.app)
        await press(pilot, "left")
        assert await name_of(pilot) == old
        assert await position(pilot) == OLD_STEPS
        await press(pilot, "right")
        assert await name_of(pilot) == NEW
        await press(pilot, "ctrl+r")
        assert await name_of(pilot) == old
        assert await position(pilot) == 0
        await press(pilot, "left")
        assert "已在开头" in shown(pilot.app)

    played(drill_app(number=OLD_STEPS + 1), play)


def test_chapters_are_gone_to_and_back_with_the_world() -> None:
    async def play(pilot: Pilot[None]) -> None:
        seen = []
        for key in ("g", "g", "g", "G", "G", "G", "G"):
            await press(pilot, key)
            seen.append(await position(pilot))
        assert seen == [4, 5, 5, 4, 0, 0, 0]
        assert "前面没有章了" in shown(pilot.app)
        await press(pilot, "g", "g", "right")
        assert await name_of(pilot) == NEW
        await press(pilot, "G")
        assert await name_of(pilot) != NEW

    played(drill_app(number=1), play)


def test_it_plays_by_itself_and_stops_where_something_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "PAUSE", 0.01)
    monkeypatch.setattr(playing, "_READ", 100_000)

    async def until_paused(pilot: Pilot[None]) -> None:
        while drill(pilot).playing:
            await settle(pilot)

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "space")
        await until_paused(pilot)
        assert await position(pilot) == 4
        assert "提问 识别风险，单选" in shown(pilot.app)
        await press(pilot, "space")
        await until_paused(pilot)
        assert await position(pilot) == 5
        for _ in range(3):
            await press(pilot, "space")
            await until_paused(pilot)
        assert await position(pilot) == 8

    played(drill_app(number=1), play)


def test_playing_is_paused_hurried_and_slowed() -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "已暂停" in shown(pilot.app)
        await press(pilot, "space")
        assert "自动播放 1 倍" in shown(pilot.app)
        await press(pilot, "plus", "plus")
        assert "自动播放 2 倍" in shown(pilot.app)
        await press(pilot, *["minus"] * 9)
        assert "自动播放 0.25 倍" in shown(pilot.app)
        await press(pilot, "space")
        assert "已暂停" in shown(pilot.app)
        await press(pilot, "space", "question_mark", "escape")
        assert "已暂停" in shown(pilot.app)
        assert await position(pilot) == 0

    played(drill_app(number=1), play)


def test_notes_are_shown_and_hidden_by_either_key() -> None:
    async def play(pilot: Pilot[None]) -> None:
        for key in ("s", "n"):
            assert "讲解 客户来更名" in shown(pilot.app)
            await press(pilot, key)
            assert "讲解 客户来更名" not in shown(pilot.app)
            await press(pilot, key)

    played(drill_app(number=1), play)


# -- questions -----------------------------------------------------------------------------------------------------
def test_a_question_answered_wrongly_tells_the_right_answer_and_clause_and_rightly_it_counts() -> None:
    async def play(pilot: Pilot[None]) -> None:
        (letter,) = await right_letters(pilot)
        await press(pilot, "A" if letter != "A" else "B")
        assert "✗ 识别风险，不对" in shown(pilot.app)
        assert "条文 YXZY-YY-335" in shown(pilot.app)
        assert "答对 0 / 1，共 6 题" in shown(pilot.app)
        await press(pilot, "h")
        assert "（扣 3 分）" in shown(pilot.app)
        await press(pilot, "a")
        await press(pilot, *(letter.lower() for letter in await right_letters(pilot)), "enter")
        assert "✓ 选预控措施，对" in shown(pilot.app)
        assert "答对 1 / 2，共 6 题" in shown(pilot.app)
        await press(pilot, "A")
        assert "这一步没有要答的题" in shown(pilot.app)
        await press(pilot, "left", "right")
        assert "答对 0 / 0" in shown(pilot.app)

    played(drill_app(number=5), play, (80, 40))


def test_hints_come_one_after_the_other_and_no_more_than_three() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "h", "h", "h")
        for cost in ("扣 3 分", "扣 6 分", "扣 10 分"):
            assert cost in shown(pilot.app)
        await press(pilot, "h")
        assert "三次提示都用过了" in shown(pilot.app)

    played(drill_app(number=6), play, (80, 40))


def test_several_options_are_marked_by_letter_or_space_and_none_is_not_handed_in() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, *await right_letters(pilot))
        await press(pilot, "a", "enter")
        assert "还没有选" in shown(pilot.app)
        await press(pilot, "a", "down", "space")
        assert shown(pilot.app).count("☑ ") == 2
        await press(pilot, "A")
        assert shown(pilot.app).count("☑ ") == 1
        await press(pilot, "escape")
        assert drill(pilot).scene.given == 1  # type: ignore[union-attr]

    played(drill_app(number=5), play)


def test_a_clause_is_read_out_repeated_word_for_word_and_confirmed() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "a")
        await type_in(pilot, "差不多")
        await press(pilot, "enter")
        assert "和原文不一样" in shown(pilot.app)
        await press(pilot, "escape")
        assert drill(pilot).scene.given == 0  # type: ignore[union-attr]
        await answer_rightly(pilot)
        assert "✓ 唱票复诵，对" in shown(pilot.app)

    played(drill_app(number=7), play)


# -- incidents and by hand -----------------------------------------------------------------------------------------
def test_an_incident_is_injected_by_key_and_goes_with_the_step_that_is_taken_back() -> None:
    async def struck(pilot: Pilot[None]) -> list[str]:
        return await asked(pilot, lambda player: [one.bound.incident.id for one in happenings(player.world)])

    async def play(pilot: Pilot[None]) -> None:
        await inject(pilot, "系统故障")
        assert "【注入】系统故障：营销系统突然没有反应" in shown(pilot.app)
        assert await struck(pilot) == ["system_down"]
        await press(pilot, "right")
        assert "✗ 与预期不符" in shown(pilot.app)
        assert "按 左 回退" in shown(pilot.app)
        await press(pilot, "left")
        assert await struck(pilot) == []
        await press(pilot, "right")
        assert "⊘ 如期被拒" in shown(pilot.app)

    played(drill_app(number=2), play)


def test_an_incident_that_cannot_strike_here_is_told() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await inject(pilot, "超期")
        assert "这种事故要先有工单" in shown(pilot.app)
        assert "【注入】" not in shown(pilot.app)

    played(drill_app(number=1), play)


def test_the_script_is_left_by_hand_and_returned_to_with_everything_undone() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await by_hand(pilot, "胡来")
        assert "步骤应写成" in shown(pilot.app)
        await press(pilot, "escape")
        assert "自己动手，r" not in shown(pilot.app)
        await by_hand(pilot, "办理: 合同变更")
        assert "⊘ 被拒" in shown(pilot.app)
        assert "自己动手，r 回到脚本" in shown(pilot.app)
        await by_hand(pilot, "{快进: 到底}")
        assert await name_of(pilot) == NEW
        await press(pilot, "right")
        assert "先按 r 回到脚本" in shown(pilot.app)
        await press(pilot, "r")
        assert await name_of(pilot) != NEW
        assert "合同变更" in shown(pilot.app)
        await press(pilot, "r")
        assert "没有离开脚本" in shown(pilot.app)

    played(drill_app(number=5), play)
