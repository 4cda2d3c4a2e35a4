"""`yk audit repair approve|reject|apply|verify|undo`: batch modifications decided on, carried out, verified, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.audit_repair_page import LINE
from yk.cli.case_fill import dry_run, meant, sets
from yk.cli.complete import complete_case
from yk.cli.lazy import Command, command
from yk.cli.words import CASE, pairs
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.desk import Desk, WorkOrder

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_FORM = "billing_note=未影响已发行电费"
number_argument = click.argument(
    "number", metavar="NO", type=CASE, shell_complete=complete_case, help="批量修改的申请编号"
)
_yes = click.option("--yes", is_flag=True, help="不再询问，直接办")
_note = click.option("--note", metavar="T", default="", help="核实情况，必写")


def _answer(app: App, desk: Desk, order: WorkOrder, done: str) -> dict[str, Any]:
    """What a move answers: JSON for scripts, a line for people and what the rules say of what was written."""
    from yk.audit.repairing import line

    record = line(desk, order)
    said = record | {"told": desk.told} | ({"dry_run": True} if desk.dry_run else {})
    if app.format == "table":
        where = f"，现在“{record['steps']}”" if record["steps"] else ""
        trial = "（试算，未写入）" if desk.dry_run else ""
        output.text(app, f"{trial}批量修改 {record['repair']} {done}{where}\n")
        for told in desk.told:
            app.say(told)
    else:
        output.record(app, said, LINE)
    return record


@command(
    "approve",
    help="同意，送下一步：申请人签送、稽查专责审核、专业负责人确认、领导小组审批，停在哪一步就办哪一步。各步须不同的人。",
    examples=[
        "yk audit repair approve 012611230001 --opinion 清单核对无误",
        "yk audit repair approve 012611230001 --set change_rule=统一改为新门牌",
    ],
    exits=_EXITS,
)
@number_argument
@click.option("--opinion", metavar="T", default="同意", help="意见，缺省“同意”")
@sets
@dry_run
@pass_app
def approve(app: App, number: str, opinion: str, values: tuple[str, ...], dry_run: bool) -> None:
    """Pass the step a batch modification stands at."""
    from yk.audit.repairing import approve as pass_on

    desk = app.desk(dry_run)
    _answer(app, desk, pass_on(desk, number, opinion, pairs(values, _FORM)), "已签送")


@command(
    "reject",
    help="不同意，退回申请，或退回前面的一级。",
    examples=["yk audit repair reject 012611230001 --reason 第 3 行的地址不对"],
    exits=_EXITS,
)
@number_argument
@click.option("--reason", metavar="T", default="", help="原因，必写")
@click.option("--to", metavar="STEP", default="application", help="退到哪个环节，缺省修改申请")
@dry_run
@pass_app
def reject(app: App, number: str, reason: str, to: str, dry_run: bool) -> None:
    """Send a batch modification back."""
    from yk.audit.repairing import reject as send_back

    desk = app.desk(dry_run)
    _answer(app, desk, send_back(desk, number, reason, meant(desk, number, to) or to), "已退回")


@command(
    "apply",
    help="执行：批准的清单一次写入档案，涉及的户当场复核。试算以后档案变过的拒绝，须重新试算、重新审批。由营销部计算机专责办。",
    examples=["yk audit repair apply 012611230001 --yes", "yk audit repair apply 012611230001 --dry-run"],
    exits=_EXITS,
)
@number_argument
@_yes
@dry_run
@pass_app
def apply_(app: App, number: str, yes: bool, dry_run: bool) -> None:
    """Carry a batch modification out."""
    from yk.audit.repairing import apply, shown

    desk = app.desk(dry_run)
    if not yes and not dry_run:
        app.confirm(f"批量修改 {number}，{shown(desk, number)['rows']} 行写入档案？", "--yes")
    order = apply(desk, number)
    _answer(app, desk, order, f"已写入 {order.data['applied_rows']} 行")


@command(
    "verify",
    help="核实执行的结果：合格即办结，不合格转撤销。由申请单位办，不能是审批人、执行人。",
    examples=[
        "yk audit repair verify 012611230001 --note 抽查 10 户与现场一致",
        "yk audit repair verify 012611230001 --faulty --note 门牌编错了一条街",
    ],
    exits=_EXITS,
)
@number_argument
@click.option("--passed/--faulty", default=True, help="合格（缺省）或不合格")
@_note
@dry_run
@pass_app
def verify(app: App, number: str, passed: bool, note: str, dry_run: bool) -> None:
    """Verify what was carried out."""
    from yk.audit.repairing import verify as judge

    desk = app.desk(dry_run)
    _answer(app, desk, judge(desk, number, passed, note), "核实合格" if passed else "核实不合格，转撤销")


@command(
    "undo",
    help="撤销：按改前的值恢复；执行以后别人又改过的行不动，列出来，退出码 5。由营销部计算机专责办，不能是审批人、核实人。",
    examples=["yk audit repair undo 012611230001 --yes"],
    exits=[*_EXITS, ExitCode.PARTLY],
)
@number_argument
@_yes
@click.option("--reason", metavar="T", default="", help="原因，缺省用核实情况")
@dry_run
@pass_app
def undo(app: App, number: str, yes: bool, reason: str, dry_run: bool) -> ExitCode:
    """Take a batch modification back."""
    from yk.audit.repairing import shown
    from yk.audit.repairing import undo as take_back

    desk = app.desk(dry_run)
    if not yes and not dry_run:
        app.confirm(f"撤销批量修改 {number}，{shown(desk, number)['rows']} 行恢复原值？", "--yes")
    order = take_back(desk, number, reason)
    record = _answer(app, desk, order, f"已恢复 {order.data['undone_rows']} 行")
    if record["left"] and app.format == "table":
        app.say(f"{record['left']} 行执行以后又改过，没有动：yk audit repair rows {number} --status left")
    return ExitCode.PARTLY if record["left"] else ExitCode.DONE


COMMANDS: tuple[Command, ...] = (approve, reject, apply_, verify, undo)
