"""A frame of text as SVG: every letter stands at its column, whatever the viewer's font, and nothing is fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from yk.text import cell_len, plain

FONTS = ("Sarasa Mono SC", "Noto Sans Mono CJK SC", "Source Han Mono SC", "Microsoft YaHei Mono", "monospace")
"""Tried in this order: fonts whose Chinese letters are two cells wide."""
CELL, LINE, EDGE = 10, 24, 16
"""Pixels: width of a cell, height of a line, the border around. A Chinese letter is as wide as it is high: two cells."""
_PAPER, _INK = "#1c1f24", "#e6e6e6"
_TONES = {
    **dict.fromkeys("╭╮╰╯─│━○·", "#6b7380"),
    **dict.fromkeys("✓●", "#7ec97e"),
    **dict.fromkeys("⊘⚡", "#e5c07b"),
    **dict.fromkeys("❯◉▸", "#61afef"),
    "✗": "#e06c75",
}
"""Marks that have a colour of their own."""
_NAMESPACE = "http://www.w3.org/2000/svg"
"""What makes it SVG: a name, nothing that is fetched."""
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


class _Letter(NamedTuple):
    column: int
    char: str

    @property
    def kind(self) -> tuple[bool, int, str, int]:
        """Letters of one kind side by side are one run; those beyond 16 bits stay alone, viewers count them differently."""
        alone = self.column if ord(self.char) > 0xFFFF else -1
        return self.char.isspace(), cell_len(self.char), _TONES.get(self.char, ""), alone


def svg(lines: Sequence[str], fonts: Sequence[str] = FONTS, title: str = "") -> str:
    """The picture of a frame. `fonts` are tried in their order, `title` is what viewers call it."""
    shown = [_UNWRITABLE.sub(" ", plain(line)) for line in lines]
    width = max(map(cell_len, shown), default=0) * CELL + 2 * EDGE
    height = len(shown) * LINE + 2 * EDGE
    family = ", ".join(name if name == "monospace" else f"'{name}'" for name in fonts)
    runs = "".join(run for number, line in enumerate(shown) for run in _runs(line, number))
    return (
        f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        f"<title>{escape(_UNWRITABLE.sub(' ', plain(title)))}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{_PAPER}"/>\n'
        f'<g font-family="{escape(family)}" font-size="{2 * CELL}" fill="{_INK}">\n{runs}</g>\n</svg>\n'
    )


def _runs(line: str, number: int) -> Iterator[str]:
    """The runs of a line, each with the place of every letter: a viewer that knows only the first is right too, nearly."""
    y = EDGE + number * LINE + 2 * CELL
    for (is_blank, _, tone, _), run in groupby(_letters(line), key=lambda letter: letter.kind):
        if is_blank:
            continue  # viewers make one blank of many
        letters = list(run)
        places = " ".join(str(EDGE + one.column * CELL) for one in letters)
        fill = f' fill="{tone}"' if tone else ""
        text = escape("".join(one.char for one in letters), quote=False)
        yield f'<text x="{places}" y="{y}"{fill}>{text}</text>\n'


def _letters(line: str) -> Iterator[_Letter]:
    column = 0
    for char in line:
        yield _Letter(column, char)
        column += cell_len(char)
