"""Findings on the command line: which are meant, their columns, one of them as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import click

from yk.audit.states import STATES
from yk.cli.app import App
from yk.cli.words import Word

FINDINGS = [
    ("finding", "问题"),
    ("unit", "单位"),
    ("said", "内容"),
    ("state_name", "状态"),
    ("due", "期限"),
    ("centre", "中心"),
    ("fix", "怎么改"),
]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def wanted(function: _Function) -> _Function:
    """Options that say which findings are meant."""
    for option in reversed(
        (
            click.option("--run", metavar="R", default="", help="只要这次稽核中有变化的"),
            click.option("--rule", metavar="ID", default="", help="只要这条规则的"),
            click.option("--centre", metavar="C", default="", help="只要这个中心的"),
            click.option("--division", metavar="D", default="", help="只要这个专业的"),
            click.option("--unit", metavar="ORG", default="", help="只要这个供电单位的，编号或名称"),
            click.option("--customer", "cons_no", metavar="NO", default="", help="只要这一户的"),
            click.option("--case", metavar="CASE", default="", help="只要挂在这张工单上的"),
            click.option("--state", type=Word(STATES), default=None, help="只要这个状态的"),
            click.option("--open", "only_open", is_flag=True, help="只要还没有消除的"),
            click.option("--overdue", is_flag=True, help="只要过了期限还没有消除的"),
        )
    ):
        function = option(function)
    return function


def wanted_findings(app: App, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The findings that the options mean. Raises UsageError."""
    from yk.audit.looking import Wanted, findings

    given = {name: value for name, value in asked.items() if value}
    return findings(app.open_store(), Wanted(**given), f"{app.clock():%Y-%m-%d}")


def finding_page(record: Mapping[str, Any]) -> str:
    """One finding for people, in lines of at most 80 cells."""
    from yk.audit.states import STEPS
    from yk.cli.case_page import folded

    overdue = "，已逾期" if record["overdue"] else ""
    lines = folded("", f"{record['finding']}  {record['name']}")
    lines += [f"状态  {record['state_name']}{overdue}，第 {record['times']} 次，期限 {record['due']}"]
    for label, text in (
        ("问题", record["said"]),
        ("原因", record["cause"]),
        ("怎么改", f"{record['fix']}（{record['via']}）"),
        ("订正", f"{record['unit'] or '（没有单位，由数据组派发）'} {record['assignee']}".strip()),
        ("跟踪", record["centre"]),
        ("审核", record["division"]),
        ("工单", record["case"]),
    ):
        if text:
            lines += folded(f"{label}  ", text)
    lines.append("经过")
    for step in record["history"]:
        where = step.get("run") or step.get("case") or ""
        told = "  ".join(filter(None, (step.get("by", ""), where, step.get("reason", ""))))
        lines += folded(f"  {step['at'][:16].replace('T', ' ')}  {STEPS[step['state']]}  ", told)
    return "\n".join(lines) + "\n"
