"""客户申请确认, 服务接入, 用电大项目前期咨询, 市政代工: orders without an account."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import TODAY, facts, put, reasons
from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run

YESTERDAY, TOMORROW = "2026-11-22", "2026-11-24"


def run_through(flow: str, **data: Any) -> tuple[Desk, str, list[str]]:
    """An order of `flow` run to its end by its examples and `data`; with the steps it went through."""
    desk = fresh()
    before = len(desk.store.table("customer"))
    plan = Plan(data=dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, None, plan)
    steps = [done["step"] for done in run(desk, case, plan)]
    assert len(desk.store.table("customer")) == before
    return desk, case, steps


def tasks(desk: Desk, case: str) -> list[dict[str, Any]]:
    """The tasks an order left."""
    return [dict(task) for task in desk.store.table("due_task") if task["app_no"] == case]


# -- 客户申请确认 ----------------------------------------------------------------------------------------
def test_a_request_with_all_papers_goes_straight_on() -> None:
    desk, case, steps = run_through("application_confirmation")
    assert steps == ["confirmation"]
    assert tasks(desk, case) == []


def test_a_request_that_lacks_papers_waits_with_a_reminder() -> None:
    desk, case, steps = run_through("application_confirmation", papers_complete="否", clue_outcome="2")
    assert steps == ["confirmation", "supplement"]
    (task,) = tasks(desk, case)
    assert (task["due_date"], task["done_date"]) == ("2026-11-28", TODAY)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"clue_outcome": "1", "papers_complete": True}, 0),
        ({"clue_outcome": "1", "papers_complete": False}, 1),
        ({"clue_outcome": "2", "notice_no": "G1", "promised_on": TODAY}, 0),
        ({"clue_outcome": "2", "notice_no": "G1", "promised_on": YESTERDAY}, 1),
        ({"clue_outcome": "2", "promised_on": TOMORROW}, 1),
        ({"clue_outcome": "3"}, 0),
    ],
)
def test_papers_are_there_or_agreed_upon(data: dict[str, Any], count: int) -> None:
    assert len(reasons("papers_settled", facts(data))) == count


@pytest.mark.parametrize(("promised", "refused"), [("2026-10-24", False), ("2026-10-25", True)])
def test_a_request_is_closed_after_thirty_days(promised: str, refused: bool) -> None:
    f = facts({"clue_end": "2", "promised_on": promised})
    assert bool(reasons("clue_old_enough", f)) is refused
    assert reasons("clue_old_enough", f.filled(clue_end="1")) == []


def test_a_request_is_passed_on_to_what_the_customer_wants() -> None:
    data = {"clue_outcome": "1", "wanted_business": "更名", "referred_to": "过户"}
    assert reasons("referral_chosen", facts(data)) != []
    assert reasons("referral_chosen", facts({**data, "referral_reason": "产权已转移"})) == []
    assert reasons("referral_chosen", facts({**data, "referred_to": "更名"})) == []


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ({"mobile": "19900001111"}, False),
        ({"mobile": "+86 199-0000-1111"}, False),
        ({"mobile": "1990000111"}, True),
        ({"mobile": "1990000111", "office_phone": "0990-8800111"}, False),
        ({}, True),
    ],
)
def test_somebody_can_be_called_back(data: dict[str, str], refused: bool) -> None:
    assert bool(reasons("contact_complete", facts(data))) is refused


# -- 服务接入 --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("handling", "step"), [("1", "transfer"), ("2", "answer")])
def test_a_ticket_is_passed_on_or_answered(handling: str, step: str) -> None:
    _, _, steps = run_through("service_intake", ticket_handling=handling)
    assert steps == ["registration", "dispatch", step, "feedback"]


@pytest.mark.parametrize(
    ("due", "refused"), [(TODAY, False), (YESTERDAY, True), ("2026-12-03", False), ("2026-12-04", True)]
)
def test_what_is_promised_to_a_caller(due: str, refused: bool) -> None:
    assert bool(reasons("feedback_due_allowed", facts({"feedback_due": due}))) is refused


@pytest.mark.parametrize(
    ("kind", "handler", "refused"), [("03", "甲班", True), ("03", "乙班", False), ("01", "甲班", False)]
)
def test_nobody_handles_the_complaint_about_himself(kind: str, handler: str, refused: bool) -> None:
    f = facts({"ticket_kind": kind, "accused": "甲班", "handler": handler})
    assert bool(reasons("handler_not_accused", f)) is refused


def test_late_feedback_says_why() -> None:
    f = facts({"feedback_due": YESTERDAY, "feedback_on": TODAY})
    assert reasons("feedback_in_time", f) != []
    assert reasons("feedback_in_time", f.filled(late_reason="等现场核实")) == []
    assert reasons("feedback_in_time", f.filled(feedback_due=TODAY)) == []


# -- 用电大项目前期咨询 ----------------------------------------------------------------------------------
def project(desk: Desk, case: str) -> dict[str, Any]:
    """The register's row of an order."""
    return dict(desk.store.table("project").get(doc_id=case))


