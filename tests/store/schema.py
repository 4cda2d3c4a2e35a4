"""A small schema, documents for it, and stores of it: what the tests of this folder have in common."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock  # noqa: F401

import yk.store.json_file
import yk.store.sqlite  # noqa: F401  (`as_nobody` may not be able to load anything)
from yk.store import Collection, Store

Data = dict[str, Any]
Content = dict[str, dict[str, Data]]

MEDIA = ("memory", "json", "sqlite")
FILES = ("json", "sqlite")
COLLECTIONS = (
    Collection(
        "thing",
        ("no",),
        {"no": "text", "name": "text", "count": "integer", "size": "real"},
        ("no", "name", "count", "size"),
    ),
    Collection("pair", ("kind", "code"), {"kind": "text", "code": "text", "note": "text"}, ("kind",)),
    Collection("paper", ("id",), None, ("state", "owner")),
)
THING = COLLECTIONS[0]


def address(folder: Path, medium: str, name: str = "store") -> str:
    """Where a store of that medium lies."""
    return "memory://" if medium == "memory" else f"{medium}:///{folder / name}.{medium}"


def path_of(url: str) -> Path:
    """The file of an address made here."""
    return Path(url.partition(":///")[2])


def opened(url: str, create: bool = True) -> Store:
    """A store of the small schema."""
    return Store.open(url, COLLECTIONS, create)


def content(store: Store) -> Content:
    """Everything a store holds but what it says of itself: table -> id -> document."""
    return {c.name: {doc.doc_id: dict(doc) for doc in store.table(c.name)} for c in COLLECTIONS}


def thing(no: str, name: str | None = None, count: int | None = None, size: float | None = None) -> Data:
    """A typed document."""
    return {"no": no, "name": name, "count": count, "size": size}


def furnish(store: Store) -> Content:
    """Put a few documents of every kind in; gives the content."""
    with store.transaction():
        store.table("thing").insert_multiple(
            [thing("01", "甲", 1, 1.5), thing("02", "乙", 2, 2.5), thing("03", "丙", 2), thing("10", "甲")]
        )
        store.table("pair").insert_multiple(
            [{"kind": "k", "code": c, "note": n} for c, n in (("1", "一"), ("2", None))]
        )
        store.table("paper").insert_multiple(
            [
                {"id": "p1", "state": "open", "owner": "li", "deep": {"list": [1, 2.5, None, True, "五"]}},
                {"id": "p2", "state": "done", "owner": None, "amount": 10.25, "text": "含 NUL\0 和 😀"},
                {"id": "p3", "state": "open"},
            ]
        )
    return content(store)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder in memory where the machine has such a one: a commit waits for the disk."""
    shared = "/dev/shm"  # noqa: S108
    base = shared if os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yk-test-", dir=base) as name:
        yield Path(name)


@contextmanager
def as_nobody() -> Iterator[None]:
    """The block runs as somebody who may not do what root may."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
