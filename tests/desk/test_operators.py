"""Operators: roles in force, and roles that an exam has still to put in force."""

from __future__ import annotations

import pytest
from world import World

from yk.desk.operators import add_operator, get_operator, qualify
from yk.errors import Refused, UsageError


def test_a_document_of_before_there_were_exams_still_loads(world: World) -> None:
    world.store.table("operator").save({"operator": "old", "name": "老李", "roles": ["archivist"], "org": ""})
    old = get_operator(world.store, "old")
    assert (old.roles, old.awaiting) == (("archivist",), ())
    assert "awaiting" not in old.doc()


def test_a_role_that_waits_gives_no_right(world: World) -> None:
    add_operator(world.store, "li", "李", [], until_exam=["业务受理人员"])
    assert get_operator(world.store, "li").roles == ()
    assert not get_operator(world.store, "li").sees_personal_data
    with pytest.raises(Refused, match="没有这个角色"):
        world.desk("li").open("rename", "1016000001")


def test_qualifying_puts_the_role_in_force_once(world: World) -> None:
    add_operator(world.store, "li", "李", ["archivist"], until_exam=["acceptance_clerk", "approver"])
    assert qualify(world.store, "li", "业务受理人员")
    li = get_operator(world.store, "li")
    assert (li.roles, li.awaiting) == (("archivist", "acceptance_clerk"), ("approver",))
    assert world.desk("li").open("rename", "1016000001").opened_by == "li"
    assert not qualify(world.store, "li", "acceptance_clerk")
    assert get_operator(world.store, "li") == li


def test_qualifying_never_gives_a_role_that_nobody_gave(world: World) -> None:
    add_operator(world.store, "li", "李", ["archivist"])
    assert not qualify(world.store, "li", "acceptance_clerk")
    assert get_operator(world.store, "li").roles == ("archivist",)


def test_qualifying_nobody_or_for_nothing_is_an_error(world: World) -> None:
    with pytest.raises(UsageError, match="没有 nobody 这个经办人"):
        qualify(world.store, "nobody", "archivist")
    with pytest.raises(UsageError, match="没有 厂长 这个角色"):
        qualify(world.store, "trainer", "厂长")
