"""Acts of time: days pass, what falls due is done, lamps are seen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from yk.clock import parse_time
from yk.deadlines.limits import GREEN, RED, YELLOW
from yk.errors import UsageError
from yk.scenario.scenario import Scenario, Step
from yk.scenario.world import World
from yk.workdays import add_working_days

_SPAN = re.compile(
    r"\s*(\d{1,4})\s*(?:个)?\s*(工作日|天|日|小时|分钟|working days?|days?|hours?|minutes?)\s*"
)
_LONGEST = 30
"""Years one step may take: every day of them is gone through."""
_RANK = {GREEN: 0, "": 0, YELLOW: 1, RED: 2}


def pass_(world: World, scenario: Scenario, step: Step) -> str:
    """过: working days, days, hours or minutes pass; every day what falls due is done."""
    found = _SPAN.fullmatch(str(step.what))
    if found is None:
        raise UsageError("bad_span", f"时间写法不对：{step.what}", "写成 3个工作日、2天、4小时、30分钟")
    count, unit = int(found[1]), found[2]
    if unit in ("工作日",) or unit.startswith("working"):
        day = add_working_days(world.clock.now.date(), count) if count else world.clock.now.date()
        _until(world, world.clock.now.replace(year=day.year, month=day.month, day=day.day))
    elif unit in ("天", "日") or unit.startswith("day"):
        _until(world, world.clock.now + timedelta(days=count))
    else:
        step_ = (
            timedelta(hours=count) if unit == "小时" or unit.startswith("hour") else timedelta(minutes=count)
        )
        _until(world, world.clock.now + step_)
    return f"过 {step.what} → {world.clock.now:%Y-%m-%d %H:%M}"


def at(world: World, scenario: Scenario, step: Step) -> str:
    """到: the clock comes to a moment."""
    moment = parse_time(str(step.what).replace(" ", "T"))
    if moment < world.clock.now:
        raise UsageError("bad_time", f"时间不能倒流：现在 {world.clock.now:%Y-%m-%d %H:%M}，要到 {step.what}")
    _until(world, moment)
    return f"到 {world.clock.now:%Y-%m-%d %H:%M}"


def _until(world: World, moment: datetime) -> None:
    """Let the clock run to a moment, day by day. Raises UsageError (`bad_time`)."""
    if (moment - world.clock.now).days > _LONGEST * 366:
        raise UsageError(
            "bad_time", f"一步最多过 {_LONGEST} 年：现在 {world.clock.now:%Y-%m-%d}，要到 {moment:%Y-%m-%d}"
        )
    while world.clock.now.date() < moment.date():
        world.clock.now = min(world.clock.now + timedelta(days=1), moment)
        what_falls_due(world)
    world.clock.now = moment
    look_at_lamps(world)


def what_falls_due(world: World) -> None:
    """The daily sweep; what it did is kept as messages."""
    if not world.broken:
        for done in world.desk.sweep():
            world.messages.append({"order": done["case"], "kind": done["action"], "text": done["reason"]})
    look_at_lamps(world)


def look_at_lamps(world: World) -> None:
    """Note every lamp that has turned yellow or red since it was last looked at, and the points deducted for it."""
    desk, settings = world.desk, world.desk.settings
    for order in desk.orders(status="open"):
        flow = desk.flow_of(order)
        for name in order.steps:
            now = desk.lamp_of(order, name)
            key = (order.case, f"{name} {order.steps[name]['since']} {order.steps[name]['due']}")
            before = _RANK[world.lamps.get(key, GREEN)]
            if _RANK[now] <= before:
                continue
            world.lamps[key] = now
            for lamp, points in ((YELLOW, "lamp_points_yellow"), (RED, "lamp_points_red")):
                if before < _RANK[lamp] <= _RANK[now]:
                    desk.see("lamps", flow.id, f"{name}={lamp}")
                    world.points += settings.integer(points)
            told = {YELLOW: "亮黄灯", RED: "亮红灯"}[now]
            text = f"“{flow.step(name)['name']}”{told}，应在 {order.steps[name]['due'][:10]} 前办结"
            world.messages.append({"order": order.case, "kind": now, "text": text})


ACTS = {"pass": pass_, "at": at}
