"""Asking a person at the terminal, or line by line on a pipe: options by letters, hints, a clause to repeat, steps by hand.

The conversation goes to stderr, so that stdout holds the result alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import click

from yk.cli.scenario_page import question as question_lines
from yk.errors import YkError
from yk.scenario.answering import meant, recited, verdict
from yk.scenario.by_hand import read_step
from yk.scenario.questions import KINDS, OPERATE, RECITE, Question
from yk.text import plain

if TYPE_CHECKING:
    from yk.scenario.sitting import Sitting

HINT, LEAVE = ("?", "？"), ("-", "－")
_PROMPTS = {RECITE: "照原文复诵（- 不答）：", OPERATE: "动手（一行一个步骤，空行结束，? 提示，- 不答）："}
_PROMPT = "答（字母，? 提示，- 不答）："


class Answering(Protocol):
    """What takes answers: a `Sitting` or a `Quiz`."""

    def hint(self, question: Question) -> str:
        """The next hint."""

    def answer(self, question: Question, chosen: Sequence[str] = (), done: bool | None = None) -> bool:
        """Answer; was it right?"""

    def leave_out(self, question: Question) -> None:
        """Go on without an answer."""


class Asker:
    """Asks question after question. With `tell` it says at once what was right (learning), else nothing (an exam)."""

    def __init__(self, width: int, of: int, tell: bool = False) -> None:
        self._width, self._of, self._tell = width, of, tell

    def say(self, lines: Iterable[str]) -> None:
        """Lines of the conversation."""
        for line in lines:
            click.echo(plain(line), err=True)

    def _read(self, prompt: str) -> str:
        """A line that is typed. Raises Abort at the end of the input."""
        click.echo(prompt, err=True, nl=False)
        line = sys.stdin.readline()
        if not line:
            self.say(["", "没有答完，没有成绩"])
            raise click.Abort
        if not sys.stdin.isatty():
            self.say([line.rstrip("\n")])
        return line.strip()

    def ask(self, desk: Answering, one: Question, number: int) -> None:
        """Ask one question until it is answered or left out."""
        heading = f"第 {number} 题 / 共 {self._of} 题（{KINDS[one.kind]}）"
        self.say(["", heading, *question_lines(one, self._width, "  ")])
        while True:
            line = self._read(_PROMPTS.get(one.kind, _PROMPT))
            if line in HINT:
                self.say([f"提示：{desk.hint(one)}"])
            elif line in LEAVE:
                desk.leave_out(one)
                self._told(one)
                return
            elif line and self._took(desk, one, line):
                return

    def _took(self, desk: Answering, one: Question, line: str) -> bool:
        """Was a line an answer?"""
        if one.kind == RECITE:
            if not recited(one, line):
                self.say(["与原文不一致，照念一遍再复诵"])
                return False
            desk.answer(one, done=True)
            self._told(one, done=True)
            return True
        try:
            chosen = meant(one, line)
        except YkError as error:
            self.say([f"{error.message}，{error.hint}"])
            return False
        desk.answer(one, chosen)
        self._told(one, chosen)
        return True

    def operate(self, desk: Sitting, one: Question, number: int) -> None:
        """Let something be done by hand, a step a line until an empty one; then the world judges."""
        heading = f"第 {number} 题 / 共 {self._of} 题（{KINDS[one.kind]}）"
        self.say(["", heading, *question_lines(one, self._width, "  ")])
        desk.approach(one)
        while line := self._read(_PROMPTS[OPERATE]):
            if line in LEAVE:
                desk.leave_out(one)
                self._told(one)
                return
            if line in HINT:
                self.say([f"提示：{desk.hint(one)}"])
                continue
            try:
                told = desk.do(read_step(line, desk.player.scenario.flow))
                self.say([f"{told.mark} {told.text}"])
            except YkError as error:
                self.say([f"✗ {error.message}", *([error.hint] if error.hint else [])])
        self._told(one, done=desk.judge(one))

    def _told(self, one: Question, chosen: Sequence[str] = (), done: bool = False) -> None:
        if self._tell:
            self.say(verdict(one, chosen, done))
