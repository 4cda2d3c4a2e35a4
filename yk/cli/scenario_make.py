"""`yk scenario generate`, `mutate`: scenarios made from flows, and whether scenarios notice what a flow loses."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.cli.scenario_run import paths_argument
from yk.cli.words import Word
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.scenario.mutating import Verdict

_file = click.Path(path_type=Path)
_STRATEGIES = {"postman": "最少步数", "greedy": "就近", "random": "随机", "pairs": "相邻两步"}
_MADE = [
    ("name", "流程"),
    ("scenarios", "场景"),
    ("steps", "步数"),
    ("missed", "没走到的去向"),
    ("file", "文件"),
]
_JUDGED = [
    ("name", "流程"),
    ("mutants", "变异"),
    ("killed", "发现"),
    ("percent", "百分比"),
]


@command(
    "generate",
    help="由流程生成场景：走遍全部去向的最少步数，每个守卫弄坏、弄好，每条措施不做、做到，写成可运行的文件。",
    examples=[
        "yk scenario generate 更名 -o 更名-生成.yk.yaml",
        "yk scenario generate --all --to 生成/",
        "yk scenario generate 销户 高压新装 --to 生成/ --strategy pairs",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE],
)
@click.argument("flows", metavar="[FLOW…]", nargs=-1, help="流程：编号、中文名或拼音首字母；几个要写 --to")
@click.option("--all", "every", is_flag=True, help="全部流程")
@click.option("--to", "folder", metavar="DIR", type=_file, help="写进这个文件夹，一个流程一个文件")
@click.option(
    "--strategy", type=Word(_STRATEGIES), default="postman", help="怎样找路径，缺省 postman 步数最少"
)
@click.option("--seed", metavar="N", type=int, default=0, help="random 的种子")
@reading
@pass_app
def generate(
    app: App, flows: tuple[str, ...], every: bool, folder: Path | None, strategy: str, seed: int
) -> ExitCode:
    """Write scenarios of flows: the file itself for one flow; with --to files, and `[{flow, name, scenarios, steps, missed, file}]`."""
    from yk.flows.flow import find, flow_ids, load
    from yk.scenario.generating import generate as make

    wanted = [load(name) for name in flow_ids()] if every else [find(word) for word in flows]
    if not wanted:
        raise UsageError("flow_missing", "没有指明流程", "写流程名，或 --all 全部流程")
    if len(wanted) > 1 and folder is None:
        raise UsageError("folder_missing", "几个流程要写成几个文件", "加 --to 文件夹")
    options = {"seed": seed} if strategy == "random" else {}
    rows = []
    for flow in wanted:
        made = make(flow, strategy, **options)
        text = _text(made.document(), flow.name)
        if folder is None:
            output.text(app, text)
            _say_missed(app, made.missed)
            return ExitCode.FAILED if made.missed else ExitCode.DONE
        rows.append(
            {
                "flow": flow.id,
                "name": flow.name,
                "scenarios": len(made.scenarios),
                "steps": made.moves,
                "missed": [">".join(edge.ref.way) for edge in made.missed],
                "file": str(_written(folder / f"{flow.name}-生成.yk.yaml", text)),
            }
        )
    output.rows(app, rows, _MADE)
    return ExitCode.FAILED if any(row["missed"] for row in rows) else ExitCode.DONE


def _text(document: dict[str, Any], name: str) -> str:
    from yk.scenario.writing import document as written

    return written(document, f"由流程“{name}”生成（yk scenario generate），流程改了重新生成，不要手改。")


def _written(path: Path, text: str) -> Path:
    from yk.files import write_atomic

    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode())
    return path


def _say_missed(app: App, missed: list[Any]) -> None:
    if missed:
        app.say(f"走不到的去向：{'、'.join('>'.join(edge.ref.way) for edge in missed)}")


@command(
    "mutate",
    help="把流程改坏（少查一个守卫、删改一条去向、少一条措施），看场景发现没有；没人发现的列出来。",
    examples=[
        "yk scenario mutate fixtures/scenarios/更名.yk.yaml",
        "yk scenario mutate 场景/ --flow 更名 --kind guard --json",
        "yk scenario mutate 场景/ --jobs 4 --fail-under 95",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE],
)
@paths_argument
@click.option(
    "--flow", "flows", metavar="F", multiple=True, help="只变异这个流程，可重复；缺省场景所写的全部"
)
@click.option(
    "--kind",
    "kinds",
    type=Word({"guard": "守卫", "way": "去向", "control": "措施"}),
    multiple=True,
    help="只做这一类变异，可重复：guard、way、control",
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 64), default=1, help="同时用几个进程，缺省 1")
@click.option(
    "--fail-under", "floor", metavar="PCT", type=float, default=0.0, help="发现的不到百分之几，退出码 1"
)
@reading
@pass_app
def mutate(
    app: App,
    paths: tuple[Path, ...],
    flows: tuple[str, ...],
    kinds: tuple[str, ...],
    jobs: int,
    floor: float,
) -> ExitCode:
    """Judge mutants: `[{flow, name, mutants, killed, percent, survivors: [{kind, what}]}]`."""
    from yk.flows.flow import find
    from yk.scenario.many import in_processes
    from yk.scenario.mutating import judge_files
    from yk.scenario.reading import load_all

    scenarios = load_all(paths)
    wanted = [find(word).id for word in flows] or sorted({one.flow for one in scenarios if one.flow})
    if not wanted:
        raise UsageError("flow_missing", "这些场景没有写流程", "加 --flow 指明要变异的流程")
    rows = []
    for verdicts in in_processes(partial(judge_files, scenarios=scenarios, kinds=kinds), wanted, jobs):
        rows.append(_judged(verdicts))
        app.say(f"{rows[-1]['name']}：{rows[-1]['killed']}/{rows[-1]['mutants']}")
    output.rows(app, rows, _JUDGED)
    told = [f"没人发现  {row['name']}：{one}" for row in rows for one in row["survivors"]]
    if app.format == "table" and told:
        app.say("\n".join(told))
    made, killed = sum(row["mutants"] for row in rows), sum(row["killed"] for row in rows)
    share = 100 * killed / made if made else 100.0
    app.say(f"共 {made} 个变异，发现 {killed} 个（{share:.1f}%）")
    return ExitCode.FAILED if share < floor else ExitCode.DONE


def _judged(verdicts: list[Verdict]) -> dict[str, Any]:
    from yk.flows.flow import flow_name

    flow = verdicts[0].mutant.flow
    killed = sum(1 for one in verdicts if one.killer)
    return {
        "flow": flow,
        "name": flow_name(flow),
        "mutants": len(verdicts),
        "killed": killed,
        "percent": round(100 * killed / len(verdicts), 1),
        "survivors": [one.mutant.told for one in verdicts if not one.killer],
    }


COMMANDS: tuple[Command, ...] = (generate, mutate)
