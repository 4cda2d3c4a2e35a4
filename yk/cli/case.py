"""`yk case`: work orders. Reading commands stand here; filling and moving in case_fill and case_moves."""

from __future__ import annotations

import click

from yk.cli import case_fill, case_moves, output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import case_argument, meant
from yk.cli.case_page import case_page, checklist_page, checklist_row, list_row
from yk.cli.complete import complete_flow
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.words import LAMPS, MORE_LAMPS, MORE_STATUSES, STATUSES, Word
from yk.errors import ExitCode

_PEOPLE = ("table", "md")
"""Formats for people: names instead of ids."""
_unmasked = click.option("--unmasked", is_flag=True, help="证件号码和电话不脱敏；经办人的角色须可查看")
_step = click.option("--step", metavar="STEP", help="环节编号；工单同时在几个环节时用")


@group("case", help="工单：受理、办理、流转、查询。")
def case() -> None:
    """Work orders."""


@case.command(
    "list",
    help="列出工单。",
    examples=["yk case list --mine", "yk case list --status open --lamp red"],
)
@click.option("--mine", is_flag=True, help="只列本人角色的待办")
@click.option(
    "--status", type=Word(STATUSES, MORE_STATUSES), help="只列这一状态；也可写在办、挂起、已归档、已终止"
)
@click.option("--lamp", type=Word(LAMPS, MORE_LAMPS), help="只列这种灯；也可写红、黄、绿")
@click.option("--flow", metavar="FLOW", shell_complete=complete_flow, help="只列这一流程")
@click.option("--customer", metavar="NO", help="只列这个用户的工单")
@reading
@pass_app
def list_(
    app: App, mine: bool, status: str | None, lamp: str | None, flow: str | None, customer: str | None
) -> None:
    """Print one line a work order."""
    from yk.desk import views

    desk = app.desk()
    found = (views.line(desk, order) for order in desk.orders(flow, status, lamp, mine, customer))
    if app.format in _PEOPLE:
        now = desk.clock()
        found = (list_row(line, now) for line in found)
    columns = [
        ("case", "申请编号"),
        ("flow_name", "业务"),
        ("customer", "用户编号"),
        ("cons_name", "用户名"),
        ("status_name", "状态"),
        ("steps", "当前环节"),
        ("due", "时限"),
        ("lamp", "灯"),
    ]
    output.rows(app, found, columns)


@case.command(
    "show",
    help="一张工单的全部内容。",
    examples=["yk case show 012611210001", "yk case show 012611210001 --json"],
)
@case_argument
@_unmasked
@reading
@pass_app
def show(app: App, case: str, unmasked: bool) -> None:
    """Print a work order."""
    from yk.desk import views

    desk = app.desk()
    order = desk.get(case)
    if unmasked:
        views.may_see(desk)
    if app.format == "table":
        output.text(app, case_page(desk, order, unmasked))
        return
    columns = [
        ("case", "申请编号"),
        ("flow_name", "业务"),
        ("customer", "用户编号"),
        ("status_name", "状态"),
        ("steps", "当前环节"),
        ("opened", "登记时间"),
        ("closed", "办结时间"),
    ]
    output.record(app, views.full(desk, order, unmasked), columns)


@case.command(
    "checklist",
    help="下一步要问的全部检查项：守卫、预控措施、必填项、材料。",
    examples=["yk case checklist 012611210001"],
)
@case_argument
@click.option("--event", type=Word({"send": "发送"}), default="send", help="哪一种去向，缺省 send")
@_step
@reading
@pass_app
def checklist(app: App, case: str, event: str, step: str | None) -> None:
    """Print exactly what the next move will ask."""
    desk = app.desk()
    found = desk.checklist(case, meant(desk, case, step))
    if app.format == "table":
        output.text(app, checklist_page(found, case))
        return
    if app.format == "md":
        found = [checklist_row(item) for item in found]
    columns = [
        ("id", "编号"),
        ("kind", "类别"),
        ("text", "检查项"),
        ("level", "等级"),
        ("required", "必须"),
        ("state", "状态"),
    ]
    output.rows(app, found, columns)


@case.command("log", help="工单的全部办理记录。", examples=["yk case log 012611210001 --format jsonl"])
@case_argument
@_unmasked
@reading
@pass_app
def log(app: App, case: str, unmasked: bool) -> None:
    """Print the event chain."""
    from yk.desk import views

    desk = app.desk()
    if unmasked:
        views.may_see(desk)
    columns = [
        ("seq", "序号"),
        ("at", "时间"),
        ("operator", "经办人"),
        ("event", "动作"),
        ("from", "从"),
        ("to", "到"),
        ("reason", "原因"),
    ]
    found = views.events(desk, case, unmasked)
    if app.format in _PEOPLE:
        order = desk.get(case)
        found = (views.event_line(desk, order, event) for event in found)
    output.rows(app, found, columns)


@case.command(
    "verify",
    help="核对办理记录的哈希链，看有没有被改动。",
    examples=["yk case verify 012611210001"],
    exits=[ExitCode.UNREADABLE],
)
@case_argument
@reading
@pass_app
def verify(app: App, case: str) -> ExitCode:
    """Check the chain; exit 3 when it is broken."""
    problems = app.desk().verify(case)
    if app.format == "table":
        whole = f"工单 {case} 的记录完整，没有被改动"
        output.text(app, "".join(f"✗ {text}\n" for text in problems) or f"{whole}\n")
    else:
        columns = [("case", "申请编号"), ("whole", "完整"), ("problems", "问题")]
        output.record(app, {"case": case, "whole": not problems, "problems": problems}, columns)
    return ExitCode.UNREADABLE if problems else ExitCode.DONE


@case.command(
    "print",
    help="打印单据：受理申请单、联系卡、一次性告知单、勘查单、方案答复单、收费通知单、审图和中间检查意见单、\n"
    "验收单、装接单、送电单、封停单、结清单、档案存储卡；写 Markdown，--to html 写可打印的网页。",
    examples=[
        "yk case print 012611210001 --doc contact_card",
        "yk case print 012611210001 --doc application -o 受理单.md",
        "yk case print 012611210001 --doc 供电方案答复单 --to html -o 答复单.html",
    ],
)
@case_argument
@click.option("--doc", metavar="FORM", required=True, help="单据：编号或中文名，如 contact_card、客户联系卡")
@click.option("--to", type=Word({"md": "Markdown", "html": "网页"}), default="md", help="写成 md 或 html")
@_unmasked
@click.option("-o", "--output", "path", metavar="FILE", type=click.Path(), help="写到文件；- 为标准输出")
@pass_app
def print_(app: App, case: str, doc: str, to: str, unmasked: bool, path: str | None) -> None:
    """Print one of the forms as Markdown or HTML; under --json as {case, doc, title, text}."""
    from yk.desk import forms, views

    desk = app.desk()
    if unmasked:
        views.may_see(desk)
    app.path = path or app.path
    form = forms.find_form(doc)
    content = forms.render(desk, desk.get(case), form, unmasked)
    if to == "html":
        content = forms.as_page(forms.FORMS[form][0], content)
    if app.json:
        said = {"case": case, "doc": form, "title": forms.FORMS[form][0], "text": content}
        output.record(app, said, [("text", "内容")])
        return
    output.text(app, content)


for _module in (case_fill, case_moves):
    for _command in _module.COMMANDS:
        case.add_command(_command)
