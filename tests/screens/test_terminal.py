"""The real program in a real terminal (tmux): first paint, Chinese typed, the cursor's cell, killed and opened again."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yk.text import cell_len

TMUX = shutil.which("tmux")
PATIENCE = 30.0
pytestmark = pytest.mark.skipif(TMUX is None, reason="needs tmux")
CUSTOMER = "1016000001"


class Terminal:
    """A window of tmux with yk in it, on a server of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {**os.environ, "YK_STORE": f"sqlite:///{folder}/yk.db", "YK_NOW": "2026-11-23T09:30"}
        self.env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self.env.pop("TMUX", None)
        self.env.pop("NO_COLOR", None)

    def tmux(self, *words: str) -> str:
        command = [str(TMUX), "-S", str(self.folder / "tmux"), "-f", "/dev/null", *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        return done.stdout

    def yk(self, *words: str) -> str:
        command = [sys.executable, "-m", "yk", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout

    def open(self, *words: str, width: int = 80, height: int = 24) -> None:
        command = shlex.join([sys.executable, "-m", "yk", *words])
        self.tmux("new-session", "-d", "-s", "yk", "-x", str(width), "-y", str(height), command)

    def keys(self, *keys: str) -> None:
        self.tmux("send-keys", "-t", "yk", *keys)

    def type(self, text: str) -> None:
        self.tmux("send-keys", "-t", "yk", "-l", text)

    def text(self) -> str:
        return self.tmux("capture-pane", "-p", "-t", "yk")

    def until(self, *texts: str) -> str:
        """The screen, as soon as it shows all these texts."""
        return self.wait(lambda screen: all(text in screen for text in texts), texts)

    def wait(self, holds: Callable[[str], bool], what: object = "") -> str:
        end = time.monotonic() + PATIENCE
        while not holds(screen := self.text()):
            assert time.monotonic() < end, f"waited for {what}:\n{screen}"
            time.sleep(0.05)
        return screen

    def cursor(self) -> tuple[int, int]:
        x, y = self.tmux("display-message", "-p", "-t", "yk", "#{cursor_x} #{cursor_y}").split()
        return int(x), int(y)

    def pid(self) -> int:
        return int(self.tmux("display-message", "-p", "-t", "yk", "#{pane_pid}"))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal over a demonstration store."""
    one = Terminal(tmp_path)
    one.yk("init", "--demo", "-q")
    yield one
    one.tmux("kill-server")


def test_the_first_paint_fills_the_terminal_and_chinese_is_typed_where_the_cursor_is(
    terminal: Terminal,
) -> None:
    terminal.open()  # yk alone
    screen = terminal.until("工作台", "待办 0", "没有工单")
    assert len(screen.rstrip("\n").split("\n")) == 24
    terminal.keys("n")
    terminal.until("哪一个流程")
    terminal.type("更名")
    terminal.until(" 更名 ")
    terminal.wait(lambda screen: before_cursor(screen, terminal.cursor()).endswith(" 更名"), "the cursor")


def before_cursor(screen: str, cursor: tuple[int, int]) -> str:
    """What stands on the cursor's line before its cell."""
    x, y = cursor
    cells = "".join(char + ("" if cell_len(char) == 1 else "\0") for char in screen.split("\n")[y])
    return cells[:x].replace("\0", "")


def test_what_was_confirmed_is_there_when_the_terminal_was_killed(terminal: Terminal) -> None:
    case = terminal.yk("case", "open", "更名", "--customer", CUSTOMER, "--json").split('"case": "')[1][:12]
    terminal.open("tui", "--case", case)
    terminal.until("还差")
    terminal.keys("Space")
    terminal.until("✓ 已过 人工")
    os.kill(terminal.pid(), signal.SIGKILL)
    terminal.wait(lambda screen: not screen.strip())
    assert '"event": "confirm"' in terminal.yk("case", "log", case, "--json")
    assert terminal.yk("store", "check", "--json")
    terminal.open("tui")
    terminal.until(case, "✓ 已过 人工")  # where one was, without being told
