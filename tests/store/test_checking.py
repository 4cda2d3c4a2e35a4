"""`yk.desk.checking`: what is wrong with a store, found and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from world import COMPANY, OLD_NAME, World

from yk.archive.opening import open_store
from yk.desk.checking import check
from yk.store import Store
from yk.store.maintenance import dump, load

from .schema import MEDIA, address, path_of, temporary_folder


def codes(store: Store) -> list[str]:
    return sorted({problem["code"] for problem in check(store)})


@pytest.fixture
def busy(world: World) -> World:
    """A world with an order that is archived and one under way."""
    world.done()
    world.put("customer", cons_no=COMPANY, cons_name=OLD_NAME)
    world.at("data_archiving")
    return world


def test_a_store_at_work_is_whole(busy: World) -> None:
    assert check(busy.store) == []


@pytest.mark.parametrize("medium", MEDIA)
def test_every_medium_is_checked_alike(busy: World, medium: str) -> None:
    with temporary_folder() as folder:
        dump(busy.store, folder / "d")
        other = World(address(folder, medium)).store
        load(other, folder / "d", force=True)
        assert check(other) == []
        other.table("event").remove(doc_ids=[other.table("event").all()[3].doc_id])
        assert codes(other) == ["chain_broken"]
        other.close()


def alter(table: str, key: Callable[[World], str], **fields: Any) -> Callable[[World], None]:
    return lambda world: world.store.table(table).update(fields, doc_ids=[key(world)]) and None


def the_open(world: World) -> str:
    return str(world.store.table("case").all()[-1].doc_id)


def the_done(world: World) -> str:
    return str(world.store.table("case").all()[0].doc_id)


def event(number: int) -> Callable[[World], str]:
    return lambda world: f"{the_done(world)}.{number:06d}"


def definition(world: World) -> str:
    return str(world.store.table("definition").all()[0].doc_id)


def drop(table: str, key: Callable[[World], str]) -> Callable[[World], None]:
    return lambda world: world.store.table(table).remove(doc_ids=[key(world)]) and None


def stray_event(world: World) -> None:
    world.store.table("event").save({"id": "999999999999.000001", "case": "999999999999", "seq": 1})


def lost_order(world: World) -> None:
    doc = world.store.table("case").get(doc_id=the_open(world))
    doc.pop("flow")
    world.store.table("case").put([(doc.doc_id, doc)])


HARM: dict[str, tuple[Callable[[World], Any], list[str]]] = {
    "an event changed": (alter("event", event(2), reason="x"), ["chain_broken"]),
    "an event gone": (drop("event", event(2)), ["chain_broken"]),
    "the last event gone": (
        lambda w: drop("event", event(len(w.desk().events(the_done(w)))))(w),
        ["chain_broken"],
    ),
    "an event of another order": (alter("event", event(2), case="1"), ["chain_broken"]),
    "a number that is none": (alter("event", event(2), seq="two"), ["chain_broken"]),
    "events of no order": (stray_event, ["event_astray", "operator_unknown"][:1]),
    "an unknown operator": (drop("operator", lambda _: "acceptance_clerk"), ["operator_unknown"]),
    "an order gone": (drop("case", the_done), ["event_astray"]),
    "an order not to be read": (lost_order, ["event_astray", "order_unreadable"]),
    "an order with more": (alter("case", the_done, colour="red"), ["event_astray", "order_unreadable"]),
    "an order set back": (alter("case", the_done, seq=3), ["chain_broken"]),
    "an open order said to be done": (
        alter("case", the_open, status="completed"),
        ["lock_kept", "status_wrong"],
    ),
    "a done order said to be open": (alter("case", the_done, status="open"), ["status_wrong"]),
    "the lock lost": (alter("customer", lambda _: COMPANY, status="0"), ["lock_lost"]),
    "the customer gone": (drop("customer", lambda _: COMPANY), ["customer_missing", "owner_missing"]),
    "the definition gone": (drop("definition", definition), ["definition_missing"]),
    "the definition changed": (alter("definition", definition, doc={"id": "x"}), ["definition_changed"]),
    "a child that is not there": (alter("case", the_open, children=[["1", "x"]]), ["child_missing"]),
    "a parent that is not there": (alter("case", the_open, parent="1"), ["parent_wrong"]),
    "a parent that knows nothing": (
        lambda w: alter("case", the_open, parent=the_done(w))(w),
        ["parent_wrong"],
    ),
}


@pytest.mark.parametrize("name", HARM)
def test_what_is_wrong_is_found(busy: World, name: str) -> None:
    harm, wanted = HARM[name]
    harm(busy)
    found = check(busy.store)
    assert sorted({problem["code"] for problem in found}) == wanted
    assert all(set(problem) == {"code", "message", "where"} and problem["message"] for problem in found)


def test_children_and_parents_that_know_each_other_are_fine(busy: World) -> None:
    parent, child = the_done(busy), the_open(busy)
    busy.store.table("case").update({"children": [[child, "x"]]}, doc_ids=[parent])
    busy.store.table("case").update({"parent": parent, "parent_step": "x"}, doc_ids=[child])
    assert check(busy.store) == []


def test_a_damaged_file_is_said_to_be_so() -> None:
    with temporary_folder() as folder:
        url = address(folder, "sqlite")
        world = World(url)
        world.done()
        world.store.close()
        whole = path_of(url).read_bytes()
        page = whole.index("示范新厂".encode()) // 8192 * 8192
        path_of(url).write_bytes(whole[:page] + b"\xff" * 8192 + whole[page + 8192 :])
        store = open_store(url)
        assert set(codes(store)) <= {"integrity", "store_damaged"}
        assert codes(store)
        store.close()
