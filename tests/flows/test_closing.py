"""销户: what stands in the archive afterwards, and when it may not be begun."""

from __future__ import annotations

from typing import Any

import pytest
from flowwalks import carried_on, carried_out, put, refusals, row, rows, says, stopped
from trials import fresh

from yk.desk import Desk
from yk.errors import Refused

SHOP, TEMPORARY, RESIDENT = "1016000080", "1016000009", "1016000020"
"""A low-voltage shop with terminal and balance; a temporary supply; a resident without terminal, with a balance."""


@pytest.fixture
def desk() -> Desk:
    return fresh()


def test_a_closed_account_keeps_its_name_and_loses_all_that_runs(desk: Desk) -> None:
    name, sources = row(desk, "customer", SHOP)["cons_name"], rows(desk, "power_source", cons_no=SHOP)
    asset = rows(desk, "meter", cons_no=SHOP)[0]["asset_id"]
    assert sources
    carried_out(desk, "account_closure", SHOP, final_amount=86.4)
    after = row(desk, "customer", SHOP)
    wanted = {
        "cons_name": name,
        "status": "9",
        "close_date": "2026-11-23",
        "contract_cap": 0.0,
        "run_cap": 0.0,
    }
    assert {key: after[key] for key in wanted} == wanted
    assert after["sect_no"] is None
    for entity in ("meter", "meter_register", "terminal", "power_source", "instrument_transformer"):
        assert rows(desk, entity, cons_no=SHOP) == []
    assert {p["status"] for p in rows(desk, "metering_point", cons_no=SHOP)} == {"04"}
    assert {c["status"] for c in rows(desk, "contract", cons_no=SHOP)} == {"终止"}
    assert row(desk, "meter_asset", asset)["asset_status"] == "04"


def test_the_meter_leaves_with_its_last_reading(desk: Desk) -> None:
    reading = max(r["reading"] for r in rows(desk, "meter_register", cons_no=SHOP))
    order = carried_out(desk, "account_closure", SHOP)
    (change,) = rows(desk, "meter_change", change_id=f"MC{order.case}01")
    assert (change["reason"], change["old_reading"], change["new_asset"]) == ("销户", reading, None)


def test_the_balance_goes_back_and_the_last_bill_is_paid(desk: Desk) -> None:
    held = row(desk, "prepayment", SHOP)["amount"]
    order = carried_out(desk, "account_closure", SHOP, final_amount=86.4)
    assert row(desk, "prepayment", SHOP)["amount"] == 0.0
    (refund,) = rows(desk, "due_task", cons_no=SHOP, kind="09")
    assert f"{held:.2f} 元" in refund["content"]
    assert refund["due_date"] == "2026-12-07"  # ten working days on from 2026-11-23
    assert refund["done_date"] is None
    bill = row(desk, "receivable", f"FB{order.case}")
    assert (bill["amount"], bill["paid"], bill["settled_date"]) == (86.4, 86.4, "2026-11-23")


def test_a_balance_set_against_the_last_bill_gives_back_only_the_rest(desk: Desk) -> None:
    held = row(desk, "prepayment", SHOP)["amount"]
    rest = round(held - 86.4, 2)
    carried_out(desk, "account_closure", SHOP, final_amount=86.4, balance_disposal="2", refund_amount=rest)
    (refund,) = rows(desk, "due_task", cons_no=SHOP, kind="09")
    assert f"{rest:.2f} 元" in refund["content"]


def test_a_balance_is_not_given_back_twice(desk: Desk) -> None:
    """Set against the bill and refunded in full: refused."""
    assert refusals(desk, "account_closure", SHOP, balance_disposal="2", final_amount=50) == {"balance_left"}


def test_without_a_terminal_none_is_removed(desk: Desk) -> None:
    order = carried_out(desk, "account_closure", RESIDENT)
    assert order.status == "completed"
    assert "terminal_removal" not in [step for step, _, _ in order.done]


def test_a_temporary_supply_may_be_closed(desk: Desk) -> None:
    assert carried_out(desk, "account_closure", TEMPORARY, close_reason="5").status == "completed"


def test_stopped_after_archiving_it_stays_closed(desk: Desk) -> None:
    order = carried_out(desk, "account_closure", SHOP, until="contract_termination")
    stopped(desk, order.case)
    assert row(desk, "customer", SHOP)["status"] == "9"


def test_stopped_before_it_is_what_it_was(desk: Desk) -> None:
    order = carried_out(desk, "account_closure", SHOP, until="fee_settlement")
    assert row(desk, "customer", SHOP)["status"] == "3"
    stopped(desk, order.case)
    assert row(desk, "customer", SHOP)["status"] == "0"
    assert rows(desk, "meter", cons_no=SHOP)


