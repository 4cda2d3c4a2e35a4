"""Effects: what they write, with before- and after-images, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import rename
from world import COMPANY, NEW_NAME, PERSON, WHOLE, World

from yk.archive.dictionary import entities
from yk.errors import DefinitionError
from yk.flows.change import Change
from yk.flows.effects import effects, find_effect
from yk.flows.facts import Facts
from yk.flows.flow import flow_ids, load

ARCHIVE = tuple(entities())


def archive(world: World) -> dict[str, Any]:
    """The archive alone."""
    return {name: rows for name, rows in world.dump().items() if name in ARCHIVE}


def _changes(world: World, case: str) -> list[dict[str, Any]]:
    """All images of an order's events, in order."""
    return [change for event in world.desk().events(case) for change in event.get("changes", ())]


@pytest.mark.parametrize("customer", [COMPANY, PERSON])
def test_events_hold_what_was_and_what_became(world: World, customer: str) -> None:
    before = archive(world)
    order = world.done(customer)
    after = archive(world)
    replayed = {name: {k: dict(v) for k, v in rows.items()} for name, rows in before.items()}
    for change in _changes(world, order.case):
        rows = replayed[change["entity"]]
        if change["before"] is None:
            blank = dict.fromkeys(entities()[change["entity"]].fields)
            assert change["id"] not in rows
            rows[change["id"]] = blank | change["after"]
        else:
            assert change["before"].keys() == change["after"].keys()
            assert {k: rows[change["id"]][k] for k in change["before"]} == change["before"]
            rows[change["id"]] |= change["after"]
    assert replayed == after


def test_an_image_holds_only_what_really_changed(world: World) -> None:
    order = world.done()
    (renamed,) = (
        c for c in _changes(world, order.case) if c["entity"] == "customer" and "cons_name" in c["after"]
    )
    assert renamed == {
        "entity": "customer",
        "id": COMPANY,
        "before": {"cons_name": "示范老厂"},
        "after": {"cons_name": NEW_NAME},
    }


NAMES = st.text(st.sampled_from("示范新老厂电力甲乙（）A1"), min_size=1, max_size=12)
ACCOUNT = st.fixed_dictionaries(
    {
        "cons_name": NAMES,
        "status": st.sampled_from(["0", "2"]),
        "contract_cap": st.sampled_from([8.0, 315.0, 0.5]),
        "sect_no": st.sampled_from([None, "S1"]),
    }
)


@settings(max_examples=30, deadline=None)
@given(
    account=ACCOUNT,
    party=st.booleans(),
    billing=st.sampled_from([None, {}, {"invoice_title": "旧抬头", "tax_no": "T"}]),
    contract=st.booleans(),
    contacts=st.lists(st.sampled_from(["01", "02", "03"]), max_size=3, unique=True),
    new=NAMES,
)
def test_taking_back_the_images_gives_back_the_archive(
    account: dict[str, Any],
    party: bool,
    billing: dict[str, Any] | None,
    contract: bool,
    contacts: list[str],
    new: str,
) -> None:
    """Whatever the account has or lacks."""
    world, cons_no = World(), "1017000001"
    world.put("customer", cons_no=cons_no, **WHOLE | account, party_no="Q" if party else None)
    if party:
        world.put("party", party_no="Q", party_name=account["cons_name"], cert_type="04", cert_no="E1")
    if billing is not None:
        world.put("billing_info", cons_no=cons_no, **billing)
    if contract:
        world.put("contract", contract_no="HTX", cons_no=cons_no, cons_name=account["cons_name"])
    for kind in contacts:
        world.put("contact", contact_id=f"C{kind}", cons_no=cons_no, kind=kind, name="旧")
    before = archive(world)
    desk = world.desk("trainer")
    order = desk.open("rename", cons_no)
    filled = {
        "new_name": new,
        "agreement_name": new,
        "contact_kind": "01",
        "contact_name": "新",
        "file_no": "1",
    }
    order.data |= filled
    wanted = [name for step in rename().steps.values() for name in step["effects"]]
    sources = sorted({source for name in wanted for source in find_effect(name).reads})
    with desk.unit():
        for name in wanted:
            from yk.desk.gather import gather

            facts = desk.facts(order, rename(), "acceptance", gather(world.store, order, sources))
            if name != "record_contract_change" or contract:
                desk.apply(order, find_effect(name).make(facts))
        images = list(desk.changes)
    assert archive(world) != before
    with desk.unit():
        desk.take_back(images)
    assert archive(world) == before


