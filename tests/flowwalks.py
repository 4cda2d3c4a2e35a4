"""Flows of the program run on the demonstration archive, as tests of their guards and effects need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.desk import Desk, WorkOrder
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused
from yk.flows.facts import Facts
from yk.flows.guards import find_guard
from yk.settings import load as load_settings


def carried_out(
    desk: Desk, flow: str, customer: str | None = None, until: str = "", **data: Any
) -> WorkOrder:
    """An order of `flow` with this data, by its examples otherwise, at its end or at `until`."""
    plan = Plan(data=dict(data), confirm_all=True, fill=True, until=until)
    case = opened_for_run(desk, flow, customer, plan)
    return carried_on(desk, case, plan)


def carried_on(desk: Desk, case: str, plan: Plan | None = None, **data: Any) -> WorkOrder:
    """An order carried on to its end with this data."""
    list(run(desk, case, plan or Plan(data=dict(data), confirm_all=True, fill=True)))
    return desk.get(case)


def refusals(desk: Desk, flow: str, customer: str | None = None, **data: Any) -> set[str]:
    """The codes of everything an order of `flow` with this data is refused for on its way."""
    try:
        carried_out(desk, flow, customer, **data)
    except Refused as refused:
        return {reason.code for reason in refused.reasons}
    return set()


def stopped(desk: Desk, case: str) -> None:
    """The order is ended by somebody who may."""
    desk.act_as("trainer")
    desk.stop(case, "客户撤回申请")


def row(desk: Desk, entity: str, key: str) -> dict[str, Any]:
    """One row of the archive, {} when there is none."""
    return dict(desk.store.table(entity).get(doc_id=key) or {})


def rows(desk: Desk, entity: str, **wanted: Any) -> list[dict[str, Any]]:
    """The rows of an entity with these values."""
    every = (dict(doc) for doc in desk.store.table(entity))
    return [doc for doc in every if all(doc.get(name) == value for name, value in wanted.items())]


def put(desk: Desk, entity: str, **values: Any) -> None:
    """Lay fields over a row of the archive, or add it."""
    table = desk.store.table(entity)
    key = table.collection.doc_id(values)
    table.save({**(table.get(doc_id=key) or {}), **values})


def says(guard: str, rule_set: str = "R24", today: str = "2026-11-23", **given: Any) -> list[str]:
    """What a guard says of facts made up of `data`, `materials` and archive sources."""
    data, materials = given.pop("data", {}), given.pop("materials", {})
    facts = Facts("012611230001", f"{today}T09:00:00+08:00", rule_set, data=data, materials=materials)
    facts.archive, facts.settings, facts.flow = _Nothing(given), load_settings({}), "试验"
    reasons: Iterator[str] = find_guard(guard).check(facts)
    return list(reasons)


class _Nothing(dict[str, Any]):
    """Sources that hold nothing unless they were given: a row for what is one row, else no rows."""

    ONE = ("customer", "party", "contract", "prepayment", "billing_info", "parent")

    def __missing__(self, name: str) -> Any:
        return {} if name in self.ONE else []
