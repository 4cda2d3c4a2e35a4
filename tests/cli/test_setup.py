"""`yk init`: a store made, refused, made anew; nothing half done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from .conftest import Yk


@pytest.mark.parametrize("url", ["a.db", "a.json", "sqlite:///a.db", "json:///a.json", "deep/er/a.db"])
def test_a_store_is_made_where_it_is_wanted(
    yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(home)
    result = yk("init", "--demo", "--store", url)
    assert (result.code, result.out) == (0, f"存储      {url}\n用电客户  150\n经办人    34\n")
    assert "yk case run 更名 --customer 1016000001" in result.err
    assert yk("store", "check", "--store", url).code == 0


def test_the_hint_of_a_new_store_works(yk: Yk) -> None:
    hint = yk("init", "--demo").err.partition("试一试：yk ")[2].split()
    assert yk(*hint).code == 0


def test_defects_are_planted_and_every_rule_finds_exactly_them(
    yk: Yk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YK_NOW", "2026-11-23T09:00")
    made = yk("init", "--demo", "--defects", "--json").json
    found = yk("audit", "run", "--json")
    planted = [rule for one in made["planted"] for rule in (one["rule"], *one["also"])]
    assert made["defects"] == len(made["planted"]) > 100
    assert made["rules"] == len(set(planted)) == 130
    assert found.code == 6
    assert {one["id"]: one["count"] for one in found.json["by_rule"]} == Counter(planted)
    assert yk("store", "check").code == 0


@pytest.mark.parametrize("words", [("--defects", "20"), ("--defects=２０",)])
def test_as_many_defects_as_wanted(yk: Yk, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setenv("YK_NOW", "2026-11-23T09:00")
    result = yk("init", "--demo", *words)
    assert (result.code, result.out.splitlines()[-1]) == (0, "数据问题  20")
    assert "已埋入 20 处数据问题" in result.err
    assert "yk audit run" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--defects"], "加上 --demo"),
        (["--demo", "--defects", "0"], "1 到"),
        (["--demo", "--defects", "一千"], "应是埋入几处"),
        (["--demo", "--defects", "1000"], "1 到"),
    ],
)
def test_defects_that_cannot_be_planted_are_refused_and_nothing_is_made(
    yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(home)
    result = yk("init", *words, "--store", "a.db")
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not Path("a.db").exists()


def test_an_empty_store_says_what_comes_next(yk: Yk) -> None:
    assert "yk operator add" in yk("init").err
    assert yk("case", "list").err == "没有符合条件的记录\n"
    assert yk("init").code == 0


def test_a_store_that_holds_data_is_refused_and_told(demo: Yk) -> None:
    result = demo("init")
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith("✗ 存储 yk.db 里已有数据（150 户、34 名经办人）\n提示：")
    assert "--force" in result.err


@pytest.mark.parametrize("words", [["--demo"], []])
def test_force_makes_it_anew(demo: Yk, words: list[str]) -> None:
    demo("case", "run", "更名", "--customer", "1016000001", "--confirm-all", "--fill")
    result = demo("init", "--force", *words)
    assert result.code == 0
    assert result.err.startswith("已清空原有的 150 户、1 张工单\n")
    assert demo("case", "list", "--json").json == []
    assert demo("store", "info", "--json").json["tables"].get("customer", 0) == (150 if words else 0)
    assert demo("store", "check").code == 0


@pytest.mark.parametrize("words", [[], ["--defects"]])
def test_a_dry_run_makes_no_file(
    yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(home)
    result = yk("init", "--demo", "--dry-run", "--store", "a.db", *words)
    assert (result.code, result.err) == (0, "（试算，未写入）\n")
    assert not Path("a.db").exists()


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("/proc/a.db", 3, "打不开存储 /proc/a.db"),
        ("mysql://x", 2, "不认识的存储地址"),
        ("sqlite:///", 2, "没有文件名"),
        (".", 3, "是一个文件夹"),
    ],
)
def test_where_no_store_can_be_is_one_clear_line(yk: Yk, url: str, code: int, said: str) -> None:
    result = yk("init", "--store", url)
    assert (result.code, result.out) == (code, "")
    assert said in result.err.splitlines()[0]
    assert result.err.splitlines()[1].startswith("提示：")


def test_a_file_of_something_else_is_left_alone(yk: Yk, home: Path) -> None:
    path = home / "a.db"
    path.write_text("这是笔记，不是存储\n" * 100, encoding="utf-8")
    before = path.read_bytes()
    for words in (["init"], ["init", "--force"], ["case", "list"]):
        result = yk(*words, "--store", str(path))
        assert result.code == 3
        assert "不是 yk 的存储" in result.err or "已损坏" in result.err
    assert path.read_bytes() == before
