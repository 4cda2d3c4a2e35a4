"""Asking one guard, condition or effect about facts written by hand."""

from __future__ import annotations

from typing import Any

from yk.flows.effects import effects
from yk.flows.facts import Facts
from yk.flows.guards import conditions, guards
from yk.settings import load

TODAY = "2026-11-23"


def facts(data: dict[str, Any] | None = None, rule_set: str = "R24", **sources: Any) -> Facts:
    """Facts of an order of TODAY with this form; `sources` are rows of the archive, settings the defaults."""
    return Facts(
        case="012611230001",
        now=f"{TODAY}T09:00:00+08:00",
        rule_set=rule_set,
        data=data or {},
        archive=sources,
        settings=load({}),
    )


def reasons(name: str, f: Facts) -> list[str]:
    """Why the guard refuses; empty when it does not."""
    return list(guards()[name].check(f))


def holds(name: str, f: Facts) -> bool:
    """Does the condition hold?"""
    return conditions()[name].check(f)


def put(name: str, f: Facts) -> dict[tuple[str, str], dict[str, Any]]:
    """What the effect puts into the archive: (entity, first value of the row) -> row."""
    return {(entity, str(next(iter(row.values())))): dict(row) for entity, row in effects()[name].make(f).put}
