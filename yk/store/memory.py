"""The store in memory: tests, scenarios, drills, batch rehearsals."""

from __future__ import annotations

import marshal
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison
from yk.store.medium import Medium

Kept = Any
"""A row as it is kept: a dict of scalars (typed tables), else packed bytes (documents nest)."""


class _Rows(Mapping[str, Row]):
    """Read view of one table; every document is copied out, so nobody can change the stored one."""

    __slots__ = ("_kept", "_unpack")

    def __init__(self, kept: dict[str, Kept], unpack: Callable[[Kept], Row]) -> None:
        self._kept, self._unpack = kept, unpack

    def __getitem__(self, key: str) -> Row:
        return self._unpack(self._kept[key])

    def get(self, key: str, default: Any = None) -> Any:
        found = self._kept.get(key)
        return default if found is None else self._unpack(found)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: object) -> bool:
        return key in self._kept


class MemoryMedium(Medium):
    """Documents in dictionaries, with hash indexes; a unit of work keeps an undo list."""

    def __init__(self, url: str, collections: Iterable[Collection]) -> None:
        super().__init__(url, collections)
        self._kept: dict[str, dict[str, Kept]] = {name: {} for name in self.collections}
        self._index: dict[str, dict[str, dict[Any, dict[str, None]]]] = {
            name: {field: {} for field in c.index} for name, c in self.collections.items()
        }
        self._indexed: dict[str, dict[str, tuple[Any, ...]]] = {name: {} for name in self.collections}
        self._undo: list[tuple[str, str, Kept]] = []

    def begin(self) -> None:
        self._undo.clear()

    def end(self, keep: bool) -> None:
        if not keep:
            for name, key, kept in reversed(self._undo):
                row = None if kept is None else _unpacker(self.collections[name])(kept)
                self._set(name, key, kept, row)
        self._undo.clear()

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        return _Rows(self._kept[collection.name], _unpacker(collection))

    def apply(self, collection: Collection, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
        name, table, complete = collection.name, self._kept[collection.name], collection.complete
        pack = _packer(collection)
        made = []
        for key, row in changes.items():
            full = None if row is None else complete(row)
            made.append((key, None if full is None else pack(full), full))
        for key, kept, full in made:
            if self._depth:
                self._undo.append((name, key, table.get(key)))
            self._set(name, key, kept, full)

    def _set(self, name: str, key: str, kept: Kept, row: Row | None) -> None:
        """Put one row and keep the indexes right."""
        indexes, values = self._index[name], self._indexed[name]
        if indexes:
            new = None if row is None else tuple([row.get(field) for field in indexes])
            old = values.get(key)
            if new != old:
                _reindex(indexes, key, old, new)
                if new is None:
                    values.pop(key, None)
                else:
                    values[key] = new
        if kept is None:
            self._kept[name].pop(key, None)
        else:
            self._kept[name][key] = kept

    def find(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        keys = self._keys(collection, wanted)
        kept, unpack = self._kept[collection.name], _unpacker(collection)
        return [(key, unpack(kept[key])) for key in sorted(keys)]

    def count(self, collection: Collection, wanted: list[Comparison]) -> int:
        return len(self._keys(collection, wanted))

    def _keys(self, collection: Collection, wanted: list[Comparison]) -> Any:
        """The ids for which every comparison holds, from the indexes; all ids without a comparison."""
        if not wanted:
            return self._kept[collection.name].keys()
        sets = [_matching(self._index[collection.name][c.field], c) for c in wanted]
        return sets[0] if len(sets) == 1 else set(sets[0]).intersection(*sets[1:])

    def integrity(self) -> list[str]:
        return []


def _packer(collection: Collection) -> Callable[[Row], Kept]:
    return dict if collection.columns is not None else marshal.dumps


def _unpacker(collection: Collection) -> Callable[[Kept], Row]:
    return dict if collection.columns is not None else marshal.loads


def _reindex(
    indexes: Mapping[str, dict[Any, dict[str, None]]],
    key: str,
    old: tuple[Any, ...] | None,
    new: tuple[Any, ...] | None,
) -> None:
    """Move `key` from its old index values to the new ones."""
    for i, index in enumerate(indexes.values()):
        before = None if old is None else old[i]
        if old is not None and (new is None or before != new[i]):
            ids = index[before]
            del ids[key]
            if not ids:
                del index[before]
        if new is not None and (old is None or before != new[i]):
            index.setdefault(new[i], {})[key] = None


def _matching(index: dict[Any, dict[str, None]], wanted: Comparison) -> Any:
    """The ids one comparison holds for."""
    _, sign, values = wanted
    if sign == "=":
        return index.get(values[0], {})
    if sign == "in":
        return {key for value in values for key in index.get(value, ())}
    test = _TESTS[sign]
    return {key for v, ids in index.items() if v is not None and test(v, values[0]) for key in ids}


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
