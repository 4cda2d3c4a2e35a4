"""小区新装、低压批量新装: the list of households, meters matched to them, areas of an estate, one bad row beside good ones."""

from __future__ import annotations

from typing import Any

import pytest
from new_supplies import rows, walked, why
from world import refused

from yk.flows.facts import Facts
from yk.flows.guards.households import estate_need
from yk.settings import load as load_settings

BATCH, ESTATE = "lv_batch_new_connection", "residential_estate"


def house(number: int, **other: Any) -> dict[str, Any]:
    return {
        "house_no": number,
        "new_name": f"住户{number}",
        "new_elec_addr": f"示范村{number}号",
        "cap": 8.0,
        **other,
    }


def meter(number: int, asset: str = "") -> dict[str, Any]:
    return {"cons_no": str(number), "new_asset_no": asset or f"A{number}", "new_reading": 0}


def test_a_household_stands_once() -> None:
    assert not why("households_distinct", households=[house(1), house(2)])
    assert why("households_distinct", households=[house(1), house(1)])
    assert why("households_distinct", households=[house(1), house(2, new_elec_addr="示范村 １号")])
    assert why("households_distinct", households=[])


def test_a_household_left_out_no_longer_stands_in_the_way() -> None:
    again = house(2, new_elec_addr="示范村1号", drop_reason="重复导入")
    assert not why("households_distinct", households=[house(1), again])


def test_an_address_with_an_account_is_left_out() -> None:
    archive = {"addressed": [{"cons_no": "1", "elec_addr": "示范村1号", "status": "0"}]}
    assert why("household_addresses_free", archive=archive, households=[house(1), house(2)])
    kept = [house(1, drop_reason="已立户"), house(2)]
    assert not why("household_addresses_free", archive=archive, households=kept)
    closed = {"addressed": [{"cons_no": "1", "elec_addr": "示范村1号", "status": "9"}]}
    assert not why("household_addresses_free", archive=closed, households=[house(1)])


@pytest.mark.parametrize(("cap", "refused_"), [(16, False), (15.9, True)])
def test_households_add_up(cap: float, refused_: bool) -> None:
    assert bool(why("household_caps_add_up", apply_cap=cap, households=[house(1), house(2)])) is refused_


@pytest.mark.parametrize(
    ("meters", "refused_"),
    [
        ([meter(1), meter(2)], False),
        ([meter(1)], True),
        ([meter(1), meter(1, "B")], True),
        ([meter(1), meter(2), meter(3)], True),
        ([meter(1, "B"), meter(2, "B")], True),
    ],
)
def test_every_household_has_one_meter_of_its_own(meters: list[dict[str, Any]], refused_: bool) -> None:
    assert bool(why("households_metered", households=[house(1), house(2)], meter_work=meters)) is refused_


def test_a_batch_opens_an_account_and_a_contract_for_each() -> None:
    """N4: N 户与 N 合同"""
    desk, _ = walked(BATCH)
    first, second = (rows(desk, "customer", f"10160001{n}")[0] for n in (51, 52))
    assert (first["read_seq"], second["read_seq"]) == (1, 2)
    assert first["cons_name"] != second["cons_name"]
    for cons_no in (first["cons_no"], second["cons_no"]):
        assert [row["kind"] for row in rows(desk, "contract", cons_no)] == ["03"]
        assert len(rows(desk, "meter", cons_no)) == 1


def test_one_bad_household_does_not_hold_up_the_others() -> None:
    """单户失败不影响整批"""
    listed = [house(1), house(2, drop_reason="门牌不清")]
    desk, case = walked(BATCH, households=listed, meter_work=[meter(1, "970000000001")])
    assert desk.get(case).status == "completed"
    assert [row["cons_name"] for row in desk.store.table("customer") if row["elec_addr"] == "示范村1号"] == [
        "住户1"
    ]
    (late,) = [
        dict(row) for row in desk.store.table("due_task") if row["app_no"] == case and row["kind"] == "18"
    ]
    assert "示范村2号（门牌不清）" in late["content"]


def test_the_need_of_an_estate_is_households_by_capacity_by_demand() -> None:
    """150 households of 8 kW, half of them at once"""
    data = {"households_count": 150, "household_kw": 8.0}
    assert estate_need(Facts(data=data, settings=load_settings({}))) == 600.0
    for cap, refused_ in ((600.0, False), (599.0, True)):
        transformers = [{"cap": cap, "count": 1}]
        assert bool(why("estate_capacity_enough", **data, new_transformers=transformers)) is refused_


def test_an_estate_leaves_public_areas_and_no_account() -> None:
    desk, case = walked(ESTATE)
    areas = [dict(row) for row in desk.store.table("transformer_area") if case in str(row["tg_no"])]
    assert [(row["cap"], row["pub_priv"], row["line_no"]) for row in areas] == [(630.0, "01", "L00001")] * 2
    assert not [row for row in desk.store.table("customer") if row["cons_no"] > "1016000150"]


def test_the_households_of_an_estate_follow_under_its_order() -> None:
    desk, case = walked(ESTATE, households_now="是")
    assert desk.get(case).status == "completed"
    (child,) = [desk.get(number) for number, _ in desk.get(case).children]
    assert (child.flow, child.data["supply_tg_no"]) == (BATCH, f"TG{case}01")


def test_nothing_enters_the_books_before_it_was_handed_over() -> None:
    with refused("estate_not_handed_over"):
        walked(ESTATE, handed_over="否")
