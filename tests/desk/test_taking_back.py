"""Undoing one's own last step: gives back what was before, and only while nobody has gone on from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import COMPANY, NEW_NAME, RENAME, World

from yk.desk.order import WorkOrder
from yk.errors import Refused

AFTER = {"version", "seq", "last_hash"}
"""What an undo does not give back: the record goes on."""


def opened(world: World) -> str:
    return world.desk().open("rename", COMPANY, {"new_name": NEW_NAME}).case


def state(order: WorkOrder) -> dict[str, Any]:
    return {name: value for name, value in order.doc().items() if name not in AFTER}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_undoing_gives_the_form_back_and_says_so_in_the_record(world: World) -> None:
    case, desk = opened(world), world.desk()
    before = state(desk.get(case))
    desk.fill(case, {"contact_name": "安知行"})
    desk.take_back_last(case)
    assert state(desk.get(case)) == before
    assert [e["event"] for e in desk.events(case)] == ["open", "set", "take_back"]
    assert desk.verify(case) == []


def test_undoing_a_sending_brings_the_order_back_with_its_answers_and_deadline(world: World) -> None:
    case, desk = opened(world), world.desk()
    desk.fill(case, RENAME["acceptance"][1])
    for material in ("M01", "M03", "M31"):
        desk.attach(case, material)
    desk.confirm(case, [], every=True)
    before, status = state(desk.get(case)), world.row("customer", COMPANY)["status"]
    desk.send(case)
    assert desk.steps_at(desk.get(case)) != ["acceptance"]
    assert world.row("customer", COMPANY)["status"] != status
    desk.take_back_last(case)
    assert state(desk.get(case)) == before
    assert world.row("customer", COMPANY)["status"] == status


def test_only_the_last_step_and_only_once(world: World) -> None:
    case, desk = opened(world), world.desk()
    desk.fill(case, {"contact_name": "安知行"})
    desk.take_back_last(case)
    with pytest.raises(Refused) as refused:
        desk.take_back_last(case)
    assert codes(refused) == ["nothing_to_take_back"]


def test_a_new_order_has_nothing_to_undo(world: World) -> None:
    case = opened(world)
    assert world.desk().why_not_take_back(case) == "没有可以撤销的上一步"


def test_another_persons_step_is_not_undone(world: World) -> None:
    case = opened(world)
    world.desk().fill(case, {"contact_name": "安知行"})
    with pytest.raises(Refused) as refused:
        world.desk("trainer").take_back_last(case)
    assert codes(refused) == ["not_your_step"]


def test_what_was_written_into_the_archive_is_not_undone(world: World) -> None:
    case = opened(world)
    desk = world.desk()
    for step, (operator, data) in list(RENAME.items())[:3]:
        desk.act_as(operator)
        if step == "acceptance":
            for material in ("M01", "M03", "M31"):
                desk.attach(case, material)
        if step in desk.steps_at(desk.get(case)):
            desk.fill(case, data)
            desk.confirm(case, [], every=True)
            desk.send(case)
    assert world.row("customer", COMPANY)["cons_name"] == NEW_NAME
    with pytest.raises(Refused) as refused:
        desk.take_back_last(case)
    assert codes(refused) == ["archive_written"]


def test_an_order_that_went_on_under_the_screen_is_not_undone(world: World) -> None:
    case, desk = opened(world), world.desk()
    seen = desk.fill(case, {"contact_name": "安知行"}).version
    desk.fill(case, {"contact_name": "柳知行"})
    with pytest.raises(Refused) as refused:
        desk.take_back_last(case, expect=seen)
    assert codes(refused) == ["stale"]


STEP = st.sampled_from(["set", "attach", "confirm"])


@given(
    steps=st.lists(st.tuples(STEP, st.integers(0, 9)), max_size=8), last=st.tuples(STEP, st.integers(0, 9))
)
@settings(max_examples=25, deadline=None)
def test_undo_gives_back_whatever_was_done_before(
    steps: list[tuple[str, int]], last: tuple[str, int]
) -> None:
    world = World()
    case, desk = opened(world), world.desk()

    def act(kind: str, number: int) -> None:
        if kind == "set":
            desk.fill(case, {"app_remark": f"第{number}次"})
        elif kind == "attach":
            desk.attach(case, ["M01", "M03", "M31"][number % 3], note=str(number))
        else:
            desk.confirm(case, ["2.R1.C3"], note=str(number))

    for one in steps:
        act(*one)
    before = state(desk.get(case))
    act(*last)
    desk.take_back_last(case)
    assert state(desk.get(case)) == before
    assert desk.verify(case) == []
