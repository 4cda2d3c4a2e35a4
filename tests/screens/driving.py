"""Driving the app by keys: an app over a small world, and waiting until it has come to rest."""

from __future__ import annotations

from asyncio import run
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled
from world import World

from yk.clock import Clock
from yk.screens.app import YkApp
from yk.screens.office import Office
from yk.settings import Settings
from yk.store import Store

Play = Callable[[Pilot[None]], Awaitable[None]]


def app_on(
    store: Store, clock: Clock, settings: Settings, operator: str = "trainer", screen: str = "workbench", **place: str
) -> YkApp:
    """The app over a store at hand."""
    office = Office("memory://", operator, clock, settings, store)
    return YkApp(office, screen, place)


def app_of(world: World, operator: str = "trainer", screen: str = "workbench", **place: str) -> YkApp:
    """The app over a world."""
    return app_on(world.store, world.clock, world.settings, operator, screen, **place)


def played(app: YkApp, play: Play, size: tuple[int, int] = (80, 24)) -> YkApp:
    """Run the app, do `play` with it, and end it."""

    async def whole() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await settle(pilot)
            await play(pilot)
            await settle(pilot)
        app.office.close()

    run(whole())
    return app


ASKING = ("do", "palette", "new", "operator")
"""Groups of workers that may wait for an answer of the person."""


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read and everything is painted."""
    for _ in range(2):
        await pilot.pause()
        for worker in [w for w in pilot.app.workers if w.group not in ASKING]:
            with suppress(WorkerCancelled):
                await worker.wait()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after the other, each to its end."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a text into what has the focus."""
    await pilot.press(*[_key(char) for char in text])
    await settle(pilot)


def _key(char: str) -> str:
    from textual.keys import _character_to_key

    return _character_to_key(char)


def screen_text(app: YkApp) -> list[str]:
    """What the terminal shows, line by line."""
    strips: list[Any] = app.screen._compositor.render_strips()
    return [strip.text for strip in strips]


def shown(app: YkApp) -> str:
    """The same as one text."""
    return "\n".join(screen_text(app))
