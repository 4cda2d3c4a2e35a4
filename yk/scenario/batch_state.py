"""A batch as scenarios see it: its counts, its rows by account and by place, and why a row does not go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.batch.kinds import find_kind
from yk.batch.reasons import reasons
from yk.batch.rows import DONE, FAILED, PLANNED, STATES, STATUSES, all_rows, get_batch, loaded
from yk.desk.in_flight import READY
from yk.flows.flow import load
from yk.flows.guards import find_guard
from yk.scenario.scenario import Data
from yk.scenario.world import World
from yk.scenario.written import Map


def state_of(world: World, number: str) -> Data:
    """Its state, how many rows are how, and each row under its account and its place (第3行). `orders` counts every order
    of its flow that no other batch of the scenario has: one too many is one that was opened twice."""
    doc = get_batch(world.store, number)
    rows = list(all_rows(world.store, doc))
    flow, others = world.desk.get(number).flow, set(world.batches.values()) - {number}
    by_account = {str(row["cons_no"]): _row(row) for row in rows}
    return {
        "state": STATES[doc["state"]],
        "rows": by_account | {f"第{row['row']}行": _row(row) for row in rows},
        "waiting": sum(1 for row in rows if row["status"] == READY),
        "orders": sum(1 for one in world.desk.orders() if one.flow == flow and one.case not in others),
        **{name: int(doc[name]) for name in (READY, "blocked", "skipped", DONE, FAILED, "undone")},
        "planned": doc["state"] == PLANNED,
    }


def _row(row: Mapping[str, Any]) -> Data:
    found = loaded(row["reasons"]) or []
    return {
        "status": STATUSES[row["status"]],
        "codes": [reason["code"] for reason in found],
        "text": "；".join(reason["message"] for reason in found),
    }


def in_codes(world: World, number: str, asked: Map) -> Map:
    """What is asked of a batch, with the reasons of its rows by code: they may be written as the guards are labelled, or as
    a plan's totals call them."""
    if not isinstance(asked.get("rows"), Map):
        return asked
    named = _names(str(get_batch(world.store, number)["kind"]))
    rows = asked["rows"]
    return asked.like(
        {
            **asked,
            "rows": rows.like({no: _coded(row, named) for no, row in rows.items()}),
        }
    )


def _coded(row: Any, named: Mapping[str, str]) -> Any:
    if not isinstance(row, Map) or "codes" not in row:
        return row
    words = row["codes"] if isinstance(row["codes"], list) else [row["codes"]]
    return row.like({**row, "codes": [named.get(str(word), str(word)) for word in words]})


def _names(kind: str) -> dict[str, str]:
    """What a reason may be called -> its code."""
    flow = load(find_kind(kind).flow)
    guards = {name for step in flow.steps.values() for name in step["guards"]}
    named = {guard.label: guard.code for guard in map(find_guard, sorted(guards))}
    return {zh: code for code, zh in reasons().items()} | named
