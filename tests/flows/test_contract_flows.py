"""The contract flows 436-457: what they ask, what they leave in the archive, alone and as child orders."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import TODAY, facts, put, reasons
from trials import fresh
from walks import HEAD

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

CUSTOMER, OLD = "1016000001", "HT1016000001"
YESTERDAY, TOMORROW = "2026-11-22", "2026-11-24"


def run_through(flow: str, **data: Any) -> tuple[Desk, str]:
    """An order of `flow` run to its end by its examples and `data`."""
    desk = fresh()
    plan = Plan(data=dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, CUSTOMER, plan)
    list(run(desk, case, plan))
    return desk, case


def contracts(desk: Desk) -> dict[str, dict[str, Any]]:
    """The contracts of the customer by number."""
    return {c["contract_no"]: dict(c) for c in desk.store.table("contract") if c["cons_no"] == CUSTOMER}


def reminders(desk: Desk) -> list[tuple[str, str]]:
    """(shown from, due) of the open reminders of contracts."""
    mine = (t for t in desk.store.table("due_task") if t["cons_no"] == CUSTOMER and t["kind"] == "05")
    return sorted((t["remind_date"], t["due_date"]) for t in mine if not t.get("done_date"))


# -- what they leave -------------------------------------------------------------------------------------
@pytest.mark.parametrize("flow", ["contract_new", "contract_renewal", "contract_supplement"])
def test_a_new_text_replaces_the_old_one(flow: str) -> None:
    desk, case = run_through(flow, contract_end="2029-11-22")
    found = contracts(desk)
    assert (found[OLD]["status"], found[OLD]["end_date"]) == ("终止", YESTERDAY)
    new = found[f"HT{case}"]
    assert (new["status"], new["begin_date"], new["end_date"]) == ("归档", TODAY, "2029-11-22")
    assert (new["cap"], new["cons_name"]) == (1250.0, "城东竹川测试电气有限公司")


def test_a_contract_is_called_up_three_times() -> None:
    desk, _ = run_through("contract_renewal", contract_end="2029-11-22")
    assert reminders(desk) == [
        ("2029-08-24", "2029-11-22"),
        ("2029-09-23", "2029-11-22"),
        ("2029-10-23", "2029-11-22"),
    ]


def test_a_reminder_is_never_set_for_a_day_that_is_past() -> None:
    f = facts({"contract_end": "2026-12-23"}, customer={"cons_no": CUSTOMER}, due_task=[])
    days = {row["remind_date"] for row in put("set_contract_reminders", f).values()}
    assert days == {TODAY}


def test_a_contract_that_begins_later_lets_the_old_one_run_until_then() -> None:
    row = {"contract_no": OLD, "status": "归档", "end_date": "2031-10-11"}
    f = facts(
        {"new_contract_no": "N", "replaced_contract_no": OLD, "begin_date": "2026-12-01"}, contracts=[row]
    )
    assert put("put_contract_in_force", f)["contract", OLD] == {"contract_no": OLD, "end_date": "2026-11-30"}


def test_a_supplement_stands_beside_its_contract() -> None:
    desk, case = run_through("contract_change", change_type="付费", effect_day=TODAY)
    (record,) = [r for r in desk.store.table("contract_change") if r["app_no"] == case]
    assert (record["contract_no"], record["change_type"], record["begin_date"]) == (OLD, "付费", TODAY)
    assert contracts(desk)[OLD]["status"] == "归档"
    assert len(contracts(desk)) == 1


def test_an_ended_contract_is_called_up_no_more() -> None:
    desk, _ = run_through("contract_renewal")
    number = next(c for c in contracts(desk) if c != OLD)
    plan = Plan({"contract_no": number}, confirm_all=True, fill=True)
    case = opened_for_run(desk, "contract_termination", CUSTOMER, plan)
    list(run(desk, case, plan))
    assert contracts(desk)[number]["status"] == "终止"
    assert reminders(desk) == []


def test_only_the_named_contract_ends() -> None:
    f = facts({"contract_no": "A", "end_on": TODAY}, contracts=[{"contract_no": "B"}], due_task=[])
    assert put("end_named_contract", f) == {
        ("contract", "A"): {"contract_no": "A", "status": "终止", "end_date": TODAY}
    }


def test_four_eyes_see_a_contract() -> None:
    """Drafting and reviewing, reviewing and approving are different people's."""
    desk = fresh()
    case = opened_for_run(desk, "contract_new", CUSTOMER, Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="contract_execution")))
    done = {step: operator for step, _, operator in desk.get(case).done}
    assert len({done["contract_drafting"], done["contract_review"], done["contract_approval"]}) == 3


# -- as child orders -------------------------------------------------------------------------------------
PARENT = (
    HEAD.format(id="parent", name="父流程").replace("customer: true", "customer: {customer}")
    + """
form:
  - {{name: new_name, label: 户名, type: text, step: accept, required: true, example: 示范新里电气有限公司}}
  - {{name: scheme_cap, label: 容量, type: number, step: accept, required: true, example: '80'}}
  - {{name: scheme_volt, label: 电压, type: code, codes: volt, step: accept, required: true, example: AC03802}}
steps:
  - {{id: accept, name: 受理, role: acceptance_clerk}}
  - {{id: contract, name: 合同, role: approver, sub_flow: {child}}}
"""
)


