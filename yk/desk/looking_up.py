"""Looking up rows of the store by index or id, as quickly as the medium can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yk.store import Store
from yk.store.conditions import Comparison

Row = dict[str, Any]


def rows_of(store: Store, table: str, **wanted: Any) -> list[Row]:
    """The rows of `table` whose indexed fields have these values."""
    medium = store.medium
    comparisons = [Comparison(field, "=", (value,)) for field, value in wanted.items()]
    return [row for _, row in medium.find(medium.collections[table], comparisons)]


def row_of(store: Store, table: str, key: str) -> Row:
    """The row of `table` with this id, {} when there is none."""
    medium = store.medium
    return medium.rows(medium.collections[table]).get(key) or {} if key else {}


def rows_in(store: Store, table: str, field: str, values: Iterable[str]) -> Iterable[Row]:
    """The rows of `table` whose `field` is one of `values`, in key order."""
    medium, wanted = store.medium, tuple(dict.fromkeys(values))
    if not wanted:
        return ()
    found = medium.find(medium.collections[table], [Comparison(field, "in", wanted)])
    return (row for _, row in found)


def by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by account number."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["cons_no"], []).append(row)
    return found


def units_of(store: Store, accounts: Iterable[str | None]) -> dict[str, str]:
    """The supply unit of each account, '' for none."""
    wanted = tuple(sorted({one for one in accounts if one}))
    if not wanted:
        return {}
    collection = store.medium.collections["customer"]
    rows = store.medium.pick(collection, ("cons_no", "org_no"), [Comparison("cons_no", "in", wanted)])
    return {cons_no: org or "" for cons_no, org in rows}
