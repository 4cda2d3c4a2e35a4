"""Charges that new supplies pay: capacity for the fee of reliable supply, electricity paid in advance without a meter."""

from __future__ import annotations

from collections.abc import Sequence

HALF = 0.5
"""Share of what was paid in advance that goes back when less than half of the agreed time was used."""


def reliability_capacity(caps: Sequence[float]) -> float:
    """The capacity the fee for reliable supply counts, kVA: all sources but the largest (发改价格〔2003〕2279号)."""
    return round(sum(caps) - max(caps), 2) if caps else 0.0


def agreed_energy(cap: float, hours: float, days: int) -> float:
    """What an unmetered supply is taken to use, kWh: capacity (kW) x agreed hours a day x days."""
    return round(cap * hours * days, 2)


def advance(cap: float, hours: float, days: int, price: float) -> float:
    """What an unmetered supply pays before it begins, yuan: all of the agreed energy (供电营业规则(1996)第87条)."""
    return round(agreed_energy(cap, hours, days) * price, 2)


def advance_back(paid: float, agreed_days: int, used_days: int) -> float:
    """What goes back at the end, yuan: half when less than half of the agreed time was used, else nothing.

    供电营业规则(1996)第87条 (number from memory).
    """
    return round(paid * HALF, 2) if 2 * used_days < agreed_days else 0.0
