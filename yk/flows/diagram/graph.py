"""What every drawing of a flow shows: its steps, the ways between them, and where a work order stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from yk.flows.definition import COMPLETED, END, ENDS, STOPPED, Data
from yk.flows.diagram.marks import AHEAD, DONE, OPINIONS, SKIPPED, Mark, marks_of
from yk.flows.flow import Flow
from yk.flows.guards import find_condition
from yk.flows.guards import names as registered
from yk.flows.roles import roles
from yk.flows.ways import Way

LANE_END = "本组办完"
MISSED = "✗"
"""The sign of a way that is pointed out."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A department of a joint sign-off; its opinion while the order stands there."""

    id: str
    name: str
    role: str
    opinion: Mark | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step, or an end (`end`). `when` is the condition of an optional step, `seats` those of a joint sign-off;
    `opens` flows it opens an order of beside, each with its condition."""

    id: str
    name: str
    entry: str = ""
    role: str = ""
    when: str = ""
    mark: Mark | None = None
    seats: tuple[Seat, ...] = ()
    sub_flow: str = ""
    opens: tuple[tuple[str, str], ...] = ()
    end: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One of several sequences that run side by side; its last item is its end."""

    id: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """Sequences that run side by side and are joined when each is done."""

    id: str
    name: str
    lanes: tuple[Lane, ...]


Item = Step | Fork


class Edge(NamedTuple):
    """A way from one step (or fork) to another.

    `kind`: on | skip (past an optional step) | back | fail (failed inspection) | dispute (sign-off without agreement);
    `when` names the condition of a way on, `label` says it in Chinese; `missed` ones are those to be pointed out.
    """

    source: str
    target: str
    kind: str
    label: str = ""
    when: str = ""
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow ready to be drawn.

    `items` ends with the end of the flow, `ends` has the end by termination when a way leads there or the order went
    there; `at` are the places the work order stands at.
    """

    id: str
    name: str
    items: tuple[Item, ...]
    ends: tuple[Step, ...]
    edges: tuple[Edge, ...]
    at: tuple[str, ...]

    @property
    def steps(self) -> list[Step]:
        """Every step in order, ends left out."""
        return [step for step in every_step(self.items) if not step.end]

    @property
    def marked(self) -> bool:
        """Does it show a work order?"""
        return self.steps[0].mark is not None

    @property
    def stopped(self) -> bool:
        """Was the work order stopped?"""
        return STOPPED in self.at

    @property
    def everything(self) -> tuple[Item, ...]:
        """The items and the other end."""
        return (*self.items, *self.ends)


def every_step(items: Iterable[Item]) -> Iterable[Step]:
    """Every step and end, those inside forks included."""
    for item in items:
        if isinstance(item, Step):
            yield item
        else:
            for lane in item.lanes:
                yield from every_step(lane.items)


def names(items: Iterable[Item]) -> dict[str, str]:
    """The name of every step, fork and end by id."""
    found = {}
    for item in items:
        found[item.id] = item.name
        if isinstance(item, Fork):
            for lane in item.lanes:
                found |= names(lane.items)
    return found


def neighbours(items: Sequence[Item]) -> Iterable[tuple[str, str]]:
    """Pairs of ids that stand next to each other in a sequence."""
    yield from ((one.id, other.id) for one, other in pairwise(items))
    for item in items:
        if isinstance(item, Fork):
            for lane in item.lanes:
                yield from neighbours(lane.items)


def graph(
    flow: Flow, at: Iterable[str] = (), done: Iterable[str] = (), missed: Collection[Way] = ()
) -> Graph:
    """The graph of `flow`; `at` is the configuration of a work order or its steps, `done` the steps it has done,
    `missed` are ways (see `yk.flows.ways`) to be pointed out."""
    places, finished = tuple(dict.fromkeys(at)), set(done)
    steps = flow.doc["steps"]
    edges = tuple(_pointed_out(edge, missed) for edge in _edges(steps, COMPLETED))
    marks = marks_of(steps, places, finished, _forward(edges)) if places or finished else {}
    items = _items(steps, marks, places)
    completed, stopped = (_end(name, bool(marks), name in places) for name in (COMPLETED, STOPPED))
    ends = (stopped,) if STOPPED in places or any(edge.target == STOPPED for edge in edges) else ()
    return Graph(flow.id, flow.name, (*items, completed), ends, edges, places)


def _pointed_out(edge: Edge, missed: Collection[Way]) -> Edge:
    """The way with its sign when it is one of `missed`, which call the end of a group's sequence `end`."""
    target = END if edge.target.endswith(lane_end("")) else edge.target
    if (edge.source, target) not in missed:
        return edge
    return edge._replace(missed=True, label=f"{MISSED} {edge.label}".rstrip())


