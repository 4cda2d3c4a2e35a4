"""The READMEs do what they show: every command is run in order, in a folder and home of its own.

In a ```console block a line starting with `$ ` is a command, the lines below it its output, of which a line `…` leaves
some out; `echo $?` shows the exit code of the command before, which is 0 where nothing is said. ```sh blocks are for
setting up; their scripts are there.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from yk.cli import run

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
GAP = "…"


class Example(NamedTuple):
    """A command and what the README shows of its output: runs of lines that follow each other."""

    command: str
    runs: list[list[str]]


def blocks(name: str, kind: str) -> list[str]:
    """The fenced blocks of one kind."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


def examples(block: str) -> Iterator[Example]:
    """The commands of a console block, each with its output."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, *lines = part.splitlines()
        runs: list[list[str]] = [[]]
        for line in lines:
            if line.strip() == GAP:
                runs.append([])
            else:
                runs[-1].append(line)
        yield Example(command, [run for run in runs if run])


def output_of(command: str) -> tuple[int, str]:
    """The exit code and the output, both streams, of `yk … | python3 …`; yk runs in this process."""
    here, pipe, rest = command.partition(" | ")
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO() if pipe else out):
        program, *words = shlex.split(here)
        assert program == "yk", command
        code = run(words)
    if not pipe:
        return code, out.getvalue()
    program, *words = shlex.split(rest)
    assert program == "python3", command
    done = subprocess.run(
        [sys.executable, *words],
        input=out.getvalue(),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=True,
    )
    return done.returncode, done.stdout


def unseen(runs: list[list[str]], output: str) -> list[str]:
    """The first run of lines that is not in `output` below the runs before it; empty when all are there."""
    lines = [line.rstrip() for line in output.splitlines()]
    at = 0
    for wanted in runs:
        spots = (i for i in range(at, len(lines)) if lines[i : i + len(wanted)] == wanted)
        found = next(spots, None)
        if found is None:
            return wanted
        at = found + len(wanted)
    return []


def test_both_readmes_show_the_same() -> None:
    english, chinese = READMES
    assert [blocks(english, kind) for kind in ("sh", "console")] == [
        blocks(chinese, kind) for kind in ("sh", "console")
    ]


def test_every_example_does_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("YK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.chdir(tmp_path)
    code, shown = 0, ""
    for example in (one for block in blocks(READMES[0], "console") for one in examples(block)):
        if example.command == "echo $?":
            assert example.runs == [[str(code)]], shown
            code = 0
            continue
        assert code == 0, shown
        if example.command.startswith("export "):
            for pair in shlex.split(example.command)[1:]:
                monkeypatch.setenv(*pair.split("=", 1))
            continue
        code, output = output_of(example.command)
        missing = "\n".join(unseen(example.runs, output))
        assert not missing, f"$ {example.command}\n{output}\n--- does not show:\n{missing}"
        shown = example.command
    assert code == 0, shown
    assert shown, "no examples found"


@pytest.mark.parametrize("name", READMES)
def test_scripts_for_setting_up_are_there(name: str) -> None:
    words = [line.split()[0] for block in blocks(name, "sh") for line in block.splitlines()]
    scripts = [ROOT / word for word in words if "/" in word]
    assert scripts
    assert [str(path) for path in scripts if not os.access(path, os.X_OK)] == []


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
