"""`yk case send|return|fail|sign|suspend|resume|stop|sweep|run`: moving work orders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import PAIR, case_argument, data_file, dry_run, form_file, meant, sets
from yk.cli.case_page import answer, change_lines, folded, item_lines
from yk.cli.complete import complete_case
from yk.cli.lazy import Command, command
from yk.cli.words import CASE_OR_FLOW, MORE_OPINIONS, OPINIONS, Word, pairs
from yk.errors import ExitCode, Refused

if TYPE_CHECKING:
    from yk.desk import Desk

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_reason = click.option("--reason", metavar="T", default="", help="原因，必写")
_step = click.option("--step", metavar="STEP", help="环节编号或中文名；工单同时在几个环节时用")


@command("send", help="发送到下一环节。", examples=["yk case send 012611210001"], exits=_EXITS)
@case_argument
@click.option("--to", metavar="STEP", help="应到的环节（编号或中文名）；与流程条件算出的不一致则拒绝")
@_step
@dry_run
@pass_app
def send(app: App, case: str, to: str | None, step: str | None, dry_run: bool) -> None:
    """Move forward."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.send(case, meant(desk, case, to), meant(desk, case, step)), "已发送")


@command(
    "return",
    help="退回到前面的环节。",
    examples=["yk case return 012611210001 --to acceptance --reason 户名与执照不符"],
    exits=_EXITS,
)
@case_argument
@click.option("--to", metavar="STEP", required=True, help="退回到哪个环节，编号或中文名")
@_reason
@_step
@dry_run
@pass_app
def return_(app: App, case: str, to: str, reason: str, step: str | None, dry_run: bool) -> None:
    """Send back."""
    desk = app.desk(dry_run)
    order = desk.return_(case, meant(desk, case, to) or to, reason, meant(desk, case, step))
    answer(app, desk, order, "已退回")


@command(
    "undo",
    help="撤销自己在这张工单上的上一步（填写、收材料、确认、发送、退回、会签）；已有人接着办、已写入档案的不能撤销。",
    examples=["yk case undo 012611210001"],
    exits=_EXITS,
)
@case_argument
@dry_run
@pass_app
def undo(app: App, case: str, dry_run: bool) -> None:
    """Take back one's own last step."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.take_back_last(case), "已撤销上一步")


@command(
    "fail",
    help="登记检查不合格，转整改。",
    examples=["yk case fail 012611210001 --reason 接地电阻超标"],
    exits=_EXITS,
)
@case_argument
@_reason
@_step
@dry_run
@pass_app
def fail(app: App, case: str, reason: str, step: str | None, dry_run: bool) -> None:
    """Record a failed inspection."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.fail(case, reason, meant(desk, case, step)), "已登记不合格")


@command(
    "sign",
    help="会签：签署一个部门的意见。",
    examples=["yk case sign 012611210001 --dept 运检部 --opinion 通过"],
    exits=_EXITS,
)
@case_argument
@click.option("--dept", metavar="D", required=True, help="部门编号或名称")
@click.option("--opinion", type=Word(OPINIONS, MORE_OPINIONS), required=True, help="通过、修改或退回")
@click.option("--clause", metavar="C", default="", help="依据的条款号")
@click.option("--reason", metavar="T", default="", help="修改或退回的理由")
@dry_run
@pass_app
def sign(app: App, case: str, dept: str, opinion: str, clause: str, reason: str, dry_run: bool) -> None:
    """Sign for a department."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.sign(case, dept, opinion, clause, reason), "已会签")


@command(
    "suspend",
    help="挂起，时限停计。",
    examples=["yk case suspend 012611210001 --reason 等客户补件"],
    exits=_EXITS,
)
@case_argument
@_reason
@dry_run
@pass_app
def suspend(app: App, case: str, reason: str, dry_run: bool) -> None:
    """Put on hold."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.suspend(case, reason), "已挂起")