def _end(name: str, marked: bool, reached: bool) -> Step:
    mark = None if not marked else DONE if reached else AHEAD
    return Step(name, ENDS.get(name, LANE_END), mark=mark, end=True)


def _forward(edges: Iterable[Edge]) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in edges if edge.kind != "back"]


def _items(steps: Sequence[Data], marks: Mapping[str, Mark], places: Collection[str]) -> tuple[Item, ...]:
    return tuple(_fork(s, marks, places) if "groups" in s else _step(s, marks, places) for s in steps)


def _fork(step: Data, marks: Mapping[str, Mark], places: Collection[str]) -> Fork:
    lanes = []
    for group in step["groups"]:
        items = _items(group["steps"], marks, places)
        over = all(inner.mark in (DONE, SKIPPED) for inner in every_step(items))
        end = _end(lane_end(group["id"]), bool(marks), over)
        lanes.append(Lane(group["id"], group["name"], (*items, end)))
    return Fork(step["id"], step["name"], tuple(lanes))


def lane_end(group: str) -> str:
    """The id of the end of a group's sequence, as the engine names it."""
    return f"{group}/done"


def _step(step: Data, marks: Mapping[str, Mark], places: Collection[str]) -> Step:
    name = step["id"]
    return Step(
        name,
        step["name"],
        step["entry"],
        role_name(step["role"]),
        condition_label(step["when"]),
        marks.get(name),
        tuple(_seat(name, department, places) for department in step["sign"].get("departments", ())),
        step["sub_flow"],
        tuple((one["flow"], condition_label(one["when"])) for one in step.get("opens", ())),
    )


def _seat(step: str, department: Data, places: Collection[str]) -> Seat:
    place = f"{step}/{department['id']}"
    opinion = next((mark for word, mark in OPINIONS.items() if f"{place}/{word}" in places), None)
    return Seat(place, department["name"], role_name(department["role"]), opinion)


def role_name(role: str) -> str:
    """The Chinese name of a role; one this yk does not know is its own name."""
    found = roles().get(role)
    return found.name if found else role


def condition_label(name: str) -> str:
    """What a condition asks, in Chinese; one this yk does not know is its own label."""
    return find_condition(name).label if name in registered() else name


def _edges(steps: Sequence[Data], after: str) -> Iterable[Edge]:
    """Every way out of `steps` and of what is inside them; `after` is where the last one leads."""
    for number, step in enumerate(steps):
        yield from _ways_on(step, steps[number + 1 :], after)
        yield from (Edge(step["id"], target, "back", "退回") for target in step.get("back", ()))
        if step.get("on_fail"):
            yield Edge(step["id"], step["on_fail"], "fail", "不合格")
        if step.get("sign"):
            yield Edge(step["id"], step["sign"]["arbitrate"], "dispute", "意见不一致")
        for group in step.get("groups", ()):
            yield from _edges(group["steps"], lane_end(group["id"]))


def _ways_on(step: Data, following: Sequence[Data], after: str) -> Iterable[Edge]:
    """The ways on from `step` in the order they are tried: those written, else the steps that follow."""
    if step["next"]:
        for number, way in enumerate(step["next"]):
            target = after if way["to"] == END else way["to"]
            yield Edge(step["id"], target, "on", _label(way["when"], number), way["when"])
        return
    for number, other in enumerate([*following, {"id": after}]):
        when = other.get("when", "")
        yield Edge(step["id"], other["id"], "skip" if number else "on", _label(when, number), when)
        if not when:
            return


def _label(when: str, number: int) -> str:
    return condition_label(when) if when else "否则" if number else ""
