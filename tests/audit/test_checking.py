"""What is altered past the program shows: whitelist entries, kept plans, states of findings."""

from __future__ import annotations

import pytest

from audit.spoiling import FINDING, OTHER, audited, fresh, spoil
from yk.audit import whitelisting
from yk.audit.checking import check
from yk.audit.repair_plan import plan
from yk.audit.repair_targets import Wish
from yk.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A desk with a whitelisted finding and a planned modification."""
    desk = fresh()
    spoil(desk)
    audited(desk)
    number = whitelisting.ask_exemption(desk, FINDING, "特批", "2027-03-31")["exemption"]
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, number, True)
    desk.act_as("unit_corrector")
    plan(desk, Wish(customers=[OTHER], values={"elec_addr": "示范市试走路9号"}, reason="门牌"))
    return desk


def test_what_nobody_touched_is_whole(desk: Desk) -> None:
    assert check(desk.store) == []


def test_an_edited_entry_of_the_whitelist_shows(desk: Desk) -> None:
    table = desk.store.table("audit_exemption")
    table.save(dict(next(iter(table.all()))) | {"until": "2036-01-01"})
    assert [one["code"] for one in check(desk.store)] == ["exemption_altered"]


def test_an_edited_list_shows(desk: Desk) -> None:
    table = desk.store.table("repair_row")
    table.save(dict(next(iter(table.all()))) | {"after": '{"elec_addr":"别处"}'})
    assert [one["code"] for one in check(desk.store)] == ["repair_altered"]


def test_a_finding_whose_state_is_not_that_of_its_history_shows(desk: Desk) -> None:
    table = desk.store.table("finding")
    table.save(dict(table.get(doc_id=FINDING)) | {"state": "cleared"})
    assert [one["where"] for one in check(desk.store)] == [f"finding/{FINDING}"]
