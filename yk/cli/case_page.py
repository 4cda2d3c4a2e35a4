"""How work orders look to people: pages of at most 80 cells, every colour doubled by a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from yk.cli import output
from yk.cli.app import App
from yk.text import pad, plain, wrap

if TYPE_CHECKING:
    from yk.desk import Desk, WorkOrder

WIDTH = 80
LAMP_COLUMN = ("lamp", "灯")
MARKS = {"done": "✓", "failed": "✗", "open": "☐", "na": "▹"}
STATES = {"done": "已过", "failed": "未过", "open": "待办", "na": "不需"}
LAMPS = {"green": "绿", "yellow": "黄", "red": "红"}
_KINDS = {"guard": "系统判断", "control": "人工确认", "field": "必填项", "material": "材料"}


def item_lines(item: Mapping[str, Any]) -> list[str]:
    """One checklist item: mark, text, and below it the id and level."""
    mark = MARKS[item["state"]]
    head = f"  {mark} {STATES[item['state']]} "
    need = "" if item["required"] else "（可选）"
    lines = wrap(plain(item["text"]) + need, WIDTH - 10)
    ident = f"{item['id']}" + (f"  风险{item['level']}" if item["level"] else "")
    return [head + lines[0], *(" " * 9 + line for line in lines[1:]), " " * 9 + ident]


def checklist_page(items: Iterable[Mapping[str, Any]]) -> str:
    """The checklist by kind, with a count of what is still open."""
    found = list(items)
    if not found:
        return "工单已办结，没有要检查的\n"
    lines = []
    for kind, title in _KINDS.items():
        some = [item for item in found if item["kind"] == kind]
        if some:
            lines += [title, *(line for item in some for line in item_lines(item)), ""]
    waiting = sum(1 for item in found if item["required"] and item["state"] in ("open", "failed"))
    lines.append(f"还差 {waiting} 项" if waiting else "检查项已齐，可以发送：yk case send")
    return "\n".join(lines) + "\n"


def case_page(desk: Desk, order: WorkOrder, unmasked: bool) -> str:
    """A work order: place, form by tab, materials, answers."""
    from yk.desk import views
    from yk.desk.order import STATUS_NAMES

    flow = desk.flow_of(order)
    lines = [f"{flow.name}  申请编号 {order.case}  {STATUS_NAMES[order.status]}"]
    lines.append(f"用户 {order.cons_no}  受理 {order.opened[:16].replace('T', ' ')}  规则 {order.rule_set}")
    if order.hold:
        lines.append(f"挂起：{order.hold['reason']}（{order.hold['since'][:10]} 起）")
    lines += [place_line(p) for p in views.place(desk, order)]
    for tab, fields in views.sheet(desk, order, unmasked):
        lines += ["", tab]
        width = 18
        for _, label, shown in fields:
            parts = wrap(plain(shown), WIDTH - width - 4) or [""]
            lines.append(f"  {pad(label, width)} {parts[0]}")
            lines += [" " * (width + 3) + part for part in parts[1:]]
    if order.materials:
        lines += ["", "材料"]
        for code, handed in sorted(order.materials.items()):
            state = "已收" if handed["state"] == "attached" else f"容缺，{handed['until']} 前补"
            lines.append(f"  {code} {handed['name']}  {state}")
    answered = {"done": 0, "na": 0, "failed": 0}
    for answer in order.checks.values():
        answered[answer["state"]] += 1
    lines += ["", f"措施  已确认 {answered['done']}  不适用 {answered['na']}  未通过 {answered['failed']}"]
    return "\n".join(lines) + "\n"


def place_line(place: Mapping[str, Any]) -> str:
    """Where a work order stands, for how long still."""
    lamp = f"  {LAMPS[place['lamp']]}灯" if place["lamp"] else ""
    due = f"  时限 {place['due'][:16].replace('T', ' ')}" if place["due"] else ""
    code = f"{place['entry']} " if place["entry"] else ""
    return f"❯ {code}{place['name']}  {place['role_name']}{due}{lamp}"


def answer(app: App, desk: Desk, order: WorkOrder, done: str) -> None:
    """What a writing command says: JSON for scripts, lines for people."""
    from yk.desk import views
    from yk.desk.order import STATUS_NAMES

    said = views.summary(desk, order) | ({"dry_run": True, "changes": desk.changes} if desk.dry_run else {})
    if app.format != "table":
        output.record(app, said, [("case", "申请编号"), ("status", "状态")])
        return
    lines = [f"{'（试算，未写入）' if desk.dry_run else ''}工单 {order.case} {done}"]
    lines += [place_line(p) for p in said["at"]] or [f"❯ {STATUS_NAMES[order.status]}"]
    if desk.dry_run:
        lines += [change_line(change) for change in desk.changes]
    output.text(app, "\n".join(lines) + "\n")


def change_line(change: Mapping[str, Any]) -> str:
    """One archive change: entity, id, fields old -> new; personal columns masked."""
    from yk.archive.dictionary import entities
    from yk.text import mask

    entity = entities()[change["entity"]]
    parts = []
    for name, value in (change["after"] or {}).items():
        known = entity.fields[name]
        old = (change["before"] or {}).get(name)
        shown = [mask(str(v)) if known.personal and v else str(v) for v in (old, value) if v is not None]
        parts.append(f"{known.zh} {' → '.join(shown)}")
    mark = "+" if change["before"] is None else "-" if change["after"] is None else "~"
    return f"  {mark} {entity.zh} {change['id']}：{'，'.join(parts)}"
