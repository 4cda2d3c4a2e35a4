"""改类: what its guards let just pass, what they just do not, and what it writes."""

from __future__ import annotations

from typing import Any

import pytest
from asking import TODAY, facts, told
from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run

SHOP = {
    "cons_no": "1016000006",
    "elec_type": "202",
    "trade_code": "Y9910",
    "volt_code": "AC02202",
    "contract_cap": 12.0,
}
TARIFFS = [
    {"tariff_code": "B01", "tariff_name": "工商业单一制", "volt_code": "01", "elec_type": "400"},
    {"tariff_code": "B02", "tariff_name": "工商业单一制", "volt_code": "02", "elec_type": "400"},
    {"tariff_code": "R01", "tariff_name": "居民", "volt_code": "01", "elec_type": "200"},
]
HOUSE = "1016000006"


def reclassified(desk: Desk, **data: Any) -> str:
    """A house that became a shop, through to its end."""
    case = opened_for_run(desk, "category_change", HOUSE, Plan())
    list(run(desk, case, Plan(dict(data), confirm_all=True, fill=True)))
    assert desk.get(case).status == "completed"
    return case


def row(desk: Desk, table: str, key: str) -> dict[str, Any]:
    return dict(desk.store.table(table).get(doc_id=key))


@pytest.mark.parametrize(("elec_type", "trade", "reasons"), [("405", "F5212", 0), ("202", "Y9910", 0), ("203", "P8321", 0),
                                                             ("900", "F5212", 1), ("700", "F5212", 1), ("405", "Y9910", 1),
                                                             ("202", "F5212", 1)])  # fmt: skip
def test_a_class_says_something_and_goes_with_its_trade(elec_type: str, trade: str, reasons: int) -> None:
    f = facts({"new_elec_type": elec_type, "new_trade_code": trade}, customer=SHOP)
    assert len(told("class_is_specific", f)) == reasons


@pytest.mark.parametrize(
    ("changed", "clue", "reasons"), [(TODAY, None, 0), ("2026-11-22", None, 1), ("2026-11-22", "XS1", 0)]
)
def test_use_changed_before_the_day_of_application_wants_a_clue(
    changed: str, clue: str | None, reasons: int
) -> None:
    f = facts({"use_changed_on": changed, "early_change_clue": clue, "app_time": f"{TODAY}T09:00:00+08:00"})
    assert len(told("early_change_reported", f)) == reasons


def test_the_penalty_for_an_early_change_is_at_most_double_since_2024() -> None:
    data = {"use_changed_on": "2026-01-01"}
    assert "不高于两倍" in told("early_change_reported", facts(data))[0]
    assert "和两倍" in told("early_change_reported", facts(data, "R96"))[0]


@pytest.mark.parametrize(("chosen", "reasons"), [("2025-11-23", 0), ("2025-11-24", 1)])
def test_time_of_use_pricing_stands_for_twelve_months(chosen: str, reasons: int) -> None:
    assert len(told("billing_choice_kept", facts({"change_tou": True, "tou_chosen_on": chosen}))) == reasons


@pytest.mark.parametrize(("start", "reasons"), [("2026-12-14", 0), ("2026-12-11", 1)])
def test_the_basis_of_the_demand_charge_changes_fifteen_working_days_ahead(start: str, reasons: int) -> None:
    data = {"change_basic_fee": True, "basic_fee_chosen_on": "2026-01-01", "basic_fee_from": start}
    assert len(told("billing_choice_kept", facts(data))) == reasons
    assert told("billing_choice_kept", facts(data, "R96")) == []


@pytest.mark.parametrize(("data", "reasons"), [
    ({"mixed_mode": "2", "fixed_ratio": 0.0}, 0), ({"mixed_mode": "2", "fixed_ratio": 0.999}, 0), ({"mixed_mode": "2", "fixed_ratio": 1.0}, 1),
    ({"mixed_mode": "3", "fixed_qty": 1.5}, 0), ({"mixed_mode": "3", "fixed_qty": 1.0}, 1), ({"mixed_mode": "3"}, 1),
    ({"mixed_mode": "1", "meter_work_needed": True}, 0), ({"mixed_mode": "1"}, 1), ({}, 1),
])  # fmt: skip
def test_a_mixed_use_is_told_apart_by_meter_ratio_or_quantity(data: dict[str, Any], reasons: int) -> None:
    assert len(told("mixed_use_settled", facts({"mixed_use": True, **data}))) == reasons


