"""The words on a step in the drawings that are not text: one list of lines for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from yk.flows import catalogue
from yk.flows.diagram.graph import Edge, Fork, Graph, Item, Step
from yk.flows.flow import flow_name
from yk.text import plain


def lines_of(step: Step) -> list[str]:
    """Name with its mark, entry and mark in words, role, condition, sub-flow, departments."""
    number = step.entry.removeprefix(catalogue.PREFIX)
    word = step.mark.word if step.mark else ""
    found = [f"{step.mark.sign} {step.name}" if step.mark else step.name]
    if not step.end:
        found += [" ".join(part for part in (number, word, step.role) if part)]
    found += [f"若{step.when}"] if step.when else []
    found += [f"另起{flow_name(step.sub_flow)}"] if step.sub_flow else []
    found += [f"若{when}，旁立{flow_name(flow)}" for flow, when in step.opens]
    for seat in step.seats:
        found.append(
            f"会签：{seat.name} {f'{seat.opinion.sign} {seat.opinion.word}' if seat.opinion else ''}".rstrip()
        )
    return [plain(line) for line in found if line]


def kind_of(step: Step) -> str:
    """The style of a step: its mark, else plain."""
    return step.mark.kind if step.mark else "plain"


def fork_join(fork: str) -> str:
    """The id of the point where the lanes of a fork meet."""
    return f"{fork}/join"


def arrows(graph: Graph) -> list[Edge]:
    """Every way, those into and out of the lanes of forks included: a fork is a point where lanes begin and one where they meet."""
    forks = list(_forks(graph.items))
    joins = {fork.id: fork_join(fork.id) for fork in forks}
    found = [edge._replace(source=joins.get(edge.source, edge.source)) for edge in graph.edges]
    for fork in forks:
        for lane in fork.lanes:
            found.append(Edge(fork.id, lane.items[0].id, "on"))
            found.append(Edge(lane.items[-1].id, joins[fork.id], "on"))
    return found


def _forks(items: Iterable[Item]) -> Iterable[Fork]:
    for item in items:
        if isinstance(item, Fork):
            yield item
            for lane in item.lanes:
                yield from _forks(lane.items)
