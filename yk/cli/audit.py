"""`yk audit`: the data-quality rules, their runs and what they found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import (
    audit_allow,
    audit_authority,
    audit_life,
    audit_owner,
    audit_repair,
    audit_report,
    audit_run,
    audit_task,
    audit_theme,
    output,
)
from yk.cli.app import App, pass_app
from yk.cli.audit_page import FINDINGS, finding_page, wanted, wanted_findings
from yk.cli.audit_run import chosen_rules, list_option, require_listing
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.errors import ExitCode

if TYPE_CHECKING:
    pass

_RULES = [
    ("id", "规则"),
    ("list_name", "表"),
    ("name", "内容"),
    ("severity_name", "级别"),
    ("division", "专业"),
    ("centre", "中心"),
    ("via", "订正渠道"),
]
COMMANDS = (
    *audit_run.COMMANDS,
    audit_theme.theme,
    *audit_life.COMMANDS,
    *audit_allow.COMMANDS,
    *audit_owner.COMMANDS,
    *audit_repair.COMMANDS,
    *audit_task.COMMANDS,
    *audit_report.COMMANDS,
    *audit_authority.COMMANDS,
)


@group("audit", help="数据稽核：规则、稽核、问题、订正、考核。")
def audit() -> None:
    """Audits."""


@audit.command(
    "rules",
    help="列出数据质量核查规则：大一 30 条，小七 100 条。",
    examples=["yk audit rules", "yk audit rules --list dayi --json"],
)
@list_option
@reading
@pass_app
def rules_(app: App, chosen: str | None) -> None:
    """Print the rules."""
    from yk.audit.fusing import alone
    from yk.audit.rules import LISTS, SEVERITIES, values

    known = values(f"{app.clock():%Y-%m-%d}", app.settings)
    rows = [
        {
            "id": rule.id,
            "list": rule.list,
            "list_name": LISTS[rule.list],
            "rule_no": rule.no,
            "name": rule.name,
            "entity": rule.parts[0].entity if len(rule.parts) == 1 else [part.entity for part in rule.parts],
            "severity": rule.severity,
            "severity_name": SEVERITIES[rule.severity],
            "division": rule.division,
            "centre": rule.centre,
            "billing": rule.billing,
            "says": rule.says,
            "cause": rule.cause,
            "fix": rule.fix,
            "via": rule.via,
            "same_as": list(rule.same_as),
            "owner_confidence": rule.owner_confidence,
            "confidence": rule.confidence,
            "note": rule.note,
            "sql": alone(rule, known),
        }
        for rule in chosen_rules(chosen, ())
    ]
    output.rows(app, rows, _RULES)


@audit.command(
    "findings",
    help="列出问题：哪条规则、哪一户、值是什么、怎么改。历次稽核的都在，消除的也在。",
    examples=[
        "yk audit findings --open",
        "yk audit findings --rule X:6.07 --json",
        "yk audit findings --open --unit 99401 --save 下发.xlsx",
    ],
    exits=[ExitCode.UNREADABLE],
)
@wanted
@click.option(
    "--save",
    "listing",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="写成给单位的清单（.csv、.jsonl、.xlsx），中文表头，不打印",
)
@reading
@pass_app
def findings(app: App, /, listing: Path | None, **asked: Any) -> None:
    """Print findings, or write them to a list for the units."""
    if listing is not None:
        from yk.audit.found_files import write_findings

        require_listing(app, listing)
        app.say(f"{write_findings(wanted_findings(app, asked), listing)} 个问题写到 {listing}")
        return
    output.rows(app, wanted_findings(app, asked), FINDINGS)


@audit.command(
    "show",
    help="一个问题的全部：值、原因、怎么改、三方责任、经过。",
    examples=["yk audit show X:6.07/customer/1016000012"],
    exits=[ExitCode.UNREADABLE],
)
@click.argument("finding", metavar="FINDING", help="问题编号：规则/数据类别/记录")
@reading
@pass_app
def show(app: App, finding: str) -> None:
    """Print a finding."""
    from yk.audit.looking import find_finding, shown

    store = app.open_store()
    record = shown(store, find_finding(store, finding), f"{app.clock():%Y-%m-%d}")
    if app.format == "table":
        output.text(app, finding_page(record))
    else:
        output.record(app, record, FINDINGS)


for one in COMMANDS:
    audit.add_command(one)
