"""Is the store whole? The medium itself, every work order and its event chain, what they refer to.

`check` reads in one consistent view, and keeps a few words a customer and an order, nothing of the events.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from yk.archive.dictionary import entities
from yk.desk.chain import problems
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import UnreadableError
from yk.flows.flow import digest_of, ended
from yk.flows.guards.account import CHANGING
from yk.store import Store

SYSTEM = "system"
"""Who acts when nobody does (overdue materials)."""


class Problem(NamedTuple):
    """One thing that is wrong; `code` is stable, `where` names table and document."""

    code: str
    message: str
    where: str


class _Tail(NamedTuple):
    """What is kept of an order until its events are read."""

    seq: int
    last_hash: str
    parent: str


def check(store: Store) -> list[dict[str, str]]:
    """Everything that is wrong with the store as `{code, message, where}`; empty when it is whole."""
    found: list[Problem] = []
    try:
        with store.reading():
            found += [Problem("integrity", text, "") for text in store.medium.integrity()]
            if not found:
                found.extend(_Check(store).run())
    except UnreadableError as error:
        found.append(Problem(error.code, error.message, ""))
    return [problem._asdict() for problem in found]


class _Check:
    """One look through the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.tails: dict[str, _Tail] = {}
        self.children: list[tuple[str, str]] = []
        self.statuses: dict[str, str | None] = {}
        self.customers: dict[str, str] = {}
        self.locks: list[tuple[str, str]] = []
        self.operators: set[str] = set()
        self.definitions: set[str] = set()

    def run(self) -> Iterator[Problem]:
        """Every problem, table by table."""
        yield from self._documents()
        yield from self._definitions()
        yield from self._orders()
        yield from self._kin()
        yield from self._customers()
        yield from self._events()

    def _documents(self) -> Iterator[Problem]:
        """Every document can be read, has its types, bears its own id; rows of the archive have their customer."""
        tables = self.store.medium.collections
        for name in ("customer", *(name for name in tables if name != "customer")):
            owner = entities()[name].owner if name in entities() else ""
            for key, row in self._rows(name):
                try:
                    tables[name].stored(key, row)
                except UnreadableError as error:
                    yield Problem(error.code, error.message, f"{name} {key}")
                if name == "customer":
                    self.statuses[key] = row.get("status")
                elif owner and row.get(owner) is not None and row[owner] not in self.statuses:
                    message = f"{entities()[name].zh} {key} 的用户 {row[owner]} 不在档案里"
                    yield Problem("owner_missing", message, f"{name} {key}")
        self.operators = {SYSTEM, *self.store.medium.rows(tables["operator"])}

    def _definitions(self) -> Iterator[Problem]:
        for key, row in self._rows("definition"):
            self.definitions.add(key)
            if digest_of(row.get("doc") or {}) != key:
                yield Problem("definition_changed", f"流程定义 {key} 的内容被改动过", f"definition {key}")

    def _orders(self) -> Iterator[Problem]:
        for key, row in self._rows("case"):
            where = f"case {key}"
            try:
                order = WorkOrder.load(row)
                self.tails[key] = _Tail(int(order.seq), str(order.last_hash), order.parent)
                self.children += [(key, child) for child, _ in order.children]
                yield from self._order(order, where)
            except (TypeError, ValueError, AttributeError) as error:
                yield Problem("order_unreadable", f"工单 {key} 读不出来：{error}", where)

    def _order(self, order: WorkOrder, where: str) -> Iterator[Problem]:
        """What one order says of itself."""
        if order.digest not in self.definitions:
            message = f"工单 {order.case} 的流程定义 {order.digest} 不在存储里"
            yield Problem("definition_missing", message, where)
        running = order.status in (OPEN, SUSPENDED)
        if (ended(order.at) or order.status) != order.status or running == bool(ended(order.at)):
            message = f"工单 {order.case} 的状态 {order.status} 与所在环节 {'、'.join(order.at)} 不符"
            yield Problem("status_wrong", message, where)
        if order.cons_no:
            self.customers[order.cons_no] = where
        if order.data.get("status_before") is not None:
            if running:
                self.locks.append((order.cons_no, order.case))
            else:
                yield Problem("lock_kept", f"工单 {order.case} 已结束，还锁着用户 {order.cons_no}", where)

    def _kin(self) -> Iterator[Problem]:
        """Parents and children know each other."""
        pairs = set(self.children)
        for case, tail in self.tails.items():
            if tail.parent and (tail.parent, case) not in pairs:
                missing = "不存在" if tail.parent not in self.tails else "不认它"
                yield Problem(
                    "parent_wrong", f"工单 {case} 的上级工单 {tail.parent} {missing}", f"case {case}"
                )
        for case, child in self.children:
            if child not in self.tails:
                yield Problem("child_missing", f"工单 {case} 的子工单 {child} 不存在", f"case {case}")

    def _customers(self) -> Iterator[Problem]:
        """The customers of orders are there, and locked where an order says so."""
        for cons_no, where in self.customers.items():
            if cons_no not in self.statuses:
                yield Problem("customer_missing", f"档案里没有工单的用户 {cons_no}", where)
        for cons_no, case in self.locks:
            if self.statuses.get(cons_no, CHANGING) != CHANGING:
                message = f"工单 {case} 在办，用户 {cons_no} 却没有锁定（状态 {self.statuses[cons_no]}）"
                yield Problem("lock_lost", message, f"customer {cons_no}")

    def _events(self) -> Iterator[Problem]:
        """The chain of every order; the ids of its events say where it belongs."""
        unseen = dict(self.tails)
        rows = self._rows("event")
        for case, group in groupby(rows, key=lambda pair: pair[0].rpartition(".")[0]):
            tail = unseen.pop(case, None)
            if tail is None:
                yield Problem("event_astray", f"有记录属于不存在的工单 {case}", f"case {case}")
                continue
            strangers: set[str] = set()
            events = (self._known(case, row, strangers) for _, row in group)
            yield from self._chain(case, tail, events)
            for name in sorted(strangers):
                yield Problem(
                    "operator_unknown", f"工单 {case} 的记录里有不认识的经办人 {name}", f"case {case}"
                )
        for case, tail in unseen.items():
            yield from self._chain(case, tail, ())

    def _known(self, case: str, row: dict[str, Any], strangers: set[str]) -> dict[str, Any]:
        """An event on its way into the chain check; notes an operator nobody knows."""
        if row.get("operator") not in self.operators:
            strangers.add(str(row.get("operator")))
        return row if row.get("case") == case else {**row, "hash": ""}

    def _chain(self, case: str, tail: _Tail, events: Any) -> Iterator[Problem]:
        order = WorkOrder(case, "", "", "", "", "", "", seq=tail.seq, last_hash=tail.last_hash)
        try:
            found = problems(order, events)
        except (TypeError, ValueError) as error:
            found = [f"工单 {case} 的记录读不出来：{error}"]
        for text in found:
            yield Problem("chain_broken", text, f"case {case}")

    def _rows(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        found: Any = self.store.medium.find(self.store.medium.collection(name), [])
        return iter(found)
