"""Where everything of a drawing stands: steps below each other, the lanes of a fork side by side. Units are pixels.

A way to the neighbour below is a straight arrow. Every other way runs beside the boxes of its sequence, forward ones on
the left, the rest on the right; one between two sequences runs beside the outermost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from yk.flows.diagram.graph import Edge, Fork, Graph, Item, Step, neighbours
from yk.flows.diagram.label import lines_of
from yk.text import cell_len, wrap

FONT = 14
LINE = 20
"""Height of a line of text."""
CELL = 7.2
"""Width of one terminal cell of text: half a Chinese character and a little."""
GAP = 38
"""From a box to the one below: room for an arrow and its label."""
CHANNEL = 14
"""Between two ways beside the boxes."""
PORT, PORTS = 15, 30
"""Between two ways that leave a box on the same side, and how far below its top the first one leaves."""
LEFT, RIGHT = -1, 1
_WIDTH, _PAD = 210, 10
_LANE_GAP, _HEAD = 24, 30
_OUTERMOST = ""


class Box(NamedTuple):
    """A step or an end with its lines of text."""

    step: Step
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


class Frame(NamedTuple):
    """A fork, or one of its lanes (`lane`), with its heading."""

    name: str
    x: float
    y: float
    width: float
    height: float
    lane: bool


class Layout:
    """All boxes and frames by id, the ways, and the size of the whole; its left upper corner is 0, 0."""

    def __init__(self, graph: Graph) -> None:
        self.boxes: dict[str, Box] = {}
        self.frames: dict[str, Frame] = {}
        self.borders: dict[tuple[str, int], float] = {}
        """Where the boxes of a sequence (by lane, '' for the outermost) end on one side."""
        self._homes = dict(_homes(graph.items, _OUTERMOST))
        pairs = set(neighbours(graph.items))
        self.straight = [e for e in graph.edges if (e.source, e.target) in pairs and e.kind in ("on", "skip")]
        self.beside: dict[tuple[str, int], list[Edge]] = {}
        """The ways beside each sequence, on each side."""
        for edge in graph.edges:
            if edge not in self.straight:
                self.beside.setdefault(self._channel(edge), []).append(edge)
        self._ports = Counter((e.source, side) for (_, side), edges in self.beside.items() for e in edges)
        self.width = self._room(_OUTERMOST, graph.items)
        self.height = self._sequence(_OUTERMOST, graph.items, 0, 0)
        for end in graph.ends:
            middle = self._middle(_OUTERMOST, graph.items, 0)
            self.height = self._step(end, middle, self.height + GAP)

    def area(self, name: str) -> Box | Frame:
        """What stands under this id."""
        return self.boxes.get(name) or self.frames[name]

    def space(self, home: str, side: int) -> float:
        """What the ways on one side of a sequence take."""
        edges = self.beside.get((home, side), [])
        return self.labels(home, side) + CHANNEL * (len(edges) + 1) if edges else 0

    def labels(self, home: str, side: int) -> float:
        """The width of the widest label there."""
        return max((cell_len(edge.label) for edge in self.beside.get((home, side), [])), default=0) * CELL

    def _channel(self, edge: Edge) -> tuple[str, int]:
        homes = {self._homes.get(edge.source, _OUTERMOST), self._homes.get(edge.target, _OUTERMOST)}
        home = homes.pop() if len(homes) == 1 else _OUTERMOST
        return home, LEFT if edge.kind in ("on", "skip") else RIGHT

    def _room(self, home: str, items: Iterable[Item]) -> float:
        """The width of a sequence with the ways beside it."""
        return self.space(home, LEFT) + self._widest(items) + self.space(home, RIGHT)

    def _widest(self, items: Iterable[Item]) -> float:
        return max(self._fork_width(item) if isinstance(item, Fork) else _WIDTH for item in items)

    def _fork_width(self, fork: Fork) -> float:
        return sum(self._lane_width(lane.id, lane.items) + _LANE_GAP for lane in fork.lanes) + _LANE_GAP

    def _lane_width(self, lane: str, items: Iterable[Item]) -> float:
        return self._room(lane, items) + 2 * _PAD

    def _middle(self, home: str, items: Iterable[Item], left: float) -> float:
        return left + self.space(home, LEFT) + self._widest(items) / 2

    def _sequence(self, home: str, items: Sequence[Item], left: float, top: float) -> float:
        """Place a sequence; gives where it ends."""
        middle, half = self._middle(home, items, left), self._widest(items) / 2
        self.borders |= {(home, LEFT): middle - half, (home, RIGHT): middle + half}
        bottom = top - GAP
        for item in items:
            if isinstance(item, Fork):
                bottom = self._fork(item, middle, bottom + GAP)
            else:
                bottom = self._step(item, middle, bottom + GAP)
        return bottom

    def _step(self, step: Step, middle: float, top: float) -> float:
        room = int((_WIDTH - 2 * _PAD) / CELL)
        lines = tuple(part for line in lines_of(step) for part in wrap(line, room))
        ports = max(self._ports[step.id, side] for side in (LEFT, RIGHT))
        height = max(LINE * len(lines) + 2 * _PAD, PORTS + PORT * ports if ports else 0)
        width = max(cell_len(line) for line in lines) * CELL + 4 * _PAD if step.end else _WIDTH
        self.boxes[step.id] = Box(step, lines, middle - width / 2, top, width, height)
        return top + height

    def _fork(self, fork: Fork, middle: float, top: float) -> float:
        width = self._fork_width(fork)
        left, lane_top = middle - width / 2, top + _HEAD
        x, bottom = left + _LANE_GAP, 0.0
        for lane in fork.lanes:
            size = self._lane_width(lane.id, lane.items)
            end = self._sequence(lane.id, lane.items, x + _PAD, lane_top + _HEAD + _PAD)
            self.frames[lane.id] = Frame(lane.name, x, lane_top, size, 0, True)
            x, bottom = x + size + _LANE_GAP, max(bottom, end + _PAD)
        for lane in fork.lanes:
            self.frames[lane.id] = self.frames[lane.id]._replace(height=bottom - lane_top)
        height = bottom + _PAD - top
        name = f"并行：{fork.name}（各组都办完再往下）"
        self.frames[fork.id] = Frame(name, left, top, width, height, False)
        return top + height


def _homes(items: Iterable[Item], home: str) -> Iterable[tuple[str, str]]:
    """Every id with the sequence it belongs to."""
    for item in items:
        yield item.id, home
        if isinstance(item, Fork):
            for lane in item.lanes:
                yield from _homes(lane.items, lane.id)
