"""营销稽查: the plan's month, the unit's deadline, a conclusion of every item; steps in their order, each by another hand."""

from __future__ import annotations

from typing import Any

import pytest
from asking import facts, told
from trials import fresh
from world import refused

from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.flow import load
from yk.flows.guards.auditing import is_month, last_day
from yk.settings import load as load_settings

FLOW = "marketing_audit"
STEPS = ["plan", "dispatch", "verify", "enter", "review", "archive", "analyse"]
ITEMS = [{"entity": "customer", "entity_id": "1", "cons_no": "1"}, {"entity": "customer", "entity_id": "2"}]


def result(item: str, conclusion: str | None, **told: str | None) -> dict[str, Any]:
    """What the unit says of an item, with cause, measure and evidence unless told otherwise."""
    whole = {"cause": "漏填", "measure": "已补", "evidence": "照片"}
    return {"entity_id": item, "conclusion": conclusion, **whole, **told}


def asked(guard: str, *results: dict[str, Any]) -> list[str]:
    return told(guard, facts({"items": ITEMS, "results": list(results)}))


@pytest.mark.parametrize(
    ("month", "last"), [("2026-11", "2026-11-30"), ("2026-12", "2026-12-31"), ("2028-02", "2028-02-29")]
)
def test_a_month_ends_with_its_last_day(month: str, last: str) -> None:
    assert last_day(month) == last


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "202611", "2026-11-01", "十一月", ""])
def test_what_is_no_month_is_none(text: str) -> None:
    assert not is_month(text)


@pytest.mark.parametrize(("month", "said"), [
    ("2026-11", ""), ("2026-12", ""), ("2026-10", "已过"), ("2027-01", "最多计划到 2026-12"), ("202611", "写成 2026-11"),
])  # fmt: skip
def test_a_plan_is_of_this_month_or_the_next(month: str, said: str) -> None:
    assert [said in reason for reason in told("audit_month_fits", facts({"month": month}))] == (
        [True] if said else []
    )


@pytest.mark.parametrize(("deadline", "past", "late"), [
    ("2026-11-22", 1, 0), ("2026-11-23", 0, 0), ("2026-11-30", 0, 0), ("2026-12-01", 0, 1),
])  # fmt: skip
def test_a_deadline_lies_between_today_and_the_end_of_the_month(deadline: str, past: int, late: int) -> None:
    f = facts({"month": "2026-11", "deadline": deadline})
    assert (len(told("audit_deadline_ahead", f)), len(told("audit_deadline_in_month", f))) == (past, late)


@pytest.mark.parametrize(("items", "reasons"), [(ITEMS, 0), ([], 1), ([*ITEMS, ITEMS[0]], 1)])
def test_there_are_items_and_each_is_there_once(items: list[dict[str, Any]], reasons: int) -> None:
    assert len(told("audit_items_given", facts({"items": items}))) == reasons


@pytest.mark.parametrize(("results", "said"), [
    ([result("1", "属实"), result("2", "不属实")], []),
    ([result("1", "1"), result("2", "已整改")], []),
    ([result("1", "属实")], ["还没有结论：2"]),
    ([result("1", "属实"), result("2", None)], ["还没有结论：2"]),
    ([], ["还没有结论：1、2"]),
    ([result("1", "属实"), result("2", "大概")], ["“大概”不对"]),
    ([result("1", "属实"), result("2", "不属实", cause=None)], ["没有写原因：2"]),
    ([result("1", "属实"), result("2", "属实"), result("2", "不属实")], ["核查结果里重复：2"]),
    ([result("1", "属实"), result("2", "属实"), result("9", "属实")], ["9 不在稽查明细里"]),
])  # fmt: skip
def test_every_item_has_one_conclusion_and_says_why(results: list[dict[str, Any]], said: list[str]) -> None:
    reasons = asked("audit_items_concluded", *results)
    assert [word in reason for word, reason in zip(said, reasons, strict=True)] == [True] * len(said)


