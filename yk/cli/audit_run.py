"""`yk audit run`, `runs`: asking the rules of the archive, or of files that are in no store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.cli.words import Word
from yk.errors import ExitCode, UsageError
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.audit.found_in_files import FileRun
    from yk.audit.rules import Rule
    from yk.audit.running import Run

LISTS = {"dayi": "大一", "xiaoqi": "小七"}
list_option = click.option(
    "--list", "chosen", type=Word(LISTS), help="只要这张表：dayi（大一）、xiaoqi（小七）"
)
_ENGINES = {"auto": "自动", "sqlite": "SQLite", "duckdb": "DuckDB"}
_SHOWN = 20
_Function = TypeVar("_Function", bound=Callable[..., Any])
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


def chosen_rules(listed: str | None, words: tuple[str, ...]) -> list[Rule]:
    """The rules that the options mean. Raises UsageError."""
    from yk.audit.rules import find_rule, rules

    if listed and words:
        raise UsageError("conflicting_options", "--list 和 --rule 只能选一个")
    if words:
        return list({rule.id: rule for rule in map(find_rule, words)}.values())
    return [rule for rule in rules().values() if not listed or rule.list == listed]


class Files(NamedTuple):
    """Files to audit instead of the store."""

    paths: tuple[Path, ...]
    entity: str | None
    engine: str


def _source_options(function: _Function) -> _Function:
    for option in (
        click.option(
            "--engine", type=Word(_ENGINES), default=None, help="用哪个引擎查文件；缺省 auto 按格式和大小选"
        ),
        click.option(
            "--entity", metavar="E", default=None, help="这些文件是哪一类数据；缺省按文件名或工作表名"
        ),
        click.option(
            "--source",
            "sources",
            metavar="FILE",
            multiple=True,
            type=click.Path(path_type=Path),
            help="不查存储，查这个文件或文件夹（jsonl、csv、xlsx、parquet），可重复",
        ),
    ):
        function = option(function)
    return function


@command(
    "run",
    help="稽核档案：每条规则查一遍，问题记下来，和以前的比：新发现、重现、已消除。有问题退出码 6。",
    examples=[
        "yk audit run",
        "yk audit run --list dayi",
        "yk audit run --rule X:6.07 --json",
        "yk audit run --customer 1016000012",
        "yk audit run --source 档案.jsonl --findings 问题.xlsx",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED, ExitCode.PARTLY, ExitCode.DEFECTS],
)
@list_option
@click.option("--rule", "words", metavar="ID", multiple=True, help="只查这条规则，可重复")
@click.option("--customer", "accounts", metavar="NO", multiple=True, help="只查这一户，可重复")
@click.option("--daily", is_flag=True, help="日常核查（缺省）：每日晚抽取")
@click.option("--monthly", is_flag=True, help="月度核查，由营销稽查专责组织；查全部规则、全部户")
@_source_options
@click.option(
    "--findings",
    "listing",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="查出的问题写到这个文件（.csv、.jsonl、.xlsx）",
)
@dry_run
@reading
@pass_app
def run(
    app: App,
    chosen: str | None,
    words: tuple[str, ...],
    accounts: tuple[str, ...],
    daily: bool,
    monthly: bool,
    sources: tuple[Path, ...],
    entity: str | None,
    engine: str | None,
    listing: Path | None,
    dry_run: bool,
) -> ExitCode:
    """Run the audit; exit 6 when something was found."""
    rules = chosen_rules(chosen, words)
    kind = _kind(daily, monthly, bool(chosen or words or accounts))
    if listing is not None:
        require_listing(app, listing)
    if sources:
        if kind:
            raise UsageError("conflicting_options", f"--source 查的是文件，不能同时 --{kind}")
        return _run_files(app, rules, accounts, Files(sources, entity, engine or "auto"), listing)
    if entity or engine:
        raise UsageError("conflicting_options", "--entity、--engine 要和 --source 一起用")
    answer = _run_store(app, rules, accounts, kind, dry_run, listing)
    _show(app, answer)
    if dry_run:
        app.say("（试算，问题没有记下）")
    return ExitCode.DEFECTS if answer.findings else ExitCode.DONE


def _kind(daily: bool, monthly: bool, partly: bool) -> str:
    """The kind of run that is asked for, '' when nobody says. Raises UsageError."""
    if daily and monthly:
        raise UsageError("conflicting_options", "--daily 和 --monthly 只能选一个")
    if monthly and partly:
        message = "月度核查查全部规则、全部户，不能同时 --rule、--list、--customer"
        raise UsageError("conflicting_options", message, "去掉 --monthly，或去掉这些条件")
    return "monthly" if monthly else "daily" if daily else ""


def _run_store(
    app: App,
    rules: list[Rule],
    accounts: tuple[str, ...],
    kind: str,
    dry_run: bool,
    listing: Path | None,
) -> Run:
    """A run over the store; `listing` gets the open findings of what was asked."""
    from yk.audit.looking import Wanted, findings
    from yk.audit.running import run as audited

    if kind == "monthly":
        from yk.audit.owners import require_role

        require_role(app.desk().operator, "data_steward", "月度核查")
    if listing is not None and dry_run:
        raise UsageError("conflicting_options", "试算不记问题，写不出清单", "去掉 --dry-run 或 --findings")
    store, by = app.open_store(), app.known_operator()
    answer = audited(store, app.clock, app.settings, rules, not dry_run, kind, accounts, by)
    if listing is not None:
        from yk.audit.found_files import write_findings

        asked, numbers = {rule.id for rule in rules}, {halfwidth(one).strip() for one in accounts}
        found = findings(store, Wanted(only_open=True), f"{app.clock():%Y-%m-%d}")
        kept = [one for one in found if one["rule"] in asked and (not numbers or one["cons_no"] in numbers)]
        app.say(f"{write_findings(kept, listing)} 个问题写到 {listing}")
    return answer


def _run_files(
    app: App, rules: list[Rule], accounts: tuple[str, ...], files: Files, listing: Path | None
) -> ExitCode:
    """A run over files: no store is needed, nothing is kept."""
    from yk.audit.found_in_files import found_in

    for target in (listing, None if app.path == "-" else Path(app.path)):
        if target is not None:
            _spare_sources(files, target)
    answer = found_in(files.paths, files.engine, rules, app.clock, app.settings, accounts, files.entity)
    _tell_source(app, answer)
    if listing is not None:
        from yk.audit.found_files import write_findings

        app.say(f"{write_findings(answer.findings, listing)} 个问题写到 {listing}")
    _show(app, answer.run, rejected=len(answer.report.rejected), engine=answer.engine)
    if answer.run.findings:
        return ExitCode.DEFECTS
    return ExitCode.PARTLY if answer.report.rejected else ExitCode.DONE


def _tell_source(app: App, answer: FileRun) -> None:
    """What of the files could not be read or is not there, on stderr."""
    from yk.archive.dictionary import entities

    report = answer.report
    if answer.note:
        app.say(answer.note)
    for column in report.unknown_columns:
        app.say(f"不认识的列 {column['column']}（{column['file']}，{column['entity']}）")
    for one in report.rejected[:_SHOWN]:
        app.say(f"✗ {one.file} 第 {one.row} 行：{one.message}")
    if len(report.rejected) > _SHOWN:
        app.say(f"还有 {len(report.rejected) - _SHOWN} 行读不进")
    if answer.absent:
        app.say(f"文件里没有 {'、'.join(entities()[name].zh for name in answer.absent)}，有关的规则查不全")


def _spare_sources(files: Files, target: Path) -> None:
    """Raise UsageError (`file_is_source`) when output would overwrite a file that is audited."""
    from yk.archive.inputs import files_of
    from yk.audit.sources import SUFFIXES

    if target.exists() and any(target.samefile(one) for one in files_of(files.paths, SUFFIXES)):
        raise UsageError("file_is_source", f"{target} 是要查的文件，不能把输出写在上面", "换一个文件名")


def require_listing(app: App, path: Path) -> None:
    """Refuse a file that no list of findings can be written to. Raises UsageError, UnreadableError."""
    from yk.audit.found_files import SUFFIXES

    if path.suffix.lower() not in SUFFIXES:
        raise UsageError("unknown_format", f"不认识的文件格式：{path}", f"问题清单写成 {'、'.join(SUFFIXES)}")
    output.require_target(app, path)


def _show(app: App, answer: Run, **more: Any) -> None:
    from yk.audit.running import RUN_KINDS

    record = answer._asdict() | {"kind_name": RUN_KINDS[answer.kind]} | more
    if app.format == "table":
        output.text(app, _page(record))
    else:
        output.record(app, record, _RUN)


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


@command(
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


COMMANDS: tuple[Command, ...] = (run, runs_)
