"""Where the statements run: in the SQLite store itself, else on a copy of the archive in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from yk.archive.dictionary import collections as archive
from yk.audit.fusing import Statement
from yk.store import Store

Base = Callable[[str], Iterable[tuple[Any, ...]]]
"""Runs one statement of SQL over an archive; all its rows."""
Found = tuple[str, str, str, str | None]
"""Rule, entity, id of the row, account."""


def broken(base: Base, asked: Iterable[Statement]) -> Iterator[Found]:
    """Every row that breaks a rule, as (rule, entity, id, account)."""
    for statement in asked:
        for ident, cons_no, mask in base(statement.sql):
            for bit, rules in enumerate(statement.rules):
                if mask >> bit & 1:
                    yield from ((rule, statement.entity, ident, cons_no) for rule in rules)


@contextmanager
def opened(store: Store) -> Iterator[Base]:
    """The archive of a store as a base, one consistent view of it."""
    if store.medium.kind == "sqlite":
        from yk.store.sqlite import SqliteMedium

        assert isinstance(store.medium, SqliteMedium)
        with store.reading():
            yield store.medium.run
        return
    with closing(sqlite3.connect(":memory:")) as base, store.reading():
        for collection in archive():
            assert collection.columns is not None
            names = list(collection.columns)
            columns = ", ".join(f'"{name}" {kind}' for name, kind in collection.columns.items())
            base.execute(f'create table "{collection.name}"({columns})')
            marks = ", ".join("?" * len(names))
            rows = ([row.get(name) for name in names] for _, row in store.medium.find(collection, []))
            base.executemany(f'insert into "{collection.name}" values({marks})', rows)
        yield base.execute
