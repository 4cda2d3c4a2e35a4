"""Scenarios of what goes wrong beside the guards: who may not, where not, when not, papers that may not be deferred, an
order that is held, ended, locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from yk.archive.codes import codes
from yk.archive.dictionary import entity
from yk.desk.duty import OFFICE
from yk.desk.looking_up import row_of
from yk.desk.trying import alter
from yk.errors import YkError
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.flows.materials import forbidden
from yk.flows.roles import roles, separations
from yk.scenario.breaking import get_ready
from yk.scenario.composing import Composer
from yk.scenario.obligations import obligations
from yk.scenario.observed import Seen
from yk.scenario.scenario import Data
from yk.scenario.world import World

OPENING = "建单之前"
"""Always made: that a step refuses with the same code does not show that opening does."""
WHY = "试走"
TRAINER = "培训师"
STRANGERS = ("甲单位人员", "乙单位人员")
Make = Callable[[Composer], None]


def odd_scenarios(flow: Flow, seen: Mapping[Seen, None]) -> Iterator[tuple[str, Data, Composer]]:
    """(name, the world it starts from, what was composed) of scenarios for the refusals that were not met yet."""
    owed = set(obligations(flow)["refusals"])
    for name, codes_, given, make in _plans(flow):
        known = {code for dimension, _, code in seen if dimension == "refusals"} if name != OPENING else set()
        if not (codes_ & owed) - known:
            continue
        with World(flow=flow.id) as world:
            composer = Composer(flow, world, _typed(given))
            try:
                make(composer)
            except YkError as error:  # a plan that this flow does not go along with: what was composed stays
                composer.steps.append({"核对": f"到此为止：{error.message}"})
            yield name, given, composer


def _typed(given: Data) -> Data:
    """What `build` wants of a world written with Chinese keys."""
    from yk.scenario.givens import read_given
    from yk.scenario.keys import keyed
    from yk.scenario.scenario import Place
    from yk.scenario.written import as_written

    place = Place("generated", 1)
    return read_given(keyed(as_written(given, place), "given", place, "假如")) if given else {}


def _plans(flow: Flow) -> Iterator[tuple[str, set[str], Data, Make]]:
    opening = {find_guard(name).code for name in flow.doc["opens_if"]}
    yield OPENING, opening, {}, _opening
    usual = {"role_missing", "not_here", "suspended", "order_ended", "back_not_allowed", "fail_not_allowed"}
    yield "不能这样办", usual | {"not_signing", "other_way"}, {}, _unfitting
    yield "一人不能办两头", {"duty_conflict"}, {}, _two_duties
    yield "别的单位来办", {"other_office"}, {"人员": _strangers(flow)}, _other_office
    yield "超期锁定", {"red_locked"}, {"设置": {"red_lamp_locks": True}}, _locked
    papers = {"deferral_out_of_range", "material_due", "not_deferrable", "forbidden_material"}
    yield "容缺", papers, {}, _deferred
    yield "容缺逾期", {"material_overdue"}, {}, _overdue
    yield "重复会签", {"already_signed", "no_such_move"}, {}, _signed_twice


def _customer(flow: Flow) -> Data:
    customer = flow.doc["demo"].get("customer", "") if flow.doc["customer"] else ""
    return {"建单": {"用户": customer} if customer else {}}


# -- before there is an order ------------------------------------------------------------------------------------
def _opening(composer: Composer) -> None:
    """Each guard of opening is broken in the archive before the order is opened, and mended again."""
    for name in composer.flow.doc["opens_if"]:
        broken, whole = _rows_that_break(composer, name)
        composer.add({"事件": {"档案变动": broken}})
        composer.add(_customer(composer.flow))
        composer.add({"事件": {"档案变动": whole}})
    composer.move(_customer(composer.flow))


def _rows_that_break(composer: Composer, guard: str) -> tuple[Data, Data]:
    """(rows of the archive that break a guard, the same rows as they are), entity -> rows."""
    desk, moment = composer.world.desk, composer.moment()
    composer.add(_customer(composer.flow))
    change = alter(desk, composer.world.case, composer.flow.first, find_guard(guard).breaks)
    composer.rewind(moment)
    broken: Data = {}
    whole: Data = {}
    for entity_name, row in change.put:
        key = entity(entity_name).doc_id(row)
        now = row_of(composer.world.store, entity_name, key)
        broken.setdefault(entity_name, []).append(dict(row))
        whole.setdefault(entity_name, []).append({field: now.get(field) for field in row})
    return broken, whole


# -- where, when, who not ----------------------------------------------------------------------------------------
def _unfitting(composer: Composer) -> None:
    """Moves that do not fit: by the wrong person, elsewhere, back where it may not go, on hold, ended."""
    flow = composer.flow
    first, last = flow.first, list(flow.steps)[-1]
    composer.move(_customer(flow))
    role = flow.step(first)["role"]
    wrong = next(one.name for one in roles().values() if one.id != role)
    composer.add({"办理": composer.name(first), "由": wrong})
    if last != first:
        composer.add({"办理": composer.name(last)})
    to = next((name for name in flow.steps if name not in flow.step(first)["back"]), first)
    composer.add({"退回": {"自": composer.name(first), "到": composer.name(to), "因": WHY}})
    if not flow.step(first)["on_fail"]:
        composer.add({"不合格": {"自": composer.name(first), "因": WHY}})
    if signs := [step["sign"] for step in flow.steps.values() if step["sign"]]:
        composer.add({"会签": [{signs[0]["departments"][0]["name"]: "同意"}]})
    _other_way(composer, first)
    composer.add({"挂起": WHY})
    composer.add({"办理": composer.name(first)})
    composer.add({"恢复": WHY})
    composer.add({"终止": WHY})
    composer.add({"办理": composer.name(first)})


def _other_way(composer: Composer, first: str) -> None:
    """A move is asked to lead where the conditions do not lead it."""
    get_ready(composer, first)
    moment = composer.moment()
    composer.move({"办理": composer.name(first)})
    real = set(composer.here())
    composer.rewind(moment)
    wrong = next(
        (composer.name(name) for name in reversed(composer.flow.steps) if name not in real), "已归档"
    )
    composer.add({"办理": composer.name(first), "去向": wrong})


def _two_duties(composer: Composer) -> None:
    """Somebody who holds every role comes to a step that excludes one he has done."""
    flow = composer.flow
    composer.move(_customer(flow))
    done: list[str] = []
    for step in flow.steps:
        kind = flow.step(step)["archetype"]
        if any({rule.first, rule.second} == {kind, other} for rule in separations() for other in done):
            moment = composer.moment()
            composer.move({"快进": composer.name(step), "由": TRAINER})
            if step in composer.here():
                get_ready(composer, step)
                refused = composer.add({"办理": composer.name(step), "由": TRAINER})
                if any(reason.code == "duty_conflict" for reason in refused):
                    return
            composer.rewind(moment)
        done.append(kind)


def _strangers(flow: Flow) -> Data:
    """Two people who may do the step that names the unit in charge, each of another unit."""
    step = flow.fields[OFFICE]["step"] if OFFICE in flow.fields else flow.first
    name = roles()[flow.step(step)["role"]].name
    units = list(codes("org").values())
    return {STRANGERS[0]: {"角色": name, "单位": units[0]}, STRANGERS[1]: {"角色": name, "单位": units[-1]}}


def _other_office(composer: Composer) -> None:
    """The order is another unit's."""
    composer.move(_customer(composer.flow))
    step, units = composer.flow.fields[OFFICE]["step"], list(codes("org").items())
    if step not in composer.here():
        composer.move({"快进": composer.name(step), "由": TRAINER})
    composer.add({"备齐": composer.name(step), "由": TRAINER})
    if not composer.world.order().data.get(OFFICE):
        composer.add({"填写": {OFFICE: units[0][1]}, "由": TRAINER})
    own = composer.world.order().data.get(OFFICE)
    composer.add({"办理": composer.name(step), "由": STRANGERS[1] if own == units[0][0] else STRANGERS[0]})


