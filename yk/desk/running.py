"""Running a work order forward step by step, each step by an operator who holds its role and may act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yk.desk import duty, form
from yk.desk.checklist import items
from yk.desk.desk import Desk
from yk.desk.form import field_of
from yk.desk.operators import Operator, all_operators
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused, YkError
from yk.flows.flow import find

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

    Fields of the first step are taken out of `plan.data` and filled at once.
    """
    if len(target) == 12 and target.isdigit():
        return desk.get(target).case
    flow = find(target)
    first = flow.step(flow.first)
    if first["role"] not in desk.operator.roles:
        desk.act_as(
            next((o.id for o in all_operators(desk.store) if first["role"] in o.roles), desk.operator.id)
        )
    mine = {name: value for name, value in plan.data.items() if field_of(flow, name)["step"] == flow.first}
    plan.data = {name: value for name, value in plan.data.items() if name not in mine}
    return desk.open(flow.id, customer, mine).case


def run(desk: Desk, case: str, plan: Plan) -> Iterator[Data]:
    """Go forward until done, refused or at `plan.until`; yields `{step, title, operator, items, to}` a step.

    Raises Refused with the order left at the step that refused.
    """
    given = {field_of(desk.flow_of(desk.get(case)), name)["name"]: value for name, value in plan.data.items()}
    for _ in range(MOST_MOVES):
        order = desk.get(case)
        steps = desk.steps_at(order)
        if order.status != OPEN or not steps or plan.until in steps:
            if order.status == SUSPENDED:
                order.require_open()
            return
        for child, step in order.children:
            if step in steps and desk.get(child).status == OPEN:
                yield from run(desk, child, Plan({}, plan.confirm_all, plan.fill))
        yield _step(desk, order, steps[0], given, plan)
    raise YkError("endless_run", f"工单 {case} 走了 {MOST_MOVES} 步还没有办结", "检查流程里的循环")


def _step(desk: Desk, order: WorkOrder, step: str, given: dict[str, object], plan: Plan) -> Data:
    flow = desk.flow_of(order)
    spec = flow.step(step)
    if spec["sign"]:
        return _sign(desk, order, step, plan)
    operator = _operator_for(desk, order, spec)
    desk.act_as(operator.id)
    values = {n: given.pop(n) for n in list(given) if flow.fields[n]["step"] == step}
    if values:
        desk.fill(order.case, values)
    if plan.fill:
        # One value may make another field required, so the examples go in rounds.
        while examples := _examples(desk, order.case, step):
            desk.fill(order.case, examples)
        _hand_in(desk, order.case, step)
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
    """Every department that has not signed agrees."""
    spec = desk.flow_of(order).step(step)
    asked = items(desk.examination(order, step))
    moved, who = order, ""
    for department in spec["sign"]["departments"]:
        if f"{step}/{department['id']}/wait" in moved.at:
            operator = _operator_for(desk, order, {**spec, "role": department["role"]})
            desk.act_as(operator.id)
            who = operator.id
            moved = desk.sign(order.case, department["id"], "agree")
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


def _operator_for(desk: Desk, order: WorkOrder, spec: Mapping[str, Any]) -> Operator:
    """Somebody who holds the step's role and did nothing incompatible; the present operator first."""
    everybody = [desk.operator, *all_operators(desk.store)]
    able = [o for o in everybody if not duty.reasons(o, order, spec, desk.settings)]
    if not able:
        message = f"没有能办“{spec['name']}”的经办人：要有角色 {spec['role']}，且未办过不相容的环节"
        raise Refused(
            [Reason("role_missing", message, spec["entry"])], "yk operator add 编号 --name 姓名 --role 角色"
        )
    return able[0]


def _examples(desk: Desk, case: str, step: str) -> Data:
    """Example values for the fields that are required and empty."""
    exam = desk.examination(desk.get(case), step)
    missing = form.missing(exam.flow, step, exam.facts, exam.holds)
    return {spec["name"]: spec["example"] for spec in missing if spec["example"]}


def _hand_in(desk: Desk, case: str, step: str) -> None:
    """Hand in every material the step would refuse for."""
    exam = desk.examination(desk.get(case), step)
    for material in exam.flow.doc["materials"]:
        if exam.material(material)[1]:
            desk.attach(case, material["code"])
