"""Spoiling rows of a store's archive as an example says, and undoing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

from yk.archive.dictionary import entities
from yk.audit.examples import Way, filled
from yk.flows.change import Image
from yk.store import Store
from yk.store.conditions import Comparison

ACCOUNTS = 1000
"""From so many accounts, the first of the archive, rows are chosen: enough for every rule, quick in any archive."""

Row = dict[str, Any]


class Bed:
    """The rows of a store that may be spoiled, in an order drawn by a seed."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        known = islice(store.table("customer").find([]), ACCOUNTS)
        rows = [dict(row) for _, row in known]
        Random(seed).shuffle(rows)  # noqa: S311  (an order that can be drawn again)
        self.accounts = {row["cons_no"]: row for row in rows}
        self._rows: dict[str, dict[str, list[Row]]] = {}

    def fitting(self, way: Way) -> Iterator[Row]:
        """The rows that `way` can spoil."""
        for account, rows in self._by_account(way.entity).items():
            owner = self.accounts.get(account, {})
            if all(self._of(name, account) for name in (*(one.entity for one in way.beside), *way.drop)):
                yield from (row for row in rows if _is_like(way, row, owner))

    def changes(self, way: Way, row: Row, day: str) -> list[Image]:
        """What `way` changes when it spoils `row` on a day."""
        account = account_of(way, row)
        made = [_amended(way.entity, row, filled(way.set, way.entity, row, day))] if way.set else []
        for aside in way.beside:
            values = filled(aside.set, aside.entity, row, day)
            made += [_amended(aside.entity, other, values) for other in self._of(aside.entity, account)]
        for put in way.put:
            for n in range(1, put.times + 1):
                new = filled(put.row, put.entity, row, day, n)
                made.append(Image(put.entity, entities()[put.entity].doc_id(new), None, new))
        for name in way.drop:
            gone = self._of(name, account)
            made += [Image(name, entities()[name].doc_id(other), other, None) for other in gone]
        return made

    def _of(self, entity: str, account: str) -> list[Row]:
        return self._by_account(entity).get(account, [])

    def _by_account(self, entity: str) -> dict[str, list[Row]]:
        """The rows of an entity by account, '' for what belongs to none."""
        if entity not in self._rows:
            owner, found = entities()[entity].owner, dict[str, list[Row]]()
            wanted = [Comparison(owner, "in", tuple(self.accounts))] if owner else []
            for _, row in self.store.table(entity).find(wanted) if self.accounts or not owner else ():
                found.setdefault(str(row[owner]) if owner else "", []).append(dict(row))
            order = self.accounts if owner else [""]
            self._rows[entity] = {account: found[account] for account in order if account in found}
        return self._rows[entity]


def account_of(way: Way, row: Row) -> str:
    """The account a row of `way` belongs to, '' where it is shared."""
    owner = entities()[way.entity].owner
    return str(row[owner]) if owner else ""


def _is_like(way: Way, row: Row, owner: Row) -> bool:
    for name, value in way.like.items():
        entity, _, field = name.rpartition(".")
        if (owner if entity else row).get(field) != value:
            return False
    return True


def _amended(entity: str, row: Row, values: Row) -> Image:
    before = {name: row.get(name) for name in values}
    return Image(entity, entities()[entity].doc_id(row), before, values)


def write(store: Store, changes: Iterable[Image]) -> None:
    """Make `changes` to the archive."""
    for change in changes:
        table = store.table(change.entity)
        if change.after is None:
            table.remove(doc_ids=[change.id])
        elif change.before is None:
            table.put([(change.id, change.after)])
        else:
            store.medium.amend(table.collection, {change.id: change.after})


def taken_back(changes: Iterable[Image]) -> list[Image]:
    """The changes that undo `changes`, in the order in which to make them."""
    return [one._replace(before=one.after, after=one.before) for one in reversed(list(changes))]
