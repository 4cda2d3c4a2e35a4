"""The second terminal of a lesson: it shows what the presenter publishes, and changes nothing."""

from __future__ import annotations

from pathlib import Path

from yk.cli.scenario_keys import Terminal
from yk.errors import YkError
from yk.scenario.notes import Notes, page, published
from yk.scenario.stages import frame
from yk.text import clip

_EVERY = 0.2
"""Seconds between two looks."""
_WAITING = "讲师还没有播放，或已经退出；开始了就跟上。q 退出"


def follow(path: Path, terminal: Terminal, audience: bool) -> None:
    """Show every moment as it is published until q: to the speaker the notes, to the `audience` the frame."""
    painted: tuple[object, ...] = ()
    with terminal:
        while True:
            notes, size = published(path), terminal.size
            if painted != (notes, size):
                painted = (notes, size)
                terminal.paint(_lines(notes, *size, audience))
            if terminal.key(_EVERY) in ("q", "end"):
                return


def once(path: Path, size: tuple[int, int], audience: bool) -> str:
    """The present moment as text, for a pipe. Raises YkError (`no_presenter`) when nothing is played."""
    notes = published(path)
    if notes is None:
        raise YkError("no_presenter", "这个文件现在没有人在播放", "讲师先运行 yk scenario play FILE --notes")
    lines = [line.rstrip() for line in _lines(notes, *size, audience)]
    return "".join(f"{line}\n" for line in lines).rstrip("\n") + "\n"


def _lines(notes: Notes | None, width: int, height: int, audience: bool) -> list[str]:
    if notes is None:
        return [clip(_WAITING, width)]
    return frame(notes.shown, width, height) if audience else page(notes, width, height)
