"""A flow as a self-contained SVG picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape

from yk.flows.diagram.graph import MISSED, Edge, Graph
from yk.flows.diagram.label import kind_of
from yk.flows.diagram.layout import (
    CELL,
    CHANNEL,
    FONT,
    GAP,
    LEFT,
    LINE,
    PORT,
    PORTS,
    RIGHT,
    Box,
    Frame,
    Layout,
)
from yk.flows.diagram.marks import MARKS
from yk.text import cell_len, plain

_FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei',sans-serif"
_STYLE = f"""
text {{ font-family: {_FONTS}; font-size: {FONT}px; fill: #1c2226; }}
.title {{ font-size: 18px; font-weight: bold; }}
.head {{ font-weight: bold; }}
.small {{ font-size: 12px; fill: #4b565d; paint-order: stroke; stroke: #fff; stroke-width: 4px; }}
.box {{ fill: #fff; stroke: #46525a; stroke-width: 1.4; }}
.done {{ fill: #e3f4e6; stroke: #2e7d32; }}
.current {{ fill: #fff3c4; stroke: #b26a00; stroke-width: 3.2; }}
.ahead {{ fill: #fff; stroke: #78838c; }}
.again {{ fill: #fdeee3; stroke: #b5521b; }}
.skipped {{ fill: #eceff1; stroke: #9aa5ab; }}
.optional {{ stroke-dasharray: 6 4; }}
.current.optional {{ stroke-dasharray: none; }}
.frame {{ fill: #f7f9fa; stroke: #9aa5ab; }}
.lane {{ fill: #fff; stroke: #c3cbd0; stroke-dasharray: 2 3; }}
.way {{ fill: none; stroke: #46525a; stroke-width: 1.4; }}
.back {{ stroke: #a33; stroke-dasharray: 5 4; }}
.missed {{ stroke: #c2410c; stroke-width: 4; }}
"""
_MARGIN = 24
_TITLE = 44


def svg(graph: Graph, title: str) -> str:
    """The picture, with a legend."""
    made, legend = Layout(graph), list(_legend(graph))
    words = max(cell_len(line) for line in [title, *legend]) * CELL * 1.3
    width = max(made.width, words) + 2 * _MARGIN
    height = made.height + _TITLE + LINE * len(legend) + 3 * _MARGIN
    foot = height - _MARGIN - LINE * (len(legend) - 1)
    parts = [
        _opening(width, height, title),
        f'<g transform="translate({_n((width - made.width) / 2)},{_n(_TITLE + _MARGIN)})">',
        *(_frame(frame) for frame in sorted(made.frames.values(), key=lambda f: -f.width * f.height)),
        *_ways(made),
        *(_box(box) for box in made.boxes.values()),
        "</g>",
        *(_text(_MARGIN, foot + LINE * n, line, "small") for n, line in enumerate(legend)),
        "</svg>",
    ]
    return "".join(f"{part}\n" for part in parts)


def _opening(width: float, height: float, title: str) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    tip = '<path d="M0,0 L9,4.5 L0,9 z" fill="{}"/></marker>'
    marker = '<marker id="{}" markerWidth="9" markerHeight="9" refX="8" refY="4.5" orient="auto" markerUnits="userSpaceOnUse">'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>\n<title>{_escaped(title)}</title>\n'
        f"<style>{_STYLE}</style>\n<defs>{marker.format('tip')}{tip.format('#46525a')}"
        f"{marker.format('tip-back')}{tip.format('#a33')}</defs>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n{_text(_MARGIN, _MARGIN + 14, title, "title")}'
    )


def _frame(frame: Frame) -> str:
    kind = "lane" if frame.lane else "frame"
    return f'<rect class="{kind}" rx="6" {_area(frame)}/>\n{_text(frame.x + 12, frame.y + 21, frame.name, "head")}'


def _box(box: Box) -> str:
    kinds = ["box", kind_of(box.step), *(["optional"] if box.step.when else [])]
    round_ = box.height / 2 if box.step.end else 4
    inner = (
        f'<rect class="double" fill="none" stroke="#46525a" {_area(_shrunk(box))}/>' if box.step.seats else ""
    )
    lines = [
        f'<text class="{"head" if n == 0 else "line"}" text-anchor="middle" x="{_n(box.x + box.width / 2)}" '
        f'y="{_n(box.y + 10 + LINE * n + 15)}">{_escaped(line)}</text>'
        for n, line in enumerate(box.lines)
    ]
    return f'<rect class="{" ".join(kinds)}" rx="{_n(round_)}" {_area(box)}/>{inner}{"".join(lines)}'


def _shrunk(box: Box) -> Box:
    return box._replace(x=box.x + 3, y=box.y + 3, width=box.width - 6, height=box.height - 6)


def _ways(made: Layout) -> Iterator[str]:
    for edge in made.straight:
        yield _down(made.area(edge.source), made.area(edge.target), edge)
    for home, side in made.beside:
        yield from _beside(made, home, side)


def _down(source: Box | Frame, target: Box | Frame, edge: Edge) -> str:
    """A straight arrow to the neighbour below."""
    x, top = source.x + source.width / 2, source.y + source.height
    style = _way("way", edge)
    line = f'<path class="{style}" marker-end="url(#tip)" d="M{_n(x)},{_n(top)} V{_n(target.y - 1)}"/>'
    return line + (_text(x + 8, top + GAP / 2 + 4, edge.label, "small") if edge.label else "")


def _way(style: str, edge: Edge) -> str:
    return f"{style} missed" if edge.missed else style


def _beside(made: Layout, home: str, side: int) -> Iterator[str]:
    """The ways on one side of a sequence, the shorter ones nearer to the boxes."""
    ways = sorted(made.beside[home, side], key=lambda e: abs(made.area(e.source).y - made.area(e.target).y))
    border = made.borders[home, side] + side * made.labels(home, side)
    style, tip = ("way", "tip") if side == LEFT else ("way back", "tip-back")
    ports: Counter[str] = Counter()
    for number, edge in enumerate(ways, start=1):
        source, target = made.area(edge.source), made.area(edge.target)
        leaves = source.y + PORTS + PORT * ports[edge.source]
        enters = target.y + min(PORTS / 3, target.height / 2)
        ports[edge.source] += 1
        start, end, outer = _side(source, side), _side(target, side), border + side * CHANNEL * number
        path = f"M{_n(start)},{_n(leaves)} H{_n(outer)} V{_n(enters)} H{_n(end + side)}"
        yield f'<path class="{_way(style, edge)}" marker-end="url(#{tip})" d="{path}"/>'
        yield _text(start + 6 * side, leaves - 3, edge.label, "small", "start" if side == RIGHT else "end")


def _side(area: Box | Frame, side: int) -> float:
    return area.x + area.width if side == RIGHT else area.x


def _legend(graph: Graph) -> Iterator[str]:
    if graph.marked:
        shown = {step.mark for step in graph.steps}
        yield "图例：" + "  ".join(f"{mark.sign} {mark.word}" for mark in MARKS if mark in shown)
    if any(edge.missed for edge in graph.edges):
        yield f"{MISSED} 粗线：还没有走过"
    if any(step.when for step in graph.steps):
        yield "虚线框：条件成立才办，否则跳过"


def _area(area: Box | Frame) -> str:
    return f'x="{_n(area.x)}" y="{_n(area.y)}" width="{_n(area.width)}" height="{_n(area.height)}"'


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" text-anchor="{anchor}" x="{_n(x)}" y="{_n(y)}">{_escaped(words)}</text>'


def _escaped(words: str) -> str:
    return escape(plain(words))


def _n(value: float) -> str:
    """A coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")
