"""Transcripts: what a person types and what yk answers, as text files that read like a terminal.

    @now 2026-11-23T09:00            the clock of what follows
    @operator acceptance_clerk       who types what follows; alone, nobody is named
    @file 申请.yaml                   the lines after it, indented by two blanks, are a file in the working folder
    # …                              a remark
    $ yk case list                   a command line, split as a shell does
    申请编号  …                       what it prints, line by line
    ! 错误：…                        what it says on stderr
    …                                any lines, or none
    [4]                              the exit code, when it is not 0

An empty line ends an answer; in an answer it is written as `.`. `YK_TRANSCRIPTS=write pytest tests/cli/test_transcripts.py`
writes the answers that differ into the files.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ANY = "…"
Run = Callable[[list[str]], tuple[int, str, str]]


@dataclass
class Turn:
    """Lines before a command, the command, and the answer to it."""

    before: list[str] = field(default_factory=list)
    command: str = ""
    answer: list[str] = field(default_factory=list)


def turns(text: str) -> list[Turn]:
    """The turns of a transcript; the last one may have no command."""
    found = [Turn()]
    answering = False
    for line in text.splitlines():
        if line.startswith("$ "):
            found[-1].command = line[2:]
            answering = True
        elif answering and line:
            found[-1].answer.append(line)
        else:
            if answering:
                found.append(Turn())
            answering = False
            found[-1].before.append(line)
    return found


def text_of(found: list[Turn]) -> str:
    """The transcript these turns make."""
    lines: list[str] = []
    for turn in found:
        lines += turn.before
        if turn.command:
            lines += [f"$ {turn.command}", *turn.answer]
    return "\n".join(lines) + "\n"


def directives(before: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """(name, value) of `@now` and `@operator`; files are written into `folder`."""
    path, lines = None, []
    for line in [*before, ""]:
        if path is not None and line.startswith("  "):
            lines.append(line[2:])
            continue
        if path is not None:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            path, lines = None, []
        name, _, value = line.partition(" ")
        if name == "@file":
            path = folder / value
        elif name.startswith("@"):
            yield name[1:], value


def words(command: str) -> list[str]:
    """The words after `yk`."""
    split = shlex.split(command)
    assert split[0] == "yk", command
    return split[1:]


def answer(code: int, out: str, err: str) -> list[str]:
    """What a run left behind, as a transcript writes it."""
    lines = [line or "." for line in out.splitlines()]
    lines += [f"! {line}" for line in err.splitlines()]
    return [*lines, f"[{code}]"] if code else lines


def fits(expected: list[str], real: list[str]) -> bool:
    """Is `real` what was expected, a line `…` standing for any lines?"""
    if not expected:
        return not real
    if expected[0] == ANY:
        return any(fits(expected[1:], real[n:]) for n in range(len(real) + 1))
    return bool(real) and expected[0] == real[0] and fits(expected[1:], real[1:])
