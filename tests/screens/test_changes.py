"""The store changes under the screen: it shows, and a move made on what was seen is refused."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.driving import app_on, played, press, settle, shown
from yk.desk import Desk
from yk.screens import app as app_module
from yk.screens.app import YkApp
from yk.screens.office import Office
from yk.screens.step import StepScreen


def app_beside(world: World, url: str, **place: str) -> YkApp:
    """An app with a connection of its own, as another process would have."""
    return YkApp(Office(url, "acceptance_clerk", world.clock, world.settings), "step", place)


def opened(world: World) -> tuple[Desk, str]:
    desk = world.desk("acceptance_clerk")
    return desk, desk.open("rename", COMPANY, {"new_name": NEW_NAME}).case


def test_the_store_is_looked_at_often_enough_to_show_a_change_within_two_seconds() -> None:
    assert app_module.LOOK <= 1


def test_what_another_process_did_shows_by_itself(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/yk.db"
    world = World(url)
    desk, case = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        assert "挂起" not in shown(pilot.app)
        desk.suspend(case, "等客户补件")
        await pilot.app._look()
        await settle(pilot)
        assert "挂起：等客户补件" in shown(pilot.app)

    played(app_beside(world, url, case=case), play)


def test_a_move_on_what_is_no_more_is_refused_with_the_reason_and_the_screen_reads_again(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/yk.db"
    world = World(url)
    desk, case = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        before = desk.get(case).version
        desk.fill(case, {"contact_name": "别人填的"})  # not yet looked at
        await press(pilot, "f9")
        assert "已被别人办理过" in shown(pilot.app).replace("\n", "")
        await press(pilot, "escape")
        here = pilot.app.screen
        assert isinstance(here, StepScreen)
        assert here.data is not None
        assert here.data.version == before + 1 == desk.get(case).version

    played(app_beside(world, url, case=case), play)


def test_a_list_keeps_its_cursor_on_the_order_when_others_come_before_it(world: World) -> None:
    desk, first = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        table = pilot.app.screen.query_one("#orders")
        await press(pilot, "end")
        seen = table.row["case"]  # type: ignore[attr-defined]
        desk.stop(first, "客户撤回")
        await pilot.app._look()
        await settle(pilot)
        assert table.row["case"] == seen  # type: ignore[attr-defined]

    world.desk("acceptance_clerk").open("rename", "1016000002", {"new_name": "示范新二厂"})
    played(app_on(world.store, world.clock, world.settings, "acceptance_clerk"), play)


def test_an_order_that_is_not_there_is_told_and_nothing_else_happens(world: World) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "没有 012611200099 这张工单" in shown(pilot.app)
        await press(pilot, "f9")
        assert "还没有打开工单" in shown(pilot.app)
        await press(pilot, "escape")
        assert "工作台" in shown(pilot.app).split("\n")[0]

    played(app_on(world.store, world.clock, world.settings, screen="step", case="012611200099"), play)
