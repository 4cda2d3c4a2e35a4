"""Facts for guards on their own: a form, an archive, the settings as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.facts import SOURCES, Facts
from yk.flows.guards import guards
from yk.settings import load

NOW = "2026-11-23T09:00:00+08:00"
ONE_ROW = (
    "customer",
    "party",
    "contract",
    "prepayment",
    "billing_info",
    "kin_lock",
    "parent",
    "same_address",
)
CUSTOMER = {
    "cons_no": "1016000001",
    "cons_sort": "01",
    "volt_code": "AC00101",
    "elec_type": "403",
    "contract_cap": 1250.0,
    "run_cap": 1250.0,
}


def facts(
    data: Mapping[str, Any] | None = None,
    archive: Mapping[str, Any] | None = None,
    rule_set: str = "R24",
    **settings: Any,
) -> Facts:
    """Facts around one customer at 10 kV; `archive` replaces sources, `settings` named settings."""
    empty: dict[str, Any] = {name: {} if name in ONE_ROW else [] for name in SOURCES}
    return Facts(
        case="012611230001",
        now=NOW,
        rule_set=rule_set,
        data=dict(data or {}),
        archive={**empty, "customer": CUSTOMER, **(archive or {})},
        settings={**load({}), **settings},
    )


def asked(name: str, found: Facts) -> list[str]:
    """What the guard says."""
    return list(guards()[name].check(found))
