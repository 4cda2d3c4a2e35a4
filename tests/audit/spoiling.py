"""Defects for tests of the audit: in one row, and many at random; what is found of them."""

from __future__ import annotations

import random
from typing import Any

import trials

from yk.archive.dictionary import entities
from yk.audit import running
from yk.audit.looking import Wanted, findings
from yk.audit.rules import tables
from yk.audit.watching import watcher
from yk.clock import VirtualClock
from yk.desk import Desk

ACCOUNT, OTHER = "1016000012", "1016000013"
"""Accounts of the demonstration archive, of 城南 (99403) and 城东 (99401)."""
RULE, TWIN, THIRD = "D:1.1.2", "X:1.81", "D:1.1.3"
"""The rules that an account breaks whose running capacity is 999 kVA; the first two ask the same."""
FINDING = f"{RULE}/customer/{ACCOUNT}"


def fresh(operator: str = "trainer", **settings: Any) -> Desk:
    """A desk over the demonstration archive that watches what it writes."""
    desk = trials.fresh()
    if settings:
        desk.settings = desk.settings.with_values(**settings)
    desk.watch = watcher()
    desk.act_as(operator)
    return desk


def clock(desk: Desk) -> VirtualClock:
    """Its clock, to be moved on."""
    assert isinstance(desk.clock, VirtualClock)
    return desk.clock


def set_field(desk: Desk, field: str, value: Any, account: str = ACCOUNT) -> None:
    """Write a field of an account past the desk."""
    table = desk.store.table("customer")
    table.put([(account, dict(table.get(doc_id=account)) | {field: value})])


def spoil(desk: Desk, value: float = 999.0) -> None:
    """Give the account a running capacity beyond its contract."""
    set_field(desk, "run_cap", value)


def mend(desk: Desk) -> None:
    """Give it back what its contract says."""
    set_field(desk, "run_cap", dict(desk.store.table("customer").get(doc_id=ACCOUNT))["contract_cap"])


def audited(desk: Desk, **options: Any) -> running.Run:
    """A run."""
    return running.run(desk.store, desk.clock, desk.settings, **options)


def found(desk: Desk, **wanted: Any) -> list[dict[str, Any]]:
    """The findings that fit."""
    return list(findings(desk.store, Wanted(**wanted), desk.now()[:10]))


def states(desk: Desk) -> dict[str, str]:
    """The state of every finding of the account, by rule."""
    return {doc["rule"]: doc["state"] for doc in found(desk, cons_no=ACCOUNT)}


def spoil_at_random(desk: Desk, seed: int) -> None:
    """Empty or wrong values in some rows of every entity the rules look at."""
    chance = random.Random(seed)
    for name in tables():
        kind, table = entities()[name], desk.store.table(name)
        fields = [f for f in kind.fields.values() if f.name not in kind.key and f.name != kind.owner]
        for row in chance.sample([dict(one) for one in table.all()], min(60, len(table))):
            field = chance.choice(fields)
            wrong: Any = {"DOUBLE": 0.5, "INTEGER": 7, "DATE": "1900-05-01"}.get(field.type, "05")
            row[field.name] = chance.choice([None, wrong])
            table.put([(kind.doc_id(row), row)])
