"""申请校验 and 计量装置故障: what is tested, whose fault it is, what the archive holds afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import TODAY, facts, holds, reasons
from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run

CUSTOMER = "1016000001"
RUNNING = "990000000001"


def run_through(flow: str, **data: Any) -> tuple[Desk, str, list[str]]:
    """An order of `flow` run to its end by its examples and `data`; with the steps it went through."""
    desk = fresh()
    plan = Plan(data=dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, CUSTOMER, plan)
    return desk, case, [done["step"] for done in run(desk, case, plan)]


def rows(desk: Desk, table: str, case: str) -> list[dict[str, Any]]:
    """The rows of `table` that an order left."""
    return [dict(row) for row in desk.store.table(table) if row.get("app_no") == case]


# -- 申请校验 --------------------------------------------------------------------------------------------
def test_a_fast_meter_gives_electricity_back() -> None:
    desk, case, steps = run_through("meter_test_request")
    assert steps == [
        "acceptance",
        "meter_install_energize",
        "quantity_adjustment",
        "data_archiving",
        "document_archiving",
    ]
    (adjusted,) = rows(desk, "adjustment", case)
    assert (adjusted["qty"], adjusted["amount"], adjusted["ym"]) == (-300.0, -195.0, 202611)
    assert adjusted["approved_by"] == "分管领导"
    change = desk.store.table("meter_change").get(doc_id=f"MC{case}01")
    assert (change["reason"], change["test_result"], change["certificate_no"]) == ("校验", "2", f"JD{case}")
    (meter,) = [m for m in desk.store.table("meter") if m["cons_no"] == CUSTOMER]
    assert meter["multiplier"] == 2000.0
    assert desk.store.table("customer").get(doc_id=CUSTOMER)["status"] == "0"


def test_a_meter_within_tolerance_changes_nothing_but_the_meter() -> None:
    desk, case, steps = run_through("meter_test_request", measured_error=0.4, test_conclusion="1")
    assert "quantity_adjustment" not in steps
    assert rows(desk, "adjustment", case) == []


def test_a_trace_of_theft_is_not_put_right_as_an_error() -> None:
    desk, case, steps = run_through("meter_test_request", theft_trace="是", theft_clue="XS-1")
    assert "quantity_adjustment" not in steps
    (task,) = rows(desk, "due_task", case)
    assert task["kind"] == "14"
    assert "XS-1" in task["content"]


def test_the_higher_laboratory_has_the_last_word() -> None:
    _, _, steps = run_through("meter_test_request", test_disputed="是", higher_conclusion="1")
    assert "higher_test" in steps
    assert "quantity_adjustment" not in steps


def test_a_fee_that_was_paid_goes_back_after_the_archive() -> None:
    """Under the old rules, where the fee is asked before the test (目录: 430 comes after 429)."""
    desk = fresh()
    desk.settings = desk.settings.with_values(rule_set="R96")
    fees = '[{"item": "05", "basis": "公示目录", "qty": 1, "price": 20}]'
    plan = Plan({"fee_expected": "是", "fees": fees}, confirm_all=True, fill=True)
    case = opened_for_run(desk, "meter_test_request", CUSTOMER, plan)
    steps = [done["step"] for done in run(desk, case, plan)]
    assert steps[-5:] == [
        "quantity_adjustment",
        "fee_refund_determination",
        "data_archiving",
        "fee_refund",
        "document_archiving",
    ]
    (fee,) = rows(desk, "business_fee", case)
    assert (fee["paid"], fee["refunded"], fee["refund_date"]) == (20.0, 20.0, TODAY)
    assert [task["done_date"] for task in rows(desk, "due_task", case)] == [TODAY]


FEE = [{"item": "电能表校验费", "basis": "公示目录", "qty": 1.0, "price": 20.0, "amount": 20.0}]


@pytest.mark.parametrize(("rule_set", "refused"), [("R96", False), ("R16", False), ("R24", True)])
def test_the_fee_for_testing_by_rule_set(rule_set: str, refused: bool) -> None:
    assert bool(reasons("test_fee_allowed", facts({"fees": FEE}, rule_set))) is refused


def test_other_fees_are_none_of_this_guards_business() -> None:
    assert reasons("test_fee_allowed", facts({"fees": [{**FEE[0], "item": "11"}]})) == []


@pytest.mark.parametrize(
    ("error", "said", "refused"),
    [(1.0, "1", False), (1.01, "1", True), (-1.01, "2", False), (-1.0, "2", True)],
)
def test_the_conclusion_is_what_the_error_says(error: float, said: str, refused: bool) -> None:
    data = {"measured_error": error, "error_limit": 1.0, "test_conclusion": said, "certificate_on": TODAY}
    assert bool(reasons("certificate_recorded", facts(data))) is refused


METER = {
    "meter_id": "M1",
    "asset_id": "A1",
    "cons_no": CUSTOMER,
    "multiplier": 30.0,
    "install_date": "2020-01-01",
}
ASSETS = [{"asset_id": "A1", "asset_no": RUNNING}, {"asset_id": "A2", "asset_no": "990000000002"}]


@pytest.mark.parametrize(("number", "refused"), [(RUNNING, False), ("990000000002", True)])
def test_the_meter_that_is_doubted_is_the_customers_own(number: str, refused: bool) -> None:
    f = facts({"tested_asset_no": number}, meter=[METER], assets=ASSETS, customer={})
    assert bool(reasons("meter_belongs_to_account", f)) is refused


@pytest.mark.parametrize(("value", "refused"), [(None, False), (30.0, False), (40.0, True)])
def test_the_multiplier_stays(value: float | None, refused: bool) -> None:
    work = [{"old_asset_no": RUNNING, "new_asset_no": "990000000002", "multiplier": value}]
    f = facts({"meter_work": work}, meter=[METER], assets=ASSETS)
    assert bool(reasons("multiplier_unchanged", f)) is refused


# -- 计量装置故障 ----------------------------------------------------------------------------------------
def test_a_fault_that_is_nobodys_is_mended_free_of_charge() -> None:
    desk, case, steps = run_through("metering_fault")
    assert "fee_determination" not in steps
    assert rows(desk, "business_fee", case) == []
    change = desk.store.table("meter_change").get(doc_id=f"MC{case}01")
    assert (change["reason"], change["liability"], change["fault_from"]) == ("故障", "1", TODAY)


def test_a_fault_of_the_customers_is_paid_beside_the_repair() -> None:
    fees = '[{"item": "06", "basis": "公示目录", "qty": 1, "price": 380}]'
    desk, case, steps = run_through(
        "metering_fault", liability="2", liability_evidence="照片 3 张", fees=fees
    )
    assert {"fee_determination", "fee_collection", "meter_fault_repair"} <= set(steps)
    (fee,) = rows(desk, "business_fee", case)
    assert (fee["amount"], fee["paid"]) == (380.0, 380.0)


def test_what_is_to_be_put_right_and_what_smells_of_theft_is_called_up() -> None:
    desk, case, _ = run_through("metering_fault", adjust_needed="是", seal_state="2", violation_clue="XS-2")
    assert sorted(task["kind"] for task in rows(desk, "due_task", case)) == ["14", "18"]


@pytest.mark.parametrize(("liability", "refused"), [("1", True), ("2", False), ("3", True), ("4", True)])
def test_only_the_customers_fault_costs_the_customer(liability: str, refused: bool) -> None:
    f = facts({"liability": liability, "fees": FEE})
    assert bool(reasons("fee_only_if_customer_liable", f)) is refused
    assert holds("customer_liable", f) is not refused


@pytest.mark.parametrize(("read", "refused"), [(398.0, False), (397.9, True), (None, False)])
def test_an_old_reading_is_not_below_the_last(read: float | None, refused: bool) -> None:
    work = [{"old_asset_no": RUNNING, "old_reading": read}]
    f = facts({"meter_work": work}, meter_register=[{"reading": 398.0}])
    assert bool(reasons("old_reading_recorded", f)) is refused


def test_a_reading_that_was_worked_out_may_be_lower_but_says_how() -> None:
    work = [{"old_asset_no": RUNNING, "old_reading": 1.0}]
    data = {"meter_work": work, "reading_estimated": True, "estimate_basis": "冻结值"}
    f = facts(data, meter_register=[{"reading": 398.0}])
    assert reasons("old_reading_recorded", f) == ["旧表示数灭失，止度是推算的，须填客户签认人"]
    assert reasons("old_reading_recorded", f.filled(estimate_signed_by="安知行")) == []


@pytest.mark.parametrize(("begin", "count"), [("2020-01-01", 0), ("2019-12-31", 1), ("2026-11-24", 1)])
def test_a_fault_lies_between_installation_and_change(begin: str, count: int) -> None:
    data = {"fault_from": begin, "meter_work_on": TODAY, "meter_work": [{"old_asset_no": RUNNING}]}
    assert len(reasons("fault_period_sound", facts(data, meter=[METER], assets=ASSETS))) == count


@pytest.mark.parametrize(
    ("mode", "data", "refused"),
    [
        ("02", {"mobile": "0990-88001"}, False),
        ("02", {"mobile": "88001"}, True),
        ("08", {"mobile": "88001", "basis_no": "CJ-1"}, False),
        ("08", {"mobile": "19900001111"}, True),
    ],
)
def test_who_reports(mode: str, data: dict[str, str], refused: bool) -> None:
    assert bool(reasons("reporter_known", facts({"app_mode": mode, **data}))) is refused


def test_two_meters_at_one_point() -> None:
    meter = {**METER, "mp_id": "P1"}
    for point, refused in (("P1", True), (None, True), ("P2", False)):
        f = facts({"meter_work": [{"new_asset_no": "X", "mp_id": point}]}, meter=[meter], assets=ASSETS)
        assert bool(reasons("one_meter_in_use", f)) is refused
