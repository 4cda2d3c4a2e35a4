"""What the form of a batch's order says: written, set for the batch, or filled in where nobody wrote otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.archive.codes import name_of
from yk.batch.kinds import Declaration, Kind, kinds, order_flow
from yk.desk import form
from yk.desk.desk import Desk
from yk.desk.operators import Operator
from yk.desk.order import WorkOrder
from yk.errors import Reason, Refused, UsageError

Data = dict[str, Any]
MARKETING = "营销部"
"""Who brings a list when the operator belongs to no unit."""


def kind_of(doc: Mapping[str, Any]) -> Kind:
    """The kind of a batch."""
    return kinds()[doc["kind"]]


def acting_role(desk: Desk, doc: Mapping[str, Any], act: str) -> str:
    """The role by which the operator may do something to the batch as a whole: any that works in its flow.

    Raises Refused (`role_missing`).
    """
    roles = [step["role"] for step in order_flow(doc["kind"]).steps.values()]
    held = next((role for role in roles if role in desk.operator.roles), None)
    if held is None:
        message = f"{act}批次 {doc['batch']} 要有办理它的角色，{desk.operator.name} 没有"
        raise Refused([Reason("role_missing", message)])
    return str(held)


def read_values(kind: Kind, values: Mapping[str, object]) -> dict[str, object]:
    """Form fields by name, each looked at as it will be when its step comes. Raises UsageError."""
    flow, found = order_flow(kind.id), {}
    for word, value in values.items():
        field = form.field_of(flow, word)
        if field["readonly"]:
            raise UsageError("field_readonly", f"{field['label']}（{field['name']}）由系统带出，不能改")
        form.parse(field, value)
        found[field["name"]] = value
    return found


def words(desk: Desk, doc: Mapping[str, Any], operator: Operator) -> dict[str, str]:
    """What the placeholders of `fill` stand for."""
    unit, figures = str(operator.org or doc["unit"]), doc["figures"]
    return {
        "unit": unit or str(figures["unit"]),
        "unit_name": name_of("org", unit) if unit else MARKETING,
        "operator": operator.name,
        "batch": str(doc["batch"]),
        "paper": str(figures["basis"] or f"清单 {doc['file']}"),
        "reason": str(figures["reason"] or kind_of(doc).name),
        "photos": str(int(figures["photos"])),
        "caps": f"{figures['caps']:g}",
        "cap": f"{figures['cap']:g}",
        "ready": str(doc["ready"] + doc["done"]),
        "same_basis": str(same_basis(desk, doc)),
        "today": desk.now()[:10],
    }


def same_basis(desk: Desk, doc: Mapping[str, Any]) -> int:
    """How many accounts all batches under the same paper name."""
    paper = doc["set"].get("basis_no") or doc["figures"]["basis"]
    own = int(doc["ready"]) + int(doc["done"])
    if not paper:
        return own
    others = (other for other in desk.store.table("batch").all() if other["batch"] != doc["batch"])
    named = (o for o in others if paper in (o["set"].get("basis_no"), o["figures"]["basis"]))
    return own + sum(int(other["done"]) for other in named)


def filled_in(desk: Desk, doc: Mapping[str, Any]) -> dict[str, str]:
    """What the fields say that nobody wrote, in the words of whoever acts now."""
    spoken = words(desk, doc, desk.operator)
    return {name: text.format(**spoken) for name, text in kind_of(doc).fill.items()}


def form_ahead(desk: Desk, doc: Mapping[str, Any], order: WorkOrder) -> Data:
    """The form as it will stand at the end: what the order says, what was set, what is filled in where nobody wrote."""
    flow, written = order_flow(doc["kind"]), filled_in(desk, doc) | doc["set"]
    typed = {
        name: form.parse(flow.fields[name], value)
        for name, value in written.items()
        if name in flow.fields and value not in (None, "")
    }
    return typed | order.data


def lines_of_form(desk: Desk, doc: Mapping[str, Any], order: WorkOrder) -> list[Data]:
    """What `yk batch show` says of the form: `{name, label, value, origin}`; origin is written, set or filled."""
    flow, found = order_flow(doc["kind"]), []
    for name, text in filled_in(desk, doc).items():
        origin = "written" if name in order.data else "set" if name in doc["set"] else "filled"
        value = order.data.get(name, doc["set"].get(name, text))
        found.append({"name": name, "label": flow.fields[name]["label"], "value": value, "origin": origin})
    return found


def values_at(desk: Desk, doc: Mapping[str, Any], order: WorkOrder, step: str) -> Data:
    """What is to be filled in at `step` by whoever acts now: only fields that are empty."""
    flow = order_flow(doc["kind"])
    declared = {d.field: d.value for d in kind_of(doc).declare if d.field in doc["confirmed"]}
    written = filled_in(desk, doc) | declared | doc["set"]
    return {
        name: value
        for name, value in written.items()
        if flow.fields[name]["step"] == step and order.data.get(name) is None and value not in (None, "")
    }


def declarations(desk: Desk, doc: Mapping[str, Any]) -> list[Declaration]:
    """The fields a person answers for in this batch."""
    rows = int(doc["ready"]) + int(doc["done"])
    many = max(rows, same_basis(desk, doc))
    asked = kind_of(doc).declare
    return [d for d in asked if not d.above or many > desk.settings.integer(d.above)]
