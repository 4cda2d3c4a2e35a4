"""An exam being sat: answers as people write them, work by hand that is judged and undone, the result, the debrief."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from drills import BY_HAND, DRILL, drill

from yk.clock import fixed_clock
from yk.errors import UsageError, YkError
from yk.scenario.answering import Answers, Given, lettered, meant, read_answers, recited, verdict
from yk.scenario.by_hand import read_step
from yk.scenario.debrief import markdown
from yk.scenario.judging import is_done
from yk.scenario.paper import paper_from_manual
from yk.scenario.questions import OPERATE, RECITE, Question
from yk.scenario.quizzing import Quiz
from yk.scenario.reading import load
from yk.scenario.sitting import Sitting, rehearse

LIBRARY = Path(__file__).parents[2] / "fixtures" / "scenarios"
AT = "2026-11-23T10:00:00+08:00"
CONTROL = "YXZY-YY-335.2.R1/control"
OWN = "YL-001/5.1"
INCIDENT = "YXZY-YY-334.1.R1/operate@system_down"
WITH_RECITAL = DRILL.replace("提问: [{措施: 2.R1}]", "提问: [{唱票: 2.R1}]")


def go_through(sitting: Sitting, by_hand: tuple[str, ...] = BY_HAND) -> None:
    """Answer everything rightly, and do these steps where something is to be done."""
    while not sitting.player.ended:
        for one in sitting.player.open_questions():
            if one.kind == OPERATE:
                sitting.approach(one)
                for line in by_hand:
                    sitting.do(read_step(line, "rename"))
                sitting.judge(one)
            else:
                sitting.answer(one, one.right)
        sitting.player.forward()


def question(folder: Path, ident: str, text: str = DRILL) -> Question:
    """A question of the lesson for li."""
    with Sitting(drill(folder, text), "li") as sitting:
        return next(one for one in sitting.questions if ident in one.id)


# -- answers as people write them --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said", [lambda letters: letters, lambda letters: f" {letters[1]}、{letters[0].lower()} "]
)
def test_letters_may_be_written_in_any_way(said: Callable[[str], str], tmp_path: Path) -> None:
    one = question(tmp_path, CONTROL)
    letters = lettered(one, one.right)
    assert len(letters) == 2
    assert set(meant(one, said(letters))) == set(one.right)


def test_an_option_may_be_written_out_or_named_by_its_id(tmp_path: Path) -> None:
    one = question(tmp_path, CONTROL)
    for option in one.options:
        assert meant(one, option.text) == meant(one, option.id) == (option.id,)
    own = question(tmp_path, OWN)
    assert meant(own, "抄表例日") == meant(own, lettered(own, own.right)) == own.right


@pytest.mark.parametrize("said", ["Z", "AZ", "？", "抄表", ""])
def test_what_is_no_option_is_told_with_the_letters(said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有“") as caught:
        meant(question(tmp_path, OWN), said)
    assert caught.value.hint == "可写 A、B、C"


def test_a_clause_is_repeated_word_for_word(tmp_path: Path) -> None:
    """TRN-020."""
    one = question(tmp_path, "recite", WITH_RECITAL)
    assert one.kind == RECITE
    assert recited(one, one.answer.replace("，", " ，"))
    assert not recited(one, one.answer[:-1])


def test_a_learner_is_told_whether_it_was_right_and_where_it_stands(tmp_path: Path) -> None:
    """TRN-007."""
    one = question(tmp_path, CONTROL)
    assert verdict(one, one.right) == [f"对。{one.clause}"]
    partly, wrong = verdict(one, one.right[:1]), verdict(one)
    assert partly[0].startswith("不全对，应是：")
    assert wrong == [partly[0].replace("不全对", "不对"), one.clause]
    assert one.answer in wrong[0]


def answers(folder: Path, text: str) -> Answers:
    """A file of answers."""
    path = folder / "答案.yaml"
    path.write_text(text, encoding="utf-8")
    return read_answers(path)


def test_a_file_answers_by_number_or_id_by_letters_texts_or_steps(tmp_path: Path) -> None:
    steps = "\n".join(f"  - {line}" for line in BY_HAND)
    given = answers(tmp_path, f"分钟: 12\n1: 'B'\n{INCIDENT}:\n{steps}\n{OWN}: 抄表例日\n")
    with Sitting(drill(tmp_path), "li") as sitting:
        first, second, operate, control, own = given.given(sitting.questions, "rename").values()
    assert given.minutes == 12
    assert first == Given((sitting.questions[0].options[1].id,))
    assert (second, control) == (None, None)
    assert operate is not None
    assert [one.act for one in operate.steps] == ["event", "event", "accept"]
    assert own == Given(("A",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9: B", "1: 没有“9”这道题"),
        ("1: B\nYL-001/5.2: A", "2: 没有“YL-001/5.2”这道题"),
        ("1: Q", "1: 没有“Q”这个选项"),
        ("3:\n- 事件: {系统恢复: 是}\n- 办里: 合同变更", ":3: 步骤 不认识“办里”"),
        ("3: 先登记", "1: 第 3 题要动手办，答案应是步骤"),
        ("分钟: 很久", "分钟应是不小于 0 的数"),
        ("分钟: -1", "分钟应是不小于 0 的数"),
        ("[1]", "题号: 答案"),
        ("1: [", "YAML 写法不对"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with Sitting(drill(tmp_path), "li") as sitting, pytest.raises(UsageError, match=said) as caught:
        answers(tmp_path, text).given(sitting.questions, "rename")
    assert "答案.yaml" in caught.value.message


# -- the exam ----------------------------------------------------------------------------------------------------
def test_questions_are_numbered_as_they_are_asked(tmp_path: Path) -> None:
    """TRN-023."""
    orders = set()
    for who in ("li", "wang", "zhao"):
        with Sitting(drill(tmp_path), who) as sitting:
            assert [one.step for one in sitting.questions] == [1, 1, 1, 4, 5]
            assert list(sitting.numbers.values()) == [1, 2, 3, 4, 5]
            orders.add(tuple(option.id for one in sitting.questions for option in one.options))
    assert len(orders) > 1


def test_who_does_the_right_thing_by_hand_has_it_all(tmp_path: Path) -> None:
    """TRN-008, TRN-009."""
    with Sitting(drill(tmp_path), "li") as sitting:
        go_through(sitting)
        result = sitting.result(AT, 12)
        text = markdown(sitting.debrief(result))
    assert (result["total"], result["passed"], result["minutes"]) == (100, True, 12)
    assert "处置得当" in text
    assert text.index("动手 ✓ 手工登记 SG001") < text.index("| ✓ 手工登记 SG001")


def test_what_happened_in_one_minute_stands_in_the_timeline_as_it_happened(tmp_path: Path) -> None:
    with Sitting(drill(tmp_path), "li") as sitting:
        go_through(sitting)
        lines = [one.text for one in sitting.debrief(sitting.result(AT, 12)).timeline]
    order = (
        "事故 系统故障",
        "识别风险，答对",
        "动手 ✓ 手工登记",
        "✓ 手工登记",
        "动手办，答对",
        "✓ 营销系统恢复",
        "选预控措施，答对：YXZY-YY-335",
        "✓ 合同变更 →",
    )
    places = [next(n for n, line in enumerate(lines) if line.startswith(word)) for word in order]
    assert places == sorted(places)


def test_what_is_done_by_hand_is_undone_whatever_it_was(tmp_path: Path) -> None:
    scenario = drill(tmp_path)
    logs = []
    for by_hand in ((), BY_HAND, ("事件: {系统恢复: 是}", "过: 9天")):
        with Sitting(scenario, "li") as sitting:
            go_through(sitting, by_hand)
            logs.append([(one.text, sitting.player.world.clock.now) for one in sitting.player.run.result.log])
    assert logs[0] == logs[1] == logs[2]


def test_an_incident_that_was_not_handled_has_its_consequence_though_the_script_handles_it(
    tmp_path: Path,
) -> None:
    with Sitting(drill(tmp_path), "li") as sitting:
        go_through(sitting, ())
        result = sitting.result(AT)
        text = markdown(sitting.debrief(result))
    assert result["points"][INCIDENT] == 0
    assert "没有处理" in text
    assert "240 分钟" in text


def test_an_incident_of_the_trainers_key_strikes_for_the_exam_and_goes_again(tmp_path: Path) -> None:
    """TRN-006: nobody presses the key in an exam."""
    by_key = DRILL.replace(
        "办理: 信息归档", "办理: 信息归档\n        注入: {事故: 客户投诉, 时机: 热键, 风险: 337.3.R1}"
    ).replace(
        "提问: {题目: 归档前看哪一项, 选项: [抄表例日, 天气, 生日], 答案: 抄表例日}", "提问: {做到: 是}"
    )
    scenario = drill(tmp_path, by_key)
    rehearse(scenario, "li")
    with Sitting(scenario, "li") as sitting:
        player = sitting.player
        player.go_to(5)
        one = player.open_questions()[0]
        sitting.approach(one)
        assert player.struck.startswith("客户投诉：")
        assert not sitting.judge(one)
        assert player.struck == ""
        assert player.forward().mark == "✓"


def test_a_question_that_is_left_out_counts_as_not_answered(tmp_path: Path) -> None:
    with Sitting(drill(tmp_path), "li") as sitting:
        while not sitting.player.ended:
            for one in sitting.player.open_questions():
                sitting.leave_out(one)
            sitting.player.forward()
        result = sitting.result(AT)
    assert result["total"] == 0
    assert {line["at"] for line in result["answers"]} == {""}


def test_a_lesson_that_does_not_go_as_it_says_is_not_sat(tmp_path: Path) -> None:
    for broken, said in (
        (DRILL.replace("办理: 合同变更", "办理: 客户回访"), "走不通，不能考"),
        (DRILL.replace("那么: {状态: 客户回访}", "那么: {状态: 已归档}"), "期望 已归档"),
        (DRILL.replace("编号: YL-001", "编号: YL-001\n    跳过: 等口径"), "等口径"),
        (DRILL.replace("{事故: 系统故障,", "{事故: 缺材料, 时机: 热键,"), "要先有工单"),
    ):
        assert broken != DRILL
        with pytest.raises(YkError, match=said):
            rehearse(drill(tmp_path, broken), "li")
    rehearse(drill(tmp_path), "li")


def test_a_scenario_without_questions_cannot_be_sat(tmp_path: Path) -> None:
    plain = "流程: 更名\n场景: [{名称: 空, 当: [{受理: {用户: '1016000001'}, 照例: 是}]}]\n"
    with pytest.raises(UsageError, match="没有提问，考不了"):
        Sitting(drill(tmp_path, plain), "li")


# -- without a lesson --------------------------------------------------------------------------------------------
def test_questions_of_the_manual_are_answered_without_a_lesson() -> None:
    """TRN-022."""
    quiz = Quiz(paper_from_manual(["YXZY-YY-335"], 4, "li", 2), fixed_clock("2026-11-23T09:00"))
    first, second, third, _ = quiz.questions
    assert quiz.answer(first, first.right, done=not first.options)
    quiz.hint(second)
    assert quiz.answer(second, second.right, done=not second.options)
    quiz.leave_out(third)
    result = quiz.result(AT)
    lines = {line["question"]: line for line in result["answers"]}
    assert (lines[first.id]["points"], lines[second.id]["points"]) == (25, 22)
    assert lines[first.id]["at"] == "2026-11-23T09:00:00+08:00"
    assert (lines[third.id]["points"], lines[third.id]["at"]) == (0, "")
    assert not result["passed"]


# -- the library -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", sorted(LIBRARY.glob("课-*.yk.yaml")), ids=lambda path: path.stem)
def test_every_lesson_of_the_library_can_be_had_in_full(path: Path) -> None:
    """Whatever is to be done by hand can be done as the lesson's own script does it, and nothing else is open."""
    for scenario in load(path):
        rehearse(scenario, "li")
        with Sitting(scenario, "li") as sitting:
            player = sitting.player
            while not player.ended:
                for one in player.open_questions():
                    if one.kind == OPERATE:
                        sitting.approach(one)
                        for step in player.steps[player.position :]:
                            if is_done(player.world, one):
                                break
                            sitting.do(step)
                        assert sitting.judge(one), one.id
                    else:
                        sitting.answer(one, one.right if one.options else (), done=not one.options)
                player.forward()
            assert sitting.result(AT)["total"] == 100
