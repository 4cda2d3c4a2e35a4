"""`yk audit authority`: leave to correct the archive (档案管理功能授权): asked for, approved, given, used, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import case_argument, dry_run
from yk.cli.case_page import answer, folded
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.words import pairs
from yk.errors import ExitCode, UsageError

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_AUTHORITIES = [
    ("case", "申请编号"),
    ("state_name", "状态"),
    ("unit", "单位"),
    ("account_count", "户数"),
    ("function_text", "功能"),
    ("authorised_to", "授权给"),
    ("authorised_until", "到"),
    ("corrections", "更正"),
]


@group("authority", help="档案管理功能授权：申请、审批、授权、维护、收回；限功能、限户号、限时、限人。")
def authority() -> None:
    """Leave to correct the archive."""


@authority.command(
    "request",
    help="申请授权并送审批：改哪些户的哪些字段，用到哪一天。不合规的当场拒绝，什么也不建。",
    examples=[
        "yk audit authority request --customers 1016000001,1016000004 \\\n"
        "  --fields customer.elec_addr --until 2026-11-25 --reason 门牌改号",
        "yk audit authority request -f 户号.xlsx --fields 用电客户.用电地址 \\\n"
        "  --until 2026-11-25 --reason 门牌改号",
        "yk audit authority request --finding X:1.17/customer/1016000012 \\\n"
        "  --fields customer.notify_mode --until 2026-11-25 --reason 补登",
    ],
    exits=_EXITS,
)
@click.option("--customers", metavar="A,B", default="", help="用户编号，逗号隔开")
@click.option(
    "-f",
    "--file",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="户号清单（列：用户编号），.csv 或 .xlsx",
)
@click.option("--fields", metavar="E.F,…", required=True, help="功能：数据类别.字段，逗号隔开")
@click.option("--until", metavar="DATE", required=True, help="用到哪一天（含）")
@click.option("--reason", metavar="T", required=True, help="申请理由")
@click.option(
    "--finding", "findings", metavar="ID", multiple=True, help="对应的问题，可重复；它的户号一并申请"
)
@click.option("--unit", metavar="ORG", default="", help="申请单位；缺省为经办人的单位，没有的取第一户的")
@dry_run
@pass_app
def request(
    app: App,
    customers: str,
    file: Path | None,
    fields: str,
    until: str,
    reason: str,
    findings: tuple[str, ...],
    unit: str,
    dry_run: bool,
) -> None:
    """Ask for leave."""
    from yk.audit import authority as service

    numbers = _words(customers) + (service.read_accounts(file) if file else [])
    if not numbers and not findings:
        raise UsageError("customers_missing", "没有指明用户", "写 --customers、-f 清单或 --finding 问题")
    desk = app.desk(dry_run)
    order = service.request(desk, numbers, _words(fields), until, reason, findings, unit)
    answer(app, desk, order, "已送审批")


def _words(text: str) -> list[str]:
    """The words between commas, Chinese ones too."""
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]


@authority.command(
    "list",
    help="列出授权。",
    examples=["yk audit authority list --running", "yk audit authority list --json"],
)
@click.option("--running", is_flag=True, help="只要现在能用的")
@reading
@pass_app
def list_(app: App, running: bool) -> None:
    """Print authorisations."""
    from yk.audit.authority import authorities

    rows = (
        one | {"account_count": len(one["accounts"]), "function_text": "、".join(one["function_names"])}
        for one in authorities(app.desk(), running)
    )
    output.rows(app, rows, _AUTHORITIES)


@authority.command(
    "show",
    help="一张授权：限定、经手的人、每项更正的前后值和档案现值。",
    examples=["yk audit authority show 012611230001"],
)
@case_argument
@reading
@pass_app
def show(app: App, case: str) -> None:
    """Print an authorisation."""
    from yk.audit.authority import looked_at

    record = looked_at(app.desk(), case)
    if app.format == "table":
        output.text(app, _page(record))
    else:
        output.record(app, record, _AUTHORITIES)


@authority.command(
    "approve",
    help="营销稽查专责审批同意；不同意的用 yk case return 退回。",
    examples=["yk audit authority approve 012611230001"],
    exits=_EXITS,
)
@case_argument
@click.option("--opinion", metavar="T", default="同意", help="审批意见，缺省“同意”")
@dry_run
@pass_app
def approve(app: App, case: str, opinion: str, dry_run: bool) -> None:
    """Approve."""
    from yk.audit import authority as service

    desk = app.desk(dry_run)
    answer(app, desk, service.approve(desk, case, opinion), "已审批同意")


@authority.command(
    "grant",
    help="营销部计算机专责按审批授权给一个人，到期自动收回。",
    examples=["yk audit authority grant 012611230001 --to unit_corrector --until 2026-11-25"],
    exits=_EXITS,
)
@case_argument
@click.option("--to", metavar="OPERATOR", required=True, help="授权给哪个经办人，编号")
@click.option("--until", metavar="DATE", required=True, help="到哪一天（含）")
@dry_run
@pass_app
def grant(app: App, case: str, to: str, until: str, dry_run: bool) -> None:
    """Give leave."""
    from yk.audit import authority as service

    desk = app.desk(dry_run)
    answer(app, desk, service.grant(desk, case, to, until), f"已授权给 {to}，到 {until}")


@authority.command(
    "correct",
    help="登记一户的更正，连同档案现值；不在授权以内的当场拒绝。发送（yk case send）时写入档案。",
    examples=[
        "yk audit authority correct 012611230001 1016000001 \\\n"
        "  customer.elec_addr=示范市新路2号 --grounds 不动产权证",
        "yk audit authority correct 012611230001 1016000001 \\\n"
        "  metering_point.mp_addr=二层东 --row MP10160000011 --grounds 现场核对",
        "yk audit authority correct 012611230001 1016000001 \\\n  customer.elec_addr --remove",
    ],
    exits=_EXITS,
)
@case_argument
@click.argument("cons_no", metavar="CONS_NO", help="用户编号")
@click.argument("values", metavar="ENTITY.FIELD=VALUE…", nargs=-1, required=True, help="数据类别.字段=应为值")
@click.option("--grounds", metavar="T", default="", help="依据，必写")
@click.option("--row", "row_id", metavar="ID", default="", help="记录标识；一户有几条这类数据时要写")
@click.option("--remove", is_flag=True, help="不是登记，是从清单里去掉；只写 数据类别.字段")
@dry_run
@pass_app
def correct(
    app: App,
    case: str,
    cons_no: str,
    values: tuple[str, ...],
    grounds: str,
    row_id: str,
    remove: bool,
    dry_run: bool,
) -> None:
    """Note corrections."""
    from yk.audit import authority as service

    desk = app.desk(dry_run)
    if remove:
        order = service.drop(desk, case, cons_no, values, row_id)
        answer(app, desk, order, f"已从更正清单去掉 {len(values)} 项")
        return
    if not grounds.strip():
        raise UsageError("reason_missing", "更正要写明依据", "加 --grounds 依据")
    given = pairs(values, "customer.elec_addr=示范市新路2号")
    order = service.correct(desk, case, cons_no, given, grounds, row_id)
    answer(app, desk, order, f"已登记更正 {len(given)} 项，发送时写入档案")


@authority.command(
    "withdraw",
    help="维护完后收回授权，写明前后比对情况。到期没有用的由 yk case sweep 自动收回；提前收回由分管领导 yk case stop。",
    examples=["yk audit authority withdraw 012611230001 --compared 逐项比对相符"],
    exits=_EXITS,
)
@case_argument
@click.option("--compared", metavar="T", required=True, help="前后比对情况")
@dry_run
@pass_app
def withdraw(app: App, case: str, compared: str, dry_run: bool) -> None:
    """Withdraw leave."""
    from yk.audit import authority as service

    desk = app.desk(dry_run)
    answer(app, desk, service.withdraw(desk, case, compared), "已收回")


def _page(record: Mapping[str, Any]) -> str:
    """An authorisation for people."""
    lines = folded("", f"档案管理功能授权  申请编号 {record['case']}  {record['state_name']}")
    until = record["authorised_until"] or f"{record['wanted_until']}（申请）"
    for label, text in (
        ("单位", record["unit"]),
        ("功能", "、".join(record["function_names"])),
        ("户号", "、".join(record["accounts"])),
        ("到", until),
        ("理由", record["reason"]),
        ("问题", "、".join(record["findings"])),
        ("申请", record["applied_by"]),
        ("审批", " ".join(filter(None, (record["approval_by"], record["approval_opinion"])))),
        ("授权", " → ".join(filter(None, (record["granted_by"], record["authorised_to"])))),
        ("维护", record["maintained_by"]),
        (
            "收回",
            "  ".join(filter(None, (record["withdrawn_by"], record["withdrawn_on"], record["compared"]))),
        ),
    ):
        if text:
            lines += folded(f"{label}  ", text)
    for number, row in enumerate(record["rows"], start=1):
        named = f"（{row['row_id']}）" if row["row_id"] and row["row_id"] != row["cons_no"] else ""
        lines += folded(f"  {number:>3}  ", f"用户 {row['cons_no']} {row['name']}{named}")
        state = "已写入" if row["written"] else "未写入"
        now = f"，现在 {row['now']}" if row["written"] and row["now"] != row["after"] else ""
        lines += folded("       ", f"{row['before'] or '（未记）'} → {row['after']}  {state}{now}")
        lines += folded("       依据  ", row["grounds"] or "")
    return "\n".join(lines) + "\n"


COMMANDS = (authority,)
