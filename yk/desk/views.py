"""What people and scripts see of a work order: the JSON shapes of the contract, personal data masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from yk.archive.codes import name_of
from yk.archive.dictionary import entities
from yk.desk.desk import Desk
from yk.desk.order import STATUS_NAMES, WorkOrder
from yk.errors import Reason, Refused
from yk.flows.flow import Flow
from yk.flows.roles import roles
from yk.text import mask

Data = dict[str, Any]


def may_see(desk: Desk) -> None:
    """Refuse an operator whose roles may not see personal data."""
    operator = desk.operator
    if not operator.sees_personal_data:
        names = "、".join(r.name for r in roles().values() if r.personal_data)
        message = f"{operator.name} 的角色不能查看未脱敏的证件号码和电话，可查看的角色：{names}"
        raise Refused([Reason("personal_data", message)])


@cache
def _personal_columns() -> frozenset[str]:
    return frozenset(f.name for e in entities().values() for f in e.fields.values() if f.personal)


def personal_fields(flow: Flow) -> frozenset[str]:
    """The form fields and archive columns that are masked."""
    return _personal_columns() | {name for name, field in flow.fields.items() if field["personal"]}


def masked(data: Any, names: frozenset[str]) -> Any:
    """`data` with the values of the named keys masked, at any depth."""
    if isinstance(data, Mapping):
        return {
            k: mask(str(v)) if k in names and v not in (None, "") else masked(v, names)
            for k, v in data.items()
        }
    if isinstance(data, list):
        return [masked(item, names) for item in data]
    return data


def place(desk: Desk, order: WorkOrder) -> list[Data]:
    """Where the order stands: `[{step, entry, title, role, due, lamp}]`."""
    flow, found = desk.flow_of(order), []
    for name in desk.steps_at(order):
        step, running = flow.step(name), order.steps.get(name, {})
        found.append(
            {
                "step": name,
                "entry": step["entry"],
                "title": step["title"] or step["name"],
                "name": step["name"],
                "role": step["role"],
                "role_name": roles()[step["role"]].name,
                "since": running.get("since", ""),
                "due": running.get("due") or None,
                "lamp": (desk.lamp_of(order, name) or None) if running else None,
            }
        )
    return found


def summary(desk: Desk, order: WorkOrder) -> Data:
    """What opening and moving answer: `{case, flow, digest, status, at}`."""
    flow = desk.flow_of(order)
    return {
        "case": order.case,
        "flow": order.flow,
        "flow_name": flow.name,
        "digest": order.digest,
        "status": order.status,
        "customer": order.cons_no,
        "version": order.version,
        "at": place(desk, order),
    }


def full(desk: Desk, order: WorkOrder, unmasked: bool = False) -> Data:
    """Everything of an order: `{case, flow, flow_name, status, at, data, materials, checks, customer, opened, closed}`."""
    names = frozenset() if unmasked else personal_fields(desk.flow_of(order))
    return {
        **summary(desk, order),
        "status_name": STATUS_NAMES[order.status],
        "rule_set": order.rule_set,
        "opened": order.opened,
        "opened_by": order.opened_by,
        "closed": order.closed or None,
        "hold": order.hold,
        "parent": order.parent or None,
        "children": [{"case": case, "step": step} for case, step in order.children],
        "data": masked(order.data, names),
        "materials": order.materials,
        "checks": order.checks,
    }


def line(desk: Desk, order: WorkOrder) -> Data:
    """One line of a list, with the fields of the printed to-do header (NX 图1-9)."""
    here = place(desk, order)
    worst = min((p["lamp"] for p in here if p["lamp"]), key=("red", "yellow", "green").index, default=None)
    return {
        **summary(desk, order),
        "status_name": STATUS_NAMES[order.status],
        "cons_name": order.data.get("cons_name"),
        "steps": "、".join(p["name"] for p in here),
        "due": min((p["due"] for p in here if p["due"]), default=None),
        "lamp": worst,
        "opened": order.opened,
        "closed": order.closed or None,
    }


def events(desk: Desk, case: str, unmasked: bool = False) -> Iterable[Data]:
    """The log of an order, oldest first."""
    names = frozenset() if unmasked else personal_fields(desk.flow_of(desk.get(case)))
    return [masked(event, names) for event in desk.events(case)]


def shown_value(field: Mapping[str, Any], value: Any) -> str:
    """A form value for people: codes by name, booleans by word, numbers with their unit."""
    if value is None:
        return ""
    if field["type"] == "code":
        return f"{name_of(field['codes'], str(value))}（{value}）"
    if field["type"] == "boolean":
        return "是" if value else "否"
    if field["type"] == "table":
        return f"{len(value)} 行"
    if isinstance(value, float):
        value = f"{value:g}"
    return (
        f"{value} {field['unit']}".strip()
        if field["type"] != "datetime"
        else str(value)[:16].replace("T", " ")
    )


def sheet(
    desk: Desk, order: WorkOrder, unmasked: bool = False
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The form by tab: `[(tab, [(name, label, shown value), ...])]`, filled fields only."""
    flow = desk.flow_of(order)
    names = frozenset() if unmasked else personal_fields(flow)
    tabs: dict[str, list[tuple[str, str, str]]] = {}
    for name, field in flow.fields.items():
        value = order.data.get(name)
        if value is not None:
            shown = mask(str(value)) if name in names else shown_value(field, value)
            tabs.setdefault(field["tab"], []).append((name, field["label"], shown))
    return list(tabs.items())
