"""Sending back, failing, signing, holding, stopping; and what falls due."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import everything
from world import COMPANY, OLD_NAME, PERSON, START, World, refused

from yk.clock import VirtualClock
from yk.desk.order import WorkOrder
from yk.errors import UsageError
from yk.workdays import start_day, working_days_between


# -- sending back -----------------------------------------------------------------------------------------
def test_an_order_sent_back_keeps_its_form_and_papers_and_is_asked_its_controls_anew(world: World) -> None:
    order = world.at("contract_change")
    back = world.desk("contract_manager").return_(order.case, "acceptance", "新名称与执照不符")
    assert back.at == ["acceptance"]
    assert back.data["new_name"] == order.data["new_name"]
    assert set(back.materials) == {"M01", "M03", "M31"}
    assert [i for i in back.checks if i.startswith("YXZY-YY-334")] == []
    with refused() as reasons:
        world.desk().send(order.case)
    assert {r.code for r in reasons} == {"control_open"}
    world.desk().confirm(order.case, [], every=True)
    assert world.desk().send(order.case).at == ["contract_change"]


def test_the_way_back_is_logged_with_who_and_why(world: World) -> None:
    order = world.at("contract_change")
    world.desk("contract_manager").return_(order.case, "acceptance", "新名称与执照不符")
    event = world.desk().events(order.case)[-1]
    assert (event["event"], event["operator"], event["role"]) == (
        "return",
        "contract_manager",
        "contract_manager",
    )
    assert (event["from"], event["to"]) == (["contract_change"], ["acceptance"])
    assert event["reason"] == "新名称与执照不符"


@pytest.mark.parametrize(
    ("step", "operator", "to", "code"),
    [
        ("acceptance", "acceptance_clerk", "contract_change", "back_not_allowed"),
        ("contract_change", "contract_manager", "data_archiving", "back_not_allowed"),
        ("follow_up", "follow_up_agent", "acceptance", "back_not_allowed"),
        ("document_archiving", "archivist", "data_archiving", "back_not_allowed"),
    ],
)
def test_an_order_goes_back_only_where_its_flow_allows(
    world: World, step: str, operator: str, to: str, code: str
) -> None:
    order = world.at(step)
    with refused(code):
        world.desk(operator).return_(order.case, to, "错")


def test_the_steps_one_may_go_back_to_are_named(world: World) -> None:
    order = world.at("data_archiving")
    with refused("back_not_allowed") as reasons:
        world.desk("archivist").return_(order.case, "follow_up", "错")
    assert "“业务受理”、“合同变更”" in reasons[0].message


def test_an_unknown_step_to_go_back_to_gets_a_hint(world: World) -> None:
    order = world.at("contract_change")
    with pytest.raises(UsageError) as caught:
        world.desk("contract_manager").return_(order.case, "acceptence", "错")
    assert "acceptance" in caught.value.hint


@pytest.mark.parametrize("reason", ["", " "])
def test_going_back_needs_a_reason(world: World, reason: str) -> None:
    order = world.at("contract_change")
    with pytest.raises(UsageError) as caught:
        world.desk("contract_manager").return_(order.case, "acceptance", reason)
    assert caught.value.code == "reason_missing"


def test_the_lock_stays_on_the_way_back_and_the_old_status_is_not_forgotten(world: World) -> None:
    order = world.at("data_archiving", PERSON)
    world.desk("archivist").return_(order.case, "acceptance", "错")
    assert world.row("customer", PERSON)["status"] == "3"
    for _ in range(3):
        order = world.pass_step(order.case)
    assert order.at == ["follow_up"]
    assert world.row("customer", PERSON)["status"] == "2"


def test_a_contract_change_done_twice_is_recorded_once(world: World) -> None:
    order = world.at("data_archiving")
    world.desk("archivist").return_(order.case, "contract_change", "协议编号错")
    world.pass_step(order.case, agreement_no="XY-2")
    (change,) = world.store.table("contract_change").all()
    assert change["agreement_no"] == "XY-2"


# -- the flow with everything -------------------------------------------------------------------------------
def begin(world: World, **data: Any) -> WorkOrder:
    return world.open(everything(), **data)


def to_joint(world: World) -> str:
    order = begin(world)
    world.desk("acceptance_clerk").send(order.case)
    return world.desk("surveyor").send(order.case).case


def to_groups(world: World) -> str:
    case = to_joint(world)
    for role, department in (
        ("contract_manager", "mkt"),
        ("works_manager", "ops"),
        ("scheme_drafter", "dev"),
    ):
        world.desk(role).sign(case, department, "agree")
    return case


def test_departments_sign_each_by_its_own_role(world: World) -> None:
    case = to_joint(world)
    with refused("role_missing") as reasons:
        world.desk("works_manager").sign(case, "mkt", "agree")
    assert "合同管理人员" in reasons[0].message
    order = world.desk("contract_manager").sign(case, "mkt", "agree")
    assert order.at[0] == "joint"
    with refused("already_signed"):
        world.desk("contract_manager").sign(case, "mkt", "agree")


@pytest.mark.parametrize("department", ["mkt", "营销"])
def test_a_department_is_named_by_id_or_name(world: World, department: str) -> None:
    case = to_joint(world)
    order = world.desk("contract_manager").sign(case, department, "agree")
    assert "joint/mkt/agree" in order.at
    event = world.desk().events(case)[-1]
    assert (event["event"], event["role"]) == ("sign:mkt:agree", "contract_manager")
    assert event["answers"]["contract_in_force"] is True


def test_an_unknown_department_or_opinion_is_refused(world: World) -> None:
    case = to_joint(world)
    with refused("not_signing"):
        world.desk("trainer").sign(case, "hr", "agree")
    with pytest.raises(UsageError) as caught:
        world.desk("contract_manager").sign(case, "mkt", "maybe")
    assert caught.value.code == "bad_opinion"
    with refused("not_signing"):
        world.desk("trainer").sign(world.open_rename(PERSON).case, "mkt", "agree")


def test_another_opinion_needs_a_reason_and_goes_to_arbitration(world: World) -> None:
    case = to_joint(world)
    with pytest.raises(UsageError) as caught:
        world.desk("works_manager").sign(case, "ops", "revise")
    assert caught.value.code == "reason_missing"
    world.desk("works_manager").sign(case, "ops", "revise", clause="3.2", reason="保护定值")
    assert world.desk().events(case)[-1]["reason"] == "3.2 保护定值"
    world.desk("contract_manager").sign(case, "mkt", "agree")
    order = world.desk("scheme_drafter").sign(case, "dev", "agree")
    assert order.at == ["arbitration"]
    assert world.desk("supervisor").send(case).at[0] == "par"


def test_an_agreement_is_asked_the_gate_and_another_opinion_is_not(world: World) -> None:
    case = to_joint(world)
    world.put("contract", contract_no="HT1", end_date="2020-01-01")
    with refused("contract_expired"):
        world.desk("contract_manager").sign(case, "mkt", "agree")
    assert (
        "joint/mkt/reject" in world.desk("contract_manager").sign(case, "mkt", "reject", reason="合同到期").at
    )


def test_a_sign_off_is_not_sent(world: World) -> None:
    case = to_joint(world)
    with refused("no_such_move"):
        world.desk("approver").send(case)


def test_a_sign_off_sent_back_is_signed_anew(world: World) -> None:
    case = to_joint(world)
    world.desk("contract_manager").sign(case, "mkt", "agree")
    assert world.desk("approver").return_(case, "survey", "重新勘查").at == ["survey"]
    order = world.desk("surveyor").send(case)
    assert [value for value in order.at if value.endswith("/wait")] == [
        f"joint/{d}/wait" for d in ("mkt", "ops", "dev")
    ]


def test_groups_go_on_side_by_side_each_in_its_own_role(world: World) -> None:
    case = to_groups(world)
    desk = world.desk("fee_clerk")
    assert desk.steps_at(desk.get(case)) == ["fee", "inspect"]
    assert desk.send(case, data={"agreement_name": ""}).steps.keys() == {"pay", "inspect"}
    world.desk("completion_inspector").send(case)
    order = world.desk("cashier").send(case)
    assert order.at == ["archive"]


def test_somebody_with_both_roles_says_which_step(world: World) -> None:
    case = to_groups(world)
    with pytest.raises(UsageError) as caught:
        world.desk("trainer").send(case)
    assert caught.value.code == "step_needed"
    assert "fee" in caught.value.message
    order = world.desk("trainer").send(case, step="inspect")
    assert world.desk().steps_at(order) == ["fee"]
    with refused("not_here"):
        world.desk("trainer").send(case, step="pay")


def test_a_form_is_filled_step_by_step_by_those_who_work_there(world: World) -> None:
    """Holding a role of one of two steps opens only that step's fields."""
    case = to_groups(world)
    assert world.desk("fee_clerk").fill(case, {"agreement_name": "甲"}).data["agreement_name"] == "甲"
    with refused("role_missing"):
        world.desk("fee_clerk").fill(case, {"finding": "合格"})
    with refused("role_missing"):
        world.desk("fee_clerk").fill(case, {"agreement_name": "乙", "finding": "合格"})
    order = world.desk("trainer").fill(case, {"agreement_name": "乙", "finding": "合格"})
    assert (order.data["agreement_name"], order.data["finding"]) == ("乙", "合格")


