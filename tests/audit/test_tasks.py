"""Tasks of 营销稽查: what a theme's query finds becomes items; one topic and unit a task; results and the month's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trials import fresh
from world import refused

from yk.archive.codes import codes
from yk.audit import results, tasks
from yk.audit.themes import topics
from yk.desk import Desk
from yk.desk.operators import get_operator
from yk.errors import Refused, UnreadableError, UsageError, YkError
from yk.flows.guards.auditing import last_day
from yk.settings import load as load_settings

EAST, SOUTH = ("1016000013", "1016000040"), ("1016000012",)
MONTH = "2026-11"


@pytest.fixture
def desk() -> Desk:
    """A steward's desk over an archive in which three accounts of two units have no reading section."""
    return spoilt(fresh(operator="data_steward"))


def spoilt(desk: Desk) -> Desk:
    table = desk.store.table("customer")
    for cons_no in (*EAST, *SOUTH):
        table.save({**(table.get(doc_id=cons_no) or {}), "sect_no": None})
    return desk


def as_(desk: Desk, operator: str) -> Desk:
    desk.act_as(operator)
    return desk


def items_of(desk: Desk, case: str) -> list[str]:
    return [row["entity_id"] for row in desk.get(case).data["items"]]


def test_the_topics_of_the_form_are_those_of_the_themes() -> None:
    assert dict(codes("audit_topic")) == {topic.id: topic.name for topic in topics().values()}


def test_a_task_is_of_one_unit_and_holds_what_the_query_finds_there(desk: Desk) -> None:
    made = tasks.open_tasks(desk, "T5.1", MONTH)
    assert [(order.data["office"], items_of(desk, order.case)) for order in made] == [
        ("99401", list(EAST)),
        ("99403", list(SOUTH)),
    ]
    item = made[0].data["items"][0]
    assert (item["entity"], item["cons_no"]) == ("customer", EAST[0])
    assert "缺项 抄表段编号" in item["clue"]
    assert {order.at[0] for order in made} == {"plan"}
    assert [desk.verify(order.case) for order in made] == [[], []]


def test_tasks_are_numbered_by_topic_and_month(desk: Desk) -> None:
    made = tasks.open_tasks(desk, "客户服务稽查", MONTH)
    assert [order.data["task_no"] for order in made] == ["T5.1-202611-01", "T5.1-202611-02"]
    assert tasks.find_task(desk, "T5.1-202611-02").case == made[1].case
    assert tasks.find_task(desk, made[0].case).data["task_no"] == "T5.1-202611-01"
    (later,) = tasks.open_tasks(desk, "T5.1", "2026-12", unit="示范市城南供电分公司")
    assert later.data["task_no"] == "T5.1-202612-01"


def test_nobody_is_sent_twice_in_a_month(desk: Desk) -> None:
    (first,) = tasks.open_tasks(desk, "T5.1", MONTH, unit="99403")
    (second,) = tasks.open_tasks(desk, "T5.1", MONTH)
    assert items_of(desk, second.case) == list(EAST)
    with pytest.raises(YkError, match="3 条都已在 2026-11 的任务里"):
        tasks.open_tasks(desk, "T5.1", MONTH)
    desk.stop(first.case, "计划取消")
    (again,) = tasks.open_tasks(desk, "T5.1", MONTH)
    assert items_of(desk, again.case) == list(SOUTH)


def test_where_nothing_is_found_there_is_nothing_to_do(desk: Desk) -> None:
    with pytest.raises(YkError) as error:
        tasks.open_tasks(desk, "T2.2", MONTH)
    assert error.value.code == "nothing_found"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_sample_is_drawn_alike_from_the_same_seed(seed: int) -> None:
    drawn = []
    for _ in range(2):
        desk = spoilt(fresh(operator="data_steward"))
        made = tasks.open_tasks(desk, "T5.1", MONTH, sample=2, seed=seed)
        drawn.append([item for order in made for item in items_of(desk, order.case)])
        assert f"检出 3 条，随机抽 2 条（种子 {seed}）" in {order.data["sampling"] for order in made}
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 2


