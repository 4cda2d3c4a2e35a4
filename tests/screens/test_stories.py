"""Whole flows from start to end, by keys alone."""

from __future__ import annotations

from screens.clerk import Clerk
from screens.driving import app_of, played, press, shown, type_in
from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World


def test_rename_from_the_counter_to_the_file_by_keys_alone(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        clerk = Clerk(pilot, new_name=NEW_NAME, new_cert_name=NEW_NAME)
        await press(pilot, "n")
        await type_in(pilot, "gm")
        await press(pilot, "enter")
        await type_in(pilot, COMPANY)
        await press(pilot, "enter")
        assert clerk.data.flow == "rename"
        await press(pilot, "f9")
        assert "条原因" in shown(pilot.app)
        await press(pilot, "escape")
        for _ in range(5):
            await clerk.do_step()
        assert clerk.data.status == "completed"

    played(app_of(world), play)
    assert world.row("customer", COMPANY)["cons_name"] == NEW_NAME
