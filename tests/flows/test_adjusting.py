"""退补电量: what is charged or given back after a metering mistake, by hand-worked examples."""

from __future__ import annotations

from typing import Any

import pytest
from handmade import TODAY, facts, put, reasons

from yk.flows.adjusting import ERROR, RATIO, TRANSFORMER, VOLTAGE_DROP, WIRING, period_start, quantity

FAST = {"measured_error": 3.0}
DROP = {"measured_drop": 1.0, "allowed_drop": 0.5}
MONTHS = {"normal_qty": 900.0, "faulty_qty": 600.0}


@pytest.mark.parametrize(
    ("kind", "base", "data", "wanted"),
    [
        # 10300 kWh read by a meter 3 % fast were 10000 kWh: 300 go back.
        (ERROR, 10300.0, FAST, -300.0),
        # 9700 kWh read by a meter 3 % slow were 10000 kWh: 300 are charged.
        (ERROR, 9700.0, {"measured_error": -3.0}, 300.0),
        (ERROR, 10000.0, {"measured_error": 0.0}, 0.0),
        # A drop of 1 % where 0.5 % is allowed: half a percent is charged.
        (VOLTAGE_DROP, 20000.0, DROP, 100.0),
        # Two elements of three wired the right way round: a third of the power is read.
        (WIRING, 1000.0, {"correction_k": 3.0}, 2000.0),
        (TRANSFORMER, 1000.0, {"correction_k": 1.5}, 500.0),
        (TRANSFORMER, 600.0, MONTHS, 300.0),
        # 40 instead of 30: a third more.
        (RATIO, 3000.0, {"right_ratio": 40.0, "wrong_ratio": 30.0}, 1000.0),
        (RATIO, 4000.0, {"right_ratio": 30.0, "wrong_ratio": 40.0}, -1000.0),
    ],
)
def test_the_quantity_of_every_kind_of_mistake(
    kind: str, base: float, data: dict[str, Any], wanted: float
) -> None:
    assert quantity(kind, base, data) == pytest.approx(wanted)


def test_the_error_may_count_on_the_quantity_read() -> None:
    assert quantity(ERROR, 10300.0, FAST, "read") == pytest.approx(-309.0)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (ERROR, {}),
        (ERROR, {"measured_error": -100.0}),
        (VOLTAGE_DROP, {"measured_drop": 1.0}),
        (WIRING, MONTHS),
        (TRANSFORMER, {"normal_qty": 900.0}),
        (RATIO, {"right_ratio": 40.0, "wrong_ratio": 0.0}),
    ],
)
def test_nothing_is_worked_out_from_numbers_that_are_lacking(kind: str, data: dict[str, Any]) -> None:
    assert quantity(kind, 1000.0, data) is None


def test_an_error_counts_for_half_of_the_time_since_the_last_test() -> None:
    """供电营业规则(1996)第80条."""
    assert period_start(ERROR, "2026-01-01", "2026-03-02") == "2026-01-31"
    assert period_start(ERROR, "2026-01-01", "2026-03-01") == "2026-01-31"  # 59 days: 29 count


@pytest.mark.parametrize("kind", [WIRING, TRANSFORMER, RATIO, VOLTAGE_DROP])
def test_other_mistakes_count_for_all_of_it(kind: str) -> None:
    """供电营业规则(1996)第81条."""
    assert period_start(kind, "2026-01-01", "2026-03-02") == "2026-01-01"


def test_a_drop_of_voltage_counts_from_when_the_load_was_raised() -> None:
    assert period_start(VOLTAGE_DROP, "2026-01-01", "2026-03-02", "2026-02-01") == "2026-02-01"
    assert period_start(VOLTAGE_DROP, "2026-01-01", "2026-03-02", "2025-06-01") == "2026-01-01"
    assert period_start(WIRING, "2026-01-01", "2026-03-02", "2026-02-01") == "2026-01-01"


PERIOD = {"mistake": ERROR, "last_test_on": "2026-01-01", "corrected_on": "2026-03-02"}


def test_the_period_is_refused_by_a_day() -> None:
    assert reasons("adjustment_period_fits", facts({**PERIOD, "adjust_from": "2026-01-31"})) == []
    (told,) = reasons("adjustment_period_fits", facts({**PERIOD, "adjust_from": "2026-01-30"}))
    assert "2026-01-31" in told
    assert "一半" in told
    (told,) = reasons(
        "adjustment_period_fits", facts({**PERIOD, "mistake": WIRING, "adjust_from": "2026-01-31"})
    )
    assert "不打对折" in told