def test_seeds_draw_different_samples() -> None:
    drawn = set()
    for seed in range(12):
        desk = spoilt(fresh(operator="data_steward"))
        made = tasks.open_tasks(desk, "T5.1", MONTH, sample=1, seed=seed)
        drawn |= {item for order in made for item in items_of(desk, order.case)}
    assert drawn == {*EAST, *SOUTH}


def test_more_than_a_task_holds_is_refused_as_a_whole() -> None:
    settings = load_settings({}).with_values(audit_task_rows_most=1)
    desk = spoilt(fresh(settings, operator="data_steward"))
    with pytest.raises(UsageError, match="有 2 条，一张任务最多 1 条"):
        tasks.open_tasks(desk, "T5.1", MONTH)
    assert list(tasks.tasks(desk)) == []


@pytest.mark.parametrize(("call", "code"), [
    (lambda desk: tasks.open_tasks(desk, "T5.1", "202611"), "bad_month"),
    (lambda desk: tasks.open_tasks(desk, "没有的", MONTH), "unknown_theme"),
    (lambda desk: tasks.open_tasks(desk, "T5.1", MONTH, unit="城北"), "unknown_org"),
    (lambda desk: tasks.find_task(desk, "T5.1-202611-09"), "unknown_task"),
    (lambda desk: list(tasks.tasks(desk, theme="没有的")), "unknown_theme"),
    (lambda desk: tasks.analysis(desk, "11"), "bad_month"),
])  # fmt: skip
def test_what_cannot_be_meant_is_told(desk: Desk, call: Any, code: str) -> None:
    with pytest.raises(UsageError) as error:
        call(desk)
    assert error.value.code == code


def test_only_the_steward_plans(desk: Desk) -> None:
    with refused("role_missing"):
        tasks.open_tasks(as_(desk, "unit_corrector"), "T5.1", MONTH)
    assert list(tasks.tasks(desk)) == []


def test_a_trial_opens_nothing(desk: Desk) -> None:
    trial = Desk(desk.store, "data_steward", desk.clock, desk.settings, dry_run=True)
    assert [order.data["task_no"] for order in tasks.open_tasks(trial, "T5.1", MONTH)] == [
        "T5.1-202611-01",
        "T5.1-202611-02",
    ]
    assert list(tasks.tasks(desk)) == []


# -- results -----------------------------------------------------------------------------------------------------
@pytest.fixture
def entering(desk: Desk) -> tuple[Desk, str]:
    """The unit's desk, and its task of two items at 录入结果."""
    case = tasks.open_tasks(desk, "T5.1", MONTH, unit="99401")[0].case
    desk.send(case)
    dispatched = {"requirement": "当月补齐", "deadline": "2026-11-25"}
    as_(desk, "division_lead").send(case, data=dispatched)
    as_(desk, "unit_corrector").send(case, data={"verification": "到现场看过"})
    return desk, case


def told_of(desk: Desk, case: str) -> list[tuple[Any, ...]]:
    rows = tasks.item_rows(desk.get(case))
    return [tuple(row[name] for name in ("entity_id", "conclusion", "cause", "evidence")) for row in rows]


@pytest.mark.parametrize("word", ["2", "1016000040", "１０１６００００４０"])
def test_a_result_is_of_the_item_meant_by_number_or_account(entering: tuple[Desk, str], word: str) -> None:
    desk, case = entering
    results.enter_result(desk, case, word, conclusion="不属实", cause="已销户")
    assert told_of(desk, case) == [(EAST[0], "", None, None), (EAST[1], "2", "已销户", None)]


