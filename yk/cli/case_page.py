"""How work orders look to people: pages of at most 80 cells, every colour doubled by a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from yk.cli import output
from yk.cli.app import App
from yk.cli.words import LAMPS
from yk.text import cell_len, fold, pad, plain

if TYPE_CHECKING:
    from datetime import datetime

    from yk.desk import Desk, WorkOrder

WIDTH = 80
LABEL = 18
MARKS = {"done": "✓", "failed": "✗", "open": "☐", "na": "▹"}
STATES = {"done": "已过", "failed": "未过", "open": "待办", "na": "不需"}
KINDS = {"guard": "系统判断", "control": "人工确认", "field": "必填项", "material": "材料"}


def folded(head: str, text: str, indent: int | None = None) -> list[str]:
    """`head` and `text` in lines of at most 80 cells, those after the first under the text or at `indent`."""
    text = plain(text)
    if cell_len(head) + cell_len(text) <= WIDTH:
        return [f"{head}{text}".rstrip()]
    margin = cell_len(head) if indent is None else indent
    room = WIDTH - max(margin, cell_len(head))
    lines = fold(text, room) or [""]
    return [f"{head}{lines[0]}".rstrip(), *(" " * margin + line for line in lines[1:])]


def field_lines(label: str, shown: str) -> list[str]:
    """A field of a form: its label, its value beside it."""
    return folded(f"  {pad(plain(label), LABEL)} ", shown)


def item_lines(item: Mapping[str, Any]) -> list[str]:
    """One checklist item: mark, text, and below it the id and level."""
    need = "" if item["required"] else "（可选）"
    lines = folded(f"  {MARKS[item['state']]} {STATES[item['state']]} ", item["text"] + need)
    return [*lines, " " * 9 + item["id"] + (f"  风险{item['level']}" if item["level"] else "")]


def checklist_page(items: Iterable[Mapping[str, Any]], case: str) -> str:
    """The checklist by kind, with a count of what is still open."""
    found = list(items)
    if not found:
        return "工单已办结，没有要检查的\n"
    lines = []
    for kind, title in KINDS.items():
        some = [item for item in found if item["kind"] == kind]
        if some:
            lines += [title, *(line for item in some for line in item_lines(item)), ""]
    waiting = sum(1 for item in found if item["required"] and item["state"] in ("open", "failed"))
    lines.append(f"还差 {waiting} 项" if waiting else f"检查项已齐，可以发送：yk case send {case}")
    return "\n".join(lines) + "\n"


def checklist_row(item: Mapping[str, Any]) -> dict[str, Any]:
    """A checklist item as a row for people."""
    return {**item, "kind": KINDS[item["kind"]], "state": STATES[item["state"]]}


def list_row(line: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A line of a list of work orders for people: the lamp by name, a short deadline."""
    from yk.clock import short_time

    return {
        **line,
        "lamp": LAMPS.get(line["lamp"] or "", ""),
        "due": short_time(line["due"], now) if line["due"] else "",
    }


def case_page(desk: Desk, order: WorkOrder, unmasked: bool) -> str:
    """A work order: place, form by tab, materials, answers."""
    from yk.desk import views
    from yk.desk.order import STATUS_NAMES

    flow = desk.flow_of(order)
    opened = f"登记 {order.opened[:16].replace('T', ' ')} {views.operator_name(desk, order.opened_by)}"
    customer = f"用户 {order.cons_no}  " if order.cons_no else ""
    lines = folded("", f"{flow.name}  申请编号 {order.case}  {STATUS_NAMES[order.status]}")
    lines += folded("", f"{customer}{opened}  规则 {order.rule_set}")
    if order.parent:
        lines += folded("", f"上级工单 {order.parent}")
    lines += [line for case, _ in order.children for line in folded("", f"子工单 {case}")]
    if order.hold:
        lines += folded("挂起：", f"{order.hold['reason']}（{order.hold['since'][:10]} 起）")
    lines += [line for p in views.place(desk, order) for line in place_lines(p)]
    for tab, fields in views.sheet(desk, order, unmasked):
        lines += ["", plain(tab)]
        lines += [line for _, label, shown in fields for line in field_lines(label, shown)]
    lines += _materials(order)
    answered = {"done": 0, "na": 0, "failed": 0}
    for given in order.checks.values():
        answered[given["state"]] += 1
    lines += ["", f"措施  已确认 {answered['done']}  不适用 {answered['na']}  未通过 {answered['failed']}"]
    return "\n".join(lines) + "\n"


def _materials(order: WorkOrder) -> list[str]:
    lines = ["", "材料"] if order.materials else []
    for code, handed in sorted(order.materials.items()):
        state = "已收" if handed["state"] == "attached" else f"容缺，{handed['until']} 前补"
        file = f"  {handed['file']}" if handed.get("file") else ""
        lines += folded(f"  {code} ", f"{handed['name']}  {state}{file}")
    return lines


def place_lines(place: Mapping[str, Any]) -> list[str]:
    """Where a work order stands, for how long still."""
    lamp = f"  {LAMPS[place['lamp']]}灯" if place["lamp"] else ""
    due = f"  时限 {place['due'][:16].replace('T', ' ')}" if place["due"] else ""
    code = f"{place['entry']} " if place["entry"] else ""
    return folded("❯ ", f"{code}{place['name']}  {place['role_name']}{due}{lamp}")


def answer(
    app: App, desk: Desk, order: WorkOrder, done: str, tells_changes: bool = False, **more: Any
) -> None:
    """What a writing command says: JSON for scripts (`more` are further keys), lines for people.

    People see what changed in the archive on a trial, and with `tells_changes` always.
    """
    from yk.desk import views
    from yk.desk.order import STATUS_NAMES

    said = views.summary(desk, order) | more
    if desk.told:
        said["told"] = desk.told
    if desk.dry_run:
        said = {"changes": views.masked_changes(desk.changes)} | said | {"dry_run": True}
    if app.format != "table":
        output.record(app, said, [("case", "申请编号"), ("status", "状态")])
        return
    lines = folded("", f"{'（试算，未写入）' if desk.dry_run else ''}工单 {order.case} {done}")
    lines += [line for p in said["at"] for line in place_lines(p)] or [f"❯ {STATUS_NAMES[order.status]}"]
    if desk.dry_run or tells_changes:
        lines += [line for change in desk.changes for line in change_lines(change)]
    output.text(app, "\n".join(lines) + "\n")
    for text in desk.told:
        app.say(text)


def change_lines(change: Mapping[str, Any]) -> list[str]:
    """One archive change: entity, id, fields old → new; codes by name, personal columns masked.

    On one line where that is wide enough, else a line for every field.
    """
    from yk.desk.changes import told

    sign, head, fields = told(change["entity"], change["id"], change["before"], change["after"])
    parts = [f"{zh} {' → '.join(filter(None, (old, new))) or '（清空）'}" for zh, old, new in fields]
    whole = folded(f"  {sign} ", f"{head}：{'，'.join(parts)}".removesuffix("："))
    if len(whole) == 1:
        return whole
    return [*folded(f"  {sign} ", head), *(line for part in parts for line in folded(" " * 6, part))]
