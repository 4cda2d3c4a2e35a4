"""Running an order by itself, the demonstration, and what people are shown of an order."""

from __future__ import annotations

from typing import Any

import pytest
from walks import EVERYTHING, HEAD, rename
from world import COMPANY, NEW_NAME, PERSON, RENAME, START, World, refused

from yk.clock import VirtualClock
from yk.desk import Desk, views
from yk.desk.demonstration import play
from yk.desk.operators import add_operator
from yk.desk.running import Plan, opened_for_run, run
from yk.desk.setting_up import demonstration_store
from yk.errors import UsageError, YkError
from yk.flows.guards import guards

AHEAD: dict[str, object] = {name: value for _, data in RENAME.values() for name, value in data.items()}


def start(world: World, customer: str = COMPANY, **plan: Any) -> tuple[Desk, str, Plan]:
    """A desk, a new 更名 and a plan that fills everything."""
    desk, made = world.desk("trainer"), Plan(dict(AHEAD), confirm_all=True, fill=True, **plan)
    return desk, opened_for_run(desk, "更名", customer, made), made


@pytest.mark.parametrize("customer", [COMPANY, PERSON])
def test_a_run_goes_through_every_step_with_those_who_may(world: World, customer: str) -> None:
    desk, case, plan = start(world, customer)
    done = list(run(desk, case, plan))
    assert [one["step"] for one in done] == list(RENAME)
    assert done[-1]["to"] == ["completed"]
    assert world.row("customer", customer)["cons_name"] == NEW_NAME
    assert desk.verify(case) == []
    who = {one["step"]: one["operator"] for one in done}
    assert who["data_archiving"] not in (who["acceptance"], who["contract_change"], who["follow_up"])


def test_a_run_shows_what_was_asked_and_changed(world: World) -> None:
    desk, case, plan = start(world)
    for one in run(desk, case, plan):
        assert all(item["state"] in ("done", "na") for item in one["items"] if item["required"])
        assert one["entry"].startswith("YXZY-YY-33")
        if one["step"] == "data_archiving":
            assert "former_name" in {change["entity"] for change in one["changes"]}


def test_a_run_stops_at_its_goal(world: World) -> None:
    desk, case, plan = start(world, until="data_archiving")
    list(run(desk, case, plan))
    assert desk.get(case).at == ["data_archiving"]


def test_a_run_stops_at_the_step_that_refuses(world: World) -> None:
    world.put("contract", contract_no="HT1", end_date="2020-01-01")
    desk, case, plan = start(world)
    with refused("contract_expired"):
        list(run(desk, case, plan))
    assert desk.get(case).at == ["contract_change"]


def test_a_run_without_confirmation_answers_no_control(world: World) -> None:
    desk, case, plan = start(world)
    plan.confirm_all = False
    with refused() as reasons:
        list(run(desk, case, plan))
    assert {r.code for r in reasons} == {"control_open"}


def test_a_run_needs_somebody_who_may(world: World) -> None:
    for one in ("archivist", "trainer"):
        world.store.table("operator").remove(doc_ids=[one])
    add_operator(world.store, "both", "王两岗", ["acceptance_clerk", "archivist"])
    desk = world.desk("both")
    plan = Plan(dict(AHEAD), confirm_all=True, fill=True)
    case = opened_for_run(desk, "更名", COMPANY, plan)
    with refused("role_missing") as reasons:
        list(run(desk, case, plan))
    assert "信息归档" in reasons[0].message
    assert desk.get(case).at == ["data_archiving"]


def test_a_run_goes_through_sign_offs_groups_and_children(world: World, install: Any) -> None:
    parent = HEAD.format(id="parent", name="父流程") + (
        "steps:\n  - {id: a, name: 甲, role: approver, sub_flow: everything}\n  - {id: b, name: 乙, role: archivist}\n"
    )
    install(
        everything=EVERYTHING.replace("opens_if: [account_open, no_order_in_flight]\n", ""), parent=parent
    )
    desk, plan = world.desk("trainer"), Plan(confirm_all=True, fill=True)
    case = opened_for_run(desk, "parent", COMPANY, plan)
    done = [one["step"] for one in run(desk, case, plan)]
    assert done[:3] == ["accept", "survey", "joint"]
    assert set(done[3:-2]) == {"fee", "pay", "inspect", "archive"}
    assert done[-2:] == ["a", "b"]
    assert desk.get(case).status == "completed"