def test_a_meter_broken_by_the_customer_is_charged_and_paid(desk: Desk) -> None:
    broken = {"meter_intact": False, "fault_case": "012611230099", "damage_by_user": True}
    assert refusals(fresh(), "account_closure", SHOP, **broken) == {"damage_not_charged"}
    fee = [{"item": "计量装置赔偿费", "basis": "赔偿标准", "qty": 1, "price": 180}]
    order = carried_out(desk, "account_closure", SHOP, **broken, fees=fee)
    (charged,) = rows(desk, "business_fee", app_no=order.case)
    assert (charged["item"], charged["amount"], charged["paid"]) == ("06", 180.0, 180.0)


def test_a_second_meter_left_on_the_wall_holds_everything_up(desk: Desk) -> None:
    put(desk, "meter", meter_id="M2", asset_id="A2", cons_no=SHOP, mp_id="X")
    assert "meter_left" in refusals(desk, "account_closure", SHOP)


@pytest.mark.parametrize(("stopped", "said"), [(100.0, 0), (99.9, 1), (100.1, 1), (None, 0)])
def test_only_the_whole_capacity_may_be_stopped(stopped: float | None, said: int) -> None:
    found = says("whole_load_stopped", data={"stop_cap": stopped}, customer={"contract_cap": 100.0})
    assert len(found) == said


IDLE = {"close_reason": "3", "idle_since": "2026-05-23", "idle_hazard": True, "notice_from": "2026-10-23"}


@pytest.mark.parametrize(
    ("rule_set", "change", "said"),
    [
        ("R24", {}, 0),
        ("R24", {"idle_since": "2026-05-24"}, 1),
        ("R24", {"notice_from": "2026-10-24"}, 1),
        ("R24", {"idle_hazard": False}, 1),
        ("R24", {"idle_hazard": False, "notice_from": None, "idle_since": None}, 3),
        ("R96", {"idle_hazard": False, "notice_from": None}, 0),
        ("R96", {"idle_since": "2026-05-24"}, 1),
        ("R24", {"close_reason": "1", "idle_since": None}, 0),
    ],
)
def test_an_idle_account_is_closed_after_six_months_and_since_2024_a_month_of_notice(
    rule_set: str, change: dict[str, Any], said: int
) -> None:
    assert len(says("idle_closure_announced", rule_set, data=IDLE | change)) == said


@pytest.mark.parametrize(("ym", "moved", "said"), [(202606, 5.0, 1), (202606, 0.0, 0), (202605, 5.0, 0)])
def test_a_meter_that_moved_was_not_idle(ym: int, moved: float, said: int) -> None:
    reading = [{"ym": ym, "last_num": 100.0, "this_num": 100.0 + moved}]
    assert len(says("idle_closure_announced", data=IDLE, reading=reading)) == said


@pytest.mark.parametrize(
    ("reason", "ruling", "said"),
    [
        ("依法破产，终止用电", "（2026）示破1号", 0),
        ("关厂", "（2026）示破1号", 1),
        ("依法破产", "", 1),
        ("关厂", "", 2),
    ],
)
def test_bankruptcy_is_named_with_its_ruling(reason: str, ruling: str, said: int) -> None:
    data = {"close_reason": "2", "app_reason": reason, "court_ruling": ruling}
    assert len(says("bankruptcy_noted", data=data)) == said


@pytest.mark.parametrize(
    ("use", "status", "said"), [("01", "02", 0), ("02", "02", 1), ("11", "02", 1), ("02", "04", 0)]
)
def test_an_account_others_depend_on_is_not_closed(use: str, status: str, said: int) -> None:
    points = [{"mp_id": "M", "usage_type": use, "status": status}]
    assert len(says("no_dependent_supply", customer={"cons_no": "1"}, metering_point=points)) == said


def test_arrears_and_open_cases_keep_an_account_open(desk: Desk) -> None:
    put(desk, "receivable", rcv_id="R1", cons_no=SHOP, ym=202611, kind="010", amount=9.9, paid=0.0)
    put(desk, "violation", vio_id="V1", cons_no=SHOP, found_date="2026-11-01")
    assert refusals(desk, "account_closure", SHOP) == {"arrears", "violation_case_open"}


def test_a_debt_that_turns_up_late_holds_the_settlement_up(desk: Desk) -> None:
    order = carried_out(desk, "account_closure", SHOP, until="fee_settlement")
    put(desk, "receivable", rcv_id="R1", cons_no=SHOP, ym=202611, kind="010", amount=9.9, paid=0.0)
    with pytest.raises(Refused) as caught:
        carried_on(desk, order.case)
    assert {reason.code for reason in caught.value.reasons} == {"not_settled"}
