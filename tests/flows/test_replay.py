"""Traced replay gives what the engine gives, move by move."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from walks import by, everything, rename, steps, walk, yes

from yk.flows.compile import Block
from yk.flows.driver import Answers, Driver, Outcome, Place
from yk.flows.flow import Flow
from yk.flows.replay import Replay, ReplayMismatch

MOVES = 10_000
NONSENSE = ("nonsense", "done.state.at:joint", "send:", "back:accept:archive", "sign:joint:mkt:maybe")


def _random_walks(flow: Flow, seed: int, moves: int, replay: Replay | None = None) -> Replay:
    """The same random moves on the engine and on the replay; fails at the first difference."""
    rng = random.Random(seed)
    real = Driver(flow)
    replay = replay or Replay(Driver(flow), verify=100)
    questions = {name for step in flow.steps for name in (*flow.gate(step), *flow.conditions_at(step))}
    ordered, events = sorted(questions), (*real.events, *NONSENSE)
    one: Place = real.start
    other: Place = real.start
    trail_one: list[Outcome] = []
    trail_other: list[Outcome] = []
    facts: dict[str, bool] = {}
    for number in range(moves):
        if number % 25 == 0:
            one = other = real.start
            facts = {name: rng.random() < 0.9 for name in ordered}
        if rng.random() < 0.15:
            facts[rng.choice(ordered)] = rng.random() < 0.8
        # Mostly what the menu offers, so that walks get deep; the rest is out of place.
        event = rng.choice(real.menu(one) or events) if rng.random() < 0.7 else rng.choice(events)
        expected, got = real.run(one, event, by(facts)), replay.run(other, event, by(facts))
        assert got == expected, (one, event, facts)
        one, other = expected.at or one, got.at or other
        trail_one.append(expected)
        trail_other.append(got)
    assert trail_one == trail_other
    return replay


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("build", [rename, everything])
def test_ten_thousand_random_moves_are_the_engines_own(build: Callable[[], Flow], seed: int) -> None:
    """Place, transitions taken and questions asked agree, refused and illegal moves included."""
    replay = _random_walks(build(), seed, MOVES)
    assert replay.hits > MOVES // 2
    assert replay.verified == replay.hits // 100


def _random_flow(seed: int) -> Flow:
    """A small flow with random ways: optional steps, ways back, branches, groups."""
    rng = random.Random(seed)
    conditions = ("contract_change_needed", "by_agent", "person_customer")
    guards = ("no_arrears", "account_open", "archive_approved", "seal_valid")

    def step(name: str, before: list[str], after: list[str], optional: bool) -> str:
        parts = [f"id: {name}", f"name: {name}", "role: approver"]
        if optional and rng.random() < 0.4:
            parts.append(f"when: {rng.choice(conditions)}")
        if rng.random() < 0.5:
            parts.append(f"guards: [{', '.join(rng.sample(guards, rng.randint(1, 3)))}]")
        if before and rng.random() < 0.6:
            parts.append(f"back: [{', '.join(rng.sample(before, rng.randint(1, len(before))))}]")
        if after and rng.random() < 0.3:
            parts.append(
                f"next: [{{to: {name}, when: {rng.choice(conditions)}}}, {{to: {rng.choice(after)}}}]"
            )
        return "{" + ", ".join(parts) + "}"

    def row(prefix: str, length: int, outside: list[str]) -> list[str]:
        ids = [f"{prefix}{i}" for i in range(length)]
        return [
            step(name, [*outside, *ids[:i]], ids[i + 1 :], optional=i > 0 and i + 1 < length)
            for i, name in enumerate(ids)
        ]

    lines = row("a", rng.randint(2, 4), [])
    if rng.random() < 0.7:
        groups = [
            f"{{id: g{g}, name: g{g}, steps: [{', '.join(row(f'g{g}s', rng.randint(1, 3), ['a0']))}]}}"
            for g in range(rng.randint(2, 3))
        ]
        lines.append(f"{{id: par, name: par, together: [{', '.join(groups)}]}}")
        lines += row("z", rng.randint(1, 2), ["a0"])
    return steps(*lines, name=f"random{seed}")


@pytest.mark.parametrize("seed", range(12))
def test_random_flows_replay_as_the_engine_runs_them(seed: int) -> None:
    _random_walks(_random_flow(seed), seed, 400)


def test_a_replay_serves_many_orders_from_few_paths() -> None:
    replay = _random_walks(rename(), 3, 3000)
    assert replay.learnt < 300
    assert replay.learnt + replay.hits == 3000


def _tampered(change: Callable[[Outcome], Outcome], verify: int = 1) -> tuple[Replay, Place]:
    """A replay whose trace of the first move of 更名 was changed behind its back."""
    replay = Replay(Driver(rename()), verify=verify)
    at = replay.driver.start
    replay.run(at, "send:acceptance", yes)
    fork = replay._roots[at, "send:acceptance"]
    while not isinstance(fork, Outcome):
        (answers, following), *_ = fork.ways.items()
        if isinstance(following, Outcome):
            fork.ways[answers] = change(following)
        fork = following
    return replay, at


@pytest.mark.parametrize(
    "change",
    [
        lambda o: o._replace(at=("completed",)),
        lambda o: o._replace(at=None),
        lambda o: o._replace(took=()),
        lambda o: o._replace(asked=()),
        lambda o: o._replace(asked=o.asked[1:]),
        lambda o: o._replace(asked=(*o.asked, (("seal_valid",), (True,)))),
    ],
    ids=["place", "no_move", "transitions", "no_questions", "fewer_questions", "more_questions"],
)
def test_verification_catches_a_tampered_trace(change: Callable[[Outcome], Outcome]) -> None:
    replay, at = _tampered(change)
    with pytest.raises(ReplayMismatch) as caught:
        replay.run(at, "send:acceptance", yes)
    assert "send:acceptance" in caught.value.message


def test_verification_catches_a_trace_that_forgot_the_gate() -> None:
    replay = Replay(Driver(rename()), verify=1)
    at = replay.driver.start
    replay._roots[at, "send:acceptance"] = Outcome(
        ("completed",), (("send:acceptance", "acceptance", "completed"),), ()
    )
    with pytest.raises(ReplayMismatch):
        replay.run(at, "send:acceptance", yes)


def test_every_nth_replay_is_verified() -> None:
    replay, at = _tampered(lambda o: o._replace(took=()), verify=5)
    for _ in range(4):
        replay.run(at, "send:acceptance", yes)
    with pytest.raises(ReplayMismatch):
        replay.run(at, "send:acceptance", yes)
    assert replay.verified == 1


def test_verification_can_be_switched_off() -> None:
    replay, at = _tampered(lambda o: o._replace(took=()), verify=0)
    for _ in range(10):
        replay.run(at, "send:acceptance", yes)
    assert replay.verified == 0


def test_verification_puts_no_question_to_the_asker() -> None:
    replay = Replay(Driver(rename()), verify=1)
    at, put = replay.driver.start, []

    def ask(block: Block) -> Answers:
        put.append(block)
        return yes(block)

    for _ in range(3):
        replay.run(at, "send:acceptance", ask)
    assert len(put) == 3 * 2  # the gate and the branch, once a move


def test_no_question_is_put_twice_in_a_move_even_when_its_answers_lead_off_the_known_paths() -> None:
    replay = Replay(Driver(rename()))
    at = replay.driver.start
    replay.run(at, "send:acceptance", yes)
    put: list[Block] = []

    def ask(block: Block) -> Answers:
        put.append(block)
        return tuple(name != "contract_change_needed" for name in block)

    assert replay.run(at, "send:acceptance", ask).at == ("data_archiving",)
    assert len(put) == len(set(put)) == 2


def test_past_the_limit_moves_go_to_the_engine_unremembered() -> None:
    flow = everything()
    replay = Replay(Driver(flow), verify=0, limit=5)
    _random_walks(flow, 4, 1000, replay)
    assert replay.learnt == 5
    before = replay.driver.moves
    places = [walk(replay.driver, "send:accept")]
    for _ in range(3):
        assert replay.run(places[0], "stop", yes).at == ("stopped",)
    assert replay.driver.moves > before


def test_a_crashed_question_teaches_the_replay_nothing() -> None:
    replay = Replay(Driver(rename()))
    at = replay.driver.start

    def crash(block: Block) -> Answers:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replay.run(at, "send:acceptance", crash)
    assert replay.learnt == 0
    assert replay.run(at, "send:acceptance", yes).at == ("contract_change",)
