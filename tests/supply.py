"""Guards asked on facts made by hand, and flows run over the demonstration archive, for tests of supply flows."""

from __future__ import annotations

from typing import Any

from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Reason, Refused
from yk.flows.facts import Facts
from yk.flows.guards import guards
from yk.settings import load as load_settings

CASE, NOW = "012611230001", "2026-11-23T09:00:00+08:00"
EMPTY: dict[str, Any] = {
    "customer": {"cons_no": "1016000035", "contract_cap": 630.0, "run_cap": 630.0, "elec_type": "100"},
    "transformer": [],
    "power_source": [],
    "lines": [],
    "meter": [],
    "meter_register": [],
    "assets": [],
    "tariffs": [],
    "receivable": [],
    "same_address": {"customers": [], "orders": []},
}


def facts(rules: str = "R24", archive: dict[str, Any] | None = None, **data: Any) -> Facts:
    """Facts around an order that stands nowhere."""
    return Facts(
        case=CASE,
        now=NOW,
        rule_set=rules,
        data=data,
        archive=EMPTY | (archive or {}),
        settings=load_settings({}),
    )


def said(guard: str, f: Facts) -> list[str]:
    """What a guard has against these facts."""
    return list(guards()[guard].check(f))


def goes(desk: Desk, flow: str, customer: str, until: str = "", **data: Any) -> str:
    """The number of an order of `flow` that ran by its examples and `data` to `until`, or to its end."""
    plan = Plan(data=dict(data), confirm_all=True, fill=True, until=until)
    case = opened_for_run(desk, flow, customer, plan)
    for _ in run(desk, case, plan):
        pass
    return case


def refused(desk: Desk, flow: str, customer: str, **data: Any) -> list[Reason]:
    """Why a run of `flow` with `data` is stopped on its way; nothing when it is not."""
    try:
        goes(desk, flow, customer, **data)
    except Refused as refusal:
        return list(refusal.reasons)
    return []


def rows(desk: Desk, table: str, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of `table` with these values."""
    return [
        dict(row)
        for row in desk.store.table(table)
        if all(row.get(name) == value for name, value in wanted.items())
    ]


def row(desk: Desk, table: str, **wanted: Any) -> dict[str, Any]:
    """The one row of `table` with these values."""
    (found,) = rows(desk, table, **wanted)
    return found


__all__ = ["facts", "fresh", "goes", "refused", "row", "rows", "said"]