def test_a_failed_inspection_goes_to_rectification_and_comes_back(world: World) -> None:
    case = to_groups(world)
    inspector = world.desk("completion_inspector")
    with pytest.raises(UsageError):
        inspector.fail(case, "")
    first_due = inspector.get(case).steps["inspect"]["due"]
    world.clock.advance(days=3)
    order = inspector.fail(case, "接地电阻超标")
    assert inspector.steps_at(order) == ["fee", "rectify"]
    assert inspector.events(case)[-1]["reason"] == "接地电阻超标"
    order = world.desk("works_manager").send(case)
    assert order.steps["inspect"]["due"] > first_due, "the second inspection has a time limit of its own"


def test_what_has_no_way_for_failure_is_sent_back_instead(world: World) -> None:
    case = to_groups(world)
    with refused("fail_not_allowed"):
        world.desk("fee_clerk").fail(case, "错")


def test_a_step_onto_itself_begins_anew(world: World) -> None:
    case = to_groups(world)
    world.alter(world.desk().get(case), _agent())
    world.desk("fee_clerk").send(case)
    before = world.desk().get(case)
    assert "quote" in before.at
    world.alter(before, _person())
    world.clock.advance(hours=1)
    after = world.desk("fee_clerk").send(case)
    assert after.at == before.at
    assert after.steps["quote"]["since"] > before.steps["quote"]["since"]
    assert after.steps["inspect"] == before.steps["inspect"]