@pytest.mark.parametrize(
    ("given", "refused"), [(-300.0, False), (-300.5, False), (-300.51, True), (300.0, True)]
)
def test_the_quantity_may_be_off_by_rounding_only(given: float, refused: bool) -> None:
    f = facts({"mistake": ERROR, "base_qty": 10300.0, **FAST, "adjust_qty": given})
    assert bool(reasons("adjustment_quantity_right", f)) is refused


def test_a_quantity_without_its_numbers_is_refused() -> None:
    (told,) = reasons(
        "adjustment_quantity_right", facts({"mistake": RATIO, "base_qty": 1.0, "adjust_qty": 1.0})
    )
    assert "没有填全" in told


OTHER = {"adj_id": "T1", "app_no": "011111111111", "from_date": "2026-01-01", "to_date": "2026-02-01"}


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        ("2026-02-01", "2026-03-01", False),
        ("2026-01-31", "2026-03-01", True),
        ("2025-12-01", "2026-01-01", False),
        ("2025-12-01", "2026-01-02", True),
    ],
)
def test_the_same_days_are_put_right_once(start: str, end: str, refused: bool) -> None:
    f = facts({"adjust_from": start, "corrected_on": end}, adjustment=[OTHER], customer={"cons_no": "1"})
    assert bool(reasons("adjustment_not_repeated", f)) is refused


def test_an_adjustment_of_this_very_order_or_of_unknown_days_does_not_count() -> None:
    rows = [{**OTHER, "app_no": "012611230001"}, {**OTHER, "from_date": None}]
    f = facts({"adjust_from": "2026-01-01", "corrected_on": "2026-03-01"}, adjustment=rows, customer={})
    assert reasons("adjustment_not_repeated", f) == []


@pytest.mark.parametrize(
    ("amount", "level", "by", "count"),
    [
        (4999.99, 1, "乙", 0),
        (-5000.0, 1, "乙", 1),
        (5000.0, 2, "乙", 0),
        (10.0, 1, "甲", 1),
        (9000.0, 1, "甲", 2),
    ],
)
def test_who_may_approve(amount: float, level: int, by: str, count: int) -> None:
    f = facts({"adjust_amount": amount, "adjust_level": level, "adjust_by": "甲", "adjust_approved_by": by})
    assert len(reasons("adjustment_approved", f)) == count


FEE = {"fee_id": "F1", "app_no": "012611230001", "item": "05", "amount": 20.0, "paid": 20.0}


@pytest.mark.parametrize(
    ("back", "refunded", "refused"), [(20.0, 0.0, False), (20.01, 0.0, True), (15.0, 10.0, True)]
)
def test_no_more_goes_back_than_came_in(back: float, refunded: float, refused: bool) -> None:
    other = {**FEE, "fee_id": "F2", "app_no": "011111111111", "paid": 500.0}
    f = facts({"refund_amount": back}, business_fee=[{**FEE, "refunded": refunded}, other])
    assert bool(reasons("refund_within_paid", f)) is refused


def test_a_refund_is_taken_off_fee_by_fee() -> None:
    rows = [
        {**FEE, "refunded": 5.0},
        {**FEE, "fee_id": "F2", "paid": 30.0},
        {**FEE, "fee_id": "F3", "app_no": "0"},
    ]
    task = {"task_id": "T", "kind": "09"}
    f = facts({"refund_paid": 25.0, "refund_paid_on": TODAY}, business_fee=rows, due_task=[task])
    assert put("record_refund", f) == {
        ("business_fee", "F1"): {"fee_id": "F1", "refunded": 20.0, "refund_date": TODAY},
        ("business_fee", "F2"): {"fee_id": "F2", "refunded": 10.0, "refund_date": TODAY},
        ("due_task", "T"): {"task_id": "T", "done_date": TODAY},
    }


@pytest.mark.parametrize(("note", "paid", "refused"), [(TODAY, TODAY, False), ("2026-11-24", TODAY, True)])
def test_the_receipt_is_reversed_before_the_money_goes(note: str, paid: str, refused: bool) -> None:
    f = facts({"red_note_on": note, "refund_paid_on": paid})
    assert bool(reasons("red_note_before_payment", f)) is refused
