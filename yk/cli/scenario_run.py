"""`yk scenario run`, `list`: running scenario files without pytest, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.scenario.result import Result
    from yk.scenario.scenario import Scenario

_file = click.Path(path_type=Path)
_Function = TypeVar("_Function", bound=Callable[..., Any])
paths_argument = click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=_file, help="场景文件（*.yk.yaml）或文件夹"
)
_ROWS = [
    ("id", "编号"),
    ("name", "名称"),
    ("flow_name", "流程"),
    ("steps", "步数"),
    ("tags", "标签"),
    ("place", "位置"),
]
_RUN = [("scenarios", "场景"), ("passed", "通过"), ("failed", "没通过"), ("seconds", "用时（秒）")]


def choosing(function: _Function) -> _Function:
    """The options that choose among the scenarios of files."""
    for option in (
        click.option("--only", "words", metavar="W", multiple=True, help="只要编号是它、名称含它的，可重复"),
        click.option("--tag", "tags", metavar="T", multiple=True, help="只要有这个标签的，可重复"),
    ):
        function = option(function)
    return function


def meant(paths: Sequence[Path], tags: Sequence[str], words: Sequence[str]) -> list[Scenario]:
    """The scenarios of the files that the options choose."""
    from yk.scenario.many import chosen
    from yk.scenario.reading import load_all

    found = load_all(paths)
    return chosen(found, tags, words) if tags or words else found


@command(
    "run",
    help="运行场景：每步、每个期望、每次拒绝的全部原因都要对得上。有没通过的退出码 1。",
    examples=[
        "yk scenario run fixtures/scenarios",
        "yk scenario run 更名.yk.yaml --only GM-001",
        "yk scenario run 场景/ --tag 冒烟 --junit 结果.xml --cover 覆盖.html",
        "yk scenario run 场景/ --seed 7 --jobs 4  # 打乱次序，四个进程",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE],
)
@paths_argument
@choosing
@click.option("--seed", metavar="N", type=int, help="按这个种子打乱次序；同一个种子次序相同")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64), default=1, help="同时用几个进程，缺省 1")
@click.option("--junit", metavar="FILE", type=_file, help="结果另写成 JUnit XML")
@click.option("--cover", "page", metavar="FILE", type=_file, help="覆盖写成网页，同 yk scenario cover --html")
@click.option("--accept", is_flag=True, help="快照不符的，看过差别、确认后收下新的；--yes 不再问")
@click.option("--yes", is_flag=True, help="--accept 不再询问")
@click.option("-v", "--verbose", is_flag=True, help="通过的也列出每一步")
@reading
@pass_app
def run(
    app: App,
    paths: tuple[Path, ...],
    tags: tuple[str, ...],
    words: tuple[str, ...],
    seed: int | None,
    jobs: int,
    junit: Path | None,
    page: Path | None,
    accept: bool,
    yes: bool,
    verbose: bool,
) -> ExitCode:
    """Run scenarios; `{scenarios, passed, failed, skipped, seconds, failures: [{id, name, place, title, misses}]}`."""
    from time import perf_counter

    from yk.scenario.many import run_many, shuffled

    for target in filter(None, (junit, page)):
        output.require_target(app, target)
    scenarios = shuffled(meant(paths, tags, words), seed)
    started = perf_counter()
    results = []
    for result in run_many(scenarios, jobs):
        if accept and _accepted(app, result, yes):
            result.passed, result.title, result.misses = True, "", ()
        results.append(result)
        if app.format == "table" and not app.quiet:
            _tell(app, result, verbose)
    seconds = perf_counter() - started
    _write(app, results, junit, page)
    _sum_up(app, results, seconds)
    return ExitCode.FAILED if any(one.failed for one in results) else ExitCode.DONE


def _accepted(app: App, result: Result, yes: bool) -> bool:
    """A snapshot that does not fit is taken anew once somebody has seen the difference and said so."""
    from yk.errors import YkError
    from yk.scenario import promised

    if result.passed or {miss.where for miss in result.misses} != {"快照"}:
        return False
    app.say("\n".join(promised.difference(result)))
    try:
        if not yes:
            app.confirm(f"场景“{result.scenario.name}”的快照按上面的差别更新？", "--yes")
    except YkError as error:
        app.say(error.message)
        return False
    app.say(f"已写入 {promised.accept(result)}")
    return True


def _tell(app: App, result: Result, verbose: bool) -> None:
    """A line of each scenario; of one that failed everything that helps."""
    from yk.cli.manual_page import width_of
    from yk.scenario.telling import explain, line_of, steps_told

    width = width_of(app)
    lines = [line_of(result)]
    if result.failed:
        lines += ["    " + line for line in explain(result, width - 4)]
    elif verbose:
        lines += ["    " + line for line in steps_told(result, width - 4)]
    output.text(app, "".join(f"{line}\n" for line in lines))


def _write(app: App, results: Sequence[Result], junit: Path | None, page: Path | None) -> None:
    from yk.files import write_atomic

    if junit is not None:
        from yk.scenario.junit import write

        write(results, junit)
        app.say(f"已写入 {junit}")
    if page is not None:
        from yk.scenario.cover import Cover
        from yk.scenario.cover_html import page as html

        made = Cover()
        for one in results:
            made.add(one.scenario.ident, one.seen, one.scenario.flow)
        write_atomic(page, html(made).encode())
        app.say(f"已写入 {page}")


def _sum_up(app: App, results: Sequence[Result], seconds: float) -> None:
    """The figures of the contract."""
    failed = [one for one in results if one.failed]
    skipped = sum(1 for one in results if one.skipped)
    record = {
        "scenarios": len(results),
        "passed": len(results) - len(failed) - skipped,
        "failed": len(failed),
        "skipped": skipped,
        "seconds": round(seconds, 3),
        "failures": [_failure(one) for one in failed],
    }
    if app.format == "table":
        told = f"{len(results)} 个场景：{record['passed']} 通过，{len(failed)} 没通过"
        told += f"，{skipped} 跳过" if skipped else ""
        output.text(app, f"{told}，用时 {seconds:.1f} 秒\n")
    else:
        output.record(app, record, _RUN)


def _failure(result: Result) -> dict[str, Any]:
    from yk.scenario.telling import reason, value_text

    return {
        "id": result.scenario.id,
        "name": result.scenario.name,
        "place": str(result.scenario.place),
        "title": reason(result),
        "misses": [
            {
                "where": miss.where,
                "wanted": value_text(miss.wanted),
                "found": value_text(miss.found),
                "place": str(miss.place or ""),
                "hint": miss.hint,
            }
            for miss in result.misses
        ],
    }


@command(
    "list",
    help="场景文件里有哪些场景；文件写得不对，给出文件、行和改法。",
    examples=["yk scenario list fixtures/scenarios", "yk scenario list 更名.yk.yaml --json"],
    exits=[ExitCode.UNREADABLE],
)
@paths_argument
@choosing
@reading
@pass_app
def list_(app: App, paths: tuple[Path, ...], tags: tuple[str, ...], words: tuple[str, ...]) -> None:
    """List scenarios: `[{id, name, flow, flow_name, steps, tags, place, lesson, skip}]`."""
    from yk.flows.flow import flow_name

    output.rows(
        app,
        (
            {
                "id": one.id,
                "name": one.name,
                "flow": one.flow,
                "flow_name": flow_name(one.flow) if one.flow else "",
                "steps": len(one.steps),
                "tags": list(one.tags),
                "place": str(one.place),
                "lesson": bool(one.lesson),
                "skip": one.skip,
            }
            for one in meant(paths, tags, words)
        ),
        _ROWS,
    )


COMMANDS: tuple[Command, ...] = (run, list_)
