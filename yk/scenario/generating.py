"""Scenarios made from a flow: the fewest moves that take every way, with everything tried at each step on the first visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yk.flows.flow import Flow
from yk.flows.guards import find_condition
from yk.scenario.breaking import examine, finish_children, get_ready, is_ready
from yk.scenario.composing import Composer
from yk.scenario.observed import Seen
from yk.scenario.odd_moves import odd_scenarios
from yk.scenario.paths import STRATEGIES, Edge, shortest
from yk.scenario.scenario import Data
from yk.scenario.waymap import ARBITRATE, BACK, ENTER, FAIL, JOIN, Move, edges_of, start_of
from yk.scenario.world import World

TRY = "生成的场景试走"


@dataclass(slots=True)
class Generated:
    """What was made of a flow: scenario documents, what they saw, the edges that no path could take."""

    flow: Flow
    scenarios: list[Data] = field(default_factory=list)
    seen: dict[Seen, None] = field(default_factory=dict)
    missed: list[Edge] = field(default_factory=list)
    moves: int = 0

    def document(self) -> Data:
        """The file, with the keys people write."""
        return {
            "版本": 1,
            "功能": f"{self.flow.name}（由流程生成，勿手改）",
            "流程": self.flow.name,
            "标签": ["生成"],
            "场景": self.scenarios,
        }


def generate(flow: Flow, strategy: str = "postman", **options: Any) -> Generated:
    """Scenarios that take every way of a flow, see every guard, control and refusal both ways."""
    made = Generated(flow)
    edges = edges_of(flow)
    tried: set[str] = set()
    covered: set[Edge] = set()
    for path in STRATEGIES[strategy](edges, start_of(flow), {"completed"}, **options):
        covered |= _play(made, path, tried)
    for edge in [edge for edge in edges if edge not in covered]:
        if edge not in covered:
            path = _through(edges, start_of(flow), edge)
            covered |= _play(made, path, tried)
    made.missed = [edge for edge in edges if edge not in covered and edge.ref.kind != ENTER]
    for name, given, composer in odd_scenarios(flow, made.seen):
        _keep(made, name, composer, given)
    return made


def _through(edges: Sequence[Edge], start: str, wanted: Edge) -> list[Edge]:
    """The shortest path from the start over one edge to the end."""
    return [*shortest(edges, start, wanted.source), wanted, *shortest(edges, wanted.target, "completed")]


def _play(made: Generated, path: Sequence[Edge], tried: set[str]) -> set[Edge]:
    """Play a path as far as it goes; gives the edges it took."""
    flow = made.flow
    with World(flow=flow.id) as world:
        composer = Composer(flow, world)
        _open(composer)
        taken: set[Edge] = set()
        for number, edge in enumerate(path):
            move: Move = edge.ref
            if move.kind in (ENTER, JOIN):
                taken.add(edge)
                continue
            step = move.way[0]
            if step not in composer.here():
                break
            if step not in tried:
                tried.add(step)
                for steps in examine(composer, step):
                    _keep_steps(made, f"{flow.steps[step]['name']}：不可改正的", steps)
            if not _take(composer, move, _needs(path, number)):
                break
            taken.add(edge)
        _keep(made, "走遍去向", composer)
        return taken


def _open(composer: Composer) -> None:
    customer = composer.flow.doc["demo"].get("customer", "") if composer.flow.doc["customer"] else ""
    composer.move({"建单": {"用户": customer} if customer else {}})


def _needs(path: Sequence[Edge], number: int) -> list[tuple[str, bool]]:
    """What must hold for a move: for its own edge, and for what happens by itself with it (a join, the ways into every
    group of a fork)."""
    needs = list(path[number].ref.needs)
    following = path[number + 1 :]
    if following and following[0].ref.kind == JOIN:
        needs += following[0].ref.needs
        following = following[1:]
    entered: set[str] = set()
    for edge in following if following and following[0].ref.kind == ENTER else ():
        if edge.ref.kind == JOIN:
            break
        if edge.ref.kind == ENTER and edge.ref.way[0] not in entered:
            entered.add(
                edge.ref.way[0]
            )  # a path that goes back comes to the fork again: that is another move
            needs += edge.ref.needs
    return list(dict.fromkeys(needs))


def _take(composer: Composer, move: Move, needs: Sequence[tuple[str, bool]]) -> bool:
    """Make a move; False when the order did not go that way."""
    step, target = move.way
    name = composer.name(step)
    composer.world.desk.seen = {}
    if move.kind == BACK:
        composer.move({"退回": {"自": name, "到": composer.name(target), "因": TRY}})
    elif move.kind == FAIL:
        composer.move({"不合格": {"自": name, "因": TRY}})
    else:
        finish_children(composer, step)
        get_ready(composer, step)
        if needs:
            _choose(composer, step, needs)
        if move.kind == ARBITRATE:
            _disagree(composer, step)
        else:
            composer.move({"办理": name})
    return _went(composer, move)


def _went(composer: Composer, move: Move) -> bool:
    """Did the last move take the way that was meant?"""
    return ("transitions", composer.flow.id, f"{move.way[0]}>{move.way[1]}") in composer.world.desk.seen


def _choose(composer: Composer, step: str, needs: Sequence[tuple[str, bool]]) -> None:
    """Make conditions hold or not, one after the other, and what that wants besides."""
    for _ in range(2):  # making one so may make another otherwise
        holds = composer.exam(step).holds
        wrong = [(name, wanted) for name, wanted in needs if holds.get(name) is not wanted]
        if not wrong:
            break
        for name, wanted in wrong:
            composer.add({"事件": {"条件成立" if wanted else "条件不成立": _named(composer, step, name)}})
    if not is_ready(composer, step):
        get_ready(composer, step)


def _named(composer: Composer, step: str, condition: str) -> Any:
    label = find_condition(condition).label
    return label if len(composer.here()) == 1 else {"守卫": label, "环节": composer.name(step)}


def _disagree(composer: Composer, step: str) -> None:
    """One department does not agree at a joint sign-off, the others do."""
    departments = [one["name"] for one in composer.flow.step(step)["sign"]["departments"]]
    signed = [{departments[0]: {"意见": "修改", "因": TRY}}, *({one: "同意"} for one in departments[1:])]
    composer.move({"会签": signed})


def _keep(made: Generated, name: str, composer: Composer, given: Data | None = None) -> None:
    """Keep what was composed, with where the order stands in the end."""
    then = {"状态": composer.places()} if composer.world.case else None
    _keep_steps(made, name, composer.steps, given, then)
    made.seen |= composer.seen


def _keep_steps(
    made: Generated, name: str, steps: Sequence[Data], given: Data | None = None, then: Data | None = None
) -> None:
    if not steps:
        return
    number = len(made.scenarios) + 1
    scenario: Data = {
        "名称": f"{made.flow.name} {number:02d} {name}",
        "编号": f"SC-{made.flow.id}-{number:02d}",
    }
    if given:
        scenario["假如"] = given
    scenario["当"] = list(steps)
    if then:
        scenario["那么"] = then
    made.scenarios.append(scenario)
    made.moves += len(steps)
