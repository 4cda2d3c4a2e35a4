"""The debrief and the tabletop exercise: what went wrong, why, where it is written, what to do about it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from scenario.lessons import LESSON, answers, lesson
from yk.errors import UsageError
from yk.scenario.clauses import find_clause
from yk.scenario.debrief import Debrief, Moment, debrief, markdown, page
from yk.scenario.exam import result_of
from yk.scenario.incidents import conclude, inject, outcomes
from yk.scenario.paper import paper_of
from yk.scenario.scoring import RATINGS, Answer
from yk.scenario.tabletop import injects, tabletop
from yk.scenario.world import World

AT = "2026-11-23T10:00:00+08:00"
WRONG = ["334.1.R1", "335.2.R1/risk", "337.3.R1/operate"]
"""Everything about the system that is down, one risk, and the complaint that nobody took up."""
PARTS = ("时间线", "错在哪里", "应选控制", "条文出处", "改进任务")
"""What a debrief must hold (TRN-012)."""


def looked_back(folder: Path, wrong: list[str], minutes: float = 26, hints: int = 0) -> Debrief:
    """The lesson debriefed: the system failed and nobody did anything, a paper was lost and found again."""
    paper = paper_of(lesson(folder), "li")
    result: dict[str, Any] = result_of(paper, answers(paper, wrong, hints), AT, minutes)
    with World() as world:
        world.desk.act_as("acceptance_clerk")
        world.case = world.desk.open("rename", "1016000001").case
        conclude(world, inject(world, {"incident": "系统故障"}))
        world.desk.attach(world.case, "M01")
        lost = inject(world, {"incident": "资料遗失", "material": "M01"})
        world.desk.attach(world.case, "M01")
        conclude(world, lost)
        ended = outcomes(world)
    return debrief(result, ended, [Moment("2026-11-23T08:59:00+08:00", "业务受理 → 合同变更")])


@pytest.fixture
def found(tmp_path: Path) -> Debrief:
    """A debrief with everything in it."""
    return looked_back(tmp_path, WRONG)


def test_every_wrong_choice_says_why_and_what_was_right_and_where_it_is_written(found: Debrief) -> None:
    """TRN-007, TRN-012."""
    by_text = {(one.kind, one.risk): one for one in found.wrong}
    assert len(by_text) == len(found.wrong) == 5
    risk = by_text["识别风险", "YXZY-YY-335.2.R1"]
    assert re.fullmatch(r"选了“.+”：这是 YXZY-YY-33[4678] .+，R[0-9] 的风险", risk.why[0])
    assert len(risk.why) == 1
    assert risk.clause == find_clause("335.2.R1").shown
    assert risk.controls
    assert all(re.search(r"（YXZY-YY-335\.2\.R1\.C[0-9]）$", one) for one in risk.controls)
    control = by_text["选预控措施", "YXZY-YY-334.1.R1"]
    assert "它防的是“" in control.why[0]
    assert control.controls == (
        "系统用不了时先收纸质受理单、留电话，恢复当日补录；等不得的带移动终端上门办（YXZY-YY-334.1.R1.C2）",
    )
    assert by_text["动手办", "YXZY-YY-337.3.R1"].why == ("没有办到",)


def test_the_timeline_is_in_order_and_holds_steps_answers_and_incidents(found: Debrief) -> None:
    assert [one.at for one in found.timeline] == sorted(one.at for one in found.timeline)
    assert found.timeline[0].text == "业务受理 → 合同变更"
    told = "\n".join(one.text for one in found.timeline)
    assert "事故 系统故障：" in told
    assert "没有处理：客户被请回去改日再来" in told
    assert "识别风险，答错：YXZY-YY-335 更名合同变更" in told
    assert "自拟题，答对：归档前看哪一项" in told


def test_the_incidents_say_what_they_led_to_and_what_they_cost(found: Debrief) -> None:
    ignored, settled = found.outcomes
    assert (ignored.settled, settled.settled) == (False, True)
    assert found.lost == ignored.minutes + settled.minutes == 240 + 60
    text = markdown(found)
    assert "| 系统故障 |" in text
    assert "没有处理 | 客户被请回去改日再来" in text
    assert "处置得当 | 本会没人认账" in text


def test_there_is_something_to_do_about_everything_that_went_wrong(found: Debrief) -> None:
    told = "\n".join(found.tasks)
    for risk in ("YXZY-YY-334.1.R1", "YXZY-YY-335.2.R1", "YXZY-YY-337.3.R1"):
        assert told.count(f"（{risk}）") == 1
    assert "复习 11-24、11-26、11-30" in told
    assert "重练事故“系统故障”" in told
    assert "资料遗失" not in told
    assert "用时超限 6 分钟" in told
    assert "目标“先受理后补录”没有做到（U）" in told


def test_a_hint_is_told_though_the_answer_was_right(tmp_path: Path) -> None:
    every = looked_back(tmp_path, [], hints=2)
    assert {one.why for one in every.wrong} == {("用了条文提示",)}


def test_all_right_needs_no_tasks(tmp_path: Path) -> None:
    paper = paper_of(lesson(tmp_path), "li")
    whole = debrief(result_of(paper, answers(paper), AT, 5))
    assert (whole.wrong, whole.tasks, whole.lost) == ((), (), 0)
    assert "没有答错的。" in markdown(whole)
    assert "没有要改进的。" in page(whole)


def test_what_was_not_answered_is_told(tmp_path: Path) -> None:
    paper = paper_of(lesson(tmp_path), "li")
    nothing = debrief(result_of(paper, [], AT))
    reasons = {reason for one in nothing.wrong for reason in one.why}
    assert reasons == {"没有作答", "没有办到", "没有照原文复诵、确认"}


# -- on paper ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("made", [markdown, page])
def test_both_forms_hold_all_parts(made: Any, found: Debrief) -> None:
    text = made(found)
    for part in (*PARTS, "成绩", "事故", "目标评级"):
        assert part in text
    for wrong in found.wrong:
        assert wrong.risk in text.replace("\\", "")
    assert "不及格，及格分 80" in text
    assert "限 20 分钟，超 6 分钟" in text


def test_the_tables_of_the_markdown_are_whole(found: Debrief) -> None:
    rows = [line for line in markdown(found).splitlines() if line.startswith("|")]
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in rows]
    assert set(widths) == {3, 6}


class _Checker(HTMLParser):
    """Every tag that is opened is closed; what comes from outside is collected."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_from_outside_and_is_well_formed(found: Debrief) -> None:
    text = page(found)
    checker = _Checker()
    checker.feed(text)
    assert (checker.open, checker.links) == ([], [])
    assert "http" not in text
    assert "<script" not in text


