"""Opening the store with all its tables: the archive's typed ones and the documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from yk import yamls
from yk.archive import dictionary
from yk.store import Collection, Store

DOCUMENTS = Path(__file__).parents[1] / "store" / "documents.yaml"


@cache
def collections() -> tuple[Collection, ...]:
    """Every table of a yk store."""
    documents = [
        Collection(row["name"], tuple(row["key"]), row["columns"] or None, tuple(row["index"]), row["counts"])
        for row in yamls.compiled("documents", [DOCUMENTS], _read)
    ]
    return (*documents, *dictionary.collections())


def open_store(url: str, create: bool = False) -> Store:
    """Open (or with `create` make) the store at `url`. Raises UsageError, UnreadableError."""
    return Store.open(url, collections(), create)


def _read() -> list[dict[str, Any]]:
    rows = []
    for node in yamls.read(DOCUMENTS, "documents.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {"name": f.text("name"), "key": f.texts("key"), "index": f.texts("index")}
            row["counts"] = f.flag("counts", True)
            columns = f.find("columns")
            row["columns"] = {} if columns is None else _columns(columns.fields())
            rows.append(row)
    return rows


def _columns(f: yamls.Fields) -> dict[str, str]:
    """The columns of a typed table: name -> text, integer or real."""
    return {name: f.need(name).one_of(("text", "integer", "real")) for name in f.keys()}  # noqa: SIM118
