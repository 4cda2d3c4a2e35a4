"""Exams: a paper in an order of one's own, a result that shows when it was changed, a role in force once it is passed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from world import World

from scenario.lessons import LESSON, answers, lesson
from yk.desk.operators import add_operator, get_operator
from yk.errors import UnreadableError, UsageError
from yk.flows.catalogue import catalogue
from yk.scenario.exam import digest_of, exams_folder, grant, is_missed, keep, read_result, result_of, results
from yk.scenario.paper import Paper, paper_again, paper_from_manual, paper_of, questions_at
from yk.scenario.questions import OWN

AT = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """The paper of the lesson for li."""
    return paper_of(lesson(tmp_path), "li")


# -- the paper ---------------------------------------------------------------------------------------------------
def test_a_lesson_asks_what_it_says_and_three_things_about_an_incident(tmp_path: Path) -> None:
    found = lesson(tmp_path)
    assert [one.id for one in questions_at(found, 1)] == [
        f"YXZY-YY-334.1.R1/{kind}@system_down" for kind in ("risk", "control", "operate")
    ]
    assert [(one.id, one.weight) for one in questions_at(found, 2)] == [
        ("YXZY-YY-335.2.R1/risk", 1),
        ("YXZY-YY-335.2.R1/control", 2),
    ]
    own = questions_at(found, 3)[0]
    assert (own.kind, own.id, own.right, own.answer) == (OWN, "KC-001/3.1", ("A",), "抄表例日")
    recite, operate = questions_at(found, 4)
    assert recite.id == "YXZY-YY-337.3.R1/recite@complaint"
    assert operate.id == "YXZY-YY-337.3.R1/operate@complaint"
    assert operate.stem == "登记投诉并分派"


def test_two_people_get_their_own_order_and_the_same_one_each_time(tmp_path: Path) -> None:
    """TRN-023."""
    found = lesson(tmp_path)
    orders = {
        who: [one.id for one in paper_of(found, who).questions] for who in ("li", "wang", "zhao", "qian")
    }
    assert len({tuple(order) for order in orders.values()}) > 1
    assert len({tuple(sorted(order)) for order in orders.values()}) == 1
    assert paper_of(found, "li") == paper_of(found, "li", 7)
    assert paper_of(found, "li").questions != paper_of(found, "li", 8).questions


def test_a_played_lesson_takes_the_questions_of_its_step(paper: Paper) -> None:
    assert {one.entry for one in paper.at(2)} == {"YXZY-YY-335"}
    assert sum(len(paper.at(number)) for number in range(1, 5)) == len(paper.questions)


def test_the_manual_is_a_bank_from_which_everybody_gets_the_same_questions() -> None:
    entries = [code for code in catalogue() if catalogue()[code].flow == "hv_new_connection"]
    first, second = (paper_from_manual(entries, 20, who, 5) for who in ("li", "wang"))
    assert len(first.questions) == 20
    assert {one.id for one in first.questions} == {one.id for one in second.questions}
    assert [one.id for one in first.questions] != [one.id for one in second.questions]
    assert {one.id for one in paper_from_manual(entries, 20, "li", 6).questions} != {
        one.id for one in first.questions
    }


def test_what_was_missed_can_be_asked_again_by_its_id() -> None:
    ids = {"YXZY-YY-334.1.R1/risk@system_down", "YXZY-YY-335.2.R1/control"}
    whole = [*sorted(ids), "KC-001/3.1", "YXZY-YY-334.1.R1/operate@system_down"]
    assert {one.id for one in paper_again(whole, "li").questions} == ids
    with pytest.raises(UsageError, match="没有能单独再考的题"):
        paper_again(whole[2:], "li")


def test_the_same_question_at_two_steps_counts_twice(tmp_path: Path) -> None:
    text = LESSON.replace(
        "提问: {题目: 归档前看哪一项, 选项: [抄表例日, 天气, 生日], 答案: 抄表例日}", "提问: {风险: 335.2.R1}"
    )
    ids = [one.id for one in paper_of(lesson(tmp_path, text)).questions]
    assert {"YXZY-YY-335.2.R1/risk", "YXZY-YY-335.2.R1/risk#3"} <= set(ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{风险: 2.R1}", "{风险: 9.R9}", "没有风险 9.R9"),
        ("答案: 抄表例日", "答案: 阴天", "答案 应是 选项 里的一项或几项"),
        ("选项: [抄表例日, 天气, 生日], ", "", "两个以上不同的 选项"),
        ("分: 2", "分: 0", "分 应是大于 0 的数"),
        ("事故: 客户投诉, ", "事故: 地震, ", "没有“地震”这种事故"),
        ("注入: 系统故障", "注入: {事故: 系统故障, 时机: 半夜}", "时机不能写“半夜”"),
        ("注入: 系统故障", "注入: 客户投诉", "没有一条讲这种事故"),
    ],
)
def test_a_question_that_cannot_be_meant_is_told_with_its_line(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in LESSON
    with pytest.raises(UsageError, match=said) as caught:
        paper_of(lesson(tmp_path, LESSON.replace(old, new)))
    assert caught.value.message.startswith("课.yk.yaml:")


def test_a_scenario_that_asks_nothing_is_no_exam(tmp_path: Path) -> None:
    text = "流程: 更名\n场景: [{名称: 空, 当: [{受理: {用户: '1016000001'}, 照例: 是}]}]\n"
    with pytest.raises(UsageError, match="没有提问也没有注入"):
        paper_of(lesson(tmp_path, text))


# -- the result --------------------------------------------------------------------------------------------------
def test_a_result_is_plain_data_that_says_everything(paper: Paper) -> None:
    found = result_of(paper, answers(paper), AT, 12)
    assert json.loads(json.dumps(found)) == found
    assert (found["total"], found["passed"], found["pass_mark"]) == (100, True, 80)
    assert (found["person"], found["seed"], found["minutes"], found["limit"]) == ("li", 7, 12, 20)
    assert found["unlocks"] == ["acceptance_clerk"]
    assert found["ratings"] == {"认得出": "P", "先受理后补录": "P", "按时": "P"}
    assert [one["question"] for one in found["answers"]] == [one.id for one in paper.questions]
    assert all(one["clause"] and one["entry"] for one in found["answers"] if one["kind"] != OWN)
    assert not any(is_missed(one) for one in found["answers"])
    assert sum(found["points"].values()) == pytest.approx(90, abs=0.1)


def test_the_same_answers_make_the_same_result(paper: Paper) -> None:
    first, second = (result_of(paper, order, AT, 12) for order in (answers(paper), answers(paper)[::-1]))
    assert first == second


def test_what_was_left_out_wrong_or_hinted_is_missed(paper: Paper) -> None:
    given = [one for one in answers(paper, ["335.2.R1/risk"]) if "KC-001" not in one.question]
    found = result_of(paper, given, AT)
    assert {one["question"] for one in found["answers"] if is_missed(one)} == {
        "YXZY-YY-335.2.R1/risk",
        "KC-001/3.1",
    }
    assert all(is_missed(one) for one in result_of(paper, answers(paper, hints=1), AT)["answers"])


def test_results_are_kept_and_read_back(paper: Paper, tmp_path: Path) -> None:
    home = tmp_path / "exams"
    later = result_of(paper, answers(paper), AT, 12)
    earlier = result_of(paper, answers(paper, ["risk"]), "2026-11-20T10:00:00+08:00", 12)
    paths = [keep(one, home) for one in (later, earlier)]
    assert [read_result(path) for path in paths] == [later, earlier]
    assert results(home) == [earlier, later]
    assert results(tmp_path / "nowhere") == []
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert exams_folder().name == "exams"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total": 99}, "被改动过"),
        ({"passed": True}, "被改动过"),
        ({"total": "99"}, "内容不对：total"),
        ({"wish": 1}, "项目不对"),
        ({"at": "昨天"}, "时间不对"),
        ({"answers": [{"question": "x"}]}, "内容不对：answers"),
    ],
)
def test_a_result_that_was_changed_is_told(
    change: dict[str, Any], said: str, paper: Paper, tmp_path: Path
) -> None:
    path = keep(result_of(paper, answers(paper, ["risk", "control"]), AT), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(UnreadableError, match=said) as caught:
        read_result(path)
    assert str(path) in caught.value.message


def test_a_file_that_is_no_result_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for content in (b"", b"[1]", b"\xff{}"):
        path.write_bytes(content)
        with pytest.raises(UnreadableError, match="不是成绩文件"):
            read_result(path)


# -- leave to work -----------------------------------------------------------------------------------------------
def test_passing_puts_the_role_in_force_that_waits_for_it(world: World, paper: Paper) -> None:
    """TRN-010."""
    add_operator(world.store, "li", "李", [], until_exam=["acceptance_clerk", "approver"])
    assert grant(world.store, result_of(paper, answers(paper), AT)) == ["acceptance_clerk"]
    li = get_operator(world.store, "li")
    assert (li.roles, li.awaiting) == (("acceptance_clerk",), ("approver",))
    assert world.desk("li").open("rename", "1016000001").opened_by == "li"
    assert grant(world.store, result_of(paper, answers(paper), AT)) == []


def test_who_fails_gets_nothing(world: World, paper: Paper) -> None:
    add_operator(world.store, "li", "李", [], until_exam=["acceptance_clerk"])
    failed = result_of(paper, answers(paper, ["risk", "operate"]), AT)
    assert not failed["passed"]
    assert grant(world.store, failed) == []
    assert get_operator(world.store, "li").roles == ()


def test_an_exam_never_gives_a_role_that_nobody_has_given(world: World, paper: Paper) -> None:
    add_operator(world.store, "li", "李", ["archivist"])
    assert grant(world.store, result_of(paper, answers(paper), AT)) == []
    assert get_operator(world.store, "li").roles == ("archivist",)


def test_a_changed_result_and_a_stranger_get_nothing(world: World, paper: Paper) -> None:
    passed = result_of(paper, answers(paper), AT)
    with pytest.raises(UsageError, match="没有 li 这个经办人"):
        grant(world.store, passed)
    add_operator(world.store, "li", "李", [], until_exam=["archivist"])
    with pytest.raises(UnreadableError, match="被改动过"):
        grant(world.store, passed | {"unlocks": ["archivist"]})
    assert digest_of(passed) == passed["digest"]


@pytest.mark.parametrize("change", [{"points": "x"}, {"hints": None}, {"question": 3}])
def test_a_line_with_a_text_where_a_figure_stands_is_no_result(
    change: dict[str, Any], paper: Paper, tmp_path: Path
) -> None:
    """Its digest may be right: it is no secret."""
    made = result_of(paper, answers(paper), AT)
    made["answers"] = [line | change for line in made["answers"]]
    path = keep(made | {"digest": digest_of(made)}, tmp_path)
    with pytest.raises(UnreadableError, match="内容不对：answers"):
        read_result(path)
