"""Nothing of a finding's history is lost, whatever moves under it: accounts, units, rules, other writers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from audit.spoiling import (
    ACCOUNT,
    FINDING,
    OTHER,
    RULE,
    TWIN,
    audited,
    clock,
    found,
    fresh,
    mend,
    set_field,
    spoil,
    states,
)
from yk.audit import following, life, running, whitelisting
from yk.audit.gate import Checked, import_checked
from yk.audit.reading import Base, opened
from yk.audit.rules import find_rule, rules
from yk.audit.watching import watcher
from yk.desk import Desk
from yk.flows.change import Image
from yk.store import Store

METER = "M10160000121"


@pytest.fixture
def desk() -> Desk:
    return fresh()


def meter(desk: Desk, **fields: Any) -> None:
    table = desk.store.table("meter")
    table.save(dict(table.get(doc_id=METER)) | fields)


def imported(desk: Desk, folder: Path, name: str, *lines: str) -> Checked:
    file = folder / f"{name}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return import_checked(desk.store, [file], None, False, desk.clock, desk.settings, "trainer")


def steps(desk: Desk, rule: str) -> list[str]:
    (finding,) = found(desk, rule=rule)
    return [step["state"] for step in finding["history"]]


# -- rows that change their account ------------------------------------------------------------------------------------
def test_a_row_that_goes_to_another_account_takes_its_finding_along(desk: Desk, tmp_path: Path) -> None:
    """It was filed anew, and its verification and its day were gone."""
    meter(desk, factory_no=None)
    audited(desk)
    life.verify(desk, [f"X:1.13/meter/{METER}"], True, "现场看过")
    clock(desk).advance(days=2)
    imported(desk, tmp_path, "meter", "meter_id,cons_no", f"{METER},{OTHER}")
    (finding,) = found(desk, rule="X:1.13")
    assert (finding["cons_no"], finding["org_no"]) == (OTHER, "99401")
    assert (finding["due"], finding["state"]) == ("2026-11-24", "verified")
    assert steps(desk, "X:1.13") == ["found", "verified", "moved", "overdue"]


@pytest.mark.parametrize("asked", [(ACCOUNT,), (OTHER,), (ACCOUNT, OTHER), ()])
def test_whichever_account_is_asked_a_row_that_moved_is_neither_cleared_nor_filed_anew(
    desk: Desk, asked: tuple[str, ...]
) -> None:
    meter(desk, factory_no=None)
    audited(desk)
    meter(desk, factory_no=None, cons_no=OTHER)
    answer = audited(desk, accounts=asked)
    assert (answer.new, answer.back, answer.gone) == (0, 0, 0)
    assert [doc["rule"] for doc in found(desk) if doc["entity_id"] == METER] == ["X:1.13"]


def test_an_order_that_moves_a_row_is_not_blamed_for_its_defect(desk: Desk) -> None:
    meter(desk, factory_no=None)
    audited(desk)
    order = desk.open("rename", OTHER, {"new_name": "示范新户"})
    with desk.unit():
        meter(desk, factory_no=None, cons_no=OTHER)
        images = [Image("meter", METER, {"cons_no": ACCOUNT}, {"cons_no": OTHER})]
        told = watcher()(desk, order, images, images)
    assert [text for text in told if "多出" in text] == []
    assert steps(desk, "X:1.13") == ["found", "moved"]


def test_a_finding_follows_its_account_to_another_unit(desk: Desk, tmp_path: Path) -> None:
    spoil(desk)
    audited(desk)
    imported(desk, tmp_path, "customer", "cons_no,org_no", f"{ACCOUNT},99401")
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert (finding["org_no"], finding["state"]) == ("99401", "found")
    assert "99403" in finding["history"][-1]["reason"]


# -- the gate ------------------------------------------------------------------------------------------------------------
def test_a_row_imported_without_its_account_is_asked_all_the_same(desk: Desk, tmp_path: Path) -> None:
    checked = imported(desk, tmp_path, "meter", "meter_id,factory_no", f"{METER},")
    assert [one["rule"] for one in checked.breaks] == ["X:1.13"]
    checked = imported(desk, tmp_path, "meter", "meter_id,factory_no", f"{METER},F1")
    assert (checked.broken, checked.cleared) == (0, 1)


def test_a_row_of_a_table_that_belongs_to_nobody_is_asked(desk: Desk, tmp_path: Path) -> None:
    code = next(iter(desk.store.table("tariff").all()))["tariff_code"]
    kept = dict(desk.store.table("tariff").get(doc_id=code))
    checked = imported(desk, tmp_path, "tariff", "tariff_code,volt_code", f"{code},")
    assert [(one["rule"], one["row"]) for one in checked.breaks] == [("X:1.18", 2)]
    checked = imported(desk, tmp_path, "tariff", "tariff_code,volt_code", f"{code},{kept['volt_code']}")
    assert (checked.broken, checked.cleared) == (0, 1)


# -- others that write ---------------------------------------------------------------------------------------------------
def test_what_others_mend_or_break_during_a_run_is_as_they_left_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run had read, and then filed as relapse what had been mended before it wrote."""
    spoil(desk)
    audited(desk)

    def meanwhile(store: Store) -> Iterator[Base]:
        with opened(store) as base:
            yield base
        mend(desk)
        with desk.unit():
            life._ask_again(desk, (ACCOUNT,))
        set_field(desk, "run_cap", 999.0, OTHER)

    monkeypatch.setattr(running, "opened", contextmanager(meanwhile))
    answer = audited(desk)
    assert set(states(desk).values()) == {"cleared"}
    assert (answer.back, answer.findings) == (0, 0)
    monkeypatch.undo()
    assert audited(desk).new == 3


