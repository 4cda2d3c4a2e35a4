"""`yk scenario record`: a finished work order as a scenario that does it again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.complete import complete_case
from yk.cli.lazy import Command, command
from yk.cli.words import CASE
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.scenario.result import Result

_COLUMNS = [("case", "工单"), ("file", "文件"), ("passed", "通过")]


@command(
    "record",
    help="把办结的工单写成场景：人名、户名、地址、证照、电话都换成虚构的，档案取办理之前的样子，可测、可讲、可考。",
    examples=[
        "yk scenario record 012611210001 -o 案例.yk.yaml --run",
        "yk scenario record 012611210001 | less",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("case", metavar="NO", type=CASE, shell_complete=complete_case, help="申请编号，要已办结")
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="写到文件（*.yk.yaml）；- 为标准输出"
)
@click.option("--run", "running", is_flag=True, help="写完就运行一遍，走不通退出码 1")
@pass_app
def record(app: App, case: str, file: str, running: bool) -> ExitCode:
    """Record an order: the scenario file itself; under --json `{case, file, passed, title, text}`, passed null without --run."""
    from yk.scenario.recording import text

    if file != "-":
        output.require_target(app, Path(file))
    written = text(app.open_store(), case, app.settings)
    result = _run(written) if running else None
    if app.json:
        _write(file, written)
        answer = {"case": case, "file": "" if file == "-" else file, "passed": result and result.passed}
        output.record(app, {**answer, "title": result.title if result else "", "text": written}, _COLUMNS)
    else:
        app.path = file
        output.text(app, written)
    if result is not None:
        _tell(app, result)
    return ExitCode.FAILED if result is not None and result.failed else ExitCode.DONE


def _write(file: str, written: str) -> None:
    from yk.files import write_atomic

    if file != "-":
        write_atomic(Path(file), written.encode())


def _run(written: str) -> Result:
    """How the scenario goes, run from a file that goes again."""
    from yk.scenario.reading import load
    from yk.scenario.running import run_scenario

    with TemporaryDirectory(prefix="yk-") as folder:
        path = Path(folder) / "记录.yk.yaml"
        path.write_text(written, encoding="utf-8")
        return run_scenario(load(path, path.name)[0])


def _tell(app: App, result: Result) -> None:
    from yk.scenario.telling import explain

    if result.failed:
        app.say("\n".join(["记录走不通：", *explain(result)]))
    else:
        app.say(f"运行通过，{len(result.log)} 步")


COMMANDS: tuple[Command, ...] = (record,)
