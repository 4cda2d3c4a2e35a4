"""The tables of the SQLite store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from yk.store.collection import Collection, Row

APPLICATION = 0x796B6462
"""SQLite's application id of a yk store («ykdb»)."""

Decode = Callable[[tuple[Any, ...]], tuple[str, Row]]


def id_column(collection: Collection) -> str:
    """The column that holds the document id."""
    typed_single = collection.columns is not None and len(collection.key) == 1
    return collection.key[0] if typed_single else "_id"


def statements(collection: Collection) -> Iterator[str]:
    """What makes the table and its indexes, where they are missing."""
    name = collection.name
    columns = [f'"{id_column(collection)}" text primary key']
    if collection.columns is None:
        columns.append("body text not null")
        columns += [_lifted(field) for field in collection.index]
    else:
        columns += [f'"{f}" {t}' for f, t in collection.columns.items() if f != id_column(collection)]
    yield f'create table if not exists "{name}"({", ".join(columns)})'
    for field in collection.index:
        if field != id_column(collection):
            yield f'create index if not exists "{name}_{field}" on "{name}"("{field}")'


def column_additions(collection: Collection, run: Callable[[str], Any]) -> Iterator[str]:
    """Columns that a newer yk knows and an existing table lacks."""
    present = {row[1] for row in run(f'pragma table_xinfo("{collection.name}")')}
    if not present:
        return
    if collection.columns is None:
        lacking = [_lifted(field) for field in collection.index if field not in present]
    else:
        lacking = [f'"{f}" {t}' for f, t in collection.columns.items() if f not in present]
    for column in lacking:
        yield f'alter table "{collection.name}" add column {column}'


def _lifted(field: str) -> str:
    """An indexed field of a JSON document as a generated column."""
    return f"\"{field}\" text generated always as (json_extract(body, '$.{field}')) virtual"


@cache
def _reader(name: str, columns: tuple[str, ...] | None, composite: bool) -> tuple[str, Decode]:
    if columns is None:
        return '"_id", body', lambda row: (row[0], json.loads(row[1]))
    names = ", ".join(f'"{c}"' for c in columns)
    if composite:
        return f'"_id", {names}', lambda row: (row[0], dict(zip(columns, row[1:], strict=True)))
    return f'"{name}", {names}', lambda row: (row[0], dict(zip(columns, row[1:], strict=True)))


def reader(collection: Collection) -> tuple[str, Decode]:
    """The select list of a table and how to read one row of it."""
    columns = None if collection.columns is None else tuple(collection.columns)
    return _reader(id_column(collection), columns, len(collection.key) > 1)
