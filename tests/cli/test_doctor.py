"""`yk doctor`: what is fine, what is not, what to do."""

from __future__ import annotations

import io
import os
import pty
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from yk.cli import checkup
from yk.cli.app import App
from yk.cli.checkup import Check

from .conftest import Yk

FINE = Check("甲", True, "好", "不显示")
BAD = Check("乙", False, "坏", "修")


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """What the checks find."""
    found: list[Check] = [FINE]

    def fake(_app: App) -> Iterator[Check]:
        yield from found

    monkeypatch.setattr(checkup, "checkup", fake)
    return found


def test_all_fine_is_exit_0(yk: Yk, findings: list[Check]) -> None:
    assert yk("doctor") == (0, "✓ 甲：好\n", "一切正常\n")


def test_a_fault_has_a_remedy_and_exit_1(yk: Yk, findings: list[Check]) -> None:
    findings.append(BAD)
    assert yk("doctor") == (1, "✓ 甲：好\n✗ 乙：坏\n    补救：修\n", "1 项要处理\n")
    result = yk("doctor", "--json")
    assert result.code == 1
    assert result.json == [
        {"check": "甲", "ok": True, "value": "好", "remedy": ""},
        {"check": "乙", "ok": False, "value": "坏", "remedy": "修"},
    ]


def test_the_real_checks_all_answer(yk: Yk) -> None:
    names = [row["check"] for row in yk("doctor", "--json").json]
    for name in (
        "Python",
        "依赖 click",
        "依赖 textual",
        "终端",
        "编码",
        "中文字体",
        "输入法",
        "缓存文件夹",
        "设置",
        "存储",
    ):
        assert name in names


def test_a_missing_store_comes_with_the_command_that_makes_one(yk: Yk) -> None:
    row = next(row for row in yk("doctor", "--json").json if row["check"] == "存储")
    assert row["ok"] is False
    assert "yk init" in row["remedy"]


@pytest.mark.parametrize(
    ("variables", "ok"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "C"}, True),
        ({"LC_ALL": "zh_CN.GBK"}, False),
        ({"LANG": "en_US.utf8"}, True),
    ],
)
def test_encoding(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], ok: bool) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert checkup.encoding().ok is ok


def test_a_narrow_or_dumb_terminal(yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    assert checkup.terminal().ok is False
    monkeypatch.setenv("COLUMNS", "80")
    assert checkup.terminal().ok is True
    monkeypatch.setenv("TERM", "dumb")
    assert checkup.terminal().ok is False


def test_fonts_are_looked_for_only_where_this_machine_draws(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    lister = home / "fc-list"
    lister.write_text("#!/bin/sh\n")
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:/bin:/usr/bin")
    assert checkup.fonts().ok is True
    monkeypatch.setenv("DISPLAY", ":0")
    assert checkup.fonts().ok is False
    lister.write_text("#!/bin/sh\necho 'Noto Sans Mono CJK SC,更多'\n")
    assert checkup.fonts().value == "1 种"


def test_wezterm_needs_a_variable_for_input_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM_PROGRAM", "WezTerm")
    assert checkup.input_method().ok is False
    monkeypatch.setenv("TEXTUAL_DISABLE_KITTY_KEY", "1")
    assert checkup.input_method().ok is True


def test_a_folder_that_is_a_file_is_a_fault(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "file"))
    assert [c.ok for c in checkup.folders()] == [True, True, False]


@pytest.mark.parametrize(
    ("found", "requirement", "fits"),
    [
        ("8.5.1", "click<9,>=8.5", True),
        ("8.4", "click<9,>=8.5", False),
        ("9.0", "click<9,>=8.5", False),
        ("1.10", "x>=1.9", True),
    ],
)
def test_versions_are_compared_as_numbers(found: str, requirement: str, fits: bool) -> None:
    assert checkup._satisfies(found, requirement) is fits


def test_a_broken_configuration_is_a_finding(yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "c.yaml").write_text("nonsense: 1\n")
    monkeypatch.setenv("YK_CONFIG", str(home / "c.yaml"))
    row = next(row for row in yk("doctor", "--json").json if row["check"] == "设置")
    assert (row["ok"], "第 1 行" in row["value"]) == (False, True)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("line", [1, 2])
def test_the_terminal_is_asked_how_wide_it_draws(line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that draws lines two cells wide is told of; the one that answers is played by a thread."""
    ours, theirs = pty.openpty()
    sizes = {"汉": 2, "─": line}
    asked: list[str] = []

    def answer() -> None:
        seen = b""
        for _ in sizes:
            while not seen.endswith(b"\x1b[6n"):
                seen += os.read(ours, 1)
            asked.append(seen.split(b"\r")[-1].decode().removesuffix("\x1b[6n"))
            os.write(ours, f"\x1b[5;{sizes[asked[-1]] + 1}R".encode())
            seen = b""

    with open(theirs, "r+b", buffering=0) as file:  # noqa: PTH123  (a descriptor, not a path)
        screen = io.TextIOWrapper(file, write_through=True)
        monkeypatch.setattr("sys.stdin", screen)
        monkeypatch.setattr("sys.stdout", screen)
        monkeypatch.setattr("yk.cli.checkup._WIDTHS", {"汉": 2, "─": 1})
        terminal = threading.Thread(target=answer)
        terminal.start()
        found = checkup.widths()
        monkeypatch.undo()
        terminal.join()
    os.close(ours)
    assert asked == ["汉", "─"]
    assert found.ok == (line == 1)
    assert found.value == ("汉字两格，线条一格" if line == 1 else "─ 占 2 格（应 1）")