def test_a_project_is_answered_and_registered() -> None:
    desk, case, steps = run_through("major_project_consultation")
    assert steps[-2:] == ["opinion_reply", "document_archiving"]
    row = project(desk, case)
    assert (row["kind"], row["conclusion"], row["load_cap"], row["version"]) == ("01", "可接入", 12000.0, 1)
    assert row["valid_until"] == "2027-05-22"


def test_a_project_nobody_owns_yet_is_only_filed() -> None:
    """ZJ 145(2)."""
    desk, case, steps = run_through("major_project_consultation", project_clear="否")
    assert steps == ["acceptance", "document_archiving"]
    assert project(desk, case)["conclusion"] == "需求未明"


def test_what_cannot_be_supplied_yet_is_told_all_the_same() -> None:
    desk, case, steps = run_through(
        "major_project_consultation",
        access_result="4",
        access_gap="缺间隔，等 2027 年新站",
        survey_needed="否",
    )
    assert "site_survey" not in steps
    assert project(desk, case)["conclusion"] == "暂不具备条件"


def test_an_objection_begins_another_round() -> None:
    desk = fresh()
    case = opened_for_run(desk, "major_project_consultation", None, Plan())
    plan = Plan(confirm_all=True, fill=True, until="opinion_reply")
    list(run(desk, case, plan))
    desk.act_as("scheme_replier")
    desk.fill(case, {"reply_no": "DF1", "customer_opinion": "2", "objection": "要求 110 kV 接入"})
    desk.return_(case, "requirement_processing", "项目方有异议")
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    data = desk.get(case).data
    assert (data["reply_version"], data["customer_opinion"], data["reply_no"]) == (2, "1", f"DF{case}")
    assert project(desk, case)["version"] == 2


@pytest.mark.parametrize(
    ("near", "far", "wanted", "count"),
    [(100.0, 100.0, TODAY, 0), (100.0, 99.9, TODAY, 1), (100.0, 200.0, YESTERDAY, 1), (0.0, 0.0, TODAY, 1)],
)
def test_figures_of_a_project(near: float, far: float, wanted: str, count: int) -> None:
    f = facts({"near_cap": near, "far_cap": far, "wanted_on": wanted})
    assert len(reasons("project_figures_sound", f)) == count


@pytest.mark.parametrize(
    ("found", "refused"), [(1300.0, False), (1301.0, True), (700.0, False), (699.0, True)]
)
def test_an_estimate_that_is_far_off_is_talked_over(found: float, refused: bool) -> None:
    f = facts({"near_cap": 1000.0, "estimated_cap": found})
    assert bool(reasons("load_estimate_supported", f)) is refused
    assert reasons("load_estimate_supported", f.filled(estimate_note="工艺分两期")) == []


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("初步意见，不作供电承诺", False),
        ("本意见不保证供电", False),
        ("我公司保证供电", True),
        ("同意供电，承诺按期送电", True),
    ],
)
def test_an_opinion_promises_nothing(said: str, refused: bool) -> None:
    assert bool(reasons("no_supply_promise", facts({"access_opinion": said}))) is refused


