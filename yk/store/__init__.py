"""The store: documents in TinyDB, kept in SQLite (default), in a JSON file or in memory."""

from yk.store.collection import Collection
from yk.store.store import Store

__all__ = ["Collection", "Store"]
