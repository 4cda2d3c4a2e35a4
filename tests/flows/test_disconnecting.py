"""停复电: what a disconnection must have behind it, how a restoration ends it."""

from __future__ import annotations

from typing import Any

import pytest
from plain_facts import CUSTOMER, asked, facts
from trials import fresh

from yk.desk import Desk
from yk.desk.looking_up import row_of
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

CUSTOMER_NO = "1016000001"
CUT: dict[str, Any] = {
    "action": "1",
    "ground": "04",
    "basis_no": "JG-1",
    "cut_approver": "甲",
    "cut_approved_at": "2026-11-13T09:00:00+08:00",
    "notice_at": "2026-11-16T09:00:00+08:00",
    "last_call_at": "2026-11-20T09:30:00+08:00",
    "off_at": "2026-11-20T10:00:00+08:00",
}
OWING = {"receivable": [{"rcv_id": "R1", "amount": 880.0, "paid": 0.0, "due_date": "2026-10-20"}]}
IMPORTANT = {"customer": {**CUSTOMER, "importance": "3"}}


def ordered(desk: Desk, **data: object) -> str:
    """An order of the flow run to its end."""
    plan = Plan(dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, "disconnection_reconnection", CUSTOMER_NO, plan)
    list(run(desk, case, plan))
    return case


STEPS = ("disconnection_approved", "disconnection_notice_served", "final_warning_given")


def test_three_steps_in_order_let_the_supply_be_cut() -> None:
    assert [asked(name, facts(CUT)) for name in STEPS] == [[], [], []]


@pytest.mark.parametrize(
    ("lacking", "guard"),
    [
        ("cut_approved_at", "disconnection_approved"),
        ("cut_approver", "disconnection_approved"),
        ("notice_at", "disconnection_notice_served"),
        ("last_call_at", "final_warning_given"),
    ],
)
def test_one_step_too_few_is_enough_to_refuse(lacking: str, guard: str) -> None:
    assert asked(guard, facts(CUT | {lacking: None}))


@pytest.mark.parametrize(("day", "good"), [("12", False), ("13", True), ("17", True), ("18", False)])
def test_the_notice_comes_three_to_seven_days_before(day: str, good: bool) -> None:
    data = CUT | {"notice_at": f"2026-11-{day}T09:00:00+08:00"}
    assert (asked("disconnection_notice_served", facts(data)) == []) is good


def test_the_promise_of_seven_days_is_a_setting() -> None:
    assert asked("disconnection_notice_served", facts(CUT, disconnection_notice_least=7))


def test_the_authority_hears_of_important_customers() -> None:
    assert asked("disconnection_notice_served", facts(CUT, IMPORTANT))
    assert asked("disconnection_notice_served", facts(CUT | {"authority_report_no": "BB1"}, IMPORTANT)) == []


@pytest.mark.parametrize("ground", ["03", "08"])
def test_theft_and_the_customer_s_own_wish_need_no_steps(ground: str) -> None:
    bare = {"action": "1", "ground": ground, "off_at": CUT["off_at"]}
    assert [asked(name, facts(bare)) for name in STEPS] == [[], [], []]


@pytest.mark.parametrize(("announced", "good"), [("2026-11-13", True), ("2026-11-14", False), (None, False)])
def test_planned_works_are_announced_seven_days_before(announced: str | None, good: bool) -> None:
    data = {"action": "1", "ground": "07", "off_at": CUT["off_at"], "announced_on": announced}
    assert (asked("disconnection_notice_served", facts(data)) == []) is good


@pytest.mark.parametrize(
    ("ground", "archive", "good"),
    [
        ("01", {}, False),
        ("01", OWING, True),
        ("02", {}, False),
        ("02", {"violation": [{"vio_id": "V1"}]}, True),
        ("04", {}, True),
    ],
)
def test_a_ground_is_borne_out_by_the_archive_or_a_paper(
    ground: str, archive: dict[str, Any], good: bool
) -> None:
    assert (asked("disconnection_ground_lawful", facts(CUT | {"ground": ground}, archive)) == []) is good


@pytest.mark.parametrize(
    ("off", "reminded", "good"),
    [("2026-11-19", "2026-11-01", False), ("2026-11-20", "2026-11-01", True), ("2026-11-20", None, False)],
)
def test_arrears_are_thirty_days_overdue_and_asked_for(off: str, reminded: str | None, good: bool) -> None:
    data = CUT | {"ground": "01", "off_at": f"{off}T10:00:00+08:00", "reminded_on": reminded}
    assert (asked("arrears_overdue", facts(data, OWING)) == []) is good


