"""What every medium of the store offers: TinyDB's Storage, and units of work over any number of tables."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from yk.errors import UsageError, YkError
from yk.store.collection import Collection, Row, Stored
from yk.store.conditions import Comparison

FORMAT = 1
"""Version of the stored form; a higher one was written by a newer yk."""
META = Collection("meta", ("name",), counts=False)
"""The table that says what the store is; every store has it, and every dump."""
META_ROW: Row = {"name": "format", "value": FORMAT}

Change = tuple[str, Stored | None, Mapping[str, Any] | None]
"""A document's id, what is kept of it, and itself; None removes."""


class Medium(Storage):
    """Where documents lie. Reading always goes in key order, so that all media answer alike.

    What is being read when something is written goes on as it was when the reading began.
    """

    kind: str
    url: str

    def __init__(self, url: str, collections: Iterable[Collection]) -> None:
        self.url = url
        self.collections = {META.name: META} | {c.name: c for c in collections}
        self._depth = self._views = 0
        self._failed = self._unwanted = False
        self._counts = False
        self.changes = 0
        """How many units of work of this medium counted, see `revision`."""
        self.before_write: Callable[[], None] | None = None
        """Called before anything is written; what it raises undoes the unit of work. Drills let the system fail by it."""

    def collection(self, name: str) -> Collection:
        """The collection `name`. Raises UsageError (`unknown_table`)."""
        if name not in self.collections:
            raise UsageError("unknown_table", f"存储里没有 {name} 这张表")
        return self.collections[name]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A unit of work. An inner one joins it; when an inner one fails the whole fails.

        Raises YkError (`unit_failed`) at its end when an inner failure was swallowed on the way.
        """
        if self._depth == 0:
            assert not self._views, "nothing is written inside reading()"
            self.begin()
            self._failed = self._unwanted = self._counts = False
        self._depth += 1
        try:
            yield
        except BaseException:
            self._failed = True
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._close(keep=not (self._failed or self._unwanted))
        if self._depth == 0 and self._failed and not self._unwanted:
            raise YkError("unit_failed", "这批改动中有一步失败，整批都没有写入", "改正后整批再办")

    def _close(self, keep: bool) -> None:
        counts = keep and self._counts
        if counts:
            try:
                self.count_revision()
            except BaseException:
                self.end(keep=False)
                raise
        self.end(keep)
        self.changes += counts

    @property
    def revision(self) -> int | None:
        """A number that grows with every unit of work that changed a table that counts, whoever did it; None when this
        medium cannot tell. Inside a unit of work it does not count the unit itself."""
        return self.changes

    @property
    def pulse(self) -> Any:
        """Something that differs once anybody has written since it was last looked at: for those who watch a store."""
        return self.changes

    def count_revision(self) -> None:
        """Let `revision` grow, as part of the open unit of work."""

    @property
    def is_counted(self) -> bool:
        """Will the open unit of work let `revision` grow?"""
        return self._counts

    @property
    def in_transaction(self) -> bool:
        """Is a unit of work open?"""
        return self._depth > 0

    def doom(self) -> None:
        """Let the open unit of work end without effect (dry run)."""
        self._unwanted = True

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view of all tables, whatever others write meanwhile; nothing may be written inside."""
        if self._depth or self._views:
            yield
            return
        self.begin_reading()
        self._views += 1
        try:
            yield
        finally:
            self._views -= 1
            self.end_reading()

    def apply(self, collection: Collection, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Write documents, all or none; None removes. Raises as `Collection.stored`."""
        stored = collection.stored
        if self._depth:
            self._counts |= collection.counts
            try:
                if self.before_write is not None:
                    self.before_write()
                self.write_rows(
                    collection, [(k, r if r is None else stored(k, r), r) for k, r in changes.items()]
                )
            except BaseException:
                self._failed = True
                raise
        else:
            with self.transaction():
                self.apply(collection, changes)

    def amend(self, collection: Collection, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace some fields of documents by id, all or none; the others stay, unknown ids are passed over.

        Key fields stay as they are. Raises as `Collection.stored`.
        """
        if self._depth:
            self._counts |= collection.counts
            try:
                if self.before_write is not None:
                    self.before_write()
                self.amend_rows(collection, changes)
            except BaseException:
                self._failed = True
                raise
        else:
            with self.transaction():
                self.amend(collection, changes)

    def amend_rows(self, collection: Collection, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """`amend` inside a unit of work; a medium that can write single fields does it in its own way."""
        rows = self.rows(collection)
        merged = {
            key: {**old, **fields} for key, fields in changes.items() if (old := rows.get(key)) is not None
        }
        self.write_rows(collection, [(k, collection.stored(k, row), row) for k, row in merged.items()])

    def clear(self, collection: Collection) -> None:
        """Remove every document of a table; inside a unit of work."""
        self._counts |= collection.counts
        self.clear_rows(collection)

    def find(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        """The documents for which every comparison holds, in key order; all of them without a comparison."""
        fitting = _fitting(collection, wanted)
        return () if fitting is None else self.find_rows(collection, fitting)

    def pick(
        self, collection: Collection, fields: tuple[str, ...], wanted: list[Comparison]
    ) -> Iterable[tuple[Any, ...]]:
        """The values of `fields` of the documents that `find` gives, in no certain order."""
        fitting = _fitting(collection, wanted)
        return () if fitting is None else self.pick_rows(collection, fields, fitting)

    def pick_rows(
        self, collection: Collection, fields: tuple[str, ...], wanted: list[Comparison]
    ) -> Iterable[tuple[Any, ...]]:
        """`pick` with comparisons that fit; a medium that can read single fields does it in its own way."""
        return (tuple([row.get(name) for name in fields]) for _, row in self.find_rows(collection, wanted))

    def count(self, collection: Collection, wanted: list[Comparison]) -> int:
        """How many `find` would give."""
        fitting = _fitting(collection, wanted)
        return 0 if fitting is None else self.count_rows(collection, fitting)

    # -- what a medium does in its own way -----------------------------------------------------------
    @abstractmethod
    def begin(self) -> None:
        """Open the outermost unit of work."""

    @abstractmethod
    def end(self, keep: bool) -> None:
        """Commit it, or take everything back."""

    @abstractmethod
    def begin_reading(self) -> None:
        """Hold on to what the store says now."""

    @abstractmethod
    def end_reading(self) -> None:
        """Let go of it."""

    @abstractmethod
    def rows(self, collection: Collection) -> Mapping[str, Row]:
        """A read view, id -> document; every document handed out is the caller's own."""

    @abstractmethod
    def write_rows(self, collection: Collection, changes: list[Change]) -> None:
        """Write checked documents; inside a unit of work."""

    @abstractmethod
    def clear_rows(self, collection: Collection) -> None:
        """Remove every document of a table; inside a unit of work."""

    @abstractmethod
    def find_rows(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        """`find` with comparisons that fit their fields."""

    @abstractmethod
    def count_rows(self, collection: Collection, wanted: list[Comparison]) -> int:
        """`count` with comparisons that fit their fields."""

    @abstractmethod
    def integrity(self) -> list[str]:
        """What is wrong with the medium itself, in Chinese; empty when sound."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """Write all that is committed into the file `path`, which is there and empty.

        Raises UsageError (`memory_store`), UnreadableError.
        """

    # -- TinyDB's Storage ----------------------------------------------------------------------------
    def read(self) -> dict[str, Any]:
        """All tables as read views."""
        return {name: self.rows(c) for name, c in self.collections.items()}

    def write(self, data: Mapping[str, Mapping[Any, Mapping[str, Any]]]) -> None:
        """Make the tables hold what `data` says; one it does not name becomes empty."""
        with self.transaction():
            new = {self.collection(name): list(rows.values()) for name, rows in data.items()}
            for collection in self.collections.values():
                self.clear(collection)
                self.apply(collection, {collection.doc_id(row): row for row in new.get(collection, ())})


def _fitting(collection: Collection, wanted: list[Comparison]) -> list[Comparison] | None:
    """The comparisons without values that an index cannot hold; None when nothing can be found."""
    found = []
    for field, operator, values in wanted:
        assert field in collection.index, f"{collection.name}.{field} has no index"
        kept = tuple([value for value in values if collection.fits(field, value)])
        if not kept:
            return None
        found.append(Comparison(field, operator, kept))
    return found
