"""Incidents: bound to risks of the manual, drawn by a seed, striking a world, settled by what the world shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import WorkOrder
from yk.desk.running import Plan, opened_for_run, run
from yk.desk.worklist import worklist
from yk.errors import DefinitionError, Refused, UsageError
from yk.flows.catalogue import catalogue
from yk.flows.flow import load
from yk.scenario import incident
from yk.scenario.clauses import find_clause
from yk.scenario.incident import bind, drawn, find_incident, fitting, incidents, mishaps, scheduled, trigger
from yk.scenario.incidents import conclude, happenings, inject, is_settled, outcomes, recover, was_settled
from yk.scenario.mishaps_at_counter import QUEUE, take_by_hand
from yk.scenario.scenario import Place, Step
from yk.scenario.world import World

CUSTOMER = "1016000001"
OTHER = "1016000006"
RENAME = [step["entry"] for step in load("rename").steps.values()]


@pytest.fixture
def drill() -> Iterator[World]:
    """A throw-away world with a 更名 order at acceptance in hand."""
    with World() as made:
        made.desk.act_as("acceptance_clerk")
        made.case = made.desk.open("rename", CUSTOMER).case
        yield made


@pytest.fixture
def empty() -> Iterator[World]:
    """A throw-away world in which nothing was begun."""
    with World() as made:
        made.desk.act_as("acceptance_clerk")
        yield made


def at(world: World, flow: str, step: str) -> WorkOrder:
    """An order of a flow that has come to a step, in hand; somebody acts who holds the step's role."""
    case = opened_for_run(world.desk, flow, None, plan := Plan(confirm_all=True, fill=True, until=step))
    list(run(world.desk, case, plan))
    world.case = case
    world.desk.act_as(load(flow).step(step)["role"])
    return world.order()


def step_with(**inject: Any) -> Step:
    """A step of a lesson that injects something."""
    place = Place("课.yk.yaml", 3)
    return Step(act="do", what="", said="办理", place=place, source=place, inject=inject)


def last_words(world: World) -> str:
    """The last line of the order's log."""
    return str(world.desk.events(world.case)[-1]["reason"])


# -- the data ----------------------------------------------------------------------------------------------------
def test_there_is_every_kind_of_incident_and_each_strikes() -> None:
    """TRN-005."""
    names = {one.name for one in incidents().values()}
    assert names >= {
        "系统故障",
        "突发停电",
        "客户激增",
        "客户投诉",
        "缺材料",
        "误送电",
        "资料遗失",
        "超期",
        "二次回路",
    }
    assert incidents().keys() == mishaps().keys()


