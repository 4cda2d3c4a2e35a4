"""One picture of a screen without a terminal: the app is run unseen, and painted when it has come to rest."""

from __future__ import annotations

from asyncio import run

from yk.screens.app import YkApp

ROUNDS = 3


def picture(app: YkApp, size: tuple[int, int]) -> str:
    """The SVG of the app's first screen, `size` columns by rows. Raises what kept the app from beginning."""
    return run(_picture(app, size))


async def _picture(app: YkApp, size: tuple[int, int]) -> str:
    async with app.run_test(size=size) as pilot:
        for _ in range(ROUNDS):  # what a screen reads may make it read more
            await app.workers.wait_for_complete()
            await pilot.pause(0.15)
        svg = app.export_screenshot()
    app.office.close()
    if app.return_value is not None:
        raise app.return_value
    return svg
