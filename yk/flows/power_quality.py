"""Power factor and harmonics: standards and sums, pure functions."""

from __future__ import annotations

from math import acos, hypot, tan

HIGH_VOLTAGE = "01"
"""Code of the sort of customers (code list cons_sort)."""
FARMING = "3"
"""First digit of the classes of use of farming (code list elec_type)."""
STANDARDS = {"0": 0.0, "1": 0.90, "2": 0.85, "3": 0.80}
"""Power factor wanted, by code (code list pf_std); «0» is not assessed."""
ASSESSED_FROM = 100.0
"""kVA (kW) from which customers at low voltage are assessed."""
VOLTAGE_THD = ((0.4, 5.0), (10.0, 4.0), (66.0, 3.0), (110.0, 2.0))
"""Total harmonic distortion of the voltage allowed, %, up to this many kV (GB/T 14549-1993)."""


def power_factor_standard(cons_sort: str, elec_type: str, capacity: float) -> str:
    """The code of the standard a customer is held to (供电营业规则(1996)第41条): farming 0.80, high voltage 0.90, others
    from 100 kVA 0.85."""
    if elec_type.startswith(FARMING):
        return "3"
    if cons_sort == HIGH_VOLTAGE:
        return "1"
    return "2" if capacity >= ASSESSED_FROM else "0"


def power_factor(kwh: float, kvarh: float) -> float:
    """The power factor of a month: active energy over apparent; 1 when nothing was used."""
    apparent = hypot(kwh, kvarh)
    return kwh / apparent if apparent else 1.0


def compensation(kw: float, now: float, wanted: float) -> float:
    """kvar of capacitors that lift the power factor of `kw` from `now` to `wanted`; 0 when it is high enough."""
    if not 0 < now < wanted <= 1:
        return 0.0
    return kw * (tan(acos(now)) - tan(acos(wanted)))


def thd_limit(kv: float) -> float:
    """The voltage distortion allowed at this voltage, %; 0 where the standard names none."""
    return next((limit for highest, limit in VOLTAGE_THD if 0 < kv <= highest), 0.0)
