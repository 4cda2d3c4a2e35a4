"""What is owed to a flow in Chinese words, and the words that mean it: an entry, a step, a guard, a risk, a control, a code."""

from __future__ import annotations

from collections.abc import Iterable

from yk.flows.catalogue import PREFIX
from yk.flows.definition import END, ENDS, walk
from yk.flows.diagram.graph import LANE_END, graph
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.scenario import words
from yk.scenario.obligations import obligations, side_name
from yk.text import halfwidth

Item = tuple[str, str]
"""(dimension, item)."""
_STRAIGHT = ("on", "skip")
"""Kinds of ways that need no word."""


class Names:
    """The names of what is owed to one flow."""

    def __init__(self, flow: Flow) -> None:
        steps = flow.steps.values()
        self.flow = flow
        self._places = {step["id"]: step["name"] for step in walk(flow.doc["steps"])} | ENDS | {END: LANE_END}
        self._kinds = {(e.source, e.target): e.label for e in graph(flow).edges if e.kind not in _STRAIGHT}
        self._home = {c["id"]: (step["id"], c) for step in steps for c in step["controls"]}
        self._risks = {c["risk"]: (step, c["risk_text"]) for step, c in self._home.values()}
        guards = [*flow.doc["opens_if"], *(guard for step in steps for guard in step["guards"])]
        self._labels = {find_guard(name).code: find_guard(name).label for name in reversed(guards)}

    def of(self, dimension: str, item: str) -> str:
        """An item in words, in one line."""
        if dimension == "states":
            return str(self._places[item])
        if dimension == "transitions":
            source, _, target = item.partition(">")
            kind = self._kinds.get((source, target), "")
            return f"{self._places[source]}→{self._places[target]}{f'（{kind}）' if kind else ''}"
        if dimension == "refusals":
            return words.words("refusal").get(item) or f"违反“{self._labels[item]}”"
        what, _, side = item.partition("=")
        if dimension in ("controls", "risks"):
            return f"{what.removeprefix(PREFIX)} {side_name(side)}：{self._text(dimension, what)}"
        step, _, guard = what.partition("/")
        return f"{self._places[step]}{f'“{find_guard(guard).label}”' if guard else ''}：{side_name(side)}"

    def _text(self, dimension: str, what: str) -> str:
        """What a control or risk says; nobody is asked what a guard answers, so there the measure stands for itself."""
        if dimension == "risks":
            return str(self._risks[what][1])
        control = self._home[what][1]
        return str(control["check"] or control["text"])

    def meant(self, word: str) -> list[Item]:
        """What `word` means, in the flow's order; nothing when it means nothing of this flow.

        An entry (`YXZY-YY-334`, `334`) and a step (id or name) mean all that belongs to the step; a risk its controls
        too, a guard (id or label) the controls it answers; a refusal is meant by its code or name.
        """
        wanted = halfwidth(word).casefold()
        return [
            (dimension, item)
            for dimension, items in obligations(self.flow).items()
            for item in items
            if wanted in map(str.casefold, self._words(dimension, item))
        ]

    def _words(self, dimension: str, item: str) -> Iterable[str]:
        """Every word that means an item."""
        what, _, _ = item.partition("=")
        if dimension == "refusals":
            return (item, words.chinese("refusal", item))
        if dimension == "controls":
            step, control = self._home[what]
            guard = self._guard_words(control["guard"]) if control["guard"] else ()
            return (*_with_short(what), *_with_short(control["risk"]), *guard, *self._step_words(step))
        if dimension == "risks":
            return (*_with_short(what), *self._step_words(self._risks[what][0]))
        if dimension == "guards":
            step, _, guard_name = what.partition("/")
            return (*self._guard_words(guard_name), *self._step_words(step))
        return self._step_words(what.partition(">")[0])

    def _step_words(self, step: str) -> Iterable[str]:
        entry = self.flow.steps[step]["entry"] if step in self.flow.steps else ""
        return (step, self._places[step], *_with_short(entry))

    @staticmethod
    def _guard_words(guard: str) -> Iterable[str]:
        return (guard, find_guard(guard).label)


def _with_short(ident: str) -> Iterable[str]:
    """A public id, and as it is written short."""
    return (ident, ident.removeprefix(PREFIX)) if ident else ()