@pytest.mark.parametrize(("customer", "number"), [("false", None), ("true", CUSTOMER)])
def test_a_child_takes_its_terms_from_the_order_that_wants_it(
    install: Any, customer: str, number: str
) -> None:
    """A new connection has no account yet: name, capacity and voltage are what was approved."""
    install(parent=PARENT.format(customer=customer, child="contract_new"))
    desk, plan = fresh(), Plan(confirm_all=True, fill=True)
    case = opened_for_run(desk, "parent", number, plan)
    list(run(desk, case, plan))
    ((child, _),) = desk.get(case).children
    data = desk.get(child).data
    assert (data["trigger_no"], data["contract_party"]) == (case, "示范新里电气有限公司")
    assert (data["contract_cap"], data["contract_volt"]) == (80.0, "AC03802")
    filed = desk.store.table("contract").get(doc_id=f"HT{child}")
    assert (filed["cons_no"], filed["cap"], filed["status"]) == (number, 80.0, "归档")
    assert desk.get(case).status == "completed"


def test_a_supplement_is_recorded_for_the_order_that_wants_it(install: Any) -> None:
    install(parent=PARENT.format(customer="true", child="contract_change"))
    desk, plan = fresh(), Plan(confirm_all=True, fill=True)
    case = opened_for_run(desk, "parent", CUSTOMER, plan)
    list(run(desk, case, plan))
    (record,) = [r for r in desk.store.table("contract_change") if r["app_no"] == case]
    assert record["contract_no"] == OLD
    assert contracts(desk)[OLD]["cap"] == 80.0


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ({"cons_sort": "01", "tmp_flag": "03"}, "01"),
        ({"cons_sort": "02", "tmp_flag": "03"}, "02"),
        ({"cons_sort": "03", "tmp_flag": "03"}, "03"),
        ({"tmp_flag": "01"}, "04"),
    ],
)
def test_the_kind_of_contract_follows_the_customer(wanted: dict[str, str], kind: str) -> None:
    desk = fresh()
    fits = (c for c in desk.store.table("customer") if all(c.get(k) == v for k, v in wanted.items()))
    case = opened_for_run(desk, "contract_new", next(fits)["cons_no"], Plan())
    assert desk.get(case).data["contract_kind"] == kind


# -- borders of the guards -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"contract_kind": "02", "template_kind": "02", "template_end": TODAY}, 0),
        ({"contract_kind": "02", "template_kind": "02", "template_end": YESTERDAY}, 1),
        ({"contract_kind": "02", "template_kind": "01"}, 1),
        ({"contract_kind": "01", "template_kind": "01", "contract_volt": "AC03802"}, 1),
        ({"contract_kind": "01", "template_kind": "01", "contract_volt": "AC00101"}, 0),
    ],
)
def test_which_model_text(data: dict[str, str], count: int) -> None:
    assert len(reasons("template_current", facts(data))) == count


@pytest.mark.parametrize(
    ("cap", "volt", "count"), [(80.0, "AC03802", 0), (80.1, "AC03802", 1), (81, "AC00101", 2)]
)
def test_terms_are_those_approved(cap: float, volt: str, count: int) -> None:
    terms = {"case": "", "name": "甲", "cert_no": None, "cap": 80.0, "volt": "AC03802", "sources": 1}
    f = facts({"contract_cap": cap, "contract_volt": volt}, contract_terms=terms)
    assert len(reasons("contract_terms_match", f)) == count


@pytest.mark.parametrize(("rows", "refused"), [(1, True), (2, False), (3, False)])
def test_a_boundary_for_every_source(rows: int, refused: bool) -> None:
    one = {"device": "开关", "place": "下桩头", "sketch_no": "T1"}
    f = facts({"boundaries": [one] * rows}, contract_terms={"sources": 2})
    assert bool(reasons("boundary_per_source", f)) is refused


@pytest.mark.parametrize(
    ("cap", "changed", "level"),
    [(999.9, False, 1), (1000.0, False, 2), (10000.0, False, 3), (80.0, True, 2), (10000.0, True, 3)],
)
def test_who_approves(cap: float, changed: bool, level: int) -> None:
    data = {"contract_cap": cap, "nonstandard": changed}
    assert reasons("approval_level_enough", facts({**data, "approval_level": level})) == []
    if level > 1:
        assert reasons("approval_level_enough", facts({**data, "approval_level": level - 1})) != []


@pytest.mark.parametrize(
    ("begin", "clause", "refused"),
    [("2026-07-01", False, False), ("2026-07-02", False, True), ("2026-07-02", True, False)],
)
def test_a_gap_between_two_contracts(begin: str, clause: bool, refused: bool) -> None:
    f = facts({"planned_begin": begin, "gap_clause": clause}, contract={"end_date": "2026-06-30"})
    assert bool(reasons("gap_covered", f)) is refused


