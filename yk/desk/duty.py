"""Duties: who may act at a step, judged on the roles and on what was done on this very order before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.archive.codes import name_of
from yk.desk.operators import Operator
from yk.desk.order import WorkOrder
from yk.errors import Reason
from yk.flows.roles import roles, separations

OFFICE = "office"
"""The form field that names the unit in charge of an order."""


def reasons(
    operator: Operator, order: WorkOrder, step: Mapping[str, Any], settings: Mapping[str, Any], role: str = ""
) -> list[Reason]:
    """Why `operator` may not act at `step` of `order`; `role` replaces the step's own (joint sign-off)."""
    wanted = role or step["role"]
    found = []
    if wanted not in operator.roles:
        name = roles()[wanted].name
        found.append(
            Reason(
                "role_missing",
                f"“{step['name']}”由{name}（{wanted}）办理，{operator.name} 没有这个角色",
                step["entry"],
            )
        )
    office = order.data.get(OFFICE)
    if operator.org and office and operator.org != office:
        units = [name_of("org", code) for code in (office, operator.org)]
        found.append(
            Reason("other_office", f"本工单由{units[0]}办理，{operator.name} 属{units[1]}", step["entry"])
        )
    if settings["separation_of_duties"]:
        found.extend(_conflicts(operator, order, step))
    return found


def _conflicts(operator: Operator, order: WorkOrder, step: Mapping[str, Any]) -> list[Reason]:
    """Incompatible duties that `operator` already did on this order."""
    found = []
    mine = {archetype for name, archetype, who in order.done if who == operator.id and name != step["id"]}
    for rule in separations():
        for archetype in sorted(mine):
            if {rule.first, rule.second} == {archetype, step["archetype"]}:
                message = (
                    f"{rule.text}须由两人办理：{operator.name} 在本工单已办过其一，“{step['name']}”请换人"
                )
                found.append(Reason("duty_conflict", message, step["entry"], basis=rule.basis))
    return found