def test_names_are_words_and_nothing_else(tmp_path: Path) -> None:
    text = LESSON.replace("系统故障先受理后补录", "<b>坏</b> | *名*")
    paper = paper_of(lesson(tmp_path, text), "<i>li</i>")
    made = debrief(result_of(paper, [], AT))
    assert "<b>" not in page(made)
    assert "&lt;b&gt;坏&lt;/b&gt;" in page(made)
    assert "\\<b\\>坏" in markdown(made)


# -- tabletop ----------------------------------------------------------------------------------------------------
def test_a_lesson_makes_a_table_of_injects(tmp_path: Path) -> None:
    """TRN-021."""
    first, second = injects(lesson(tmp_path))
    assert (first.minute, first.step, first.name) == (0, 1, "系统故障")
    assert (second.minute, second.step, second.name) == (15, 4, "客户投诉")
    assert "先受理后补录" in first.expected[-1]
    assert second.consequence == "客户把电话打到了省里"
    text = tabletop(lesson(tmp_path))
    head, line, *rows = [one for one in text.splitlines() if one.startswith("|")]
    assert head == "| 时间 | 注入 | 现场看到的 | 期望反应 | 条文 | 不处理的后果 | 评估 |"
    assert line.count("|") == 8
    assert rows[0].startswith("| T+0 分（第 1 步） | 系统故障 |")
    assert "YXZY-YY-334.1.R1" in rows[0]
    assert rows[0].endswith("| P□ S□ M□ U□ |")
    assert all(f"- {letter}：{name}" in text for letter, name in RATINGS.items())
    assert "- 目标：先受理后补录" in text
    assert "- 参加：新上岗的受理员" in text


def test_without_a_limit_of_time_the_table_counts_steps(tmp_path: Path) -> None:
    text = tabletop(lesson(tmp_path, LESSON.replace("  分钟: 20\n", "")))
    assert "| 第 4 步 | 客户投诉 |" in text


def test_a_lesson_with_an_unknown_incident_makes_no_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有“地震”这种事故"):
        tabletop(lesson(tmp_path, LESSON.replace("注入: 系统故障", "注入: 地震")))


def test_a_scenario_without_injects_makes_no_table(tmp_path: Path) -> None:
    plain = LESSON.replace("        注入: 系统故障\n", "").replace(
        "        注入: {事故: 客户投诉, 后果: 客户把电话打到了省里}\n        提问: {做到: 登记投诉并分派, 唱票: 是}\n",
        "",
    )
    with pytest.raises(UsageError, match="没有注入，推演不了"):
        tabletop(lesson(tmp_path, plain))


# -- told rightly ----------------------------------------------------------------------------------------------------
def test_a_control_of_the_same_risk_that_does_not_meet_the_incident_is_told_as_that(tmp_path: Path) -> None:
    paper = paper_of(lesson(tmp_path), "li")
    one = next(one for one in paper.questions if one.id == "YXZY-YY-334.1.R1/control@system_down")
    other = next(
        option.id for option in one.options if option.clause == one.risk and option.id not in one.right
    )
    result = result_of(paper, [Answer(one.id, (other,))], "2026-11-23T09:00:00+08:00")
    (wrong,) = [found for found in debrief(result).wrong if found.why and "选了" in found.why[0]]
    assert wrong.why[0].endswith("：也是这条风险的措施，管的不是眼前这件事")
