"""Running a work order forward step by step, each step by an operator who holds its role and may act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yk.desk import duty, views
from yk.desk.checklist import items
from yk.desk.desk import Desk
from yk.desk.examples import examples_of
from yk.desk.form import field_of
from yk.desk.operators import Operator, all_operators
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused, UsageError, YkError
from yk.flows.flow import Flow, find
from yk.text import halfwidth

Data = dict[str, Any]
MOST_MOVES = 500
"""A run that has not ended by then goes round in a circle."""


@dataclass(slots=True)
class Plan:
    """How to run. `data` fills each field at its own step; `confirm_all` answers controls done; `fill` uses the
    form's example values and hands in what is missing (lessons, trials); `until` names the step to stop at."""

    data: dict[str, object] = field(default_factory=dict)
    confirm_all: bool = False
    fill: bool = False
    until: str = ""


def opened_for_run(desk: Desk, target: str, customer: str | None, plan: Plan) -> str:
    """The number of the order to run: `target` itself, or that of a new order of the flow `target`.

    A trial (`plan.fill`) that names no customer takes the one of the flow's demonstration, where the archive has it.
    Fields of the first step are taken out of `plan.data` and filled at once. Raises as `Desk.open` does, and
    UsageError for a field or a step that the flow does not have; nothing is opened then.
    """
    number = halfwidth(target)
    if len(number) == 12 and number.isdecimal():
        return desk.get(number).case
    flow = find(target)
    if plan.until:
        views.find_step(flow, plan.until)
    first = flow.step(flow.first)
    if first["role"] not in desk.operator.roles:
        desk.act_as(
            next((o.id for o in all_operators(desk.store) if first["role"] in o.roles), desk.operator.id)
        )
    mine = {name: value for name, value in plan.data.items() if field_of(flow, name)["step"] == flow.first}
    plan.data = {name: value for name, value in plan.data.items() if name not in mine}
    shown = flow.doc["demo"].get("customer", "") if plan.fill and flow.doc["customer"] else ""
    if customer is None and shown and desk.store.table("customer").has(shown):
        customer = shown
    return desk.open(flow.id, customer, mine).case


def run(desk: Desk, case: str, plan: Plan) -> Iterator[Data]:
    """Go forward until done, refused or at `plan.until`; yields `{step, title, operator, items, to}` a step.

    Raises Refused with the order left at the step that refused; UsageError for fields and a goal that lie behind.
    """
    order = desk.get(case)
    order.require_open()
    flow = desk.flow_of(order)
    until = views.find_step(flow, plan.until) if plan.until else ""
    given = _ahead(desk, order, flow, plan, until)
    for _ in range(MOST_MOVES):
        order = desk.get(case)
        steps = desk.steps_at(order)
        if order.status == SUSPENDED:
            order.require_open()
        if order.status != OPEN or not steps or (until and _reached(flow, steps, until)):
            return
        for child, step in order.children:
            if step in steps and desk.get(child).status == OPEN:
                yield from run(desk, child, Plan({}, plan.confirm_all, plan.fill))
        yield _step(desk, order, steps[0], given, plan)
    raise YkError("endless_run", f"工单 {case} 走了 {MOST_MOVES} 步还没有办结", "检查流程里的循环")


def _ahead(desk: Desk, order: WorkOrder, flow: Flow, plan: Plan, until: str) -> dict[str, object]:
    """The fields of the plan by name. Raises UsageError when one of them, or the goal, is behind the order."""
    names, here = list(flow.steps), desk.steps_at(order)
    behind = set(names[: min(map(names.index, here))])
    if until in behind:
        now = "、".join(views.step_names(flow, here))
        raise UsageError("step_passed", f"工单 {order.case} 已过“{flow.steps[until]['name']}”，现在“{now}”")
    given = {}
    for word, value in plan.data.items():
        spec = field_of(flow, word)
        if spec["step"] in behind:
            where = flow.steps[spec["step"]]["name"]
            message = f"{spec['label']}（{spec['name']}）在“{where}”填写，工单 {order.case} 已过这个环节"
            raise UsageError("field_not_here", message, "先退回：yk case return")
        given[spec["name"]] = value
    return given


