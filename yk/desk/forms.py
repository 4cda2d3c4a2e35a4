"""The forms a work order prints, as Markdown or one HTML page (NX 图1-5, 1-10; ZJ 144(1) 一次性告知单, 145(2) 客户联系卡)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from yk.desk import views
from yk.desk.desk import Desk
from yk.desk.order import WorkOrder
from yk.errors import Reason, Refused, UsageError
from yk.flows.flow import Flow
from yk.text import halfwidth, nearest, plain

Data = dict[str, Any]
Body = Callable[[Desk, WorkOrder, bool], list[str]]
SURVEY = "site_survey"
"""The archetype of survey steps."""
_STYLE = (
    "@page{size:A4;margin:15mm}body{font-family:'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;"
    "font-size:14px;line-height:1.6;max-width:48em;margin:2em auto;padding:0 1em}h1{font-size:22px;text-align:center}"
    "h2{font-size:16px}table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:4px 8px;"
    "text-align:left;vertical-align:top}th{background:#f0f0f0}@media print{body{margin:0;max-width:none}}"
)


def find_form(word: str) -> str:
    """The id of the form meant by an id or a Chinese title. Raises UsageError (`unknown_form`)."""
    wanted = halfwidth(word)
    for name, (title, _) in FORMS.items():
        if wanted in (name, halfwidth(title)):
            return name
    known = "、".join(f"{name} {title}" for name, (title, _) in FORMS.items())
    near = nearest(wanted, [*FORMS, *(title for title, _ in FORMS.values())])
    hint = f"是不是想写 {near}？" if near else f"可用的有：{known}"
    raise UsageError("unknown_form", f"没有 {word} 这种单据", hint)


def render(desk: Desk, order: WorkOrder, form: str, unmasked: bool = False) -> str:
    """One form as Markdown. Raises UsageError (`unknown_form`), Refused for a form its flow does not have."""
    title, body = FORMS[find_form(form)]
    flow = desk.flow_of(order)
    head = [
        f"# {flow.name}{title}",
        "",
        f"申请编号：{order.case}　　打印时间：{desk.now()[:16].replace('T', ' ')}",
        "",
    ]
    return "\n".join([*head, *body(desk, order, unmasked)]) + "\n"


def as_page(title: str, text: str) -> str:
    """A rendered form as one HTML page that needs nothing else and prints on A4."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("js-default").enable("table").render(text)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}</head>\n<body>\n{body}</body>\n</html>\n'


