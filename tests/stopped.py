"""A customer with two transformers, and what guards say about stopping them."""

from __future__ import annotations

from typing import Any

from yk.flows.facts import Facts
from yk.flows.guards import find_guard
from yk.settings import load as load_settings

TODAY, WISH = "2026-11-23", "2026-12-10"
TWO = (
    {"tran_id": "A", "cons_no": "1", "plate_cap": 400.0, "run_status": "01"},
    {"tran_id": "B", "cons_no": "1", "plate_cap": 250.0, "run_status": "01"},
)
ONE_STOPPED = (
    TWO[0],
    {**TWO[1], "run_status": "02", "stop_date": "2026-10-01", "seal_no": "FY1"},
)
OLD = {
    "cons_no": "1",
    "cons_sort": "01",
    "elec_type": "100",
    "contract_cap": 650.0,
    "send_date": "2012-01-01",
}
SOURCES = (
    "transformer",
    "stoppage",
    "seal_record",
    "customer_price",
    "tariffs",
    "contracts",
    "meter",
    "metering_point",
)


def facts(rule_set: str = "R24", archive: dict[str, Any] | None = None, **data: Any) -> Facts:
    """Facts around an order of a customer with two transformers that run."""
    around: dict[str, Any] = dict.fromkeys(SOURCES, ()) | {"customer": OLD, "transformer": TWO}
    return Facts(
        case="012611230001",
        now=f"{TODAY}T09:00:00+08:00",
        rule_set=rule_set,
        data={"cons_no": "1", "wish_date": WISH} | data,
        archive=around | (archive or {}),
        settings=load_settings({}),
    )


def refusals(name: str, f: Facts) -> list[str]:
    """What a guard says."""
    return list(find_guard(name).check(f))


def passed(name: str, f: Facts) -> bool:
    """Has a guard nothing to say?"""
    return not refusals(name, f)
