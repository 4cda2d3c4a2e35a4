"""`yk audit task`: tasks of 营销稽查 by theme and month: opened, listed, their results entered, their figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import dry_run
from yk.cli.case_page import answer, folded
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.words import Word
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.desk import Desk, WorkOrder

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_CONCLUSIONS = {"true": "属实", "false": "不属实", "rectified": "已整改"}
_TASKS = [
    ("case", "申请编号"),
    ("task_no", "任务"),
    ("topic_name", "子题"),
    ("unit", "责任单位"),
    ("items", "明细"),
    ("concluded", "有结论"),
    ("step", "环节"),
    ("deadline", "期限"),
    ("status_name", "状态"),
]
_task = click.argument("task", metavar="NO", help="任务编号或申请编号")
_month = click.option("--month", metavar="YYYY-MM", default="", help="稽查月份，如 2026-11")


@group("task", help="营销稽查任务：按主题、月份建任务，录入核查结果，月度分析。环节的发送、退回用 yk case。")
def task() -> None:
    """Audit tasks."""


@task.command(
    "open",
    help="建稽查任务：把主题、子题或查询现在查出的记录作明细，一个子题一个供电单位一张，停在“稽查计划”。",
    examples=[
        "yk audit task open T5.1 --month 2026-11",
        "yk audit task open 欠费停电 --month 2026-11 --unit 99401 --sample 20 --seed 7",
    ],
    exits=[ExitCode.FAILED, *_EXITS],
)
@click.argument("word", metavar="TOPIC|QUERY", help="子题、查询或主题的编号或中文名，见 yk audit theme")
@_month
@click.option("--unit", metavar="ORG", default="", help="只要这个供电单位的户，编号或名称")
@click.option("--sample", metavar="N", type=click.IntRange(min=1), help="从查出的里随机抽 N 条；不写则全部")
@click.option("--seed", metavar="S", type=int, help="抽样的种子，同一种子抽出同样的；缺省用月份")
@dry_run
@reading
@pass_app
def open_(
    app: App, word: str, month: str, unit: str, sample: int | None, seed: int | None, dry_run: bool
) -> None:
    """Plan tasks."""
    from yk.audit.tasks import line, open_tasks

    if seed is not None and sample is None:
        raise UsageError("conflicting_options", "--seed 要和 --sample 一起写", "如 --sample 20 --seed 7")
    desk = app.desk(dry_run)
    orders = open_tasks(desk, word, month or f"{app.clock():%Y-%m}", unit, sample, seed)
    rows = [line(desk, order) | {"dry_run": dry_run} for order in orders]
    output.rows(app, rows, _TASKS)
    app.say(
        f"{'（试算，未写入）' if dry_run else ''}建了 {len(orders)} 张稽查任务，下达：yk case send 申请编号"
    )


@task.command(
    "list",
    help="列出稽查任务。",
    examples=["yk audit task list --month 2026-11", "yk audit task list --theme T2 --json"],
)
@_month
@click.option("--theme", metavar="T", default="", help="只要这个主题、子题或查询的，编号或中文名")
@reading
@pass_app
def list_(app: App, month: str, theme: str) -> None:
    """Print tasks."""
    from yk.audit.tasks import tasks

    output.rows(app, tasks(app.desk(), month, theme), _TASKS)


@task.command(
    "show",
    help="一张稽查任务：计划、派工、每条明细和核查结果。",
    examples=["yk audit task show T5.1-202611-01"],
)
@_task
@reading
@pass_app
def show(app: App, task: str) -> None:
    """Print a task."""
    from yk.audit.tasks import shown

    record = shown(app.desk(), task)
    if app.format == "table":
        output.text(app, _page(record))
    else:
        output.record(app, record, _TASKS)


@task.command(
    "result",
    help="录入一条明细的核查结果；没写的项保持原样。任务在“录入结果”环节时由责任单位录。",
    examples=[
        "yk audit task result T5.1-202611-01 1 属实 --cause 归档漏填 \\\n"
        "  --measure 已补登 --evidence 工单照片",
        "yk audit task result 012611230001 1016000012 不属实 --cause 客户已销户",
    ],
    exits=_EXITS,
)
@_task
@click.argument("item", metavar="ITEM", help="明细的序号、记录标识或用户编号")
@click.argument("conclusion", metavar="CONCLUSION", type=Word(_CONCLUSIONS), help="属实、不属实或已整改")
@click.option("--cause", metavar="T", default="", help="原因")
@click.option("--measure", metavar="T", default="", help="整改措施；属实的要写")
@click.option("--evidence", metavar="T", default="", help="证据；属实和已整改的要写")
@dry_run
@pass_app
def result(app: App, /, task: str, item: str, conclusion: str, dry_run: bool, **told: str) -> None:
    """Enter one result."""
    from yk.audit.results import enter_result

    desk = app.desk(dry_run)
    order = enter_result(desk, task, item, conclusion=_CONCLUSIONS[conclusion], **told)
    answer(app, desk, order, f"已录入明细 {item}：{_CONCLUSIONS[conclusion]}，{_left(desk, order)}")


@task.command(
    "import",
    help="从 CSV 或工作簿录入核查结果。\n\n列：记录标识（或用户编号）、结论、原因、整改措施、证据，次序不限。全部录入或都不录。",
    examples=["yk audit task import T5.1-202611-01 核查结果.xlsx"],
    exits=_EXITS,
)
@_task
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="结果清单，.csv 或 .xlsx")
@dry_run
@pass_app
def import_(app: App, task: str, file: Path, dry_run: bool) -> None:
    """Enter results from a list."""
    from yk.audit.results import import_results

    desk = app.desk(dry_run)
    order, count, unknown = import_results(desk, task, file)
    if unknown:
        app.say(f"不认得的列没有读：{'、'.join(unknown)}")
    answer(app, desk, order, f"已录入 {count} 条，{_left(desk, order)}", entered=count, unknown=unknown)


def _left(desk: Desk, order: WorkOrder) -> str:
    """How many items wait for a conclusion."""
    from yk.audit.tasks import line

    found = line(desk, order)
    left = found["items"] - found["concluded"]
    return f"还有 {left} 条没有结论" if left else "全部有结论"


@task.command(
    "analyse",
    help="一个月稽查任务的数字，供月度分析：按结论、主题、单位、原因。分析和改进措施在“月度分析”环节填。",
    examples=["yk audit task analyse --month 2026-11", "yk audit task analyse --month 2026-11 --json"],
)
@_month
@reading
@pass_app
def analyse(app: App, month: str) -> None:
    """Print the figures of a month."""
    from yk.audit.tasks import analysis

    record = analysis(app.desk(), month or f"{app.clock():%Y-%m}")
    if app.format == "table":
        output.text(app, _figures(record))
    else:
        output.record(
            app, record, [("month", "月份"), ("tasks", "任务"), ("items", "明细"), ("open", "无结论")]
        )


def _page(record: Mapping[str, Any]) -> str:
    """A task for people."""
    late = "，已逾期" if record["late"] else ""
    place = record["step"] or record["status_name"]
    lines = folded("", f"{record['task_no'] or ''}  {record['topic_name']}  {record['month']}".strip())
    lines += folded("", f"工单 {record['case']}  {place}{late}")
    for label, name in (
        ("责任单位", "unit"),
        ("专业", "division"),
        ("抽样", "sampling"),
        ("整改要求", "requirement"),
        ("期限", "deadline"),
        ("核查", "verification"),
        ("审核", "review_opinion"),
        ("分析", "analysis"),
        ("改进", "improvement"),
    ):
        if record[name]:
            lines += folded(f"{label}  ", str(record[name]))
    lines.append(f"明细 {record['items']} 条，有结论 {record['concluded']} 条")
    for row in record["rows"]:
        account = f"用户 {row['cons_no']}  " if row["cons_no"] and row["cons_no"] != row["entity_id"] else ""
        lines += folded(f"  {row['item']:>4}  ", f"{row['entity_id']}  {account}{row['clue'] or ''}", 8)
        told = [("原因", "cause"), ("整改", "measure"), ("证据", "evidence")]
        said = "  ".join(f"{label} {row[name]}" for label, name in told if row[name])
        lines += folded(f"        {row['conclusion_name'] or '没有结论'}  ", said)
    return "\n".join(lines) + "\n"


def _figures(record: Mapping[str, Any]) -> str:
    """The figures of a month for people."""
    lines = [
        f"{record['month']} 稽查任务 {record['tasks']} 张，已归档 {record['archived']}，逾期 {record['late']}"
    ]
    said = "，".join(f"{one['conclusion']} {one['count']}" for one in record["by_conclusion"])
    lines += folded("", f"明细 {record['items']} 条：{said}，没有结论 {record['open']}")
    for title, rows in (("按主题", record["by_theme"]), ("按单位", record["by_unit"])):
        lines += [title] if rows else []
        for one in rows:
            counts = "，".join(f"{name} {one[key]}" for key, name in _CONCLUSIONS.items())
            told = f"任务 {one['tasks']}，明细 {one['items']}：{counts}"
            lines += folded(f"  {one['name'] or '（没有单位）'}  ", told)
    lines += ["原因"] if record["causes"] else []
    for one in record["causes"]:
        lines += folded(f"  {one['count']:>4}  ", f"{one['cause']}（{one['conclusion'] or '没有结论'}）")
    return "\n".join(lines) + "\n"


COMMANDS = (task,)
