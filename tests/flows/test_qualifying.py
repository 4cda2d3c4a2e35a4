"""入网电工登记、用电检查人员资格登记: whose certificate is good for what, and what the register says afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

HERE = {"cons_no": "1016000001", "volt_code": "AC00101"}
ENROLLED = {
    "qual_id": "Q1",
    "kind": "01",
    "cert_no": "T1",
    "cons_no": "1016000001",
    "status": "1",
    "app_no": "A1",
}


@pytest.mark.parametrize(("review", "end", "reasons"), [
    ("2026-11-23", "2026-11-23", 0), ("2026-11-22", "2027-01-01", 1), ("2026-11-22", "2026-11-22", 2), (None, None, 0),
])  # fmt: skip
def test_a_certificate_runs_on_the_day_of_registration(
    review: str | None, end: str | None, reasons: int
) -> None:
    assert (
        len(told("electrician_certificate_in_force", facts({"review_date": review, "end_date": end})))
        == reasons
    )
    assert (
        told("electrician_certificate_in_force", facts({"register_action": "3", "end_date": "2020-01-01"}))
        == []
    )


@pytest.mark.parametrize(("volt", "kind", "reasons"), [
    ("AC00101", "1", 0), ("AC00101", "2", 1), ("AC03802", "2", 0), ("AC02202", "2", 0), ("AC00351", "5", 0),
])  # fmt: skip
def test_a_low_voltage_certificate_does_not_look_after_high_voltage(
    volt: str, kind: str, reasons: int
) -> None:
    f = facts({"work_kind": kind}, customer={**HERE, "volt_code": volt})
    assert len(told("certificate_covers_voltage", f)) == reasons


@pytest.mark.parametrize(("review", "remind", "reasons"), [
    ("2029-11-23", "2029-08-01", 0), ("2029-11-24", "2029-08-01", 1), ("2029-11-23", "2029-11-23", 1), ("2031-01-01", "2029-08-01", 2),
])  # fmt: skip
def test_a_review_falls_within_three_years_and_the_validity(review: str, remind: str, reasons: int) -> None:
    data = {
        "issue_date": "2026-11-23",
        "review_date": review,
        "end_date": "2030-11-23",
        "remind_date": remind,
    }
    assert len(told("review_date_scheduled", facts(data))) == reasons


@pytest.mark.parametrize(("action", "rows", "reasons"), [
    ("1", [], 0), ("1", [ENROLLED], 1), ("2", [ENROLLED], 0), ("2", [], 1), ("3", [ENROLLED], 0), ("3", [], 1),
    ("1", [{**ENROLLED, "status": "3"}], 0), ("1", [{**ENROLLED, "cons_no": "1016000002"}], 0),
])  # fmt: skip
def test_nobody_is_enrolled_twice_and_only_who_is_on_the_register_is_renewed(
    action: str, rows: list[dict[str, Any]], reasons: int
) -> None:
    f = facts({"register_action": action, "qual_cert_no": "T1"}, customer=HERE, qualifications=rows)
    assert len(told("register_entry_fits", f)) == reasons


@pytest.mark.parametrize(("grade", "volt", "reasons"), [
    ("3", "AC03802", 0), ("3", "AC00101", 1), ("2", "AC00101", 0), ("2", "AC00201", 1), ("1", "AC02201", 0), ("1", "AC03301", 1),
])  # fmt: skip
def test_a_grade_inspects_up_to_its_voltage(grade: str, volt: str, reasons: int) -> None:
    assert len(told("grade_covers_voltage", facts({"grade": grade, "covered_volt": volt}))) == reasons


@pytest.mark.parametrize(("grade", "years", "score", "reasons"), [
    ("1", 5.0, 80.0, 0), ("1", 4.9, 80.0, 1), ("2", 3.0, 79.9, 1), ("3", 1.0, 80.0, 0), ("3", 0.5, 10.0, 2),
])  # fmt: skip
def test_a_grade_wants_years_and_a_mark(grade: str, years: float, score: float, reasons: int) -> None:
    data = {"grade": grade, "years_experience": years, "exam_score": score}
    assert len(told("inspector_requirements_met", facts(data))) == reasons


def through(desk: Desk, flow: str, customer: str | None = None, **data: Any) -> str:
    case = opened_for_run(desk, flow, customer, Plan(dict(data)))
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    return case


def test_an_electrician_is_enrolled_renewed_and_struck_off_and_the_reviews_follow() -> None:
    desk, customer = fresh(), "1016000001"
    first = through(desk, "customer_electrician", customer, qual_cert_no="T1")
    second = through(desk, "customer_electrician", customer, qual_cert_no="T1", register_action="2")
    tasks, people = desk.store.table("due_task"), desk.store.table("qualification")
    assert [row["qual_id"] for row in people if row["cert_no"] == "T1"] == [f"Q{first}"]
    assert tasks.get(doc_id=f"{first}-12")["done_date"]
    assert not tasks.get(doc_id=f"{second}-12")["done_date"]
    through(desk, "customer_electrician", customer, qual_cert_no="T1", register_action="3")
    assert people.get(doc_id=f"Q{first}")["status"] == "3"
    assert tasks.get(doc_id=f"{second}-12")["done_date"]


def test_an_inspector_has_one_number_and_a_new_grade_takes_the_old_one_away() -> None:
    desk = fresh()
    first = through(desk, "inspector_qualification", person_no="SF1")
    with pytest.raises(Refused, match="已有在用检查证号"):
        through(desk, "inspector_qualification", person_no="SF1")
    second = through(desk, "inspector_qualification", person_no="SF1", register_action="2", grade="1")
    people = desk.store.table("qualification")
    assert (people.get(doc_id=f"Q{first}")["status"], people.get(doc_id=f"Q{second}")["status"]) == ("3", "1")
