"""`yk scenario cover`: what of the flows the scenarios meet, and who tests what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.scenario.cover import Cover, Figures, Gap

_FIGURES = [
    ("name", "流程"),
    ("dimension_name", "维度"),
    ("hit", "命中"),
    ("of", "应有"),
    ("percent", "百分比"),
    ("missing_names", "还缺"),
]
_TESTED = [
    ("flow_name", "流程"),
    ("dimension_name", "维度"),
    ("name", "内容"),
    ("scenarios", "场景"),
]
_file = click.Path(path_type=Path)


class _Files(NamedTuple):
    """Where the cover goes besides the screen."""

    page: Path | None
    kept: Path | None


@command(
    "cover",
    help="场景对流程的覆盖：状态、转移、守卫、拒绝码、控制、风险、时限灯各走到多少，还缺什么，谁测了什么。"
    "应有多少由流程定义算出。有场景没通过，或没达到门槛，退出码 1。",
    examples=[
        "yk scenario cover 场景/",
        "yk scenario cover 更名.yk.yaml --fail-under 转移=100 --fail-under 守卫=90",
        "yk scenario cover 场景/ --html 覆盖.html --save 覆盖.json",
        "yk scenario cover --merge 甲.json --merge 乙.json --flow 更名 --json",
        "yk scenario cover 场景/ --who YXZY-YY-334  # 这个作业项由哪些场景测",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE],
)
@click.argument(
    "paths", metavar="[PATH…]", nargs=-1, type=_file, help="场景文件或文件夹；只看 --merge 的就不写"
)
@click.option(
    "--fail-under",
    "gates",
    metavar="DIM=PCT",
    multiple=True,
    help="门槛：每个流程的这个维度至少百分之几，如 转移=100，可重复",
)
@click.option(
    "--html", "page", metavar="FILE", type=_file, help="写成网页：流程图上标出没走过的路，逐项列出谁测的"
)
@click.option("--save", "kept", metavar="FILE", type=_file, help="把覆盖存成 JSON 文件，以后可以 --merge")
@click.option("--merge", "merged", metavar="FILE", type=_file, multiple=True, help="并入以前存的覆盖，可重复")
@click.option(
    "--who", "word", metavar="WORD", help="只问谁测了它：作业项、环节、守卫、风险点、措施、拒绝码的编号或名称"
)
@click.option(
    "--flow", "flow_words", metavar="F", multiple=True, help="只看这个流程，可重复；缺省看场景所写的流程"
)
@reading
@pass_app
def cover(
    app: App,
    paths: tuple[Path, ...],
    gates: tuple[str, ...],
    page: Path | None,
    kept: Path | None,
    merged: tuple[Path, ...],
    word: str | None,
    flow_words: tuple[str, ...],
) -> ExitCode:
    """Run scenarios, print what they cover; exit 1 when one fails or a gate is not passed."""
    from yk.flows.flow import find
    from yk.scenario.cover import parse_gate, read, unmet

    if not paths and not merged:
        raise UsageError(
            "nothing_to_cover", "没有指明场景", "写场景文件或文件夹，或用 --merge 并入存下的覆盖"
        )
    wanted, flows = [parse_gate(one) for one in gates], {find(one).id for one in flow_words}
    for target in filter(None, (page, kept)):
        output.require_target(app, target)
    earlier = [read(path) for path in merged]
    made, failed = _run(app, paths)
    for one in earlier:
        made.merge(one)
    figures = made.figures(flows)
    if not figures:
        raise UsageError("nothing_covered", "这些场景没有走到哪个流程", "加 --flow 指明要看的流程")
    _write(app, made, flows, _Files(page, kept))
    lacking = unmet(figures, wanted)
    if word is None:
        _show(app, figures, lacking)
    else:
        _tell_who(app, made, word, flows)
    if failed:
        app.say(f"{failed} 个场景没有通过，它们走到的也算在内；yk scenario run 看原因")
    return ExitCode.FAILED if failed or lacking else ExitCode.DONE


def _run(app: App, paths: tuple[Path, ...]) -> tuple[Cover, int]:
    """What the scenarios in these files meet, and how many failed."""
    from yk.scenario.cover import Cover
    from yk.scenario.reading import load_all
    from yk.scenario.running import run_scenario

    made, failed = Cover(), 0
    for scenario in load_all(paths) if paths else ():
        result = run_scenario(scenario)
        failed += result.failed
        if result.skipped:
            app.say(f"跳过 {scenario.name}：{result.skipped}")
        else:
            made.add(scenario.ident, result.seen, scenario.flow)
    return made, failed


def _write(app: App, made: Cover, flows: set[str], files: _Files) -> None:
    from yk.files import write_atomic
    from yk.scenario.cover import save
    from yk.scenario.cover_html import page

    if files.page is not None:
        write_atomic(files.page, page(made, flows).encode())
        app.say(f"已写入 {files.page}")
    if files.kept is not None:
        save(made, files.kept)
        app.say(f"已写入 {files.kept}")


def _show(app: App, figures: Figures, lacking: list[Gap]) -> None:
    """The figures in the format that is asked for, and the gates that are not passed."""
    from yk.cli.manual_page import width_of
    from yk.scenario.cover_table import gaps, table

    if app.format == "table":
        told = gaps(lacking)
        output.text(app, table(figures, width_of(app)) + (f"\n{told}" if told else ""))
        return
    if app.format in ("json", "jsonl"):
        output.rows(app, (_nested(flow, figures, lacking) for flow in figures), _FIGURES)
    else:
        output.rows(app, _flat(figures), _FIGURES)
    if lacking:
        app.say(gaps(lacking).rstrip())


def _nested(flow: str, figures: Figures, lacking: list[Gap]) -> dict[str, Any]:
    """A flow as one record: its dimensions, and those whose gate it does not pass."""
    from yk.flows.flow import flow_name

    found = {dimension: figure._asdict() for dimension, figure in figures[flow].items()}
    return {"flow": flow, "name": flow_name(flow), **found} | {
        "unmet": list(dict.fromkeys(gap.gate.dimension for gap in lacking if gap.flow == flow))
    }


def _flat(figures: Figures) -> list[dict[str, Any]]:
    """A record a flow and dimension."""
    from yk.flows.flow import load
    from yk.scenario.cover_names import Names
    from yk.scenario.obligations import dimensions

    shown, rows = dimensions(), []
    for flow, found in figures.items():
        names = Names(load(flow))
        for dimension, figure in found.items():
            row: dict[str, Any] = {"flow": flow, "name": names.flow.name, "dimension": dimension}
            row |= {"dimension_name": shown[dimension], **figure._asdict(), "percent": figure.percent}
            rows.append(row | {"missing_names": [names.of(dimension, item) for item in figure.missing]})
    return rows


def _tell_who(app: App, made: Cover, word: str, flows: set[str]) -> None:
    """Every item that the word means, with the scenarios that met it."""
    from yk.flows.flow import load
    from yk.scenario.cover_names import Names
    from yk.scenario.obligations import dimensions

    found, shown = made.who_tests(word, flows), dimensions()
    names = {flow: Names(load(flow)) for flow in {one.flow for one in found}}
    rows = (
        {
            **one._asdict(),
            "flow_name": names[one.flow].flow.name,
            "dimension_name": shown[one.dimension],
            "name": names[one.flow].of(one.dimension, one.item),
        }
        for one in found
    )
    output.rows(app, rows, _TESTED)
    hit = {scenario for one in found for scenario in one.scenarios}
    app.say(
        f"{len(found)} 项里有场景走到的 {sum(bool(one.scenarios) for one in found)} 项，共 {len(hit)} 个场景"
    )


COMMANDS: tuple[Command, ...] = (cover,)
