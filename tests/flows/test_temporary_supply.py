"""临时用电: how long it may last, what is paid in advance without a meter, what goes back, extension and end."""

from __future__ import annotations

from typing import Any

import pytest
from new_supplies import NEW_ACCOUNT, TEMPORARY, rows, walked, why
from trials import fresh
from world import refused

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.advances import advance, advance_back, agreed_energy

UNMETERED = "1016000058"
"""The unmetered temporary account of the demonstration archive; its contract runs 2026-07-01 to 2027-08-24."""
PREPAID = {"cons_no": UNMETERED, "amount": 1000.0}


@pytest.mark.parametrize(
    ("rule_set", "permit", "end", "refused_"),
    [
        ("R96", "", "2027-05-23", False),
        ("R96", "", "2027-05-24", True),
        ("R96", "准字1号", "2029-11-23", False),
        ("R96", "准字1号", "2029-11-24", True),
        ("R24", "", "2029-11-23", False),
        ("R24", "", "2029-11-24", True),
        ("R24", "", "2026-11-23", True),
    ],
)
def test_how_long_temporary_supply_may_last(rule_set: str, permit: str, end: str, refused_: bool) -> None:
    """G-LS-02: half a year since 1996 unless allowed longer, three years since 2024"""
    found = why(
        "temporary_within_limit", rule_set, wish_date="2026-11-23", tmp_end=end, temp_permit_no=permit
    )
    assert bool(found) is refused_


def test_a_lasting_use_is_not_temporary() -> None:
    assert why("purpose_is_temporary", temp_purpose="09")
    assert not why("purpose_is_temporary", temp_purpose="04")


@pytest.mark.parametrize(("item", "refused_"), [("02", True), ("拆除押金", True), ("11", False)])
def test_no_deposit_since_the_end_of_2017(item: str, refused_: bool) -> None:
    """G-LS-08"""
    assert bool(why("no_temporary_deposit", fees=[{"item": item, "amount": 100.0}])) is refused_


@pytest.mark.parametrize(("end", "refused_"), [("2027-01-31", False), ("2027-02-01", True)])
def test_scheme_and_contract_do_not_outlast_what_was_asked_and_approved(end: str, refused_: bool) -> None:
    assert bool(why("end_date_agreed", scheme_end=end, tmp_end="2027-01-31")) is refused_
    assert bool(why("contract_ends_in_time", contract_end=end, tmp_end="2027-01-31")) is refused_


def test_the_account_is_flagged_and_its_end_watched() -> None:
    """flows 归档影响（255）"""
    desk, _ = walked(TEMPORARY)
    (customer,) = rows(desk, "customer")
    assert (customer["tmp_flag"], customer["tmp_end"]) == ("01", "2027-04-22")
    (watch,) = [row for row in rows(desk, "due_task") if row["kind"] == "04"]
    assert (watch["due_date"], watch["remind_date"]) == ("2027-04-22", "2027-03-23")


def test_what_was_approved_replaces_what_was_applied_for() -> None:
    desk, _ = walked(TEMPORARY, scheme_end="2027-03-01")
    assert [row["tmp_end"] for row in rows(desk, "customer")] == ["2027-03-01"]
    assert [row["end_date"] for row in rows(desk, "contract")] == ["2027-03-01"]


def test_the_advance_is_capacity_by_hours_by_days_by_price() -> None:
    """G-LS-07, worked by hand: 10 kW x 8 h x 61 days = 4880 kWh at 0.78 yuan"""
    assert agreed_energy(10, 8, 61) == 4880.0
    assert advance(10, 8, 61, 0.78) == 3806.4


@pytest.mark.parametrize(("used", "back"), [(0, 500.0), (29, 500.0), (30, 0.0), (31, 0.0), (60, 0.0)])
def test_half_goes_back_when_less_than_half_was_used(used: int, back: float) -> None:
    """G-LS-07: of 60 days and 1000 yuan"""
    assert advance_back(1000.0, 60, used) == back