def test_a_run_round_in_a_circle_ends(world: World, install: Any) -> None:
    circle = HEAD.format(id="circle", name="圈") + (
        "steps:\n  - {id: a, name: 甲, role: approver, next: [{to: a, when: company_customer}, {to: end}]}\n"
    )
    install(circle=circle)
    desk, plan = world.desk("approver"), Plan()
    case = opened_for_run(desk, "circle", COMPANY, plan)
    with pytest.raises(YkError) as caught:
        list(run(desk, case, plan))
    assert caught.value.code == "endless_run"


def test_a_run_that_makes_no_sense_opens_nothing(world: World) -> None:
    for target, customer, plan in (
        ("更名", COMPANY, Plan({"new_nam": "x"})),
        ("更名", COMPANY, Plan(until="nowhere")),
        ("更名", "1016999999", Plan()),
        ("012611200001", None, Plan()),
    ):
        with pytest.raises(UsageError):
            opened_for_run(world.desk("trainer"), target, customer, plan)
    assert world.store.table("case").all() == []


def test_a_goal_or_a_field_that_lies_behind_is_a_clear_error(world: World) -> None:
    order = world.at("data_archiving")
    for plan, code in (
        (Plan(until="acceptance"), "step_passed"),
        (Plan({"new_name": "x"}), "field_not_here"),
    ):
        with pytest.raises(UsageError) as caught:
            list(run(world.desk("trainer"), order.case, plan))
        assert caught.value.code == code


# -- the demonstration ------------------------------------------------------------------------------------
def test_the_demonstration_is_refused_mended_and_archived() -> None:
    store = demonstration_store()
    desk = Desk(store, "trainer", VirtualClock(START))
    scenes = list(play(desk, rename()))
    story = rename().doc["demo"]["breaks"]
    kinds = [scene.kind for scene in scenes]
    assert kinds == ["opened", *["refused", "mended"] * len(story), *["step"] * 5, "archived"]
    codes = [guards()[name].code for name in story]
    refusals = [{r.code for r in s.data["reasons"]} for s in scenes if s.kind == "refused"]
    assert refusals == [set(codes[i:]) for i in range(len(codes))]
    order = scenes[-1].data["order"]
    assert order.status == "completed"
    assert desk.verify(order.case) == []


def test_a_flow_that_names_nothing_to_show_shows_its_first_guards(world: World, install: Any) -> None:
    from yk.flows.flow import find

    story = "demo: {customer: '1016000001'}\n"
    install(everything=EVERYTHING.replace("form:\n", story + "form:\n"))
    scenes = list(play(world.desk("trainer"), find("everything")))
    assert [scene.kind for scene in scenes[:3]] == ["opened", "refused", "mended"]


# -- what is shown -----------------------------------------------------------------------------------------
def test_personal_numbers_are_masked_wherever_an_order_is_shown(world: World) -> None:
    order = world.done(PERSON)
    desk = world.desk("trainer")
    number = world.row("party", "P3")["cert_no"]
    shown = (
        views.full(desk, order),
        views.line(desk, order),
        list(views.events(desk, order.case)),
        views.sheet(desk, order),
    )
    for one in shown:
        assert number not in str(one)
        assert "19900001111" not in str(one)
    assert number in str(views.full(desk, order, unmasked=True))


def test_only_roles_that_need_them_may_see_personal_numbers(world: World) -> None:
    views.may_see(world.desk("acceptance_clerk"))
    with refused("personal_data"):
        views.may_see(world.desk("energizer"))


def test_an_order_is_shown_with_where_it_stands(world: World) -> None:
    order = world.at("contract_change")
    (place,) = views.summary(world.desk(), order)["at"]
    assert (place["step"], place["entry"], place["role"], place["lamp"]) == (
        "contract_change",
        "YXZY-YY-335",
        "contract_manager",
        "green",
    )
    assert place["due"].startswith("2026-11-24")
    held = world.desk("contract_manager").suspend(order.case, "等")
    assert views.summary(world.desk(), held)["at"][0]["lamp"] is None
    assert views.summary(world.desk(), world.desk("contract_manager").stop(order.case, "撤"))["at"] == []
