"""The whole behaviour of a flow, found by trying every event with every kind of answer on the real engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from yk.flows.compile import Block
from yk.flows.definition import COMPLETED, STOPPED
from yk.flows.driver import Answers, Driver, Outcome, Place
from yk.flows.flow import CHILD, GENERIC, Flow, leaf_steps


@dataclass(slots=True)
class Behaviour:
    """`rows`: every outcome by (configuration, event, answers); what is wrong is listed by step or place.

    `dead_ends`: places from which the flow cannot be completed; `never_left`: steps that no forward move leaves;
    `bypasses`: forward moves that leave a step without asking all of its gate.
    """

    flow: str
    start: Place
    rows: dict[tuple[Place, str, tuple[Answers, ...]], Outcome] = field(default_factory=dict)
    dead_ends: list[str] = field(default_factory=list)
    never_left: list[str] = field(default_factory=list)
    bypasses: list[str] = field(default_factory=list)

    @property
    def configurations(self) -> set[Place]:
        """Every place that can be reached."""
        return {self.start} | {o.at for o in self.rows.values() if o.at}

    @property
    def sound(self) -> bool:
        """Is nothing wrong?"""
        return not (self.dead_ends or self.never_left or self.bypasses)


def explore(flow: Flow, limit: int = 200_000) -> Behaviour:
    """Try every event at every reachable place. A gate is tried with all yes and with its first question no."""
    driver = Driver(flow)
    found = Behaviour(flow.id, driver.start)
    seen, todo = {driver.start}, [driver.start]
    while todo and len(found.rows) < limit:
        at = todo.pop()
        for event in driver.menu(at):
            for outcome in _tried(driver, at, event):
                found.rows[at, event, tuple(a for _, a in outcome.asked)] = outcome
                if outcome.at and outcome.at not in seen:
                    seen.add(outcome.at)
                    todo.append(outcome.at)
    _judge(flow, found)
    return found


def _tried(driver: Driver, at: Place, event: str) -> Iterable[Outcome]:
    """The outcomes of one event under every combination of block answers that makes a difference."""
    forced: list[dict[Block, bool]] = [{}]
    while forced:
        wanted = forced.pop()
        outcome = driver.run(at, event, lambda block, w=wanted: _answers(block, w.get(block, True)))  # type: ignore[misc]
        yield outcome
        met = [block for block, _ in outcome.asked if block not in wanted]
        for i, block in enumerate(met):
            forced.append({**wanted, **dict.fromkeys(met[:i], True), block: False})


def _answers(block: Block, yes: bool) -> Answers:
    return (True,) * len(block) if yes else (False, *(True,) * (len(block) - 1))


def _judge(flow: Flow, found: Behaviour) -> None:
    """What is wrong with the behaviour."""
    before: dict[Place, set[Place]] = {}
    for (at, event, _), outcome in found.rows.items():
        if outcome.at and event != "stop":
            before.setdefault(outcome.at, set()).add(at)
    reaching: set[Place] = {(COMPLETED,)}
    todo: list[Place] = [(COMPLETED,)]
    while todo:
        for place in before.get(todo.pop(), ()):
            if place not in reaching:
                reaching.add(place)
                todo.append(place)
    lost = found.configurations - reaching - {(STOPPED,)}
    found.dead_ends = sorted("/".join(place) for place in lost)
    forward = [(k, o) for k, o in found.rows.items() if o.at and k[1].startswith(("send:", "sign:"))]
    left = {k[1].split(":")[1] for k, _ in forward}
    found.never_left = sorted(set(flow.steps) - left)
    found.bypasses = sorted({k[1] for k, o in forward if not _asks_all(flow, k[1], o)})


def _asks_all(flow: Flow, event: str, outcome: Outcome) -> bool:
    """Did a forward move put the step's whole gate, and was every answer yes?"""
    parts = event.split(":")
    if parts[0] == "sign" and parts[3] != "agree":
        return True
    step = flow.step(parts[1])
    asked = {
        name: answer for block, answers in outcome.asked for name, answer in zip(block, answers, strict=True)
    }
    answering = {c["guard"] for c in step["controls"] if c["guard"]}
    wanted = {*step["guards"], *GENERIC, *answering, *((CHILD,) if step["sub_flow"] else ())}
    return all(asked.get(name) is True for name in wanted)


def unreached(flow: Flow, found: Behaviour) -> list[str]:
    """Steps that no walk comes to."""
    reached = {step for place in found.configurations for step in leaf_steps(flow, place)}
    return sorted(set(flow.steps) - reached)
