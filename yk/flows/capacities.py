"""Capacities as increases and changes of voltage count them: what stays, what comes, and the current a load draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

Row = Mapping[str, Any]
SINGLE_PHASE = "AC02202"
TAKEN_AWAY, STOPPED = "03", "02"
"""States of a transformer (code list run_status)."""


def capacity_of(rows: Iterable[Row]) -> float:
    """The kVA of a table of transformers with columns cap and count."""
    return sum(float(row.get("cap") or 0) * int(row.get("count") or 1) for row in rows)


def staying(transformers: Iterable[Row], gone: Iterable[str]) -> list[Row]:
    """The transformers that are not taken away already and whose id is not among `gone`."""
    leaving = set(gone)
    return [t for t in transformers if t.get("run_status") != TAKEN_AWAY and t.get("tran_id") not in leaving]


def plates(transformers: Iterable[Row]) -> float:
    """The kVA on the plates of transformers."""
    return sum(float(t.get("plate_cap") or 0) for t in transformers)


def load_current(cap: float, volt: str) -> float:
    """The current (A) that `cap` kVA draws at low voltage: single-phase at 220 V, three-phase at 380 V."""
    return cap * 1000 / 220 if volt == SINGLE_PHASE else cap * 1000 / (sqrt(3) * 380)


def primary_current(ratio: str) -> float:
    """The primary current (A) of a transformation ratio like 300/5; 0 when it is not one."""
    first = ratio.partition("/")[0].strip()
    return float(first) if first.replace(".", "", 1).isdecimal() else 0.0
