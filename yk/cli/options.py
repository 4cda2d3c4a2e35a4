"""Options shared by commands: the global ones, and those of reading commands.

`GLOBAL` stands at every level of the tree, so that a global option may be written before or after the command;
the last one written counts. `@reading` adds `--format`, `-o/--output` and `--limit` to a command that prints records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from yk.cli.app import App
from yk.clock import fixed_clock

FORMATS = ("table", "csv", "json", "jsonl", "md")

_Function = TypeVar("_Function", bound=Callable[..., Any])


class GlobalOption(click.Option):
    """An option that sets `field` of the App and is no parameter of the command.

    `everywhere` says that every command's own help lists it, not only the program's.
    """

    def __init__(
        self,
        names: list[str],
        field: str,
        help: str,
        convert: Callable[[str], object] | None = None,
        value: object = None,
        everywhere: bool = False,
        **attrs: Any,
    ) -> None:
        self.field, self.convert, self.value, self.everywhere = field, convert, value, everywhere
        super().__init__(
            [*names, f"global_{field}_{names[-1].strip('-').replace('-', '_')}"],
            help=help,
            is_flag=None if value is None else True,
            expose_value=False,
            callback=self._take,
            **attrs,
        )

    def _take(self, ctx: click.Context, _param: click.Parameter, given: Any) -> None:
        if given in (None, False):
            return
        taken = self.value if self.is_flag else self.convert(given) if self.convert else given
        setattr(ctx.ensure_object(App), self.field, taken)


GLOBAL = (
    GlobalOption(["--store"], "given_store", "存储地址（环境变量 YK_STORE）", metavar="URL"),
    GlobalOption(["--operator"], "given_operator", "经办人（环境变量 YK_OPERATOR）", metavar="ID"),
    GlobalOption(
        ["--now"],
        "given_clock",
        "把时钟定在这一刻（环境变量 YK_NOW），供测试和授课",
        fixed_clock,
        metavar="ISO",
    ),
    GlobalOption(["--no-input"], "no_input", "不提问；需要确认的地方改为报错", value=True),
    GlobalOption(["-q", "--quiet"], "quiet", "只输出数据和错误，不说别的", value=True),
    GlobalOption(["--no-color"], "no_color", "不用颜色（同 NO_COLOR）", value=True),
    GlobalOption(["--json"], "format", "输出 JSON；出错时错误也是 JSON", value="json", everywhere=True),
)


def reading(function: _Function) -> _Function:
    """Options of a command that prints records; `yk.cli.output` follows them."""
    for option in (
        _shared("--limit", field="limit", type=click.IntRange(min=1), metavar="N", help="最多列出 N 条"),
        _shared(
            "-o", "--output", field="path", metavar="FILE", help="写到文件；- 为标准输出", type=click.Path()
        ),
        _shared("--format", field="format", type=click.Choice(FORMATS), help="输出格式，缺省 table"),
    ):
        function = option(function)
    return function


def _shared(*names: str, field: str, **attrs: Any) -> Callable[[_Function], _Function]:
    def take(ctx: click.Context, _param: click.Parameter, given: Any) -> None:
        if given is not None:
            setattr(ctx.ensure_object(App), field, given)

    return click.option(*names, f"reading_{field}", expose_value=False, callback=take, **attrs)