@pytest.mark.parametrize(
    ("conclusion", "evidence", "measure"), [("属实", 1, 1), ("已整改", 1, 0), ("不属实", 0, 0)]
)
def test_what_is_true_is_proved_and_put_right(conclusion: str, evidence: int, measure: int) -> None:
    bare = result("1", conclusion, evidence=None, measure=None)
    assert len(asked("audit_evidence_given", bare)) == evidence
    assert len(asked("audit_measure_given", bare)) == measure
    assert asked("audit_evidence_given", result("1", conclusion)) == []
    assert asked("audit_measure_given", result("1", conclusion)) == []


def test_many_items_are_told_in_one_sentence() -> None:
    items = [{"entity": "customer", "entity_id": str(n)} for n in range(40)]
    (reason,) = told("audit_items_concluded", facts({"items": items, "results": []}))
    assert "等 40 条" in reason
    assert len(reason) < 60


def at(step: str, **settings: Any) -> tuple[Desk, str]:
    """An order that has come to `step`, every step by another person."""
    desk = fresh(load_settings({}).with_values(**settings), operator="data_steward")
    case = opened_for_run(desk, FLOW, None, Plan(fill=True))
    list(run(desk, case, Plan(fill=True, until=step)))
    return desk, case


def as_(desk: Desk, operator: str) -> Desk:
    desk.act_as(operator)
    return desk


def test_its_steps_follow_each_other_to_the_end() -> None:
    desk = fresh()
    case = opened_for_run(desk, FLOW, None, Plan(fill=True))
    assert [done["step"] for done in run(desk, case, Plan(fill=True))] == STEPS == list(load(FLOW).steps)
    assert desk.get(case).status == "completed"


@pytest.mark.parametrize("goal", STEPS[2:])
def test_no_step_can_be_jumped(goal: str) -> None:
    desk = fresh(operator="data_steward")
    case = desk.open(FLOW, data={"month": "2026-11", "topic": "T5.1", "sampling": "全部"}).case
    with refused("other_way"):
        desk.send(case, to=goal)
    with refused("not_here"):
        desk.send(case, step=goal)
    assert desk.get(case).at == ["plan"]


def test_who_entered_does_not_review() -> None:
    desk, case = at("enter")
    add_operator(desk.store, "both", "王两岗", ["unit_corrector", "division_lead"])
    as_(desk, "both").send(case, data={"results": [
        result(row["entity_id"], "不属实") for row in desk.get(case).data["items"]
    ]})  # fmt: skip
    with refused("duty_conflict", "field_missing") as reasons:
        desk.send(case)
    assert any("录入与审核" in reason.message for reason in reasons)
    as_(desk, "division_lead").send(case, data={"review_opinion": "相符"})
    assert desk.get(case).at == ["archive"]


def test_what_does_not_pass_review_is_checked_again() -> None:
    desk, case = at("review")
    as_(desk, "division_lead").fail(case, "证据看不清")
    assert desk.get(case).at == ["verify"]
    list(run(desk, case, Plan(fill=True, until="review")))
    as_(desk, "division_lead").return_(case, "enter", "结论录错一条")
    assert desk.get(case).at == ["enter"]


def test_only_the_unit_in_charge_checks() -> None:
    desk, case = at("verify")
    add_operator(desk.store, "west", "城西订正", ["unit_corrector"], "99402")
    with refused("other_office", "field_missing"):
        as_(desk, "west").send(case)


@pytest.mark.parametrize(("policy", "code"), [("notice", "notice_open"), ("refuse", "audit_month_over")])
def test_an_analysis_after_the_months_end_is_told_or_refused(policy: str, code: str) -> None:
    desk, case = at("analyse", audit_month_end_policy=policy)
    desk.clock.advance(days=8)  # type: ignore[attr-defined]
    with refused(code):
        as_(desk, "data_steward").send(case, data={"analysis": "一户漏配", "improvement": "归档前加查"})