@pytest.mark.parametrize(("end", "refused"), [(TODAY, False), (YESTERDAY, True), (TOMORROW, False)])
def test_who_signs_for_another(end: str, refused: bool) -> None:
    data = {"signatory_kind": "2", "signatory_proxy_end": end, "sign_date": TODAY}
    assert bool(reasons("signatory_authorised", facts(data))) is refused
    assert reasons("signatory_authorised", facts({**data, "signatory_kind": "1"})) == []


@pytest.mark.parametrize(("begin", "refused"), [(TODAY, False), (YESTERDAY, True)])
def test_a_contract_signed_afterwards_is_not_dated_back(begin: str, refused: bool) -> None:
    f = facts({"begin_date": begin, "sign_date": TODAY})
    assert bool(reasons("effective_on_signing", f)) is refused


@pytest.mark.parametrize(("cap", "refused"), [(1250.0, False), (1250.1, True)])
def test_what_was_added_without_leave_is_not_signed_for(cap: float, refused: bool) -> None:
    f = facts({"found_cap": cap}, customer={"contract_cap": 1250.0})
    assert bool(reasons("capacity_not_above_archive", f)) is refused


def _running(number: str, end: str, status: str = "归档") -> dict[str, str]:
    return {"contract_no": number, "end_date": end, "status": status}


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (_running("B", TODAY), True),
        (_running("B", YESTERDAY), False),
        (_running("B", "2030-01-01", "终止"), False),
        (_running("OLD", "2030-01-01"), False),
        (_running("A", "2030-01-01"), False),
    ],
)
def test_one_contract_at_a_time(other: dict[str, str], refused: bool) -> None:
    data = {"new_contract_no": "A", "replaced_contract_no": "OLD", "begin_date": TODAY}
    assert bool(reasons("single_contract_in_force", facts(data, contracts=[other], customer={}))) is refused


@pytest.mark.parametrize(
    ("cause", "data", "refused"),
    [
        ("01", {"disconnected": True, "disconnection_no": "C1"}, False),
        ("01", {"disconnected": True}, True),
        ("04", {"succeeding_contract_no": "HT2"}, False),
        ("05", {}, True),
        ("03", {"succeeding_contract_no": "HT2"}, True),
    ],
)
def test_nothing_stays_live_without_a_contract(cause: str, data: dict[str, Any], refused: bool) -> None:
    f = facts({"end_cause": cause, **data})
    assert bool(reasons("disconnected_or_taken_over", f)) is refused


@pytest.mark.parametrize(
    ("cause", "served", "refused"),
    [("07", "", True), ("07", TODAY, False), ("07", TOMORROW, True), ("01", "", False)],
)
def test_the_other_side_is_told(cause: str, served: str, refused: bool) -> None:
    f = facts({"end_cause": cause, "notice_served_on": served})
    assert bool(reasons("termination_notice_served", f)) is refused


def test_a_residents_form_contract_rests_on_the_application_alone() -> None:
    assert reasons("signing_basis_complete", facts({"contract_kind": "03", "application_no": "S1"})) == []
    (told,) = reasons("signing_basis_complete", facts({"contract_kind": "02", "application_no": "S1"}))
    assert "竣工检验报告" in told


def test_a_contract_called_up_by_an_order_does_not_wait_for_inspection_and_metering_that_come_after_it() -> (
    None
):
    papers = {"contract_kind": "01", "application_no": "S", "scheme_reply_no": "D", "maintenance_no": "W"}
    assert reasons("signing_basis_complete", facts(papers, contract_terms={"case": "012611230009"})) == []
    (told,) = reasons("signing_basis_complete", facts(papers, contract_terms={"case": ""}))
    assert "竣工检验报告、计量装置安装完工报告" in told


def test_a_contract_past_its_date_may_still_be_ended_but_not_twice() -> None:
    old = facts({"contract_no": "A"}, contracts=[_running("A", "2020-01-01")])
    assert reasons("contract_in_force_or_expired", old) == []
    twice = facts({"contract_no": "A"}, contracts=[_running("A", "2020-01-01", "终止")])
    assert reasons("contract_in_force_or_expired", twice) != []
    assert reasons("contract_in_force_or_expired", facts({"contract_no": "B"}, contracts=[])) != []


def test_a_customer_with_debts_renews_nothing() -> None:
    desk = fresh()
    desk.store.table("receivable").save(
        {"rcv_id": "R9", "cons_no": CUSTOMER, "ym": 202610, "amount": 9.0, "paid": 0.0}
    )
    case = opened_for_run(desk, "contract_renewal", CUSTOMER, Plan())
    with pytest.raises(Refused) as caught:
        list(run(desk, case, Plan(confirm_all=True, fill=True)))
    assert [reason.code for reason in caught.value.reasons] == ["arrears"]
