"""What people do at the wrong moment: the palette while a question waits, another order while a reason is typed."""

from __future__ import annotations

import os
from asyncio import create_task
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot
from world import COMPANY, NEW_NAME, World

from screens.driving import app_of, played, press, settle, shown, type_in
from yk.errors import UsageError
from yk.screens import app as app_module
from yk.screens.app import YkApp
from yk.screens.dialogs import AskText
from yk.screens.office import Office
from yk.screens.step import StepScreen


def opened(world: World) -> tuple[str, str]:
    """Two orders of the same flow at the same step."""
    desk = world.desk("acceptance_clerk")
    first = desk.open("rename", COMPANY, {"new_name": NEW_NAME}).case
    return first, desk.open("rename", "1016000002", {"new_name": "示范新二厂"}).case


def test_enter_answers_a_control_as_space_does(world: World) -> None:
    case, _ = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        here = pilot.app.screen
        assert isinstance(here, StepScreen)
        rows = here.query_one("#checks")
        await press(pilot, "home")
        while not (here.item and here.item["kind"] == "control" and here.item["state"] == "open"):
            await press(pilot, "down")
        answered = here.item["id"]
        await press(pilot, "enter")
        assert here.data is not None
        item = here.data.item(answered)
        assert item is not None
        assert item["state"] == "done"
        assert rows.row["id"] != answered  # type: ignore[attr-defined]

    played(app_of(world, screen="step", case=case), play)


def test_the_palette_does_not_open_over_a_question(world: World) -> None:
    case, _ = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "o")
        asked = pilot.app.screen
        await press(pilot, "ctrl+p")
        assert pilot.app.screen is asked
        await press(pilot, "escape", "o")
        assert pilot.app.screen.is_modal, "the keys of the screen still do something"
        await press(pilot, "escape")

    played(app_of(world, screen="step", case=case), play)


def test_a_reason_typed_for_one_order_never_goes_to_another_that_was_opened_meanwhile(world: World) -> None:
    case, other = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        await press(pilot, "o")
        await type_in(pilot, "挂起")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, AskText)
        await pilot.app.open_screen("step", case=other)
        await settle(pilot)
        assert not pilot.app.screen.is_modal
        assert other in shown(pilot.app)
        await press(pilot, "o")
        assert pilot.app.screen.is_modal, "the screen is not waiting for the old question"
        await press(pilot, "escape")

    played(app_of(world, screen="step", case=case), play)
    assert {world.desk("acceptance_clerk").get(one).status for one in (case, other)} == {"open"}


def test_a_question_left_for_another_screen_leaves_no_key_dead(world: World) -> None:
    case, _ = opened(world)

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        await press(pilot, "o")
        await pilot.app.open_screen("manual")
        await settle(pilot)
        await press(pilot, "3", "o")
        assert pilot.app.screen.is_modal
        await press(pilot, "escape")

    played(app_of(world, screen="step", case=case), play)


def test_a_store_that_does_not_answer_is_told_on_the_status_line_until_it_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "SLOW", 0.05)

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        free = Event()
        pilot.app.office.submit(lambda _: free.wait(10))
        look = create_task(pilot.app._look())
        for _ in range(200):
            await pilot.pause(0.01)
            if "存储正忙" in shown(pilot.app):
                break
        assert "存储正忙" in shown(pilot.app)
        free.set()
        await look
        await settle(pilot)
        assert "存储正忙" not in shown(pilot.app)

    played(app_of(world), play)


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no open file")
def test_a_store_deleted_under_the_screen_is_told_and_nothing_more_is_taken_as_written(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/yk.db"
    world = World(url)
    case, _ = opened(world)
    app = YkApp(Office(url, "acceptance_clerk", world.clock, world.settings), "step", {"case": case})

    async def play(pilot: Pilot[None]) -> None:
        for file in tmp_path.glob("yk.db*"):
            file.unlink()
        await app._look()
        assert "存储文件被删除或换掉了" in shown(app)
        await press(pilot, "a")
        await press(pilot, "enter")
        here = app.here
        assert isinstance(here, StepScreen)
        assert here.data is not None
        assert any(i["kind"] == "control" for i in here.data.open_items), "nothing was confirmed"

    played(app, play)


def test_the_screens_stay_when_the_store_fails_in_any_way_and_when_the_operator_cannot_be_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> str:
        raise UsageError("store_busy", "存储正被别的程序占用")

    async def play(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, YkApp)
        monkeypatch.setattr(app_module, "who_acts", fails)
        await press(pilot, "ctrl+o", "enter")
        assert pilot.app.return_value is None
        assert "存储正被别的程序占用" in shown(pilot.app)
        pilot.app.office.submit = broken  # type: ignore[method-assign]
        await pilot.app._look()
        assert "✗ 坏了" in shown(pilot.app)
        del pilot.app.office.submit

    def broken(_: object) -> Future[Any]:
        raise RuntimeError("坏了")

    played(app_of(world), play)
