"""`yk case`: work orders. Reading commands stand here; filling and moving in case_fill and case_moves."""

from __future__ import annotations

import click

from yk.cli import case_fill, case_moves, output
from yk.cli.app import App, pass_app
from yk.cli.case_page import LAMP_COLUMN, case_page, checklist_page
from yk.cli.complete import complete_case, complete_flow
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.errors import ExitCode

_case = click.argument("case", metavar="NO", shell_complete=complete_case, help="工单号（申请编号）")
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
    "--status", type=click.Choice(["open", "suspended", "completed", "stopped"]), help="只列这一状态"
)
@click.option("--lamp", type=click.Choice(["red", "yellow", "green"]), help="只列这种灯")
@click.option("--flow", metavar="FLOW", shell_complete=complete_flow, help="只列这一流程")
@reading
@pass_app
def list_(app: App, mine: bool, status: str | None, lamp: str | None, flow: str | None) -> None:
    """Print one line a work order."""
    from yk.desk import views

    desk = app.desk()
    found = (views.line(desk, order) for order in desk.orders(flow, status, lamp, mine))
    columns = [
        ("case", "申请编号"),
        ("flow_name", "业务"),
        ("customer", "用户编号"),
        ("cons_name", "用户名"),
        ("status_name", "状态"),
        ("steps", "当前环节"),
        ("due", "时限"),
        LAMP_COLUMN,
    ]
    output.rows(app, found, columns)


@case.command(
    "show",
    help="一张工单的全部内容。",
    examples=["yk case show 012611210001", "yk case show 012611210001 --json"],
)
@_case
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
    output.record(
        app,
        views.full(desk, order, unmasked),
        [("case", "申请编号"), ("status_name", "状态"), ("at", "位置")],
    )


@case.command(
    "checklist",
    help="下一步要问的全部检查项：守卫、预控措施、必填项、材料。",
    examples=["yk case checklist 012611210001"],
)
@_case
@click.option("--event", type=click.Choice(["send"]), default="send", help="哪一种去向，缺省 send")
@_step
@reading
@pass_app
def checklist(app: App, case: str, event: str, step: str | None) -> None:
    """Print exactly what the next move will ask."""
    found = app.desk().checklist(case, step)
    if app.format == "table":
        output.text(app, checklist_page(found))
        return
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
@_case
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
    output.rows(app, views.events(desk, case, unmasked), columns)


@case.command(
    "verify",
    help="核对办理记录的哈希链，看有没有被改动。",
    examples=["yk case verify 012611210001"],
    exits=[ExitCode.UNREADABLE],
)
@_case
@pass_app
def verify(app: App, case: str) -> ExitCode:
    """Check the chain; exit 3 when it is broken."""
    problems = app.desk().verify(case)
    if app.format == "table":
        app.say(
            f"工单 {case} 的记录完整，没有被改动" if not problems else "\n".join(f"✗ {p}" for p in problems)
        )
    else:
        output.record(
            app, {"case": case, "whole": not problems, "problems": problems}, [("problems", "问题")]
        )
    return ExitCode.UNREADABLE if problems else ExitCode.DONE


@case.command(
    "print",
    help="打印单据：受理单、联系卡、一次性告知、档案卡。",
    examples=[
        "yk case print 012611210001 --doc contact_card",
        "yk case print 012611210001 --doc application -o 受理单.md",
    ],
)
@_case
@click.option(
    "--doc", metavar="FORM", required=True, help="单据：application、contact_card、notice、archive_card"
)
@_unmasked
@click.option("-o", "--output", "path", metavar="FILE", type=click.Path(), help="写到文件；- 为标准输出")
@pass_app
def print_(app: App, case: str, doc: str, unmasked: bool, path: str | None) -> None:
    """Print one of the forms as Markdown."""
    from yk.desk import forms, views

    desk = app.desk()
    if unmasked:
        views.may_see(desk)
    app.path = path or app.path
    output.text(app, forms.render(desk, desk.get(case), doc, unmasked))


for _module in (case_fill, case_moves):
    for _command in _module.COMMANDS:
        case.add_command(_command)
