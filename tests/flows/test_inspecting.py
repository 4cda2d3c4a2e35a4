"""Inspections: where their guards draw the line, and what an inspection leaves in the archive."""

from __future__ import annotations

from typing import Any

import pytest
from plain_facts import CUSTOMER, asked, facts
from trials import fresh

from yk.desk.looking_up import row_of
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.guards.inspecting import inspection_months
from yk.flows.kilovolts import kilovolts

CUSTOMER_NO = "1016000001"


def inspected(flow: str, **data: object) -> tuple[Any, str]:
    """An inspection run to its end."""
    desk, plan = fresh(), Plan(dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, CUSTOMER_NO, plan)
    list(run(desk, case, plan))
    return desk, case


@pytest.mark.parametrize(
    ("code", "kv"),
    [
        ("AC02202", 0.22),
        ("AC03802", 0.38),
        ("AC00101", 10),
        ("AC02751", 27.5),
        ("AC00351", 35),
        ("AC02201", 220),
        ("", 0),
    ],
)
def test_a_voltage_code_is_a_number_of_kilovolts(code: str, kv: float) -> None:
    assert kilovolts(code) == kv


@pytest.mark.parametrize(
    ("importance", "volt", "months"),
    [
        ("1", "AC00101", 3),
        ("2", "AC03802", 3),
        ("3", "AC00101", 6),
        ("0", "AC00351", 6),
        ("0", "AC00101", 12),
        (None, "AC03802", 24),
    ],
)
def test_importance_first_and_then_voltage_set_the_cycle(
    importance: str | None, volt: str, months: int
) -> None:
    customer = {**CUSTOMER, "importance": importance, "volt_code": volt}
    assert inspection_months(facts(archive={"customer": customer})) == months


@pytest.mark.parametrize(("planned", "good"), [("2026-11-20", True), ("2026-11-21", False)])
def test_a_plan_after_the_cycle_says_why(planned: str, good: bool) -> None:
    last = {"customer": {**CUSTOMER, "check_date": "2025-11-20"}}
    assert (asked("inspection_within_cycle", facts({"plan_date": planned}, last)) == []) is good
    explained = {"plan_date": planned, "overdue_reason": "客户停产"}
    assert asked("inspection_within_cycle", facts(explained, last)) == []


@pytest.mark.parametrize(
    ("grade", "volt", "good"),
    [
        ("3", "AC03802", True),
        ("3", "AC00101", False),
        ("2", "AC00101", True),
        ("2", "AC00351", False),
        ("1", "AC02201", True),
        ("1", "AC05001", False),
        ("", "AC03802", False),
    ],
)
def test_the_leader_s_grade_covers_the_voltage(grade: str, volt: str, good: bool) -> None:
    customer = {"customer": {**CUSTOMER, "volt_code": volt}}
    assert (asked("inspector_grade_fits", facts({"lead_grade": grade}, customer)) == []) is good


@pytest.mark.parametrize(
    ("done", "good"), [("2026-11-23", True), ("2026-11-24", False), ("1900-01-01", False), (None, False)]
)
def test_the_day_of_an_inspection_is_real(done: str | None, good: bool) -> None:
    assert (asked("check_date_sound", facts({"done_on": done})) == []) is good


@pytest.mark.parametrize(("approved", "good"), [("2026-11-22", True), ("2026-11-23", False)])
def test_the_sheet_is_approved_before_the_inspection(approved: str, good: bool) -> None:
    data = {"sheet_no": "GZ1", "sheet_approver": "甲", "sheet_on": approved, "done_on": "2026-11-22"}
    assert (asked("inspection_sheet_approved", facts(data)) == []) is good


@pytest.mark.parametrize(("sign", "good"), [("1", True), ("2", True), ("3", False), ("", False)])
def test_a_notice_is_signed_for_or_refused_before_a_witness(sign: str, good: bool) -> None:
    data = {"insp_result": "2", "notice_no": "JG1", "notice_sign": sign}
    assert (asked("inspection_notice_signed", facts(data)) == []) is good


def test_a_defect_is_on_its_way_or_in_the_register_of_this_account() -> None:
    data = {"defect_found": True, "defect_no": "012611230009"}
    assert asked("defects_handed_over", facts(data))
    running = {"orders": [{"case": "012611230009", "flow_name": "设备缺陷管理"}]}
    assert asked("defects_handed_over", facts(data, running)) == []
    kept = {"equipment_defect": [{"defect_id": "D1", "app_no": "012611230009"}]}
    assert asked("defects_handed_over", facts(data, kept)) == []


@pytest.mark.parametrize(("last", "good"), [("2026-10-24", True), ("2026-10-25", False)])
def test_who_was_visited_within_thirty_days_is_visited_for_a_reason(last: str, good: bool) -> None:
    archive = {"customer": {**CUSTOMER, "check_date": last}}
    assert (asked("visits_merged", facts({"plan_date": "2026-11-23"}, archive)) == []) is good


def test_a_visit_that_is_under_way_is_reason_enough_to_ask() -> None:
    archive = {"orders": [{"case": "012611230001", "flow_name": "周期检查"}]}
    assert asked("visits_merged", facts({"plan_date": "2026-11-23"}, archive))
    assert asked("visits_merged", facts({"revisit_reason": "反窃电线索"}, archive)) == []


def test_a_topic_rests_on_an_older_paper() -> None:
    data = {"topic_basis_no": "营销1号", "topic_basis_on": "2026-11-24", "plan_date": "2026-11-23"}
    assert asked("special_topic_grounded", facts(data))
    assert asked("special_topic_grounded", facts(data | {"plan_date": "2026-11-24"})) == []


def test_a_periodic_inspection_moves_the_last_date_and_sets_the_next() -> None:
    desk, case = inspected("periodic_inspection")
    assert row_of(desk.store, "customer", CUSTOMER_NO)["check_date"] == "2026-11-23"
    record = row_of(desk.store, "inspection_record", f"{case}-01")
    assert (record["result"], record["next_date"]) == ("1", "2027-11-23")
    task = row_of(desk.store, "due_task", f"{case}-06")
    assert (task["remind_date"], task["due_date"]) == ("2027-10-23", "2027-11-23")


def test_the_next_periodic_inspection_closes_the_task_of_the_last() -> None:
    desk, case = inspected("periodic_inspection")
    plan = Plan({}, confirm_all=True, fill=True)
    second = opened_for_run(desk, "periodic_inspection", CUSTOMER_NO, plan)
    list(run(desk, second, plan))
    assert row_of(desk.store, "due_task", f"{case}-06")["done_date"] == "2026-11-23"
    assert row_of(desk.store, "due_task", f"{second}-06")["done_date"] is None


def test_a_special_inspection_that_finds_something_is_looked_at_again() -> None:
    found = {"insp_result": "2", "notice_no": "JG1", "notice_sign": "1", "fix_due": "2026-12-10"}
    desk, case = inspected("special_inspection", **found)
    assert row_of(desk.store, "inspection_record", f"{case}-02")["next_date"] is None
    assert row_of(desk.store, "due_task", f"{case}-10")["due_date"] == "2026-12-10"
