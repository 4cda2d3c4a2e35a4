"""Paths that cover a graph: all of it, with the fewest steps, or the node is named that spoils it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.errors import DefinitionError
from yk.flows.flow import flow_ids, load
from yk.scenario.obligations import obligations
from yk.scenario.paths import STRATEGIES, Edge, Path, pairs, postman, shortest
from yk.scenario.waymap import ENTER, edges_of, start_of

START, END = "0", "end"


@st.composite
def graphs(draw: st.DrawFn) -> list[Edge]:
    """A chain from the start to the end, with edges to and fro beside it."""
    size = draw(st.integers(1, 6))
    nodes = [*map(str, range(size)), END]
    chain = list(pairwise(nodes))
    more = draw(st.lists(st.tuples(st.sampled_from(nodes[:-1]), st.sampled_from(nodes)), max_size=8))
    return [Edge(a, b, n) for n, (a, b) in enumerate([*chain, *more])]


def walks(path: Path) -> bool:
    """Does a path go from the start to the end, each edge where the one before led?"""
    return (
        path[0].source == START
        and path[-1].target == END
        and all(a.target == b.source for a, b in pairwise(path))
    )


@pytest.mark.parametrize("name", STRATEGIES)
@given(edges=graphs())
@settings(max_examples=60)
def test_every_edge_is_walked_by_paths_from_start_to_end(name: str, edges: list[Edge]) -> None:
    paths = STRATEGIES[name](edges, START, {END})
    assert all(walks(path) for path in paths)
    assert {edge for path in paths for edge in path} == set(edges)


@given(edges=graphs(), seed=st.integers(0, 9))
def test_nobody_needs_fewer_steps_and_openings_than_the_postman(edges: list[Edge], seed: int) -> None:
    def cost(paths: list[Path]) -> int:
        return sum(map(len, paths)) + len(paths)

    best = cost(postman(edges, START, {END}))
    assert best <= cost(STRATEGIES["greedy"](edges, START, {END}))
    assert best <= cost(STRATEGIES["random"](edges, START, {END}, seed))


@given(edges=graphs())
@settings(max_examples=30)
def test_pairs_walk_every_two_edges_that_may_follow_each_other(edges: list[Edge]) -> None:
    found = {(a, b) for path in pairs(edges, START, {END}) for a, b in pairwise(path)}
    assert found == {(a, b) for a in edges for b in edges if a.target == b.source}


def test_the_seed_draws_the_same_walk() -> None:
    edges = [Edge("0", "1"), Edge("1", "0"), Edge("1", END), Edge("0", END)]
    assert STRATEGIES["random"](edges, "0", {END}, 7) == STRATEGIES["random"](edges, "0", {END}, 7)


@pytest.mark.parametrize(
    ("edges", "told"),
    [
        ([Edge("0", END), Edge("岛", END)], "从 0 走不到 岛"),
        ([Edge("0", END), Edge("0", "坑")], "从 坑 走不到终点"),
        ([Edge("0", END), Edge("0", "圈"), Edge("圈", "圈")], "从 圈 走不到终点"),
    ],
)
@pytest.mark.parametrize("name", ["postman", "greedy", "random"])
def test_a_node_that_spoils_it_is_named(name: str, edges: list[Edge], told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        STRATEGIES[name](edges, "0", {END})


def test_there_is_no_way_to_what_is_not_reached() -> None:
    with pytest.raises(DefinitionError, match="走不到"):
        shortest([Edge("0", "1")], "1", "0")


@pytest.mark.parametrize("name", flow_ids())
def test_a_flows_graph_has_the_ways_it_owes(name: str) -> None:
    flow = load(name)
    edges = edges_of(flow)
    ways = {">".join(edge.ref.way) for edge in edges if edge.ref.kind != ENTER}
    assert ways == set(obligations(flow)["transitions"])
    paths = postman(edges, start_of(flow), {"completed"})
    assert {edge for path in paths for edge in path} == set(edges)
