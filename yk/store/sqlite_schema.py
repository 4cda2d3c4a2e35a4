"""The tables of the SQLite store.

A column is always written with its table: SQLite takes a bare quoted name that it does not know for a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from yk.store.collection import Collection, Row

APPLICATION = 0x796B6462
"""SQLite's application id of a yk store («ykdb»)."""

Decode = Callable[[tuple[Any, ...]], tuple[str, Row]]
Run = Callable[[str], Any]


def id_column(collection: Collection) -> str:
    """The column that holds the document id."""
    typed_single = collection.columns is not None and len(collection.key) == 1
    return collection.key[0] if typed_single else "_id"


def statements(collection: Collection) -> Iterator[str]:
    """What makes the table and its indexes, where they are missing."""
    name = collection.name
    columns = [f'"{id_column(collection)}" text primary key not null']
    if collection.columns is None:
        columns.append("body text not null")
        columns += [_lifted(field) for field in collection.index]
    else:
        columns += [f'"{f}" {t}' for f, t in collection.columns.items() if f != id_column(collection)]
    yield f'create table if not exists "{name}"({", ".join(columns)}) strict'
    for field in collection.index:
        if field != id_column(collection):
            yield f'create index if not exists "{name}_{field}" on "{name}"("{field}")'


def column_additions(collection: Collection, run: Run) -> Iterator[str]:
    """Columns that a newer yk knows and an existing table lacks."""
    present = _present(collection, run)
    if not present:
        return
    if collection.columns is None:
        lacking = [_lifted(field) for field in collection.index if field not in present]
    else:
        lacking = [f'"{f}" {t}' for f, t in collection.columns.items() if f not in present]
    for column in lacking:
        yield f'alter table "{collection.name}" add column {column}'


def lacking(collection: Collection, run: Run) -> list[str]:
    """The columns that ought to be there and are not."""
    fields = (*collection.index, "body") if collection.columns is None else tuple(collection.columns)
    return sorted({id_column(collection), *fields} - _present(collection, run))


def _present(collection: Collection, run: Run) -> set[str]:
    return {row[1] for row in run(f'pragma table_xinfo("{collection.name}")')}


def _lifted(field: str) -> str:
    """An indexed field of a JSON document as a generated column."""
    return f"\"{field}\" text generated always as (json_extract(body, '$.{field}')) virtual"


@cache
def reader(collection: Collection) -> tuple[str, Decode]:
    """The select list of a table and how to read one row of it."""
    name, read = f'"{collection.name}"', collection.read
    names = ("body",) if collection.columns is None else tuple(collection.columns)
    selected = ", ".join(f'{name}."{field}"' for field in (id_column(collection), *names))
    return selected, lambda row: (row[0], read(row[0], row[1:]))
