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
from yk.flows.flow import Flow, load
from yk.flows.guards import find_guard
from yk.scenario.obligations import obligations
from yk.scenario.result import Result
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Data, Scenario
from yk.scenario.world import forget

Item = tuple[str, str]
"""(dimension, item) as in `obligations`; of controls and guards without their side."""


class Change(NamedTuple):
    """A flow with one change. `kind`: guard | way | control; `told` what was changed, in Chinese; `item` what a scenario
    must have met to notice."""

    flow: str
    kind: str
    told: str
    item: Item


class Mutant(NamedTuple):
    """A change, and how to make the changed document."""

    change: Change
    make: Callable[[], Data]


class Verdict(NamedTuple):
    """What became of a mutant: the scenario that failed on it, '' when it survived."""

    mutant: Change
    killer: str


def mutants(flow: Flow) -> Iterator[Mutant]:
    """Every mutant of a flow."""
    for name in flow.doc["opens_if"]:
        guard = find_guard(name)
        told = Change(flow.id, "guard", f"建单不查“{guard.label}”", ("refusals", guard.code))
        yield Mutant(told, _without_opening(flow, name))
    for ident, step in flow.steps.items():
        for name in step["guards"]:
            text = f"“{step['name']}”不查“{find_guard(name).label}”"
            told = Change(flow.id, "guard", text, ("guards", f"{ident}/{name}"))
            yield Mutant(told, _without_guard(flow, ident, name))
        for control in _that_matter(step["controls"]):
            if control["required"] or control["guard"]:
                text = f"“{step['name']}”去掉措施 {control['id']}"
                told = Change(flow.id, "control", text, ("controls", control["id"]))
                yield Mutant(told, _without_control(flow, ident, control["id"]))
    yield from _ways(flow)


def _that_matter(controls: Sequence[Data]) -> Iterator[Data]:
    """The controls without which an order would be told something else: of several that one guard answers the first."""
    told: set[str] = set()
    for control in controls:
        if not control["guard"] or control["guard"] not in told:
            yield control
        told.add(control["guard"])


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
    for number, step in enumerate(steps):
        yield from _on(flow, steps, number, after)
        for target in step.get("back", ()):
            told = f"删去 “{step['name']}”退回“{_name(flow, target)}”"
            yield Mutant(_way(flow, step, target, told), _without_back(flow, step["id"], target))
        if step.get("on_fail"):
            told = f"删去 “{step['name']}”的不合格去向"
            yield Mutant(_way(flow, step, step["on_fail"], told), _set(flow, step["id"], "on_fail", ""))
        for group in step.get("groups", ()):
            yield from _of_sequence(flow, group["steps"], END)


def _on(flow: Flow, steps: Sequence[Data], number: int, after: str) -> Iterator[Mutant]:
    """The ways on from a step: each deleted where there are others, each redirected."""
    step, beside = steps[number], [one["id"] for one in steps]
    on = step["next"] or fall_through(steps[number + 1 :], after)
    owed = set(obligations(flow)["transitions"])
    for place, way in enumerate(on):
        target = after if way["to"] == END else way["to"]
        if f"{step['id']}>{target}" not in owed:
            continue  # no order can take it, so nobody can miss it
        told = f"“{step['name']}”→“{_name(flow, target)}”"
        if len(on) > 1:
            yield Mutant(_way(flow, step, target, f"删去 {told}"), _ways_on(flow, step["id"], on, place, ""))
        if other := _other(beside, step["id"], target):
            change = _way(flow, step, target, f"{told} 改为去“{_name(flow, other)}”")
            yield Mutant(change, _ways_on(flow, step["id"], on, place, other))


def _way(flow: Flow, step: Data, target: str, told: str) -> Change:
    return Change(flow.id, "way", told, ("transitions", f"{step['id']}>{target}"))


def _name(flow: Flow, place: str) -> str:
    named = next((one["name"] for one in walk(flow.doc["steps"]) if one["id"] == place), "")
    return str(named or ENDS.get(place, "这一组结束"))


def _other(beside: Sequence[str], step: str, target: str) -> str:
    """Another place in the same sequence: the one after the target, else the first that is neither it nor the step."""
    if target in beside and beside.index(target) + 1 < len(beside):
        return beside[beside.index(target) + 1]
    return next((one for one in beside if one not in (step, target)), "")


def _ways_on(flow: Flow, step: str, on: Sequence[Data], place: int, other: str) -> Callable[[], Data]:
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
def judge_files(flow: str, scenarios: Sequence[Scenario], kinds: Collection[str] = ()) -> list[Verdict]:
    """`judge` by the flow's id, for processes of their own."""
    return list(judge(load(flow), scenarios, kinds))


def judge(
    flow: Flow, scenarios: Iterable[Scenario], kinds: Collection[str] = (), dead: Collection[str] = ()
) -> Iterator[Verdict]:
    """What becomes of every mutant of a flow under these scenarios, those of `kinds` only when some are named, without
    those that are `dead` already (by what is told of them).

    Scenarios of other flows, and those that fail or are passed over on the flow as it is, notice nothing.
    """
    results = [run_scenario(one) for one in scenarios if one.flow == flow.id and not one.xfail]
    known = sorted((one for one in results if one.passed and not one.skipped), key=lambda one: one.seconds)
    met = [(one, _met(one), _met(one, _TELLING)) for one in known]
    for mutant in mutants(flow):
        if (kinds and mutant.change.kind not in kinds) or mutant.change.told in dead:
            continue
        item = mutant.change.item
        asked = [one.scenario for one, items, telling in met if item in telling]
        asked += [one.scenario for one, items, telling in met if item in items - telling]
        yield Verdict(mutant.change, _killer(mutant, asked) if asked else "")


_TELLING = ("", "no", "caught")
"""The sides of an item by which a scenario most likely notices that it is gone; those without sides have none."""


def _met(result: Result, sides: Collection[str] = ()) -> set[Item]:
    """What a scenario has met of its flow, by name: on any side, or on one of `sides`."""
    found = set()
    for dimension, flow, item in result.seen:
        name, _, side = item.partition("=")
        if flow == result.scenario.flow and (not sides or side in sides):
            found.add((dimension, name))
    return found


def _killer(mutant: Mutant, scenarios: Sequence[Scenario]) -> str:
    changed = Flow(mutant.make())
    try:
        for scenario in scenarios:
            if not _passes(scenario, changed):
                return scenario.ident
        return ""
    finally:
        forget(changed.digest)


def _passes(scenario: Scenario, flow: Flow) -> bool:
    """Does a scenario pass on a changed flow? One whose orders go where nothing was filled in may break an effect; then
    it has been noticed."""
    try:
        return run_scenario(scenario, {flow.id: flow}).passed
    except (KeyError, TypeError, ValueError, AssertionError):
        return False
