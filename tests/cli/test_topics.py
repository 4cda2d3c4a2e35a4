"""`yk help`: topics and commands."""

from __future__ import annotations

import pytest

from yk.errors import ExitCode

from .conftest import Yk


def test_without_a_topic_the_topics_are_listed(yk: Yk) -> None:
    assert [line.split("（")[0] for line in yk("help").out.splitlines()] == ["退出码", "环境变量", "全局选项"]


@pytest.mark.parametrize(
    ("title", "alias"), [("退出码", "exit-codes"), ("环境变量", "environment"), ("全局选项", "options")]
)
def test_a_topic_has_a_chinese_and_an_english_name(yk: Yk, title: str, alias: str) -> None:
    assert yk("help", title).out == yk("help", alias).out != ""


def test_every_exit_code_is_explained(yk: Yk) -> None:
    rows = yk("help", "退出码", "--json").json
    assert [row["name"] for row in rows] == [str(int(code)) for code in ExitCode]
    assert all(row["text"] for row in rows)


def test_a_command_has_its_help_here_too(yk: Yk) -> None:
    assert yk("help", "config", "set").out == yk("config", "set", "--help").out


def test_an_unknown_topic_gets_the_nearest(yk: Yk) -> None:
    assert yk("help", "退出") == (2, "", "错误：没有 退出 这个专题或命令\n提示：是不是想写 退出码？\n")
    assert yk("help", "config", "set", "more").code == 2