def test_a_second_entry_fills_what_the_first_left_open(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    results.enter_result(desk, "T5.1-202611-01", "2", conclusion="属实", cause="漏填")
    results.enter_result(desk, "T5.1-202611-01", "1", conclusion="已整改", cause="漏填", evidence="照片")
    results.enter_result(desk, "T5.1-202611-01", "2", evidence="工单")
    assert told_of(desk, case) == [(EAST[0], "3", "漏填", "照片"), (EAST[1], "1", "漏填", "工单")]


@pytest.mark.parametrize(("item", "conclusion", "code"), [
    ("3", "属实", "unknown_item"), ("0", "属实", "unknown_item"), ("1", "大概", "bad_conclusion"),
])  # fmt: skip
def test_what_is_no_item_or_conclusion_is_told(
    entering: tuple[Desk, str], item: str, conclusion: str, code: str
) -> None:
    desk, case = entering
    with pytest.raises(UsageError) as error:
        results.enter_result(desk, case, item, conclusion=conclusion)
    assert error.value.code == code


def test_a_list_is_entered_as_a_whole_or_not_at_all(entering: tuple[Desk, str], tmp_path: Path) -> None:
    desk, case = entering
    path = tmp_path / "结果.csv"
    path.write_text("用户编号,结论,原因\n1016000013,属实,漏填\n1016000099,属实,漏填\n", encoding="gb18030")
    with pytest.raises(UsageError, match=r"第 3 行：任务 \d+ 没有 1016000099 这条明细"):
        results.import_results(desk, case, path)
    assert told_of(desk, case) == [(EAST[0], "", None, None), (EAST[1], "", None, None)]
    path.write_text(
        "结论,用户编号,证据,天气\n属实,1016000040,照片,晴\n不属实,1016000013,,\n", encoding="utf-8"
    )
    order, count, unknown = results.import_results(desk, case, path)
    assert (order.case, count, unknown) == (case, 2, ["天气"])
    assert told_of(desk, case) == [(EAST[0], "2", None, None), (EAST[1], "1", None, "照片")]


@pytest.mark.parametrize(("text", "code", "said"), [
    ("用户编号,结论\n1016000013,大概\n", "bad_conclusion", "第 2 行"),
    ("用户编号,结论\n1016000013,属实\n1016000013,属实\n", "item_twice", "第 3 行"),
    ("用户编号,结论\n,属实\n", "item_missing", "第 2 行"),
])  # fmt: skip
def test_a_wrong_row_of_a_list_is_told_with_its_line(
    entering: tuple[Desk, str], tmp_path: Path, text: str, code: str, said: str
) -> None:
    desk, case = entering
    (tmp_path / "结果.csv").write_text(text, encoding="utf-8")
    with pytest.raises((UsageError, UnreadableError)) as error:
        results.import_results(desk, case, tmp_path / "结果.csv")
    assert (error.value.code, said in error.value.message) == (code, True)


def test_results_are_entered_at_their_step_by_the_unit(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    with refused("role_missing"):
        results.enter_result(as_(desk, "data_steward"), case, "1", conclusion="属实")
    as_(desk, "unit_corrector").return_(case, "verify", "再去一次")
    with pytest.raises(UsageError) as error:
        results.enter_result(desk, case, "1", conclusion="属实")
    assert error.value.code == "field_not_here"


# -- lists and figures -------------------------------------------------------------------------------------------
def test_tasks_are_listed_by_month_and_theme(desk: Desk) -> None:
    tasks.open_tasks(desk, "T5.1", MONTH)
    tasks.open_tasks(desk, "T4.2a", "2026-12")
    assert {one["topic"] for one in tasks.tasks(desk, MONTH)} == {"T5.1"}
    assert {one["topic"] for one in tasks.tasks(desk, theme="T4")} == {"T4.2"}
    assert {one["theme"] for one in tasks.tasks(desk, theme="到期未续签合同")} == {"T4"}
    assert list(tasks.tasks(desk, "2027-01")) == []


def test_a_task_whose_deadline_passed_unchecked_is_late(entering: tuple[Desk, str]) -> None:
    desk, _ = entering
    assert [one["late"] for one in tasks.tasks(desk)] == [False]
    desk.clock.advance(days=3)  # type: ignore[attr-defined]
    assert [one["late"] for one in tasks.tasks(desk)] == [True]


def test_the_figures_of_a_month_count_by_theme_unit_conclusion_and_cause(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    results.enter_result(desk, case, "1", conclusion="属实", cause="漏填", evidence="照片", measure="已补")
    results.enter_result(desk, case, "2", conclusion="不属实", cause="系统延迟")
    tasks.open_tasks(as_(desk, "data_steward"), "T5.1", MONTH)
    for stopped in tasks.open_tasks(desk, "T4.2a", MONTH):
        desk.stop(stopped.case, "计划取消")
    found = tasks.analysis(desk, MONTH)
    assert [found[name] for name in ("tasks", "archived", "items", "concluded", "open", "late")] == [
        2,
        0,
        3,
        2,
        1,
        0,
    ]
    assert [(one["conclusion"], one["count"]) for one in found["by_conclusion"]] == [
        ("属实", 1),
        ("不属实", 1),
        ("已整改", 0),
    ]
    assert [(one["theme"], one["tasks"], one["items"], one["true"]) for one in found["by_theme"]] == [
        ("T5", 2, 3, 1)
    ]
    assert [(one["office"], one["items"], one["false"]) for one in found["by_unit"]] == [
        ("99401", 2, 1),
        ("99403", 1, 0),
    ]
    assert {(one["cause"], one["conclusion"], one["count"]) for one in found["causes"]} == {
        ("漏填", "属实", 1),
        ("系统延迟", "不属实", 1),
    }


def test_the_sums_of_the_figures_agree(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    results.enter_result(desk, case, "1", conclusion="已整改", cause="漏填", evidence="照片")
    found = tasks.analysis(desk, MONTH)
    for rows in (found["by_theme"], found["by_unit"]):
        for name in ("tasks", "items", "concluded", "true", "false", "rectified"):
            assert sum(one[name] for one in rows) == found[name]
    assert found["concluded"] == sum(one["count"] for one in found["by_conclusion"])


def test_a_month_without_tasks_has_no_figures(desk: Desk) -> None:
    found = tasks.analysis(desk, MONTH)
    assert (found["tasks"], found["items"], found["by_theme"], found["by_unit"]) == (0, 0, [], [])


def test_a_task_is_archived_once_its_review_is_filed(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    for number in ("1", "2"):
        results.enter_result(desk, case, number, conclusion="不属实", cause="系统延迟")
    desk.send(case)
    as_(desk, "division_lead").send(case, data={"review_opinion": "相符"})
    assert tasks.analysis(desk, MONTH)["archived"] == 0
    desk.send(case)
    assert tasks.analysis(desk, MONTH)["archived"] == 1
    assert get_operator(desk.store, "division_lead").id == desk.get(case).data["archived_by"]
    assert last_day(MONTH) >= desk.get(case).data["archived_on"]


def sent_to_review(desk: Desk, case: str, *people: str) -> None:
    """Each of these enters an item, the last of them all that is left; the unit sends."""
    for number, who in zip(("1", "2"), (*people, people[-1]), strict=False):
        results.enter_result(as_(desk, who), case, number, conclusion="不属实", cause="系统延迟")
    as_(desk, "unit_corrector").send(case)


def test_who_entered_a_result_does_not_review_it_though_another_sent_it(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    sent_to_review(desk, case, "trainer", "unit_corrector")
    assert [row["entered_by"] for row in tasks.item_rows(desk.get(case))] == ["trainer", "unit_corrector"]
    with refused("reviewer_entered"):
        as_(desk, "trainer").send(case, data={"review_opinion": "相符"})
    as_(desk, "division_lead").send(case, data={"review_opinion": "相符"})
    assert desk.get(case).at == ["archive"]


def test_every_hand_in_a_result_is_kept(entering: tuple[Desk, str]) -> None:
    desk, case = entering
    results.enter_result(as_(desk, "trainer"), case, "1", conclusion="不属实", cause="系统延迟")
    results.enter_result(as_(desk, "unit_corrector"), case, "1", cause="系统延迟一天")
    results.enter_result(desk, case, "1", evidence="截图")
    assert tasks.item_rows(desk.get(case))[0]["entered_by"] == "trainer、unit_corrector"


@pytest.mark.parametrize(("month", "said"), [("2026-10", "已过"), ("2027-03", "太早")])
def test_a_task_of_a_month_that_is_past_or_far_is_not_opened(desk: Desk, month: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        tasks.open_tasks(desk, "T5.1", month)
    assert [reason.code for reason in refusal.value.reasons] == ["audit_month_wrong"]
    assert list(tasks.tasks(desk)) == []