@command(
    "resume",
    help="恢复办理，续计剩余时限。",
    examples=["yk case resume 012611210001 --reason 材料已补"],
    exits=_EXITS,
)
@case_argument
@_reason
@dry_run
@pass_app
def resume(app: App, case: str, reason: str, dry_run: bool) -> None:
    """End the hold."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.resume(case, reason), "已恢复")


@command(
    "unlock",
    help="批准延误说明，超期锁定的环节重新计时；由分管领导办（设置 red_lamp_locks）。",
    examples=["yk case unlock 012611210001 --reason 客户补充试验报告迟交 --cause 用户配合度低"],
    exits=_EXITS,
)
@case_argument
@_reason
@click.option("--cause", metavar="C", default="", help="延误原因的归类，如 用户配合度低")
@_step
@dry_run
@pass_app
def unlock(app: App, case: str, reason: str, cause: str, step: str | None, dry_run: bool) -> None:
    """Grant a red step its limit anew."""
    desk = app.desk(dry_run)
    answer(app, desk, desk.unlock(case, reason, cause, meant(desk, case, step)), "已解锁，重新计时")


@command(
    "stop",
    help="终止工单，释放档案锁。",
    examples=["yk case stop 012611210001 --reason 客户撤单"],
    exits=_EXITS,
)
@case_argument
@_reason
@dry_run
@pass_app
def stop(app: App, case: str, reason: str, dry_run: bool) -> None:
    """End without archiving."""
    desk = app.desk(dry_run)
    order = desk.stop(case, reason)  # what is to be paid back must not be found out later
    answer(app, desk, order, "已终止", tells_changes=True)


@command(
    "sweep",
    help="处理到期事项：容缺材料逾期、供电方案失效的工单挂起；到期的档案维护授权收回；次日到期的材料提醒。",
    examples=["yk case sweep"],
    exits=_EXITS,
)
@dry_run
@pass_app
def sweep(app: App, dry_run: bool) -> None:
    """Do what falls due."""
    done = "（试算，未写入）" if dry_run else ""
    found = [{**one, "dry_run": dry_run} for one in app.desk(dry_run).sweep()]
    if app.format != "table":
        output.rows(app, found, [("case", "申请编号")])
        return
    told = {"suspend": "已挂起：", "stop": "已终止：", "remind": ""}
    lines = [
        line
        for one in found
        for line in folded("", f"{done}工单 {one['case']} {told[one['action']]}{one['reason']}")
    ]
    output.text(app, "".join(f"{line}\n" for line in lines))
    if not found:
        app.say("没有到期事项")


@command(
    "run",
    help="从当前环节一路办到底；每个环节自动换成有相应角色、无岗位冲突的经办人。",
    examples=[
        "yk case run 更名 --customer 1016000001 --confirm-all --fill",
        "yk case run 012611210001 --until 信息归档 --set agreement_no=XY-1",
    ],
    exits=_EXITS,
)
@click.argument(
    "target",
    metavar="NO|FLOW",
    type=CASE_OR_FLOW,
    shell_complete=complete_case,
    help="工单号，或流程（先建单）",
)
@click.option("--customer", metavar="NO", help="用户编号（建单时）；--fill 时不写就用流程的演示户")
@click.option("--until", metavar="STEP", help="到这个环节停下，编号或中文名")
@click.option("--confirm-all", is_flag=True, help="每个环节的人工措施都确认；记录里注明是批量确认")
@click.option("--fill", is_flag=True, help="缺的必填项用示例值、缺的材料当场收（培训、试办用）")
@sets
@data_file
@dry_run
@pass_app
def run(
    app: App,
    target: str,
    customer: str | None,
    until: str | None,
    confirm_all: bool,
    fill: bool,
    values: tuple[str, ...],
    data: Path | None,
    dry_run: bool,
) -> None:
    """Go forward step by step until done or refused."""
    from contextlib import nullcontext

    from yk.desk.running import Plan, opened_for_run

    desk = app.desk(dry_run)
    plan = Plan({**form_file(data), **pairs(values, PAIR)}, confirm_all, fill, until or "")
    with desk.chunk() if dry_run else nullcontext():
        case = opened_for_run(desk, target, customer, plan)
        steps, changes = _go(app, desk, case, plan)
        order = desk.get(case)
        ended = "已办结" if order.closed else "已办到这里"
        desk.changes = [] if app.format == "table" else changes
        answer(app, desk, order, ended, steps=steps)


def _go(app: App, desk: Desk, case: str, plan: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run and print each step; gives the steps and the archive changes. Tells where a refused run stands."""
    from yk.desk.running import run as run_steps
    from yk.desk.views import step_names

    steps: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    told: list[str] = []
    try:
        for done in run_steps(desk, case, plan):
            steps.append({key: done[key] for key in ("case", "step", "entry", "title", "operator", "to")})
            changes += done["changes"]
            told += desk.told
            if app.format == "table":
                lines = folded("✓ ", f"{done['entry']} {done['title']}  {done['operator']}")
                lines += [
                    line for item in done["items"] if item["required"] for line in item_lines(item)[:-1]
                ]
                lines += [line for change in done["changes"] for line in change_lines(change)]
                output.text(app, "\n".join(lines) + "\n")
    except Refused:
        order = desk.get(case)
        here = "、".join(step_names(desk.flow_of(order), desk.steps_at(order)))
        if here:
            trial = "（试算，未写入）" if desk.dry_run else ""
            app.say(f"{trial}工单 {case} 停在“{here}”，这次办了 {len(steps)} 个环节")
        raise
    desk.told = told
    return steps, changes


COMMANDS: tuple[Command, ...] = (
    send, return_, undo, fail, sign, suspend, resume, unlock, stop, sweep, run,
)  # fmt: skip
