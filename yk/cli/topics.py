"""`yk help`: topics that belong to no single command, and any command's own help."""

from __future__ import annotations

from collections.abc import Iterable

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.exits import MEANINGS
from yk.cli.lazy import Command, Group, Stub, command
from yk.cli.options import GLOBAL
from yk.errors import UsageError
from yk.text import did_you_mean

Rows = list[tuple[str, str]]

ENVIRONMENT: Rows = [
    ("YK_STORE", "存储地址，同 --store"),
    ("YK_OPERATOR", "经办人，同 --operator"),
    ("YK_NOW", "固定时钟，同 --now"),
    ("YK_CONFIG", "config.yaml 的位置"),
    ("YK_<设置名大写>", "临时改一个设置，如 YK_DAY_OPENS=09:00；设置名见 yk config show"),
    ("YK_DEBUG", "设为 1：程序内部出错时显示详情"),
    ("NO_COLOR", "不用颜色，同 --no-color"),
    ("XDG_DATA_HOME", "缺省存储放在其下的 yk 文件夹，缺省 ~/.local/share"),
    ("XDG_CONFIG_HOME", "config.yaml 放在其下的 yk 文件夹，缺省 ~/.config"),
    ("XDG_CACHE_HOME", "编译好的数据放在其下的 yk 文件夹，可随时清空，缺省 ~/.cache"),
    ("LOCALAPPDATA", "Windows 上以上三处都在其下的 yk 文件夹"),
]


def exit_codes() -> Rows:
    """Number and meaning of every exit code."""
    return [(str(int(code)), meaning) for code, meaning in MEANINGS.items()]


def global_options() -> Rows:
    """The options that may stand before or after any command."""
    root = click.Context(Command("yk"))
    return [record for option in GLOBAL if (record := option.get_help_record(root))]


TOPICS = {
    "退出码": ("exit-codes", "脚本靠它判断结果", exit_codes),
    "环境变量": ("environment", "不写选项也能改的东西", lambda: ENVIRONMENT),
    "全局选项": ("options", "写在命令前后都可以", global_options),
}
"""Title -> English alias, one sentence, rows."""


@command(
    "help",
    help="专题帮助，或某个命令的帮助。不写专题就列出有哪些。",
    examples=["yk help 退出码", "yk help environment", "yk help config set"],
)
@click.argument("words", metavar="[TOPIC|COMMAND…]", nargs=-1, help="退出码、环境变量、全局选项，或一个命令")
@pass_app
@click.pass_context
def help_(ctx: click.Context, app: App, words: tuple[str, ...]) -> None:
    """Print a topic or a command's help; raises UsageError (`unknown_topic`)."""
    if not words:
        _print(app, ctx, [(f"{title}（{alias}）", text) for title, (alias, text, _) in TOPICS.items()])
        return
    for title, (alias, _, rows) in TOPICS.items():
        if words in ((title,), (alias,)):
            _print(app, ctx, rows())
            return
    output.text(app, _command_context(ctx.find_root(), words).get_help() + "\n")


def _print(app: App, ctx: click.Context, rows: Rows) -> None:
    if app.json:
        output.rows(app, [{"name": name, "text": text} for name, text in rows], [])
        return
    formatter = ctx.make_formatter()
    formatter.write_dl(rows)
    output.text(app, formatter.getvalue())


def _command_context(ctx: click.Context, words: Iterable[str]) -> click.Context:
    """The context in which the command named by `words` would run."""
    for word in words:
        group = ctx.command
        found = group.commands.get(word) if isinstance(group, Group) else None
        if found is None:
            known = [*TOPICS, *(group.commands if isinstance(group, Group) else ())]
            raise UsageError("unknown_topic", f"没有 {word} 这个专题或命令", did_you_mean(word, known))
        command = found.load() if isinstance(found, Stub) else found
        ctx = command.context_class(command, info_name=word, parent=ctx)
    return ctx
