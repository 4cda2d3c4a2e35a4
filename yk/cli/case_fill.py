"""`yk case open|set|attach|confirm`: opening and filling work orders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli.app import App, pass_app
from yk.cli.case_page import answer
from yk.cli.complete import complete_case, complete_flow
from yk.cli.lazy import Command, command
from yk.cli.words import CASE, control_id, pairs
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.desk import Desk

case_argument = click.argument(
    "case", metavar="NO", type=CASE, shell_complete=complete_case, help="工单号（申请编号）"
)
dry_run = click.option("-n", "--dry-run", is_flag=True, help="只说会怎样，不写入")
sets = click.option(
    "--set", "values", metavar="K=V", multiple=True, help="填一个字段，可重复；字段名或中文名"
)
data_file = click.option(
    "--data", "data", metavar="FILE.yaml", type=click.Path(path_type=Path), help="从 YAML 文件填字段"
)
PAIR = "new_name=示范新厂"
"""How a field is given; its Chinese name does as well."""
_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]


def form_file(path: Path | None) -> dict[str, object]:
    """The fields of a YAML file: single values, or lists of rows for table fields."""
    if path is None:
        return {}
    from yk import yamls

    fields = yamls.read(path).fields()
    return {key: _value(fields.need(key)) for key in fields.keys()}  # noqa: SIM118


def _value(node: Any) -> object:
    from yk.errors import DefinitionError

    try:
        return node.written()
    except DefinitionError:
        rows = [row.fields() for row in node.nodes()]
        return [{key: row.need(key).written() for key in row.keys()} for row in rows]  # noqa: SIM118


def meant(desk: Desk, case: str, word: str | None) -> str | None:
    """The id of the step of an order's flow that was meant by an id, a Chinese name or an entry code."""
    from yk.desk.views import find_step

    return find_step(desk.flow_of(desk.get(case)), word) if word else None


@command(
    "open",
    help="登记申请，建一张工单。",
    examples=[
        "yk case open 更名 --customer 1016000001 --set new_name=示范新里电气有限公司",
        "yk case open rename --customer 1016000001 --data 申请.yaml",
    ],
    exits=_EXITS,
)
@click.argument(
    "flow", metavar="FLOW", shell_complete=complete_flow, help="流程：编号、中文名、作业项代码或拼音首字母"
)
@click.option("--customer", metavar="NO", help="用户编号")
@sets
@data_file
@dry_run
@pass_app
def open_(
    app: App, flow: str, customer: str | None, values: tuple[str, ...], data: Path | None, dry_run: bool
) -> None:
    """Open a work order."""
    desk = app.desk(dry_run)
    order = desk.open(flow, customer, {**form_file(data), **pairs(values, PAIR)})
    answer(app, desk, order, "已登记，检查项齐、发送成功即正式受理")


@command(
    "set",
    help="填写表单。",
    examples=[
        "yk case set 012611210001 new_name=示范新厂 contact_name=安知行",
        "yk case set 012611210001 --data 申请.yaml",
    ],
    exits=_EXITS,
)
@case_argument
@click.argument("values", metavar="[K=V…]", nargs=-1, help="字段=值；值留空为清除")
@data_file
@dry_run
@pass_app
def set_(app: App, case: str, values: tuple[str, ...], data: Path | None, dry_run: bool) -> None:
    """Fill form fields."""
    given = {**form_file(data), **pairs(values, PAIR)}
    if not given:
        raise UsageError("nothing_to_set", "没有要填的字段", "写上 字段=值，或 --data 文件")
    desk = app.desk(dry_run)
    answer(app, desk, desk.fill(case, given), f"已填 {len(given)} 项")


@command(
    "attach",
    help="收材料：当面收到的、带文件的，或容缺约期补交的。",
    examples=[
        "yk case attach 012611210001 M03 --file 营业执照.pdf",
        "yk case attach 012611210001 M01 --defer 2026-12-01",
    ],
    exits=_EXITS,
)
@case_argument
@click.argument("material", metavar="MATERIAL", help="材料代码或名称，见 yk material list")
@click.option(
    "--file",
    "file",
    metavar="F",
    type=click.Path(path_type=Path),
    help="材料的电子件；记下文件名、大小和哈希",
)
@click.option("--defer", metavar="DATE", help="容缺：约定补交的日期")
@click.option("--note", metavar="T", default="", help="备注")
@dry_run
@pass_app
def attach(
    app: App, case: str, material: str, file: Path | None, defer: str | None, note: str, dry_run: bool
) -> None:
    """Hand in a material."""
    from yk.flows.materials import find_material

    desk = app.desk(dry_run)
    order = desk.attach(case, material, file, defer, note)
    kind = find_material(material)
    answer(app, desk, order, f"{'已登记容缺' if defer else '已收'} {kind.name}（{kind.code}）")


@command(
    "confirm",
    help="确认预控措施。",
    examples=[
        "yk case confirm 012611210001 2.R1.C3 2.R2.C2",
        "yk case confirm 012611210001 --all",
        "yk case confirm 012611210001 3.R1.C2 --na --reason 全电子办理",
    ],
    exits=_EXITS,
)
@case_argument
@click.argument("ids", metavar="[ID…]", nargs=-1, help="措施编号，作业项代码可省：2.R1.C3")
@click.option("--all", "every", is_flag=True, help="确认全部待答的人工措施；记录里注明是批量确认")
@click.option("--na", is_flag=True, help="不适用，须写理由")
@click.option("--failed", is_flag=True, help="检查未通过，须写理由")
@click.option("--reason", metavar="T", default="", help="理由")
@click.option("--note", metavar="T", default="", help="备注")
@click.option(
    "--evidence", metavar="FILE", type=click.Path(path_type=Path), help="证据文件；记下文件名、大小和哈希"
)
@click.option("--step", metavar="STEP", help="环节编号或中文名；工单同时在几个环节时用")
@dry_run
@pass_app
def confirm(
    app: App, /, case: str, ids: tuple[str, ...], every: bool, na: bool, failed: bool, **rest: Any
) -> None:
    """Answer controls."""
    if na and failed:
        raise UsageError("conflicting_options", "--na 和 --failed 只能选一个")
    if every and ids:
        raise UsageError("conflicting_options", "写了编号就不要再加 --all")
    state = "na" if na else "failed" if failed else "done"
    desk = app.desk(rest.pop("dry_run"))
    step = meant(desk, case, rest.pop("step"))
    before = desk.get(case).checks
    order = desk.confirm(case, [control_id(word) for word in ids], state, every=every, step=step, **rest)
    count = len(ids) or sum(before.get(name) != given for name, given in order.checks.items())
    done = {"done": "已确认", "na": "已登记不适用", "failed": "已登记未通过"}[state]
    answer(app, desk, order, f"{done} {count} 条" if count else "没有待答的措施")


COMMANDS: tuple[Command, ...] = (open_, set_, attach, confirm)