def _agent() -> Any:
    from yk.flows.guards import conditions

    return conditions()["by_agent"].yes(None)  # type: ignore[arg-type]


def _person() -> Any:
    from yk.flows.change import Change

    return Change(put=(("party", {"party_no": "P1", "party_kind": "01"}),))


def test_an_order_can_be_stopped_at_every_place(world: World) -> None:
    reached = {
        "accept": lambda: begin(world).case,
        "joint": lambda: to_joint(world),
        "par": lambda: to_groups(world),
    }
    for name, go in reached.items():
        case = go()
        order = world.desk("trainer").stop(case, "客户撤回")
        assert (order.status, order.at, order.steps) == ("stopped", ["stopped"], {}), name
        assert order.closed
        assert world.row("customer", COMPANY)["status"] == "0", name


# -- stopping ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("customer", "status"), [(COMPANY, "0"), (PERSON, "2")])
@pytest.mark.parametrize("step", ["acceptance", "contract_change", "data_archiving", "follow_up"])
def test_stopping_gives_the_account_back_the_status_it_had(
    world: World, step: str, customer: str, status: str
) -> None:
    order = world.at(step, customer)
    world.desk("supervisor").stop(order.case, "客户撤回")
    assert world.row("customer", customer)["status"] == status
    if step != "follow_up":
        assert world.open_rename(customer).at == ["acceptance"]


