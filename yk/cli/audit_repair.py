"""`yk audit repair`: batch modifications, planned and seen; the commands that decide on them are in `audit_repair_moves`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.audit_open import open_
from yk.cli.audit_repair_moves import COMMANDS as MOVES
from yk.cli.audit_repair_moves import number_argument
from yk.cli.audit_repair_page import LINE, plan_page, repair_page
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, group
from yk.cli.options import reading
from yk.cli.words import CASE, Word, pairs
from yk.errors import ExitCode, UsageError

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_PAIR = "elec_addr=示范市城东路1号"
_STATES = {
    "planned": "申请中",
    "approving": "审批中",
    "approved": "待执行",
    "applied": "待核实",
    "undoing": "待撤销",
    "verified": "已核实",
    "undone": "已撤销",
    "cancelled": "已终止",
}
_ROW_STATES = {"planned": "未执行", "applied": "已写入", "undone": "已恢复", "left": "未恢复"}
_ROWS = [
    ("row", "行"),
    ("entity_name", "数据类别"),
    ("entity_id", "记录"),
    ("cons_no", "用户编号"),
    ("said", "修改"),
    ("status_name", "状态"),
]


@group(
    "repair", help="批量修改：试算、申请、稽查专责审核、专业负责人确认、领导小组审批、执行、核实；可以撤销。"
)
def repair() -> None:
    """Batch modifications."""


@repair.command(
    "plan",
    help="试算并申请：改哪些行、改前改后各是什么、消除和新增哪些问题。清单封存，批准的就是这一份。由供电单位数据订正人员办。",
    examples=[
        "yk audit repair plan --rule X:1.56 --set tmp_flag=03 --reason 临时用电标志漏填",
        "yk audit repair plan --rule X:1.56 --unit 99401 --set tmp_flag=03 --reason T",
        "yk audit repair plan --customer 1016000012 --set 用电地址=新址 --reason 改编",
        "yk audit repair plan --list 门牌.csv --reason 改编  # 列：cons_no、elec_addr",
        "yk audit repair plan --again 012611230001  # 档案变了，同样的修改重新试算",
    ],
    exits=_EXITS,
)
@click.option("--rule", metavar="ID", default="", help="改这条规则还没消除的问题")
@click.option(
    "--unit",
    metavar="ORG",
    default="",
    help="规则的问题只要这个供电单位的，编号或名称；经办人有单位的缺省是他的单位",
)
@click.option("--finding", "findings", metavar="F", multiple=True, help="改这个问题，可重复")
@click.option(
    "--customer", "customers", metavar="NO", multiple=True, help="改这一户，可重复；和规则同写则两样都要合"
)
@click.option(
    "--list",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="清单（.csv、.xlsx）：一列 entity_id 或 cons_no，其余列是要改的字段；空格子不改",
)
@click.option("--entity", metavar="E", default="", help="清单或户里改哪类数据，缺省用电客户（customer）")
@click.option(
    "--set", "values", metavar="K=V", multiple=True, help="字段=新值，可重复；都改成一样；值空着就是清空"
)
@click.option("--reason", metavar="T", default="", help="修改原因，必写")
@click.option("--how", metavar="T", default="", help="修改办法，缺省按字段和新值写")
@click.option("--billing-note", metavar="T", default="", help="计费影响说明；改到计费字段的必写")
@click.option("--again", metavar="NO", type=CASE, default=None, help="这一份重新试算，清单按现在的档案")
@dry_run
@pass_app
def plan(app: App, /, again: str | None, values: tuple[str, ...], dry_run: bool, **wish: Any) -> None:
    """Dry run of a batch modification, kept for approval."""
    from yk.audit import repair_plan
    from yk.audit.repair_targets import Wish

    desk = app.desk(dry_run)
    if again and (values or any(wish.values())):
        raise UsageError("conflicting_options", "--again 只重新试算，不能再写别的", "改法不同就另报一份")
    if again:
        answer = repair_plan.again(desk, again)
    else:
        answer = repair_plan.plan(desk, Wish(values=pairs(values, _PAIR), **wish))
    answer |= {"dry_run": True} if dry_run else {}
    if answer.get("unit") and not wish["unit"]:
        from yk.archive.codes import name_of

        app.say(f"只取经办人所在单位 {name_of('org', answer['unit'])} 的问题")
    if app.format == "table":
        output.text(app, plan_page(answer, dry_run))
    else:
        output.record(app, answer, LINE)


@repair.command(
    "list",
    help="列出批量修改。",
    examples=["yk audit repair list", "yk audit repair list --state approved"],
    exits=[ExitCode.UNREADABLE],
)
@click.option("--state", type=Word(_STATES), default=None, help="只列这个状态的")
@click.option("--rule", metavar="ID", default="", help="只列这条规则的")
@reading
@pass_app
def list_(app: App, state: str | None, rule: str) -> None:
    """Print every batch modification."""
    from yk.audit.repairing import repairs
    from yk.audit.rules import find_rule

    output.rows(app, repairs(app.desk(), state or "", find_rule(rule).id if rule else ""), LINE)


@repair.command(
    "show",
    help="一份批量修改：试算结果、各级意见、试算以后档案的变动、没有恢复的行。",
    examples=["yk audit repair show 012611230001", "yk audit repair show 012611230001 --json"],
    exits=[ExitCode.UNREADABLE],
)
@number_argument
@reading
@pass_app
def show(app: App, number: str) -> None:
    """Print a batch modification."""
    from yk.audit.repairing import shown

    record = shown(app.desk(), number)
    if app.format == "table":
        output.text(app, repair_page(record))
    else:
        output.record(app, record, LINE)


@repair.command(
    "rows",
    help="清单的各行：改前、改后、现值、状态。",
    examples=[
        "yk audit repair rows 012611230001 --status left",
        "yk audit repair rows 012611230001 --format csv -o 清单.csv",
    ],
    exits=[ExitCode.UNREADABLE],
)
@number_argument
@click.option("--status", type=Word(_ROW_STATES), default=None, help="只列这个状态的")
@reading
@pass_app
def rows(app: App, number: str, status: str | None) -> None:
    """Print the rows of a batch modification."""
    from yk.audit.repairing import rows as found

    output.rows(app, found(app.desk(), number, status or ""), _ROWS)


for one in MOVES:
    repair.add_command(one)

COMMANDS: tuple[Command, ...] = (repair, open_)
