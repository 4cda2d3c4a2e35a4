"""Boxes, arrows and frames out of characters whose width terminals agree on, and box lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from yk.flows.glyphs import safe
from yk.text import cell_len, pad
from yk.text import fold as folded

GAP = 4
"""Cells between two boxes: room for an arrow."""
RIGHT, LEFT, DOWN = "───▸", "◂───", "▾"
_SIDES = 4
"""Cells a box needs beside its content."""
_NARROWEST, _MOST, _SHARE = 12, 5, 16
"""A box's content has at least so many cells where it can; so many boxes stand in a row, or one for so many cells."""


class Border(NamedTuple):
    """The characters a box is drawn with."""

    top_left: str
    line: str
    top_right: str
    side: str
    bottom_left: str
    bottom_right: str


PLAIN, BOLD, DASHED, ROUND = (Border(*signs) for signs in ("┌─┐│└┘", "┏━┓┃┗┛", "┌╌┐╎└┘", "╭─╮│╰╯"))

Linked = Callable[[str, str], bool]
"""Does a way lead on from the first id to the second?"""


class Box(NamedTuple):
    """A box to be drawn: its id, its head (wrapped, later lines indented by `indent`), more lines, its border."""

    id: str
    head: str
    more: tuple[str, ...] = ()
    indent: int = 0
    border: Border = PLAIN


class Place(NamedTuple):
    """Where a part of a drawing lies, in cells from its left upper corner."""

    id: str
    left: int
    top: int
    width: int
    height: int

    def moved(self, right: int, down: int) -> Place:
        """The same part in a drawing that has so much before it."""
        return self._replace(left=self.left + right, top=self.top + down)


class Block(NamedTuple):
    """Drawn lines; the columns where an arrow comes in from above and goes out below, None for anywhere; where each
    part lies, what is around others before them."""

    lines: list[str]
    enter: int | None = None
    leave: int | None = None
    places: tuple[Place, ...] = ()


