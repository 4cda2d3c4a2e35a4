"""An account: what it owes, what was done on it."""

from __future__ import annotations

import pytest
from world import CLOSED, COMPANY, ID_CARD, NEW_NAME, OLD_NAME, PERSON, World, refused

from yk.desk.account import account
from yk.errors import UsageError


def test_it_tells_what_is_owed_and_prepaid(world: World) -> None:
    world.unpaid(COMPANY, 100.0)
    world.put("receivable", rcv_id="R2", cons_no=COMPANY, ym=202609, amount=50.0, paid=20.5, late_fee=1.0)
    world.put("receivable", rcv_id="R3", cons_no=COMPANY, ym=202608, amount=50.0, paid=60.0)
    world.put("prepayment", cons_no=COMPANY, amount=12.5)
    found = account(world.desk(), COMPANY)
    assert (found.owed, found.prepaid, found.running) == (130.5, 12.5, 0)


def test_the_story_has_orders_old_orders_and_former_names_the_newest_first(world: World) -> None:
    world.put(
        "work_order",
        app_no="OLD1",
        cons_no=COMPANY,
        busi_type="高压新装",
        app_time="2012-01-05T09:30:00",
        stage="归档",
    )
    done = world.done(COMPANY)
    case = world.open_rename(COMPANY, new_name="示范再新厂").case
    found = account(world.desk(), COMPANY)
    told = [(line["what"], line["state"], line["case"]) for line in found.story]
    assert (told[0], told[-1]) == (("更名", "在办", case), ("高压新装", "归档", ""))
    assert ("更名", "已归档", done.case) in told
    former = next(line for line in found.story if line["what"] == "曾用名")
    assert former["told"] == f"{OLD_NAME} ▸ {NEW_NAME}"
    assert former["case"] == done.case, "the order that changed the name can be opened"
    assert found.running == 1


def test_personal_data_are_masked_unless_one_may_see_them(world: World) -> None:
    assert account(world.desk(), PERSON).document["party"][0]["cert_no"] != ID_CARD
    assert (
        account(world.desk("acceptance_clerk"), PERSON, unmasked=True).document["party"][0]["cert_no"]
        == ID_CARD
    )
    with refused("personal_data"):
        account(world.desk("meter_installer"), PERSON, unmasked=True)


def test_an_account_without_anything_is_told_too(world: World) -> None:
    found = account(world.desk(), CLOSED)
    assert (found.story, found.owed, found.prepaid) == ([], 0.0, 0.0)


def test_an_unknown_account_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="没有用户"):
        account(world.desk(), "1")
