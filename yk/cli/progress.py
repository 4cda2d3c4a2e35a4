"""Long work on a terminal: a bar with rate and time left, and an interrupt that waits for the end of a chunk."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from yk.cli.app import App

_WIDTH = 24
_EVERY = 10
"""Percent between two lines of progress where there is no terminal."""


class Bar:
    """Progress on stderr: a bar with rate and time left on a terminal, plain lines elsewhere, nothing under --quiet."""

    def __init__(self, app: App, what: str, of: int, already: int = 0) -> None:
        self.app, self.what, self.of, self.already = app, what, of, already
        self.began, self.told, self.drawn = time.monotonic(), 0, False
        self.live = sys.stderr.isatty() and not app.quiet

    def show(self, rows: int, more: str = "") -> None:
        """`rows` of all are behind us."""
        if self.live:
            spent = time.monotonic() - self.began
            rate = (rows - self.already) / spent if spent > 0 else 0
            left = f"，还要 {(self.of - rows) / rate:.0f} 秒" if rate > 0 and rows < self.of else ""
            full = _WIDTH * rows // self.of if self.of else _WIDTH
            line = f"\r{self.what} {'█' * full}{'░' * (_WIDTH - full)} {rows}/{self.of}  {rate:.0f} 户/秒{left}{more}\x1b[K"
            sys.stderr.write(line)
            sys.stderr.flush()
            self.drawn = True
        elif self.of and (percent := 100 * rows // self.of) >= self.told + _EVERY:
            self.told = percent - percent % _EVERY
            self.app.say(f"{self.what} {rows}/{self.of}（{percent}%）{more}")

    def say(self, text: str) -> None:
        """A line of its own, above the bar."""
        self.end()
        self.app.say(text)

    def end(self) -> None:
        """Leave the bar as it is and go on below it."""
        if self.drawn:
            sys.stderr.write("\n")
            sys.stderr.flush()
            self.drawn = False


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C or a TERM asks to stop at the next chunk; a second one stops at once. Gives what says whether it was asked."""
    asked: list[int] = []

    def note(number: int, _frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
