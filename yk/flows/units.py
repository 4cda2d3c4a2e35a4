"""The transformers of an account: which run, and what will run after what the form asks for; capacities in kVA.

The form's table `stopped` (tran_id, new_cap) names units to stop, or to replace by a smaller one of `new_cap`; the table
`restored` (tran_id, out_tran_id) names units to put back, and what stands in their place until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.facts import Facts, Row

RUNNING, STOPPED, REMOVED = "01", "02", "03"
"""Codes of a transformer's state (code list tran_status)."""
PERMANENT = "2"
"""Code of a reduction for good (code list reduction_kind)."""
REDUCED, SUSPENDED, TAKEN_DOWN, SWAPPED, CUT_FOR_GOOD = "1", "2", "3", "4", "5"
"""Kinds of stoppages (code list stoppage_kind)."""


def units(f: Facts) -> dict[str, Row]:
    """The customer's transformers by id."""
    return {str(row["tran_id"]): row for row in f.rows("transformer")}


def plate(row: Mapping[str, Any]) -> float:
    """The rated capacity of a transformer."""
    return float(row.get("plate_cap") or 0)


def running(f: Facts) -> dict[str, float]:
    """The transformers that run: id -> capacity."""
    return {name: plate(row) for name, row in units(f).items() if row.get("run_status") == RUNNING}


def table(f: Facts, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the form, [] when nobody filled it."""
    return [dict(row) for row in f.data.get(name) or ()]


def running_after(f: Facts) -> dict[str, float]:
    """What runs when the form's stoppages and returns are done; a smaller unit has the id of the one it replaces."""
    left, known = running(f), units(f)
    for row in table(f, "stopped"):
        gone = left.pop(str(row.get("tran_id")), None)
        if gone is not None and row.get("new_cap"):
            left[str(row["tran_id"])] = float(row["new_cap"])
    for row in table(f, "restored"):
        left.pop(str(row.get("out_tran_id")), None)
        name = str(row.get("tran_id"))
        if name in known:
            left[name] = plate(known[name])
    return left


def capacity_after(f: Facts) -> float:
    """The running capacity afterwards."""
    return round(sum(running_after(f).values()), 2)


def capacity_cut(f: Facts) -> float:
    """How much less runs afterwards; negative when more does."""
    return round(sum(running(f).values()) - capacity_after(f), 2)


def contract_after(f: Facts) -> float:
    """The contract capacity afterwards: only a reduction for good changes it."""
    cap = float(f.row("customer").get("contract_cap") or 0)
    return round(cap - capacity_cut(f), 2) if f.get("reduction_kind") == PERMANENT else cap


def open_stoppages(f: Facts, kind: str) -> list[Row]:
    """What of this kind still stands still."""
    return [row for row in f.rows("stoppage") if row.get("kind") == kind and not row.get("resumed_date")]
