"""The store in memory: tests, scenarios, drills, batch rehearsals."""

from __future__ import annotations

import marshal
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison
from yk.store.medium import Medium


class _Rows(Mapping[str, Row]):
    """Read view of one table; every document is decoded anew, so nobody can change the stored one."""

    def __init__(self, packed: dict[str, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, key: str) -> Row:
        row: Row = marshal.loads(self._packed[key])  # noqa: S302  (bytes this module packed itself)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._packed))

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, key: object) -> bool:
        return key in self._packed


class MemoryMedium(Medium):
    """Documents packed in dictionaries, with hash indexes; a unit of work keeps an undo list."""

    def __init__(self, url: str, collections: Iterable[Collection]) -> None:
        super().__init__(url, collections)
        self._packed: dict[str, dict[str, bytes]] = {name: {} for name in self.collections}
        self._index: dict[str, dict[str, dict[Any, dict[str, None]]]] = {
            name: {field: {} for field in c.index} for name, c in self.collections.items()
        }
        self._undo: list[tuple[str, str, bytes | None]] = []

    def begin(self) -> None:
        self._undo.clear()

    def end(self, keep: bool) -> None:
        if not keep:
            for name, key, packed in reversed(self._undo):
                self._set(name, key, packed)
        self._undo.clear()

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        return _Rows(self._packed[collection.name])

    def apply(self, collection: Collection, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
        table = self._packed[collection.name]
        complete = collection.complete
        packed = {k: None if row is None else marshal.dumps(complete(row)) for k, row in changes.items()}
        for key, new in packed.items():
            if self._depth:
                self._undo.append((collection.name, key, table.get(key)))
            self._set(collection.name, key, new)

    def _set(self, name: str, key: str, packed: bytes | None) -> None:
        """Put one packed document and keep the indexes right."""
        table, indexes = self._packed[name], self._index[name]
        if indexes:
            old = table.get(key)
            if old is not None:
                row = marshal.loads(old)  # noqa: S302
                for field, index in indexes.items():
                    index[row.get(field)].pop(key, None)
            if packed is not None:
                row = marshal.loads(packed)  # noqa: S302
                for field, index in indexes.items():
                    index.setdefault(row.get(field), {})[key] = None
        if packed is None:
            table.pop(key, None)
        else:
            table[key] = packed

    def find(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        rows = self.rows(collection)
        return [(key, rows[key]) for key in sorted(self._keys(collection, wanted))]

    def count(self, collection: Collection, wanted: list[Comparison]) -> int:
        return len(self._keys(collection, wanted))

    def _keys(self, collection: Collection, wanted: list[Comparison]) -> set[str]:
        """The ids for which every comparison holds, from the indexes."""
        found: set[str] | None = None
        for field, sign, values in wanted:
            index = self._index[collection.name][field]
            if sign in ("=", "in"):
                keys = {k for value in values for k in index.get(value, ())}
            else:
                test = _TESTS[sign]
                keys = {k for v, ids in index.items() if v is not None and test(v, values[0]) for k in ids}
            found = keys if found is None else found & keys
        return found or set()

    def integrity(self) -> list[str]:
        return []


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
