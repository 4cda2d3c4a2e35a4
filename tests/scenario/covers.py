"""Covers made up of what a flow is owed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from yk.flows.flow import load
from yk.scenario.cover import Cover, Seen
from yk.scenario.obligations import obligations


@cache
def every(flow: str) -> tuple[Seen, ...]:
    """Everything a flow is owed."""
    return tuple(
        (dimension, flow, item) for dimension, items in obligations(load(flow)).items() for item in items
    )


def but(flow: str, *lacking: str) -> list[Seen]:
    """Everything a flow is owed but these items."""
    return [seen for seen in every(flow) if seen[2] not in lacking]


def cover(*runs: tuple[str, Sequence[Seen]]) -> Cover:
    """A cover of scenarios by name, each about the flows it met."""
    made = Cover()
    for name, seen in runs:
        made.add(name, seen)
    return made
