"""The 130 data-quality rules (大一 30, 小七 100) run over a store's archive, each its own SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from yk.archive.dictionary import entities
from yk.flows.dates import months_on
from yk.store import Store

SOURCE = Path(__file__).parent / "flows" / "data" / "quality_rules.json"
TYPES = {"DOUBLE": "real", "INTEGER": "integer"}


@cache
def rules() -> tuple[dict[str, Any], ...]:
    """Every rule as printed: id, name, list, division, centre, severity, billing, entities, sql."""
    return tuple(json.loads(SOURCE.read_text(encoding="utf-8"))["rules"])


def found(base: sqlite3.Connection, today: str) -> Iterator[tuple[str, str, str, str | None]]:
    """Everything a rule finds in a base that holds the archive's tables: rule, entity, id, account."""
    values = {
        "today": today,
        "twenty_years_ago": months_on(today, -240),
        "next_month": months_on(today[:8] + "01", 1),
    }
    for rule in rules():
        yield from base.execute(rule["sql"], values)


def findings(store: Store, today: str) -> list[str]:
    """`rule entity id name` of everything a rule finds in the archive."""
    base = sqlite3.connect(":memory:")
    for entity in entities().values():
        columns = ", ".join(f'"{f.name}" {TYPES.get(f.type, "text")}' for f in entity.fields.values())
        base.execute(f'create table "{entity.name}"({columns})')
        rows = [[row.get(name) for name in entity.fields] for row in store.table(entity.name)]
        marks = ", ".join("?" * len(entity.fields))
        base.executemany(f'insert into "{entity.name}" values({marks})', rows)
    names = {rule["id"]: rule["name"] for rule in rules()}
    return sorted(
        f"{rule} {entity} {key} ({cons_no}): {names[rule]}"
        for rule, entity, key, cons_no in found(base, today)
    )
