"""A terminal of its own for a test: yk runs on a pty, pyte shows what a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from select import select

import pyte

PATIENCE = 20.0
"""Seconds after which what is waited for does not come."""


class Window:
    """`yk WORDS…` in a window of `columns` by `lines`. Use as a context manager."""

    def __init__(self, *words: str, columns: int = 80, lines: int = 24) -> None:
        self._end, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.before = termios.tcgetattr(inner)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yk", *words],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=environment,
            start_new_session=True,
        )
        self._inner = inner
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._inner)
        os.close(self._end)

    @property
    def text(self) -> str:
        """What is to be seen, without blanks: Chinese text is broken where a line ends."""
        return "".join("".join(self._screen.display).split())

    def wait_for(self, text: str) -> None:
        """Wait until a text is to be seen."""
        wanted, end = "".join(text.split()), time.monotonic() + PATIENCE
        while wanted not in self.text:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} does not come:\n" + "\n".join(self._screen.display)
            if select([self._end], [], [], left)[0]:
                self._stream.feed(os.read(self._end, 65536))

    def press(self, keys: str, then: str) -> None:
        """Press keys, and wait for what they bring."""
        os.write(self._end, keys.encode())
        self.wait_for(then)

    def leave(self, keys: str) -> int:
        """Press the last keys; the exit code."""
        os.write(self._end, keys.encode())
        return self._ended()

    def interrupt(self) -> int:
        """Break off as Ctrl-C does; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._ended()

    def _ended(self) -> int:
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < end:
            if select([self._end], [], [], 0.05)[0]:
                self._stream.feed(os.read(self._end, 65536))
        return self._process.wait(1)

    @property
    def is_as_before(self) -> bool:
        """Does the terminal echo and wait for lines again?"""
        return termios.tcgetattr(self._inner) == self.before
