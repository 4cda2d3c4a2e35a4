"""Orders of new supplies run by their examples, what they leave in the archive, and what a guard says about a form."""

from __future__ import annotations

from typing import Any

from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.facts import Facts
from yk.flows.guards import find_guard
from yk.settings import load as load_settings

HV, LV, TEMPORARY = "hv_new_connection", "lv_nonres_new_connection", "metered_temporary_supply"
NEW_ACCOUNT = "1016000151"
"""The first account number that is free in the demonstration archive."""


def why(guard: str, rule_set: str = "R24", archive: dict[str, Any] | None = None, **data: Any) -> list[str]:
    """What a guard says about a form."""
    facts = Facts(
        case="012611230001",
        now="2026-11-23T09:00",
        rule_set=rule_set,
        data=data,
        archive=archive or {},
        settings=load_settings({}),
    )
    return list(find_guard(guard).check(facts))


def walked(flow: str, until: str = "", **data: object) -> tuple[Desk, str]:
    """An order run by its examples with `data` filled in, to `until` or its end."""
    desk, plan = fresh(), Plan(dict(data), confirm_all=True, fill=True, until=until)
    case = opened_for_run(desk, flow, None, plan)
    list(run(desk, case, plan))
    return desk, case


def rows(desk: Desk, entity: str, cons_no: str = NEW_ACCOUNT) -> list[dict[str, Any]]:
    return [dict(row) for row in desk.store.table(entity) if row.get("cons_no") == cons_no]
