"""The driver: any number of work orders through one machine of python-statemachine. One per thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from yk.errors import UnreadableError
from yk.flows.compile import DONE, Block, machine_class
from yk.flows.flow import Flow

Place = tuple[str, ...]
"""A configuration: the ordered values of all states the work order is in."""
Answers = tuple[bool, ...]
Ask = Callable[[Block], Answers]
"""Answers every question of a block, each exactly once a move, without side effect."""
Asked = tuple[tuple[Block, Answers], ...]
Taken = tuple[tuple[str, str, str], ...]
"""Transitions taken: (event, from, to)."""


class Outcome(NamedTuple):
    """What a move did: the new configuration (None: the machine did not move), transitions, questions."""

    at: Place | None
    took: Taken
    asked: Asked


class _Cursor:
    """The constant model of one machine; the library reads and writes `state` through it."""

    __slots__ = ("answer", "asked", "state", "took")

    def __init__(self) -> None:
        self.answer: Ask = lambda block: ()
        self.asked: dict[Block, Answers] = {}
        self.took: list[tuple[str, str, str]] = []
        self.state: Any = None

    def ask(self, block: Block) -> Answers:
        """Put a block once a move: edges that fall through share their gate."""
        found = self.asked.get(block)
        if found is None:
            found = self.asked[block] = self.answer(block)
        return found


class Driver:
    """Runs moves of one flow on the real engine. Not to be shared between threads."""

    def __init__(self, flow: Flow) -> None:
        from statemachine.orderedset import OrderedSet

        self.flow = flow
        self._ordered = OrderedSet
        self._cursor = _Cursor()
        kind = machine_class(flow)
        self._machine = kind(model=self._cursor)
        self._rank = {value: i for i, value in enumerate(kind.states_map)}
        self.events = tuple(sorted(str(e) for e in kind._events if not str(e).startswith(DONE)))
        self.start = self._ordered_place()
        self.moves = 0

    def _ordered_place(self) -> Place:
        at = tuple(self._machine.configuration_values)
        return at if len(at) == 1 else tuple(sorted(at, key=self._rank.__getitem__))

    def _focus(self, at: Place) -> None:
        """Point the machine at a configuration. Raises UnreadableError for one this flow does not have."""
        if not at or not self._rank.keys() >= set(at):
            raise UnreadableError(
                "unknown_place", f"流程 {self.flow.name} 里没有 {'、'.join(at) or '（空）'} 这样的位置"
            )
        self._cursor.state = at[0] if len(at) == 1 else self._ordered(at)

    def run(self, at: Place, event: str, ask: Ask) -> Outcome:
        """Send `event` at configuration `at`; an event the machine does not take leaves `at` None."""
        self._focus(at)
        cursor = self._cursor
        cursor.answer, cursor.asked, cursor.took = ask, {}, []
        self.moves += 1
        moved = event in self.events
        if moved:
            try:
                self._machine.send(event)
            except self._machine.TransitionNotAllowed:
                moved = False
        asked = tuple(cursor.asked.items())
        if not moved:
            return Outcome(None, (), asked)
        return Outcome(self._ordered_place(), tuple(cursor.took), asked)

    def menu(self, at: Place) -> list[str]:
        """The events that have an edge at `at`, whatever their guards say."""
        self._focus(at)
        allowed = {str(e) for e in self._machine.allowed_events}
        return [event for event in self.events if event in allowed]
