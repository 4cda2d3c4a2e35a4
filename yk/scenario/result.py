"""What became of a scenario: each step, each expectation that did not hold, what was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from yk.scenario.scenario import Place, Scenario

DONE, REFUSED, FAILED, POWER_CUT, WAITING = "✓", "⊘", "✗", "⚡", "·"
"""Marks of steps: done; refused as expected; not as expected; power cut as expected; not come to."""


class Miss(NamedTuple):
    """One expectation that did not hold: `where` it looked, what was wanted, what was there, and what may help."""

    where: str
    wanted: Any
    found: Any
    place: Place | None = None
    hint: str = ""


class Told(NamedTuple):
    """One step as reports show it: its mark, its number from 1, who did what and what came of it."""

    mark: str
    number: int
    text: str
    place: Place


@dataclass(slots=True)
class Result:
    """How a scenario went. `title` is the reason when it failed; `skipped` the reason when it was not run;
    `history` the last lines of the work order's log; `clock` the virtual time at the end."""

    scenario: Scenario
    passed: bool = True
    title: str = ""
    misses: Sequence[Miss] = ()
    log: list[Told] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    clock: str = ""
    seconds: float = 0.0
    skipped: str = ""
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    """What of the flows was seen: (dimension, flow, item), see `obligations`."""

    @property
    def failed(self) -> bool:
        """Does it count as a failure? One that is known to fail (`xfail`) must fail."""
        return not self.skipped and self.passed == bool(self.scenario.xfail)
