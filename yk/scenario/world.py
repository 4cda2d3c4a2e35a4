"""The throw-away world a scenario plays in: store, desk, clock, people; it can be marked and wound back.

Every world in memory shares one base a process, the demonstration archive, which is wound back when a world ends; so a
thousand scenarios pay for it once. A world in a file (for power cuts) is a folder of its own that goes with it.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any, NamedTuple

from yk import settings
from yk.archive.opening import open_store
from yk.audit.watching import watcher
from yk.clock import VirtualClock
from yk.desk.demonstration import DAY
from yk.desk.operators import TRAINER, add_operator, all_operators, demonstration_operators
from yk.desk.order import WorkOrder
from yk.desk.session import Watch
from yk.desk.setting_up import load_demonstration
from yk.errors import Reason, Refused, UsageError, YkError
from yk.flows.flow import Flow, load
from yk.flows.replay import Replay
from yk.scenario.givens import FILE
from yk.scenario.observed import ObservedDesk
from yk.scenario.scenario import Data
from yk.store import Store
from yk.store.memory import MemoryMedium
from yk.text import did_you_mean, halfwidth
from yk.workdays import declare


class PowerCut(BaseException):
    """The power goes in the middle of a writing: like a killed process, it passes every handler of errors."""


class Mark(NamedTuple):
    """A moment of a world."""

    store: Any
    state: Data


_KEPT = ("case", "orders", "batches", "people", "broken", "messages", "lamps", "points", "extra")
"""What of a world besides its store is wound back."""


class World:
    """One world. `case` is the order in hand, `orders` label -> number, `batches` name -> number, `people` name ->
    operator id; `broken` says why the system is down, '' when it works; `messages` what the desk told people by itself;
    `lamps` (case, step) -> the worst lamp seen, `points` deducted for them (hundredths); `extra` is for lessons.

    Use as a context manager, or call `close`.
    """

    def __init__(self, base: str = "demo", kind: str = "memory", flow: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yk-")) if kind == FILE else None
        self.clock = VirtualClock(DAY)
        self.store = self._file_store(base) if self.folder else _pool.taken(base)
        if flow:
            _keep_definition(self.store, load(flow))
        self._started = self.store.medium.mark() if isinstance(self.store.medium, MemoryMedium) else None
        self.case = ""
        self.orders: dict[str, str] = {}
        self.batches: dict[str, str] = {}
        self.people: dict[str, str] = {}
        self.broken = ""
        self.messages: list[Data] = []
        self.lamps: dict[tuple[str, str], str] = {}
        self.points = 0
        self.extra: Data = {}
        self.desk = self._desk()
        self.arm()

    def _desk(self) -> ObservedDesk:
        watch = watcher() if self.folder else _pool.watch_of(self.store)
        replays = None if self.folder else _pool.replays
        return ObservedDesk(self.store, TRAINER, self.clock, _pool.settings, watch=watch, replays=replays)

    def set(self, values: Data) -> None:
        """Settings of this world; the rules of the audit may depend on them, so its watch begins anew."""
        self.desk.settings = self.desk.settings.with_values(**values)
        self.desk.watch = watcher()

    def _file_store(self, base: str) -> Store:
        assert self.folder is not None
        return _filled(open_store(f"sqlite://{self.folder}/yk.db", create=True), base)

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the base back as it was, or remove the folder."""
        declare({})
        self.store.medium.before_write = None
        if self.folder is not None:
            with suppress(YkError):
                self.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        elif self._started is not None:
            self.store.medium.rewind(self._started)  # type: ignore[attr-defined]
            _pool.give_back(self.store)

    # -- moments -------------------------------------------------------------------------------------
    def mark(self) -> Mark:
        """This moment, to come back to."""
        state = {name: deepcopy(getattr(self, name)) for name in _KEPT}
        state["now"], state["settings"], state["operator"] = (
            self.clock.now,
            self.desk.settings,
            self.desk._operator_name,
        )
        medium = self.store.medium
        if isinstance(medium, MemoryMedium):
            return Mark(medium.mark(), state)
        assert self.folder is not None
        kept = Path(tempfile.mkstemp(dir=self.folder, suffix=".mark")[1])
        medium.copy_to(kept)
        return Mark(kept, state)

    def rewind(self, mark: Mark) -> None:
        """Everything is again what it was at the mark: archive, orders, clock, people."""
        medium = self.store.medium
        if isinstance(medium, MemoryMedium):
            medium.rewind(mark.store)
        else:
            assert self.folder is not None
            self.store.close()
            for old in self.folder.glob("yk.db*"):
                old.unlink()
            shutil.copyfile(mark.store, self.folder / "yk.db")
            self.reopen()
        for name in _KEPT:
            setattr(self, name, deepcopy(mark.state[name]))
        self.clock.now, self.desk.settings = mark.state["now"], mark.state["settings"]
        self.desk.act_as(mark.state["operator"])

    def reopen(self) -> None:
        """Open the store anew, as a program does that was started again after a power cut."""
        if self.folder is None:
            return
        with suppress(YkError):
            self.store.close()
        self.store = open_store(f"sqlite://{self.folder}/yk.db")
        old = self.desk
        self.desk = self._desk()
        self.desk.settings, self.desk.seen, self.desk.flows = old.settings, old.seen, old.flows
        self.arm()

    # -- failures of the system ------------------------------------------------------------------------
    def arm(self) -> None:
        """From now on writing is refused while the system is down."""
        self.store.medium.before_write = self._refuse_when_broken

    def _refuse_when_broken(self) -> None:
        if self.broken:
            raise Refused([Reason("system_down", self.broken)], "先按手工流程受理登记，系统恢复后补录")

    # -- people ----------------------------------------------------------------------------------------
    def add_person(self, name: str, roles: list[str], unit: str = "") -> None:
        """Somebody who acts under this name, at a supply unit or at all of them."""
        self.people[name] = add_operator(self.store, halfwidth(name).replace(" ", ""), name, roles, unit).id

    def act_as(self, name: str) -> None:
        """Go on as somebody: by name, operator id, or the name of a role. Raises UsageError."""
        self.desk.act_as(self.operator_id(name))

    def operator_id(self, name: str) -> str:
        """The operator meant by a name. Raises UsageError (`unknown_person`)."""
        if name in self.people:
            return self.people[name]
        everybody = {one.id: one.name for one in all_operators(self.store)}
        if name in everybody:
            return name
        for ident, called in everybody.items():
            if called == name:
                return ident
        known = [*self.people, *everybody.values()]
        raise UsageError("unknown_person", f"没有“{name}”这个人", did_you_mean(name, known))

    # -- orders ----------------------------------------------------------------------------------------
    def number(self, label: str = "") -> str:
        """The number of the order meant: by label, `子工单` for the last child of the one in hand, by number, or the one
        in hand. Raises UsageError (`no_order`)."""
        if label in self.orders:
            return self.orders[label]
        if label in ("子工单", "child") and self.case:
            children = self.desk.get(self.case).children
            if children:
                return children[-1][0]
            raise UsageError("no_child", f"工单 {self.case} 没有子工单")
        if label:
            if self.store.table("case").has(label):
                return label
            raise UsageError("no_order", f"没有叫“{label}”的工单", did_you_mean(label, self.orders))
        if not self.case:
            raise UsageError("no_order", "还没有工单", "先 受理 或 建单")
        return self.case

    def order(self, label: str = "") -> WorkOrder:
        """The order meant, as it is now. Raises UsageError."""
        return self.desk.get(self.number(label))


