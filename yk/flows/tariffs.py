"""What follows from voltage, capacity and class of use: volts, the step of the tariff, the power factor standard."""

from __future__ import annotations

_STEPS = ((1_000.0, "01"), (20_000.0, "02"), (35_000.0, "03"), (110_000.0, "04"))
"""Up to this voltage (V; the first below, the others including it) a tariff has this step (code list prc_volt)."""
_HIGH = "05"
NOT_JUDGED, PF_090, PF_085, PF_080 = "0", "1", "2", "3"
"""Codes of the power factor standard (code list pf_std)."""
JUDGED_FROM, INDUSTRY_ABOVE = 100.0, 160.0
"""kVA (kW): from the first the power factor is judged, above the second industry at high voltage by 0.90."""
BUSINESS = ("1", "4")
"""First digits of the classes of use that share the tariffs of industry and commerce."""


def volts(code: str) -> float:
    """Volts of a voltage code such as AC00101 (10 kV) or AC03802 (380 V); 0 for what is none."""
    digits, unit = code[2:6], code[6:]
    if not digits.isdecimal() or unit not in ("1", "2"):
        return 0.0
    return float(digits) * (1000 if unit == "1" else 1)


def price_voltage(code: str) -> str:
    """The voltage step of the tariff (code list prc_volt) for a supply voltage code."""
    value = volts(code)
    if value < _STEPS[0][0]:
        return _STEPS[0][1]
    return next((step for limit, step in _STEPS[1:] if value <= limit), _HIGH)


def same_price_family(elec_type: str, tariff_class: str) -> bool:
    """May a customer of this class of use have a tariff of that one? Industry and commerce share theirs."""
    mine, other = elec_type[:1], tariff_class[:1]
    return mine == other or (mine in BUSINESS and other in BUSINESS)


def power_factor_standard(volt_code: str, cap: float, elec_type: str) -> str:
    """The power factor standard (code list pf_std) a customer is judged by.

    0.90 industry at high voltage above 160 kVA, 0.85 others from 100 kVA (kW) on, 0.80 agriculture from 100 kVA on;
    residents and smaller ones are not judged (功率因数调整电费办法, by heart; 供电营业规则(1996)第41条).
    """
    if elec_type.startswith("2") or cap < JUDGED_FROM:
        return NOT_JUDGED
    if elec_type.startswith("3"):
        return PF_080
    industry = elec_type.startswith("1") or elec_type in ("403", "404")
    return PF_090 if industry and volts(volt_code) >= 1000 and cap > INDUSTRY_ABOVE else PF_085
