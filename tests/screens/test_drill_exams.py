"""演练 by keys alone: the debrief, exams."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trials
from textual.pilot import Pilot

from screens.driving import app_on, played, press, screen_text, shown, type_in
from screens.player import (
    answer_rightly,
    asked,
    by_hand,
    drill_app,
    position,
    right_letters,
)
from screens.stage import LESSON
from screens.test_every_screen import english
from yk.desk.operators import add_operator, get_operator
from yk.scenario import exam

NUMBER = re.compile(r"[0-9T]+-nobody-[0-9a-f]+|摘要 [0-9a-f]+")
"""The number of an exam, and its digest."""


def test_the_debrief_names_what_was_wrong_and_the_lesson_goes_on_as_if_nothing_were() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "A" if await right_letters(pilot) != ["A"] else "B", "right")
        assert "【注入】客户投诉" in shown(pilot.app)
        await press(pilot, "f")
        assert "复盘：更名从头到尾" in shown(pilot.app)
        assert english(NUMBER.sub("", shown(pilot.app))) == []
        page = ""
        for _ in range(10):
            page += "".join(screen_text(pilot.app))
            await press(pilot, "pagedown")
        for told in ("得分", "错在哪里", "选了", "客户投诉：没有处理", "改进任务", "时间线"):
            assert told in page
        await press(pilot, "escape")
        assert (
            await asked(pilot, lambda player: player.world.clock.now.isoformat()[:16]) == "2026-11-23T09:00"
        )
        await press(pilot, "right", "right")
        assert "✓ 演完了" in shown(pilot.app)

    played(drill_app(number=6), play)


@pytest.fixture
def results() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The exams that were kept; afterwards none are."""
    yield exam.results
    for path in exam.exams_folder().glob("*.json"):
        path.unlink()


async def _begin_exam(pilot: Pilot[None], who: str) -> None:
    await press(pilot, "x")
    await type_in(pilot, who)
    await press(pilot, "enter")


def test_an_exam_goes_on_only_when_its_questions_are_answered_and_its_result_is_kept(
    results: Callable[[], list[dict[str, Any]]],
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await _begin_exam(pilot, "业务受理")
        assert "演练 › 考试 更名从头到尾" in shown(pilot.app)
        assert "考试 业务受理人员" in shown(pilot.app)
        assert "讲解" not in "".join(screen_text(pilot.app)[1:-1])
        assert "下步" in shown(pilot.app)
        await press(pilot, *["right"] * 5)
        assert await position(pilot) == 4
        assert "下步" not in shown(pilot.app)  # it may be what the question asks for
        assert "还有 2 道题没有答" in shown(pilot.app)
        await press(pilot, "left")
        assert "考试时不能用" in shown(pilot.app)
        await press(pilot, "f")
        assert "考试走完才有成绩" in shown(pilot.app)
        await press(pilot, "t")
        assert "考试里遇到动手题才能自己动手" in shown(pilot.app)
        for _ in range(4):
            await answer_rightly(pilot)
            assert "，对" not in shown(pilot.app)
            await press(pilot, "right")
        assert "得分 100（及格" in shown(pilot.app)
        (kept,) = results()
        assert kept["person"] == "acceptance_clerk"
        assert kept["passed"]
        await press(pilot, "escape")
        assert "上岗资格" not in shown(pilot.app)
        await press(pilot, "f")
        assert "得分 100" in shown(pilot.app)
        await press(pilot, "escape", "escape")
        assert "课和场景" in shown(pilot.app)

    played(drill_app(), play)


def test_in_an_exam_what_one_cannot_do_may_be_left_out_and_earns_nothing(
    results: Callable[[], list[dict[str, Any]]],
) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await _begin_exam(pilot, "业务受理")
        await press(pilot, *["right"] * 4)
        await answer_rightly(pilot)
        await press(pilot, "right")
        await answer_rightly(pilot)
        await press(pilot, "right", "a", "escape", "n", "right")
        assert "还有 1 道题没有答" in shown(pilot.app)
        await press(pilot, "a", "escape", "y", "right", "A")
        assert "动手办" in shown(pilot.app)
        await by_hand(pilot, "{备齐: 资料归档}")
        await press(pilot, "r", "a", "y", "right")
        (kept,) = results()
        done = {one["kind"]: one["done"] for one in kept["answers"]}
        assert not done["recite"]
        assert not done["operate"]
        assert kept["total"] < 100

    played(drill_app(), play)


def test_passing_puts_the_role_that_waits_for_it_in_force_when_that_is_wanted(
    tmp_path: Path, results: Callable[[], list[dict[str, Any]]]
) -> None:
    text = LESSON.read_text(encoding="utf-8").replace("  及格: 80", "  及格: 80\n  解锁角色: [归档人员]")
    (tmp_path / "课.yk.yaml").write_text(text, encoding="utf-8")
    desk = trials.fresh()
    add_operator(desk.store, "li01", "新来的", ["业务受理人员"], until_exam=["归档人员"])

    async def play(pilot: Pilot[None]) -> None:
        await _begin_exam(pilot, "新来的")
        await press(pilot, *["right"] * 4)
        for _ in range(4):
            await answer_rightly(pilot)
            await press(pilot, "right")
        await press(pilot, "escape")
        assert "新来的考过了，可以生效的角色：归档人员" in shown(pilot.app)
        await press(pilot, "enter")
        assert "已生效：归档人员" in shown(pilot.app)

    app = app_on(desk.store, desk.clock, desk.settings, "trainer", "drill", file=str(tmp_path))
    played(app, play)
    assert "archivist" in get_operator(desk.store, "li01").roles


def test_a_lesson_that_does_not_go_as_it_says_cannot_be_sat(tmp_path: Path) -> None:
    text = LESSON.read_text(encoding="utf-8").replace("含: '128.50'", "含: '999'")
    (tmp_path / "课.yk.yaml").write_text(text, encoding="utf-8")

    async def play(pilot: Pilot[None]) -> None:
        await _begin_exam(pilot, "业务受理")
        assert "自己走不通，不能考" in shown(pilot.app)
        assert "课和场景" in shown(pilot.app)

    played(drill_app(str(tmp_path)), play)


def test_an_exam_that_is_given_up_leaves_no_result() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "x", "enter", "right", "escape")
        assert "不留成绩" in shown(pilot.app)
        await press(pilot, "n")
        assert await position(pilot) == 1
        await press(pilot, "escape", "enter")
        assert "课和场景" in shown(pilot.app)
        assert exam.results() == []

    played(drill_app(), play)
