"""Building the world a scenario starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.archive.dictionary import entity
from yk.clock import parse_time
from yk.desk.looking_up import row_of, rows_of
from yk.errors import UsageError
from yk.scenario.copying import LIKE_HOUSE, copy_account, owing, settled
from yk.scenario.scenario import Data
from yk.scenario.world import World
from yk.workdays import declare


def build(world: World, given: Mapping[str, Any]) -> None:
    """Set clock, holidays, settings, people, accounts and rows as `given` says. Raises UsageError."""
    declare(given.get("holidays", {}))
    if "date" in given:
        world.clock.now = parse_time(given["date"])
    if given.get("settings"):
        world.set(given["settings"])
    with world.store.transaction():
        for name, person in given.get("people", {}).items():
            world.add_person(name, person["roles"], person["unit"])
        for row in given.get("customers", ()):
            _account(world, row)
        for name, rows in given.get("archive", {}).items():
            for row in rows:
                key = entity(name).doc_id(row)
                world.store.table(name).save(row_of(world.store, name, key) | row)


def _account(world: World, row: Data) -> None:
    """An account of the archive with some fields changed, or a new one like another."""
    store, cons_no = world.store, str(row["cons_no"])
    fields = entity("customer").fields
    own = {name: fields[name].parse(value) for name, value in row.items() if name in fields}
    if not store.table("customer").has(cons_no):
        like = str(row.get("like") or LIKE_HOUSE)
        if not store.table("customer").has(like):
            raise UsageError(
                "unknown_customer", f"要照着建的用户 {like} 不在档案里", "写示范档案里有的用户编号"
            )
        copy_account(store, like, cons_no)
    now = row_of(store, "customer", cons_no)
    store.table("customer").save(now | own)
    if own.get("cons_name"):
        _rename(world, cons_no, now, str(own["cons_name"]))
    if "cert_no" in row and now.get("party_no"):
        party = row_of(store, "party", now["party_no"])
        store.table("party").save(party | {"cert_no": str(row["cert_no"])})
    _money(world, cons_no, row)


def _rename(world: World, cons_no: str, now: Mapping[str, Any], name: str) -> None:
    """Holder, contract, invoice and the rest bear the name the account is given."""
    owned = {table: rows_of(world.store, table, cons_no=cons_no) for table in ("contract", "billing_info")}
    owned["party"] = (
        [party] if (party := row_of(world.store, "party", str(now.get("party_no") or ""))) else []
    )
    for table, rows in owned.items():
        for row in rows:
            changed = {field: name for field in _NAMES if row.get(field) == now.get("cons_name")}
            if changed:
                world.store.table(table).save(row | changed)


_NAMES = ("cons_name", "invoice_title", "party_name")


def _money(world: World, cons_no: str, row: Mapping[str, Any]) -> None:
    today = world.clock.now.date().isoformat()
    if "owed" in row:
        for paid in settled(world.store, cons_no, today):
            world.store.table("receivable").save(paid)
        if row["owed"]:
            table, receivable = owing(cons_no, float(row["owed"]), today)
            world.store.table(table).save(receivable)
    if "prepaid" in row:
        balance = row_of(world.store, "prepayment", cons_no)
        world.store.table("prepayment").save(balance | {"cons_no": cons_no, "amount": float(row["prepaid"])})
