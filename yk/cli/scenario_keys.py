"""A plain terminal: single keys and a screen that is painted anew; lines and plain print where there is no such terminal.

    with Terminal() as terminal:
        terminal.paint(lines)
        key = terminal.key(wait=0.5)      '' when none was pressed in time
        text = terminal.line("答案：")

Keys are named: left, right, space, enter, esc, end (the input is at its end), and every letter is itself, full-width ones
as their half-width twins.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from shutil import get_terminal_size
from typing import Any

from yk.text import halfwidth

_NAMES = {
    "\x1b[C": "right",
    "\x1bOC": "right",
    "\x1b[D": "left",
    "\x1bOD": "left",
    "\x7f": "left",
    "\x08": "left",
    " ": "space",
    "": "space",  # a full-width one
    "\r": "enter",
    "\n": "enter",
    "\x1b": "esc",
    "\x04": "end",
    "。": ".",
}
_SEQUENCE = re.compile(rb"\x1b[\[O][0-9;]*[A-Za-z~]")
_PATIENCE = 0.05
"""Seconds within which the rest of an arrow key follows its ESC."""
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
"""Another screen without a cursor, and back."""


def is_terminal() -> bool:
    """Do both ends stand on a terminal?"""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Terminal:
    """Keys and screen. `size` is asked for, None takes the window's, anew at every painting."""

    def __init__(self, size: tuple[int | None, int | None] = (None, None)) -> None:
        self._asked = size
        self._pending = b""
        self._file: int | None = None
        self._before: Any = None
        with suppress(ImportError, OSError, ValueError):
            import termios  # noqa: F401  (not on every system)

            if is_terminal() and os.environ.get("TERM", "dumb") != "dumb":
                self._file = sys.stdin.fileno()

    @property
    def has_keys(self) -> bool:
        """Do single keys come, and may be waited for? Else a line is a key."""
        return self._file is not None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells."""
        window = get_terminal_size()
        return self._asked[0] or window.columns, self._asked[1] or window.lines

    def __enter__(self) -> Terminal:
        if self._file is not None:
            self._single(True)
            self._write(_ENTER)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._write(_LEAVE)
            self._single(False)

    # -- screen ----------------------------------------------------------------------------------------------
    def paint(self, lines: Sequence[str]) -> None:
        """Show these lines and nothing else; where nothing can be painted print them."""
        if self._file is None:
            self._write("".join(f"{line.rstrip()}\n" for line in lines))
            return
        placed = "".join(f"\x1b[{number};1H{line}\x1b[K" for number, line in enumerate(lines, 1))
        self._write(f"{placed}\x1b[J")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    # -- keys ------------------------------------------------------------------------------------------------
    def key(self, wait: float | None = None) -> str:
        """The next key; '' when `wait` seconds (None: for ever) have passed without any."""
        if self._file is None:
            line = sys.stdin.readline()
            return _named(line.strip()[:1] or "\n") if line else "end"
        if not self._pending and not self._more(wait):
            return ""
        if not self._pending:
            return "end"
        if self._pending[:1] == b"\x1b":
            if self._pending == b"\x1b":
                self._more(_PATIENCE)
            found = _SEQUENCE.match(self._pending)
            return self._take(found.end() if found else 1)
        size = next((n for n, least in ((4, 0xF0), (3, 0xE0), (2, 0xC0)) if self._pending[0] >= least), 1)
        while len(self._pending) < size and self._more(_PATIENCE):
            pass
        return self._take(size)

    def _more(self, wait: float | None) -> bool:
        """Read what is there; False when nothing came in time."""
        from select import select

        assert self._file is not None
        if not select([self._file], [], [], wait)[0]:
            return False
        self._pending += os.read(self._file, 64)
        return True

    def _take(self, size: int) -> str:
        key, self._pending = self._pending[:size], self._pending[size:]
        return _named(key.decode("utf-8", "replace"))

    def line(self, prompt: str) -> str:
        """A line that is typed after a prompt, '' when the input is at its end."""
        if self._file is None:
            self._write(prompt)
            return sys.stdin.readline().strip()
        self._write(f"\x1b[{self.size[1]};1H\x1b[K{prompt}\x1b[?25h")
        self._single(False)
        try:
            return os.read(self._file, 4096).decode("utf-8", "replace").strip()
        finally:
            self._single(True)
            self._write("\x1b[?25l")

    def _single(self, on: bool) -> None:
        """Keys come one at a time and are not echoed, or as it was before."""
        import termios
        import tty

        assert self._file is not None
        if on:
            self._before = termios.tcgetattr(self._file)
            tty.setcbreak(self._file, termios.TCSADRAIN)
        else:
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)


def _named(key: str) -> str:
    """The name of a key."""
    return _NAMES.get(key) or _NAMES.get(halfwidth(key)) or halfwidth(key)
