"""`yk doctor`: is everything ready, and what to do when it is not."""

from __future__ import annotations

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import command
from yk.cli.options import reading
from yk.errors import ExitCode
from yk.text import plain

_COLUMNS = [("check", "项目"), ("ok", "正常"), ("value", "情况"), ("remedy", "补救")]


@command(
    "doctor",
    help="体检：Python、依赖、终端、编码、字体、输入法、文件夹、设置、存储。每项 ✓ 或 ✗，✗ 的说怎么办。",
    examples=["yk doctor", "yk doctor --json"],
    exits=[ExitCode.FAILED],
)
@reading
@pass_app
def doctor(app: App) -> ExitCode:
    """Print every check; exit 1 when one failed."""
    from yk.cli.checkup import checkup

    found = [check._replace(remedy="" if check.ok else check.remedy) for check in checkup(app)]
    if app.format == "table":
        marks = {True: _mark(app, "✓", "green"), False: _mark(app, "✗", "red")}
        lines = []
        for check in found:
            lines.append(f"{marks[check.ok]} {check.check}：{plain(check.value)}\n")
            lines.extend([f"    补救：{plain(check.remedy)}\n"] if check.remedy else [])
        output.text(app, "".join(lines))
    else:
        output.rows(app, [check._asdict() for check in found], _COLUMNS)
    bad = sum(not check.ok for check in found)
    app.say(f"{bad} 项要处理" if bad else "一切正常")
    return ExitCode.FAILED if bad else ExitCode.DONE


def _mark(app: App, sign: str, colour: str) -> str:
    return click.style(sign, fg=colour) if app.color and app.path == "-" else sign
