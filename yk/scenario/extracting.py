"""The part of the archive a work order had to do with, as it was before the order: rows of its accounts and what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from yk.archive.dictionary import entities
from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import WorkOrder
from yk.scenario.anonymising import rules
from yk.scenario.copying import rows_of_account
from yk.store import Store

Data = dict[str, Any]
Key = tuple[str, str]
"""Entity and id of a row."""
_NAMED = ("line", "transformer_area", "tariff", "meter_asset", "reading_section", "qualification", "project")
"""Shared rows that come along when something names them by their id."""
_NUMBERED = (("meter_asset", "asset_no"), ("qualification", "cert_no"), ("qualification", "person_no"))
"""And by other numbers."""
_DEEP = 3
"""Rows that are named name others: an area its line."""


def accounts_of(store: Store, orders: Iterable[WorkOrder], images: Iterable[Data]) -> list[str]:
    """The accounts that orders are about, name in their forms, or have written to; also those they have opened."""
    orders, images = list(orders), list(images)
    named = {order.cons_no for order in orders}
    named |= {value for order in orders for value in texts_in(order.data)}
    named |= {str((image["after"] or {}).get("cons_no") or "") for image in images}
    table = store.table("customer")
    made = {image["id"] for image in images if image["entity"] == "customer"}
    return sorted(made | {one for one in named - {""} if table.has(one)})


class Extract:
    """Rows of `accounts` as they were before `images` (oldest first), which were written since then."""

    def __init__(self, store: Store, accounts: Sequence[str], images: Sequence[Data]) -> None:
        self._store = store
        self.rows: dict[Key, Data] = {}
        self._made: set[Key] = set()
        for account in accounts:
            self._add(rows_of_account(store, account) if store.table("customer").has(account) else ())
        for image in images:
            self._add([(image["entity"], row_of(store, image["entity"], image["id"]))])
        for image in reversed(images):
            self._undo(image)
        for row in [row for (entity, _), row in self.rows.items() if entity == "customer"]:
            self._add([("party", row_of(store, "party", str(row.get("party_no") or "")))], anew=False)

    def name(self, data: Iterable[Mapping[str, Any]]) -> None:
        """Take in the shared rows that the rows so far and `data` name."""
        seen: set[str] = set()
        wanted = {value for one in data for value in texts_in(one)}
        for _ in range(_DEEP):
            wanted |= {value for row in self.rows.values() for value in texts_in(row)}
            for value in sorted(wanted - seen):
                self._add(_named(self._store, value), anew=False)
            seen |= wanted

    def by_entity(self) -> dict[str, list[Data]]:
        """The rows, entity by entity in the dictionary's order; nothing of what no check looks at."""
        wanted = [name for name in entities() if name not in rules().left_out]
        found = {
            name: [row for (kind, _), row in sorted(self.rows.items()) if kind == name] for name in wanted
        }
        return {name: rows for name, rows in found.items() if rows}

    def _add(self, found: Iterable[tuple[str, Mapping[str, Any]]], anew: bool = True) -> None:
        for entity, row in found:
            if row:
                key = entity, entities()[entity].doc_id(row)
                if anew or not (key in self.rows or key in self._made):
                    self.rows[key] = {name: value for name, value in row.items() if value is not None}

    def _undo(self, image: Data) -> None:
        key, before = (image["entity"], image["id"]), image["before"]
        if before is None:
            self.rows.pop(key, None)
            self._made.add(key)
        elif (
            image["after"] is None or key not in self._made
        ):  # a part of a row that was not there yet is nothing
            self._made.discard(key)
            row = before if image["after"] is None else {**self.rows.get(key, {}), **before}
            self.rows[key] = {name: value for name, value in row.items() if value is not None}


def _named(store: Store, value: str) -> Iterator[tuple[str, Data]]:
    yield from ((entity, row_of(store, entity, value)) for entity in _NAMED)
    for entity, field in _NUMBERED:
        yield from ((entity, row) for row in rows_of(store, entity, **{field: value}))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str) and value:
        yield value
