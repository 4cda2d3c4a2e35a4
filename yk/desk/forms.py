"""The forms a work order prints, as Markdown (DESIGN §10; NX 图1-5, 1-10; ZJ 144(1) 一次性告知单, 145(2) 客户联系卡)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yk.desk import views
from yk.desk.desk import Desk
from yk.desk.order import WorkOrder
from yk.errors import UsageError
from yk.text import did_you_mean

Data = dict[str, Any]


def render(desk: Desk, order: WorkOrder, form: str, unmasked: bool = False) -> str:
    """One form as Markdown. Raises UsageError (`unknown_form`)."""
    if form not in FORMS:
        known = "、".join(f"{name} {title}" for name, (title, _) in FORMS.items())
        raise UsageError(
            "unknown_form", f"没有 {form} 这种单据", did_you_mean(form, FORMS) or f"可用：{known}"
        )
    title, body = FORMS[form]
    flow = desk.flow_of(order)
    head = [
        f"# {flow.name}{title}",
        "",
        f"申请编号：{order.case}　　打印时间：{desk.now()[:16].replace('T', ' ')}",
        "",
    ]
    return "\n".join([*head, *body(desk, order, unmasked)]) + "\n"


def _table(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    heads = list(headers)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return [*lines, ""]


def _cell(value: object) -> str:
    return str(value if value is not None else "").replace("|", "\\|").replace("\n", " ")


def _application(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    lines = []
    for tab, fields in views.sheet(desk, order, unmasked):
        if fields:
            lines += [
                f"## {tab}",
                "",
                *_table(("项目", "内容"), ((label, shown) for _, label, shown in fields)),
            ]
    for name, field in desk.flow_of(order).fields.items():
        if field["type"] == "table" and order.data.get(name):
            heads = [column["label"] for column in field["columns"]]
            rows = [[row.get(c["name"]) for c in field["columns"]] for row in order.data[name]]
            lines += [f"## {field['label']}", "", *_table(heads, rows)]
    materials = [
        (c, m["name"], "已收" if m["state"] == "attached" else f"容缺，{m['until']} 前补")
        for c, m in order.materials.items()
    ]
    lines += ["## 客户资料信息", "", *_table(("代码", "材料", "状态"), sorted(materials))]
    return [*lines, "客户签字：＿＿＿＿＿＿　　经办人：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"]


def _contact_card(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    places = views.place(desk, order)
    rows = [
        ("用户编号", order.cons_no),
        ("业务", desk.flow_of(order).name),
        ("当前环节", "、".join(p["name"] for p in places) or "已办结"),
        ("本环节时限", "、".join((p["due"] or "")[:10] for p in places)),
        ("查询办法", f"凭申请编号 {order.case} 到营业厅或拨 95598 查询进度"),
    ]
    return _table(("项目", "内容"), rows)


def _notice(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    """All that is missing, at once (一次性告知)."""
    missing = [
        i for i in desk.checklist(order.case) if i["state"] in ("open", "failed") and i["kind"] != "control"
    ]
    kinds = {"material": "材料", "field": "申请内容", "guard": "办理条件"}
    if not missing:
        return ["您提交的资料和内容已齐，符合办理条件。"]
    rows = [(n, kinds[item["kind"]], item["text"]) for n, item in enumerate(missing, start=1)]
    lines = [
        "办理本业务还需要补齐或解决下列事项，一次告知如下：",
        "",
        *_table(("序号", "类别", "事项"), rows),
    ]
    return [*lines, "约定补齐时间：＿＿＿＿＿＿　　客户签收：＿＿＿＿＿＿　　告知人：＿＿＿＿＿＿"]


def _archive_card(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    names = ("file_no", "cabinet", "box", "keeper", "stored_at", "location", "change_content")
    fields = desk.flow_of(order).fields
    rows = [
        (fields[n]["label"], views.shown_value(fields[n], order.data.get(n))) for n in names if n in fields
    ]
    done = [(step, operator) for step, _, operator in order.done]
    flow = desk.flow_of(order)
    return [
        *_table(("项目", "内容"), rows),
        "## 办理经过",
        "",
        *_table(("环节", "经办人"), ((flow.step(step)["name"], who) for step, who in done)),
    ]


FORMS: dict[str, tuple[str, Callable[[Desk, WorkOrder, bool], list[str]]]] = {
    "application": ("业务受理申请单", _application),
    "contact_card": ("客户联系卡", _contact_card),
    "notice": ("一次性告知单", _notice),
    "archive_card": ("档案存储卡", _archive_card),
}
"""Form id -> title and what it says."""
