"""Looking up rows of the store by index or id, as quickly as the medium can."""

from __future__ import annotations

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