def test_an_incident_is_found_by_either_name_and_a_wrong_word_is_told() -> None:
    assert find_incident("系统故障") is find_incident("system_down")
    with pytest.raises(UsageError, match="没有“系统故账”这种事故") as caught:
        find_incident("系统故账")
    assert "系统故障" in caught.value.hint


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("name: 系统故障\n", "缺少"),
        ("colour: red\n", "colour"),
        ("minutes: 300\n", "ignored 不应小于 minutes"),
        ("kinds: [天气]\n", "不认识 天气"),
        ("archetypes: [acceptence]\n", "acceptance"),
        ("triggers: [wish]\n", "不认识 wish"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(
    wrong: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {
        "id": "system_down", "name": "系统故障", "source": "ZJ", "told": "甲", "todo": "乙", "consequence": "丙",
        "triggers": "[step]", "kinds": "[服务]", "archetypes": "[acceptance]", "about": "[丁]", "right": "[]", "also": "[]",
        "minutes": "1", "ignored": "2",
    }  # fmt: skip
    key = wrong.partition(":")[0]
    whole = {} if key == "name" else whole | {key: wrong.partition(": ")[2].strip()}
    lines = "\n    ".join(f"{name}: {value}" for name, value in (whole or {"name": "系统故障"}).items())
    file = tmp_path / "incidents.yaml"
    file.write_text(f"incidents:\n  - {lines}\n", encoding="utf-8")
    monkeypatch.setattr(incident, "SOURCE", file)
    incidents.cache_clear()
    try:
        with pytest.raises(DefinitionError, match=r"第 [0-9]+ 行") as caught:
            incidents()
        assert said in caught.value.message + caught.value.hint
    finally:
        incidents.cache_clear()


# -- the manual --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ident", incidents())
def test_each_incident_belongs_to_risks_of_the_manual_with_real_controls(ident: str) -> None:
    one = incidents()[ident]
    bounds = [bound for entry in catalogue() if (bound := bind(one, entry)).clause]
    assert len(bounds) >= 20
    for bound in bounds:
        assert bound.clause is not None
        controls = {control.id for control in bound.clause.controls}
        assert bound.right
        assert set(bound.right) <= controls
        assert set(bound.also) <= controls - set(bound.right)
        assert bound.clause.kind in one.kinds
        assert not one.archetypes or bound.clause.archetype in one.archetypes


def test_the_system_that_is_down_asks_for_taking_by_hand_and_entering_later() -> None:
    """145 row 1 control 3: a paper slip first, entered later."""
    for entry, control in (
        ("YXZY-YY-334", "1.R1.C2"),
        ("YXZY-YY-145", "1.R2.C1"),
        ("YXZY-YY-144", "1.R2.C2"),
    ):
        assert bind(find_incident("系统故障"), entry).right == (f"{entry}.{control}",)


def test_a_risk_that_the_lesson_names_goes_before_the_one_that_fits() -> None:
    named = bind(find_incident("二次回路"), "YXZY-YY-165", "3.R1")
    assert named.clause == find_clause("YXZY-YY-165.3.R1")
    assert set(named.right) == {"YXZY-YY-165.3.R1.C1", "YXZY-YY-165.3.R1.C2"}
    with pytest.raises(UsageError, match=r"没有风险 YXZY-YY-166\.9\.R1"):
        bind(find_incident("二次回路"), "", "YXZY-YY-166.9.R1")


# -- when --------------------------------------------------------------------------------------------------------
@given(st.integers(0, 2**40), st.integers(0, 100))
@settings(max_examples=30)
def test_the_same_seed_draws_the_same_incidents(seed: int, chance: int) -> None:
    """TRN-006."""
    first = drawn(seed, RENAME, chance)
    assert first == drawn(seed, RENAME, chance)
    assert len(first) == len(RENAME)
    for entry, ident in zip(RENAME, first, strict=True):
        assert not ident or (
            find_incident(ident) in fitting(entry) and "random" in find_incident(ident).triggers
        )
    assert any(drawn(seed, RENAME, 100))
    assert not any(drawn(seed, RENAME, 0))


def test_different_seeds_draw_different_incidents() -> None:
    assert len({tuple(drawn(seed, RENAME * 3, 50)) for seed in range(20)}) > 10


def test_what_strikes_of_itself_is_what_is_written_for_a_step_and_what_chance_leaves() -> None:
    steps = [
        step_with(incident="系统故障"),
        step_with(incident="客户投诉", when="热键"),
        *[step_with(incident="客户激增", when="随机")] * 20,
    ]
    found = scheduled(steps, 7)
    assert found == scheduled(steps, 7)
    assert 1 in found
    assert 2 not in found
    assert 0 < len(found.keys() - {1}) < 20
    assert scheduled(steps, 8) != found


def test_an_incident_strikes_only_when_it_may() -> None:
    assert trigger({"incident": "误送电", "when": "热键"}) == "key"
    with pytest.raises(UsageError, match="时机不能写“随机”"):
        trigger({"incident": "误送电", "when": "随机"})


# -- at the counter ----------------------------------------------------------------------------------------------
def test_while_the_system_is_down_nothing_can_be_written(drill: World) -> None:
    happened = inject(drill, {"incident": "系统故障"})
    assert "存盘一律失败" in str(happened)
    for act in (
        lambda: drill.desk.fill(drill.case, {"contact_name": "安知行"}),
        lambda: drill.desk.open("rename", OTHER),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert [reason.code for reason in caught.value.reasons] == ["system_down"]
    recover(drill, happened)
    assert drill.desk.fill(drill.case, {"contact_name": "安知行"}).data["contact_name"] == "安知行"


def test_taken_by_hand_and_entered_later_settles_it(drill: World) -> None:
    """TRN-008: 先受理后补录."""
    happened = inject(drill, {"incident": "系统故障"})
    assert happened.risk == "YXZY-YY-334.1.R1"
    slip = take_by_hand(drill, CUSTOMER, "更名", "19900001111")
    assert slip["no"] == "SG001"
    assert not is_settled(drill, happened)
    recover(drill, happened)
    assert not is_settled(drill, happened)
    drill.desk.fill(drill.case, {"contact_name": "安知行"})
    assert is_settled(drill, happened)


def test_entering_later_without_a_slip_is_proved_by_the_control(drill: World) -> None:
    happened = inject(drill, {"incident": "系统故障"})
    recover(drill, happened)
    drill.desk.fill(drill.case, {"contact_name": "安知行"})
    assert not is_settled(drill, happened)
    drill.desk.confirm(drill.case, ["YXZY-YY-334.1.R1.C2"])
    assert is_settled(drill, happened)


def test_the_system_may_fail_before_there_is_an_order(empty: World) -> None:
    happened = inject(empty, {"incident": "系统故障", "risk": "YXZY-YY-334.1.R1"})
    take_by_hand(empty, CUSTOMER)
    recover(empty, happened)
    assert not is_settled(empty, happened)
    empty.desk.open("rename", CUSTOMER)
    assert is_settled(empty, happened)


def test_there_is_nothing_to_take_by_hand_while_the_system_works(drill: World) -> None:
    with pytest.raises(UsageError, match="系统是好的"):
        take_by_hand(drill, CUSTOMER)


def test_a_power_cut_loses_what_was_not_sent_and_it_has_to_be_entered_again(drill: World) -> None:
    drill.desk.fill(drill.case, {"contact_name": "安知行", "contact_addr": "城东路1号"})
    drill.desk.attach(drill.case, "M01")
    drill.desk.confirm(drill.case, ["YXZY-YY-334.1.R1.C1"])
    happened = inject(drill, {"incident": "突发停电"})
    order = drill.order()
    assert "contact_name" not in order.data
    assert "M01" not in order.materials
    assert "YXZY-YY-334.1.R1.C1" not in order.checks
    assert drill.desk.verify(drill.case) == []
    recover(drill, happened)
    drill.desk.fill(drill.case, {"contact_name": "安知行", "contact_addr": "城东路2号"})
    assert not is_settled(drill, happened)
    drill.desk.attach(drill.case, "M01")
    drill.desk.confirm(drill.case, ["YXZY-YY-334.1.R1.C1"])
    assert is_settled(drill, happened)


def test_what_was_sent_before_a_power_cut_is_kept(empty: World) -> None:
    at(empty, "rename", "contract_change")
    before = dict(empty.order().data)
    inject(empty, {"incident": "突发停电"})
    assert empty.order().data == before


def test_a_crowd_fills_the_worklist_and_everybody_has_to_be_attended(drill: World) -> None:
    before = worklist(drill.desk).counts.todo
    happened = inject(drill, {"incident": "客户激增", "count": 5})
    assert worklist(drill.desk).counts.todo == before + 5
    assert drill.desk.operator.id == "acceptance_clerk"
    queue = list(happened.about["queue"])
    assert len({drill.desk.get(case).cons_no for case in queue} | {CUSTOMER}) == 6
    for case in queue[:-1]:
        drill.desk.fill(case, {"contact_name": "安知行"})
    assert not is_settled(drill, happened)
    drill.desk.suspend(queue[-1], "请客户明日来办")
    assert is_settled(drill, happened)


def test_a_crowd_of_new_customers_comes_to_a_flow_without_accounts(empty: World) -> None:
    at(empty, "lv_res_new_connection", "acceptance")
    happened = inject(empty, {"incident": "客户激增"})
    assert len(happened.about["queue"]) == QUEUE
    assert {empty.desk.get(case).flow for case in happened.about["queue"]} == {"lv_res_new_connection"}


def test_a_complaint_is_a_task_with_a_day_and_a_line_in_the_log(empty: World) -> None:
    at(empty, "rename", "follow_up")
    happened = inject(empty, {"incident": "客户投诉"})
    assert happened.risk == "YXZY-YY-337.3.R1"
    task = row_of(empty.store, "due_task", happened.about["task"])
    assert (task["cons_no"], task["remind_date"], task["done_date"]) == (
        CUSTOMER,
        empty.desk.now()[:10],
        None,
    )
    assert task["due_date"] > task["remind_date"]
    assert "投诉" in last_words(empty)
    assert not is_settled(empty, happened)
    empty.store.table("due_task").save(task | {"done_date": empty.desk.now()[:10]})
    assert is_settled(empty, happened)


def test_a_complaint_that_is_registered_and_passed_on_is_settled(drill: World) -> None:
    happened = inject(drill, {"incident": "客户投诉"})
    case = drill.desk.open("service_intake", None, {"ticket_kind": "03", "cons_no": CUSTOMER}).case
    assert not is_settled(drill, happened)
    list(run(drill.desk, case, Plan(confirm_all=True, fill=True, until="dispatch")))
    assert is_settled(drill, happened)


def test_a_complaint_about_somebody_else_settles_nothing(drill: World) -> None:
    happened = inject(drill, {"incident": "客户投诉"})
    case = drill.desk.open("service_intake", None, {"ticket_kind": "03", "cons_no": OTHER}).case
    list(run(drill.desk, case, Plan(confirm_all=True, fill=True, until="dispatch")))
    assert not is_settled(drill, happened)


def test_a_missing_paper_is_handed_in_or_a_day_agreed_and_a_lost_one_is_handed_in_again(drill: World) -> None:
    drill.desk.attach(drill.case, "M01")
    for name, may_wait in (("缺材料", True), ("资料遗失", False)):
        happened = inject(drill, {"incident": name, "material": "用电申请书"})
        assert "M01" not in drill.order().materials
        assert "用电申请书" in last_words(drill)
        assert not is_settled(drill, happened)
        drill.desk.attach(drill.case, "M01", defer="2026-11-25")
        assert is_settled(drill, happened) is may_wait
        drill.desk.attach(drill.case, "M01")
        assert is_settled(drill, happened)


def test_nothing_can_be_missing_that_was_never_there(empty: World) -> None:
    with pytest.raises(UsageError, match="要先有工单"):
        inject(empty, {"incident": "缺材料"})
    at(empty, "hv_new_connection", "acceptance")
    with pytest.raises(UsageError, match="还没有收下任何材料"):
        inject(empty, {"incident": "缺材料"})


# -- on site -----------------------------------------------------------------------------------------------------
def test_power_on_before_acceptance_refuses_to_be_passed_and_is_settled_by_taking_it_off(
    empty: World,
) -> None:
    order = at(empty, "hv_new_connection", "energization")
    happened = inject(empty, {"incident": "误送电"})
    assert happened.risk == "YXZY-YY-166.1.R1"
    assert empty.order().data["energized_at"] == empty.desk.now()
    with pytest.raises(Refused) as caught:
        empty.desk.send(order.case)
    assert "installation_not_accepted" in {reason.code for reason in caught.value.reasons}
    assert not is_settled(empty, happened)
    empty.desk.fill(order.case, {"energized_at": ""})
    assert is_settled(empty, happened)
    empty.clock.advance(hours=1)
    empty.desk.fill(order.case, {"energized_at": empty.desk.now()[:16]})
    assert not is_settled(empty, happened), "on power again, and still not accepted"


def test_halting_the_work_settles_a_wrong_energizing_too(empty: World) -> None:
    order = at(empty, "lv_nonres_new_connection", "meter_install_energize")
    happened = inject(empty, {"incident": "误送电"})
    assert happened.risk == "YXZY-YY-181.1.R1"
    assert not is_settled(empty, happened)
    empty.desk.suspend(order.case, "误送电，已断开，待查")
    assert is_settled(empty, happened)


def test_a_flow_that_energises_nothing_cannot_be_energised_by_mistake(drill: World) -> None:
    with pytest.raises(UsageError, match="更名不送电"):
        inject(drill, {"incident": "误送电"})


def test_a_wrong_ratio_on_the_work_slip_is_refused_and_put_right(empty: World) -> None:
    order = at(empty, "hv_new_connection", "meter_installation")
    happened = inject(empty, {"incident": "二次回路"})
    assert happened.risk == "YXZY-YY-165.1.R2"
    assert not is_settled(empty, happened)
    with pytest.raises(Refused) as caught:
        empty.desk.send(order.case)
    assert "ratio_off_scheme" in {reason.code for reason in caught.value.reasons}
    rows = [row | {"multiplier": happened.about["real"]} for row in empty.order().data["meter_work"]]
    empty.desk.fill(order.case, {"meter_work": rows})
    assert is_settled(empty, happened)


def test_a_wrong_ratio_in_the_archive_is_settled_when_it_is_the_real_one_again(drill: World) -> None:
    hung = {row["it_id"]: row for row in rows_of(drill.store, "instrument_transformer", cons_no=CUSTOMER)}
    happened = inject(drill, {"incident": "二次回路"})
    now = rows_of(drill.store, "instrument_transformer", cons_no=CUSTOMER)
    changed = [row for row in now if row != hung[row["it_id"]]]
    assert [row["it_id"] for row in changed] == [happened.about["transformer"]]
    assert not is_settled(drill, happened)
    drill.store.table("instrument_transformer").save(changed[0] | {"curr_ratio": happened.about["real"]})
    assert is_settled(drill, happened)


def test_a_household_has_no_ratio_to_be_wrong(empty: World) -> None:
    empty.case = empty.desk.open("rename", OTHER).case
    with pytest.raises(UsageError, match="没有互感器"):
        inject(empty, {"incident": "二次回路"})


def test_an_overdue_step_is_red_until_it_is_left_or_held(drill: World) -> None:
    happened = inject(drill, {"incident": "超期"})
    assert drill.desk.lamp_of(drill.order(), "acceptance") == "red"
    assert drill.lamps
    assert not is_settled(drill, happened)
    drill.desk.suspend(drill.case, "客户出差，约定月底再办")
    assert is_settled(drill, happened)


def test_how_far_a_step_is_past_its_limit_is_told(drill: World) -> None:
    late = conclude(drill, inject(drill, {"incident": "超期"}))
    assert late.over == 60 + late.minutes
    early = conclude(drill, inject(drill, {"incident": "客户投诉"}))
    assert early.over == late.over + early.minutes


def test_before_its_limit_a_step_is_not_late(drill: World) -> None:
    assert conclude(drill, inject(drill, {"incident": "客户投诉"})).over == 0


def test_a_supervisor_who_grants_the_limit_anew_settles_it(drill: World) -> None:
    drill.set({"red_lamp_locks": True})
    happened = inject(drill, {"incident": "超期"})
    drill.desk.act_as("supervisor")
    drill.desk.unlock(drill.case, "材料补得晚", step="acceptance")
    assert is_settled(drill, happened)
    assert conclude(drill, happened).over == 0


# -- closing the matter ------------------------------------------------------------------------------------------
def test_what_was_settled_costs_its_minutes_and_nothing_else(drill: World) -> None:
    drill.desk.attach(drill.case, "M01")
    happened = inject(drill, {"incident": "资料遗失", "material": "M01"})
    drill.desk.attach(drill.case, "M01")
    before, seq = drill.clock.now, drill.order().seq
    outcome = conclude(drill, happened)
    assert (outcome.settled, outcome.consequence) == (True, "")
    assert outcome.minutes == find_incident("资料遗失").minutes
    assert (drill.clock.now - before).total_seconds() == 60 * outcome.minutes
    assert drill.order().seq == seq


def test_a_question_to_do_it_is_judged_by_the_last_time_it_struck(drill: World) -> None:
    assert not was_settled(drill, "papers_lost")
    drill.desk.attach(drill.case, "M01")
    inject(drill, {"incident": "资料遗失", "material": "M01"})
    drill.desk.attach(drill.case, "M01")
    assert was_settled(drill, "papers_lost")
    inject(drill, {"incident": "资料遗失", "material": "M01"})
    assert not was_settled(drill, "papers_lost")


def test_what_nobody_settled_costs_more_and_the_log_says_what_followed(drill: World) -> None:
    before = drill.clock.now
    happened = inject(drill, {"incident": "系统故障", "consequence": "客户走了"})
    outcome = conclude(drill, happened)
    assert (outcome.settled, outcome.minutes) == (False, find_incident("系统故障").ignored)
    assert (drill.clock.now - before).total_seconds() == 60 * outcome.minutes
    assert last_words(drill) == "系统故障没有处理：客户走了"
    assert drill.broken == ""
    assert (happenings(drill), outcomes(drill)) == ([happened], [outcome])


def test_an_outage_that_was_ended_before_costs_no_more_than_it_should(drill: World) -> None:
    before = drill.clock.now
    happened = inject(drill, {"incident": "系统故障"})
    take_by_hand(drill, CUSTOMER)
    recover(drill, happened)
    drill.desk.fill(drill.case, {"contact_name": "安知行"})
    outcome = conclude(drill, happened)
    assert outcome.settled
    assert (drill.clock.now - before).total_seconds() == 60 * outcome.minutes


def test_a_risk_that_struck_counts_as_realised(drill: World) -> None:
    inject(drill, {"incident": "客户激增"})
    assert ("risks", "rename", "YXZY-YY-334.1.R1=realised") in drill.desk.seen


def test_winding_back_takes_an_incident_back_with_all_it_did(drill: World) -> None:
    mark = drill.mark()
    happened = inject(drill, {"incident": "系统故障"})
    take_by_hand(drill, CUSTOMER)
    conclude(drill, happened)
    drill.rewind(mark)
    assert (drill.broken, happenings(drill), outcomes(drill), drill.extra) == ("", [], [], {})
    assert drill.desk.fill(drill.case, {"contact_name": "安知行"}).seq == 2


def test_an_incident_where_no_risk_speaks_of_it_still_strikes_bound_to_none(drill: World) -> None:
    happened = inject(drill, {"incident": "客户投诉"})
    assert happened.risk == ""
    assert "投诉" in last_words(drill)
