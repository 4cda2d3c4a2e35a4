"""What people and scripts see of a work order: the JSON shapes of the contract, personal data masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from yk.archive.codes import name_of
from yk.archive.dictionary import entities
from yk.archive.looking import number_text
from yk.clock import short_time
from yk.desk.desk import Desk
from yk.desk.order import STATUS_NAMES, WorkOrder
from yk.errors import Reason, Refused, UsageError
from yk.flows.flow import Flow
from yk.flows.roles import roles
from yk.text import halfwidth, mask, nearest

Data = dict[str, Any]
EVENT_NAMES = {
    "open": "登记",
    "set": "填写",
    "attach": "收材料",
    "confirm": "确认措施",
    "send": "发送",
    "return": "退回",
    "fail": "不合格",
    "suspend": "挂起",
    "resume": "恢复",
    "unlock": "解锁",
    "stop": "终止",
    "take_back": "撤销上一步",
    "demonstrate": "演示",
    "batch_set": "批次填写",
    "batch_strike": "批次剔除",
    "batch_confirm": "批次确认",
    "batch_apply": "批次写入",
    "batch_undo": "批次撤销",
}
"""What an event is called on screens and in logs; a sign-off has its department in its name, see `event_name`."""
SYSTEM = "system"
"""Who acts when nobody does."""
OPINION_NAMES = {"agree": "通过", "revise": "修改", "reject": "退回"}


def may_see(desk: Desk) -> None:
    """Refuse an operator whose roles may not see personal data."""
    operator = desk.operator
    if not operator.sees_personal_data:
        names = "、".join(r.name for r in roles().values() if r.personal_data)
        message = f"{operator.name} 的角色不能查看未脱敏的证件号码和电话，可查看的角色：{names}"
        raise Refused([Reason("personal_data", message)])


@cache
def personal_columns() -> frozenset[str]:
    """The columns of the archive that are masked."""
    return frozenset(f.name for e in entities().values() for f in e.fields.values() if f.personal)


def personal_fields(flow: Flow) -> frozenset[str]:
    """The form fields and archive columns that are masked."""
    return personal_columns() | {name for name, field in flow.fields.items() if field["personal"]}


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


def masked_changes(changes: Iterable[Data]) -> list[Data]:
    """Before- and after-images of archive rows, personal columns masked."""
    return [masked(change, personal_columns()) for change in changes]


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
        "steps": "、".join(step_names(desk.flow_of(order), desk.steps_at(order))),
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


def event_line(desk: Desk, order: WorkOrder, event: Mapping[str, Any]) -> Data:
    """One event for people: names instead of ids, a short time."""
    flow = desk.flow_of(order)
    return {
        "seq": event["seq"],
        "at": short_time(event["at"], desk.clock()),
        "operator": operator_name(desk, event["operator"]),
        "event": event_name(flow, event["event"]),
        "from": "、".join(step_names(flow, event["from"])),
        "to": "、".join(step_names(flow, event["to"])),
        "reason": event["reason"],
    }


def event_name(flow: Flow, event: str) -> str:
    """What an event is called: 发送, 退回, 会签 运检部 通过."""
    kind, _, rest = event.partition(":")
    if kind != "sign":
        return EVENT_NAMES.get(event, event)
    department, _, opinion = rest.partition(":")
    names = {d["id"]: d["name"] for s in flow.steps.values() if s["sign"] for d in s["sign"]["departments"]}
    return f"会签 {names.get(department, department)} {OPINION_NAMES.get(opinion, opinion)}"


def step_names(flow: Flow, steps: Iterable[str]) -> list[str]:
    """The Chinese names of steps and of the two ends."""
    return [
        flow.steps[name]["name"] if name in flow.steps else STATUS_NAMES.get(name, name) for name in steps
    ]


def find_step(flow: Flow, word: str) -> str:
    """The id of the step meant by an id, a Chinese name or an entry code. Raises UsageError (`unknown_step`)."""
    wanted = halfwidth(word)
    if wanted in flow.steps or wanted in STATUS_NAMES:
        return wanted
    for name, step in flow.steps.items():
        if wanted and wanted in map(halfwidth, (step["name"], step["title"], step["entry"])):
            return name
    near = nearest(wanted, [*flow.steps, *(step["name"] for step in flow.steps.values())])
    hint = f"是不是想写 {near}？" if near else f"可用的有：{'、'.join(step_names(flow, flow.steps))}"
    raise UsageError("unknown_step", f"流程 {flow.name} 没有环节 {word}", hint)


def operator_name(desk: Desk, ident: str) -> str:
    """The name of an operator; the id of one who is not there any more."""
    if ident == SYSTEM:
        return "系统"
    found = desk.store.table("operator").get(doc_id=ident) if ident else None
    return str(found["name"]) if found else ident


def display(desk: Desk, field: Mapping[str, Any], value: Any) -> str:
    """A form value for people; the operator that the system filled in by name."""
    by_system = field["from"] == "operator" and isinstance(value, str)
    return operator_name(desk, value) if by_system else shown_value(field, value)


def shown_value(field: Mapping[str, Any], value: Any) -> str:
    """A form value for people: codes by name, booleans by word, numbers with their unit."""
    if value is None:
        return ""
    if field["type"] == "code":
        return coded(field["codes"], str(value))
    if field["type"] == "boolean":
        return "是" if value else "否"
    if field["type"] == "table":
        rows = (_row_text(field, row) for row in value)
        return "；".join(f"{number}) {text}" for number, text in enumerate(rows, start=1))
    if isinstance(value, float):
        value = number_text(value, field["unit"])
    if field["type"] == "datetime":
        return str(value)[:16].replace("T", " ")
    return f"{value} {field['unit']}".strip()


def _row_text(field: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    filled = [column for column in field["columns"] if row.get(column["name"]) is not None]
    return "，".join(f"{column['label']} {cell_text(row[column['name']])}" for column in filled)


def cell_text(value: Any) -> str:
    """A value of a table's row for people."""
    return number_text(value) if isinstance(value, float) else "" if value is None else str(value)


def coded(codes: str, value: str) -> str:
    """A code by name and value; a code without a name of its own once."""
    name = name_of(codes, value)
    return f"{name}（{value}）" if name != value else value


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
            shown = mask(str(value)) if name in names else display(desk, field, value)
            tabs.setdefault(field["tab"], []).append((name, field["label"], shown))
    return list(tabs.items())
