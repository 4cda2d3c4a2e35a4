"""A flow tried out on a throw-away store: walked to its end several ways, every guard of every step broken and mended.

Three walks: as the examples have it, with every branch condition made true, with every one made false; and some more,
each with other conditions true, while there are ways that none has taken. At each step that
a walk comes to for the first time every guard is broken (the order must be refused with the guard's code) and mended (it
must be refused for it no more), every required control is found asked, and every way back or after a failure is taken;
all of that is undone again. The program tells its flows' soundness with it; nothing here writes a real store.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

from yk.desk.desk import Desk
from yk.desk.order import OPEN, WorkOrder
from yk.desk.running import Plan, fill_in, opened_for_run, operator_for, run
from yk.desk.trying import Trial, alter, examine, undone
from yk.errors import Refused
from yk.flows.flow import Flow
from yk.flows.guards import find_condition, find_guard
from yk.flows.ways import taken

AS_WRITTEN, ALL_YES, ALL_NO = "examples", "yes", "no"
MIXED = 4
"""At most so many further walks, each with other conditions true, while there are ways that none has taken."""
MOST_STEPS = 200
MENDING = 3
"""So many rounds: mending one guard may show that another is broken."""


def try_out(flow: Flow, fresh: Callable[[], Desk], customer: str = "") -> Trial:
    """Walk a flow three ways, each on a desk of its own with a store that nobody else needs."""
    trial = Trial(flow)
    for way in (AS_WRITTEN, ALL_YES, ALL_NO):
        trial.ends[way] = _walk(fresh(), trial, way, customer)
    for number in range(MIXED):
        if trial.ways <= trial.moves:
            break
        trial.ends[f"{number}"] = _walk(fresh(), trial, f"{number}", customer)
    return trial


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
                examine(desk, trial, case, step)
                if trial.flow.step(step)["sign"]:
                    with undone(desk):
                        _disagree(desk, trial, case, step)
            if way not in (AS_WRITTEN, ALL_YES, ALL_NO):
                _mend(desk, case, step)
            _go(desk, trial, case, step)
        except Refused as refused:
            told = "；".join(reason.message for reason in refused.reasons)
            trial.failures.append(f"{way}：{flow.steps[step]['name']} 走不下去：{told}")
            return f"stuck at {step}"
    return "endless"


def _prepare(desk: Desk, order: WorkOrder, step: str, way: str) -> None:
    """Form, materials, branch conditions, controls: everything right for leaving `step`."""
    desk.act_as(operator_for(desk, order, desk.flow_of(order).step(step)).id)
    fill_in(desk, order.case, step)
    if way != AS_WRITTEN:
        for name in _branching(desk.flow_of(order), step):
            one = find_condition(name)
            alter(desk, order.case, step, one.yes if _is_yes(name, way) else one.no)
        fill_in(desk, order.case, step)
    for child, at in desk.get(order.case).children:
        if at == step and desk.get(child).status == OPEN:
            list(run(desk, child, Plan(confirm_all=True, fill=True)))
            desk.act_as(operator_for(desk, order, desk.flow_of(order).step(step)).id)
            fill_in(desk, order.case, step)


def _mend(desk: Desk, case: str, step: str) -> None:
    """What a coin has tossed may break a rule (works without their fee): the guards that say so are mended."""
    for _ in range(MENDING):
        exam = desk.examination(desk.get(case), step)
        names = exam.flow.step(step)["guards"]
        broken = [name for name in names if list(find_guard(name).check(exam.facts))]
        if not broken:
            return
        for name in broken:
            alter(desk, case, step, find_guard(name).mends)


def _is_yes(condition: str, way: str) -> bool:
    """Does a walk make this condition true? Mixed walks toss a coin that always falls the same way."""
    return way == ALL_YES or (way != ALL_NO and bool(crc32(f"{way}{condition}".encode()) & 8))


def _branching(flow: Flow, step: str) -> list[str]:
    """The conditions that choose a way from this step, and those later ways that a field of this step decides."""
    here = {way["when"] for way in flow.step(step)["next"]}
    later = {s["when"] for s in flow.steps.values()} | {
        w["when"] for s in flow.steps.values() for w in s["next"]
    }
    mine = {spec["name"] for spec in flow.fields_at(step)}
    chosen = here | {name for name in later - {""} if find_condition(name).field in mine}
    return sorted(chosen - {""})


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