def _reached(flow: Flow, steps: list[str], until: str) -> bool:
    """Is the goal reached, or passed because the flow skips it?"""
    names = list(flow.steps)
    return until in steps or all(names.index(step) > names.index(until) for step in steps)


def _step(desk: Desk, order: WorkOrder, step: str, given: dict[str, object], plan: Plan) -> Data:
    flow = desk.flow_of(order)
    spec = flow.step(step)
    if spec["sign"]:
        return _sign(desk, order, step, plan)
    operator = operator_for(desk, order, spec)
    desk.act_as(operator.id)
    values = {n: given.pop(n) for n in list(given) if flow.fields[n]["step"] == step}
    if values:
        desk.fill(order.case, values)
    if plan.fill:
        fill_in(desk, order.case, step)
    if plan.confirm_all:
        desk.confirm(order.case, [], every=True, step=step)
    asked = items(desk.examination(desk.get(order.case), step))
    moved = desk.send(order.case, step=step)
    return {
        "case": order.case,
        "step": step,
        "entry": spec["entry"],
        "title": spec["title"] or spec["name"],
        "operator": operator.id,
        "items": asked,
        "to": desk.steps_at(moved) or [moved.status],
        "changes": desk.changes,
    }


def _sign(desk: Desk, order: WorkOrder, step: str, plan: Plan) -> Data:
    """Every department that has not signed agrees, once the step's controls are answered."""
    spec = desk.flow_of(order).step(step)
    if plan.confirm_all:
        desk.act_as(operator_for(desk, order, spec).id)
        order = desk.confirm(order.case, [], every=True, step=step)
    asked = items(desk.examination(order, step))
    moved, who = all_agree(desk, order, step)
    return {
        "case": order.case,
        "step": step,
        "entry": spec["entry"],
        "title": spec["title"] or spec["name"],
        "operator": who,
        "items": asked,
        "to": desk.steps_at(moved) or [moved.status],
        "changes": desk.changes,
    }


def all_agree(desk: Desk, order: WorkOrder, step: str) -> tuple[WorkOrder, str]:
    """Every department that has not signed agrees, each by somebody of its role: the order, who signed last."""
    spec = desk.flow_of(order).step(step)
    moved, who = order, ""
    for department in spec["sign"]["departments"]:
        if f"{step}/{department['id']}/wait" in moved.at:
            who = operator_for(desk, order, {**spec, "role": department["role"]}).id
            desk.act_as(who)
            moved = desk.sign(order.case, department["id"], "agree")
    return moved, who


def operator_for(desk: Desk, order: WorkOrder, spec: Mapping[str, Any]) -> Operator:
    """Somebody who holds the step's role and did nothing incompatible; the present operator first."""
    everybody = [desk.operator, *all_operators(desk.store)]
    able = [o for o in everybody if not duty.reasons(o, order, spec, desk.settings)]
    if not able:
        message = f"没有能办“{spec['name']}”的经办人：要有角色 {spec['role']}，且未办过不相容的环节"
        raise Refused(
            [Reason("role_missing", message, spec["entry"])], "yk operator add 编号 --name 姓名 --role 角色"
        )
    return able[0]


def fill_in(desk: Desk, case: str, step: str) -> None:
    """Fill what the step requires with the form's example values, and hand in its materials."""
    # One value may make another field required, so the examples go in rounds.
    while examples := examples_of(desk, case, step):
        desk.fill(case, examples)
    hand_in(desk, case, step)


def hand_in(desk: Desk, case: str, step: str) -> None:
    """Hand in every material the step would refuse for."""
    exam = desk.examination(desk.get(case), step)
    for material in exam.flow.doc["materials"]:
        if exam.material(material)[1]:
            desk.attach(case, material["code"])
