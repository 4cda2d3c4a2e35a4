"""Making a store: empty, or with the demonstration archive and one operator per role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from yk.archive import opening
from yk.archive.importing import import_files
from yk.desk.operators import demonstration_operators
from yk.errors import Reason, Refused
from yk.store import Store
from yk.store.url import parse

DEMO = Path(opening.__file__).with_name("demo.jsonl")
"""The demonstration archive: synthetic, seeded (scripts/make_fixtures)."""


def set_up(
    url: str,
    demo: bool = False,
    force: bool = False,
    dry_run: bool = False,
    then: Callable[[Store], None] | None = None,
) -> dict[str, Any]:
    """Make the store at `url`: `{url, customers, operators, cleared, dry_run}`; `cleared` counts what was there.

    `then` is what else to do to the new store, in the same unit of work: when it fails nothing is made.
    Raises Refused (`store_not_empty`) when it holds data and `force` is not given; UnreadableError.
    """
    _, path = parse(url)
    there = path is not None and path.exists()
    if dry_run and not there:
        store = opening.open_store("memory://")
    else:
        store = opening.open_store(url, create=not dry_run)
    try:
        held = {name: len(store.table(name)) for name in store.medium.collections if name != "meta"}
        held = {name: rows for name, rows in held.items() if rows}
        if held and not force:
            names = {"customer": "户", "case": "张工单", "operator": "名经办人"}
            known = "、".join(f"{held[name]} {unit}" for name, unit in names.items() if name in held)
            message = f"存储 {url} 里已有数据（{known or f'{sum(held.values())} 行'}）"
            raise Refused(
                [Reason("store_not_empty", message)],
                "换个 --store 地址；确要清空重建加 --force，先 yk store backup",
            )
        with store.transaction():
            for name in held:
                store.table(name).truncate()
            if store.table("meta").has("demo"):
                store.table("meta").remove(doc_ids=["demo"])
            if demo:
                load_demonstration(store)
            if then is not None:
                then(store)
            counts = {"customers": len(store.table("customer")), "operators": len(store.table("operator"))}
            cleared = {"customers": held.get("customer", 0), "cases": held.get("case", 0)}
            if dry_run:
                store.medium.doom()
    finally:
        store.close()
    return {"url": url, **counts, "cleared": cleared, "dry_run": dry_run}


def load_demonstration(store: Store) -> None:
    """Fill an empty store with the demonstration archive and operators."""
    with store.transaction():
        import_files(store, [DEMO])
        store.table("operator").put((one.id, one.doc()) for one in demonstration_operators())
        store.table("meta").save({"name": "demo", "value": True})


def demonstration_store() -> Store:
    """A throw-away store in memory with the demonstration archive."""
    store = opening.open_store("memory://")
    load_demonstration(store)
    return store
