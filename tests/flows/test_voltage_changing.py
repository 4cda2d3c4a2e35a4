"""改压: on site, for the same capacity; who pays; everything that carries a level of voltage changes with it."""

from __future__ import annotations

from typing import Any

import pytest
from supply import facts, fresh, goes, refused, row, rows, said

LV = "1016000100"
MINE: dict[str, Any] = {
    "customer": {"cons_no": LV, "volt_code": "AC03802", "contract_cap": 160.0, "elec_addr": "示范市1号"}
}
PRICES = {
    "tariffs": [
        {"tariff_code": "B01", "volt_code": "01", "tariff_name": "低压"},
        {"tariff_code": "B02", "volt_code": "02"},
    ]
}
SET = {"source_rechecked": True, "interlock_rechecked": True, "app_time": "2026-11-20T09:00"}


def test_the_voltage_changes_at_the_same_place_for_no_more_capacity() -> None:
    assert len(said("voltage_differs", facts(archive=MINE, new_volt="AC03802"))) == 1
    assert said("voltage_differs", facts(archive=MINE, new_volt="AC00101")) == []
    assert len(said("voltage_changes_on_site", facts(archive=MINE, new_elec_addr="示范市2号"))) == 1
    assert said("voltage_changes_on_site", facts(archive=MINE, new_elec_addr="示范市1号")) == []
    assert said("voltage_keeps_capacity", facts(archive=MINE, apply_cap=160.0)) == []
    assert len(said("voltage_keeps_capacity", facts(archive=MINE, apply_cap=161.0))) == 1


@pytest.mark.parametrize(
    ("works", "supplier", "paid", "basis", "passes"),
    [
        (True, False, True, "", True),
        (True, False, False, "", False),
        (True, False, False, "协议", True),
        (True, True, False, "", True),
        (True, True, True, "", False),
        (False, True, True, "", True),
    ],
)
def test_whoever_causes_the_change_pays(
    works: bool, supplier: bool, paid: bool, basis: str, passes: bool
) -> None:
    """G-GY-03."""
    f = facts(external_works=works, supplier_cause=supplier, paid_by_customer=paid, payer_basis=basis)
    assert (said("voltage_cost_by_cause", f) == []) is passes


@pytest.mark.parametrize(
    ("mode", "price", "loss", "found"),
    [
        ("2", "B02", "S20-160", 0),
        ("2", "B02", "", 1),
        ("1", "B02", "S20-160", 1),
        ("1", "B02", "", 0),
        ("2", "B01", "S20-160", 1),
        ("3", "B02", "", 1),
    ],
)
def test_mode_price_and_losses_belong_to_the_new_voltage(
    mode: str, price: str, loss: str, found: int
) -> None:
    """G-GY-04."""
    f = facts(archive=PRICES, scheme_volt="AC00101", meas_mode=mode, scheme_tariff_code=price, loss_no=loss)
    assert len(said("voltage_params_synced", f)) == found


@pytest.mark.parametrize(("issued", "passes"), [("2026-11-19", False), ("2026-11-20", True), ("", False)])
def test_settings_of_before_the_application_do_not_count(issued: str, passes: bool) -> None:
    """G-GY-05."""
    assert (said("protection_revised", facts(**SET, setting_on=issued)) == []) is passes


def test_from_low_to_high_voltage() -> None:
    desk = fresh()
    goes(desk, "voltage_change", LV)
    customer = row(desk, "customer", cons_no=LV)
    assert (customer["volt_code"], customer["cons_sort"], customer["meas_mode"]) == ("AC00101", "01", "2")
    assert (customer["contract_cap"], customer["status"]) == (160.0, "0")
    source = row(desk, "power_source", cons_no=LV)
    assert (source["ps_volt"], source["station_id"]) == ("AC00101", None)
    assert row(desk, "transformer", cons_no=LV)["prim_volt"] == "AC00101"
    point = row(desk, "metering_point", cons_no=LV)
    assert (point["volt_code"], point["loss_no"], point["loss_bill"]) == ("AC00101", "S20-160", "1")
    assert row(desk, "customer_price", cons_no=LV)["tariff_code"] == "B02"


def test_from_high_to_low_voltage_the_transformer_goes() -> None:
    desk, hv = fresh(load_settings({}).with_values(low_voltage_limit_2024=250)), "1016000031"
    old = row(desk, "transformer", cons_no=hv)["tran_id"]
    data: dict[str, Any] = {
        "new_volt": "AC03802",
        "meas_mode": "3",
        "scheme_tariff_code": "B01",
        "removed_transformers": f'[{{"tran_id": "{old}"}}]',
    }
    goes(desk, "voltage_change", hv, **data)
    customer = row(desk, "customer", cons_no=hv)
    assert (customer["volt_code"], customer["cons_sort"]) == ("AC03802", "02")
    assert row(desk, "transformer", tran_id=old)["run_status"] == "03"
    assert row(desk, "metering_point", cons_no=hv)["loss_no"] is None
    assert rows(desk, "instrument_transformer", cons_no=hv, kind="02") == []


def test_metered_at_high_voltage_there_are_voltage_transformers() -> None:
    desk = fresh()
    data: dict[str, Any] = {"meas_mode": "1", "wiring": "2", "vt_ratio": "10000/100", "ct_ratio": "15/5"}
    goes(desk, "voltage_change", LV, **data)
    found = rows(desk, "instrument_transformer", cons_no=LV, kind="02")
    assert [r["volt_ratio"] for r in found] == ["10000/100", "10000/100"]


def test_more_capacity_is_asked_for_besides() -> None:
    reasons = refused(fresh(), "voltage_change", LV, apply_cap=200)
    assert [r.code for r in reasons] == ["voltage_change_with_increase"]
