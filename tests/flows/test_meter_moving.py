"""移表: only the place moves, it fits, the right side pays, the readings go on."""

from __future__ import annotations

from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

HOUSE = {"cons_no": "1", "elec_addr": "示范路1号", "contract_cap": 12.0, "elec_type": "202"}
FEE = [{"item": "移表费", "basis": "公示目录", "qty": 1.0, "price": 120.0, "amount": 120.0}]


@pytest.mark.parametrize(("data", "said"), [
    ({}, ""), ({"new_elec_addr": "示范路2号"}, "迁址"), ({"new_cap": 20.0}, "增容"), ({"new_cap": 8.0}, "减容"),
    ({"new_elec_type": "405"}, "改类"), ({"same_supply_point": False}, "供电点变了"),
])  # fmt: skip
def test_whatever_else_changes_is_other_business(data: dict[str, Any], said: str) -> None:
    assert [said in reason for reason in told("only_place_moves", facts(data, customer=HOUSE))] == (
        [True] if said else []
    )


@pytest.mark.parametrize(("elec_type", "rule_set", "said"), [
    ("202", "R96", "（500 元/次）"), ("405", "R96", "（5000 元/次）"), ("405", "R24", "（不高于 5000 元/次）"),
])  # fmt: skip
def test_a_move_on_ones_own_is_a_breach_by_class_and_edition(
    elec_type: str, rule_set: str, said: str
) -> None:
    f = facts({"moved_already": True}, rule_set, customer={**HOUSE, "elec_type": elec_type})
    assert said in told("own_move_reported", f)[0]


@pytest.mark.parametrize(("height", "reasons"), [(79, 1), (80, 0), (200, 0), (201, 1)])
def test_a_meter_hangs_neither_too_low_nor_too_high(height: int, reasons: int) -> None:
    assert len(told("place_fits", facts({"place_height": height, "place_dry": True}))) == reasons


@pytest.mark.parametrize(("data", "reasons"), [
    ({"by_supplier": True}, 0), ({"by_supplier": True, "fees": FEE}, 1), ({"fees": FEE}, 0), ({}, 1),
    ({"reduction_basis": "低保户免收"}, 0),
])  # fmt: skip
def test_who_wants_the_move_pays_for_it(data: dict[str, Any], reasons: int) -> None:
    assert len(told("moving_fee_right", facts(data))) == reasons


@pytest.mark.parametrize(("before", "after", "work", "reasons"), [
    (339.0, 339.0, None, 0), (338.0, 338.0, None, 1), (339.0, 340.0, None, 1), (339.0, 0.0, [{"new_asset_no": "1"}], 0),
])  # fmt: skip
def test_the_same_meter_shows_the_same_before_and_after(
    before: float, after: float, work: Any, reasons: int
) -> None:
    data = {"reading_before": before, "reading_after": after, "meter_work": work}
    f = facts(data, meter_register=[{"reading": 339.0, "read_type": "11"}])
    assert len(told("reading_continues", f)) == reasons


def test_the_metering_point_hangs_at_the_new_place_and_the_old_one_is_on_record() -> None:
    desk = fresh()
    case = opened_for_run(desk, "meter_relocation", "1016000006", Plan({"new_place": "一层表箱"}))
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    assert desk.store.table("metering_point").get(doc_id="MP10160000061")["mp_addr"] == "一层表箱"
    record = desk.store.table("field_change").get(doc_id=f"{case}-1")
    assert record["old_value"] == "示范市城东示范小区6幢3单元601室"
    assert [m["asset_id"] for m in desk.store.table("meter") if m["cons_no"] == "1016000006"] == [
        "A990000000051"
    ]
    fee = next(row for row in desk.store.table("business_fee") if row["app_no"] == case)
    assert (fee["item"], fee["paid"]) == ("08", 120.0)


def test_who_took_the_application_does_not_approve_it() -> None:
    desk = fresh()
    case = opened_for_run(desk, "meter_relocation", "1016000006", Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="approval")))
    taker = next(who for name, _, who in desk.get(case).done if name == "acceptance")
    desk.act_as(taker)
    with pytest.raises(Refused, match="受理与审批"):
        desk.send(case)


def test_a_move_the_supplier_wants_costs_nothing() -> None:
    desk = fresh()
    case = opened_for_run(desk, "meter_relocation", "1016000006", Plan({"by_supplier": "是"}))
    seen = [step["step"] for step in run(desk, case, Plan(confirm_all=True, fill=True))]
    assert desk.get(case).status == "completed"
    assert "fee_collection" not in seen
