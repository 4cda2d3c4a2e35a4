"""A lesson being played: forward and back with the whole world, chapters, incidents by key, by hand and back to the script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from drills import BY_HAND, DRILL, drill
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.errors import DefinitionError, Refused, UsageError, YkError
from yk.scenario.debrief import markdown
from yk.scenario.exam import result_of
from yk.scenario.playing import PAUSE, Player, is_playable
from yk.scenario.questions import OPERATE, RECITE
from yk.scenario.running import run_scenario
from yk.scenario.showing import view

INCIDENT = "YXZY-YY-334.1.R1/operate@system_down"


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """The lesson, about to begin."""
    with Player(drill(tmp_path)) as made:
        yield made


def state(player: Player) -> tuple[Any, ...]:
    """Everything that can be seen of a moment: the whole store, the clock, what the world remembers, the log, the frame."""
    world = player.world
    medium = world.store.medium
    rows = {
        name: dict(medium.rows(medium.collection(name))) for name in ("case", "customer", "event", "due_task")
    }
    return (
        rows,
        world.clock.now,
        world.case,
        world.broken,
        len(player.run.result.log),
        player.struck,
        view(player),
    )


# -- forward and back --------------------------------------------------------------------------------------------
def test_a_lesson_goes_from_its_start_to_its_end(player: Player) -> None:
    """TRN-001."""
    assert (player.position, player.ended, player.chapter) == (0, False, "受理")
    assert player.struck.startswith("系统故障：")
    marks = []
    while not player.ended:
        marks.append(player.forward().mark)
    assert marks == ["✓"] * 5
    assert (player.position, player.coming, player.chapter) == (5, None, "变更")
    assert player.run.finish().passed
    with pytest.raises(UsageError, match="演练已结束"):
        player.forward()


def test_back_restores_the_world_and_not_only_the_picture(player: Player) -> None:
    """TRN-001."""
    seen = [state(player)]
    while not player.ended:
        player.forward()
        seen.append(state(player))
    for number in range(4, -1, -1):
        assert player.back()
        assert state(player) == seen[number], number
    assert not player.back()
    for number in range(1, 6):
        player.forward()
        assert state(player) == seen[number], number


MOVES = st.lists(
    st.sampled_from(["forward", "back", "next", "previous", "hand", "script", "inject"]), max_size=12
)


@settings(max_examples=15)
@given(moves=MOVES)
def test_wherever_one_comes_the_world_is_that_of_playing_it_straight(
    moves: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """TRN-003, TRN-004: after any way through a lesson, and back to the script, the moment is that of a fresh one."""
    scenario = drill(tmp_path_factory.getbasetemp())
    with Player(scenario) as walked, Player(scenario) as straight:
        for move in moves:
            if move == "forward" and not (walked.ended or walked.by_hand):
                walked.forward()
            elif move == "back":
                walked.back()
            elif move in ("next", "previous") and not walked.by_hand:
                walked.next_chapter() if move == "next" else walked.previous_chapter()
            elif move == "hand":
                walked.do("过: 1天")
            elif move == "script":
                walked.return_to_script()
            elif move == "inject":
                walked.leave_script()
                with suppress(YkError):  # it cannot strike again while nothing can be written
                    walked.inject("power_cut")
        walked.return_to_script()
        straight.go_to(walked.position + 1)
        assert state(walked) == state(straight)


def test_chapters_are_gone_to_forward_and_back(player: Player) -> None:
    """TRN-003."""
    assert player.chapters == {1: "受理", 4: "变更"}
    assert player.next_chapter()
    assert player.position == 3
    assert player.coming is not None
    assert player.coming.chapter == "变更"
    assert not player.next_chapter()
    assert player.previous_chapter()
    assert player.position == 0
    assert not player.previous_chapter()


def test_a_restart_begins_anew(player: Player) -> None:
    fresh = state(player)
    player.go_to(4)
    player.answer(player.open_questions()[0])
    player.restart()
    assert state(player) == fresh
    assert not player.answers


def test_a_step_that_fails_ends_the_lesson_and_can_be_taken_back(tmp_path: Path) -> None:
    broken = DRILL.replace("办理: 合同变更", "办理: 客户回访")
    with Player(drill(tmp_path, broken)) as player:
        player.go_to(4)
        assert player.forward().mark == "✗"
        assert player.ended
        assert any("期望" in reason for reason in view(player).reasons)
        assert player.back()
        assert not player.ended


# -- incidents and work by hand ----------------------------------------------------------------------------------
def test_the_trainers_key_lets_an_incident_strike(player: Player) -> None:
    """TRN-006."""
    player.go_to(4)
    assert player.inject("crowd").startswith("客户激增：")
    assert len(list(player.world.desk.orders(flow="rename"))) == 4
    assert player.back()
    assert len(list(player.world.desk.orders(flow="rename"))) == 0


def test_an_incident_that_cannot_strike_leaves_the_world_as_it_was(player: Player) -> None:
    before = state(player)
    with pytest.raises(UsageError, match="要先有工单"):
        player.inject("complaint")
    assert state(player) == before


def test_by_hand_the_script_waits_and_goes_on_from_where_it_was_left(player: Player) -> None:
    """TRN-004."""
    player.go_to(4)
    before = state(player)
    assert player.do("{办理: 合同变更, 照例: 是}").mark == "✓"
    assert player.do("- 事件: {投诉: 太慢}").mark == "✓"
    assert player.by_hand
    with pytest.raises(UsageError, match="现在是自己动手"):
        player.forward()
    assert player.return_to_script()
    assert not player.return_to_script()
    assert state(player) == before
    assert player.forward().mark == "✓"


def test_what_is_refused_by_hand_is_told_and_does_not_end_the_lesson(player: Player) -> None:
    player.go_to(4)
    told = player.do("办理: 合同变更")
    assert (told.mark, "被拒" in told.text) == ("⊘", True)
    assert player.run.result.passed


@pytest.mark.parametrize(
    ("line", "said"),
    [("胡说", "步骤应写成"), ("办里: 合同变更", "不认识“办里”"), ("{办理: [", "YAML 写法不对"), ("", "空的")],
)
def test_what_is_no_step_is_told_and_the_script_is_not_left(line: str, said: str, player: Player) -> None:
    with pytest.raises(DefinitionError, match=said):
        player.do(line)
    assert not player.by_hand


# -- questions ---------------------------------------------------------------------------------------------------
def test_an_exam_waits_for_answers_and_a_lesson_does_not(player: Player, tmp_path: Path) -> None:
    assert player.open_questions()
    assert player.forward().number == 1
    with Player(drill(tmp_path), "li") as exam:
        with pytest.raises(Refused, match="还有 3 道题没有答"):
            exam.forward()
        for one in exam.open_questions():
            exam.answer(one, one.right if one.options else ())
        assert exam.forward().number == 1


def test_answers_are_forgotten_with_the_step_they_belong_to(player: Player) -> None:
    for one in player.open_questions():
        player.answer(one, one.right if one.options else ())
    player.forward()
    assert len(player.answers) == 3
    assert player.score_text() == "答对 2 / 3，共 5 题"
    player.back()
    assert not player.answers
    assert len(player.open_questions()) == 3


def test_hints_come_one_after_the_other(player: Player) -> None:
    """TRN-011."""
    one = player.open_questions()[0]
    assert player.hints_of(one) == ()
    assert [player.hint(one) for _ in range(4)] == [*one.hints, one.hints[2]]
    assert player.hints_of(one) == one.hints
    player.answer(one, one.right)
    assert player.answers[one.id].hints == 3


def test_what_is_to_be_done_is_judged_by_the_world(player: Player) -> None:
    """TRN-008: taken by hand while the system is down, entered later."""
    one = next(one for one in player.open_questions() if one.id == INCIDENT)
    assert not player.answer(one)
    for line in BY_HAND:
        assert player.do(line).mark == "✓"
    assert player.answer(one)


def test_without_an_incident_the_controls_of_the_risk_must_be_confirmed(tmp_path: Path) -> None:
    asked = DRILL.replace("提问: [{措施: 2.R1}]", "提问: {风险: 2.R1, 做到: 核签署人证件}")
    with Player(drill(tmp_path, asked)) as player:
        player.go_to(4)
        one = next(one for one in player.open_questions() if one.kind == OPERATE)
        assert not player.answer(one)
        player.do("{备齐: 合同变更, 确认: [全部]}")
        assert player.answer(one)


def test_a_lesson_without_questions_is_played_and_gives_no_result(tmp_path: Path) -> None:
    """A clause to repeat is a question, an incident is one; neither is here."""
    plain = "流程: 更名\n场景: [{名称: 空, 当: [{受理: {用户: '1016000001'}, 照例: 是}]}]\n"
    with Player(drill(tmp_path, plain)) as player:
        assert player.score_text() == ""
        assert player.forward().mark == "✓"
        with pytest.raises(UsageError, match="没有提问，考不了"):
            player.result("2026-11-23T10:00:00+08:00")


def test_what_is_passed_over_or_empty_cannot_be_played(tmp_path: Path) -> None:
    skipped = DRILL.replace("编号: YL-001", "编号: YL-001\n    跳过: 等口径")
    assert not is_playable(drill(tmp_path, skipped))
    assert is_playable(drill(tmp_path))


# -- time, and the end -------------------------------------------------------------------------------------------
def test_more_to_say_takes_longer_and_speed_divides(tmp_path: Path) -> None:
    long = DRILL.replace("先登记在纸上", "先登记在纸上" * 20)
    with Player(drill(tmp_path, long)) as player:
        assert player.seconds() > PAUSE
        assert player.seconds(4) == player.seconds() / 4
        player.go_to(3)
        assert player.seconds() == PAUSE


def test_the_timeline_says_when_everything_was_done(player: Player) -> None:
    player.go_to(6)
    assert [one.at[11:16] for one in player.timeline()] == ["09:00", "09:30", "09:30", "09:30", "09:30"]
    player.back()
    player.do("过: 2小时")
    assert [one.at[11:16] for one in player.timeline()[-2:]] == ["09:30", "11:30"]


def test_the_debrief_looks_back_and_lets_the_lesson_go_on(player: Player) -> None:
    """TRN-012."""
    player.forward()
    before = state(player)
    assert player.paper is not None
    text = markdown(player.debrief(result_of(player.paper, (), "2026-11-23T10:00:00+08:00")))
    assert "手工登记 SG001" in text
    assert state(player) == before


def test_a_clause_to_repeat_counts_when_it_was_repeated(tmp_path: Path) -> None:
    """TRN-020."""
    asked = DRILL.replace("提问: [{措施: 2.R1}]", "提问: {唱票: 2.R1}")
    with Player(drill(tmp_path, asked)) as player:
        player.go_to(4)
        one = player.open_questions()[0]
        assert one.kind == RECITE
        assert not player.answer(one, done=False)
        assert player.answer(one, done=True)


# -- one incident on another ---------------------------------------------------------------------------------------
def test_an_incident_that_is_refused_leaves_the_lesson_as_it_was(player: Player) -> None:
    player.go_to(4)
    player.inject("system_down")
    before, moments = state(player), player.run.moments
    with pytest.raises(Refused, match="营销系统突然没有反应"):
        player.inject("complaint")
    assert (state(player), player.run.moments) == (before, moments)
    assert player.back()
    assert player.position == 2


def test_a_lesson_is_looked_back_at_while_the_system_is_down(player: Player) -> None:
    player.go_to(4)
    player.inject("complaint")
    player.inject("system_down")
    before = state(player)
    found = player.debrief(player.result("2026-11-23T10:00:00+08:00"))
    assert [one.happened.number for one in found.outcomes] == [1, 2, 3]
    assert state(player) == before


def test_a_finished_order_is_not_overdue(player: Player) -> None:
    player.go_to(4)
    player.do("终止: 客户不办了")
    with pytest.raises(UsageError, match="已经结束，不会超期"):
        player.inject("overdue")


def test_an_incident_that_cannot_strike_while_the_system_is_down_is_told(tmp_path: Path) -> None:
    second = DRILL.replace("事件: {系统恢复: 是}", "核对: 看\n        注入: {事故: 突发停电, 风险: 334.1.R1}")
    third = second.replace(
        '受理: {用户: "${户}"}\n        照例: 是',
        "核对: 再看\n        注入: {事故: 客户激增, 风险: 334.1.R1}",
    )
    with Player(drill(tmp_path, third)) as player:
        while not player.ended:
            player.forward()
    assert not run_scenario(drill(tmp_path, third)).passed


# -- what is shown -------------------------------------------------------------------------------------------------
def test_the_chapter_that_is_gone_to_stands_in_the_heading(player: Player) -> None:
    assert player.next_chapter()
    assert view(player).chapter == "变更"


def test_an_order_on_hold_has_its_time_standing_still(player: Player) -> None:
    player.go_to(4)
    player.do("挂起: 等客户")
    held = view(player)
    player.do("过: 5个工作日")
    assert held.place.endswith("合同变更（挂起）")
    assert (view(player).left, view(player).lamp) == (held.left, "")
    assert held.left == "剩 2 个工作日"


def test_the_order_a_step_was_about_is_shown_not_the_one_in_hand(tmp_path: Path) -> None:
    text = DRILL.replace(
        "照例: 是\n        讲稿: 补录", "照例: 是\n        另存: 头一张\n        讲稿: 补录"
    ).replace(
        "      - 办理: 信息归档",
        "      - 建单: {用户: '1016000002', 新用户名: 示范新里}\n      - 办理: 信息归档\n        工单: 头一张",
    )
    with Player(drill(tmp_path, text)) as player:
        player.go_to(6)
        other = view(player).place
        player.forward()
        assert player.run.result.passed
        assert player.world.case in other
        assert view(player).place.endswith("客户回访")
        assert player.world.case not in view(player).place
