"""Driving the app by keys: an app over a small world, and waiting until it has come to rest."""

from __future__ import annotations

from asyncio import run
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.keys import _character_to_key
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
    store: Store,
    clock: Clock,
    settings: Settings,
    operator: str = "trainer",
    screen: str = "workbench",
    **place: str,
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
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                while app.counts is None and app.is_running:  # it has greeted
                    await settle(pilot)
                await settle(pilot)
                await play(pilot)
                await settle(pilot)
        finally:
            app.office.close()

    run(whole())
    return app


ASKING = ("do", "palette", "new", "operator")
"""Groups of workers that may wait for an answer of the person: a dialog stands over the screen then."""


TICK, PATIENCE = 0.002, 20_000
SOON = 0.5
"""Timers that short are waited for, longer ones (a message that goes away) are not."""


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read, no short timer runs and everything is painted."""
    for _ in range(3):
        await pilot.pause(0)
        patience = PATIENCE
        while not pilot.app.screen.is_modal and any(w.group in ASKING for w in pilot.app.workers):
            await pilot.pause(TICK)
            patience -= 1
            assert patience, "a key is not done with"
        for worker in [w for w in pilot.app.workers if w.group not in ASKING]:
            with suppress(WorkerCancelled):
                await worker.wait()
        for timer in _timers(pilot):
            await timer
        await pilot.pause(0)


def _timers(pilot: Pilot[None]) -> list[Any]:
    nodes = [pilot.app, *pilot.app.screen.walk_children(with_self=True)]
    timers = [timer for node in nodes for timer in node._timers]
    return [t._task for t in timers if t._repeat == 0 and t._interval < SOON and t._task is not None]


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after the other, each to its end."""
    for key in keys:
        _send(pilot, key, None)
        await settle(pilot)


async def type_in(pilot: Pilot[None], text: str) -> None:
    """Type a text into what has the focus."""
    for char in text:
        _send(pilot, _character_to_key(char) if char.isascii() else char, char)
    await settle(pilot)


def _send(pilot: Pilot[None], key: str, char: str | None) -> None:
    if char is None and (len(key) == 1 or key == "space"):
        char = " " if key == "space" else key
    driver = pilot.app._driver
    assert driver is not None
    event = events.Key(key, char)
    event.set_sender(pilot.app)
    driver.send_message(event)


def screen_text(app: YkApp) -> list[str]:
    """What the terminal shows, line by line."""
    strips: list[Any] = app.screen._compositor.render_strips()
    return [strip.text for strip in strips]


def shown(app: YkApp) -> str:
    """The same as one text."""
    return "\n".join(screen_text(app))
