"""What a drawn flow is to a cursor: where its steps lie, which is beside which, in which colour each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from yk.flows.diagram.boxes import Block, Place
from yk.flows.diagram.drawing import Drawing
from yk.flows.diagram.graph import Graph, every_step
from yk.flows.diagram.marks import CURRENT

TONES = {
    "done": "good",
    "current": "current",
    "again": "warn",
    "ahead": "faint",
    "skipped": "faint",
    "refused": "bad",
}
"""Kind of a mark -> tone."""


@lru_cache(maxsize=32)
def drawn(graph: Graph, width: int) -> tuple[Block, tuple[str, ...]]:
    """A flow in this width; and what belongs below it, the other ways and the legend."""
    drawing = Drawing(graph, width)
    ways = drawing.other_ways()
    return drawing.steps(), (*ways, *([""] if ways else []), *drawing.legend())


def current(graph: Graph) -> list[str]:
    """The steps the work order stands at."""
    return [step.id for step in graph.steps if step.mark is CURRENT]


def tones(graph: Graph) -> Iterator[tuple[str, str]]:
    """The tone of every step, end and department that has one; what is around others comes first."""
    for step in every_step(graph.items):
        if step.mark is not None:
            yield step.id, TONES[step.mark.kind]
        yield from ((seat.id, TONES[seat.opinion.kind]) for seat in step.seats if seat.opinion)


def side_of(places: Mapping[str, Place], here: str, by: int) -> str:
    """The next box on the right (`by` 1) or on the left (-1) in the same row; `here` when there is none."""
    own = places[here]
    row = {
        name: (place.left - own.left) * by
        for name, place in places.items()
        if place.top < own.top + own.height and own.top < place.top + place.height
    }
    return min((name for name, way in row.items() if way > 0), key=row.__getitem__, default=here)


def row_of(places: Mapping[str, Place], here: str, by: int, column: int) -> str:
    """The box nearest to `column` in the row below (`by` 1) or above (-1); `here` when there is no such row."""
    own = places[here]
    found: dict[int, list[str]] = {}
    for name, place in places.items():
        way = place.top - own.top - own.height if by > 0 else own.top - place.top - place.height
        if way >= 0:
            found.setdefault(way, []).append(name)
    return min(found[min(found)], key=lambda name: abs(middle(places[name]) - column)) if found else here


def middle(place: Place) -> int:
    """The column in the middle of a box."""
    return place.left + place.width // 2


def box_at(places: Mapping[str, Place], x: int, y: int) -> str:
    """The box that a cell of the drawing belongs to; '' for none."""
    for name, place in places.items():
        if 0 <= x - place.left < place.width and 0 <= y - place.top < place.height:
            return name
    return ""


def in_line(parts: Iterable[Place], line: int, tone_of: Callable[[str], str], width: int) -> list[str]:
    """The tone of every cell of a line of the drawing."""
    cells = [""] * width
    for part in parts:
        tone = tone_of(part.id) if part.top <= line < part.top + part.height else ""
        if tone:
            cells[part.left : part.left + part.width] = [tone] * part.width
    return cells
