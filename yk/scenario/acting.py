"""Who acts, and getting a step of an order ready: what scenarios' acts have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.desk import duty
from yk.desk.operators import get_operator
from yk.desk.order import WorkOrder
from yk.desk.running import fill_in, operator_for
from yk.errors import Refused, UsageError
from yk.scenario.scenario import Step
from yk.scenario.world import World

ALL = ("全部", "all")
_ANSWERS = {"完成": "done", "已做": "done", "不适用": "na", "未通过": "failed"}


def take_on(world: World, step: Step, order: WorkOrder | None, spec: Mapping[str, Any]) -> None:
    """Let somebody act at `spec`, a step of a flow: the one the scenario names, else one of its people who may, else
    anybody of the role. Where nobody may, the one in hand stays and the desk says why not."""
    if step.by:
        world.act_as(step.by)
        return
    for ident in world.people.values():
        person = get_operator(world.store, ident)
        if order is None and spec["role"] in person.roles:
            world.desk.act_as(ident)
            return
        if order is not None and not duty.reasons(person, order, spec, world.desk.settings):
            world.desk.act_as(ident)
            return
    world.desk.act_as(spec["role"])
    if order is None or not duty.reasons(world.desk.operator, order, spec, world.desk.settings):
        return
    try:
        world.desk.act_as(operator_for(world.desk, order, spec).id)
    except Refused:
        return


def get_ready(world: World, case: str, at: str, step: Step, data: Mapping[str, Any] | None = None) -> None:
    """Fill the form, hand in papers and answer controls of `at`, as the scenario's step says."""
    desk = world.desk
    values = {**(data or {}), **step.data}
    if values:
        desk.fill(case, values)
    hand_in(world, case, step.materials)
    if step.usual:
        fill_in(desk, case, at)
    answer(world, case, at, step.confirm)
    if step.usual:
        desk.confirm(case, [], every=True, step=at)


def hand_in(world: World, case: str, papers: Any) -> None:
    """Hand in papers by name or code; a mapping defers those that have a day."""
    if isinstance(papers, Mapping):
        for name, day in papers.items():
            world.desk.attach(case, name, defer=None if day is None else str(day))
        return
    for name in papers:
        world.desk.attach(case, name)


def answer(world: World, case: str, at: str, controls: Any) -> None:
    """Answer controls: all open ones, the ones named, or a mapping id -> 完成 | 不适用：reason | 未通过：reason."""
    desk = world.desk
    if isinstance(controls, Mapping):
        for name, words in controls.items():
            word, _, reason = str(words).partition("：")
            if word not in _ANSWERS:
                raise UsageError(
                    "bad_answer",
                    f"对措施 {name} 的回答“{words}”不认识",
                    f"可写 {'、'.join(_ANSWERS)}，后两种接“：原因”",
                )
            desk.confirm(case, [name], _ANSWERS[word], reason, step=at)
        return
    named = [one for one in controls if one not in ALL]
    if named:
        desk.confirm(case, named, step=at)
    if len(named) < len(controls):
        desk.confirm(case, [], every=True, step=at)


def where(world: World, order: WorkOrder) -> str:
    """Where an order stands, in Chinese."""
    from yk.desk.views import step_names

    flow = world.desk.flow_of(order)
    return "、".join(step_names(flow, world.desk.steps_at(order) or [order.status]))
