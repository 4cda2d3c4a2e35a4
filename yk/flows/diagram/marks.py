"""Where each step of a flow stands for one work order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from yk.flows.definition import STOPPED, Data


class Mark(NamedTuple):
    """A sign and the word that says the same; `kind` names it in drawings."""

    kind: str
    sign: str
    word: str


DONE = Mark("done", "✓", "已办")
CURRENT = Mark("current", "❯", "当前")
AHEAD = Mark("ahead", "☐", "未到")
AGAIN = Mark("again", "☐", "重办")
SKIPPED = Mark("skipped", "»", "跳过")
MARKS = (DONE, CURRENT, AHEAD, AGAIN, SKIPPED)
"""AGAIN: done before the order was sent back, so to be done once more. SKIPPED: passed without being done."""

OPINIONS = {
    "wait": Mark("ahead", "☐", "待签"),
    "agree": Mark("done", "✓", "同意"),
    "revise": Mark("refused", "✗", "要求修改"),
    "reject": Mark("refused", "✗", "不同意"),
}
"""A department's place at a joint sign-off."""


def marks_of(
    steps: Sequence[Data], at: Iterable[str], done: Iterable[str], forward: Iterable[tuple[str, str]]
) -> dict[str, Mark]:
    """The mark of every step; `forward` are the (source, target) ways on."""
    here, finished, order = set(at), set(done), _Order(steps)
    ahead = _reached(here, order, forward)
    marks = {}
    for name in order.rank.keys() - order.firsts.keys():
        if name in here:
            marks[name] = CURRENT
        elif name in finished:
            marks[name] = AGAIN if name in ahead else DONE
        else:
            passed = here and STOPPED not in here and name not in ahead
            marks[name] = SKIPPED if passed else AHEAD
    return marks


class _Order:
    """Steps and forks as they are written.

    `rank` place of every step and fork; `firsts` fork -> the first steps of its lanes; `forks` lane's end -> its fork.
    """

    def __init__(self, steps: Sequence[Data]) -> None:
        self.rank: dict[str, int] = {}
        self.firsts: dict[str, list[str]] = {}
        self.forks: dict[str, str] = {}
        self._read(steps)

    def _read(self, steps: Sequence[Data]) -> None:
        for step in steps:
            self.rank[step["id"]] = len(self.rank)
            for group in step.get("groups", ()):
                self.firsts.setdefault(step["id"], []).append(group["steps"][0]["id"])
                self.forks[f"{group['id']}/done"] = step["id"]
                self._read(group["steps"])


def _reached(here: Iterable[str], order: _Order, forward: Iterable[tuple[str, str]]) -> set[str]:
    """The steps that come after `here` by ways that lead forward in the order written."""
    ways: Mapping[str, list[str]] = {name: [] for name in order.rank}
    for source, target in forward:
        if order.rank.get(target, len(order.rank)) > order.rank[source]:
            ways[source].append(target)
    found: set[str] = set()
    todo = [target for name in here if name in ways for target in ways[name]]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        if name in order.forks:
            todo += ways[order.forks[name]]
        else:
            todo += order.firsts.get(name) or ways.get(name, [])
    return found
