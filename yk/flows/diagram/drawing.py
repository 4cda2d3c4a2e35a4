"""A flow drawn with characters, as wide as wanted, with the places of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from yk.flows import catalogue
from yk.flows.diagram.boxes import (
    BOLD,
    DASHED,
    PLAIN,
    ROUND,
    Block,
    Border,
    Box,
    Place,
    fold,
    frame,
    run,
    spread,
    stacked,
)
from yk.flows.diagram.graph import Edge, Fork, Graph, Item, Step, names, neighbours
from yk.flows.diagram.marks import CURRENT, MARKS
from yk.flows.flow import flow_name
from yk.text import cell_len, pad

_MARGIN = 4
"""Cells a frame takes from what stands in it."""


class Drawing:
    """One drawing: the graph, what is looked up in it, how many cells there are."""

    def __init__(self, graph: Graph, width: int) -> None:
        self.graph, self.width = graph, width
        self._links = {(e.source, e.target) for e in graph.edges if e.kind in ("on", "skip")}
        self._names = names(graph.everything)
        self._neighbours = set(neighbours(graph.items))
        self._conditions = {step.id: step.when for step in graph.steps}
        self._steps = {step.id: step for step in graph.steps}

    def linked(self, source: str, target: str) -> bool:
        """Does a way lead on from `source` to `target`?"""
        return (source, target) in self._links

    def heading(self, title: str) -> list[str]:
        """Name, entries, and where the work order stands."""
        steps = self.graph.steps
        lines = spread([title, entry_range(s.entry for s in steps), f"共 {len(steps)} 个环节"], self.width)
        if self.graph.marked:
            done = sum(step.mark is not None and step.mark.kind == "done" for step in steps)
            here = "、".join(step.name for step in steps if step.mark is CURRENT)
            place = "已终止" if self.graph.stopped else f"当前：{here}" if here else self.graph.items[-1].name
            lines += fold(f"已办 {done} 个环节，{place}", self.width)
        return lines

    def steps(self) -> Block:
        """The flow from its first step to its end; a place for every step, end, fork and department."""
        return self._sequence(self.graph.items, self.width)

    def _sequence(self, items: Sequence[Item], width: int) -> Block:
        """Runs of boxes, and frames for what is more than a box."""
        blocks = []
        for framed, group in groupby(items, key=_is_framed):
            members = list(group)
            if framed:
                blocks += [(item.id, item.id, self._frame(item, width)) for item in members]
            else:
                boxes = [_box(item) for item in members if isinstance(item, Step)]
                blocks.append((members[0].id, members[-1].id, run(boxes, self.linked, width)))
        return stacked(blocks, self.linked)

    def _frame(self, item: Item, width: int) -> Block:
        return self._fork(item, width) if isinstance(item, Fork) else self._joint(item, width)

    def _fork(self, fork: Fork, width: int) -> Block:
        body: list[str] = []
        places: list[Place] = []
        for number, lane in enumerate(fork.lanes):
            body += [""] if number else []
            body += fold(f"▪ {lane.name}", width - _MARGIN)
            drawn = self._sequence(lane.items, width - _MARGIN)
            places += (place.moved(0, len(body)) for place in drawn.places)
            body += drawn.lines
        inside = Block(body, places=tuple(places))
        return frame(fork.id, f"并行：{fork.name}", inside, "各组都办完再往下", width)

    def _joint(self, step: Step, width: int) -> Block:
        inner = width - _MARGIN
        body, places = spread(list(_details(step)), inner), []
        names = max(cell_len(seat.name) for seat in step.seats)
        duties = max(cell_len(seat.role) for seat in step.seats)
        for seat in step.seats:
            opinion = f"{seat.opinion.sign} {seat.opinion.word}" if seat.opinion else ""
            lines = spread([f"▪ {pad(seat.name, names)}", pad(seat.role, duties), opinion], inner)
            places.append(Place(seat.id, 0, len(body), inner, len(lines)))
            body += lines
        dispute = next(e.target for e in self.graph.edges if e.source == step.id and e.kind == "dispute")
        foot = f"各部门都同意才往下；意见不一致，转{self._names[dispute]}"
        inside = Block(body, places=tuple(places))
        return frame(step.id, f"会签：{_marked(step)}", inside, foot, width, _border(step))

    def other_ways(self) -> list[str]:
        """The ways that the boxes do not show: branches, sending back, failed inspections."""
        found = []
        for source, ways in groupby(self.graph.edges, key=lambda edge: edge.source):
            if words := list(self._ways(list(ways))):
                found.append(f"{self._names[source]}：{'；'.join(words)}")
        lines = [line for words in found for line in self._item(words)]
        return ["其他去向", *lines] if lines else []

    def _item(self, words: str) -> list[str]:
        first, *rest = fold(words, self.width - 2) or [""]
        return [f"  {first}", *(f"    {line}" for part in rest for line in fold(part, self.width - 4))]

    def ways(self, source: str) -> list[str]:
        """In words, every way out of one step."""
        return list(self._ways([edge for edge in self.graph.edges if edge.source == source], every=True))

    def _ways(self, ways: Sequence[Edge], every: bool = False) -> Iterator[str]:
        """In words, the ways out of one step that the boxes do not show, or every one."""
        by_kind = {kind: [e for e in ways if e.kind == kind] for kind in ("on", "back", "fail", "dispute")}
        if every:
            on = [e for e in ways if e.kind in ("on", "skip")]
            yield from (f"{_condition(e.label)}转{self._names[e.target]}" for e in on)
            yield from (f"意见不一致，转{self._names[e.target]}" for e in by_kind["dispute"])
        elif not all(self._is_drawn(edge) for edge in by_kind["on"]):
            yield from (f"{_condition(e.label)}转{self._names[e.target]}" for e in by_kind["on"])
        yield from (f"不合格，转{self._names[e.target]}" for e in by_kind["fail"])
        step = self._steps.get(ways[0].source)
        for flow, when in step.opens if step else ():
            yield f"若{when}，旁立{flow_name(flow)}"
        if by_kind["back"]:
            yield f"可退回{'、'.join(self._names[e.target] for e in by_kind['back'])}"

    def _is_drawn(self, edge: Edge) -> bool:
        """Is this way on the arrow between two neighbours, its condition in the box it leads to?"""
        on_arrow = (edge.source, edge.target) in self._neighbours
        return on_arrow and edge.label == self._conditions.get(edge.target, "")

    def legend(self) -> list[str]:
        """What signs and borders mean."""
        words = []
        if self.graph.marked:
            shown = {step.mark for step in self.graph.steps}
            words += [f"{m.sign} {m.word}{'（粗框）' if m is CURRENT else ''}" for m in MARKS if m in shown]
        if any(step.when for step in self.graph.steps):
            words.append("虚线框：条件成立才办，否则跳过")
        words.append("办结前任何环节都可终止")
        return spread(["图例", *words], self.width)


def _is_framed(item: Item) -> bool:
    return isinstance(item, Fork) or bool(item.seats)


def _box(step: Step) -> Box:
    return Box(step.id, _marked(step), tuple(_details(step)), 2 if step.mark else 0, _border(step))


def _marked(step: Step) -> str:
    return f"{step.mark.sign} {step.name}" if step.mark else step.name


def _details(step: Step) -> Iterator[str]:
    """What stands below the name: entry number and mark in words, condition, sub-flow."""
    number = step.entry.removeprefix(catalogue.PREFIX)
    word = step.mark.word if step.mark and not step.end else ""
    if number or word:
        yield f"{number} {word}".strip()
    if step.when:
        yield f"若{step.when}"
    if step.sub_flow:
        yield f"另起{flow_name(step.sub_flow)}"


def _border(step: Step) -> Border:
    if step.mark is CURRENT:
        return BOLD
    return ROUND if step.end else DASHED if step.when else PLAIN


def _condition(label: str) -> str:
    return "" if not label else f"{label}，" if label == "否则" else f"若{label}，"


def entry_range(codes: Iterable[str]) -> str:
    """`YXZY-YY-334 至 338` for the entries of a flow; '' when it has none."""
    numbers = sorted({int(code.removeprefix(catalogue.PREFIX)) for code in codes if code})
    if not numbers:
        return ""
    first = f"{catalogue.PREFIX}{numbers[0]}"
    return f"作业项 {first} 至 {numbers[-1]}" if len(numbers) > 1 else f"作业项 {first}"