def test_taking_back_a_whole_order_gives_back_the_archive(world: World) -> None:
    before = archive(world)
    order = world.done()
    with world.desk().unit():
        world.desk().take_back(_changes(world, order.case))
    assert archive(world) == before


def test_a_dropped_row_comes_back_whole(world: World) -> None:
    before = archive(world)
    desk = world.desk("trainer")
    order = world.open_rename()
    with desk.unit():
        desk.apply(
            order, Change(put=(("contact", {"contact_id": "C1", "name": "甲"}),), drop=(("contact", "C1"),))
        )
        assert not world.store.table("contact").has("C1")
        desk.take_back(desk.changes)
    assert archive(world) == before


def test_a_change_that_changes_nothing_leaves_no_image(world: World) -> None:
    order = world.open_rename()
    desk = world.desk("trainer")
    with desk.unit():
        same = Change(put=(("customer", {"cons_no": COMPANY, "status": "0"}),), drop=(("contact", "nobody"),))
        assert desk.apply(order, same) == []


@pytest.mark.parametrize("customer", [COMPANY, PERSON])
def test_effects_write_what_the_archive_holds_in_its_own_form(world: World, customer: str) -> None:
    """Times without offset, codes of their lists, no field the dictionary lacks."""
    order = world.done(customer)
    for change in _changes(world, order.case):
        fields = entities()[change["entity"]].fields
        for name, value in change["after"].items():
            assert fields[name].parse(value) == value, (change["entity"], name, value)


def test_an_effect_is_pure(world: World) -> None:
    """It says the same twice and leaves the facts alone."""
    from copy import deepcopy

    order = world.ready("data_archiving")
    facts = world.facts(order)
    before = deepcopy((facts.data, facts.archive, facts.materials))
    for name in ("rename_customer", "release_customer"):
        assert find_effect(name).make(facts) == find_effect(name).make(facts)
    assert before == (facts.data, facts.archive, facts.materials)


def test_an_effect_looks_only_at_the_sources_it_declares(world: World) -> None:
    for step, spec in rename().steps.items():
        for name in spec["effects"]:
            fresh = World()
            facts = fresh.facts(fresh.ready(step))
            only = {source: facts.archive[source] for source in find_effect(name).reads}
            bare = Facts(facts.case, facts.now, facts.rule_set, facts.operator, data=facts.data, archive=only)
            bare.materials = facts.materials
            assert find_effect(name).make(bare) == find_effect(name).make(facts)


def test_locking_twice_remembers_the_first_status(world: World) -> None:
    order = world.open_rename(PERSON)
    facts = world.facts(order)
    change = find_effect("lock_customer").make(facts)
    assert change.form == {"status_before": "2"}
    assert find_effect("lock_customer").make(facts.filled(**change.form)) == Change()


def test_releasing_what_was_not_locked_does_nothing(world: World) -> None:
    assert find_effect("release_customer").make(world.facts(world.open_rename())) == Change()


def test_a_contact_of_another_kind_is_added_and_the_old_one_kept(world: World) -> None:
    order = world.open_rename()
    world.pass_step(order.case, contact_kind="02")
    for _ in range(2):
        world.pass_step(order.case)
    assert world.row("contact", "C1")["name"] == "旧联系人"
    assert world.row("contact", f"{order.case}-1")["kind"] == "02"


def test_an_empty_contact_field_does_not_wipe_the_archive(world: World) -> None:
    order = world.open_rename()
    world.pass_step(order.case, mobile="")
    for _ in range(2):
        world.pass_step(order.case)
    assert world.row("contact", "C1")["mobile"] == "19900000000"


def test_every_effect_says_what_it_does_and_on_what_basis_and_is_used() -> None:
    flows = [load(name) for name in flow_ids()]
    used = {e for flow in flows for step in flow.steps.values() for e in step["effects"]}
    used |= {e for flow in flows for e in flow.doc["on_stop"]}
    assert used == effects().keys()
    for one in effects().values():
        assert one.label
        assert one.basis


def test_an_unknown_effect_gets_a_hint() -> None:
    with pytest.raises(DefinitionError) as caught:
        find_effect("rename_custmer")
    assert "rename_customer" in caught.value.hint
