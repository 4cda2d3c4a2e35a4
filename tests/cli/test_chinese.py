"""click's own texts are Chinese, all of them, always."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import polib
import pytest

from yk.cli.chinese import CATALOGUE, catalogue

from .conftest import Yk

PO = CATALOGUE.with_suffix(".po")
TECHNICAL = {"Choice({choices})"}
"""Texts that are code, not language."""


def texts_of_click() -> Iterator[str]:
    """Every text click hands to gettext; of plural ones the first form."""
    for source in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("_", "ngettext") and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def test_every_text_of_click_has_a_chinese_one() -> None:
    done = {entry.msgid: entry.msgstr or entry.msgstr_plural[0] for entry in polib.pofile(str(PO))}
    wanted = {*texts_of_click(), "required"}
    assert wanted - done.keys() == set()
    assert [
        text for text in done.values() if text.isascii() and text not in TECHNICAL | {"%(prog)s %(version)s"}
    ] == []


def test_catalogue_has_nothing_click_no_longer_says() -> None:
    assert {entry.msgid for entry in polib.pofile(str(PO))} == {*texts_of_click(), "required"}


def test_compiled_catalogue_is_fresh() -> None:
    assert polib.pofile(str(PO)).to_binary() == CATALOGUE.read_bytes(), "run scripts/make_locale"


def test_translations_keep_the_placeholders_they_use() -> None:
    for entry in polib.pofile(str(PO)):
        text = entry.msgstr or entry.msgstr_plural[0]
        both = entry.msgid + (entry.msgid_plural or "")
        assert set(_placeholders(text)) <= set(_placeholders(both)), entry.msgid


def _placeholders(text: str) -> list[str]:
    return [part.partition("}")[0].removesuffix("!r") for part in text.split("{")[1:]]


def test_plural_texts_come_out_whole() -> None:
    text = catalogue().ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 2)
    assert text.format(possibility="a, b", possibilities="a, b") == "是不是想写 a, b？"


@pytest.mark.parametrize(
    "locale", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"LANGUAGE": "en_US", "LANG": "en_US.UTF-8"}]
)
def test_any_locale_gives_chinese_in_utf8(locale: dict[str, str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("LANG", "LC_ALL", "PYTHONUTF8")} | locale
    done = subprocess.run(
        [sys.executable, "-m", "yk", "config", "--bogus"], capture_output=True, env=environment
    )
    assert done.returncode == 2
    assert "没有 --bogus 这个选项" in done.stderr.decode("utf-8")


def test_the_state_machine_library_changes_nothing(yk: Yk) -> None:
    import statemachine  # noqa: F401  (moves the process-wide text domain)

    assert yk("config", "set").err.startswith("错误：缺少参数")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--bogus"], "没有 --bogus 这个选项"),
        (["config", "set"], "缺少参数 'NAME'"),
        (["config", "path", "more"], "多出的参数：more"),
        (["config", "show", "--limit", "many"], "'--limit' 的值不对：'many' 不是整数"),
        (["config", "show", "--limit", "0"], "'--limit' 的值不对：0 不在范围 x>=1 之内"),
        (["config", "show", "--format", "xml"], "不在可选值里：'table', 'csv', 'json', 'jsonl', 'md'"),
        (["config", "--store"], "选项 --store 后面应跟 1 个值"),
        (["--quiet=1", "config"], "选项 --quiet 不带值"),
        (["completion"], "缺少参数 'bash|zsh|fish|powershell'。可选： bash, zsh, fish, powershell"),
        (["--json", "--quiet"], "缺少子命令"),
    ],
)
def test_usage_errors_are_chinese(yk: Yk, words: list[str], message: str) -> None:
    result = yk(*words)
    assert result.code == 2
    assert message in (result.err or result.json["error"]["message"])