@pytest.mark.parametrize(
    ("code", "said"),
    [("B01", ""), ("B02", "供电电压"), ("R01", "不是商业用电的电价"), ("X99", "不在目录电价里")],
)
def test_a_tariff_is_listed_for_the_class_and_the_voltage(code: str, said: str) -> None:
    f = facts({"new_tariff_code": code, "new_elec_type": "405"}, customer=SHOP, tariffs=TARIFFS)
    reasons = told("price_fits_class", f)
    assert [said in reason for reason in reasons] == ([True] if said else [])


@pytest.mark.parametrize(("split", "reasons"), [(339.0, 0), (338.9, 1), (None, 1)])
def test_the_split_reading_is_no_less_than_the_last(split: float | None, reasons: int) -> None:
    f = facts({"split_reading": split}, meter_register=[{"reading": 339.0, "read_type": "11"}])
    assert len(told("split_reading_taken", f)) == reasons


def test_a_changed_meter_splits_by_its_own_reading() -> None:
    assert (
        told("split_reading_taken", facts({"meter_work": [{"old_asset_no": "1", "old_reading": 5.0}]})) == []
    )


def test_a_point_that_keeps_its_class_is_the_customers_and_has_its_own_price() -> None:
    points = [
        {"mp_id": "MP1", "elec_type": "202", "status": "02", "prc_id": "PR1"},
        {"mp_id": "MP2", "elec_type": "202", "status": "02", "prc_id": "PR1"},
        {"mp_id": "MP3", "elec_type": "202", "status": "02", "prc_id": "PR3"},
    ]

    def reasons(*kept: str) -> int:
        rows = [{"mp_id": mp_id} for mp_id in kept]
        return len(
            told("points_follow_class", facts({"kept_points": rows}, customer=SHOP, metering_point=points))
        )

    assert [reasons(), reasons("MP3"), reasons("MP2"), reasons("MP9"), reasons("MP1", "MP2", "MP3")] == [
        0,
        0,
        1,
        1,
        1,
    ]


def test_account_point_and_price_change_together_and_the_old_is_on_record() -> None:
    desk = fresh()
    case = reclassified(desk)
    customer, point, price = (
        row(desk, "customer", HOUSE),
        row(desk, "metering_point", "MP10160000061"),
        row(desk, "customer_price", "PR10160000061"),
    )
    assert (customer["elec_type"], customer["trade_code"], customer["cons_sort"], customer["status"]) == (
        "405",
        "F5212",
        "02",
        "0",
    )
    assert (point["elec_type"], price["tariff_code"], price["trade_code"]) == ("405", "B01", "F5212")
    record = row(desk, "field_change", f"{case}-1")
    assert (record["field"], record["old_value"], record["new_value"]) == ("elec_type", "202", "405")
    assert "分段示数 339.0" in row(desk, "due_task", f"{case}-15")["content"]


def test_a_second_use_by_ratio_gets_a_point_below_the_main_one() -> None:
    desk = fresh()
    case = reclassified(desk, mixed_use="是", mixed_mode="2", fixed_ratio="0.3")
    point = row(desk, "metering_point", f"MP{case}")
    assert (point["parent_mp_id"], point["ratio"], point["calc_mode"], point["meter_flag"]) == (
        "MP10160000061",
        0.3,
        "2",
        "0",
    )
    assert row(desk, "customer_price", str(point["prc_id"]))["tariff_code"] == "R01"


def test_an_early_change_becomes_a_task_of_the_inspectors() -> None:
    desk = fresh()
    case = reclassified(desk, use_changed_on="2026-06-01", early_change_clue="XS-1")
    assert "擅自改类（2026-06-01 起）" in row(desk, "due_task", f"{case}-14")["content"]
    other = fresh()
    assert other.store.table("due_task").get(doc_id=f"{reclassified(other)}-14") is None


def test_where_a_meter_is_changed_the_new_one_stands() -> None:
    desk = fresh()
    case = reclassified(desk, meter_work_needed="是")
    assert [m["meter_id"] for m in desk.store.table("meter") if m["cons_no"] == HOUSE] == [f"M{case}01"]
