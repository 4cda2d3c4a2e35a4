"""Running Chinese text: broken by the rules (禁则), never read as markup, in the width the terminal gives."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from yk.flows.glyphs import readable
from yk.text import cell_len, fold

Piece = tuple[str, str]
"""A paragraph and the name of its style: '' plain, or a component class of the widget without its prefix."""


def folded(text: str, width: int, first: str = "", later: int | None = None) -> list[str]:
    """`first` and `text` in lines of at most `width` cells; later lines stand under the text, or `later` cells in.

    What is longer than a line is cut where the line ends.
    """
    margin = cell_len(first) if later is None else later
    lines = _lines(text, max(4, width - max(margin, cell_len(first))))
    return [f"{first}{lines[0]}".rstrip(), *(" " * margin + line for line in lines[1:])]


@lru_cache(maxsize=8192)
def _lines(text: str, room: int) -> tuple[str, ...]:
    """Kept, because a list is measured whole when it is filled and drawn again at every paint."""
    return tuple(fold(readable(text), room)) or ("",)


class Prose(Widget):
    """Paragraphs one below the other, each in its style."""

    COMPONENT_CLASSES = {"prose--title", "prose--faint", "prose--good", "prose--bad", "prose--warn"}
    DEFAULT_CSS = """
    Prose { height: auto; width: 1fr; }
    Prose > .prose--title { color: $accent; text-style: bold; }
    Prose > .prose--faint { color: $faint; }
    Prose > .prose--good { color: $success; }
    Prose > .prose--bad { color: $error; }
    Prose > .prose--warn { color: $warning; }
    """

    def __init__(self, *pieces: Piece | str, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._pieces: list[Piece] = []
        self._width, self._lines = 0, list[Piece]()
        self.say(*pieces)

    def say(self, *pieces: Piece | str) -> None:
        """Show these paragraphs instead."""
        self._pieces = [(piece, "") if isinstance(piece, str) else piece for piece in pieces]
        self._width = 0
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """What is shown, unbroken."""
        return "\n".join(text for text, _ in self._pieces)

    def _in_lines(self, width: int) -> list[Piece]:
        if width != self._width:
            self._width = width
            self._lines = [(line, style) for text, style in self._pieces for line in _folded(text, width)]
        return self._lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text takes."""
        return len(self._in_lines(width))

    def render(self) -> Content:
        """The lines, styled."""
        lines = self._in_lines(self.content_size.width or 40)
        return Content("\n").join(self._styled(line, style) for line, style in lines)

    def _styled(self, line: str, style: str) -> Content:
        if not style:
            return Content(line)
        return Content.styled(line, self.get_visual_style(f"prose--{style}", partial=True))


def _folded(text: str, width: int) -> Iterable[str]:
    """`text` in lines; leading blanks and what stands before the first double blank stay as its margin."""
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        yield from folded(bare, width, " " * indent, indent)
