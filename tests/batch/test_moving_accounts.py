"""批量更改线路台区 and 低压批量新装 on the engine."""

from __future__ import annotations

import pytest
from batches import (
    LV_VALUES,
    Office,
    codes,
    connecting,
    house,
    messages,
    moving,
    n,
    said,
    stock,
    whole_archive,
)

from yk.batch import applying

CASES: dict[str, tuple[dict[str, str], str]] = {
    "unknown line": ({"line_no": "L9"}, "area_off_line"),
    "unknown area": ({"tg_no": "TG9"}, "area_off_line"),
    "area on another line": ({"tg_no": "TG000009"}, "area_off_line"),
    "area not in service": ({"line_no": "L00001", "tg_no": "TG000090"}, "area_off_line"),
    "somebody's own transformer": ({"line_no": "L00001", "tg_no": "TG000091"}, "voltage_off_area"),
    "other unit without section": ({"line_no": "L00002", "tg_no": "TG000002"}, "section_unfit"),
    "unknown section": ({"sect_no": "S0"}, "section_unfit"),
    "hung elsewhere before": ({"old_line_no": "L00005", "old_tg_no": "TG000005"}, "old_area_wrong"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_place_blocks_its_row(name: str) -> None:
    office = Office()
    given, code = CASES[name]
    before = whole_archive(office.store)
    first, second = office.rows(office.plan("line-area", moving(1, {"cons_no": n(2), **given})))
    assert first["status"] == "ready"
    assert said(second) == {code}
    assert n(2) in messages(second)
    assert whole_archive(office.store) == before


def test_an_area_takes_what_it_can_carry_and_no_more() -> None:
    office = Office()
    office.put("transformer_area", tg_no="TG000005", cap=10.0)
    rows = office.rows(office.plan("line-area", moving(1, 2, 3, 4)))
    assert [row["status"] for row in rows] == ["ready", "ready", "blocked", "blocked"]
    assert said(rows[2]) == {"area_full"}
    office.put("customer", cons_no=n(5), run_cap=12.0)
    assert said(office.rows(office.plan("line-area", moving(5)))[0]) == {"area_full"}


def test_who_is_there_already_or_not_switched_over_is_passed_over() -> None:
    office = Office()
    rows = moving(
        {"cons_no": n(1), "line_no": "L00001", "tg_no": "TG000001", "finding": "已切"},
        {"cons_no": n(2), "finding": "未切"},
        {"cons_no": n(3), "finding": "已切"},
    )
    batch = office.carry_out("line-area", rows)
    assert office.statuses(batch) == ["skipped", "skipped", "done"]


def test_another_unit_wants_consent_where_the_setting_says_so() -> None:
    place = {"cons_no": n(1), "line_no": "L00002", "tg_no": "TG000002", "sect_no": "9940201001"}
    office = Office()
    row = office.rows(office.plan("line-area", moving(place)))[0]
    assert (row["status"], said(row, "notices")) == ("ready", {"unit_changed"})
    office = Office(unit_change_policy="refuse")
    assert said(office.rows(office.plan("line-area", moving(place)))[0]) == {"unit_changed"}


def test_two_sources_need_to_be_told_apart() -> None:
    office = Office()
    office.put("power_source", ps_id=f"PS{n(1)}2", cons_no=n(1), line_id="L00001", station_id="TG000009")
    assert said(office.rows(office.plan("line-area", moving(1)))[0]) == {"many_sources"}
    told = {"cons_no": n(1), "old_line_no": "L00001", "old_tg_no": "TG000009"}
    office.carry_out("line-area", moving(told))
    assert office.get("power_source", f"PS{n(1)}2")["station_id"] == "TG000005"
    assert office.get("power_source", f"PS{n(1)}1")["station_id"] == "TG000001"


@pytest.mark.parametrize("kind", ["line-area", "lv-new"])
def test_a_batch_and_its_undoing_leave_the_archive_as_it_was(kind: str) -> None:
    office = Office()
    before = whole_archive(office.store)
    batch = office.carry_out(kind, moving(1, 2, 3) if kind == "line-area" else connecting(1, 2, 3))
    assert office.counts(batch) == {"done": 3}
    assert whole_archive(office.store) != before
    office.undo(batch)
    assert whole_archive(office.store) == before


def test_households_get_numbers_that_follow_each_other_and_a_meter_each() -> None:
    office = Office()
    rows = connecting(
        1,
        house(2, new_elec_addr="示范市示范里1室"),
        house(3, new_asset_no=stock(1)),
        4,
        house(5, new_asset_no="9"),
    )
    batch = office.connect(rows)
    found = office.rows(batch)
    assert [row["status"] for row in found] == ["blocked", "blocked", "blocked", "ready", "blocked"]
    assert [said(row) for row in found[1:]] == [
        {"household_address_taken"},
        {"asset_repeated"},
        set(),
        {"meter_not_in_stock"},
    ]
    office.put("customer", cons_no="1016000016", cons_name="别人")
    office.confirm(batch)
    office.apply(batch)
    assert office.rows(batch)[3]["customer"] == "1016000017", "its number was taken since: it gets the next"


def test_a_new_account_that_got_more_since_stays() -> None:
    office = Office()
    batch = office.carry_out("lv-new", connecting(1, 2))
    first, second = (row["customer"] for row in office.rows(batch))
    office.owes(first)
    office.undo(batch)
    assert office.statuses(batch) == ["done", "undone"]
    assert office.get("customer", first)
    assert not office.get("customer", second)


def test_what_archiving_asks_is_asked_before_any_row_is_written() -> None:
    office = Office()
    batch = office.plan("lv-new", connecting(1), **{**LV_VALUES, "sect_no": "9940201001"})
    for paper in ("M01", "M03"):
        office.desk().attach(batch, paper)
    office.confirm(batch)
    before = whole_archive(office.store)
    assert codes(lambda: applying.apply(office.desk(), batch)) == {"reading_section_missing"}
    assert whole_archive(office.store) == before
