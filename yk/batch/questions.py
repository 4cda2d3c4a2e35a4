"""What the steps ahead of a batch ask, as people answer it: each item with its step, who answers it, what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.batch.filling import lines_of_form
from yk.batch.ordering import checklist
from yk.batch.rows import get_batch
from yk.desk import form
from yk.desk.checklist import DONE
from yk.desk.desk import Desk
from yk.desk.order import OPEN, WorkOrder
from yk.desk.views import shown_value
from yk.errors import UsageError
from yk.flows.flow import Flow
from yk.flows.roles import roles
from yk.text import mask

Data = dict[str, Any]
FIELD, PAPER = "field", "material"


def questions(desk: Desk, number: str) -> list[Data]:
    """The checklist, each item with `step_name`, `role_name`, `mine` (may the operator answer it?), `value` (of a field)
    (`raw` as it may be typed; `field` is its definition) and `filled` (did nobody write it?); behind those of a step its fields that are filled in and not asked."""
    doc = get_batch(desk.store, number)
    order = desk.get(doc["batch"])
    if order.status != OPEN:
        return []
    flow, form_lines = desk.flow_of(order), lines_of_form(desk, doc, order)
    filled = {line["name"]: line for line in form_lines}
    items = checklist(desk, doc)
    asked = {item["id"] for item in items}
    for line in form_lines:
        step = flow.fields[line["name"]]["step"]
        if line["name"] not in asked and step in {item["step"] for item in items}:
            extra = {"id": line["name"], "kind": FIELD, "step": step, "text": line["label"]}
            items.append(extra | {"required": False, "state": "done"})
    places = {name: place for place, name in enumerate(flow.steps)}
    items.sort(key=lambda item: places[item["step"]])
    return [_whole(desk, doc, order, flow, item, filled.get(item["id"])) for item in items]


def _whole(
    desk: Desk, doc: Mapping[str, Any], order: WorkOrder, flow: Flow, item: Data, line: Data | None
) -> Data:
    step = flow.step(item["step"])
    whole = item | {
        "step_name": step["name"],
        "role_name": roles()[step["role"]].name,
        "mine": step["role"] in desk.operator.roles,
        "open": item["required"] and item["state"] not in DONE,
        "value": "",
        "raw": "",
        "filled": False,
    }
    if item["kind"] == FIELD:
        written = order.data.get(item["id"], doc["set"].get(item["id"]))
        value = written if written is not None else line["value"] if line else None
        field = flow.fields[item["id"]]
        whole["field"] = field
        whole["value"] = field_text(field, value)
        whole["raw"] = "" if value is None or field["personal"] else str(value)
        whole["filled"] = written is None and line is not None
    return whole


def field_text(field: Mapping[str, Any], value: Any) -> str:
    """What a field of the order says, personal data masked; '' when it is empty."""
    if value in (None, ""):
        return ""
    try:
        text = shown_value(field, form.parse(dict(field), value))
    except UsageError:
        text = str(value)
    return mask(text) if field["personal"] else text


def more_to_fill(desk: Desk, number: str) -> list[Data]:
    """Fields and papers of the steps ahead that the checklist does not name: they may be asked once it is known what
    the order says. `{id, kind, text, step_name, field}`."""
    doc = get_batch(desk.store, number)
    order = desk.get(doc["batch"])
    flow, known = desk.flow_of(order), {item["id"] for item in questions(desk, number)}
    here = desk.steps_at(order)
    names = list(flow.steps)
    ahead = names[names.index(here[0]) :] if here else []
    found = [
        {
            "id": f["name"],
            "kind": FIELD,
            "text": f["label"],
            "step_name": flow.step(f["step"])["name"],
            "field": f,
        }
        for f in flow.fields.values()
        if f["step"] in ahead and f["name"] not in known and not f["readonly"] and f["type"] != "table"
    ]
    found += [
        {"id": m["code"], "kind": PAPER, "text": m["name"], "step_name": "材料"}
        for m in flow.doc["materials"]
        if m["code"] not in known and m["code"] not in order.materials
    ]
    return found
