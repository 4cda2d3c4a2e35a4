"""Paths that cover every edge of a graph from its start to its ends: the fewest steps (directed postman), and other ways
to look for them.

The postman of several paths: every edge must be walked once (lower bound 1), an edge back from every end to the start
costs the opening of another order; what must be walked twice is the cheapest circulation (successive shortest paths);
the Euler tour of all that, cut at the edges back, is the paths. Networkx' `network_simplex` gives the same figures.
"""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf
from typing import Any, NamedTuple

from yk.errors import DefinitionError


class Edge(NamedTuple):
    """One way from a node to another; `ref` is for whoever made the graph."""

    source: str
    target: str
    ref: Any = None


Path = list[Edge]


def postman(edges: Sequence[Edge], start: str, ends: Collection[str], reopen: float = 1.0) -> list[Path]:
    """Paths from the start to the ends that walk every edge, with the fewest steps; `reopen` is what one more path costs.

    Raises DefinitionError (`unreachable`, `dead_end`) that names the node.
    """
    require_sound(edges, start, ends)
    balance: dict[str, int] = defaultdict(int)
    for edge in edges:
        balance[edge.target] += 1
        balance[edge.source] -= 1
    nodes = list(dict.fromkeys([start, *(n for e in edges for n in (e.source, e.target))]))
    arcs = [(e.source, e.target, 1.0) for e in edges]
    arcs += [(end, start, reopen) for end in ends if end in nodes]
    again = _cheapest(nodes, arcs, balance)
    ways: dict[str, list[tuple[str, Edge | None]]] = defaultdict(list)
    walked_once: list[Edge | None] = [*edges, *([None] * (len(arcs) - len(edges)))]
    for (source, target, _), way, times in zip(arcs, walked_once, again, strict=True):
        ways[source] += [(target, way)] * (times + (way is not None))
    return _cut(_tour(ways, start))


def require_sound(edges: Sequence[Edge], start: str, ends: Collection[str]) -> None:
    """Every node is reached from the start and comes to an end. Raises DefinitionError."""
    nodes = {node for edge in edges for node in (edge.source, edge.target)}
    reached = _reached(start, edges, lambda e: (e.source, e.target))
    ending = {node for end in ends for node in _reached(end, edges, lambda e: (e.target, e.source))}
    for node in sorted(nodes):
        if node not in reached:
            raise DefinitionError("unreachable", f"从 {start} 走不到 {node}", "检查流程里通向它的去向")
        if node not in ending:
            raise DefinitionError("dead_end", f"从 {node} 走不到终点", "检查流程里它的去向")


def _reached(start: str, edges: Iterable[Edge], ends_of: Callable[[Edge], tuple[str, str]]) -> set[str]:
    ways: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        source, target = ends_of(edge)
        ways[source].append(target)
    seen, todo = {start}, [start]
    while todo:
        for node in ways[todo.pop()]:
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen


def _cheapest(
    nodes: Sequence[str], arcs: Sequence[tuple[str, str, float]], balance: dict[str, int]
) -> list[int]:
    """How often each arc is walked again so that as many come into every node as leave it, at the least cost."""
    used = [0] * len(arcs)
    more = {n: balance[n] for n in nodes if balance[n] > 0}
    less = {n: -balance[n] for n in nodes if balance[n] < 0}
    while any(more.values()):
        far, came = _shortest(nodes, arcs, used, more)
        goal = min((n for n in less if less[n] > 0), key=lambda n: far[n])
        steps, node = [], goal
        while node in came:
            steps.append(came[node])
            node = came[node][0]
        amount = min([more[node], less[goal], *(used[i] for _, i, sign in steps if sign < 0)])
        for _, i, sign in steps:
            used[i] += sign * amount
        more[node] -= amount
        less[goal] -= amount
    return used


