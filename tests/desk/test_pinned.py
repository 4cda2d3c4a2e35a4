"""An order goes on under the definition it was opened with, whatever the definition says today."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from walks import HEAD
from world import COMPANY, World, refused

from yk.desk import Desk
from yk.errors import UnreadableError, UsageError
from yk.flows.flow import digest_of, find

OLD = (
    HEAD.format(id="small", name="小流程")
    + """
steps:
  - {id: a, name: 甲, role: approver}
  - {id: b, name: 乙, role: approver, back: [a]}
"""
)
NEW = OLD.replace(
    "  - {id: b", "  - {id: extra, name: 新加, role: approver, guards: [no_arrears]}\n  - {id: b"
).replace("id: a, name: 甲", "id: a, name: 甲, guards: [no_arrears]")


@pytest.fixture
def case(world: World, install: Any) -> str:
    """An order of the old definition, when the new one has come."""
    install(small=OLD)
    order = world.desk("approver").open("small", COMPANY)
    install(small=NEW)
    return order.case


def test_an_old_order_ends_under_its_old_definition(world: World, case: str) -> None:
    world.unpaid()
    desk = world.desk("approver")
    assert [i for i in desk.checklist(case) if i["kind"] == "guard"] == []
    assert desk.send(case).at == ["b"]
    assert desk.send(case).status == "completed"
    assert desk.verify(case) == []


def test_a_new_order_runs_under_the_new_definition(world: World, case: str) -> None:
    desk = world.desk("approver")
    new = desk.open("small", "1016000003")
    assert new.digest != desk.get(case).digest
    assert desk.send(new.case).at == ["extra"]
    world.unpaid("1016000003")
    with refused("arrears"):
        desk.send(new.case)


def test_old_and_new_orders_go_on_side_by_side_at_one_desk(world: World, case: str) -> None:
    desk = world.desk("approver")
    new = desk.open("small", "1016000003").case
    with desk.chunk():
        assert desk.send(case).at == ["b"]
        assert desk.send(new).at == ["extra"]
        assert desk.send(case).status == "completed"


def test_an_order_of_a_flow_that_is_no_longer_defined_still_ends(world: World, install: Any) -> None:
    from yk.flows import flow

    install(small=OLD)
    case = world.desk("approver").open("small", COMPANY).case
    (flow.FOLDER / "small.yaml").unlink()
    install()
    with pytest.raises(UsageError):
        find("small")
    desk = world.desk("approver")
    desk.send(case)
    assert desk.send(case).status == "completed"
    assert [o.case for o in desk.orders()] == [case]


def _future(world: World, case: str) -> None:
    """Let the order's definition name a guard this program does not have."""
    order = world.desk().get(case)
    doc = deepcopy(world.row("definition", order.digest))
    doc["doc"]["steps"][0]["guards"] = ["of_the_future"]
    doc["digest"] = order.digest = digest_of(doc["doc"])
    world.store.table("definition").save(doc)
    world.store.table("case").save(order.doc())


def test_a_definition_that_names_an_unknown_guard_gives_one_clear_error(world: World, case: str) -> None:
    _future(world, case)
    for call in (Desk.send, Desk.checklist, lambda desk, number: desk.fill(number, {"x": 1})):
        with pytest.raises(UsageError) as caught:
            call(world.desk("approver"), case)
        assert caught.value.code == "definition_too_old"
        assert "of_the_future" in caught.value.message
        assert "小流程" in caught.value.message


def test_a_definition_that_was_changed_in_the_store_is_not_trusted(world: World, case: str) -> None:
    """Else a gate could be taken out of an order's way."""
    digest = world.desk().get(case).digest
    doc = deepcopy(world.row("definition", digest))
    doc["doc"]["steps"][1]["role"] = "cashier"
    world.store.table("definition").save(doc)
    with pytest.raises(UnreadableError) as caught:
        world.desk("approver").send(case)
    assert caught.value.code == "definition_damaged"
    assert digest in caught.value.message


def test_a_definition_that_is_missing_is_a_clear_error(world: World, case: str) -> None:
    world.store.table("definition").truncate()
    with pytest.raises(UsageError) as caught:
        world.desk("approver").send(case)
    assert caught.value.code == "definition_missing"


def test_a_place_the_definition_does_not_have_is_a_clear_error(world: World, case: str) -> None:
    order = world.desk().get(case)
    order.at = ["a", "nowhere"]
    world.store.table("case").save(order.doc())
    with pytest.raises(UnreadableError) as caught:
        world.desk("approver").stop(case, "错")
    assert caught.value.code == "unknown_place"


def test_every_definition_an_order_runs_under_is_kept_once(world: World) -> None:
    world.open_rename()
    world.open_rename("1016000003")
    (kept,) = world.store.table("definition").all()
    assert kept["digest"] == digest_of(kept["doc"]) == find("rename").digest
