"""`yk tui`: the terminal UI; pictures of it; the same in a browser."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.complete import complete_case
from yk.cli.lazy import command
from yk.cli.words import CASE
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.screens.app import YkApp

_SIZE = re.compile(r"([0-9]{2,3})[x×X*]([0-9]{2,3})")
_DEFAULT_SIZE = (120, 40)
DRIVER = "TEXTUAL_DRIVER"
"""Set by whoever draws the screens elsewhere than in a terminal (a browser)."""


@command(
    "tui",
    help="终端界面：工作台、流程图、环节办理、作业手册、客户档案、批量、数据稽核、演练。不写选项就接着上次的地方。\n\n"
    "--shot 只拍一张画面存成 SVG；--serve 在浏览器里用（要装 web 附加包），只在本机。",
    examples=[
        "yk tui",
        "yk tui --screen 作业手册",
        "yk tui --case 012611210001",
        "yk tui --screen 演练 --file 课.yk.yaml",
        "yk tui --screen workbench --shot 工作台.svg --size 120x40",
        "yk tui --serve --port 8000",
    ],
    exits=[ExitCode.UNREADABLE],
)
@click.option("--screen", metavar="S", help="打开哪一屏：编号、名称或数字键，如 workbench、工作台、1")
@click.option("--case", metavar="NO", type=CASE, shell_complete=complete_case, help="打开这张工单")
@click.option(
    "--file", metavar="PATH", type=click.Path(path_type=Path), help="演练屏列出这个文件或文件夹里的场景"
)
@click.option("--theme", type=click.Choice(["deep", "paper", "contrast"]), help="配色：深蓝、纸白、高对比")
@click.option(
    "--shot", metavar="FILE.svg", type=click.Path(path_type=Path), help="把画面存成 SVG，不打开界面"
)
@click.option("--size", metavar="COLxROW", help="画面大小，缺省 120x40")
@click.option("-K", "--keys", "list_keys", is_flag=True, help="列出全部动作的编号和键，供 keys.yaml 改键")
@click.option("--serve", is_flag=True, help="在浏览器里用")
@click.option("--port", metavar="N", type=click.IntRange(1, 65535), default=8000, help="端口，缺省 8000")
@pass_app
def tui(
    app: App, screen: str | None, case: str | None, file: Path | None, theme: str | None, shot: Path | None,
    size: str | None, list_keys: bool, serve: bool, port: int,
) -> None:  # fmt: skip
    """Open the terminal UI."""
    from yk.screens.drill_found import Where
    from yk.screens.registry import find_screen

    first = find_screen(screen).id if screen else ""
    if list_keys:
        _print_keys(app)
        return
    cells = _size(size) if size else _DEFAULT_SIZE
    scenes = str(Where(str(file)).path()) if file else ""
    if serve:
        from yk.screens.serving import serve as serve_pages

        _require_store(app)
        given = (("--screen", first), ("--case", case), ("--file", scenes), ("--theme", theme))
        options = [word for option, value in given if value for word in (option, value)]
        serve_pages(app.store_url, app.operator, port, options, app.say)
        return
    first = first or ("drill" if scenes else "step" if case else "")
    made = _made(app, first, {"case": case, "batch": case, "file": scenes}, theme or "")
    if shot is not None:
        _shoot(app, made, shot, cells)
        return
    if DRIVER not in os.environ and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("no_terminal", "终端界面要在终端里打开", "拍一张画面：yk tui --shot 画面.svg")
    trouble = made.run()
    made.office.close()
    if trouble is not None:
        raise trouble


def _require_store(app: App) -> None:
    """Say now, not on the screen, when the store or the operator is missing."""
    from yk.desk.operators import get_operator

    get_operator(app.open_store(), app.operator)
    app.close()


def _made(app: App, screen: str, place: Mapping[str, str | None], theme: str) -> YkApp:
    from yk.screens.keymap import own_keys
    from yk.screens.making import make_app

    keys = own_keys()
    return make_app(
        app.store_url,
        app.operator,
        app.clock,
        app.settings,
        screen=screen,
        place={name: value for name, value in place.items() if value},
        theme=theme,
        keys=keys,
    )


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise UsageError("bad_size", f"画面大小“{text}”写法不对", "写成 列x行，如 120x40")
    width, height = int(found[1]), int(found[2])
    if not (60 <= width <= 400 and 20 <= height <= 200):
        raise UsageError("bad_size", f"画面大小 {text} 超出范围", "列 60 到 400，行 20 到 200")
    return width, height


def _shoot(app: App, made: YkApp, file: Path, size: tuple[int, int]) -> None:
    from yk.files import write_atomic
    from yk.screens.shooting import picture

    output.refuse_store(app, file)
    svg = picture(made, size)
    write_atomic(file, svg.encode())
    app.say(f"已写入 {file}")
    if app.json:
        output.record(app, {"file": str(file), "columns": size[0], "rows": size[1]}, [("file", "文件")])


def _print_keys(app: App) -> None:
    from yk.screens.keys import key_table

    rows: list[dict[str, Any]] = [line._asdict() for line in key_table()]
    output.rows(
        app, rows, [("screen", "屏"), ("keys", "键"), ("name", "动作"), ("id", "编号"), ("text", "说明")]
    )