def _table(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    heads = list(headers)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return [*lines, ""]


def _cell(value: object) -> str:
    return plain(str(value if value is not None else "")).replace("|", "\\|")


def _application(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    lines = []
    tables = {
        n: f for n, f in desk.flow_of(order).fields.items() if f["type"] == "table" and order.data.get(n)
    }
    for tab, fields in views.sheet(desk, order, unmasked):
        if rows := [(label, shown) for name, label, shown in fields if name not in tables]:
            lines += [f"## {tab}", "", *_table(("项目", "内容"), rows)]
    for name, field in tables.items():
        cells = [[views.cell_text(row.get(c["name"])) for c in field["columns"]] for row in order.data[name]]
        lines += [f"## {field['label']}", "", *_table([c["label"] for c in field["columns"]], cells)]
    materials = [
        (c, m["name"], "已收" if m["state"] == "attached" else f"容缺，{m['until']} 前补")
        for c, m in order.materials.items()
    ]
    lines += [
        "## 客户资料信息",
        "",
        *_table(("代码", "材料", "状态"), sorted(materials) or [("", "（未收）", "")]),
    ]
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
        (fields[n]["label"], views.display(desk, fields[n], order.data.get(n))) for n in names if n in fields
    ]
    flow = desk.flow_of(order)
    done = [(flow.step(step)["name"], views.operator_name(desk, who)) for step, _, who in order.done]
    return [
        *_table(("项目", "内容"), rows),
        "## 办理经过",
        "",
        *_table(("环节", "经办人"), done or [("（尚未办理）", "")]),
    ]


def _survey_order(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
    """What a surveyor takes along: whom to see, what to note, which controls to answer (勘察任务单, NX 1.2)."""
    flow = desk.flow_of(order)
    surveys = [step for step in flow.steps.values() if step["archetype"] == SURVEY]
    if not surveys:
        message = f"流程 {flow.name} 没有现场勘查环节，不打印现场勘查单"
        raise Refused([Reason("no_such_form", message)])
    sheet = {name: shown for _, fields in views.sheet(desk, order, unmasked) for name, _, shown in fields}
    first = [f for f in flow.fields_at(flow.first) if f["name"] in sheet and f["tab"] == "申请信息"]
    lines = ["## 申请信息", "", *_table(("项目", "内容"), ((f["label"], sheet[f["name"]]) for f in first))]
    for step in surveys:
        noted = [(f["label"], sheet.get(f["name"], "")) for f in flow.fields_at(step["id"])]
        asked = [(c["check"], "") for c in step["controls"] if not c["guard"]]
        lines += [f"## {step['name']}记录", "", *_table(("项目", "勘查结果"), noted)]
        lines += ["## 现场安全与预控措施", "", *_table(("措施", "确认"), asked)]
    return [*lines, "勘查人：＿＿＿＿＿＿　　客户：＿＿＿＿＿＿　　勘查日期：＿＿＿＿＿＿"]


def _of_tabs(*tabs: str) -> Body:
    """A form that shows what is filled in on these tabs of the work order's form."""

    def body(desk: Desk, order: WorkOrder, unmasked: bool) -> list[str]:
        flow = desk.flow_of(order)
        mine = [tab for tab in tabs if any(field["tab"] == tab for field in flow.fields.values())]
        if not mine:
            message = f"流程 {flow.name} 没有{'、'.join(tabs)}环节，不打印这张单"
            raise Refused([Reason("no_such_form", message)])
        rows = [("申请编号", order.case), ("用户编号", order.cons_no), ("用户", _name(order))]
        lines = _table(("项目", "内容"), [row for row in rows if row[1]])
        for tab, fields in views.sheet(desk, order, unmasked):
            if tab in mine:
                lines += [f"## {tab}", "", *_filled(flow, order, fields)]
        return [*lines, "经办人：＿＿＿＿＿＿　　客户签收：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"]

    return body


def _name(order: WorkOrder) -> str:
    return str(order.data.get("new_name") or order.data.get("cons_name") or "")


def _filled(flow: Flow, order: WorkOrder, fields: Iterable[tuple[str, str, str]]) -> list[str]:
    """Plain fields as one table, table fields as one each."""
    plain_ones = [(label, shown) for name, label, shown in fields if flow.fields[name]["type"] != "table"]
    lines = _table(("项目", "内容"), plain_ones) if plain_ones else []
    for name, label, _ in fields:
        field = flow.fields[name]
        if field["type"] == "table":
            cells = [
                [views.cell_text(row.get(c["name"])) for c in field["columns"]] for row in order.data[name]
            ]
            lines += [f"### {label}", "", *_table([c["label"] for c in field["columns"]], cells)]
    return lines


FORMS: dict[str, tuple[str, Body]] = {
    "application": ("业务受理申请单", _application),
    "contact_card": ("客户联系卡", _contact_card),
    "notice": ("一次性告知单", _notice),
    "survey_order": ("现场勘查单", _survey_order),
    "scheme_reply": ("供电方案答复单", _of_tabs("供电方案", "答复供电方案")),
    "fee_notice": ("业务收费通知单", _of_tabs("确定费用")),
    "design_opinion": ("受电工程图纸审核意见单", _of_tabs("设计审核")),
    "interim_opinion": ("受电工程中间检查意见单", _of_tabs("中间检查")),
    "acceptance_record": ("受电工程竣工验收单", _of_tabs("竣工报验", "竣工验收")),
    "meter_slip": ("电能计量装接单", _of_tabs("装拆表")),
    "energizing_slip": ("送电单", _of_tabs("送电")),
    "seal_slip": ("设备封停（启封）单", _of_tabs("设备封停", "设备启封")),
    "settlement": ("电费结清单", _of_tabs("费用结清")),
    "archive_card": ("档案存储卡", _archive_card),
}
"""Form id -> title and what it says."""