def test_a_disputed_bill_is_no_ground() -> None:
    data = CUT | {"ground": "01"}
    testing = {"orders": [{"case": "1", "flow_name": "申请校验"}]}
    assert asked("no_billing_dispute", facts(data | {"dispute_open": True}))
    assert asked("no_billing_dispute", facts(data, testing))
    assert asked("no_billing_dispute", facts(CUT, testing)) == []


@pytest.mark.parametrize(
    ("off", "special", "good"),
    [
        ("2026-11-20T10:00", False, True),
        ("2026-11-20T10:00", True, False),
        ("2026-11-21T10:00", False, False),
        ("2026-11-20T22:00", False, False),
        ("2026-11-20T06:59", False, False),
        ("2026-11-20T07:00", False, True),
    ],
)
def test_days_off_nights_and_special_times_want_a_superior(off: str, special: bool, good: bool) -> None:
    data = CUT | {"off_at": f"{off}:00+08:00", "special_period": special}
    assert (asked("quiet_period_confirmed", facts(data)) == []) is good
    assert asked("quiet_period_confirmed", facts(data | {"quiet_confirmed_by": "甲"})) == []


@pytest.mark.parametrize(("reading", "good"), [(4999.9, False), (5000.0, True)])
def test_the_reading_at_the_cut_goes_on_from_the_last(reading: float, good: bool) -> None:
    archive = {"meter_register": [{"read_type": "11", "reading": 5000.0}]}
    assert (asked("disconnection_recorded", facts(CUT | {"off_reading": reading}, archive)) == []) is good


def outage(reason: str) -> dict[str, Any]:
    """An outage of this reason that still runs."""
    return {"outage": [{"outage_id": "O1", "reason": reason, "off_time": "2026-11-20T10:00:00"}]}


def test_a_restoration_waits_until_its_cause_is_gone() -> None:
    back = {"action": "2"}
    assert asked("restoration_cause_removed", facts(back))
    assert asked("restoration_cause_removed", facts(back, outage("欠费") | OWING))
    assert asked("restoration_cause_removed", facts(back, outage("检修") | OWING)) == []
    case = outage("违窃") | {"violation": [{"vio_id": "V1"}]}
    assert asked("restoration_cause_removed", facts(back, case))
    agreed = back | {"settlement_agreement_no": "XY1"}
    assert asked("restoration_cause_removed", facts(agreed, case)) == []


def test_nobody_is_at_work_when_the_power_comes() -> None:
    assert asked("restoration_site_clear", facts({"action": "2", "site_clear": True}))
    good = {"action": "2", "site_clear": True, "site_clear_signed_by": "甲"}
    assert asked("restoration_site_clear", facts(good)) == []
    assert asked("restoration_site_clear", facts({"action": "1"})) == []


@pytest.mark.parametrize(("rule_set", "good"), [("R24", False), ("R96", True)])
def test_a_day_by_the_new_rules_three_by_the_old(rule_set: str, good: bool) -> None:
    data = {
        "action": "2",
        "cause_gone_at": "2026-11-20T10:00:00+08:00",
        "restored_at": "2026-11-22T10:00:00+08:00",
    }
    assert (asked("restoration_in_time", facts(data, rule_set=rule_set)) == []) is good


def test_the_archive_says_from_when_to_when_the_power_was_off() -> None:
    desk = fresh()
    case = ordered(desk)
    assert row_of(desk.store, "customer", CUSTOMER_NO)["stop_flag"] == "1"
    cut = row_of(desk.store, "outage", f"O{case}")
    assert (cut["reason"], cut["off_time"]) == ("安全", "2026-11-23T08:50:00")
    ordered(desk, action="2", restored_at="2026-11-23 18:00")
    assert row_of(desk.store, "customer", CUSTOMER_NO)["stop_flag"] == "0"
    assert row_of(desk.store, "outage", f"O{case}")["on_time"] == "2026-11-23T18:00:00"


def test_there_is_nothing_to_restore_where_nothing_was_cut() -> None:
    with pytest.raises(Refused) as refused:
        ordered(fresh(), action="2")
    assert {reason.code for reason in refused.value.reasons} == {"cause_remains"}
