"""Borders of numeric rules: the value that just passes and the one that just does not, in each rule set."""

from __future__ import annotations

import pytest
from plain_facts import CUSTOMER, asked, facts

from yk.flows.effects import find_effect


@pytest.mark.parametrize(
    ("rule_set", "wish", "good"),
    [
        ("R96", "2026-11-28", True),  # five days after a Monday
        ("R96", "2026-11-27", False),
        ("R16", "2026-11-30", True),  # five working days
        ("R16", "2026-11-29", False),
        ("R24", "2026-11-30", True),
        ("R24", "2026-11-28", False),
    ],
)
def test_five_days_ahead_are_working_days_since_2016(rule_set: str, wish: str, good: bool) -> None:
    assert (asked("lead_time_kept", facts({"wish_date": wish}, rule_set=rule_set)) == []) is good


@pytest.mark.parametrize(
    ("volt", "replied", "until", "good"),
    [
        ("AC00101", "2026-11-23", "2027-11-23", True),  # a year
        ("AC00101", "2026-11-23", "2027-11-24", False),
        ("AC03802", "2026-11-23", "2027-02-23", True),  # three months
        ("AC03802", "2026-11-23", "2027-02-24", False),
        ("AC02202", "2026-11-30", "2027-02-28", True),
    ],
)
def test_how_long_a_scheme_holds(volt: str, replied: str, until: str, good: bool) -> None:
    """G-FA-01：原来有效期写多长都过"""
    data = {"scheme_volt": volt, "replied_on": replied, "scheme_valid_until": until}
    assert (asked("scheme_period_right", facts(data)) == []) is good


def test_where_the_scheme_names_no_voltage_it_is_the_customer_s() -> None:
    data = {"replied_on": "2026-11-23", "scheme_valid_until": "2027-02-24"}
    assert asked("scheme_period_right", facts(data)) == []
    low = {"customer": {**CUSTOMER, "volt_code": "AC03802"}}
    assert asked("scheme_period_right", facts(data, low))


@pytest.mark.parametrize(
    ("asked_on", "until", "good"),
    [
        ("2027-02-13", "2027-05-23", True),  # ten days before, three months more
        ("2027-02-14", "2027-05-23", False),
        ("2027-02-13", "2027-05-24", False),
        ("2027-02-13", "2027-02-23", False),
        (None, "2027-05-23", False),
        (None, None, True),
    ],
)
def test_a_scheme_is_prolonged_once_and_before_it_lapses(
    asked_on: str | None, until: str | None, good: bool
) -> None:
    """G-FA-02"""
    data = {
        "scheme_volt": "AC03802",
        "scheme_valid_until": "2027-02-23",
        "scheme_extension_on": asked_on,
        "scheme_extended_until": until,
    }
    assert (asked("scheme_extension_allowed", facts(data)) == []) is good


def test_a_prolonged_scheme_is_in_force() -> None:
    lapsed = {"scheme_valid_until": "2026-11-22"}
    assert asked("scheme_in_force", facts(lapsed))
    assert asked("scheme_in_force", facts({"scheme_valid_until": "2026-11-23"})) == []
    assert asked("scheme_in_force", facts({**lapsed, "scheme_extended_until": "2026-11-23"})) == []


BILL = {"rcv_id": "R1", "kind": "010", "amount": 1000.0, "paid": 0.0, "due_date": "2026-10-20"}
NOTICE = {"action": "1", "ground": "01", "notice_at": "2026-11-16T09:00:00+08:00"}


@pytest.mark.parametrize(
    ("bill", "elec_type", "named"),
    [
        ({}, "403", 1054.0),  # 27 days at two per mille
        ({}, "202", 1027.0),  # residents: one per mille
        ({"due_date": "2025-12-30"}, "403", 1962.0),  # a day at two, 320 at three
        ({"paid": 400.0}, "403", 632.4),
        ({"kind": "900"}, "403", 1000.0),  # only electricity bears it
        ({"due_date": "2026-11-16"}, "403", 0.0),  # not overdue on the day of the notice
    ],
)
def test_the_notice_names_arrears_and_what_paying_late_costs(
    bill: dict[str, object], elec_type: str, named: float
) -> None:
    """G-TD-08：原来违约金算得出来，没有流程用它"""
    around = {"receivable": [BILL | bill], "customer": {**CUSTOMER, "elec_type": elec_type}}
    for amount, good in ((named, True), (named + 0.01, False)):
        data = NOTICE | {"notice_amount": amount}
        assert (asked("notice_amount_right", facts(data, around)) == []) is good
    assert asked("notice_amount_right", facts(NOTICE | {"ground": "04"}, around)) == []


