"""The command reference `docs/commands.md`, made from the command tree by `scripts/make_docs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from yk.cli.exits import MEANINGS
from yk.cli.lazy import Command, Group, Stub
from yk.cli.options import GlobalOption
from yk.cli.root import root
from yk.cli.topics import ENVIRONMENT, exit_codes, global_options

_INTRO = """\
# yk 命令参考

本文由 `scripts/make_docs` 从命令树生成，不要手改。写法：`[ ]` 可省，`…` 可重复，大写字母换成自己的内容。

- 数据走标准输出，说明走标准错误；`-o FILE` 写出的字节与标准输出相同（UTF-8，换行为 LF）。
- 列表类命令都可加 `--format table|csv|json|jsonl|md`、`--limit N`；任何命令都可加 `--json`。
- 出错时标准错误有一行 `错误：…`，多半还有一行 `提示：…`；被拒绝时逐条列出全部原因。
"""


def reference() -> str:
    """The whole reference as Markdown."""
    context = root.context_class(root, info_name="yk", **root.context_settings)
    parts = [_INTRO]
    parts += [_titled("全局选项", _table(("选项", "说明"), _coded(global_options())))]
    parts += [_titled("退出码", _table(("码", "含义"), exit_codes()))]
    parts += [_titled("环境变量", _table(("变量", "作用"), _coded(ENVIRONMENT)))]
    parts += list(_pages(context))
    return "\n".join(parts)


def tree(context: click.Context) -> Iterator[click.Context]:
    """A context for every command below that of `context`, stubs loaded, in the order of the help.

    A stub whose module is not there is passed over.
    """
    group = context.command
    if not isinstance(group, Group):
        return
    for name, found in group.commands.items():
        if isinstance(found, Stub) and not found.is_there():
            continue
        command = found.load() if isinstance(found, Stub) else found
        inner = command.context_class(command, info_name=name, parent=context)
        yield inner
        yield from tree(inner)


def _pages(context: click.Context) -> Iterator[str]:
    for inner in tree(context):
        command = inner.command
        assert isinstance(command, Command)
        depth = inner.command_path.count(" ") + 1
        yield "\n".join(
            [f"{'#' * depth} {inner.command_path}\n", f"{command.help}\n", *_details(inner, command)]
        )


def _details(context: click.Context, command: Command) -> Iterator[str]:
    """Usage, arguments, options, examples and exit codes of one command."""
    yield f"```\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```\n"
    if isinstance(command, Group):
        return
    shared = command.get_help_option(context)
    params = [p for p in command.get_params(context) if not isinstance(p, GlobalOption) and p is not shared]
    records = [(p, record) for p in params if (record := p.get_help_record(context))]
    arguments = [record for p, record in records if isinstance(p, click.Argument)]
    options = [record for p, record in records if isinstance(p, click.Option)]
    if arguments:
        yield _table(("参数", "说明"), _coded(arguments))
    if options:
        yield _table(("选项", "说明"), _coded(options))
    if command.examples:
        yield "```sh\n" + "\n".join(command.examples) + "\n```\n"
    yield "退出码：" + "；".join(f"{int(code)} {MEANINGS[code]}" for code in command.exits) + "。\n"


def _titled(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _coded(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(f"`{first}`", second) for first, second in rows]


def _table(headers: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    lines = [headers, ("---", "---"), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
