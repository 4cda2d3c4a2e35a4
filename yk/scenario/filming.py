"""A lesson filmed: played through without anybody looking, a frame a step, as a recording or as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from yk.files import write_atomic, writing
from yk.scenario.cast import Cast
from yk.scenario.drawing import FONTS, svg
from yk.scenario.playing import Player
from yk.scenario.showing import view
from yk.scenario.stages import frame


class Shot(NamedTuple):
    """A frame: its lines, the number of the step that was done (0 before the first), the chapter that begins with it, and
    from when to when it is shown, in seconds from the beginning."""

    lines: list[str]
    step: int
    chapter: str
    at: float
    until: float


def shots(player: Player, width: int, height: int, speed: float = 1.0) -> Iterator[Shot]:
    """Play a lesson from where it stands to its end, or to the step that fails. Questions are shown, nobody answers."""
    at, chapters = 0.0, player.chapters
    while True:
        until = at + player.seconds(speed)
        lines = frame(view(player), width, height)
        yield Shot(lines, player.position, chapters.get(player.position, ""), round(at, 3), round(until, 3))
        if player.ended:
            return
        player.forward()
        at = until


def recording(film: Sequence[Shot], width: int, height: int, title: str) -> Cast:
    """A film as a recording with a marker where a chapter begins; a player waits as long as the film does."""
    cast = Cast(width, height, title, idle=max((one.until - one.at for one in film), default=1.0))
    for one in film:
        cast.frame(one.lines, one.at)
        if one.chapter:
            cast.marker(one.chapter)
    if film:
        cast.frame(film[-1].lines, film[-1].until)
    return cast


def pictures(film: Iterable[Shot], folder: Path, title: str, font: str = "") -> list[Path]:
    """A film as pictures `step-00.svg` … in a folder that is made if need be; `font` is tried before the usual ones.

    Raises UnreadableError.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    fonts = (font, *FONTS) if font else FONTS
    made = []
    for one in film:
        path = folder / f"step-{one.step:02}.svg"
        write_atomic(path, svg(one.lines, fonts, title).encode())
        made.append(path)
    return made
