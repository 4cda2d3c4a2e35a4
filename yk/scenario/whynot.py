"""Why an order stands where it stands: every move it could make, and what holds each up."""

from __future__ import annotations

from yk.desk.order import OPEN, WorkOrder
from yk.flows.guards import find_guard
from yk.scenario.scenario import Data
from yk.scenario.world import World
from yk.text import clip

MOST = 4
"""So many reasons are told of one move."""
_WIDE = 60


def why_not(world: World, order: WorkOrder) -> str:
    """One line: for each step the order stands at what its forward move asks and does not get, and the other moves."""
    if order.status != OPEN:
        return "工单已不在办"
    desk = world.desk
    flow = desk.flow_of(order)
    told = []
    for name in desk.steps_at(order):
        spec = flow.step(name)
        exam = desk.examination(order, name)
        exam.ask(flow.gate(name))
        reasons = [clip(reason.message, _WIDE) for reason in exam.reasons]
        labels = _labels(spec, exam.answers)
        held = "；".join(
            [*labels, *(text for text in reasons if not any(text in label for label in labels))][:MOST]
        )
        more = f" 等 {len(reasons)} 条" if len(reasons) > MOST else ""
        told.append(f"“{spec['name']}”送出" + (f"被挡住：{held}{more}" if reasons else "没有挡住"))
        back = [flow.step(target)["name"] for target in spec["back"]]
        if back:
            told.append(f"可退回 {'、'.join(back)}")
        if spec["on_fail"]:
            told.append(f"不合格去 {flow.step(spec['on_fail'])['name']}")
    return "；".join(told)


def _labels(spec: Data, answers: dict[str, bool]) -> list[str]:
    """The guards of the step that say no, by their labels with what they say."""
    return [f"守卫“{find_guard(name).label}”" for name in spec["guards"] if answers.get(name) is False]
