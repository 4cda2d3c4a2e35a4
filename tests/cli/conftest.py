"""A runner around the console entry, and a home of its own for every test."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from yk.cli import run


class Result(NamedTuple):
    """What one run of yk left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Yk = Callable[..., Result]


class Stream(io.TextIOWrapper):
    """A stdout or stderr that may claim to be a terminal; starts in ASCII, as under LANG=C."""

    def __init__(self, tty: bool) -> None:
        super().__init__(io.BytesIO(), encoding="ascii")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode("utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home; nothing of the machine's environment shows."""
    for name in [n for n in os.environ if n.startswith(("YK_", "_YK_", "LC_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"COLUMNS": "80", "TERM": "xterm-256color", "LANG": "zh_CN.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
    return tmp_path


@pytest.fixture
def yk(monkeypatch: pytest.MonkeyPatch) -> Yk:
    """Run one command line: `yk("config", "show")`; `tty=True` puts it on a terminal."""

    def call(*words: str, tty: bool = False) -> Result:
        out, err = Stream(tty), Stream(tty)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", io.StringIO())
            code = run(words)
        return Result(code, out.text(), err.text())

    return call


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration store, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("made") / "yk.db"
    assert run(["init", "--demo", "-q", "--store", str(path)]) == 0
    return path


@pytest.fixture
def demo(yk: Yk, made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Yk:
    """Run one command line on a copy of the demonstration store `yk.db` in a folder of its own, at a fixed time."""
    folder = home / "desk"
    folder.mkdir()
    shutil.copy(made, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("YK_STORE", "yk.db")
    monkeypatch.setenv("YK_NOW", "2026-11-23T09:00")
    return yk