@pytest.mark.parametrize(("lon", "lat", "count"), [(121.0, 30.5, 0), (120.9, 30.2, 1), (122.0, 31.0, 2)])
def test_the_site_lies_within_its_bounds(lon: float, lat: float, count: int) -> None:
    bounds = {"red_west": 121.0, "red_east": 121.5, "red_south": 30.0, "red_north": 30.5}
    assert len(reasons("site_inside_boundary", facts({**bounds, "site_lon": lon, "site_lat": lat}))) == count


@pytest.mark.parametrize(
    ("until", "limits", "count"), [(TOMORROW, True, 0), (TODAY, True, 1), (TODAY, False, 2)]
)
def test_a_reply_runs_out(until: str, limits: bool, count: int) -> None:
    f = facts({"reply_valid_until": until, "reply_disclaimer": limits})
    assert len(reasons("reply_has_limits", f)) == count


# -- 市政代工 --------------------------------------------------------------------------------------------
def test_a_relocation_is_paid_by_who_built_later() -> None:
    fees = '[{"item": "11", "basis": "迁改协议", "qty": 1, "price": 860000}]'
    desk, case, steps = run_through("municipal_works", fees=fees)
    assert {"fee_determination", "fee_collection"} <= set(steps)
    row = project(desk, case)
    assert (row["kind"], row["name"]) == ("02", "示范大道拓宽迁改")
    (fee,) = [f for f in desk.store.table("business_fee") if f["app_no"] == case]
    assert fee["paid"] == 860000.0


def test_where_the_building_stood_first_the_supplier_pays() -> None:
    _, _, steps = run_through("municipal_works", built_first="2", cost_bearer="2")
    assert "fee_determination" not in steps


@pytest.mark.parametrize(
    ("first", "bearer", "refused"),
    [
        ("1", "1", False),
        ("1", "2", True),
        ("1", "3", True),
        ("2", "2", False),
        ("2", "1", True),
        ("3", "3", False),
        ("3", "1", True),
    ],
)
def test_who_pays_by_who_was_first(first: str, bearer: str, refused: bool) -> None:
    """供电营业规则(1996)第50条."""
    f = facts({"built_first": first, "cost_bearer": bearer})
    assert bool(reasons("later_builder_pays", f)) is refused


@pytest.mark.parametrize(("day", "refused"), [("2026-11-30", False), ("2026-11-29", True)])
def test_an_outage_is_announced_seven_days_before(day: str, refused: bool) -> None:
    f = facts({"outage_needed": True, "announced_on": TODAY, "outage_on": day})
    assert bool(reasons("outage_announced", f)) is refused


@pytest.mark.parametrize(("paid", "refused"), [("", True), (TODAY, False), (TOMORROW, True)])
def test_fields_are_paid_for_before_anybody_walks_on_them(paid: str, refused: bool) -> None:
    f = facts({"compensation": 1.0, "compensation_paid_on": paid, "works_start": TODAY})
    assert bool(reasons("compensation_settled", f)) is refused
    assert reasons("compensation_settled", f.filled(compensation=0)) == []


@pytest.mark.parametrize(("final", "refused"), [(100.0, False), (100.01, True)])
def test_what_was_not_agreed_is_not_charged(final: float, refused: bool) -> None:
    f = facts({"agreement_amount": 100.0, "final_cost": final})
    assert bool(reasons("settled_as_agreed", f)) is refused
    assert reasons("settled_as_agreed", f.filled(supplement_no="B1")) == []


def test_the_reminder_of_papers_ends_with_its_request() -> None:
    rows = [{"task_id": "T1", "app_no": "012611230001"}, {"task_id": "T2", "app_no": "0"}]
    assert put("end_waiting", facts({}, due_task=rows)) == {
        ("due_task", "T1"): {"task_id": "T1", "done_date": TODAY}
    }
