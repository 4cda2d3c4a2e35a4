"""`yk audit task`: a month's tasks from the query to the figures, as the four who work on them type it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Yk

CASE, TASK = "012611230001", "T5.1-202611-01"


@pytest.fixture
def spoilt(demo: Yk) -> Yk:
    """A store in which two accounts of one unit have no reading section."""
    Path("customer.csv").write_text("cons_no,sect_no\n1016000013,\n1016000040,\n", encoding="utf-8")
    assert demo("customer", "import", "customer.csv").code == 0
    return demo


@pytest.fixture
def entering(spoilt: Yk) -> Yk:
    """The task has come to 录入结果."""
    assert spoilt("audit", "task", "open", "T5.1").code == 0
    for who, values in (
        ("data_steward", []),
        ("division_lead", ["requirement=补齐", "deadline=2026-11-25"]),
        ("unit_corrector", ["verification=到现场"]),
    ):
        if values:
            assert spoilt("case", "set", CASE, *values, "--operator", who).code == 0
        assert spoilt("case", "send", CASE, "--operator", who).code == 0
    return spoilt


def test_a_task_is_opened_with_what_the_query_finds(spoilt: Yk) -> None:
    (made,) = spoilt("audit", "task", "open", "T5.1", "--month", "2026-11", "--json").json
    assert (made["case"], made["task_no"], made["items"], made["unit"]) == (
        CASE,
        TASK,
        2,
        "示范市城东供电分公司",
    )
    page = spoilt("audit", "task", "show", TASK).out
    assert "缺项 抄表段编号" in page
    assert "明细 2 条，有结论 0 条" in page
    assert [one["case"] for one in spoilt("audit", "task", "list", "--theme", "T5", "--json").json] == [CASE]
    assert spoilt("audit", "task", "list", "--month", "2026-12", "--json").json == []


def test_a_month_is_worked_through(entering: Yk) -> None:
    unit, lead, steward = (["--operator", who] for who in ("unit_corrector", "division_lead", "data_steward"))
    open_ = entering("case", "send", CASE, *unit)
    assert open_.code == 4
    done = entering("audit", "task", "result", TASK, "1", "属实", "--cause", "漏填", *unit)
    assert "还有 1 条没有结论" in done.out
    refused = entering("case", "send", CASE, *unit, "--json").json["refused"]
    assert [one["code"] for one in refused] == [
        "audit_item_open",
        "audit_evidence_missing",
        "audit_measure_missing",
    ]
    Path("结果.csv").write_text(
        "用户编号,结论,原因,整改措施,证据,天气\n1016000013,属实,,已补,照片,晴\n1016000040,不属实,已销户,,,\n",
        encoding="gb18030",
    )
    done = entering("audit", "task", "import", CASE, "结果.csv", *unit)
    assert "不认得的列没有读：天气" in done.err
    assert "已录入 2 条，全部有结论" in done.out
    assert entering("case", "send", CASE, *unit).code == 0
    entering("case", "set", CASE, "review_opinion=相符", *lead)
    for who in (lead, lead):
        assert entering("case", "send", CASE, *who).code == 0
    entering("case", "set", CASE, "analysis=漏填一户", "improvement=归档前加查", *steward)
    assert "已归档" in entering("case", "send", CASE, *steward).out
    figures = entering("audit", "task", "analyse", "--month", "2026-11")
    assert "2026-11 稽查任务 1 张，已归档 1，逾期 0" in figures.out
    assert "属实 1，不属实 1，已整改 0，没有结论 0" in figures.out
    found = entering("audit", "task", "analyse", "--json").json
    assert (found["true"], found["false"], found["open"]) == (1, 1, 0)


def test_a_step_cannot_be_jumped(spoilt: Yk) -> None:
    spoilt("audit", "task", "open", "T5.1")
    done = spoilt("case", "send", CASE, "--to", "审核", "--json")
    assert (done.code, done.json["refused"][0]["code"]) == (4, "other_way")


@pytest.mark.parametrize("words", [
    ["open", "T4.2a"],
    ["result", TASK, "1", "属实", "--operator", "unit_corrector"],
    ["import", TASK, "结果.csv", "--operator", "unit_corrector"],
])  # fmt: skip
def test_a_trial_leaves_all_as_it_was(entering: Yk, words: list[str]) -> None:
    Path("结果.csv").write_text("用户编号,结论\n1016000013,属实\n", encoding="utf-8")
    before = [
        entering("audit", "task", "list", "--json").out,
        entering("audit", "task", "show", TASK, "--json").out,
    ]
    done = entering("audit", "task", *words, "--dry-run")
    assert done.code == 0
    assert "（试算，未写入）" in done.out + done.err
    assert before == [
        entering("audit", "task", "list", "--json").out,
        entering("audit", "task", "show", TASK, "--json").out,
    ]


@pytest.mark.parametrize(("words", "code", "said"), [
    (["open", "T9"], 2, "没有 T9"),
    (["open", "T5.1", "--month", "11月"], 2, "月份 11月 不对"),
    (["open", "T5.1", "--seed", "3"], 2, "--sample"),
    (["open", "T5.1", "--unit", "城北"], 2, "没有 城北 这个供电单位"),
    (["open", "T2.2"], 1, "没有查到异常"),
    (["open", "T4.2a", "--operator", "unit_corrector"], 4, "没有这个角色"),
    (["show", "T5.1-202611-09"], 2, "没有 T5.1-202611-09 这张稽查任务"),
    (["result", TASK, "9", "属实"], 2, "没有 9 这条明细"),
    (["result", TASK, "1", "大概"], 2, "大概"),
    (["import", TASK, "没有.csv"], 3, "读不了文件"),
    (["analyse", "--month", "2026"], 2, "月份 2026 不对"),
])  # fmt: skip
def test_what_is_wrong_is_said(entering: Yk, words: list[str], code: int, said: str) -> None:
    done = entering("audit", "task", *words)
    assert (done.code, said in done.err + done.out) == (code, True), done
