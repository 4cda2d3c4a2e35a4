"""`yk audit`: the data-quality rules, their runs and what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from yk.cli import (
    audit_allow,
    audit_authority,
    audit_life,
    audit_owner,
    audit_repair,
    audit_report,
    audit_task,
    audit_theme,
    output,
)
from yk.cli.app import App, pass_app
from yk.cli.audit_page import FINDINGS, finding_page, wanted, wanted_findings
from yk.cli.case_fill import dry_run
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.words import Word
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.audit.rules import Rule

_LISTS = {"dayi": "大一", "xiaoqi": "小七"}
_list = click.option("--list", "chosen", type=Word(_LISTS), help="只要这张表：dayi（大一）、xiaoqi（小七）")
_RULES = [
    ("id", "规则"),
    ("list_name", "表"),
    ("name", "内容"),
    ("severity_name", "级别"),
    ("division", "专业"),
    ("centre", "中心"),
    ("via", "订正渠道"),
]
_RUN = [
    ("run", "稽核"),
    ("at", "时间"),
    ("kind_name", "种类"),
    ("rules", "规则"),
    ("passed", "通过"),
    ("findings", "问题"),
    ("customers", "户数"),
    ("new", "新发现"),
    ("back", "重现"),
    ("gone", "已消除"),
]
COMMANDS = (
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
@_list
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
        for rule in _chosen(chosen, ())
    ]
    output.rows(app, rows, _RULES)


def _chosen(listed: str | None, words: tuple[str, ...]) -> list[Rule]:
    from yk.audit.rules import find_rule, rules

    if listed and words:
        raise UsageError("conflicting_options", "--list 和 --rule 只能选一个")
    if words:
        return list({rule.id: rule for rule in map(find_rule, words)}.values())
    return [rule for rule in rules().values() if not listed or rule.list == listed]


@audit.command(
    "run",
    help="稽核档案：每条规则查一遍，问题记下来，和以前的比：新发现、重现、已消除。有问题退出码 6。",
    examples=[
        "yk audit run",
        "yk audit run --list dayi",
        "yk audit run --rule X:6.07 --json",
        "yk audit run --customer 1016000012",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED, ExitCode.DEFECTS],
)
@_list
@click.option("--rule", "words", metavar="ID", multiple=True, help="只查这条规则，可重复")
@click.option("--customer", "accounts", metavar="NO", multiple=True, help="只查这一户，可重复")
@click.option("--daily", "kind", flag_value="daily", help="日常核查（缺省）：每日晚抽取")
@click.option("--monthly", "kind", flag_value="monthly", help="月度核查，由营销稽查专责组织")
@dry_run
@reading
@pass_app
def run(
    app: App,
    chosen: str | None,
    words: tuple[str, ...],
    accounts: tuple[str, ...],
    kind: str | None,
    dry_run: bool,
) -> ExitCode:
    """Run the audit; exit 6 when something was found."""
    from yk.audit.running import RUN_KINDS
    from yk.audit.running import run as audited

    rules = _chosen(chosen, words)
    if kind == "monthly":
        from yk.audit.owners import require_role

        require_role(app.desk().operator, "data_steward", "月度核查")
    answer = audited(
        app.open_store(), app.clock, app.settings, rules, not dry_run, kind or "", accounts, app.operator
    )
    record = answer._asdict() | {"kind_name": RUN_KINDS[answer.kind]}
    if app.format == "table":
        output.text(app, _page(record))
    else:
        output.record(app, record, _RUN)
    if dry_run:
        app.say("（试算，问题没有记下）")
    return ExitCode.DEFECTS if answer.findings else ExitCode.DONE


def _page(answer: dict[str, Any]) -> str:
    from yk.cli.case_page import folded

    head = f"{answer['run'] or '稽核'}  {answer['kind_name']}  {answer['rules']} 条规则，{answer['passed']} 条通过"
    lines = [head]
    if answer["findings"]:
        lines.append(
            f"问题 {answer['findings']} 个（不同的规则查同一处只算一处的，{answer['distinct']} 处），涉及 {answer['customers']} 户"
        )
        lines += [
            line
            for one in answer["by_rule"]
            for line in folded(f"  {one['count']:>6}  {one['id']} ", one["name"])
        ]
        for name, key in (("by_centre", "centre"), ("by_unit", "name")):
            lines += [f"{one[key]} {one['count']} 个" for one in answer[name]]
    if answer["whitelisted"]:
        lines.append(f"白名单 {answer['whitelisted']} 个，不计")
    if answer["run"]:
        lines.append(f"新发现 {answer['new']}，重现 {answer['back']}，已消除 {answer['gone']}")
    return "\n".join(lines) + "\n"


@audit.command(
    "runs",
    help="列出历次稽核，最近的在前。",
    examples=["yk audit runs --limit 10"],
    exits=[ExitCode.UNREADABLE],
)
@reading
@pass_app
def runs_(app: App) -> None:
    """Print the runs."""
    from yk.audit.looking import runs
    from yk.audit.running import RUN_KINDS

    rows = ({**one, "kind_name": RUN_KINDS.get(one["kind"], "")} for one in runs(app.open_store()))
    output.rows(app, rows, _RUN)


@audit.command(
    "findings",
    help="列出问题：哪条规则、哪一户、值是什么、怎么改。历次稽核的都在，消除的也在。",
    examples=[
        "yk audit findings --open",
        "yk audit findings --rule X:6.07 --json",
        "yk audit findings --open --unit 99401 --format csv -o 下发.csv",
    ],
    exits=[ExitCode.UNREADABLE],
)
@wanted
@reading
@pass_app
def findings(app: App, /, **asked: Any) -> None:
    """Print findings."""
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