class _Pool(local):
    """What the worlds of one thread share: stores in memory that nobody uses at the moment, wound back; what was learnt
    of the flows; for each store the watch that asks the audit's rules again."""

    def __init__(self) -> None:
        self.stores: dict[str, list[Store]] = {"demo": [], "empty": []}
        self.replays: dict[str, Replay] = {}
        self.watches: dict[int, Watch] = {}
        self.settings = settings.defaults()

    def taken(self, base: str) -> Store:
        """A store that is as a new one."""
        if self.stores[base]:
            return self.stores[base].pop()
        return _filled(open_store("memory://", create=True), base)

    def watch_of(self, store: Store) -> Watch:
        """The watch of a store."""
        return self.watches.setdefault(id(store), watcher())

    def give_back(self, store: Store) -> None:
        """Let others use a store that was wound back."""
        self.stores["demo" if store.table("meta").has("demo") else "empty"].append(store)


_pool = _Pool()


def _keep_definition(store: Store, flow: Flow) -> None:
    """The definition an order of the flow will run under is there before the world begins."""
    table = store.table("definition")
    if not table.has(flow.digest):
        table.save({"digest": flow.digest, "flow": flow.id, "doc": flow.doc})


def _filled(store: Store, base: str) -> Store:
    """A new store with the demonstration archive and its operators, or with the operators alone."""
    if base == "demo":
        load_demonstration(store)
    else:
        with store.transaction():
            store.table("operator").put((one.id, one.doc()) for one in demonstration_operators())
    return store


def forget(digest: str) -> None:
    """What was learnt of a flow that nobody will run again (a mutant)."""
    _pool.replays.pop(digest, None)
