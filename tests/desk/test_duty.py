"""Who may act: roles, duties that exclude each other, offices, operators."""

from __future__ import annotations

from typing import Any

import pytest
from walks import flow_of, rename
from world import COMPANY, RENAME, World, refused

from yk.archive.codes import codes
from yk.desk.operators import add_operator, all_operators, demonstration_operators, get_operator
from yk.errors import UsageError
from yk.flows.roles import roles, separations

STEPS = list(RENAME)
ARCHETYPES = {step["archetype"]: name for name, step in rename().steps.items()}
SHOWN = [rule for rule in separations() if {rule.first, rule.second} <= ARCHETYPES.keys()]


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_done_by_its_role_and_by_no_other(world: World, step: str) -> None:
    """ROLE-001 to ROLE-016."""
    order, own = world.ready(step), RENAME[step][0]
    for role in roles():
        if role != own:
            with refused() as reasons:
                world.desk(role, dry_run=True).send(order.case)
            assert reasons[0].code == "role_missing"
            assert roles()[own].name in reasons[0].message
            assert reasons[0].entry == rename().step(step)["entry"]
    assert world.desk(own).send(order.case).at != [step]


@pytest.mark.parametrize("step", STEPS)
def test_somebody_else_neither_fills_nor_answers_nor_hands_in(world: World, step: str) -> None:
    order = world.ready(step)
    desk = world.desk("energizer")
    before = world.dump()
    first = next(iter(RENAME[step][1]))
    for call in (
        lambda: desk.fill(order.case, {first: ""}),
        lambda: desk.fill(order.case, {}),
        lambda: desk.attach(order.case, "M05"),
        lambda: desk.confirm(order.case, [], every=True),
        lambda: desk.return_(order.case, (rename().step(step)["back"] or ["acceptance"])[0], "错"),
    ):
        with refused():
            call()
    assert world.dump() == before


def test_only_the_first_steps_role_opens_an_order(world: World) -> None:
    for role in roles():
        if role != "acceptance_clerk":
            with refused("role_missing"):
                world.desk(role).open("rename", COMPANY)


def test_a_missing_role_is_told_together_with_what_else_is_wrong(world: World) -> None:
    order = world.ready("acceptance")
    world.unpaid()
    with refused("role_missing", "arrears"):
        world.desk("archivist").send(order.case)


# -- separation of duties -------------------------------------------------------------------------------
def _by(world: World, order: Any, operator: str) -> Any:
    """Do the order's step as `operator`."""
    step = order.at[0]
    desk = world.desk(operator)
    desk.fill(order.case, RENAME[step][1])
    if step == "acceptance":
        for code in ("M01", "M03", "M31"):
            desk.attach(order.case, code)
    desk.confirm(order.case, [], every=True)
    return desk.send(order.case)


def test_rename_shows_four_of_the_separations() -> None:
    assert len(SHOWN) == 4


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: f"{rule.first}-{rule.second}")
def test_two_duties_that_exclude_each_other_take_two_people(world: World, rule: Any) -> None:
    """ROLE-017, ZJ 144(2)."""
    first, second = ARCHETYPES[rule.first], ARCHETYPES[rule.second]
    add_operator(world.store, "both", "王两岗", [RENAME[first][0], RENAME[second][0]])
    order = world.open_rename()
    while order.at != [second]:
        step = order.at[0]
        order = _by(world, order, "both" if step == first else RENAME[step][0])
    world.prepare(order.case)
    before = world.dump()
    with refused("duty_conflict") as reasons:
        world.desk("both").send(order.case)
    assert rule.text in reasons[0].message
    assert "王两岗" in reasons[0].message
    assert reasons[0].basis == rule.basis
    with refused("duty_conflict"):
        world.desk("both").fill(order.case, {})
    assert world.dump() == before
    assert world.desk(RENAME[second][0]).send(order.case).at != [second]


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: f"{rule.first}-{rule.second}")
def test_two_people_with_the_same_roles_may_share_them(world: World, rule: Any) -> None:
    first, second = ARCHETYPES[rule.first], ARCHETYPES[rule.second]
    for name in ("one", "two"):
        add_operator(world.store, name, name, [RENAME[first][0], RENAME[second][0]])
    order = world.open_rename()
    while order.at != [second]:
        step = order.at[0]
        order = _by(world, order, "one" if step == first else RENAME[step][0])
    assert _by(world, order, "two").at != [second]


def test_the_trainer_alone_is_stopped_at_data_archiving(world: World) -> None:
    order = world.desk("trainer").open("rename", COMPANY)
    order = _by(world, order, "trainer")
    order = _by(world, order, "trainer")
    assert order.at == ["data_archiving"]
    with refused() as reasons:
        world.desk("trainer").fill(order.case, {"archive_conclusion": "通过"})
    assert {r.code for r in reasons} == {"duty_conflict"}
    assert len(reasons) == 2, "he did acceptance, and he did the contract"


def test_a_lesson_may_switch_the_separation_off() -> None:
    world = World(separation_of_duties=False)
    order = world.desk("trainer").open("rename", COMPANY)
    for _ in STEPS:
        order = _by(world, order, "trainer")
    assert order.status == "completed"


