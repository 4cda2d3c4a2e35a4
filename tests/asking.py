"""Facts for tests of guards: a form, the rows of the archive a guard reads, a rule set, the settings as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.facts import SOURCES, Facts
from yk.flows.guards import find_guard
from yk.settings import load as load_settings

TODAY = "2026-11-23"
"""A Monday in a week without holidays."""
_ROW = ("customer", "party", "contract", "prepayment", "billing_info", "kin_lock", "parent", "same_address")


def facts(data: Mapping[str, Any] | None = None, rule_set: str = "R24", **archive: Any) -> Facts:
    """A snapshot with this form and these sources; every other source is empty."""
    empty: dict[str, Any] = {source: {} if source in _ROW else [] for source in SOURCES}
    return Facts(
        "012611230001",
        f"{TODAY}T10:00:00+08:00",
        rule_set,
        "tester",
        data=dict(data or {}),
        archive=empty | archive,
        settings=load_settings({}),
    )


def told(guard: str, f: Facts) -> list[str]:
    """What the guard has against these facts."""
    return list(find_guard(guard).check(f))
