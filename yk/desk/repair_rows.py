"""The list of a batch modification beside the archive as it is: what its guards and effects look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from yk.archive.dictionary import entities
from yk.desk.looking_up import row_of, units_of
from yk.desk.order import WorkOrder
from yk.flows.corrections import correctable
from yk.store import Store
from yk.store.conditions import Comparison

Row = dict[str, Any]


def repair(store: Store, order: WorkOrder, found: Row) -> Row:
    """`{plan, rows, now, units}`: the kept plan of the order ({} when its list is written by hand) and its rows as
    `yk.flows.change_list.Listed` has them; entity -> id -> the listed fields as they are now; account -> supply unit."""
    plan = row_of(store, "repair", order.case)
    rows = list(frozen_rows(store, order.case)) if plan else []
    wanted: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        _want(wanted, row["entity"], row["entity_id"], row["after"])
    for row in order.data.get("rows") or ():
        _want(wanted, str(row.get("entity")), str(row.get("row_id")), (str(row.get("field")),))
    now = {entity: _present(store, entity, asked) for entity, asked in wanted.items()}
    accounts = {row[entities()[entity].owner] for entity, kept in now.items() for row in kept.values()}
    return {"plan": plan, "rows": rows, "now": now, "units": units_of(store, accounts)}


def frozen_rows(store: Store, case: str) -> Iterator[Row]:
    """The rows of a kept plan in order."""
    medium = store.medium
    # "." is the sign after "-": everything that begins with the number and a dash.
    wanted = [Comparison("row_id", ">=", (f"{case}-",)), Comparison("row_id", "<", (f"{case}.",))]
    for _, doc in medium.find(medium.collections["repair_row"], wanted):
        yield {
            **{name: doc[name] for name in ("entity", "entity_id", "cons_no")},
            **{name: orjson.loads(doc[name]) for name in ("before", "after")},
        }


def _want(wanted: dict[str, dict[str, set[str]]], entity: str, ident: str, fields: Iterable[str]) -> None:
    if entity not in correctable():
        return
    asked = wanted.setdefault(entity, {"ids": set(), "fields": set()})
    asked["ids"].add(ident)
    asked["fields"].update(name for name in fields if name in entities()[entity].fields)


def _present(store: Store, entity: str, asked: Mapping[str, set[str]]) -> dict[str, Row]:
    kind, medium = entities()[entity], store.medium
    key = kind.key[0]
    names = tuple(dict.fromkeys((key, kind.owner, *sorted(asked["fields"]))))
    wanted = [Comparison(key, "in", tuple(sorted(asked["ids"])))]
    rows = medium.pick(medium.collections[entity], names, wanted)
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in rows}