def test_an_unmetered_account_bills_what_was_agreed_and_has_no_meter() -> None:
    desk, _ = walked("unmetered_supply")
    (point,) = rows(desk, "metering_point")
    assert (point["calc_mode"], point["meter_flag"], point["fixed_qty"]) == ("3", "0", 2400.0)
    assert rows(desk, "meter") == []
    (customer,) = rows(desk, "customer")
    assert (customer["tmp_flag"], customer["tmp_end"]) == ("02", "2027-01-22")
    assert [row["amount"] for row in rows(desk, "prepayment")] == [3806.4]
    (fee,) = rows(desk, "business_fee")
    assert (fee["item"], fee["amount"], fee["paid"]) == ("09", 3806.4, 3806.4)
    assert {row["kind"] for row in rows(desk, "due_task")} == {"04", "05", "06"}


def test_where_a_meter_can_stand_none_is_left_out() -> None:
    """G-LS-09"""
    with refused("meter_possible"):
        walked("unmetered_supply", can_meter="是")


def of_the_account(flow: str, prepaid: bool = True, **data: object) -> Desk:
    """An order of the unmetered account run to its end."""
    desk, plan = fresh(), Plan(dict(data), confirm_all=True, fill=True)
    if prepaid:
        desk.store.table("prepayment").save(PREPAID)
    list(run(desk, opened_for_run(desk, flow, UNMETERED, plan), plan))
    return desk


def test_an_extension_moves_the_end_and_is_paid_for() -> None:
    """N5: from 2027-08-25 to 2027-09-30, 37 days of 40 kW x 8 h at 0.78 yuan"""
    desk = of_the_account("unmetered_extension", new_end="2027-09-30")
    assert [row["tmp_end"] for row in rows(desk, "customer", UNMETERED)] == ["2027-09-30"]
    assert [row["end_date"] for row in rows(desk, "contract", UNMETERED)] == ["2027-09-30"]
    assert [row["amount"] for row in rows(desk, "prepayment", UNMETERED)] == [1000.0 + 9235.2]
    assert [row["status"] for row in rows(desk, "customer", UNMETERED)] == ["0"]


@pytest.mark.parametrize(
    ("new_end", "refused_"),
    [("2027-08-24", True), ("2027-08-25", False), ("2030-07-01", False), ("2030-07-02", True)],
)
def test_an_extension_lies_between_the_old_end_and_the_total(new_end: str, refused_: bool) -> None:
    """G-LS-04: 48 months since 2026-07-01"""
    archive: dict[str, Any] = {
        "customer": {},
        "contract": {"begin_date": "2026-07-01", "end_date": "2027-08-24"},
    }
    assert bool(why("extension_within_total", archive=archive, new_end=new_end)) is refused_


@pytest.mark.parametrize(("end", "refused_"), [("2026-11-22", True), ("2026-11-23", False)])
def test_an_extension_is_asked_for_before_the_end(end: str, refused_: bool) -> None:
    archive = {"customer": {"tmp_end": end}, "contract": {}}
    assert bool(why("extension_in_time", archive=archive)) is refused_


def test_only_an_unmetered_account_is_prolonged_or_ended_this_way() -> None:
    for flow in ("unmetered_extension", "unmetered_termination"):
        with refused("not_unmetered"):
            fresh().open(flow, "1016000001")


def test_the_end_closes_the_account_and_reckons_what_goes_back() -> None:
    """Used 146 of 420 days: half of 1000 yuan"""
    desk = of_the_account("unmetered_termination")
    (customer,) = rows(desk, "customer", UNMETERED)
    assert (customer["status"], customer["close_date"]) == ("9", "2026-11-23")
    assert {row["status"] for row in rows(desk, "metering_point", UNMETERED)} == {"04"}
    assert [row["status"] for row in rows(desk, "contract", UNMETERED)] == ["终止"]
    assert [row["amount"] for row in rows(desk, "prepayment", UNMETERED)] == [0.0]
    order = next(dict(doc) for doc in desk.store.table("case") if doc["flow"] == "unmetered_termination")
    assert order["data"]["refund_amount"] == 500.0


def test_a_hand_made_refund_is_refused() -> None:
    with refused("advance_back_wrong"):
        of_the_account("unmetered_termination", refund_amount=600)


def test_the_first_free_number_is_taken() -> None:
    desk, _ = walked("unmetered_supply")
    assert rows(desk, "customer", NEW_ACCOUNT)
