"""The command tree: help, suggestions and completion from names alone."""

from __future__ import annotations

import shlex
import sys
import types
from collections.abc import Iterator

import click
import pytest

from yk.cli.docs import tree
from yk.cli.helptext import Formatter, first_sentence, join_lines
from yk.cli.lazy import Command, Context, Stub
from yk.cli.options import GlobalOption
from yk.cli.root import root
from yk.errors import ExitCode
from yk.text import cell_len

from .conftest import Yk


def contexts() -> Iterator[click.Context]:
    """A context for every command."""
    context = Context(root, info_name="yk", **root.context_settings)
    yield context
    yield from tree(context)


EVERY = list(contexts())


@pytest.mark.parametrize("context", EVERY, ids=lambda c: c.command_path)
def test_help_is_chinese_and_no_wider_than_80_cells(context: click.Context) -> None:
    page = context.get_help()
    assert page.startswith("用法：")
    assert [line for line in page.splitlines() if cell_len(line) > 80] == []
    assert not any(word in page for word in ("Usage", "Options", "Show this", "TEXT", "INTEGER", "[ARGS]"))


@pytest.mark.parametrize("context", EVERY, ids=lambda c: c.command_path)
def test_commands_keep_the_rules_of_the_house(context: click.Context) -> None:
    found = context.command
    assert isinstance(found, Command)
    assert not found.help.isascii() if found.help else False
    for param in found.params:
        assert not isinstance(param.type, click.File), f"{param.name}: read files through yk.files"
        assert not getattr(param.type, "exists", False), (
            f"{param.name}: yk.files reports a missing file, exit 3"
        )
        assert getattr(param, "help", None), f"{param.name} has no help"
    names = [name for p in found.get_params(context) if isinstance(p, click.Option) for name in p.opts]
    assert len(names) == len(set(names))
    for example in found.examples:
        words = shlex.split(example, comments=True)
        path = context.command_path.split()
        assert words[: len(path)] == path


def test_misspelt_names_get_the_nearest(yk: Yk) -> None:
    assert yk("docter") == (2, "", "错误：没有 docter 这个命令\n提示：是不是想写 doctor？\n")
    assert yk("config", "shwo").err.endswith("是不是想写 show？\n")
    assert yk("config", "show", "--fromat", "csv").err.endswith("是不是想写 --format？\n")


@pytest.mark.parametrize("words", [[], ["config"]])
def test_a_noun_alone_prints_its_help_and_is_a_usage_error(yk: Yk, words: list[str]) -> None:
    result = yk(*words)
    assert (result.code, result.err) == (2, "")
    assert result.out.startswith("用法：yk")
    assert "命令：" in result.out


def test_version_and_help(yk: Yk) -> None:
    assert yk("--version").out.startswith("yk ")
    assert yk("config", "show", "-h").out == yk("config", "show", "--help").out


def test_a_stub_loads_its_command_when_it_runs(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("late")
    done: list[str] = []
    module.late = Command("late", callback=lambda: done.append("ran"), help="迟到。")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "late", module)
    monkeypatch.setitem(root.commands, "late", Stub("late", "late:late", "迟到"))
    assert "late        迟到" in yk("--help").out
    assert yk("late").code == 0
    assert done == ["ran"]


def test_the_root_help_lists_every_command_and_the_global_options_once(yk: Yk) -> None:
    page = yk("--help").out
    for name in root.commands:
        assert f"\n  {name} " in page
    assert page.count("--store URL") == 1
    assert "--store" not in yk("config", "show", "--help").out.replace("（--store、", "")


def test_exit_codes_and_examples_stand_in_the_help() -> None:
    found = Command("x", help="甲。", exits=[ExitCode.REFUSED], examples=["yk x  # 试"])
    page = Context(found, info_name="x").get_help()
    assert "示例：\n  yk x  # 试\n" in page
    assert "退出码：\n  0  完成\n  2  用法或配置不对\n  4  被拒绝" in page


def test_paragraphs_wrap_by_cells_and_raw_ones_stay() -> None:
    formatter = Formatter(width=20)
    formatter.write_text("一二三四五六七八九，十一二三。\n\n\b\na  b\n    c")
    assert formatter.getvalue() == "一二三四五六七八九，\n十一二三。\n\na  b\n    c\n"


def test_long_usage_continues_under_the_arguments() -> None:
    formatter = Formatter(width=50)
    formatter.write_usage("yk case confirm", "[选项] NO ID… [--na --reason T] [--note T] [--evidence FILE]")
    lines = formatter.getvalue().splitlines()
    assert lines[0].startswith("用法：yk case confirm [选项] NO")
    assert all(cell_len(line) <= 50 for line in lines)
    assert lines[1].startswith(" " * cell_len("用法：yk case confirm "))


def test_long_terms_stand_on_their_own_line() -> None:
    formatter = Formatter(width=60)
    formatter.write_dl([("--a-very-long-option-with FILE…", "说明"), ("-x", "短"), ("-y", "")])
    lines = formatter.getvalue().splitlines()
    assert lines == ["--a-very-long-option-with FILE…", f"{'':32}说明", f"-x{'':30}短", "-y"]


def test_lines_of_chinese_join_without_a_blank() -> None:
    assert join_lines("甲乙\n  丙 yk\n  case") == "甲乙丙 yk case"
    assert first_sentence("列出线路。\n可筛选。") == "列出线路"


def test_global_options_take_no_name_of_a_command() -> None:
    for context in EVERY:
        own = {p.name for p in context.command.params}
        shared = {p.name for p in context.command.get_params(context) if isinstance(p, GlobalOption)}
        assert not own & shared
