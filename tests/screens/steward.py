"""A data steward at the screen 数据稽核: an archive with something wrong in it, and getting about by keys."""

from __future__ import annotations

from typing import Any

import trials
from textual.pilot import Pilot

from screens.driving import app_on, press, type_in
from yk.audit.looking import Wanted, findings
from yk.audit.running import run
from yk.desk import Desk
from yk.screens.app import YkApp
from yk.screens.audit import AuditScreen
from yk.screens.audit_places import VIEWS

ACCOUNT, OTHER = "1016000012", "1016000013"


def spoil(desk: Desk, account: str = ACCOUNT, capacity: float | None = 999.0) -> None:
    """Give an account a running capacity, by default more than its contract's."""
    table = desk.store.table("customer")
    table.put([(account, {**(table.get(doc_id=account) or {}), "run_cap": capacity})])


def capacity_of(desk: Desk) -> float:
    return float((desk.store.table("customer").get(doc_id=ACCOUNT) or {})["run_cap"])


def spoiled() -> Desk:
    """The demonstration archive with one account whose running capacity is more than the contract's."""
    desk = trials.fresh()
    spoil(desk)
    return desk


def audited(*accounts: str) -> Desk:
    """The same of these accounts, found by a run."""
    desk = trials.fresh()
    for account in accounts or (ACCOUNT,):
        spoil(desk, account)
    run(desk.store, desk.clock, desk.settings, by="trainer")
    return desk


def states(desk: Desk) -> set[str]:
    """The states that findings are in."""
    return {one["state"] for one in findings(desk.store, Wanted(), desk.now()[:10])}


def app_over(desk: Desk, operator: str = "trainer") -> YkApp:
    return app_on(desk.store, desk.clock, desk.settings, operator, "audit")


def row(pilot: Pilot[None]) -> dict[str, Any]:
    """The row under the cursor."""
    screen = pilot.app.screen
    assert isinstance(screen, AuditScreen)
    assert screen.row is not None
    return screen.row


async def to_pane(pilot: Pilot[None], name: str) -> None:
    """Go to a pane by keys."""
    await press(pilot, *["right_square_bracket"] * list(VIEWS.values()).index(name))


async def answer(pilot: Pilot[None], text: str) -> None:
    """Type an answer and give it."""
    await type_in(pilot, text)
    await press(pilot, "enter")
