"""Acts on one work order: opening, filling, moving, holding, ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from yk.desk import views
from yk.desk.order import OPEN, WorkOrder
from yk.desk.running import Plan, all_agree, run
from yk.flows.flow import Flow, load
from yk.scenario.acting import ALL, answer, get_ready, hand_in, take_on, where
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.world import World
from yk.text import halfwidth

Act = Callable[[World, Scenario, Step], str]


def open_(world: World, scenario: Scenario, step: Step) -> str:
    """建单: open an order; it stays at its first step."""
    order = _opened(world, scenario, step)
    get_ready(world, order.case, world.desk.steps_at(order)[0], replace(step, data={}))
    return f"{world.desk.flow_of(order).name} {order.case} → {where(world, order)}"


def accept(world: World, scenario: Scenario, step: Step) -> str:
    """受理: open an order (or go on with the one that waits at its first step), get the step ready and send it on."""
    flow = _flow(world, scenario, step)
    waiting = _waiting(world, flow, step)
    if waiting is None:
        order, data = _opened(world, scenario, step), {}
    else:
        order, data = waiting, dict(step.what["data"])
        take_on(world, step, order, flow.step(flow.first))
    get_ready(world, order.case, flow.first, step, data)
    return _sent(world, order.case, flow.first)


def _flow(world: World, scenario: Scenario, step: Step) -> Flow:
    ident = step.what["flow"] or scenario.flow
    return world.desk.flows.get(ident) or load(ident)


def _waiting(world: World, flow: Flow, step: Step) -> WorkOrder | None:
    """The order in hand, when it is what is accepted: open, of this flow and account, at its first step."""
    if not world.case or step.label:
        return None
    order = world.order()
    wanted = halfwidth(step.what["customer"]) or order.cons_no
    fits = order.status == OPEN and order.flow == flow.id and order.cons_no == wanted
    return order if fits and flow.first in world.desk.steps_at(order) else None


def _opened(world: World, scenario: Scenario, step: Step) -> WorkOrder:
    """A new order with what may be filled in at once."""
    flow = _flow(world, scenario, step)
    take_on(world, step, None, flow.step(flow.first))
    data = dict(step.what["data"]) | (dict(step.data) if step.act == "open" else {})
    order = world.desk.open(flow.id, step.what["customer"] or None, data)
    world.case = order.case
    if step.label:
        world.orders[step.label] = order.case
    return order


def do(world: World, scenario: Scenario, step: Step) -> str:
    """办理: get a step ready and send it on; at a joint sign-off every department agrees."""
    order = world.order(step.order)
    at = _at(world, order, step)
    if order.status != OPEN or at not in world.desk.steps_at(order):
        if step.by:
            world.act_as(step.by)
        return _sent(world, order.case, at, step.to)
    spec = world.desk.flow_of(order).step(at)
    take_on(world, step, order, spec)
    get_ready(world, order.case, at, step)
    if spec["sign"] and not step.to:
        moved, _ = all_agree(world.desk, world.desk.get(order.case), at)
        return f"{spec['name']} 各部门同意 → {where(world, moved)}"
    return _sent(world, order.case, at, step.to)


def prepare(world: World, scenario: Scenario, step: Step) -> str:
    """备齐: fill, hand in and confirm what a step wants, as usual; it is not sent on."""
    order = world.order(step.order)
    at = _at(world, order, step)
    take_on(world, step, order, world.desk.flow_of(order).step(at))
    get_ready(world, order.case, at, replace(step, usual=True))
    return f"备齐 {world.desk.flow_of(order).step(at)['name']}"


def _at(world: World, order: WorkOrder, step: Step) -> str:
    """The step that is meant: the one named, else the one the order stands at."""
    if step.what:
        return views.find_step(world.desk.flow_of(order), str(step.what))
    return world.desk.step_for(order, None) if order.status == OPEN else ""


def _sent(world: World, case: str, at: str, to: str = "") -> str:
    moved = world.desk.send(case, to or None, step=at or None)
    name = world.desk.flow_of(moved).step(at)["name"] if at else "送出"
    return f"{name} → {where(world, moved)}"


def return_(world: World, scenario: Scenario, step: Step) -> str:
    """退回 to an earlier step, with a reason."""
    order = world.order(step.order)
    to = views.find_step(world.desk.flow_of(order), str(step.what["to"]))
    at = _leaving(world, order, step, lambda spec: to in spec["back"])
    moved = world.desk.return_(order.case, to, step.what["reason"], step=at)
    return f"退回 → {where(world, moved)}：{step.what['reason']}"


def fail(world: World, scenario: Scenario, step: Step) -> str:
    """不合格: record a failed inspection."""
    order = world.order(step.order)
    at = _leaving(world, order, step, lambda spec: bool(spec["on_fail"]))
    moved = world.desk.fail(order.case, step.what["reason"], step=at)
    return f"不合格 → {where(world, moved)}：{step.what['reason']}"


def _leaving(world: World, order: WorkOrder, step: Step, may: Callable[[Data], bool]) -> str | None:
    """The step a move leaves: the one named, else of those the order stands at the one that may; somebody in charge of it
    is in hand then. None lets the desk decide."""
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    named = views.find_step(flow, step.what["from"]) if step.what["from"] else ""
    fitting = [named] if named else [name for name in here if may(flow.step(name))] or here
    _in_charge(world, step, order, fitting[0] if fitting else "")
    return fitting[0] if named or len(here) > 1 else None


def sign(world: World, scenario: Scenario, step: Step) -> str:
    """会签: departments give their opinions, each by somebody of its role."""
    order = world.order(step.order)
    flow = world.desk.flow_of(order)
    told = []
    for one in step.what:
        order = world.desk.get(order.case)
        signing = next((s for s in world.desk.steps_at(order) if flow.step(s)["sign"]), "")
        if signing:
            if step.usual or step.confirm or step.data or step.materials:
                take_on(world, step, order, flow.step(signing))
                get_ready(world, order.case, signing, step)
            departments = {d["name"]: d for d in flow.step(signing)["sign"]["departments"]}
            departments |= {d["id"]: d for d in departments.values()}
            role = departments.get(one["department"], {}).get("role")
            take_on(world, step, order, {**flow.step(signing), **({"role": role} if role else {})})
        elif step.by:
            world.act_as(step.by)
        world.desk.sign(order.case, one["department"], one["opinion"], reason=str(one["reason"] or ""))
        told.append(f"{one['department']} {views.OPINION_NAMES[one['opinion']]}")
    return f"会签 {'，'.join(told)} → {where(world, world.desk.get(order.case))}"


def _taken(world: World, step: Step) -> WorkOrder:
    """The order meant, with somebody in charge who may act where it stands."""
    order = world.order(step.order)
    here = world.desk.steps_at(order)
    _in_charge(world, step, order, here[0] if here else "")
    return order


def _in_charge(world: World, step: Step, order: WorkOrder, at: str) -> None:
    """Somebody who may act at a step is in hand; where the order stands at none, whoever the scenario names."""
    if at:
        take_on(world, step, order, world.desk.flow_of(order).step(at))
    elif step.by:
        world.act_as(step.by)


def suspend(world: World, scenario: Scenario, step: Step) -> str:
    """挂起, with a reason."""
    order = _taken(world, step)
    world.desk.suspend(order.case, str(step.what))
    return f"挂起：{step.what}"


def resume(world: World, scenario: Scenario, step: Step) -> str:
    """恢复, with a reason."""
    order = _taken(world, step)
    world.desk.resume(order.case, str(step.what))
    return f"恢复：{step.what}"


def stop(world: World, scenario: Scenario, step: Step) -> str:
    """终止, with a reason."""
    order = _taken(world, step)
    world.desk.stop(order.case, str(step.what))
    return f"终止：{step.what}"


def take_back(world: World, scenario: Scenario, step: Step) -> str:
    """撤回: undo the last step of whoever did it, or of the person named."""
    order = world.order(step.order)
    events = world.desk.events(order.case)
    world.act_as(step.by or str(events[-1]["operator"]))
    moved = world.desk.take_back_last(order.case)
    return f"撤回 → {where(world, moved)}"


def unlock(world: World, scenario: Scenario, step: Step) -> str:
    """解锁: a supervisor grants a red step its limit anew."""
    order = world.order(step.order)
    world.act_as(step.by or "supervisor")
    world.desk.unlock(order.case, str(step.what.get("reason") or ""), str(step.what.get("cause") or ""))
    return f"解锁：{step.what.get('reason')}"


def fill(world: World, scenario: Scenario, step: Step) -> str:
    """填写 form fields; by whoever does the step that has them."""
    order, values = world.order(step.order), {**step.what, **step.data}
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    at = next((one for one in here if _asks(flow, one, values)), here[0] if here else "")
    _in_charge(world, step, order, at)
    world.desk.fill(order.case, values)
    return f"填写 {'、'.join(map(str, step.what))}"


def _asks(flow: Flow, step: str, values: Mapping[str, Any]) -> bool:
    """Does the form of a step have one of these fields, by name or label?"""
    return any(not {field["name"], field["label"]}.isdisjoint(values) for field in flow.fields_at(step))


def receive(world: World, scenario: Scenario, step: Step) -> str:
    """收资: hand in papers."""
    order = _taken(world, step)
    papers = step.what if isinstance(step.what, dict | list | tuple) else [step.what]
    hand_in(world, order.case, papers)
    return f"收资 {'、'.join(map(str, papers))}"


def confirm(world: World, scenario: Scenario, step: Step) -> str:
    """确认 controls where the order stands: each at the step that has it; all open ones at the step of whoever acts."""
    order = world.order(step.order)
    controls: Any = step.what if isinstance(step.what, dict | list) else [step.what]
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    named = [str(one) for one in controls if str(one) not in ALL]
    at = next((name for name in here if _has(flow, name, named)), here[0] if here else "")
    if step.by and not named:
        world.act_as(step.by)
        mine = world.desk.operator.roles
        at = next((name for name in here if flow.step(name)["role"] in mine), at)
    if at:
        take_on(world, step, order, flow.step(at))
    answer(world, order.case, at, controls)
    return f"确认 {'、'.join(map(str, controls))}"


def _has(flow: Flow, step: str, controls: Sequence[str]) -> bool:
    """Does a step have one of these controls, named wholly or without the entry's prefix?"""
    known = flow.manual_controls(step)
    entry = flow.step(step)["entry"]
    return any(name in known for word in controls for name in (word, f"YXZY-YY-{word}", f"{entry}.{word}"))


