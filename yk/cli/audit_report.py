"""`yk audit report|publish|notice|score`: the audit's reports, the daily notices, the scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.cli.words import Word
from yk.errors import ExitCode, UsageError

_BY = {"unit": "供电单位", "centre": "中心", "division": "专业", "rule": "规则", "kind": "数据类别"}
_WRITTEN = [("file", "文件"), ("to", "格式")]
_UNITS = [
    ("name", "供电单位"),
    ("extracted", "抽取"),
    ("back", "其中重现"),
    ("on_time", "当日订正"),
    ("in_extension", "延期内订正"),
    ("late", "逾期订正"),
    ("pending", "待办"),
    ("left", "遗留"),
    ("same_day_rate", "当日订正率%"),
]
_NOTICES = [
    ("notice", "日期"),
    ("at", "发布"),
    ("by", "发布人"),
    ("extracted", "抽取"),
    ("corrected", "订正"),
    ("left", "遗留"),
    ("former", "改发"),
]
_SCORES = [
    ("name", "名称"),
    ("accounts", "在册户数"),
    ("extracted", "抽取"),
    ("corrected", "订正"),
    ("left", "遗留"),
    ("same_day_rate", "当日订正率%"),
    ("recurrence", "复发率%"),
    ("per_thousand", "千户问题数"),
    ("score", "得分"),
]
_EXITS = [ExitCode.UNREADABLE]


@command(
    "report",
    help="稽核的日报或月报。\n\n日报：抽取了什么，每个问题为什么、怎么改、谁办、到哪天；订正、遗留多少。月报：统计、走势、重现、遗留、"
    "延期和白名单、各中心分析、考核意见。Markdown 给人看，长的清单只列前面；工作簿里清单是全的，可按单位下发。",
    examples=[
        "yk audit report --day 2026-11-23",
        "yk audit report --day 2026-11-23 --unit 99401 --to xlsx -o 下发.xlsx",
        "yk audit report --month 2026-11 --to md --minutes -o 月报.md",
    ],
    exits=_EXITS,
)
@click.option("--day", metavar="DATE", default="", help="这一天的日报，如 2026-11-23")
@click.option("--month", metavar="YYYY-MM", default="", help="这个月的月报，如 2026-11")
@click.option("--unit", metavar="ORG", default="", help="只要这个供电单位的，编号或名称")
@click.option("--to", "kind", type=click.Choice(["md", "xlsx"]), default="md", help="格式，缺省 md")
@click.option("--minutes", is_flag=True, help="月报后面附专题分析例会的记录，数据已填好")
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="写到文件；- 为标准输出（xlsx 除外）"
)
@pass_app
def report(app: App, day: str, month: str, unit: str, kind: str, minutes: bool, file: str) -> None:
    """Write a report."""
    from yk.audit.looking import find_unit
    from yk.audit.occurrences import day_span, month_span
    from yk.audit.report_parts import Asked
    from yk.audit.reporting import markdown, workbook
    from yk.files import write_atomic

    if bool(day) == bool(month):
        raise UsageError("span_needed", "日报写 --day，月报写 --month，两者选一", "如 --month 2026-11")
    if minutes and day:
        raise UsageError("conflicting_options", "例会记录附在月报后面，日报没有", "改用 --month")
    if file == "-" and kind == "xlsx":
        raise UsageError("file_missing", "工作簿不能写到标准输出", "加 -o 文件名.xlsx")
    if file == "-" and app.json:
        message = "报告没有 JSON 的，只有 Markdown 和工作簿"
        raise UsageError("no_json", message, "去掉 --json；数字用 yk audit score、yk audit findings --json")
    span = day_span(day) if day else month_span(month)
    org_no = find_unit(unit) if unit else ""
    asked = Asked(span, app.clock().isoformat(), app.settings, org_no, minutes)
    store = app.open_store()
    if file == "-":
        output.text(app, markdown(store, asked))
        return
    output.refuse_store(app, Path(file))
    if kind == "md":
        write_atomic(Path(file), markdown(store, asked).encode("utf-8", "backslashreplace"))
    else:
        workbook(store, asked, Path(file))
    app.say(f"已写入 {file}")
    if app.json:
        output.record(app, {"file": file, "to": kind}, _WRITTEN)


@command(
    "publish",
    help="按日发布整改情况：各单位抽取、订正、遗留多少。发布的数不再变；已经发布的再办一次，给出当时发布的。由数据组或营销稽查专责办。",
    examples=["yk audit publish", "yk audit publish --day 2026-11-23 --again"],
    exits=[*_EXITS, ExitCode.REFUSED],
)
@click.option("--day", metavar="DATE", default="", help="哪一天，缺省今天")
@click.option("--again", is_flag=True, help="按现在的数据重发，原来发布的留着备查")
@dry_run
@reading
@pass_app
def publish(app: App, day: str, again: bool, dry_run: bool) -> None:
    """Publish a day."""
    from yk.audit.publishing import publish as published

    desk = app.desk(dry_run)
    doc = published(desk, day, again)
    _tell(app, doc)
    if dry_run:
        app.say("（试算，未写入）")


@command(
    "notice",
    help="看发布了的整改情况：不写日期列出哪些天发布过，写日期看那天各单位的数。",
    examples=["yk audit notice", "yk audit notice --day 2026-11-23 --json"],
    exits=_EXITS,
)
@click.option("--day", metavar="DATE", default="", help="哪一天")
@reading
@pass_app
def notice(app: App, day: str) -> None:
    """Print what was published."""
    from yk.audit.publishing import notice as found
    from yk.audit.publishing import notices

    if day:
        _tell(app, found(app.open_store(), day))
        return
    rows = (
        {
            **doc["total"],
            "notice": doc["notice"],
            "at": doc["at"],
            "by": doc["by"],
            "former": len(doc["former"]),
        }
        for doc in notices(app.open_store())
    )
    output.rows(app, rows, _NOTICES)


def _tell(app: App, doc: dict[str, Any]) -> None:
    from yk.audit.publishing import remarks

    if app.format in ("json", "jsonl"):
        output.record(app, doc, _UNITS)
        return
    output.rows(app, [*doc["units"], {**doc["total"], "name": "合计"}], _UNITS)
    again = f"，第 {len(doc['former']) + 1} 次" if doc["former"] else ""
    app.say(f"{doc['notice']} 的整改情况，{doc['at'][:16].replace('T', ' ')} 由 {doc['by']} 发布{again}")
    for said in remarks(doc):
        app.say(said)


@command(
    "score",
    help="一个月的考核数：抽取、订正、遗留、当日订正率、复发率、千户问题数、得分。公式和权重是设置 audit_score_*，推定的，供参考。",
    examples=["yk audit score --month 2026-11", "yk audit score --month 2026-11 --by centre --json"],
    exits=_EXITS,
)
@click.option("--month", metavar="YYYY-MM", required=True, help="哪个月，如 2026-11")
@click.option("--by", type=Word(_BY), default="unit", help="按供电单位（缺省）、中心、专业、规则或数据类别")
@reading
@pass_app
def score(app: App, month: str, by: str) -> None:
    """Print the scores of a month."""
    from yk.audit.occurrences import month_span
    from yk.audit.publishing import need_runs, retired
    from yk.audit.scoring import figures, formula, rows

    store, today = app.open_store(), f"{app.clock():%Y-%m-%d}"
    span = month_span(month)
    need_runs(store, span, today)
    with store.reading():
        (told,) = figures(store, [span], app.settings, today)
    output.rows(app, rows(told, by, app.settings), [*([("key", "规则")] if by == "rule" else []), *_SCORES])
    app.say(f"{formula(app.settings)}（推定）")
    if told.retired:
        app.say(retired(told.retired))


COMMANDS: tuple[Command, ...] = (report, publish, notice, score)
