"""Child orders: opened on entering a step, waited for, and what becomes of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from walks import HEAD, everything
from world import COMPANY, World, refused

from yk.desk.order import WorkOrder
from yk.flows.flow import find

CHILD = (
    HEAD.format(id="child", name="子流程")
    + """
opens_if: [not_temporary_supply]
steps:
  - {id: draft, name: 起草, role: contract_manager}
  - {id: settle, name: 签订, role: contract_manager}
"""
)
PARENT = (
    HEAD.format(id="parent", name="父流程")
    + """
on_stop: [release_customer]
form: [{name: remark, label: 备注, type: text, step: accept}]
steps:
  - {id: accept, name: 受理, role: acceptance_clerk, effects: [lock_customer]}
  - {id: contract, name: 合同, role: approver, sub_flow: child, back: [accept]}
  - {id: close, name: 归档, role: archivist, effects: [release_customer]}
"""
)


@pytest.fixture
def case(world: World, install: Any) -> str:
    """A parent order that has just come to the step with the child."""
    install(child=CHILD, parent=PARENT)
    order = world.desk().open("parent", COMPANY)
    return world.desk().send(order.case).case


def child_of(world: World, case: str) -> WorkOrder:
    """The latest child of an order."""
    order = world.desk().get(case)
    return world.desk().get(order.children[-1][0])


def finish(world: World, child: str) -> None:
    for _ in range(2):
        world.desk("contract_manager").send(child)


def test_entering_the_step_opens_the_child_for_the_same_account(world: World, case: str) -> None:
    order, child = world.desk().get(case), child_of(world, case)
    assert order.children == [[child.case, "contract"]]
    assert (child.flow, child.cons_no, child.status) == ("child", COMPANY, "open")
    assert (child.parent, child.parent_step) == (case, "contract")
    assert child.at == ["draft"]
    assert [e["event"] for e in world.desk().events(child.case)] == ["open"]
    assert world.desk().verify(child.case) == []


def test_the_parent_waits_until_the_child_is_completed(world: World, case: str) -> None:
    child = child_of(world, case)
    for _ in range(2):
        with refused("child_open") as reasons:
            world.desk("approver").send(case)
        assert child.case in reasons[0].message
        assert "（子流程）还没有办结，先把它办结" in reasons[0].message
        world.desk("contract_manager").send(child.case)
    assert world.desk("approver").send(case).at == ["close"]
    assert world.desk("archivist").send(case).status == "completed"


def test_the_checklist_shows_the_child(world: World, case: str) -> None:
    (item,) = (i for i in world.desk().checklist(case) if i["id"] == "child_done")
    assert item["state"] == "failed"
    finish(world, child_of(world, case).case)
    (item,) = (i for i in world.desk().checklist(case) if i["id"] == "child_done")
    assert item["state"] == "done"


def test_a_second_visit_goes_on_with_a_child_that_still_runs(world: World, case: str) -> None:
    child = child_of(world, case)
    world.desk("approver").return_(case, "accept", "错")
    world.desk().send(case)
    assert world.desk().get(case).children == [[child.case, "contract"]]
    finish(world, child.case)
    assert world.desk("approver").send(case).at == ["close"]


def test_a_second_visit_opens_a_new_child_when_the_first_is_over(world: World, case: str) -> None:
    first = child_of(world, case)
    finish(world, first.case)
    world.desk("approver").return_(case, "accept", "错")
    world.desk().send(case)
    second = child_of(world, case)
    assert second.case != first.case
    with refused("child_open") as reasons:
        world.desk("approver").send(case)
    assert second.case in reasons[0].message
    finish(world, second.case)
    assert world.desk("approver").send(case).at == ["close"]


def test_a_stopped_child_does_not_hold_its_parent_for_ever(world: World, case: str) -> None:
    child = child_of(world, case)
    world.desk("contract_manager").stop(child.case, "客户不签")
    with refused("child_open") as reasons:
        world.desk("approver").send(case)
    assert "已终止" in reasons[0].message
    world.desk("approver").return_(case, "accept", "重来")
    world.desk().send(case)
    finish(world, child_of(world, case).case)
    assert world.desk("approver").send(case).at == ["close"]


def test_parent_and_child_are_not_in_each_others_way(world: World, case: str) -> None:
    child = child_of(world, case)
    assert world.facts(world.desk().get(case)).archive["customer"]["status"] == "3"
    from yk.desk.gather import gather

    assert gather(world.store, child, ["orders"])["orders"] == []
    assert gather(world.store, world.desk().get(case), ["orders"])["orders"] == []


def test_a_child_that_may_not_be_opened_keeps_its_parent_where_it_is(world: World, install: Any) -> None:
    install(child=CHILD, parent=PARENT)
    case = world.desk().open("parent", COMPANY).case
    world.put("customer", cons_no=COMPANY, tmp_flag="01")
    before = world.dump()
    with refused("temporary_supply"):
        world.desk().send(case)
    assert world.dump() == before


def test_in_a_chunk_too_it_keeps_its_parent_where_it_is(world: World, install: Any) -> None:
    install(child=CHILD, parent=PARENT)
    desk = world.desk()
    case = desk.open("parent", COMPANY).case
    world.put("customer", cons_no=COMPANY, tmp_flag="01")
    with desk.chunk():
        desk.fill(case, {"remark": "一"})
        before = deepcopy(desk.get(case).doc())
        with refused("temporary_supply"):
            desk.send(case)
        assert desk.get(case).doc() == before
        desk.fill(case, {"remark": "二"})
    order = desk.get(case)
    assert (order.at, order.data["remark"], order.children) == (["accept"], "二", [])
    assert world.row("customer", COMPANY)["status"] == "0"
    assert desk.verify(case) == []


def test_a_child_runs_in_the_same_chunk_as_its_parent(world: World, install: Any) -> None:
    install(child=CHILD, parent=PARENT)
    desk = world.desk()
    with desk.chunk():
        case = desk.open("parent", COMPANY).case
        desk.send(case)
        desk.act_as("approver")
        with refused("child_open"):
            desk.send(case)
        child = desk.get(case).children[0][0]
        desk.act_as("contract_manager")
        desk.send(child)
        desk.send(child)
        desk.act_as("approver")
        assert desk.send(case).at == ["close"]
    assert world.desk().verify(case) == world.desk().verify(child) == []


def test_a_child_flow_keeps_the_definition_it_was_opened_with(world: World, case: str) -> None:
    child = child_of(world, case)
    assert child.digest == find("child").digest
    assert world.store.table("definition").has(child.digest)


def test_a_flow_without_a_manual_entry_can_be_installed(world: World, install: Any) -> None:
    from walks import EVERYTHING

    install(everything=EVERYTHING)
    assert find("什么都有").digest == everything().digest
    assert world.desk().open("everything", COMPANY).at == ["accept"]


def test_stopping_the_parent_stops_its_running_child(world: World, case: str) -> None:
    child = child_of(world, case).case
    world.desk("approver").stop(case, "客户撤单")
    stopped = world.desk().get(child)
    assert stopped.status == "stopped"
    assert world.desk().verify(child) == []
    assert "客户撤单" in world.desk().events(child)[-1]["reason"]


def test_a_child_may_ask_for_no_order_in_flight_under_a_parent_that_holds_the_lock(
    world: World, install: Any
) -> None:
    install(child=CHILD.replace("not_temporary_supply", "no_order_in_flight"), parent=PARENT)
    order = world.desk().open("parent", COMPANY)
    assert world.desk().send(order.case).children
    with refused("order_in_flight", "order_in_flight"):
        world.desk().open("rename", COMPANY)
