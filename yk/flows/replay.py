"""Traced replay: a move is a pure function of (configuration, event, answers).

The first time a path of answers is met the engine runs it; afterwards the recorded outcome is replayed. Every
`verify`-th replay is run on the engine again and compared. Past `limit` paths new ones go to the engine unremembered.
"""

from __future__ import annotations

from typing import Any, cast

from yk.errors import YkError
from yk.flows.compile import Block
from yk.flows.driver import Answers, Ask, Driver, Outcome, Place, Taken


class _Fork:
    """A block of questions and where each tuple of answers leads."""

    __slots__ = ("block", "ways")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.ways: dict[Answers, _Fork | Outcome] = {}


class ReplayMismatch(YkError):
    """The engine answered otherwise than the replay: a defect of the program, never of data."""


class Replay:
    """Moves of one flow, learnt from a driver. Not to be shared between threads."""

    def __init__(self, driver: Driver, verify: int = 1000, limit: int = 50_000) -> None:
        self.driver = driver
        self.verify, self.limit = verify, limit
        self.hits = self.learnt = self.verified = 0
        self._roots: dict[tuple[Place, str], _Fork | Outcome] = {}

    def run(self, at: Place, event: str, ask: Ask) -> Outcome:
        """As `Driver.run`, with the same outcome."""
        node: Any = self._roots.get((at, event))
        asked: dict[Block, Answers] = {}
        while node.__class__ is _Fork:
            asked[node.block] = answers = ask(node.block)
            node = node.ways.get(answers)
        if node is None:
            return self._learn(at, event, _remembering(asked, ask))
        self.hits += 1
        if self.verify and self.hits % self.verify == 0:
            self._compare(at, event, node)
        return cast(Outcome, node)

    def _learn(self, at: Place, event: str, ask: Ask) -> Outcome:
        outcome = self.driver.run(at, event, ask)
        if self.learnt >= self.limit:
            return outcome
        self.learnt += 1
        if not outcome.asked:
            self._roots[at, event] = outcome
            return outcome
        fork = self._roots.setdefault((at, event), _Fork(outcome.asked[0][0]))
        for i, (_, answers) in enumerate(outcome.asked):
            assert isinstance(fork, _Fork)
            last = i + 1 == len(outcome.asked)
            following = outcome if last else _Fork(outcome.asked[i + 1][0])
            fork = fork.ways.setdefault(answers, following)
        return outcome

    def _compare(self, at: Place, event: str, replayed: Outcome) -> None:
        """Run the same move on the engine with the same answers."""
        self.verified += 1
        answers = dict(replayed.asked)
        try:
            real = self.driver.run(at, event, answers.__getitem__)
        except KeyError:  # the engine asks what the replay did not
            real = None
        if real != replayed:
            raise ReplayMismatch(
                "replay_mismatch",
                f"重放与状态机引擎不一致：{'/'.join(at)} {event}",
                "请停止批量操作并报告开发者",
            )


def _remembering(known: dict[Block, Answers], ask: Ask) -> Ask:
    """`ask`, but a block answered already in this move is not put again."""

    def remembering(block: Block) -> Answers:
        found = known.get(block)
        return ask(block) if found is None else found

    return remembering


__all__ = ["Replay", "ReplayMismatch", "Taken"]