def test_a_notice_that_names_no_sum_is_told_the_right_one() -> None:
    (said,) = asked("notice_amount_right", facts(NOTICE, {"receivable": [BILL]}))
    assert "1054.00" in said


@pytest.mark.parametrize(("end", "good"), [("2027-09-01", True), ("2027-09-02", False)])
@pytest.mark.parametrize("rule_set", ["R96", "R16", "R24"])
def test_six_months_on_end_are_six_months_whatever_their_days(rule_set: str, end: str, good: bool) -> None:
    """G-ZT-04：原来三月一日停到九月一日（184 天）按 180 天拒掉"""
    data = {"wish_date": "2027-03-01", "resume_date": end, "half_charge_agreed": True}
    assert (asked("suspension_within_year", facts(data, rule_set=rule_set)) == []) is good


def test_fewer_days_a_year_may_be_set() -> None:
    data = {"wish_date": "2027-03-01", "resume_date": "2027-09-01"}
    assert asked("suspension_within_year", facts(data, suspension_days_a_year=150))


@pytest.mark.parametrize(
    ("rule_set", "mode_from", "good"),
    [("R16", "2026-12-14", True), ("R24", "2026-12-14", True), ("R24", "2026-12-13", False), ("R96", "2026-11-24", True)],
)  # fmt: skip
def test_another_basis_of_the_demand_charge_fifteen_working_days_ahead(
    rule_set: str, mode_from: str, good: bool
) -> None:
    data = {"change_basic_fee": True, "basic_fee_from": mode_from, "basic_fee_chosen_on": "2026-08-01"}
    assert (asked("billing_choice_kept", facts(data, rule_set=rule_set)) == []) is good


@pytest.mark.parametrize(("chosen", "good"), [("2025-11-23", True), ("2025-11-24", False)])
def test_time_of_use_stands_for_twelve_months(chosen: str, good: bool) -> None:
    data = {"change_tou": True, "tou_chosen_on": chosen}
    assert (asked("billing_choice_kept", facts(data)) == []) is good


@pytest.mark.parametrize(
    ("kind", "end", "good"),
    [
        ("01", "2031-11-23", True),  # high voltage: five years
        ("01", "2031-11-24", False),
        ("01", "2026-11-23", False),
    ],
)
def test_how_long_a_contract_runs(kind: str, end: str, good: bool) -> None:
    data = {"begin_date": "2026-11-23", "contract_end": end, "contract_kind": kind}
    assert (asked("contract_term_allowed", facts(data)) == []) is good


@pytest.mark.parametrize(("hour", "good"), [("06:59", False), ("07:00", True), ("21:59", True), ("22:00", False)])  # fmt: skip
def test_when_the_night_begins_and_ends(hour: str, good: bool) -> None:
    data = {"action": "1", "ground": "04", "off_at": f"2026-11-20T{hour}:00+08:00"}
    assert (asked("quiet_period_confirmed", facts(data)) == []) is good


def test_a_removal_is_kept_six_months_to_the_day() -> None:
    """G-ZC-04"""
    put = dict(find_effect("stop_metering").make(facts({"meter_work_on": "2026-08-31"})).put)
    assert put["stoppage"]["planned_date"] == "2027-02-28"


def test_the_end_of_a_reduction_is_called_up_ten_working_days_before() -> None:
    """G-JR-10：原来按十四天倒推，碰上长假就只剩几个工作日"""
    made = find_effect("reduce_capacity").make(facts({"reduction_kind": "1", "resume_date": "2026-10-12"}))
    (task,) = (row for entity, row in made.put if entity == "due_task")
    assert (task["due_date"], task["remind_date"]) == ("2026-10-12", "2026-09-21")


@pytest.mark.parametrize("guard", ["market_trade_settled", "transfer_relation_checked"])
@pytest.mark.parametrize(("note", "good"), [("market_note", True), ("nothing", False)])
def test_what_market_customers_and_resale_want_is_written_down(guard: str, note: str, good: bool) -> None:
    around = {"customer": {**CUSTOMER, "market_flag": "1", "transfer_supply": "02"}}
    name = note.replace("market", "market" if guard.startswith("market") else "transfer")
    assert (asked(guard, facts({name: "已办"}, around)) == []) is good


@pytest.mark.parametrize("guard", ["market_trade_settled", "transfer_relation_checked"])
def test_an_account_that_is_merged_into_another_is_asked_too(guard: str) -> None:
    """原来只看保留户，被并户在市场上买电、带着转供都不问"""
    merged = {"cons_no": "1016000002", "market_flag": "1", "transfer_supply": "02"}
    (said,) = asked(guard, facts({}, {"partners": [{"cons_no": "1016000002", "customer": merged}]}))
    assert "1016000002" in said
