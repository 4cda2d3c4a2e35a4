"""The store in memory: tests, scenarios, drills, batch rehearsals."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from yk.errors import UsageError
from yk.store.collection import Collection, Row, Stored
from yk.store.conditions import Comparison
from yk.store.medium import META, META_ROW, Change, Medium

Kept = Any
"""A row as it is kept: a dict of scalars (typed tables), else JSON text (documents nest)."""
Index = dict[Any, dict[str, None]]
"""Value -> ids; a row without a value is in no index."""


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

    def items(self) -> Any:
        """All documents in key order, as they are now."""
        unpack = self._unpack
        return ((key, unpack(kept)) for key, kept in sorted(self._kept.items()))

    def values(self) -> Any:
        """All documents in key order, as they are now."""
        return (row for _, row in self.items())


class MemoryMedium(Medium):
    """Documents in dictionaries, with hash indexes; a unit of work keeps an undo list."""

    kind = "memory"

    def __init__(self, url: str, collections: Iterable[Collection]) -> None:
        super().__init__(url, collections)
        self.fill({META: {META_ROW["name"]: META.stored(META_ROW["name"], META_ROW)}})
        self._undo: list[tuple[str, str, Kept]] = []
        self._journal: list[tuple[str, str, Kept]] | None = None

    def fill(self, content: Mapping[Collection, Mapping[str, Stored]]) -> None:
        """Hold `content` and nothing else."""
        self._kept: dict[str, dict[str, Kept]] = {name: {} for name in self.collections}
        self._index: dict[str, dict[str, Index]] = {
            name: {field: {} for field in c.index} for name, c in self.collections.items()
        }
        self._indexed: dict[str, dict[str, tuple[Any, ...]]] = {name: {} for name in self.collections}
        for collection, rows in content.items():
            for key, stored in rows.items():
                self._set(collection.name, key, _keep(collection, key, stored), collection.read(key, stored))

    def begin(self) -> None:
        self._undo.clear()

    def end(self, keep: bool) -> None:
        if not keep:
            self._take_back(self._undo)
        elif self._journal is not None:
            self._journal += self._undo
        self._undo.clear()

    def _take_back(self, written: list[tuple[str, str, Kept]]) -> None:
        """Every row is again what it was before it was first written."""
        before: dict[tuple[str, str], Kept] = {}
        for name, key, kept in written:
            before.setdefault((name, key), kept)
        for (name, key), kept in before.items():
            self._set(name, key, kept, None if kept is None else self._unpacker(name)(kept))

    def mark(self) -> tuple[int, int]:
        """A moment to come back to by `rewind`. From the first mark on everything that is written is remembered."""
        if self._journal is None:
            self._journal = []
        return len(self._journal), self.changes

    def rewind(self, mark: tuple[int, int]) -> None:
        """Make the store again what it was at a mark; later marks count no more."""
        assert self._journal is not None
        assert not self.in_transaction
        place, self.changes = mark
        self._take_back(self._journal[place:])
        del self._journal[place:]

    def begin_reading(self) -> None:
        pass

    def end_reading(self) -> None:
        pass

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        return _Rows(self._kept[collection.name], self._unpacker(collection.name))

    def write_rows(self, collection: Collection, changes: list[Change]) -> None:
        name, table = collection.name, self._kept[collection.name]
        for key, stored, row in changes:
            self._undo.append((name, key, table.get(key)))
            self._set(name, key, None if stored is None else _keep(collection, key, stored), row)

    def clear_rows(self, collection: Collection) -> None:
        self.write_rows(collection, [(key, None, None) for key in self._kept[collection.name]])

    def _set(self, name: str, key: str, kept: Kept, row: Mapping[str, Any] | None) -> None:
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

    def find_rows(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        keys = self._keys(collection, wanted)
        kept, unpack = self._kept[collection.name], self._unpacker(collection.name)
        return ((key, unpack(value)) for key, value in [(key, kept[key]) for key in sorted(keys)])

    def count_rows(self, collection: Collection, wanted: list[Comparison]) -> int:
        return len(self._keys(collection, wanted))

    def _keys(self, collection: Collection, wanted: list[Comparison]) -> Any:
        """The ids for which every comparison holds, from the indexes; all ids without a comparison."""
        if not wanted:
            return self._kept[collection.name].keys()
        sets = [_matching(self._index[collection.name][c.field], c) for c in wanted]
        return sets[0] if len(sets) == 1 else set(sets[0]).intersection(*sets[1:])

    def _unpacker(self, name: str) -> Callable[[Kept], Row]:
        return dict if self.collections[name].columns is not None else orjson.loads

    def integrity(self) -> list[str]:
        return []

    def copy_to(self, path: Path) -> None:
        raise UsageError("memory_store", "内存里的存储没有文件，不能备份", "导出用 yk store dump")


def _keep(collection: Collection, key: str, stored: Stored) -> Kept:
    return stored[0] if collection.columns is None else collection.read(key, stored)


def _reindex(
    indexes: Mapping[str, Index], key: str, old: tuple[Any, ...] | None, new: tuple[Any, ...] | None
) -> None:
    """Move `key` from its old index values to the new ones."""
    for i, index in enumerate(indexes.values()):
        before, after = None if old is None else old[i], None if new is None else new[i]
        if before == after:
            continue
        if before is not None:
            ids = index[before]
            del ids[key]
            if not ids:
                del index[before]
        if after is not None:
            index.setdefault(after, {})[key] = None


def _matching(index: Index, wanted: Comparison) -> Any:
    """The ids one comparison holds for."""
    _, sign, values = wanted
    if sign == "=":
        return index.get(values[0], {})
    if sign == "in":
        return {key for value in values for key in index.get(value, ())}
    test = _TESTS[sign]
    return {key for value, ids in index.items() if test(value, values[0]) for key in ids}


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
