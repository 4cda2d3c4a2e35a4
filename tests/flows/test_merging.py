"""并户: one account over everything, the others closed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flowwalks import carried_out, put, refusals, row, rows, says, stopped
from quality import findings
from trials import fresh

from yk.desk import Desk, WorkOrder

KEPT, MERGED = "1016000022", "1016000036"
"""Two low-voltage shops (80 and 60 kVA) in one transformer area."""
BIG, BESIDE = "1016000031", "1016000098"
"""Two high-voltage stores on one line: 200 kVA; 160 kVA, for a time behind a larger transformer."""
MILL, WORKS = "1016000117", "1016000129"
"""Two factories on one line: 1000 kVA; 1260 kVA in two transformers, one of them standing still."""


@pytest.fixture
def desk() -> Desk:
    return fresh()


def _partners(*numbers: str) -> str:
    return json.dumps([{"cons_no": n} for n in numbers])


def test_the_account_that_stays_has_the_capacity_of_both(desk: Desk) -> None:
    carried_out(desk, "account_merge", KEPT, partners=_partners(MERGED))
    kept, gone = row(desk, "customer", KEPT), row(desk, "customer", MERGED)
    assert (kept["contract_cap"], kept["run_cap"], kept["status"]) == (140.0, 140.0, "0")
    assert (gone["contract_cap"], gone["status"], gone["close_date"]) == (0.0, "9", "2026-11-23")
    assert {s["supply_cap"] for s in rows(desk, "power_source", cons_no=KEPT)} == {140.0}
    assert row(desk, "contract", f"HT{KEPT}")["cap"] == 140.0
    assert row(desk, "contract", f"HT{MERGED}")["status"] == "终止"


def test_the_merged_account_leaves_with_its_last_reading(desk: Desk) -> None:
    reading = max(r["reading"] for r in rows(desk, "meter_register", cons_no=MERGED))
    carried_out(desk, "account_merge", KEPT, partners=_partners(MERGED))
    changes = [c for c in rows(desk, "meter_change", cons_no=MERGED) if c["reason"] == "销户"]
    assert [c["old_reading"] for c in changes] == [reading]
    for entity in ("meter", "meter_register", "terminal", "power_source"):
        assert rows(desk, entity, cons_no=MERGED) == []


def _merged_high(desk: Desk, kept: str, other: str, **data: Any) -> WorkOrder:
    """Two high-voltage accounts merged, with a meter from the stock."""
    new = rows(desk, "meter_asset", asset_status="02")[0]["asset_no"]
    work = {"new_asset_no": new, "new_reading": 0, "multiplier": 80, "seal_no": "F1"}
    return carried_out(
        desk,
        "account_merge",
        kept,
        partners=_partners(other),
        supply_mode="2",
        scheme_multiplier=80,
        meter_work=json.dumps([work]),
        **data,
    )


def test_transformers_come_over_and_the_threshold_is_told(desk: Desk) -> None:
    """200 and 160 kVA make 360: the two-part tariff begins at 315."""
    _merged_high(desk, BIG, BESIDE, threshold_told=True)
    assert len(rows(desk, "transformer", cons_no=BIG)) == 3
    assert rows(desk, "transformer", cons_no=BESIDE) == []
    kept = row(desk, "customer", BIG)
    assert (kept["contract_cap"], kept["run_cap"]) == (360.0, 360.0)
    assert findings(desk.store, "2026-11-23") == []


def test_what_stood_still_stands_still_with_its_record_and_its_task(desk: Desk) -> None:
    put(desk, "contract", contract_no=f"HT{MILL}", end_date="2030-07-27")
    (stood,) = rows(desk, "stoppage", cons_no=WORKS, resumed_date=None)
    _merged_high(desk, MILL, WORKS)
    kept = row(desk, "customer", MILL)
    assert (kept["contract_cap"], kept["run_cap"]) == (2260.0, 1630.0)
    assert row(desk, "stoppage", stood["stop_id"])["cons_no"] == MILL
    (task,) = rows(desk, "due_task", app_no=stood["app_no"], kind="01")
    assert (task["cons_no"], task["done_date"]) == (MILL, None)
    assert findings(desk.store, "2026-11-23") == []


def test_accounts_to_be_merged_are_locked_until_the_end_or_the_stop(desk: Desk) -> None:
    order = carried_out(desk, "account_merge", KEPT, partners=_partners(MERGED), until="approval")
    assert row(desk, "customer", MERGED)["status"] == "3"
    assert "order_in_flight" in refusals(desk, "account_closure", MERGED)
    stopped(desk, order.case)
    assert (row(desk, "customer", KEPT)["status"], row(desk, "customer", MERGED)["status"]) == ("0", "0")


def test_an_account_in_another_order_is_not_merged(desk: Desk) -> None:
    carried_out(desk, "account_closure", MERGED, until="site_survey")
    assert refusals(desk, "account_merge", KEPT, partners=_partners(MERGED)) == {"merged_account_open"}


def test_the_balance_goes_back_or_over(desk: Desk) -> None:
    put(desk, "prepayment", cons_no=MERGED, amount=66.0)
    over = fresh()
    put(over, "prepayment", cons_no=MERGED, amount=66.0)
    put(over, "prepayment", cons_no=KEPT, amount=4.0)
    carried_out(desk, "account_merge", KEPT, partners=_partners(MERGED), merged_balance_disposal="1")
    carried_out(over, "account_merge", KEPT, partners=_partners(MERGED), merged_balance_disposal="2")
    (refund,) = rows(desk, "due_task", cons_no=MERGED, kind="09")
    assert "66.00 元" in refund["content"]
    assert refund["done_date"] is None
    assert row(desk, "prepayment", MERGED)["amount"] == 0.0
    assert (row(over, "prepayment", MERGED)["amount"], row(over, "prepayment", KEPT)["amount"]) == (0.0, 70.0)


@pytest.mark.parametrize("way", ["1", "2"])
def test_another_class_of_use_stays_metered_apart(desk: Desk, way: str) -> None:
    put(desk, "customer", cons_no=MERGED, elec_type="402")
    order = carried_out(
        desk, "account_merge", KEPT, partners=_partners(MERGED), class_metering=way, class_ratio=0.3
    )
    assert order.status == "completed"
    (point,) = (p for p in rows(desk, "metering_point", cons_no=KEPT) if p["parent_mp_id"])
    meters = rows(desk, "meter", cons_no=KEPT, mp_id=point["mp_id"])
    if way == "1":
        assert (len(meters), point["meter_flag"]) == (1, "1")
    else:
        assert (len(meters), point["calc_mode"], point["ratio"]) == (0, "2", 0.3)
    assert point["status"] == "02"
    assert findings(desk.store, "2026-11-23") == []


def test_different_classes_without_a_way_to_tell_them_apart_are_refused(desk: Desk) -> None:
    put(desk, "customer", cons_no=MERGED, elec_type="402")
    assert refusals(desk, "account_merge", KEPT, partners=_partners(MERGED)) == {"classes_mixed"}


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (("1016000002",), "merged_account_open"),  # owes
        (("1016000004",), "merged_account_open"),  # closed
        (("9999999999",), "merged_account_open"),  # unknown
        ((KEPT,), "merged_account_open"),
        (("1016000060",), "not_neighbours"),  # another area
    ],
)
def test_who_may_not_be_merged(desk: Desk, numbers: tuple[str, ...], code: str) -> None:
    assert code in refusals(desk, "account_merge", KEPT, partners=_partners(*numbers))


def _one(cap: float, **customer: Any) -> list[dict[str, Any]]:
    partner = {
        "cons_no": "2",
        "customer": {"contract_cap": cap, **customer},
        "receivable": [],
        "violation": [],
    }
    return [{**partner, "power_source": [{"station_id": "T1"}], "prepayment": {}, "orders": []}]


@pytest.mark.parametrize(("asked", "said"), [(140.0, 0), (140.5, 1), (100.0, 0), (None, 0)])
def test_more_than_the_sum_is_an_increase(asked: float | None, said: int) -> None:
    archive = {"customer": {"contract_cap": 80.0}, "partners": _one(60.0)}
    assert len(says("merged_within_sum", data={"apply_cap": asked}, **archive)) == said


@pytest.mark.parametrize(
    ("own", "other", "said"), [(200, 115, 1), (200, 114, 0), (315, 100, 0), (100, 315, 0)]
)
def test_reaching_the_two_part_from_is_told(own: float, other: float, said: int) -> None:
    archive = {"customer": {"contract_cap": own}, "partners": _one(other)}
    assert len(says("merge_threshold_told", **archive)) == said
    assert says("merge_threshold_told", data={"threshold_told": True}, **archive) == []


@pytest.mark.parametrize(("signed", "said"), [(2, 0), (1, 1), (3, 1), (None, 0)])
def test_every_account_signs_the_agreement(signed: int | None, said: int) -> None:
    data = {"agreement_accounts": signed}
    assert len(says("merge_agreement_complete", data=data, partners=_one(60.0))) == said