def test_stopping_is_logged_with_its_changes(world: World) -> None:
    order = world.at("contract_change")
    world.desk("contract_manager").stop(order.case, "客户撤回")
    event = world.desk().events(order.case)[-1]
    assert (event["event"], event["from"], event["to"]) == ("stop", ["contract_change"], ["stopped"])
    assert event["reason"] == "客户撤回"
    assert event["changes"] == [
        {"entity": "customer", "id": COMPANY, "before": {"status": "3"}, "after": {"status": "0"}}
    ]


def test_stopping_needs_a_reason_and_a_role(world: World) -> None:
    order = world.at("contract_change")
    with pytest.raises(UsageError):
        world.desk("contract_manager").stop(order.case, "")
    with refused("role_missing"):
        world.desk("acceptance_clerk").stop(order.case, "客户撤回")
    assert world.desk().get(order.case).status == "open"


# -- holding ----------------------------------------------------------------------------------------------
def test_a_suspended_order_takes_nothing_until_it_is_resumed(world: World) -> None:
    order = world.ready("acceptance")
    desk = world.desk()
    held = desk.suspend(order.case, "客户补件")
    assert held.status == "suspended"
    assert held.hold == {"reason": "客户补件", "since": "2026-11-20T09:00:00+08:00", "by": "acceptance_clerk"}
    for call in (
        lambda: desk.send(order.case),
        lambda: desk.fill(order.case, {"contact_name": "x"}),
        lambda: desk.attach(order.case, "M05"),
        lambda: desk.confirm(order.case, [], every=True),
        lambda: desk.suspend(order.case, "再挂"),
    ):
        with refused("suspended") as reasons:
            call()
        assert "客户补件" in reasons[0].message
    again = desk.resume(order.case, "已补齐")
    assert (again.status, again.hold) == ("open", None)
    assert desk.send(order.case).at == ["contract_change"]


def test_an_order_that_is_not_held_cannot_be_resumed(world: World) -> None:
    with refused("not_suspended"):
        world.desk().resume(world.open_rename().case, "错")


@pytest.mark.parametrize("call", ["suspend", "resume"])
def test_holding_and_its_end_need_a_reason_and_a_role(world: World, call: str) -> None:
    order = world.open_rename()
    if call == "resume":
        world.desk().suspend(order.case, "客户补件")
    before = world.dump()
    with pytest.raises(UsageError) as caught:
        getattr(world.desk(), call)(order.case, " ")
    assert caught.value.code == "reason_missing"
    with refused("role_missing"):
        getattr(world.desk("archivist"), call)(order.case, "客户补件")
    assert world.dump() == before
    getattr(world.desk("supervisor"), call)(order.case, "客户补件")
    assert world.desk().events(order.case)[-1]["role"] == "supervisor"


def test_a_suspended_order_may_be_stopped(world: World) -> None:
    order = world.at("contract_change")
    world.desk("contract_manager").suspend(order.case, "客户补件")
    stopped = world.desk("contract_manager").stop(order.case, "客户撤回")
    assert (stopped.status, stopped.hold) == ("stopped", None)
    assert world.row("customer", COMPANY)["status"] == "0"


