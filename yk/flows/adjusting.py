"""Electricity to charge or give back after a metering mistake (供电营业规则 1996, art. 80 and 81)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.dates import days_between, days_on

ERROR, VOLTAGE_DROP, WIRING, TRANSFORMER, RATIO = "1", "2", "3", "4", "5"
"""Kinds of metering mistakes (code list metering_mistake)."""
EXACT = "exact"
"""How the error counts: on the true quantity (`exact`), or on the quantity read (`read`)."""


def period_start(kind: str, last_test: str, corrected: str, load_raised: str = "") -> str:
    """From which day (YYYY-MM-DD) on a mistake of `kind` counts, up to the day it was corrected.

    `last_test` is the day of the last test, or of putting into service. An error of the meter counts for half of the
    time since then (art. 80); a drop of voltage from when the load was raised, if that is known (art. 80); wiring,
    instrument transformers and ratio for the whole time (art. 81).
    """
    if kind == ERROR:
        return days_on(corrected, -(days_between(last_test, corrected) // 2))
    return max(last_test, load_raised) if kind == VOLTAGE_DROP and load_raised else last_test


def quantity(kind: str, base: float, data: Mapping[str, Any], error_basis: str = EXACT) -> float | None:
    """kWh to charge (positive) or give back (negative) for `base` kWh read in the period; None when something is lacking.

    `data` holds what the kind wants: `measured_error` percent (positive: the meter runs fast); `measured_drop` and
    `allowed_drop` percent; `correction_k`, the right power over the wrong one; `normal_qty` and `faulty_qty` kWh where
    no rate can be worked out; `right_ratio` and `wrong_ratio`.
    """
    if kind == ERROR:
        return _of_error(base, _number(data, "measured_error"), error_basis)
    if kind == VOLTAGE_DROP:
        measured, allowed = _number(data, "measured_drop"), _number(data, "allowed_drop")
        return None if None in (measured, allowed) else base * (_sure(measured) - _sure(allowed)) / 100
    if kind == RATIO:
        right, wrong = _number(data, "right_ratio"), _number(data, "wrong_ratio")
        return None if right is None or not wrong else base * (right / wrong - 1)
    if (k := _number(data, "correction_k")) is not None:
        return base * (k - 1)
    normal, faulty = _number(data, "normal_qty"), _number(data, "faulty_qty")
    can = kind == TRANSFORMER and None not in (normal, faulty)
    return _sure(normal) - _sure(faulty) if can else None


def _of_error(base: float, percent: float | None, error_basis: str) -> float | None:
    """A fast meter reads too much: what it read less what it should have read is given back."""
    if percent is None or percent <= -100:
        return None
    error = percent / 100
    return -base * error / (1 + error) if error_basis == EXACT else -base * error


def _number(data: Mapping[str, Any], name: str) -> float | None:
    value = data.get(name)
    return None if value is None else float(value)


def _sure(value: float | None) -> float:
    assert value is not None
    return value
