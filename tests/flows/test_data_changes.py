"""批量修改数据: what a list may say, how it is frozen, and that the form's table and a dry run are one and the same to the flow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import facts, told
from trials import fresh
from world import refused

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.change_list import Listed, digest, listed
from yk.flows.flow import load
from yk.flows.roles import separations
from yk.settings import load as load_settings

HOUSE = {"cons_no": "1", "elec_addr": "甲路", "run_cap": 12.0, "org_no": "99401", "contract_cap": 12.0}
ROW = {"entity": "customer", "row_id": "1", "field": "elec_addr", "new_value": "乙路"}
BESIDE = {"plan": {}, "rows": [], "now": {"customer": {"1": HOUSE}}, "units": {"1": "99401"}}
FROZEN = Listed("customer", "1", "1", {"elec_addr": "甲路"}, {"elec_addr": "乙路"})


def asked(guard: str, *rows: dict[str, Any], **data: Any) -> list[str]:
    """What the guard has against these rows of the form."""
    return told(guard, facts({"rows": list(rows), **data}, repair=BESIDE))


def frozen(guard: str, *rows: Listed, plan_digest: str = "", now: dict[str, Any] | None = None) -> list[str]:
    """What the guard has against this kept list."""
    plan = {"sha256": digest(rows), "rows": len(rows)}
    kept = {
        **BESIDE,
        "plan": plan,
        "rows": [row._asdict() for row in rows],
        "now": {"customer": {"1": now or HOUSE}},
    }
    return told(guard, facts({"plan_digest": plan_digest or plan["sha256"]}, repair=kept))


@pytest.mark.parametrize(("row", "said"), [
    ({}, ""), ({"new_value": None}, ""), ({"row_id": "9"}, "档案里没有用电客户 9"), ({"new_value": "甲路"}, "与档案现值相同"),
    ({"field": "org_no", "new_value": "00000"}, "不在代码表里"), ({"field": "run_cap", "new_value": "五"}, "运行容量"),
    ({"field": "run_cap", "new_value": "12"}, "与档案现值相同"), ({"field": "run_cap", "new_value": "12.5"}, ""),
])  # fmt: skip
def test_a_row_names_what_is_there_and_a_value_that_fits(row: dict[str, Any], said: str) -> None:
    reasons = asked("change_rows_sound", ROW | row)
    assert [said in reason for reason in reasons] == ([True] if said else [])


def test_a_field_is_asked_for_once_and_many_wrong_rows_are_told_in_few_sentences() -> None:
    reasons = asked("change_rows_sound", *[ROW] * 40)
    assert len(reasons) == 6
    assert "35 行" in reasons[-1]


@pytest.mark.parametrize(("row", "said"), [
    ({}, ""), ({"field": "status"}, "不许批量修改"), ({"field": "cons_no"}, "不许批量修改"), ({"field": "colour"}, "没有 colour"),
    ({"entity": "reading"}, "reading 不能批量修改"),
])  # fmt: skip
def test_what_a_business_of_its_own_changes_is_closed(row: dict[str, Any], said: str) -> None:
    reasons = asked("change_fields_allowed", ROW | row, ROW | row)
    assert [said in reason for reason in reasons] == ([True] if said else [])


def test_the_number_of_rows_has_a_border() -> None:
    most = load_settings({}).integer("repair_rows_most")
    assert asked("change_rows_within", *[ROW] * most) == []
    assert len(asked("change_rows_within", *[ROW] * (most + 1))) == 1


@pytest.mark.parametrize(("office", "reasons"), [(None, 0), ("99401", 0), ("99402", 1)])
def test_a_unit_asks_for_its_own_customers(office: str | None, reasons: int) -> None:
    assert len(asked("rows_of_the_unit", ROW, office=office)) == reasons


def test_there_is_a_list() -> None:
    assert asked("list_complete", ROW) == []
    assert len(asked("list_complete")) == 1
    assert frozen("list_complete", FROZEN) == []
    assert len(frozen("list_complete", FROZEN, plan_digest="0" * 64)) == 1


def test_a_frozen_list_is_the_one_of_the_form_and_of_the_archive() -> None:
    for guard in ("plan_frozen", "plan_unchanged", "change_rows_sound"):
        assert frozen(guard, FROZEN) == []
    assert len(frozen("plan_frozen", FROZEN, plan_digest="0" * 64)) == 1
    other = HOUSE | {"elec_addr": "丙路"}
    for guard in ("plan_unchanged", "change_rows_sound"):
        (reason,) = frozen(guard, FROZEN, now=other)
        assert "甲路" in reason
        assert "丙路" in reason
    assert frozen("plan_unchanged", FROZEN, now=HOUSE | {"run_cap": 1.0}) == []


@pytest.mark.parametrize(("applied", "reasons"), [("2026-10-24", 0), ("2026-10-23", 1)])
def test_taking_back_has_a_last_day(applied: str, reasons: int) -> None:
    f = facts({"applied_at": f"{applied}T23:59:00+08:00"}, repair=BESIDE)
    assert len(told("undo_in_time", f)) == reasons


def test_a_digest_knows_the_list_and_not_its_order() -> None:
    second = Listed("customer", "2", "2", {"elec_addr": "甲路"}, {"elec_addr": None})
    assert digest([FROZEN, second]) == digest([second, FROZEN])
    others = [
        FROZEN._replace(entity_id="3"),
        FROZEN._replace(entity="contact"),
        FROZEN._replace(before={"elec_addr": None}),
        FROZEN._replace(after={"elec_addr": "乙"}),
        FROZEN._replace(after={"cons_name": "乙路"}),
    ]
    assert len({digest([one]) for one in [FROZEN, *others]}) == 6


def test_fields_of_one_row_are_changed_together() -> None:
    rows = [ROW | {"old_value": "甲路"}, ROW | {"field": "run_cap", "new_value": "9", "old_value": "12.0"}]
    (one,) = listed(facts({"rows": rows}, repair=BESIDE))
    assert (one.before, one.after) == (
        {"elec_addr": "甲路", "run_cap": 12.0},
        {"elec_addr": "乙路", "run_cap": 9.0},
    )
    assert one.cons_no == "1"


@pytest.mark.parametrize(("noted", "before"), [(None, "甲路"), ("（空）", None), ("丙路", "丙路")])
def test_the_value_before_is_the_one_that_was_noted_or_as_long_as_none_was_the_present_one(
    noted: str | None, before: str | None
) -> None:
    (one,) = listed(facts({"rows": [ROW | {"old_value": noted}]}, repair=BESIDE))
    assert one.before == {"elec_addr": before}


def test_every_step_has_its_duty_and_three_hands_lie_between_application_and_execution() -> None:
    kinds = [step["archetype"] for step in load("data_batch_change").steps.values()]
    assert kinds.count("change_review") == 3
    named = {kind for rule in separations() for kind in (rule.first, rule.second)}
    assert set(kinds) <= named


# -- through the desk ------------------------------------------------------------------------------------------
ACCOUNT = "1016000012"


def opened(desk: Desk, *rows: dict[str, Any]) -> str:
    data: dict[str, object] = {"rows": json.dumps(rows), "billing_note": "无"}
    return opened_for_run(desk, "data_batch_change", None, Plan(data))


def row(field: str, new_value: str) -> dict[str, Any]:
    return {"entity": "customer", "row_id": ACCOUNT, "field": field, "new_value": new_value}


def test_a_list_written_by_hand_is_frozen_with_the_values_as_they_are_when_it_is_sent() -> None:
    desk = fresh()
    old = dict(desk.store.table("customer").get(doc_id=ACCOUNT))
    case = opened(desk, row("elec_addr", "乙路"), row("run_cap", "9"))
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="execution")))
    data = desk.get(case).data
    assert [one["old_value"] for one in data["rows"]] == [old["elec_addr"], str(old["run_cap"])]
    assert len(data["plan_digest"]) == 64
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    new = dict(desk.store.table("customer").get(doc_id=ACCOUNT))
    assert new == old | {"elec_addr": "乙路", "run_cap": 9.0}


def test_a_list_sent_back_is_corrected_and_frozen_anew() -> None:
    desk = fresh()
    case = opened(desk, row("elec_addr", "乙路"))
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="board_approval")))
    first = desk.get(case).data["plan_digest"]
    desk.act_as("leading_group")
    desk.return_(case, "application", "写错了")
    with desk.store.transaction():
        table = desk.store.table("customer")
        table.save({**table.get(doc_id=ACCOUNT), "elec_addr": "丙路"})
    desk.act_as("trainer")
    desk.fill(case, {"rows": [row("elec_addr", "丁路")]})
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    data = desk.get(case).data
    assert data["plan_digest"] != first
    assert data["rows"][0]["old_value"] == "丙路"
    assert desk.store.table("customer").get(doc_id=ACCOUNT)["elec_addr"] == "丁路"


def test_rows_handed_in_with_the_very_move_are_not_passed_unseen() -> None:
    """What is filled in as part of a move is not gathered: its rows are refused, not guessed at."""
    desk = fresh()
    case = opened(desk, row("elec_addr", "乙路"))
    other = {**row("elec_addr", "乙路"), "row_id": "1016000013"}
    desk.fill(case, {"reason": "试", "change_wish": "试"})
    with refused("repair_rows_wrong"):
        desk.send(case, data={"rows": [other]})
    desk.fill(case, {"rows": [other]})
    assert desk.send(case).at == ["audit_review"]
