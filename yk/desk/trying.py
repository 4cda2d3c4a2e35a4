"""What is tried at one step of a flow on a throw-away store: guards, conditions, controls, ways, effects; each undone again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from yk.archive.dictionary import entities
from yk.desk.desk import Desk
from yk.errors import Reason
from yk.flows.change import Change
from yk.flows.flow import Flow
from yk.flows.guards import Guard, find_condition, find_guard
from yk.flows.ways import ways

Data = dict[str, Any]
Pair = tuple[str, str]


@dataclass(slots=True)
class Trial:
    """What was seen of one flow. Pairs are (step, guard) or (step, target); `failures` says what did not go as it must."""

    flow: Flow
    ends: dict[str, str] = field(default_factory=dict)
    steps: set[str] = field(default_factory=set)
    moves: set[Pair] = field(default_factory=set)
    refused: set[Pair] = field(default_factory=set)
    mended: set[Pair] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    @property
    def guards(self) -> set[Pair]:
        """Every (step, guard) the flow asks."""
        return {(name, guard) for name, step in self.flow.steps.items() for guard in step["guards"]}

    @property
    def ways(self) -> set[Pair]:
        """Every way of the flow."""
        return ways(self.flow)

    @property
    def wanted_controls(self) -> set[str]:
        """Every control of the flow that a person must answer, and every one a guard answers."""
        every = (c for step in self.flow.steps.values() for c in step["controls"])
        return {c["id"] for c in every if c["required"] or c["guard"]}


@contextmanager
def undone(desk: Desk) -> Iterator[None]:
    """Everything inside is taken back."""
    with desk.store.transaction():
        yield
        desk.store.medium.doom()


def alter(desk: Desk, case: str, step: str, recipe: Any, event: str = "try", reason: str = "") -> Change:
    """Change the throw-away world as a recipe says, and log it as `event`."""
    with desk.unit():
        order = desk.get(case)
        change: Change = recipe(desk.facts(order, desk.flow_of(order), step))
        for entity, row in change.put:
            fields = entities()[entity].fields
            assert {name: fields[name].parse(value) for name, value in row.items()} == dict(row), (
                entity,
                row,
            )
        for code, handed in change.materials.items():
            order.materials[code] = {"state": "attached", **handed}
        desk.apply(order, change)
        desk.log(order, event, reason=reason)
    return change


def examine(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """Everything there is to try at a step, each thing undone again."""
    spec = trial.flow.step(step)
    _see_controls(desk, trial, case, step)
    for name in spec["guards"]:
        with undone(desk):
            _try_guard(desk, trial, case, step, find_guard(name))
    for name in set(trial.flow.conditions_at(step)) - trial.conditions:
        trial.conditions.add(name)
        with undone(desk):
            _try_condition(desk, trial, case, step, name)
    if spec["effects"] and not spec["sign"]:
        with undone(desk):
            _try_undoing(desk, trial, case, step)
    for target in spec["back"]:
        with undone(desk):
            desk.return_(case, target, "试走", step=step)
            trial.moves.add((step, target))
    if spec["on_fail"]:
        with undone(desk):
            desk.fail(case, "试走", step=step)
            trial.moves.add((step, spec["on_fail"]))


def _try_undoing(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """What the effects of a step write can be taken back to the last field."""
    before = _archive(desk)
    desk.confirm(case, [], every=True, step=step)
    desk.send(case, step=step)
    desk.take_back(desk.changes)
    if _archive(desk) != before:
        trial.failures.append(f"{trial.flow.step(step)['name']} 的归档影响收不回来")


def _archive(desk: Desk) -> dict[str, dict[Any, Data]]:
    """Everything the archive holds: entity -> id -> what is filled in of the row."""
    tables = {name: desk.store.table(name) for name in entities()}
    return {
        name: {d.doc_id: {k: v for k, v in d.items() if v is not None} for d in table}
        for name, table in tables.items()
    }


def _see_controls(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """A control that is required is asked while it is open, and holds the order up when it failed."""
    spec = trial.flow.step(step)
    open_ = {reason.control for reason in _reasons(desk, case, step) if reason.code == "control_open"}
    trial.controls |= {control["id"] for control in spec["controls"] if control["id"] in open_}
    for control in trial.flow.asked_controls(step):
        if control["required"] and control["id"] not in open_:
            trial.failures.append(f"{spec['name']} 没有问必答的措施 {control['id']}")


def _try_guard(desk: Desk, trial: Trial, case: str, step: str, guard: Guard) -> None:
    label = f"{trial.flow.step(step)['name']} 的守卫 {guard.name}"
    notice = bool(guard.level_setting) and desk.settings[guard.level_setting] == "notice"
    code = "notice_open" if notice else guard.code
    asking = {c["id"] for c in trial.flow.step(step)["controls"] if c["guard"] == guard.name}
    if _held(desk, case, step, guard, code):
        trial.failures.append(f"{label} 还没有弄坏就不过")
    alter(desk, case, step, guard.breaks)
    if _held(desk, case, step, guard, code):
        trial.refused.add((step, guard.name))
        trial.controls |= asking
    else:
        trial.failures.append(f"{label} 弄坏了却没有拒绝")
    alter(desk, case, step, guard.mends)
    if _held(desk, case, step, guard, code):
        trial.failures.append(f"{label} 弄好了还在拒绝")
    else:
        trial.mended.add((step, guard.name))

    if not _declares(desk, case, step, guard):
        trial.failures.append(f"{label} 看了没有声明的来源")


def _declares(desk: Desk, case: str, step: str, guard: Guard) -> bool:
    """Does the guard say the same when only the sources it declares are there?"""
    order = desk.get(case)
    whole = desk.facts(order, desk.flow_of(order), step)
    bare = desk.facts(order, desk.flow_of(order), step, {name: whole.archive[name] for name in guard.reads})
    try:
        return list(guard.check(bare)) == list(guard.check(whole))
    except KeyError:
        return False


def _try_condition(desk: Desk, trial: Trial, case: str, step: str, name: str) -> None:
    """A condition's recipes make it true and false."""
    one = find_condition(name)
    for recipe, wanted in ((one.yes, True), (one.no, False)):
        alter(desk, case, step, recipe)
        order = desk.get(case)
        if one.check(desk.facts(order, desk.flow_of(order), step)) is not wanted:
            trial.failures.append(f"条件 {name} 按配方没有变成{'是' if wanted else '否'}")


def _held(desk: Desk, case: str, step: str, guard: Guard, code: str) -> bool:
    """Is the order refused because of this guard?"""
    return any(
        reason.code == code and (code != "notice_open" or guard.name in reason.message)
        for reason in _reasons(desk, case, step)
    )


def _reasons(desk: Desk, case: str, step: str) -> list[Reason]:
    """Why the order may not leave `step` now; empty when it may."""
    order = desk.get(case)
    exam = desk.examination(order, step)
    exam.ask(desk.flow_of(order).gate(step))
    return list(exam.reasons)
