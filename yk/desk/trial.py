"""A flow tried out on a throw-away store: walked to its end several ways, every guard of every step broken and mended.

Three walks: as the examples have it, with every branch condition made true, with every one made false. At each step that
a walk comes to for the first time every guard is broken (the order must be refused with the guard's code) and mended (it
must be refused for it no more), every required control is found asked, and every way back or after a failure is taken;
all of that is undone again. The program tells its flows' soundness with it; nothing here writes a real store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from yk.archive.dictionary import entities
from yk.desk.desk import Desk
from yk.desk.examples import examples_of
from yk.desk.order import OPEN, WorkOrder
from yk.desk.running import Plan, hand_in, opened_for_run, operator_for, run
from yk.errors import Reason, Refused
from yk.flows.change import Change
from yk.flows.flow import Flow
from yk.flows.guards import Guard, conditions, guards
from yk.flows.ways import taken, ways

Data = dict[str, Any]
Pair = tuple[str, str]
AS_WRITTEN, ALL_YES, ALL_NO = "examples", "yes", "no"
MOST_STEPS = 200


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


def try_out(flow: Flow, fresh: Callable[[], Desk], customer: str = "") -> Trial:
    """Walk a flow three ways, each on a desk of its own with a store that nobody else needs."""
    trial = Trial(flow)
    for way in (AS_WRITTEN, ALL_YES, ALL_NO):
        trial.ends[way] = _walk(fresh(), trial, way, customer)
    return trial


@contextmanager
def _undone(desk: Desk) -> Iterator[None]:
    """Everything inside is taken back."""
    with desk.store.transaction():
        yield
        desk.store.medium.doom()


def _walk(desk: Desk, trial: Trial, way: str, customer: str) -> str:
    """One order from its start to where it ends; gives its last status, or why it stuck."""
    flow = trial.flow
    case = opened_for_run(desk, flow.id, customer or None, Plan())
    for _ in range(MOST_STEPS):
        order = desk.get(case)
        if order.status != OPEN:
            return order.status
        step = desk.steps_at(order)[0]
        try:
            _prepare(desk, order, step, way)
            if step not in trial.steps:
                trial.steps.add(step)
                _examine(desk, trial, case, step)
            _go(desk, trial, case, step)
        except Refused as refused:
            told = "；".join(reason.message for reason in refused.reasons)
            trial.failures.append(f"{way}：{flow.steps[step]['name']} 走不下去：{told}")
            return f"stuck at {step}"
    return "endless"


def _prepare(desk: Desk, order: WorkOrder, step: str, way: str) -> None:
    """Form, materials, branch conditions, controls: everything right for leaving `step`."""
    desk.act_as(operator_for(desk, order, desk.flow_of(order).step(step)).id)
    _fill(desk, order.case, step)
    if way != AS_WRITTEN:
        for name in _branching(desk.flow_of(order), step):
            one = conditions()[name]
            _alter(desk, order.case, step, one.yes if way == ALL_YES else one.no)
        _fill(desk, order.case, step)
    for child, at in desk.get(order.case).children:
        if at == step and desk.get(child).status == OPEN:
            list(run(desk, child, Plan(confirm_all=True, fill=True)))
            desk.act_as(operator_for(desk, order, desk.flow_of(order).step(step)).id)
            _fill(desk, order.case, step)


def _fill(desk: Desk, case: str, step: str) -> None:
    while examples := examples_of(desk, case, step):
        desk.fill(case, examples)
    hand_in(desk, case, step)


def _branching(flow: Flow, step: str) -> list[str]:
    """The conditions that choose a way from this step, and those later ways that a field of this step decides."""
    here = {way["when"] for way in flow.step(step)["next"]}
    later = {s["when"] for s in flow.steps.values()} | {
        w["when"] for s in flow.steps.values() for w in s["next"]
    }
    mine = {spec["name"] for spec in flow.fields_at(step)}
    chosen = here | {name for name in later - {""} if conditions()[name].field in mine}
    return sorted(chosen - {""})


def _alter(desk: Desk, case: str, step: str, recipe: Any) -> Change:
    """Change the throw-away world as a recipe says."""
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
        desk.log(order, "try")
    return change


def _examine(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """Everything there is to try at a step, each thing undone again."""
    spec = trial.flow.step(step)
    _see_controls(desk, trial, case, step)
    for name in spec["guards"]:
        with _undone(desk):
            _try_guard(desk, trial, case, step, guards()[name])
    for name in set(trial.flow.conditions_at(step)) - trial.conditions:
        trial.conditions.add(name)
        with _undone(desk):
            _try_condition(desk, trial, case, step, name)
    if spec["effects"] and not spec["sign"]:
        with _undone(desk):
            _try_undoing(desk, trial, case, step)
    for target in spec["back"]:
        with _undone(desk):
            desk.return_(case, target, "试走", step=step)
            trial.moves.add((step, target))
    if spec["sign"]:
        with _undone(desk):
            _disagree(desk, trial, case, step)
    if spec["on_fail"]:
        with _undone(desk):
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


def _disagree(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """One department does not agree at a joint sign-off: the arbitration decides."""
    spec = trial.flow.step(step)
    desk.act_as(operator_for(desk, desk.get(case), spec).id)
    desk.confirm(case, [], every=True, step=step)
    for number, department in enumerate(spec["sign"]["departments"]):
        desk.act_as(operator_for(desk, desk.get(case), {**spec, "role": department["role"]}).id)
        desk.sign(case, department["id"], "revise" if number == 0 else "agree", reason="试走")
    arbiter = desk.steps_at(desk.get(case))[0]
    trial.moves.add((step, spec["sign"]["arbitrate"]))
    if arbiter != step:
        trial.steps.add(arbiter)
        _prepare(desk, desk.get(case), arbiter, AS_WRITTEN)
        _go(desk, trial, case, arbiter)


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
    _alter(desk, case, step, guard.breaks)
    if _held(desk, case, step, guard, code):
        trial.refused.add((step, guard.name))
        trial.controls |= asking
    else:
        trial.failures.append(f"{label} 弄坏了却没有拒绝")
    _alter(desk, case, step, guard.mends)
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
    one = conditions()[name]
    for recipe, wanted in ((one.yes, True), (one.no, False)):
        _alter(desk, case, step, recipe)
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


def _go(desk: Desk, trial: Trial, case: str, step: str) -> None:
    """Answer every control and move on; notices are confirmed, each department of a sign-off agrees."""
    order = desk.get(case)
    spec = trial.flow.step(step)
    desk.act_as(operator_for(desk, order, spec).id)
    desk.confirm(case, [], every=True, step=step)
    if spec["sign"]:
        for department in spec["sign"]["departments"]:
            desk.act_as(operator_for(desk, order, {**spec, "role": department["role"]}).id)
            desk.sign(case, department["id"], "agree")
    else:
        desk.send(case, step=step)
    trial.moves |= taken(trial.flow, step, desk.steps_at(order), desk.steps_at(desk.get(case)))
