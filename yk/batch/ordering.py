"""The work order of a batch: what its form says, who answers its controls, how it goes from step to step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from yk.batch.filling import acting_role, declarations, kind_of, read_values, values_at
from yk.batch.freshness import follow
from yk.batch.kinds import ARCHIVING, Kind, order_flow
from yk.batch.rows import Doc, get_batch, save_batch
from yk.desk.checklist import DONE, NOTICE, told_once
from yk.desk.desk import Desk
from yk.desk.order import OPEN, WorkOrder
from yk.desk.running import all_agree, operator_for
from yk.errors import Reason, Refused, UsageError
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.flows.materials import find_material
from yk.flows.roles import roles
from yk.text import did_you_mean

Data = dict[str, Any]


def open_order(desk: Desk, kind: Kind, values: Mapping[str, object]) -> WorkOrder:
    """Open the order of a batch at 业务受理; `values` are form fields as people type them, of any step."""
    flow = order_flow(kind.id)
    first = {name: value for name, value in values.items() if flow.fields[name]["step"] == flow.first}
    return desk.open_under(flow, None, first)


# -- what is asked ---------------------------------------------------------------------------------------------
def checklist(desk: Desk, doc: Mapping[str, Any]) -> list[Data]:
    """Everything that the steps ahead ask of people: `{id, kind, step, text, required, state}`; kind is control,
    declaration, field or material."""
    order = desk.get(doc["batch"])
    flow, steps = desk.flow_of(order), _ahead(desk, order)
    declared = {d.field: d for d in declarations(desk, doc)}
    filled = kind_of(doc).fill.keys() | doc["set"].keys() | {d.field for d in kind_of(doc).declare}
    found: list[Data] = []
    for step in steps:
        here = order.checks if step in desk.steps_at(order) else {}
        for control in flow.asked_controls(step):
            state = here.get(control["id"], doc["confirmed"].get(control["id"], {})).get("state", "open")
            found.append(_item(control["id"], "control", step, control["check"], control["required"], state))
        found += _notices(desk, doc, flow, step)
        for field in flow.fields_at(step):
            name = field["name"]
            has = order.data.get(name) is not None or name in doc["set"]
            if name in declared:
                state = "done" if has or name in doc["confirmed"] else "open"
                found.append(_item(name, "declaration", step, field["label"], True, state))
            elif field["required"] and not (field["from"] or field["default"] is not None):
                state = "done" if has or name in filled else "open"
                found.append(_item(name, "field", step, field["label"], True, state))
    papers = (m for m in flow.doc["materials"] if m["required"] and not m["deferrable_until"])
    for paper in papers:
        state = "done" if paper["code"] in order.materials else "open"
        found.append(_item(paper["code"], "material", flow.first, paper["name"], True, state))
    return found


def _notices(desk: Desk, doc: Mapping[str, Any], flow: Flow, step: str) -> Iterator[Data]:
    """Guards that a setting makes a mere notice: they may want to be acknowledged."""
    for guard in map(find_guard, flow.step(step)["guards"]):
        if guard.level_setting and desk.settings[guard.level_setting] == "notice":
            name = NOTICE + guard.name
            state = doc["confirmed"].get(name, {}).get("state", "open")
            yield _item(name, "control", step, guard.label, False, state)


def _item(ident: str, kind: str, step: str, text: str, required: bool, state: str) -> Data:
    return {"id": ident, "kind": kind, "step": step, "text": text, "required": required, "state": state}


def _ahead(desk: Desk, order: WorkOrder) -> list[str]:
    """The steps from where the order stands on; 裁定 is nobody's way."""
    flow, here = desk.flow_of(order), desk.steps_at(order)
    names = [name for name, step in flow.steps.items() if not _is_detour(flow, name) and not step["when"]]
    return names[names.index(here[0]) :] if here and here[0] in names else []


def _is_detour(flow: Flow, step: str) -> bool:
    return any(other["sign"].get("arbitrate") == step for other in flow.steps.values())