# -- time --------------------------------------------------------------------------------------------------------
def _locked(composer: Composer) -> None:
    """A step is past its limit: it is locked until a supervisor lets it go on."""
    flow = composer.flow
    composer.move(_customer(flow))
    timed = next(name for name, step in flow.steps.items() if step["limit"])
    if timed not in composer.here():
        composer.move({"快进": composer.name(timed)})
    days = composer.world.order().steps[timed]["days"]
    composer.add({"过": f"{days + 2}个工作日"})
    get_ready(composer, timed)
    composer.add({"办理": composer.name(timed)})
    composer.add({"解锁": {"说明": WHY, "原因": "内部衔接"}})
    composer.add({"办理": composer.name(timed)})


# -- papers ------------------------------------------------------------------------------------------------------
def _deferred(composer: Composer) -> None:
    """Papers that may be deferred and may not, and one that is due when the order comes to its step."""
    flow = composer.flow
    composer.move(_customer(flow))
    today = composer.world.clock.now.date()
    composer.add({"收资": [forbidden()[0]["name"]]})
    papers = flow.doc["materials"]
    if fixed := [paper["code"] for paper in papers if not paper["deferrable_until"]]:
        composer.add({"收资": {fixed[0]: today.isoformat()}})
    for paper in (one for one in papers if one["deferrable_until"]):
        late = (today + timedelta(days=900)).isoformat()
        composer.add({"收资": {paper["code"]: late}})
        composer.add({"收资": {paper["code"]: (today + timedelta(days=7)).isoformat()}})
        until = paper["deferrable_until"]
        if until not in composer.here():
            composer.move({"快进": composer.name(until)})
        composer.add({"办理": composer.name(until)})
        return


def _overdue(composer: Composer) -> None:
    """A deferred paper did not come: the order is held, and what it lacks holds it up when it goes on."""
    flow = composer.flow
    composer.move(_customer(flow))
    paper = next(one["code"] for one in flow.doc["materials"] if one["deferrable_until"])
    tomorrow = composer.world.clock.now.date() + timedelta(days=1)
    composer.add({"备齐": composer.name(flow.first)})
    composer.add({"收资": {paper: tomorrow.isoformat()}})
    composer.add({"过": "2个工作日"})
    composer.add({"办理": composer.name(flow.first)})
    composer.add({"恢复": WHY})
    composer.add({"办理": composer.name(flow.first)})


def _signed_twice(composer: Composer) -> None:
    """A department signs a second time."""
    flow = composer.flow
    composer.move(_customer(flow))
    step = next(name for name, one in flow.steps.items() if one["sign"])
    if step not in composer.here():
        composer.move({"快进": composer.name(step)})
    get_ready(composer, step)
    composer.add({"办理": composer.name(step), "去向": "已归档"})
    department = flow.step(step)["sign"]["departments"][0]["name"]
    composer.add({"会签": [{department: "同意"}]})
    composer.add({"会签": [{department: "同意"}]})
