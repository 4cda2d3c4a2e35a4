"""Mutants of a flow: a guard dropped, a way deleted or redirected, a control dropped; and whether scenarios notice.

A mutant that no scenario fails on is a survivor: nothing tests what it lacks. A scenario is run on a mutant only where it
met what was changed, the quickest first; what it never meets it cannot notice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import NamedTuple

from yk.flows.compile import fall_through
from yk.flows.definition import COMPLETED, END, ENDS, walk
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.scenario.result import Result
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Data, Scenario
from yk.scenario.world import forget

Item = tuple[str, str]
"""(dimension, item) as in `obligations`; of controls and guards without their side."""


class Mutant(NamedTuple):
    """A flow with one change. `kind`: guard | way | control; `told` what was changed, in Chinese; `item` what a scenario
    must have met to notice; `make` gives the changed document."""

    flow: str
    kind: str
    told: str
    item: Item
    make: Callable[[], Data]


class Verdict(NamedTuple):
    """What became of a mutant: the scenario that failed on it, '' when it survived."""

    mutant: Mutant
    killer: str


def mutants(flow: Flow) -> Iterator[Mutant]:
    """Every mutant of a flow."""
    for name in flow.doc["opens_if"]:
        guard = find_guard(name)
        yield Mutant(
            flow.id,
            "guard",
            f"建单不查“{guard.label}”",
            ("refusals", guard.code),
            _without_opening(flow, name),
        )
    for ident, step in flow.steps.items():
        for name in step["guards"]:
            told = f"“{step['name']}”不查“{find_guard(name).label}”"
            yield Mutant(
                flow.id, "guard", told, ("guards", f"{ident}/{name}"), _without_guard(flow, ident, name)
            )
        for control in step["controls"]:
            if control["required"] or control["guard"]:
                told = f"“{step['name']}”去掉措施 {control['id']}"
                change = _without_control(flow, ident, control["id"])
                yield Mutant(flow.id, "control", told, ("controls", control["id"]), change)
    yield from _ways(flow)


# -- changes -----------------------------------------------------------------------------------------------------
def _changed(flow: Flow, change: Callable[[Mapping[str, Data], Data], None]) -> Callable[[], Data]:
    def make() -> Data:
        doc = deepcopy(flow.doc)
        change({step["id"]: step for step in walk(doc["steps"])}, doc)
        return doc

    return make


def _without_opening(flow: Flow, guard: str) -> Callable[[], Data]:
    return _changed(flow, lambda steps, doc: doc["opens_if"].remove(guard))


def _without_guard(flow: Flow, step: str, guard: str) -> Callable[[], Data]:
    def change(steps: Mapping[str, Data], doc: Data) -> None:
        steps[step]["guards"].remove(guard)
        steps[step]["controls"] = [one for one in steps[step]["controls"] if one["guard"] != guard]

    return _changed(flow, change)


def _without_control(flow: Flow, step: str, control: str) -> Callable[[], Data]:
    def change(steps: Mapping[str, Data], doc: Data) -> None:
        steps[step]["controls"] = [one for one in steps[step]["controls"] if one["id"] != control]

    return _changed(flow, change)


def _ways(flow: Flow) -> Iterator[Mutant]:
    """Every way deleted, and every way redirected to a place beside its own."""
    yield from _of_sequence(flow, flow.doc["steps"], COMPLETED)


def _of_sequence(flow: Flow, steps: Sequence[Data], after: str) -> Iterator[Mutant]:
    beside = [step["id"] for step in steps]
    for number, step in enumerate(steps):
        on = step["next"] or fall_through(steps[number + 1 :], after)
        for place, way in enumerate(on):
            target = after if way["to"] == END else way["to"]
            item = (
                "transitions",
                f"{step['id']}>{END if target == after and after != COMPLETED else target}",
            )
            told = f"“{step['name']}”→“{_name(flow, target)}”"
            if len(on) > 1:
                yield Mutant(flow.id, "way", f"删去 {told}", item, _way(flow, step["id"], on, place, ""))
            other = _other(beside, step["id"], target)
            if other:
                told = f"{told} 改为去“{_name(flow, other)}”"
                yield Mutant(flow.id, "way", told, item, _way(flow, step["id"], on, place, other))
        for target in step.get("back", ()):
            item = ("transitions", f"{step['id']}>{target}")
            told = f"“{step['name']}”退回“{_name(flow, target)}”"
            yield Mutant(flow.id, "way", f"删去 {told}", item, _without_back(flow, step["id"], target))
        if step.get("on_fail"):
            item = ("transitions", f"{step['id']}>{step['on_fail']}")
            yield Mutant(
                flow.id,
                "way",
                f"删去 “{step['name']}”的不合格去向",
                item,
                _set(flow, step["id"], "on_fail", ""),
            )
        for group in step.get("groups", ()):
            yield from _of_sequence(flow, group["steps"], END)


def _name(flow: Flow, place: str) -> str:
    named = next((one["name"] for one in walk(flow.doc["steps"]) if one["id"] == place), "")
    return str(named or ENDS.get(place, "这一组结束"))


def _other(beside: Sequence[str], step: str, target: str) -> str:
    """Another place in the same sequence: the one after the target, else the first that is neither it nor the step."""
    if target in beside and beside.index(target) + 1 < len(beside):
        return beside[beside.index(target) + 1]
    return next((one for one in beside if one not in (step, target)), "")


def _way(flow: Flow, step: str, on: Sequence[Data], place: int, other: str) -> Callable[[], Data]:
    """The step's ways on with one deleted ('') or leading elsewhere."""
    ways = [dict(way) for way in on]
    if other:
        ways[place]["to"] = other
    else:
        del ways[place]
        if not any(not way["when"] for way in ways):
            ways[-1] = ways[-1] | {"when": ""}
    return _set(flow, step, "next", ways)


def _without_back(flow: Flow, step: str, target: str) -> Callable[[], Data]:
    return _changed(flow, lambda steps, doc: steps[step]["back"].remove(target))


def _set(flow: Flow, step: str, key: str, value: object) -> Callable[[], Data]:
    return _changed(flow, lambda steps, doc: steps[step].__setitem__(key, value))


# -- judging -----------------------------------------------------------------------------------------------------
def judge(flow: Flow, scenarios: Iterable[Scenario], kinds: Collection[str] = ()) -> Iterator[Verdict]:
    """What becomes of every mutant of a flow under these scenarios, those of `kinds` only when some are named.

    Scenarios of other flows, and those that fail or are passed over on the flow as it is, notice nothing.
    """
    results = [run_scenario(one) for one in scenarios if one.flow == flow.id and not one.xfail]
    known = sorted((one for one in results if one.passed and not one.skipped), key=lambda one: one.seconds)
    met = [(one, _met(one)) for one in known]
    for mutant in mutants(flow):
        if kinds and mutant.kind not in kinds:
            continue
        asked = [one.scenario for one, items in met if mutant.item in items]
        yield Verdict(mutant, _killer(mutant, asked) if asked else "")


def _met(result: Result) -> set[Item]:
    """What a scenario has met of its flow; guards and controls by name, whatever their side."""
    items = [(dimension, item) for dimension, flow, item in result.seen if flow == result.scenario.flow]
    return {(dimension, item.partition("=")[0]) for dimension, item in items}


def _killer(mutant: Mutant, scenarios: Sequence[Scenario]) -> str:
    changed = Flow(mutant.make())
    try:
        for scenario in scenarios:
            if not run_scenario(scenario, {changed.id: changed}).passed:
                return scenario.ident
        return ""
    finally:
        forget(changed.digest)
