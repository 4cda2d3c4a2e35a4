"""Recordings of a terminal as asciinema plays them: asciicast v2 and v3, frame by frame, chapters as markers.

Every frame paints the whole screen, each line at its own place, so that Chinese never drifts and a player may jump anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yk.files import write_atomic
from yk.text import clip, pad, plain

OUTPUT, MARKER = "o", "m"
_BEGIN = "\x1b[?25l\x1b[H\x1b[2J"
"""Hide the cursor, go home, clear."""


def fitted(lines: Sequence[str], width: int, height: int) -> list[str]:
    """Exactly `height` lines of exactly `width` cells: cut where they are too long, filled where too short."""
    shown = [pad(clip(plain(line).rstrip(), width), width) for line in lines[:height]]
    return [*shown, *[" " * width] * (height - len(shown))]


class Cast:
    """A recording on a screen of `width` by `height` cells. `idle` is the longest pause a player makes, in seconds."""

    def __init__(self, width: int, height: int, title: str, idle: float = 3.0) -> None:
        self.width, self.height, self.title, self.idle = width, height, title, idle
        self._events: list[tuple[float, str, str]] = []

    def frame(self, lines: Sequence[str], at: float) -> None:
        """The screen from `at` on (seconds from the beginning); time never goes back, however the lesson does."""
        shown = fitted(lines, self.width, self.height)
        placed = "".join(f"\x1b[{number};1H{line.rstrip()}" for number, line in enumerate(shown, start=1))
        self._add(at, OUTPUT, _BEGIN + placed)

    def marker(self, label: str, at: float | None = None) -> None:
        """A chapter begins at `at`, by default with the last frame."""
        self._add(self.seconds if at is None else at, MARKER, plain(label))

    @property
    def seconds(self) -> float:
        """When the last thing happens."""
        return self._events[-1][0] if self._events else 0.0

    def text(self, version: int = 2) -> str:
        """The recording as a file of version 2 or 3 holds it: JSON lines, in UTF-8 without escapes."""
        common: dict[str, Any] = {"idle_time_limit": self.idle, "title": self.title}
        if version == 2:
            head = {"version": 2, "width": self.width, "height": self.height, **common}
        else:
            head = {"version": 3, "term": {"cols": self.width, "rows": self.height}, **common}
        lines: list[Any] = [head]
        before = 0.0
        for at, kind, data in self._events:
            lines.append([at if version == 2 else round(at - before, 3), kind, data])
            before = at
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def write(self, path: Path, version: int = 2) -> None:
        """Write the recording to `path`, wholly or not at all. Raises UnreadableError."""
        write_atomic(path, self.text(version).encode())

    def _add(self, at: float, kind: str, data: str) -> None:
        self._events.append((round(max(at, self.seconds), 3), kind, data))