def _shortest(
    nodes: Sequence[str], arcs: Sequence[tuple[str, str, float]], used: Sequence[int], more: dict[str, int]
) -> tuple[dict[str, float], dict[str, tuple[str, int, int]]]:
    """Distances from the nodes that have too many (Bellman-Ford: used arcs may be taken back), and how they were come to."""
    far = {n: 0.0 if more.get(n, 0) > 0 else inf for n in nodes}
    came: dict[str, tuple[str, int, int]] = {}
    for _ in nodes:
        changed = False
        for i, (source, target, cost) in enumerate(arcs):
            if far[source] + cost < far[target] - 1e-9:
                far[target], came[target], changed = far[source] + cost, (source, i, 1), True
            if used[i] and far[target] - cost < far[source] - 1e-9:
                far[source], came[source], changed = far[target] - cost, (target, i, -1), True
        if not changed:
            break
    return far, came


def _tour(ways: dict[str, list[tuple[str, Edge | None]]], start: str) -> list[Edge | None]:
    """The Euler tour (Hierholzer); None stands for an edge back to the start."""
    stack: list[tuple[str, Edge | None]] = [(start, None)]
    tour = []
    while stack:
        node, _ = stack[-1]
        if ways[node]:
            stack.append(ways[node].pop())
        else:
            tour.append(stack.pop()[1])
    return tour[::-1][1:]


def _cut(tour: list[Edge | None]) -> list[Path]:
    """The paths of a tour, which ends with the edge back of the last."""
    paths: list[Path] = [[]]
    for edge in tour:
        if edge is None:
            paths.append([])
        else:
            paths[-1].append(edge)
    return [path for path in paths if path]


def shortest(edges: Sequence[Edge], start: str, goal: str) -> Path:
    """The shortest path between two nodes; empty when they are one. Raises DefinitionError (`unreachable`)."""
    if start == goal:
        return []
    found = _nearest(_out(edges), start, lambda edge: edge.target == goal)
    if found is None:
        raise DefinitionError("unreachable", f"从 {start} 走不到 {goal}", "检查流程里通向它的去向")
    return found


# -- other ways to look for paths, to compare with -----------------------------------------------------------------
def greedy(edges: Sequence[Edge], start: str, ends: Collection[str]) -> list[Path]:
    """Always to the nearest edge that was not walked; another path when none is left ahead."""
    require_sound(edges, start, ends)
    out = _out(edges)
    left, paths = set(edges), []
    while left:
        node, path = start, Path()
        while (steps := _nearest(out, node, left.__contains__)) is not None:
            path += steps
            left -= set(steps)
            node = path[-1].target
        if node not in ends:
            steps = _nearest(out, node, lambda edge: edge.target in ends) or []
            path += steps
            left -= set(steps)
        paths.append(path)
    return paths


def walked(edges: Sequence[Edge], start: str, ends: Collection[str], seed: int = 0) -> list[Path]:
    """At random until everything was walked; the same seed gives the same paths."""
    require_sound(edges, start, ends)
    out, dice = _out(edges), random.Random(seed)  # noqa: S311 - a choice of paths, no secret
    left, paths = set(edges), []
    while left:
        node, path = start, Path()
        while node not in ends:
            path.append(dice.choice(out[node]))
            node = path[-1].target
        left -= set(path)
        paths.append(path)
    return paths


def pairs(edges: Sequence[Edge], start: str, ends: Collection[str]) -> list[Path]:
    """Every pair of edges that may follow each other is walked: the postman of the line graph."""
    out = _out(edges)
    name = {edge: f"{number}" for number, edge in enumerate(edges)}
    lines = [Edge("start", name[edge], edge) for edge in out[start]]
    lines += [Edge(name[one], name[two], two) for one in edges for two in out[one.target]]
    lines += [Edge(name[edge], "end") for edge in edges if edge.target in ends]
    return [[one.ref for one in path if one.ref] for path in postman(lines, "start", {"end"})]


def _out(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    out: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        out[edge.source].append(edge)
    return out


def _nearest(out: dict[str, list[Edge]], start: str, goal: Callable[[Edge], bool]) -> Path | None:
    """The shortest way from a node that ends with an edge of the goal; None when there is none."""
    todo, seen = deque([(start, Path())]), {start}
    while todo:
        node, path = todo.popleft()
        for edge in out[node]:
            if goal(edge):
                return [*path, edge]
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append((edge.target, [*path, edge]))
    return None


STRATEGIES: dict[str, Callable[..., list[Path]]] = {
    "postman": postman,
    "greedy": greedy,
    "random": walked,
    "pairs": pairs,
}
