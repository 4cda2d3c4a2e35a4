"""`yk audit theme`: the five audit themes, their topics and queries; asking them of the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import command
from yk.cli.options import reading
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.audit.themes import Query

_QUERIES = [
    ("id", "编号"),
    ("theme_name", "主题"),
    ("topic_name", "子题"),
    ("text", "查什么"),
    ("level_name", "级别"),
    ("division", "专业"),
]
_ANSWERS = [
    ("query", "查询"),
    ("level_name", "级别"),
    ("cons_no", "用户编号"),
    ("entity_id", "记录"),
    ("said", "查出"),
    ("division", "专业"),
]


@command(
    "theme",
    help="营销稽查的五大主题、17 个子题、25 条检测查询：列出，或对档案查一遍。\n\n"
    "不写 WORD 或写 list 列出全部；写主题、子题、查询的编号或中文名（一部分也行）就查，查出错误、提醒级的退出码 6，"
    "清单级的只列出。阈值是设置 audit_theme_*（yk config show）。",
    examples=[
        "yk audit theme",
        "yk audit theme T2.8",
        "yk audit theme 供用电合同管理稽查 --unit 99401 --json",
        "yk audit theme T1.1a --sql",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.DEFECTS],
)
@click.argument("words", metavar="[WORD…]", nargs=-1, help="主题、子题或查询；list 或不写则列出")
@click.option("--unit", metavar="ORG", default="", help="只查这个供电单位的户，编号或名称")
@click.option("--sql", "as_sql", is_flag=True, help="不查，写出今天要运行的 SQL，可直接交给 sqlite3")
@reading
@pass_app
def theme(app: App, words: tuple[str, ...], unit: str, as_sql: bool) -> ExitCode:
    """List the queries, print their SQL, or ask them; exit 6 when an error or a warning is found."""
    from yk.audit.themes import LEVELS, queries

    listing = words in ((), ("list",))
    if unit and listing and not as_sql:
        raise UsageError(
            "conflicting_options", "--unit 要和主题、子题或查询一起写", "如 yk audit theme T1 --unit 99401"
        )
    chosen = list(queries().values()) if listing else _chosen(words)
    if as_sql or listing:
        _list(app, chosen, unit, as_sql)
        return ExitCode.DONE
    from yk.audit.asking import ask

    found = ask(app.open_store(), chosen, app.clock, app.settings, unit)
    output.rows(app, [one | {"level_name": LEVELS[one["level"]]} for one in found], _ANSWERS)
    return ExitCode.DEFECTS if any(one["level"] != "info" for one in found) else ExitCode.DONE


def _chosen(words: tuple[str, ...]) -> list[Query]:
    """The queries that any of the words means, each once, in their order."""
    from yk.audit.themes import find, queries

    meant = {query.id for word in words for query in find(word)}
    return [query for query in queries().values() if query.id in meant]


def _list(app: App, chosen: list[Query], unit: str, as_sql: bool) -> None:
    """The queries as rows, or for people who want it their SQL alone."""
    from yk.audit.asking import statement, unit_no

    org_no = unit_no(unit) if unit else ""
    rows = [
        _row(query) | {"sql": statement(query, app.clock, app.settings, org_no=org_no)} for query in chosen
    ]
    if as_sql and app.format == "table":
        output.text(app, "\n".join(f"-- {row['id']} {row['text']}\n{row['sql']};\n" for row in rows))
    else:
        output.rows(app, rows, _QUERIES)


def _row(query: Query) -> dict[str, Any]:
    from yk.archive.dictionary import entities
    from yk.audit.themes import LEVELS, themes, topics

    return {
        "id": query.id,
        "theme": query.theme,
        "theme_name": themes()[query.theme].name,
        "topic": query.topic,
        "topic_name": topics()[query.topic].name,
        "text": query.text,
        "level": query.level,
        "level_name": LEVELS[query.level],
        "division": query.division,
        "entity": query.entity,
        "entity_name": entities()[query.entity].zh,
        "evidence": [*query.counted.values(), *(field.zh for _, field in query.fields)],
        "source": query.source,
        "confidence": query.confidence,
    }
