"""A flow as text for a terminal, at most 80 cells wide."""

from __future__ import annotations

from yk.flows.diagram.drawing import Drawing
from yk.flows.diagram.graph import Graph

WIDTH = 80


def text(graph: Graph, title: str) -> str:
    """The drawing with its heading, the ways that are not drawn, and the legend."""
    drawing = Drawing(graph, WIDTH)
    parts = [drawing.heading(title), drawing.steps().lines, drawing.other_ways(), drawing.legend()]
    return "\n".join("".join(f"{line.rstrip()}\n" for line in part) for part in parts if part)