def test_doing_the_same_step_twice_is_no_conflict(world: World) -> None:
    order = world.at("contract_change")
    world.desk("contract_manager").return_(order.case, "acceptance", "错")
    world.desk().confirm(order.case, [], every=True)
    assert world.desk().send(order.case).at == ["contract_change"]


def test_a_way_back_does_not_wash_duties_off(world: World) -> None:
    add_operator(world.store, "both", "王两岗", ["contract_manager", "archivist"])
    order = _by(world, world.at("contract_change"), "both")
    world.desk("archivist").return_(order.case, "contract_change", "错")
    order = world.pass_step(order.case)
    with refused() as reasons:
        world.desk("both").fill(order.case, {"archive_conclusion": "通过"})
    assert {r.code for r in reasons} == {"duty_conflict"}


def test_steps_without_an_entry_exclude_nothing(world: World) -> None:
    flow = flow_of(
        "{id: small, name: 小, category: 测, source: 测, confidence: 高, customer: true, "
        "steps: [{id: a, name: 甲, role: approver}, {id: b, name: 乙, role: approver}]}"
    )
    order = world.open(flow)
    world.desk("approver").send(order.case)
    assert world.desk("approver").send(order.case).status == "completed"


# -- offices ----------------------------------------------------------------------------------------------
def test_an_operator_of_another_office_may_not_act(world: World) -> None:
    """ACC-009: after handing over, the customer's office sees the order and the other may not touch it."""
    east, west = "99401", "99402"
    assert world.row("customer", COMPANY)["org_no"] == east
    for name, role, org in (("w1", "acceptance_clerk", west), ("e2", "contract_manager", east), ("w2", "contract_manager", west)):  # fmt: skip
        add_operator(world.store, name, name, [role], codes("org")[org])
    desk = world.desk("w1")
    order = desk.open("rename", COMPANY)
    values = RENAME["acceptance"][1]
    desk.fill(order.case, values)
    for code in ("M01", "M03", "M31"):
        desk.attach(order.case, code)
    desk.confirm(order.case, [], every=True)
    with refused("locality_missing"):
        desk.send(order.case)
    desk.fill(order.case, {"cross_office": "是", "home_org": west})
    with refused("locality_missing"):
        desk.send(order.case)
    desk.fill(order.case, {"home_org": east})
    desk.send(order.case)
    with refused("other_office") as reasons:
        world.desk("w2").fill(order.case, {"agreement_no": "1"})
    assert codes("org")[east] in reasons[0].message
    assert [o.case for o in world.desk("w2").orders(mine=True)] == []
    assert [o.case for o in world.desk("e2").orders(mine=True)] == [order.case]
    assert world.desk("e2").fill(order.case, {"agreement_no": "1"}).data["agreement_no"] == "1"


# -- operators --------------------------------------------------------------------------------------------
def test_the_demonstration_has_one_operator_a_role_and_a_trainer_with_all() -> None:
    everybody = {o.id: o for o in demonstration_operators()}
    assert everybody.keys() == {*roles(), "trainer"}
    assert all(everybody[role].roles == (role,) for role in roles())
    assert set(everybody["trainer"].roles) == set(roles())


def test_nobody_in_particular_is_the_trainer_where_there_is_one(world: World) -> None:
    assert world.desk("").operator.id == "trainer"
    world.store.table("operator").remove(doc_ids=["trainer"])
    with pytest.raises(UsageError) as caught:
        _ = world.desk("").operator
    assert caught.value.code == "operator_missing"


def test_an_unknown_operator_gets_a_hint(world: World) -> None:
    with pytest.raises(UsageError) as caught:
        get_operator(world.store, "acceptance_clark")
    assert caught.value.code == "unknown_operator"
    assert "acceptance_clerk" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "person", "wanted", "code"),
    [
        ("", "王", ["archivist"], "operator_incomplete"),
        ("w", " ", ["archivist"], "operator_incomplete"),
        ("w", "王", [], "operator_incomplete"),
        ("w", "王", ["archivst"], "unknown_role"),
    ],
)
def test_an_operator_has_id_name_and_roles(
    world: World, name: str, person: str, wanted: list[str], code: str
) -> None:
    before = world.dump()
    with pytest.raises(UsageError) as caught:
        add_operator(world.store, name, person, wanted)
    assert caught.value.code == code
    assert world.dump() == before


def test_an_operator_added_twice_has_the_later_roles(world: World) -> None:
    add_operator(world.store, "w", "王", ["归档人员"])
    add_operator(world.store, "w", "王", ["approver", "业务受理人员"])
    assert get_operator(world.store, "w").roles == ("approver", "acceptance_clerk")
    assert len([o for o in all_operators(world.store) if o.id == "w"]) == 1


def test_a_role_taken_away_counts_from_the_next_call(world: World) -> None:
    order, desk = world.open_rename(), world.desk()
    desk.fill(order.case, {"contact_name": "x"})
    add_operator(world.store, "acceptance_clerk", "业务受理人员", ["energizer"])
    with refused("role_missing"):
        desk.fill(order.case, {"contact_name": "y"})