def test_a_suspended_order_shows_no_lamp(world: World) -> None:
    order = world.open_rename()
    assert world.desk().lamp_of(order, "acceptance") == "green"
    held = world.desk().suspend(order.case, "客户补件")
    assert world.desk().lamp_of(held, "acceptance") == ""


MINUTES = st.integers(min_value=0, max_value=12 * 24 * 60)


@settings(max_examples=25, deadline=None)
@given(MINUTES, MINUTES)
def test_a_hold_moves_the_due_day_by_exactly_the_working_days_it_lasted(worked: int, held: int) -> None:
    world = World()
    case = world.at("contract_change").case
    desk = world.desk("contract_manager")
    before = desk.get(case).steps["contract_change"]
    world.clock.advance(minutes=worked)
    began = world.clock()
    desk.suspend(case, "客户补件")
    world.clock.advance(minutes=held)
    desk.resume(case, "已补齐")
    after = desk.get(case).steps["contract_change"]
    lasted = working_days_between(start_day(began, "17:30"), start_day(world.clock(), "17:30"))
    days = [VirtualClock(text).now.date() for text in (before["due"], after["due"])]
    assert working_days_between(*days) == lasted
    assert after["days"] == before["days"]
    assert "left" not in after


def test_an_order_may_be_held_more_than_once(world: World) -> None:
    case = world.at("contract_change").case
    desk = world.desk("contract_manager")
    due = desk.get(case).steps["contract_change"]["due"]
    assert due == "2026-11-24T17:30:00+08:00"
    for _ in range(3):
        desk.suspend(case, "客户补件")
        world.clock.advance(days=7)
        desk.resume(case, "已补齐")
    assert desk.get(case).steps["contract_change"]["due"] == "2026-12-15T17:30:00+08:00"


# -- what falls due ---------------------------------------------------------------------------------------
def overdue(world: World, customer: str = COMPANY) -> str:
    """An order with a paper that was to come yesterday."""
    order = world.open_rename(customer)
    world.desk().attach(order.case, "M01", defer="2026-11-23")
    return order.case


def test_a_sweep_suspends_orders_whose_papers_are_overdue(world: World) -> None:
    late, fine = overdue(world), world.open_rename(PERSON).case
    world.clock.advance(days=3)
    (reminded,) = world.desk("supervisor").sweep()
    assert (reminded["case"], reminded["action"]) == (late, "remind"), "the agreed day itself is not over"
    assert world.desk().get(late).status == "open"
    world.clock.advance(days=1)
    (done,) = world.desk("supervisor").sweep()
    assert (done["case"], done["action"]) == (late, "suspend")
    assert "M01" in done["reason"]
    order = world.desk().get(late)
    assert order.status == "suspended"
    assert order.hold is not None
    assert order.hold["by"] == "system"
    assert world.desk().get(fine).status == "open"
    assert list(world.desk("supervisor").sweep()) == [], "a second sweep finds nothing more"
    assert world.desk().verify(late) == []


def test_a_paper_that_came_in_lets_the_order_go_on(world: World) -> None:
    case = overdue(world)
    world.clock.advance(days=4)
    list(world.desk("supervisor").sweep())
    world.desk().resume(case, "客户送来")
    world.desk().attach(case, "M01")
    assert list(world.desk("supervisor").sweep()) == []
    world.prepare(case)
    assert world.desk().send(case).at == ["contract_change"]


def test_a_sweep_that_is_broken_off_keeps_what_it_did(world: World) -> None:
    first, second = sorted((overdue(world), overdue(world, PERSON)))
    world.clock.advance(days=4)
    sweep = world.desk("supervisor").sweep()
    assert next(sweep)["case"] == first
    sweep.close()
    assert world.desk().get(first).status == "suspended"
    assert world.desk().get(second).status == "open"


def test_a_sweep_may_be_rehearsed(world: World) -> None:
    overdue(world)
    world.clock.advance(days=4)
    before = world.dump()
    assert len(list(world.desk("supervisor", dry_run=True).sweep())) == 1
    assert world.dump() == before


