"""Desks on throw-away stores that hold the demonstration archive, for walking flows."""

from __future__ import annotations

from functools import cache
from typing import Any

from yk.archive import make
from yk.archive.opening import collections, open_store
from yk.clock import VirtualClock
from yk.desk import Desk
from yk.desk.demonstration import DAY
from yk.desk.operators import demonstration_operators
from yk.settings import Settings
from yk.settings import load as load_settings


@cache
def _content() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Everything a demonstration store holds: table -> (id, row)."""
    store = open_store("memory://", create=True)
    make.fill(store)
    for operator in demonstration_operators():
        store.table("operator").save(operator.doc())
    return {c.name: [(d.doc_id, dict(d)) for d in store.table(c.name)] for c in collections()}


def fresh(settings: Settings | None = None, operator: str = "trainer") -> Desk:
    """A desk on a new store with the demonstration archive and its operators."""
    store = open_store("memory://", create=True)
    with store.transaction():
        for name, rows in _content().items():
            store.table(name).put(rows)
    return Desk(store, operator, VirtualClock(DAY), settings or load_settings({}))
