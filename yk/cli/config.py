"""`yk config`: every setting, its value and where it came from."""

from __future__ import annotations

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.complete import complete_setting
from yk.cli.lazy import group
from yk.cli.options import reading

_COLUMNS = [("name", "设置"), ("value", "值"), ("unit", "单位"), ("origin", "来自"), ("text", "说明")]


@group("config", help="设置：看、改、查错。每个设置也可用环境变量 YK_<设置名的大写> 临时改。")
def config() -> None:
    """Settings."""


@config.command(
    "show",
    help="列出每个设置的现值和来自哪里：缺省、config.yaml 的哪一行、或哪个环境变量。",
    examples=["yk config show", "yk config show day_closes lamp_warn_days", "yk config show --json"],
)
@click.argument("names", metavar="[NAME…]", nargs=-1, help="只看这些设置", shell_complete=complete_setting)
@reading
@pass_app
def show(app: App, names: tuple[str, ...]) -> None:
    """Print the settings in force; raises UsageError (`unknown_setting`) for a name that is none."""
    from yk.errors import UsageError
    from yk.text import did_you_mean

    for name in names:
        if name not in app.settings:
            raise UsageError("unknown_setting", f"没有 {name} 这个设置", did_you_mean(name, app.settings))
    wanted = [s._asdict() for s in app.settings.all() if not names or s.name in names]
    if app.format in ("table", "md"):
        wanted = [row | {"value": _written(row["value"])} for row in wanted]
    output.rows(app, wanted, _COLUMNS)


def _written(value: str | int | bool) -> str:
    """The value as `yk config set` takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@config.command("path", help="显示 config.yaml 的位置。文件可以不存在。", examples=["yk config path"])
@pass_app
def path(app: App) -> None:
    """Print where config.yaml lies."""
    from yk.settings import config_file

    file = config_file()
    if app.json:
        output.record(app, {"path": str(file), "exists": file.exists()}, [])
    else:
        output.text(app, f"{file}\n")


@config.command(
    "set",
    help="改一个设置，写进 config.yaml，其余不动。",
    examples=["yk config set operator trainer", "yk config set day_closes 18:00"],
)
@click.argument("name", metavar="NAME", help="设置名", shell_complete=complete_setting)
@click.argument("value", metavar="VALUE", help="新值；真假值写 true 或 false")
@pass_app
def set_(app: App, name: str, value: str) -> None:
    """Write one setting."""
    from yk.settings import set_value

    changed = set_value(name, value)
    app.say(f"已设 {name} = {changed.value}，写入 {changed.origin}")
    if app.json:
        output.record(app, {"name": name, "value": changed.value, "file": changed.origin}, [])


@config.command(
    "validate",
    help="检查 config.yaml 和 YK_ 开头的环境变量：有错说出文件、行和键，退出码 2。",
    examples=["yk config validate"],
)
@pass_app
def validate(app: App) -> None:
    """Read every setting; a wrong one raises UsageError."""
    from yk.settings import config_file

    changed = [s.name for s in app.settings.all() if s.origin != "缺省"]
    app.say(f"配置没有问题：{config_file()}，{len(changed)} 个设置不是缺省值")
    if app.json:
        output.record(app, {"valid": True, "file": str(config_file()), "changed": changed}, [])
