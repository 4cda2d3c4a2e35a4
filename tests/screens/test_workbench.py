"""工作台: what waits, filters, preview, keys."""

from __future__ import annotations

from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.driving import app_of, played, press, shown, type_in


def test_the_orders_that_wait_are_listed_with_counts(world: World) -> None:
    case = world.desk("acceptance_clerk").open("rename", COMPANY, {"new_name": NEW_NAME}).case

    async def play(pilot: Pilot[None]) -> None:
        assert case in shown(pilot.app)
        assert "待办 1" in shown(pilot.app)

    played(app_of(world), play)


def test_the_filter_narrows_in_place_and_escape_takes_it_away(world: World) -> None:
    desk = world.desk("acceptance_clerk")
    case = desk.open("rename", COMPANY, {"new_name": NEW_NAME}).case

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, "过户")
        assert case not in shown(pilot.app)
        await press(pilot, "escape")
        assert case in shown(pilot.app)

    played(app_of(world), play)
