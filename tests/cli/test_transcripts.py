"""Whole stories on the command line, as transcripts in tests/cli/transcripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yk.text import cell_len

from . import transcript
from .conftest import Yk

FOLDER = Path(__file__).parent / "transcripts"
STORIES = sorted(FOLDER.glob("*.transcript"))
WRITE = os.environ.get("YK_TRANSCRIPTS") == "write"
ENGLISH = ("open", "green", "yellow", "red", "done", "True", "False", "None", "null")
"""Words of the JSON that people should not see."""


@pytest.fixture
def stage(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder whose store is `yk.db`."""
    folder = home / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("YK_STORE", "yk.db")
    monkeypatch.setenv("YK_NOW", "2026-11-23T09:00")
    return folder


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_goes_as_written(path: Path, stage: Path, yk: Yk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = transcript.turns(path.read_text(encoding="utf-8"))
    wrong = []
    for turn in found:
        for name, value in transcript.directives(turn.before, stage):
            monkeypatch.setenv(f"YK_{name.upper()}", value)
        if not turn.command:
            continue
        result = yk(*transcript.words(turn.command))
        real = transcript.answer(*result)
        if not transcript.fits(turn.answer, real):
            wrong.append(f"$ {turn.command}\n" + "\n".join(real))
            turn.answer = real
    if WRITE:
        path.write_text(transcript.text_of(found), encoding="utf-8")
    else:
        assert wrong == []


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_what_people_read_is_chinese_and_fits_a_screen(path: Path) -> None:
    for turn in transcript.turns(path.read_text(encoding="utf-8")):
        as_data = any(word in turn.command for word in ("json", "csv"))
        for line in turn.answer if not as_data else []:
            if line.startswith(("! 提示：", "! 错误：'--")):
                continue  # names commands and options
            assert not set(ENGLISH) & set(line.split()), (turn.command, line)
            table = line.startswith(("|", "-")) or " list" in turn.command or " roles" in turn.command
            assert table or line.startswith("!") or cell_len(line) <= 80, (turn.command, line)


def test_every_story_is_there() -> None:
    assert {path.stem for path in STORIES} >= {"rename", "deferral", "return", "stop", "suspend", "forms"}


def test_any_lines_stand_for_themselves() -> None:
    assert transcript.fits(["a", "…", "c"], ["a", "b", "b", "c"])
    assert transcript.fits(["…"], [])
    assert not transcript.fits(["a", "…"], ["b"])
    assert not transcript.fits(["a"], ["a", "b"])


def test_a_transcript_comes_back_as_written() -> None:
    text = "# 说明\n@now 2026-01-01\n$ yk init\n存储\n! 好\n[4]\n\n$ yk demo\n\n# 完\n"
    assert transcript.text_of(transcript.turns(text)) == text
