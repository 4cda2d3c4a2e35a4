"""Where a lesson of the screen 演练 is played: a thread of its own with one player and its throw-away world.

Nothing of the store that is open gets here. Everything is done in the order it is asked for.
"""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from yk.scenario.playing import Player
    from yk.scenario.scenario import Scenario
    from yk.scenario.sitting import Sitting
    from yk.screens.drill_scene import Scene

Result = TypeVar("Result")


class Theatre:
    """One lesson at a time, or one exam."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "drill")
        self._player: Player | None = None
        self._sitting: Sitting | None = None

    async def ask(self, work: Callable[[], Result]) -> Result:
        """What `work` answers, done in the thread; its errors are raised here."""
        return await wrap_future(self._thread.submit(work))

    async def begin(self, scenario: Scenario, number: int = 1) -> Scene:
        """Begin a lesson, and go on until its step `number` comes next. Raises what the player raises."""

        def work() -> Scene:
            from yk.scenario.playing import Player

            self._leave()
            self._player = Player(scenario)
            self._player.go_to(number)
            return self._scene()

        return await self.ask(work)

    async def begin_exam(self, scenario: Scenario, person: str) -> Scene:
        """Somebody sits an exam. Raises YkError for a lesson that does not go as it says."""

        def work() -> Scene:
            from yk.scenario.sitting import Sitting, rehearse

            rehearse(scenario, person)
            self._leave()
            self._sitting = Sitting(scenario, person)
            self._player = self._sitting.player
            return self._scene()

        return await self.ask(work)

    async def act(self, work: Callable[[Player], Result]) -> tuple[Scene, Result]:
        """What `work` answers, done to the lesson that is open, and the moment it is at then."""

        def done() -> tuple[Scene, Result]:
            assert self._player is not None
            answer = work(self._player)
            return self._scene(), answer

        return await self.ask(done)

    async def sit(self, work: Callable[[Sitting], Result]) -> tuple[Scene, Result]:
        """The same of the exam."""

        def done(_: Player) -> Result:
            assert self._sitting is not None
            return work(self._sitting)

        return await self.act(done)

    def _scene(self) -> Scene:
        from yk.screens.drill_scene import scene

        assert self._player is not None
        return scene(self._player)

    async def end(self) -> None:
        """End the lesson; its world is gone."""
        await self.ask(self._leave)

    def _leave(self) -> None:
        if self._player is not None:
            self._player.close()
            self._player = self._sitting = None

    def close(self) -> None:
        """End the lesson and the thread; what is being done comes to its end."""
        self._thread.submit(self._leave)
        self._thread.shutdown(wait=False)
