"""The desk behind the screens, in a thread of its own: a screen asks, and paints on while it waits.

One thread owns one store connection and one desk, so that nothing of them is shared. What takes long (a batch) gets a
thread and a store of its own, see `Office.elsewhere`; a store in memory cannot be opened twice, there it waits its turn.
"""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from yk.clock import Clock
from yk.settings import Settings

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.store import Store

Result = TypeVar("Result")
MEMORY = "memory://"


class Office:
    """Asks the desk. Made from where the store is, who acts, the clock and the settings."""

    def __init__(
        self, url: str, operator: str, clock: Clock, settings: Settings, store: Store | None = None
    ) -> None:
        self.url, self.operator, self.clock, self.settings = url, operator, clock, settings
        self._given = store
        self._desk: Desk | None = None
        self._thread = ThreadPoolExecutor(1, "desk")

    async def ask(self, work: Callable[[Desk], Result]) -> Result:
        """What `work` answers, done in the desk's thread; its errors are raised here."""
        return await wrap_future(self.submit(work))

    def submit(self, work: Callable[[Desk], Result]) -> Future[Result]:
        """Have `work` done in the desk's thread."""
        return self._thread.submit(lambda: work(self._open()))

    def act_as(self, operator: str) -> None:
        """Go on as another operator."""
        self.operator = operator
        self.submit(lambda desk: desk.act_as(operator))

    def elsewhere(self, work: Callable[[Desk], Result]) -> Result:
        """What `work` answers, done in the calling thread on a store of its own; in memory it waits for the desk's."""
        if self._given is not None or self.url.startswith(MEMORY):
            return self.submit(work).result()
        desk = self._made()
        try:
            return work(desk)
        finally:
            desk.store.close()

    def _open(self) -> Desk:
        if self._desk is None:
            self._desk = self._made()
        return self._desk

    def _made(self) -> Desk:
        from yk.archive.opening import open_store
        from yk.audit.watching import watcher
        from yk.desk import Desk

        store = open_store(self.url) if self._given is None else self._given
        return Desk(store, self.operator, self.clock, self.settings, watch=watcher())

    def close(self) -> None:
        """Let what is being done come to its end, and close the store."""

        def leave() -> None:
            if self._desk is not None and self._given is None:
                self._desk.store.close()

        self._thread.submit(leave).result()
        self._thread.shutdown()