def confirm(
    desk: Desk, doc: Doc, ids: Collection[str], every: bool = False, state: str = "done", reason: str = ""
) -> tuple[Doc, int, int]:
    """Answer controls and declarations of the steps ahead: the batch, how many were answered, how many are left open.

    `every` answers all open ones whose step is of the operator's roles. Raises UsageError for an unknown id,
    Refused when none of the steps is the operator's.
    """
    if state != "done" and not reason.strip():
        raise UsageError("reason_missing", "不适用要写明原因", "加 --reason 原因")
    with desk.unit():
        doc = get_batch(desk.store, doc["batch"])
        desk.load_for_change(doc["batch"])
        items = [i for i in checklist(desk, doc) if i["kind"] in ("control", "declaration")]
        flow, roles = order_flow(doc["kind"]), desk.operator.roles
        mine = [i for i in items if flow.step(i["step"])["role"] in roles]
        if every:
            wanted = [item for item in mine if item["state"] not in DONE]
        else:
            wanted = [_named(items, word) for word in ids]
        if state == "na" and (own := [item for item in wanted if item["kind"] == "declaration"]):
            text = f"{own[0]['text']}（{own[0]['id']}）要有人负责，不能答不适用"
            raise UsageError("declaration_na", text, "不成立就不要执行这一批")
        foreign = [item for item in wanted if item not in mine]
        if foreign or (every and items and not mine):
            raise Refused([_not_yours(desk, flow, item) for item in (foreign or items[:1])])
        answer: Data = {"state": state, "by": desk.operator.id, "at": desk.now()}
        answer |= {"reason": reason} if reason else {}
        if every:
            answer["bulk"] = True
        doc["confirmed"] |= {item["id"]: answer for item in wanted}
        if wanted:
            order = desk.get(doc["batch"])
            said = {item["id"]: state for item in wanted}
            step = flow.step(desk.steps_at(order)[0])
            details: Data = {"bulk": True} if every else {}
            desk.log(
                order,
                "batch_confirm",
                step["role"],
                reason=reason,
                answers=said,
                **_stays(desk, order),
                **details,
            )
        follow(desk, doc)
        save_batch(desk.store, doc)
        left = [
            i for i in items if i["required"] and i["state"] not in DONE and i["id"] not in doc["confirmed"]
        ]
        return doc, len(wanted), len(left)


def set_values(desk: Desk, batch: str, values: Mapping[str, object]) -> Doc:
    """Fill fields of the order, of steps that are still ahead. Gives the batch. Raises UsageError."""
    with desk.unit():
        doc = get_batch(desk.store, batch)
        order = desk.load_for_change(doc["batch"])
        flow, ahead = desk.flow_of(order), _ahead(desk, order)
        named = read_values(kind_of(doc), values)
        for name in named:
            field = flow.fields[name]
            if field["step"] not in ahead:
                where = flow.step(field["step"])["name"]
                message = f"{field['label']}（{name}）在“{where}”填写，批次已过这个环节"
                raise UsageError("field_not_here", message, "先退回：yk case return")
            order.data.pop(name, None)
        doc["set"] |= named
        save_batch(desk.store, doc)
        desk.log(
            order, "batch_set", acting_role(desk, doc, "填写"), answers=dict(named), **_stays(desk, order)
        )
        return doc


def _stays(desk: Desk, order: WorkOrder) -> Data:
    """Where the order stands, for an event that moves nothing."""
    here = desk.steps_at(order) or [order.status]
    return {"from_": here, "to": here}


def _named(items: list[Data], word: str) -> Data:
    """The item with this id; the entry's prefix may be left off."""
    for item in items:
        if word in (item["id"], item["text"]) or item["id"] == f"YXZY-YY-{word}":
            return item
    hint = did_you_mean(word, [item["id"] for item in items]) or "yk batch checklist 批次号 列出全部"
    raise UsageError("unknown_control", f"批次前面的环节没有 {word} 这一条", hint)


def _not_yours(desk: Desk, flow: Flow, item: Data) -> Reason:
    step = flow.step(item["step"])
    message = f"{item['id']} 属“{step['name']}”，由{roles()[step['role']].name}确认，{desk.operator.name} 没有这个角色"
    return Reason("role_missing", message, step["entry"])


def hand_in_list(desk: Desk, doc: Mapping[str, Any]) -> None:
    """The list itself is the paper the batch rests on: on record with its name and digest."""
    kind = kind_of(doc)
    note = f"户号清单 {doc['file']}，{doc['rows']} 行，SHA-256 {doc['sha256']}"
    desk.attach(doc["batch"], find_material(kind.material).code, note=note)


