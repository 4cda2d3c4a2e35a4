"""What every medium of the store offers: TinyDB's Storage, and units of work over any number of tables."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tinydb.storages import Storage

from yk.errors import UsageError
from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison

FORMAT = 1
"""Version of the stored form; a higher one was written by a newer yk."""


class Medium(Storage):
    """Where documents lie. Reading always goes in key order, so that all media answer alike."""

    url: str

    def __init__(self, url: str, collections: Iterable[Collection]) -> None:
        self.url = url
        self.collections = {c.name: c for c in collections}
        self._depth = 0
        self._doomed = False

    def collection(self, name: str) -> Collection:
        """The collection `name`. Raises UsageError (`unknown_table`)."""
        if name not in self.collections:
            raise UsageError("unknown_table", f"存储里没有 {name} 这张表")
        return self.collections[name]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A unit of work. An inner one joins it; when an inner one fails the whole fails."""
        if self._depth == 0:
            self.begin()
            self._doomed = False
        self._depth += 1
        try:
            yield
        except BaseException:
            self._doomed = True
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self.end(keep=not self._doomed)

    @property
    def in_transaction(self) -> bool:
        """Is a unit of work open?"""
        return self._depth > 0

    def doom(self) -> None:
        """Let the open unit of work end without effect (dry run)."""
        self._doomed = True

    @abstractmethod
    def begin(self) -> None:
        """Open the outermost unit of work."""

    @abstractmethod
    def end(self, keep: bool) -> None:
        """Commit it, or take everything back."""

    @abstractmethod
    def rows(self, collection: Collection) -> Mapping[str, Row]:
        """A read view, id -> document; every document handed out is the caller's own."""

    @abstractmethod
    def apply(self, collection: Collection, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Write documents; None removes."""

    @abstractmethod
    def find(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        """The documents for which every comparison holds, in key order."""

    @abstractmethod
    def count(self, collection: Collection, wanted: list[Comparison]) -> int:
        """How many `find` would give."""

    @abstractmethod
    def integrity(self) -> list[str]:
        """What is wrong with the medium itself, in Chinese; empty when sound."""

    # -- TinyDB's Storage ----------------------------------------------------------------------------
    def read(self) -> dict[str, Any]:
        """All tables as read views."""
        return {name: self.rows(c) for name, c in self.collections.items()}

    def write(self, data: Mapping[str, Mapping[Any, Mapping[str, Any]]]) -> None:
        """Replace all tables named in `data`."""
        with self.transaction():
            for name, rows in data.items():
                collection = self.collection(name)
                self.apply(collection, dict.fromkeys(self.rows(collection)))
                self.apply(collection, {collection.doc_id(row): row for row in rows.values()})
