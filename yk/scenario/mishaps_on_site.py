"""Mishaps on site and of time: power on too early, a meter's secondary circuit that is wrong, a limit that has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any

from yk.clock import parse_time
from yk.desk.examples import examples_of
from yk.desk.form import parse
from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import OPEN, WorkOrder
from yk.errors import UsageError
from yk.scenario.acts_time import what_falls_due
from yk.scenario.mishap import Blow, Mishap, note
from yk.scenario.scenario import Data
from yk.scenario.world import World

_ON_POWER = ("energized_at", "meter_work_on")
"""Fields that say since when power is on; the first that a flow has."""
_NOT_PASSED: tuple[tuple[str, Any], ...] = (
    ("inspection_result", "2"),
    ("works_ready", False),
    ("sign_date", None),
)
"""Fields that let an order be energised, and what they are when it may not be; the first that a flow has."""
_HALTED_BY = ("suspend", "fail", "return", "stop")
_WORK = "meter_work"
"""The field where meters are registered with their multiplier."""


def _wrong_energizing(world: World, blow: Blow) -> Data:
    """The order says that power is on, and that what must come before has not passed."""
    order = blow.case
    flow = world.desk.flow_of(order)
    field = next((name for name in _ON_POWER if name in flow.fields), "")
    gate, bad = next((pair for pair in _NOT_PASSED if pair[0] in flow.fields), ("", None))
    if not field:
        raise UsageError("no_energizing", f"{flow.name}不送电，不会误送电", "换一种事故，或换一个流程")
    now = world.desk.now()
    moment = now if flow.fields[field]["type"] == "datetime" else now[:10]
    note(world, order, blow.told, {field: moment, **({gate: bad} if gate else {})})
    return {"field": field, "gate": gate, "bad": bad}


def _power_taken_off(world: World, about: Data) -> bool:
    """Was the work halted, or the wrong energising withdrawn, before anybody sent the order on; and is power not on
    again before what must come first has passed?"""
    order, field = world.desk.get(about["case"]), about["field"]
    since = [event for event in world.desk.events(order.case) if event["seq"] > about["seq"]]
    before = takewhile(lambda event: event["event"] != "send", since)
    halted = withdrawn = False
    for event in before:
        halted |= event["event"] in _HALTED_BY
        withdrawn |= field in event["answers"] and event["answers"][field] is None
    is_on = order.data.get(field) is not None
    is_bad = bool(about["gate"]) and order.data.get(about["gate"]) == about["bad"]
    return halted or not is_on or (withdrawn and not is_bad)


def _wrong_ratio(world: World, blow: Blow) -> Data:
    """The multiplier of the work slip, or else the current ratio in the archive, is twice the real one."""
    order = blow.case
    flow = world.desk.flow_of(order)
    if _WORK in (field["name"] for field in flow.fields_at(blow.step)):
        rows = order.data.get(_WORK) or _example_rows(world, order, blow.step)
        real = float(order.data.get("scheme_multiplier") or rows[0].get("multiplier") or 1)
        note(world, order, blow.told, {_WORK: [{**row, "multiplier": real * 2} for row in rows]})
        return {"transformer": "", "real": real}
    hung = rows_of(world.store, "instrument_transformer", cons_no=order.cons_no) if order.cons_no else []
    first = next((row for row in hung if row.get("curr_ratio")), None)
    if first is None:
        message = f"工单 {order.case} 在这一环节没有互感器，也不登记倍率"
        raise UsageError("no_transformer", message, "换一种事故，或换一个环节")
    primary, _, secondary = str(first["curr_ratio"]).partition("/")
    wrong = f"{float(primary) * 2:g}/{secondary}"
    world.store.table("instrument_transformer").save({**first, "curr_ratio": wrong})
    note(world, order, blow.told)
    return {"transformer": first["it_id"], "real": first["curr_ratio"]}


def _example_rows(world: World, order: WorkOrder, step: str) -> Sequence[Data]:
    """The rows of meter work a lesson would fill in."""
    text = examples_of(world.desk, order.case, step).get(_WORK)
    rows: Sequence[Data] = parse(world.desk.flow_of(order).fields[_WORK], text) or [{}]
    return rows


def _ratio_right(world: World, about: Data) -> bool:
    """What is registered is the real ratio again."""
    if about["transformer"]:
        row = row_of(world.store, "instrument_transformer", about["transformer"])
        return bool(row.get("curr_ratio") == about["real"])
    rows = world.desk.get(about["case"]).data.get(_WORK) or ()
    return bool(rows) and all(row.get("multiplier") == about["real"] for row in rows)


def _overdue(world: World, blow: Blow) -> Data:
    """The clock jumps an hour past the limit of the step."""
    order = blow.case
    due = order.steps.get(blow.step, {}).get("due")  # a finished order stands at no step
    if not due:
        where = "现在的环节没有时限" if blow.step else "已经结束"
        message = f"工单 {order.case} {where}，不会超期"
        raise UsageError("no_deadline", message, "换一种事故，或换一个环节")
    world.clock.now = max(world.clock.now, parse_time(due) + timedelta(hours=1))
    what_falls_due(world)
    return {"step": blow.step}


def _delay_ended(world: World, about: Data) -> bool:
    """The step was left, its limit was granted anew, or the order is on hold with a reason."""
    order = world.desk.get(about["case"])
    running = order.steps.get(about["step"])
    return order.status != OPEN or running is None or running["due"] > world.desk.now()


MISHAPS = {
    "wrong_energizing": Mishap(_wrong_energizing, _power_taken_off),
    "secondary_circuit": Mishap(_wrong_ratio, _ratio_right),
    "overdue": Mishap(_overdue, _delay_ended),
}
"""By the id of `incidents.yaml`."""