def run_on(world: World, scenario: Scenario, step: Step) -> str:
    """快进: go forward as usual until a step, or to the end."""
    order = world.order(step.order)
    if step.by:
        world.act_as(step.by)
    plan = Plan(dict(step.data), confirm_all=True, fill=True, until=str(step.what))
    count = sum(1 for _ in run(world.desk, order.case, plan))
    return f"快进 {count} 个环节 → {where(world, world.desk.get(order.case))}"


def check(world: World, scenario: Scenario, step: Step) -> str:
    """核对: nothing is done, only looked at."""
    return step.said


def take_up(world: World, scenario: Scenario, step: Step) -> str:
    """接着办: another order is in hand from now on, by its name."""
    world.case = world.number(str(step.what))
    return f"接着办 {world.desk.flow_of(world.order()).name} {world.case}"


ACTS: dict[str, Act] = {
    "open": open_,
    "accept": accept,
    "do": do,
    "return": return_,
    "fail": fail,
    "sign": sign,
    "suspend": suspend,
    "resume": resume,
    "stop": stop,
    "take_back": take_back,
    "unlock": unlock,
    "prepare": prepare,
    "fill": fill,
    "hand_in": receive,
    "confirm": confirm,
    "run": run_on,
    "check": check,
    "take_up": take_up,
}
