"""`yk audit`: the data-quality rules, their runs and what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
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
    ("rules", "规则"),
    ("passed", "通过"),
    ("findings", "问题"),
    ("customers", "户数"),
    ("new", "新发现"),
    ("back", "重现"),
    ("gone", "已消除"),
]
_FINDINGS = [
    ("rule", "规则"),
    ("cons_no", "用户编号"),
    ("said", "问题"),
    ("state_name", "状态"),
    ("times", "第几次"),
    ("centre", "中心"),
    ("fix", "怎么改"),
]


@group("audit", help="数据稽核：规则、稽核、问题。")
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
    examples=["yk audit run", "yk audit run --list dayi", "yk audit run --rule X:6.07 --json"],
    exits=[ExitCode.UNREADABLE, ExitCode.DEFECTS],
)
@_list
@click.option("--rule", "words", metavar="ID", multiple=True, help="只查这条规则，可重复")
@dry_run
@reading
@pass_app
def run(app: App, chosen: str | None, words: tuple[str, ...], dry_run: bool) -> ExitCode:
    """Run the audit; exit 6 when something was found."""
    from yk.audit.running import run as audited

    answer = audited(app.open_store(), app.clock, app.settings, _chosen(chosen, words), keep=not dry_run)
    if app.format == "table":
        output.text(app, _page(answer._asdict()))
    else:
        output.record(app, answer._asdict(), _RUN)
    if dry_run:
        app.say("（试算，问题没有记下）")
    return ExitCode.DEFECTS if answer.findings else ExitCode.DONE


def _page(answer: dict[str, Any]) -> str:
    from yk.cli.case_page import folded

    head = f"{answer['run'] or '稽核'}  {answer['rules']} 条规则，{answer['passed']} 条通过"
    lines = [head]
    if answer["findings"]:
        lines.append(f"问题 {answer['findings']} 个，涉及 {answer['customers']} 户")
        lines += [
            line
            for one in answer["by_rule"]
            for line in folded(f"  {one['count']:>6}  {one['id']} ", one["name"])
        ]
        lines += [f"{one['centre']} {one['count']} 个" for one in answer["by_centre"]]
    if answer["run"]:
        lines.append(f"新发现 {answer['new']}，重现 {answer['back']}，已消除 {answer['gone']}")
    return "\n".join(lines) + "\n"


@audit.command(
    "findings",
    help="列出问题：哪条规则、哪一户、值是什么、怎么改。历次稽核的都在，消除的也在。",
    examples=["yk audit findings --open", "yk audit findings --rule X:6.07 --json"],
    exits=[ExitCode.UNREADABLE],
)
@click.option("--run", "number", metavar="R", default="", help="只列这次稽核中有变化的")
@click.option("--rule", "word", metavar="ID", default="", help="只列这条规则的")
@click.option("--centre", metavar="C", default="", help="只列这个中心的")
@click.option("--open", "only_open", is_flag=True, help="只列还没有消除的")
@reading
@pass_app
def findings(app: App, number: str, word: str, centre: str, only_open: bool) -> None:
    """Print findings."""
    from yk.audit.looking import findings as found

    output.rows(app, found(app.open_store(), number, word, centre, only_open), _FINDINGS)