# -- going on ----------------------------------------------------------------------------------------------------
def refuse_what_is_open(desk: Desk, doc: Mapping[str, Any]) -> None:
    """Raise Refused with everything that the steps ahead still ask of people."""
    order = desk.get(doc["batch"])
    order.require_open()
    flow = desk.flow_of(order)
    open_ = [item for item in checklist(desk, doc) if item["required"] and item["state"] not in DONE]
    codes = {
        "control": "control_open",
        "declaration": "control_open",
        "field": "field_missing",
        "material": "material_missing",
    }
    told = {"control": "未确认：", "declaration": "未确认：", "field": "还没有填：", "material": "缺材料："}
    reasons = [
        Reason(
            codes[item["kind"]],
            f"{told[item['kind']]}{item['text']}（{item['id']}）",
            flow.step(item["step"])["entry"],
            item["id"] if item["kind"] == "control" else None,
        )
        for item in open_
    ]
    if reasons:
        number = doc["batch"]
        fields = [item["id"] for item in open_ if item["kind"] == "field"]
        papers = [item["id"] for item in open_ if item["kind"] == "material"]
        hints = [f"yk batch set {number} {' '.join(f'{name}=…' for name in fields)}"] if fields else []
        hints += [f"yk case attach {number} {paper}" for paper in papers]
        hints += [f"yk batch confirm {number} --all"] if len(reasons) > len(fields) + len(papers) else []
        raise Refused(reasons, "；".join(hints))


def forward(desk: Desk, doc: Mapping[str, Any], goal: str) -> Iterator[Data]:
    """Send the order on, each step by an operator who holds its role and may act, until it stands at `goal` ('' is the
    end); yields `{step, operator, to}`. Raises Refused with the order left where it was refused."""
    runner = desk.operator.id
    try:
        while True:
            # A step is done whole, and by one of those who run the batch at once.
            with desk.store.transaction():
                order = desk.get(doc["batch"])
                steps = desk.steps_at(order)
                if order.status != OPEN or goal in steps:
                    break
                moved = _step(desk, doc, order, steps[0], runner)
            yield moved
        if goal:
            order.require_open()
    finally:
        desk.act_as(runner)


def _step(desk: Desk, doc: Mapping[str, Any], order: WorkOrder, step: str, runner: str) -> Data:
    desk.act_as(runner)
    flow = desk.flow_of(order)
    spec = flow.step(step)
    if spec["archetype"] == "approval" and desk.settings["batch_approval"] == "person":
        message = f"“{spec['name']}”要审批人自己办理：批次 {order.case} 停在这里"
        raise Refused(
            [Reason("approval_waiting", message, spec["entry"])],
            f"yk case send {order.case} --operator 审批人",
        )
    who = _ready(desk, doc, order, step)
    if spec["sign"]:
        moved, who = all_agree(desk, desk.get(order.case), step)
    else:
        moved = desk.send(order.case, step=step)
    return {"step": step, "operator": who, "to": desk.steps_at(moved) or [moved.status]}


def _ready(desk: Desk, doc: Mapping[str, Any], order: WorkOrder, step: str) -> str:
    """Fill in and answer what `step` asks, as somebody who may; who that is, and goes on acting."""
    desk.act_as(operator_for(desk, order, desk.flow_of(order).step(step)).id)
    if values := values_at(desk, doc, order, step):
        desk.fill(order.case, values)
    _answer(desk, doc, order, step)
    return desk.operator.id


def _answer(desk: Desk, doc: Mapping[str, Any], order: WorkOrder, step: str) -> None:
    """Give the order the answers that were given for the batch; grouped, so that each stays what it was."""
    flow, alike = desk.flow_of(order), dict[tuple[str, str, str], list[str]]()
    names = [c["id"] for c in flow.asked_controls(step)] + [NOTICE + g for g in flow.step(step)["guards"]]
    for name in names:
        if (answer := doc["confirmed"].get(name)) and name not in order.checks:
            alike.setdefault((answer["state"], answer["by"], answer.get("reason", "")), []).append(name)
    for (state, by, reason), ids in alike.items():
        desk.confirm(order.case, ids, state, reason, note=f"{by} 在批次上确认", step=step)


def refuse_before_writing(desk: Desk, doc: Mapping[str, Any]) -> None:
    """Ask what 信息归档 asks of the order before its rows are written, not after. Raises Refused."""
    runner = desk.operator.id
    with desk.store.transaction():
        order = desk.get(doc["batch"])
        if ARCHIVING not in desk.steps_at(order):
            return
        flow = desk.flow_of(order)
        try:
            _ready(desk, doc, order, ARCHIVING)
        finally:
            desk.act_as(runner)
        exam = desk.examination(desk.get(order.case), ARCHIVING)
        asked = (name for name in flow.gate(ARCHIVING) if name != "batch_rows_written")
        if found := [reason for name in asked for reason in exam.why_not(name)]:
            raise Refused(told_once(found), f"yk case checklist {order.case} 列出全部检查项")
