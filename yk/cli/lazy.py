"""The command tree: commands that are loaded when they run, Chinese help, global options at every level.

    group(name, help=…)                        decorator for a noun group of a command module
    command(name, help=…)                      decorator for a top-level command
    @noun.command(name, help=…, examples=[…], exits=[…])      a verb

`help` is Chinese; its first sentence stands in lists. `examples` are command lines, `  # 说明` may follow.
`exits` names the exit codes the command has beside 0 and 2. A `Stub` stands for a command whose module is not loaded:
help, completion and spelling suggestions need no more than its name and its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import click

from yk.cli.app import App
from yk.cli.chinese import speak
from yk.cli.helptext import Formatter, first_sentence
from yk.cli.options import GLOBAL, GlobalOption
from yk.errors import ExitCode
from yk.text import clip

HINT = "全局选项（--store、--operator、--now 等）写在命令前后都可以，见 yk help 全局选项。"


class Context(click.Context):
    """A context whose help pages measure in cells."""

    formatter_class = Formatter


class Command(click.Command):
    """A command with examples, exit codes, global options and Chinese help."""

    context_class = Context

    def __init__(
        self, name: str | None, *, examples: Sequence[str] = (), exits: Sequence[ExitCode] = (), **attrs: Any
    ) -> None:
        attrs.setdefault("options_metavar", "[选项]")
        super().__init__(name, **attrs)
        self.examples = tuple(examples)
        self.exits = tuple(sorted({ExitCode.DONE, ExitCode.USAGE, *exits}))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own parameters, then the global options."""
        return [*super().get_params(ctx), *GLOBAL]

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, in at most `limit` cells."""
        return clip(first_sentence(self.short_help or self.help or ""), limit)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; what `-o` names must be writable before the command does anything."""
        if (app := ctx.find_object(App)) is not None and app.path != "-":
            from yk.cli.output import require_target

            require_target(app, Path(app.path))
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own options and those global ones that every command shows."""
        own = [p for p in self.get_params(ctx) if not isinstance(p, GlobalOption) or p.everywhere]
        _section(ctx, formatter, "选项", own)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples, exit codes, and where the global options are described."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("示例"):
                formatter.write_text("\b\n" + "\n".join(self.examples))
        if len(self.exits) > 2:
            from yk.cli.exits import MEANINGS

            with formatter.section("退出码"):
                formatter.write_dl([(str(int(code)), MEANINGS[code]) for code in self.exits])
        if ctx.parent is not None:
            formatter.write_paragraph()
            formatter.write_text(HINT)


class Group(Command, click.Group):
    """A noun: commands in the order written, some of them stubs."""

    command_class = Command
    group_class = type

    def __init__(self, name: str | None, **attrs: Any) -> None:
        attrs.setdefault("subcommand_metavar", "命令 …")
        super().__init__(name, **attrs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order written."""
        return list(self.commands)

    def stub(self, name: str, target: str, short_help: str) -> None:
        """Declare a command that lives at `target` (`module:attribute`)."""
        self.add_command(Stub(name, target, short_help))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a stub is replaced by the command it stands for."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found.load() if isinstance(found, Stub) else found, rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands first; the program's own page lists the global options too."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)
        if ctx.parent is None:
            _section(
                ctx, formatter, "全局选项（写在命令前后都可以）", [p for p in GLOBAL if not p.everywhere]
            )


class Stub(Command):
    """A command that is not loaded yet."""

    def __init__(self, name: str, target: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.target = target

    def is_there(self) -> bool:
        """Can its module be found?"""
        return find_spec(self.target.partition(":")[0]) is not None

    def load(self) -> Command:
        """The command itself; importing its module may have loaded further parts of click."""
        module, _, attribute = self.target.partition(":")
        loaded = getattr(import_module(module), attribute)
        speak()
        return cast(Command, loaded)


def group(name: str, **attrs: Any) -> Callable[[Callable[..., Any]], Group]:
    """Make a function a noun group."""
    return cast(Callable[[Callable[..., Any]], Group], click.group(name, cls=Group, **attrs))


def command(name: str, **attrs: Any) -> Callable[[Callable[..., Any]], Command]:
    """Make a function a top-level command."""
    return cast(Callable[[Callable[..., Any]], Command], click.command(name, cls=Command, **attrs))


def _section(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, params: Iterable[click.Parameter]
) -> None:
    """A section of the help page for those of `params` that are options and not hidden."""
    records = [p.get_help_record(ctx) for p in params if not isinstance(p, click.Argument)]
    if rows := [record for record in records if record]:
        with formatter.section(title):
            formatter.write_dl(rows)
