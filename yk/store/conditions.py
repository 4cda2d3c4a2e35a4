"""TinyDB queries read as simple comparisons, so that a medium can answer them from an index."""

from __future__ import annotations

from typing import Any, NamedTuple

from yk.store.collection import Collection

OPERATORS = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Comparison(NamedTuple):
    """`field operator values`; the operator is a SQL one, `in` takes several values."""

    field: str
    operator: str
    values: tuple[Any, ...]


def comparisons(collection: Collection, query: Any) -> list[Comparison] | None:
    """The comparisons that together say what `query` says, or None when only a scan can answer it."""
    shape = getattr(query, "_hash", None)
    if not shape:
        return None
    parts = list(shape[1]) if shape[0] == "and" else [shape]
    found = [_comparison(collection, part) for part in parts]
    return None if None in found else [part for part in found if part is not None]


def _comparison(collection: Collection, shape: Any) -> Comparison | None:
    """One comparison of an indexed field with values of its own type."""
    match shape:
        case (str(kind), (str(field),), value):
            pass
        case _:
            return None
    if kind == "one_of":
        values, operator = tuple(value), "in"
    elif kind in OPERATORS:
        values, operator = (value,), OPERATORS[kind]
    else:
        return None
    fits = all(collection.fits(field, v) for v in values)
    return Comparison(field, operator, values) if fits and values else None