# -- the whitelist -------------------------------------------------------------------------------------------------------
def whitelisted(desk: Desk) -> None:
    number = whitelisting.ask_exemption(desk, FINDING, "特批", "2027-03-31")["exemption"]
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, number, True)


def test_a_whitelisted_defect_found_later_under_its_other_number_is_whitelisted(desk: Desk) -> None:
    spoil(desk)
    audited(desk, chosen=[find_rule(RULE)])
    whitelisted(desk)
    audited(desk)
    assert states(desk) == {RULE: "whitelisted", TWIN: "whitelisted", "D:1.1.3": "found"}


def test_gone_and_back_as_it_was_whitelisted_it_is_whitelisted(desk: Desk) -> None:
    spoil(desk)
    audited(desk)
    whitelisted(desk)
    mend(desk)
    audited(desk)
    spoil(desk)
    audited(desk)
    assert states(desk)[RULE] == "whitelisted"
    assert steps(desk, RULE) == ["found", "whitelisted", "cleared", "whitelisted"]


def test_a_lapsed_entry_does_not_hinder_a_new_one(desk: Desk) -> None:
    spoil(desk)
    audited(desk)
    whitelisted(desk)
    clock(desk).advance(days=200)
    audited(desk)
    desk.act_as("unit_corrector")
    number = whitelisting.ask_exemption(desk, FINDING, "续办", "2027-12-31")["exemption"]
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, number, True)
    audited(desk)
    assert states(desk)[RULE] == "whitelisted"


# -- rules that go ---------------------------------------------------------------------------------------------------------
def test_findings_of_a_rule_that_is_withdrawn_end_with_the_next_whole_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(desk)
    audited(desk)
    fewer = {name: rule for name, rule in rules().items() if name != "D:1.1.3"}
    for module in (running, following):
        monkeypatch.setattr(module, "rules", lambda: fewer)
    monkeypatch.setattr(running, "version", lambda: "another")
    answer = audited(desk)
    assert (answer.rules, answer.gone) == (129, 1)
    monkeypatch.undo()
    (finding,) = found(desk, rule="D:1.1.3")
    assert (finding["state"], finding["history"][-1]["reason"]) == ("cleared", "规则已不在用")


def test_a_run_is_found_by_its_number_in_small_letters(desk: Desk) -> None:
    spoil(desk)
    audited(desk)
    assert len(found(desk, run="jh000001")) == 3
