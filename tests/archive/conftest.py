"""Stores and files for the archive's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yk.archive.dictionary import collections, entities
from yk.archive.importing import Report, import_files
from yk.store import Store

Contents = dict[str, dict[str, dict[str, Any]]]
Load = Callable[..., Report]


def empty_store() -> Store:
    """A store in memory with the archive's tables."""
    return Store.open("memory://", collections())


def contents(store: Store) -> Contents:
    """Everything the archive holds: entity -> document id -> row."""
    return {name: {doc.doc_id: dict(doc) for doc in store.table(name)} for name in entities()}


@pytest.fixture
def store() -> Store:
    return empty_store()


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Load:
    """Write text or bytes into files and import them as one unit: load(customer_csv="…")."""

    def run(kind: str | None = None, dry_run: bool = False, **files: str | bytes) -> Report:
        paths = []
        for name, content in files.items():
            stem, _, suffix = name.rpartition("_")
            path = tmp_path / f"{stem}.{suffix}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return import_files(store, paths, kind, dry_run)

    return run


def codes_of(report: Report) -> list[str]:
    """The codes of the rejected rows, in order."""
    return [one.code for one in report.rejected]
