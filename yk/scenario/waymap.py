"""A flow as a graph whose edges are the moves an order can make, for paths that cover them.

Groups that run side by side are walked one after the other: from the fork into the first group, from its end into the
second, from the end of the last to the join. Nodes are steps, ends, forks (by their id), ends of groups (`GROUP/done`),
joins (`join:FORK`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yk.flows.compile import fall_through
from yk.flows.definition import COMPLETED, END, Data
from yk.flows.flow import Flow
from yk.flows.guards import find_condition
from yk.flows.ways import Way
from yk.scenario.paths import Edge

SEND, BACK, FAIL, ARBITRATE, ENTER, JOIN = "send", "back", "fail", "arbitrate", "enter", "join"


class Move(NamedTuple):
    """What an edge is: `kind`; the step it leaves and where to (`way`, as `yk.flows.ways` has it); which conditions
    must hold or not. ENTER (into a group) and JOIN happen by themselves with the move before."""

    kind: str
    way: Way
    needs: tuple[tuple[str, bool], ...] = ()


def edges_of(flow: Flow) -> list[Edge]:
    """Every edge of the flow's graph, from `flow.first` (or the fork it begins with) to `completed`."""
    return list(dict.fromkeys(_sequence(flow.doc["steps"], COMPLETED, COMPLETED)))


def start_of(flow: Flow) -> str:
    """The node an order begins at."""
    return str(flow.doc["steps"][0]["id"])


def _sequence(steps: Sequence[Data], after: str, node_after: str) -> Iterator[Edge]:
    """Steps that follow each other; the last leads to `after`, in the graph to `node_after`."""
    for number, step in enumerate(steps):
        name = str(step["id"])
        on = step["next"] or fall_through(steps[number + 1 :], after)
        source, kind = (f"join:{name}", JOIN) if "groups" in step else (name, SEND)
        for target, needs in _ordered(on):
            target = after if target == END else target
            node = node_after if target == after else target
            yield Edge(source, node, Move(kind, (name, target), needs))
        yield from (Edge(name, target, Move(BACK, (name, target))) for target in step.get("back", ()))
        if step.get("on_fail"):
            yield Edge(name, step["on_fail"], Move(FAIL, (name, step["on_fail"])))
        if step.get("sign"):
            arbiter = step["sign"]["arbitrate"]
            yield Edge(name, arbiter, Move(ARBITRATE, (name, arbiter)))
        if "groups" in step:
            yield from _fork(step)


def _fork(step: Data) -> Iterator[Edge]:
    """The groups of a fork, one after the other."""
    node = str(step["id"])
    for number, group in enumerate(step["groups"]):
        last = number + 1 == len(step["groups"])
        done = f"join:{step['id']}" if last else f"{group['id']}/done"
        for target, needs in _ordered(fall_through(group["steps"], END)):
            yield Edge(node, done if target == END else target, Move(ENTER, (group["id"], target), needs))
        yield from _sequence(group["steps"], END, done)
        node = done


def _ordered(ways: Sequence[Data]) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    """Where each of ordered ways leads and what must hold for it: its own condition, none of those before."""
    before: list[str] = []
    for way in ways:
        own = way["when"]
        if own and not {own, *find_condition(own).implies}.isdisjoint(before):
            continue  # it never comes to that: what this way wants was asked before, and did not hold
        needs = [(name, False) for name in before] + ([(own, True)] if own else [])
        yield way["to"], tuple(needs)
        if not own:
            return
        before.append(own)
