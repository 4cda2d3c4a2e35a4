"""Errors as people and scripts see them: one clear line, JSON on request, the contract's exit code."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from yk.cli.failures import asks_json
from yk.cli.lazy import Command
from yk.cli.root import root
from yk.errors import ExitCode, Reason, Refused, UnreadableError, YkError

from .conftest import Yk

Fails = Callable[[BaseException], None]

REASONS = [
    Reason(
        "arrears", "户号 0100001 欠费 12.50 元", "YXZY-YY-334", "YXZY-YY-334.1.R2.C1", "供电营业规则第 29 条"
    ),
    Reason("role", "张三 没有核算岗角色"),
]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Fails:
    """`yk boom` then raises what was given."""

    def install(error: BaseException) -> None:
        def boom() -> None:
            raise error

        monkeypatch.setitem(root.commands, "boom", Command("boom", callback=boom, help="出错。"))

    return install


def test_a_known_error_is_a_line_and_a_hint(yk: Yk, fails: Fails) -> None:
    fails(UnreadableError("cannot_read", "读不了文件 a.csv：文件或文件夹不存在", "检查路径和读权限"))
    result = yk("boom")
    assert result == (3, "", "错误：读不了文件 a.csv：文件或文件夹不存在\n提示：检查路径和读权限\n")


def test_a_known_error_as_json(yk: Yk, fails: Fails) -> None:
    fails(YkError("nothing_done", "没有可办的"))
    result = yk("boom", "--json")
    assert (result.code, result.err) == (1, "")
    assert result.json == {"error": {"code": "nothing_done", "message": "没有可办的", "hint": ""}}


def test_a_refusal_names_every_reason(yk: Yk, fails: Fails) -> None:
    fails(Refused(REASONS, hint="先结清电费"))
    result = yk("boom")
    assert (result.code, result.out) == (4, "")
    assert result.err.splitlines() == [
        "✗ 户号 0100001 欠费 12.50 元 （YXZY-YY-334，供电营业规则第 29 条）",
        "✗ 张三 没有核算岗角色",
        "提示：先结清电费",
    ]


def test_a_refusal_as_json_has_the_shape_of_the_contract(yk: Yk, fails: Fails) -> None:
    fails(Refused(REASONS))
    result = yk("boom", "--json")
    assert (result.code, result.err) == (4, "")
    assert result.json == {"refused": [reason.as_json() for reason in REASONS]}
    assert result.json["refused"][1] == {
        "code": "role",
        "message": "张三 没有核算岗角色",
        "entry": "",
        "control": None,
        "basis": None,
    }


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "已中断。"),
        (click.Abort(), 130, "已中断。"),
        (OSError(errno.ENOSPC, "No space left on device", "a.db"), 3, "错误：读写失败 a.db：磁盘已满"),
        (sqlite3.OperationalError("no such table: x"), 3, "错误：存储出错：no such table: x"),
        (click.FileError("a.csv", "坏了"), 3, "错误：打不开文件 'a.csv'：坏了"),
        (click.UsageError("两个选项不能同用。"), 2, "错误：两个选项不能同用"),
        (click.ClickException("别的错"), 2, "错误：别的错"),
        (KeyError("cons_no"), 1, "错误：程序内部错误：KeyError: 'cons_no'"),
        (RuntimeError(), 1, "错误：程序内部错误：RuntimeError"),
    ],
)
def test_every_exception_has_a_line_and_an_exit_code(
    yk: Yk, fails: Fails, error: BaseException, code: int, line: str
) -> None:
    fails(error)
    result = yk("boom")
    assert result.code == code
    assert result.err.splitlines()[0] == line
    assert "Traceback" not in result.err


def test_debug_shows_the_traceback_of_an_internal_error_only(
    yk: Yk, fails: Fails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YK_DEBUG", "1")
    fails(KeyError("cons_no"))
    assert "Traceback" in yk("boom").err
    fails(YkError("nothing_done", "没有可办的"))
    assert "Traceback" not in yk("boom").err


def test_data_in_a_message_cannot_steer_the_terminal(yk: Yk, fails: Fails) -> None:
    fails(YkError("bad", "户名 \x1b[2J张三\n提示：假的"))
    assert yk("boom").err == "错误：户名  [2J张三 提示：假的\n"


def test_a_lone_surrogate_in_a_word_is_no_crash(yk: Yk, fails: Fails) -> None:
    result = yk("\udcff\udcfe")
    assert result.code == 2
    assert "没有 \\udcff\\udcfe 这个命令" in result.err
    fails(UnicodeEncodeError("utf-8", "x\udcff", 1, 2, "surrogates not allowed"))
    assert yk("boom").err.startswith("错误：参数里有不是 UTF-8 的字符：'\\udcff'")


def test_a_command_may_return_an_exit_code(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    partly = Command("partly", callback=lambda: ExitCode.PARTLY, help="部分。")
    monkeypatch.setitem(root.commands, "partly", partly)
    assert yk("partly").code == 5


@pytest.mark.parametrize(
    ("words", "json"),
    [
        (["case", "--json"], True),
        (["--format", "json"], True),
        (["--format=json"], True),
        (["--format", "jsonl"], False),
        (["case", "show", "--", "--json"], False),
        ([], False),
    ],
)
def test_json_errors_are_asked_for_in_the_words_themselves(words: list[str], json: bool) -> None:
    assert asks_json(words) is json


def test_a_reader_that_goes_away_is_no_error_message() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run([sys.executable, "-m", "yk", "--help"], stdout=pipe, stderr=subprocess.PIPE)
    assert done.stderr == b""
    assert done.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_exit_3() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "yk", "--help"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr.decode() == "错误：读写失败：磁盘已满\n提示：检查路径、权限和磁盘空间\n"


def test_a_closed_stdout_is_let_be() -> None:
    done = subprocess.run(["sh", "-c", f"{sys.executable} -m yk --help >&-"], stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
