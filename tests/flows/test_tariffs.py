"""Voltage steps, price families and power factor standards, worked by hand."""

from __future__ import annotations

import pytest

from yk.flows.tariffs import power_factor_standard, price_voltage, same_price_family, volts


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("AC02202", 220), ("AC03802", 380), ("AC00061", 6000), ("AC00101", 10000), ("AC00351", 35000), ("AC01101", 110000),
     ("AC02201", 220000), ("", 0), ("DC", 0)],
)  # fmt: skip
def test_a_voltage_code_tells_its_volts(code: str, wanted: float) -> None:
    assert volts(code) == wanted


@pytest.mark.parametrize(
    ("code", "step"),
    [("AC02202", "01"), ("AC03802", "01"), ("AC00061", "02"), ("AC00101", "02"), ("AC00201", "02"), ("AC00351", "03"),
     ("AC00661", "04"), ("AC01101", "04"), ("AC02201", "05")],
)  # fmt: skip
def test_the_tariff_steps_with_the_voltage(code: str, step: str) -> None:
    assert price_voltage(code) == step


def test_industry_and_commerce_share_their_tariffs_and_nobody_else_does() -> None:
    assert same_price_family("405", "400")
    assert same_price_family("405", "100")
    assert same_price_family("202", "200")
    assert not same_price_family("202", "400")
    assert not same_price_family("300", "400")


@pytest.mark.parametrize(
    ("volt", "cap", "elec_type", "standard"),
    [
        ("AC00101", 160.0, "100", "2"),
        ("AC00101", 161.0, "100", "1"),
        ("AC00101", 200.0, "405", "2"),
        ("AC03802", 200.0, "403", "2"),
        ("AC03802", 100.0, "405", "2"),
        ("AC03802", 99.0, "405", "0"),
        ("AC00101", 200.0, "300", "3"),
        ("AC03802", 200.0, "202", "0"),
    ],
)
def test_the_power_factor_standard_follows_capacity_voltage_and_class(
    volt: str, cap: float, elec_type: str, standard: str
) -> None:
    assert power_factor_standard(volt, cap, elec_type) == standard