# -- deadlines and lists -----------------------------------------------------------------------------------
def test_every_step_runs_under_its_own_deadline(world: World) -> None:
    order = world.open_rename()
    assert order.steps["acceptance"]["due"] == "2026-11-23T17:30:00+08:00"
    world.clock.advance(days=3)
    order = world.pass_step(order.case)
    assert order.steps.keys() == {"contract_change"}
    assert order.steps["contract_change"]["since"] == "2026-11-23T09:00:00+08:00"
    assert order.steps["contract_change"]["due"] == "2026-11-25T17:30:00+08:00"


def test_lamps_follow_the_clock(world: World) -> None:
    order, desk = world.at("contract_change"), world.desk()
    shown = []
    for _ in range(6):
        shown.append(desk.lamp_of(order, "contract_change"))
        world.clock.advance(days=1)
    assert shown == ["green", "green", "green", "yellow", "yellow", "red"]


def test_orders_are_listed_by_flow_status_lamp_and_customer(world: World) -> None:
    one, other = world.open_rename(), world.open_rename(PERSON)
    desk = world.desk()
    desk.suspend(other.case, "客户补件")
    assert [o.case for o in desk.orders()] == [one.case, other.case]
    assert [o.case for o in desk.orders(status="suspended")] == [other.case]
    assert [o.case for o in desk.orders(flow="更名", status="open")] == [one.case]
    assert [o.case for o in desk.orders(customer=PERSON)] == [other.case]
    assert [o.case for o in desk.orders(wanted_lamp="green")] == [one.case]
    assert list(desk.orders(wanted_lamp="red")) == []
    world.clock.advance(days=7)
    assert [o.case for o in desk.orders(wanted_lamp="red")] == [one.case]


def test_my_orders_are_those_that_wait_for_my_roles(world: World) -> None:
    """ACC-012, SCR-016: after sending the next step has one more, this one has one less."""
    order = world.ready("acceptance")

    def mine(role: str) -> list[str]:
        return [o.case for o in world.desk(role).orders(mine=True)]

    assert mine("acceptance_clerk") == [order.case]
    assert mine("contract_manager") == []
    world.desk().send(order.case)
    assert mine("acceptance_clerk") == []
    assert mine("contract_manager") == mine("trainer") == [order.case]
    world.desk("contract_manager").suspend(order.case, "客户补件")
    assert mine("contract_manager") == []


def test_a_sign_off_waits_for_the_departments_that_have_not_signed(world: World) -> None:
    case = to_joint(world)

    def mine(role: str) -> list[str]:
        return [o.case for o in world.desk(role).orders(mine=True)]

    assert mine("approver") == mine("contract_manager") == mine("works_manager") == [case]
    assert mine("surveyor") == []
    world.desk("contract_manager").sign(case, "mkt", "agree")
    assert mine("contract_manager") == []
    assert mine("works_manager") == [case]


def test_an_unknown_order_is_a_clear_error(world: World) -> None:
    for call in (world.desk().get, world.desk().events, world.desk().verify, world.desk().checklist):
        with pytest.raises(UsageError) as caught:
            call("019901010001")
        assert caught.value.code == "unknown_case"


def test_blanks_around_a_number_do_not_matter(world: World) -> None:
    order = world.open_rename()
    assert world.desk().get(f" {order.case} ").case == order.case


def test_the_archive_is_untouched_until_the_step_that_archives(world: World) -> None:
    for step in ("acceptance", "contract_change", "data_archiving"):
        fresh = World()
        fresh.at(step)
        assert fresh.row("customer", COMPANY)["cons_name"] == OLD_NAME
        assert fresh.store.table("former_name").all() == []


def test_time_stands_still_within_a_call(world: World) -> None:
    order = world.done()
    for event in world.desk().events(order.case):
        assert event["at"] == f"{START}:00+08:00"