def fold(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, of characters every terminal draws alike."""
    return folded(safe(text), width)


def hang(text: str, width: int, indent: int = 0) -> list[str]:
    """As `fold` for the few words in a box: later lines are indented, none is left with a single character."""
    lines = _hung(text, width, indent)
    if len(lines) > 1 and cell_len(lines[-1].strip()) <= 2:
        tighter = _hung(text, width - 2, indent)
        return tighter if len(tighter) == len(lines) else lines
    return lines


def _hung(text: str, width: int, indent: int) -> list[str]:
    words = " ".join(safe(text).split())
    first = fold(words, width)[:1]
    rest = words[len(first[0]) :].lstrip() if first else ""
    return first + [" " * indent + line for line in fold(rest, width - indent)]


def spread(parts: Sequence[str], width: int) -> list[str]:
    """`parts` in lines, two blanks between them, no part broken that fits a line."""
    lines: list[str] = []
    for part in (safe(part) for part in parts if part):
        if lines and cell_len(lines[-1]) + 2 + cell_len(part) <= width:
            lines[-1] += f"  {part}"
        else:
            lines += fold(part, width)
    return lines


def run(boxes: Sequence[Box], linked: Linked, width: int) -> Block:
    """Boxes in rows, the way winding: left to right, then right to left."""
    inner = _inner(boxes, width)
    size = inner + _SIDES
    columns = (width + GAP) // (size + GAP)
    rows = [boxes[i : i + columns] for i in range(0, len(boxes), columns)]
    lines: list[str] = []
    places: list[Place] = []
    for number, row in enumerate(rows):
        back = number % 2 == 1
        if number:
            lines.append(
                _arrow_down(
                    _column(columns, len(rows[number - 1]), not back, size),
                    linked(rows[number - 1][-1].id, row[0].id),
                )
            )
        drawn = _row(row, linked, inner, columns, back)
        for place, box in enumerate(row):
            left = (columns - 1 - place if back else place) * (size + GAP)
            places.append(Place(box.id, left, len(lines), size, len(drawn)))
        lines += drawn
    leave = _column(columns, len(rows[-1]), len(rows) % 2 == 0, size)
    return Block(lines, size // 2, leave, tuple(places))


def _inner(boxes: Sequence[Box], width: int) -> int:
    """The content width: as few rows as let every text take at most two lines, then as narrow as needed."""
    natural = max(cell_len(safe(text)) for box in boxes for text in (box.head, *box.more[:1]))
    for most in range(max(_MOST, width // _SHARE), 0, -1):
        columns = ceil(len(boxes) / ceil(len(boxes) / most))
        room = (width + GAP) // columns - GAP - _SIDES
        fitting = (size for size in range(min(natural, room), room + 1) if _fits(boxes, size))
        if room >= min(_NARROWEST, natural) and (found := next(fitting, 0)):
            return found
    return min(natural, width - _SIDES)


def _fits(boxes: Sequence[Box], size: int) -> bool:
    """Does every text take at most two lines of `size` cells?"""
    return all(
        len(hang(box.head, size, box.indent)) <= 2 and all(len(hang(text, size)) <= 2 for text in box.more)
        for box in boxes
    )


def _column(columns: int, filled: int, back: bool, size: int) -> int:
    """The middle of the last of `filled` boxes in a row."""
    place = columns - filled if back else filled - 1
    return place * (size + GAP) + size // 2


def _arrow_down(column: int, there: bool) -> str:
    return " " * column + DOWN if there else ""


def _row(row: Sequence[Box], linked: Linked, inner: int, columns: int, back: bool) -> list[str]:
    contents = [
        [*hang(b.head, inner, b.indent), *(line for text in b.more for line in hang(text, inner))]
        for b in row
    ]
    height = max(len(content) for content in contents)
    drawn = [_box(content, inner, height, box.border) for box, content in zip(row, contents, strict=True)]
    arrows = [(LEFT if back else RIGHT) if linked(a.id, b.id) else " " * GAP for a, b in pairwise(row)]
    margin = ""
    if back:
        drawn, arrows = drawn[::-1], arrows[::-1]
        margin = " " * ((columns - len(row)) * (inner + _SIDES + GAP))
    return [
        (
            margin + _joined([box[n] for box in drawn], arrows if n == 1 else [" " * GAP] * len(arrows))
        ).rstrip()
        for n in range(height + 2)
    ]


def _joined(parts: Sequence[str], between: Sequence[str]) -> str:
    return parts[0] + "".join(gap + part for gap, part in zip(between, parts[1:], strict=True))


def _box(content: Sequence[str], inner: int, height: int, border: Border) -> list[str]:
    filled = [*content, *[""] * (height - len(content))]
    return [
        border.top_left + border.line * (inner + 2) + border.top_right,
        *(f"{border.side} {pad(text, inner)} {border.side}" for text in filled),
        border.bottom_left + border.line * (inner + 2) + border.bottom_right,
    ]


def frame(id: str, title: str, body: Block, foot: str, width: int, border: Border = PLAIN) -> Block:
    """A frame of `width` cells around what is drawn, words in its upper and lower line."""
    inner = width - _SIDES

    def edge(left: str, words: str, right: str) -> str:
        shown = fold(words, inner - 2)[0]
        return f"{left}{border.line} {shown} {border.line * (inner - 1 - cell_len(shown))}{right}"

    lines = [
        edge(border.top_left, title, border.top_right),
        *(f"{border.side} {pad(text, inner)} {border.side}" for text in body.lines),
        edge(border.bottom_left, foot, border.bottom_right),
    ]
    whole = Place(id, 0, 0, width, len(lines))
    return Block(lines, places=(whole, *(place.moved(_SIDES // 2, 1) for place in body.places)))


def stacked(blocks: Sequence[tuple[str, str, Block]], linked: Linked) -> Block:
    """Blocks below each other, each with the ids of its first and last part; arrows between those that are linked."""
    lines: list[str] = []
    places: list[Place] = []
    for number, (first, _, block) in enumerate(blocks):
        if number:
            _, before, above = blocks[number - 1]
            columns = [column for column in (block.enter, above.leave) if column is not None]
            lines.append(_arrow_down(columns[0] if columns else _SIDES, linked(before, first)))
        places += (place.moved(0, len(lines)) for place in block.places)
        lines += block.lines
    return Block(lines, places=tuple(places))
