"""Whole flows from start to end, by keys alone."""

from __future__ import annotations

import pytest
import trials
from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.clerk import Clerk
from screens.driving import app_of, app_on, played, press, shown, type_in


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


@pytest.mark.parametrize("size", [(80, 24)])
def test_high_voltage_supply_with_a_failed_acceptance_and_rework_by_keys_alone(size: tuple[int, int]) -> None:
    desk = trials.fresh()
    failed = False

    async def play(pilot: Pilot[None]) -> None:
        nonlocal failed
        clerk = Clerk(pilot, bulk=True)
        await press(pilot, "ctrl+n")
        await type_in(pilot, "gyxz")
        await press(pilot, "enter")
        assert clerk.data.flow == "hv_new_connection"
        while clerk.data.status == "open":
            await clerk.take_over()
            if clerk.data.step == "completion_inspection" and not failed:
                failed = True
                await clerk.more("不合格")
                await clerk.say("接地电阻超标")
                assert clerk.data.step != "completion_inspection"
            await clerk.do_step()
        assert clerk.data.status == "completed"
        assert [e["event"] for e in clerk.data.events].count("不合格") == 1

    played(app_on(desk.store, desk.clock, desk.settings), play, size)
    assert failed
