"""How one TinyDB table lies in a medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yk.errors import UnreadableError

Row = dict[str, Any]
TYPES = {"text": str, "integer": int, "real": (int, float)}


@dataclass(frozen=True, slots=True)
class Collection:
    """A table of the store.

    `key`: the fields whose values, joined by ':', are the document's id; they stand in the body too.
    `columns`: field -> 'text' | 'integer' | 'real' for a *typed* collection (SQL can read it in place);
    None for JSON *documents*. `index`: the fields that searches may use.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str] | None = None
    index: tuple[str, ...] = ()

    def doc_id(self, row: Mapping[str, Any]) -> str:
        """The id of `row`. Raises UnreadableError (`key_missing`) when a key field is empty."""
        values = [row.get(field) for field in self.key]
        if any(value is None or value == "" for value in values):
            raise UnreadableError("key_missing", f"{self.name}：缺少主键 {'、'.join(self.key)}")
        return str(values[0]) if len(values) == 1 else ":".join(str(value) for value in values)

    def check(self, row: Mapping[str, Any]) -> None:
        """Refuse fields that a typed collection does not have (`unknown_field`)."""
        if self.columns is not None and not self.columns.keys() >= row.keys():
            unknown = sorted(row.keys() - self.columns.keys())
            raise UnreadableError("unknown_field", f"{self.name} 没有字段 {'、'.join(unknown)}")

    def complete(self, row: Mapping[str, Any]) -> Row:
        """`row` with every column of a typed collection present, in column order."""
        if self.columns is None:
            return dict(row)
        self.check(row)
        return {column: row.get(column) for column in self.columns}

    def fits(self, field: str, value: object) -> bool:
        """Can an index answer a comparison of `field` with `value` exactly?"""
        if isinstance(value, bool) or field not in self.index:
            return False
        kind = "text" if self.columns is None else self.columns[field]
        return isinstance(value, TYPES[kind])  # type: ignore[arg-type]
