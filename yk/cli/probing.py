"""How wide the terminal draws a character: write it, ask the terminal where the cursor is now (`ESC [ 6 n`)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

_REPORT = re.compile(rb"\x1b\[\d+;(\d+)R")
PATIENCE = 0.5
"""Seconds a terminal has to answer."""


def widths(characters: Iterable[str]) -> dict[str, int]:
    """Cells that the terminal gives to each character; those it does not tell are left out. Without a terminal: none."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return {}
    try:
        with _raw(sys.stdin.fileno()):
            found = {char: _width(char) for char in characters}
    except (ImportError, OSError):
        return {}
    return {char: width for char, width in found.items() if width >= 0}


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    """What the terminal answers comes at once, and is not shown."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _width(char: str) -> int:
    """Cells of one character; -1 when the terminal does not answer. The line is left as it was."""
    out, answer = sys.stdout.fileno(), b""
    os.write(out, b"\r" + char.encode() + b"\x1b[6n")
    while (found := _REPORT.search(answer)) is None:
        if not (more := _read(sys.stdin.fileno())):
            break
        answer += more
    os.write(out, b"\r\x1b[K")
    return int(found[1]) - 1 if found else -1


def _read(terminal: int) -> bytes:
    from select import select

    with suppress(OSError, ValueError):
        if select([terminal], [], [], PATIENCE)[0]:
            return os.read(terminal, 64)
    return b""
