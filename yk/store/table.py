"""TinyDB's Table over a medium: ids from the documents' own keys, indexed searches, O(change) writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from tinydb.table import Document, Table

from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison, comparisons
from yk.store.medium import Medium


class Changes(MutableMapping[str, Row]):
    """What a TinyDB updater mutates: reads through, remembers what it touched (None = removed)."""

    def __init__(self, base: Mapping[str, Row]) -> None:
        self.base = base
        self.new: dict[str, Row | None] = {}

    def __getitem__(self, key: str) -> Row:
        if key not in self.new:
            self.new[key] = self.base[key]
        row = self.new[key]
        if row is None:
            raise KeyError(key)
        return row

    def __setitem__(self, key: str, row: Mapping[str, Any]) -> None:
        self.new[key] = dict(row)

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self.new[key] = None

    def __contains__(self, key: object) -> bool:
        return self.new[key] is not None if key in self.new else key in self.base

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self.base if key not in self.new)
        yield from [key for key, row in self.new.items() if row is not None]

    def __len__(self) -> int:
        return sum(1 for _ in self)


class KeyTable(Table):
    """A TinyDB table whose documents are named by their own key fields."""

    document_id_class = str  # type: ignore[assignment]
    default_query_cache_capacity = 0

    def __init__(self, medium: Medium, name: str) -> None:
        super().__init__(medium, name, cache_size=0)
        self._medium = medium
        self.collection: Collection = medium.collection(name)
        """How this table lies in the medium."""

    def put(self, docs: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Insert or replace documents by id."""
        self._medium.apply(self.collection, dict(docs))

    def save(self, row: Mapping[str, Any]) -> None:
        """Insert or replace one document, named by its key fields."""
        self.put([(self.collection.doc_id(row), row)])

    def insert(self, document: Mapping[str, Any]) -> str:  # type: ignore[override]
        """TinyDB's insert; a plain mapping is named by its key fields."""
        return str(super().insert(self._named(document)))

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[str]:  # type: ignore[override]
        """TinyDB's insert_multiple; plain mappings are named by their key fields."""
        return [str(i) for i in super().insert_multiple([self._named(d) for d in documents])]

    def search(self, cond: Any) -> list[Document]:
        """The documents for which `cond` holds, in key order; from an index where one serves."""
        return list(self._matching(cond))

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """One document by id or condition, or several by ids, in key order; None when there is none."""
        if doc_id is not None:
            row = self._read_table().get(str(doc_id))
            return None if row is None else Document(row, str(doc_id))  # type: ignore[arg-type]
        if doc_ids is not None:
            ids = sorted({str(i) for i in doc_ids})
            return [doc for i in ids if (doc := self.get(doc_id=i)) is not None]
        if cond is None:
            raise RuntimeError("get() needs a condition, a doc_id or doc_ids")
        return next(self._matching(cond), None)

    def has(self, doc_id: str) -> bool:
        """Is there a document with this id?"""
        return doc_id in self._read_table()

    def count(self, cond: Any) -> int:
        """How many documents `cond` holds for."""
        wanted = comparisons(self.collection, cond)
        if wanted is None:
            return sum(1 for _ in self._matching(cond))
        return self._medium.count(self.collection, wanted)

    def update(self, fields: Any, cond: Any = None, doc_ids: Any = None) -> list[Any]:
        """TinyDB's update, touching only the documents that match; one unit of work with their search."""
        with self._medium.transaction():
            return super().update(fields, None, self._narrow(cond, doc_ids))

    def update_multiple(self, updates: Iterable[tuple[Any, Any]]) -> list[Any]:
        """TinyDB's update_multiple, touching only the documents that match."""
        with self._medium.transaction():
            return sorted(doc_id for fields, cond in updates for doc_id in self.update(fields, cond))

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[Any]:
        """TinyDB's upsert; without a condition the document is the one its key fields name."""
        with self._medium.transaction():
            return super().upsert(document if cond is not None else self._named(document), cond)

    def remove(self, cond: Any = None, doc_ids: Any = None) -> list[Any]:
        """TinyDB's remove, reading only the documents that match; one unit of work with their search."""
        with self._medium.transaction():
            return super().remove(None, self._narrow(cond, doc_ids))

    def truncate(self) -> None:
        """Remove every document."""
        with self._medium.transaction():
            self._medium.clear(self.collection)

    def find(self, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        """The medium's own search, for callers that build comparisons themselves."""
        return self._medium.find(self.collection, wanted)

    def _matching(self, cond: Any) -> Iterator[Document]:
        wanted = comparisons(self.collection, cond)
        if wanted is not None:
            found = self._medium.find(self.collection, wanted)
            return (Document(doc, key) for key, doc in found)  # type: ignore[arg-type]
        return (Document(doc, key) for key, doc in self._read_table().items() if cond(doc))

    def _narrow(self, cond: Any, doc_ids: Any) -> Any:
        """The ids an update or a remove is for; as in TinyDB ids go before a condition, None means all."""
        if doc_ids is not None:
            return [str(i) for i in doc_ids]
        return None if cond is None else [doc.doc_id for doc in self._matching(cond)]

    def _named(self, document: Mapping[str, Any]) -> Document:
        if isinstance(document, Document):
            return document
        return Document(document, self.collection.doc_id(document))  # type: ignore[arg-type]

    def _read_table(self) -> Any:
        return self._medium.rows(self.collection)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        with self._medium.transaction():
            changes = Changes(self._read_table())
            updater(changes)
            self._medium.apply(self.collection, changes.new)
