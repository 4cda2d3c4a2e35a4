"""What is on every screen when it is looked at as a whole: the demonstration archive, some orders, a batch."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import trials
from batches import listing

from yk.audit import life, running
from yk.audit.planting import planted
from yk.batch import planning
from yk.batch.kinds import find_kind
from yk.clock import VirtualClock
from yk.desk import Desk
from yk.errors import Refused
from yk.screens.registry import registry
from yk.settings import Settings
from yk.store import Store

LESSON = Path(__file__).with_name("lessons") / "更名.yk.yaml"
NAMES = {"1016000001": "示范新里电气有限公司", "1016000006": "示范新户"}
BATCHED = ("1016000012", "1016000013", "1016000002", "1016000004")
"""Accounts of the batch: two that can be closed, one with arrears, one closed already."""


class Stage(NamedTuple):
    """A store with something on it, and where the screens are opened."""

    store: Store
    clock: VirtualClock
    settings: Settings
    case: str
    batch: str

    def place(self, screen: str) -> dict[str, str]:
        """Where `screen` is opened."""
        places = {
            "flow": {"case": self.case},
            "step": {"case": self.case},
            "manual": {"entry": "YXZY-YY-334"},
            "customer": {"customer": "1016000001"},
            "batch": {"batch": self.batch},
            "drill": {"file": str(LESSON), "lesson": "更名从头到尾", "number": "5"},
        }
        return places.get(screen, {})


def stage() -> Stage:
    """A stage of its own."""
    desk = trials.fresh()
    assert isinstance(desk.clock, VirtualClock)
    cases = [desk.open("rename", number, {"new_name": name}).case for number, name in NAMES.items()]
    desk.clock.advance(days=3)
    cases.append(desk.open("hv_new_connection").case)
    desk.suspend(cases[1], "等客户补件")
    _audited(desk)
    return Stage(desk.store, desk.clock, desk.settings, cases[0], _planned(desk))


def _audited(desk: Desk) -> None:
    """Some defects, found by a run; one is sent out."""
    planted(desk.store, desk.clock, ("D:1.1.2", "X:1.45", "X:1.53", "X:4.09"))
    running.run(desk.store, desk.clock, desk.settings)
    life.assign(
        desk, [doc["finding"] for doc in desk.store.table("finding").all() if doc["rule"] == "X:1.45"]
    )


def _planned(desk: Desk) -> str:
    rows = [{"cons_no": n, "closing_reading": 99999.0, "reason": "拆迁"} for n in BATCHED]
    try:
        *_, last = planning.plan(desk, find_kind("closure"), listing(rows), {"basis_no": "征收2026-12号"})
    except Refused as refused:
        raise AssertionError(refused.reasons) from refused
    return last.batch


@cache
def screens() -> tuple[str, ...]:
    """Every screen there is."""
    return tuple(registry())
