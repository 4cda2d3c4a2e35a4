"""重要保电任务管理: rosters without gaps, standby proved in time, works out of the way, released when it is over."""

from __future__ import annotations

from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.desk.running import Plan, opened_for_run, run
from yk.flows.rosters import gaps, twice

BEGIN, END = "2026-11-21T08:00:00+08:00", "2026-11-22T20:00:00+08:00"
PERIOD = {"begin_at": BEGIN, "end_at": END}


def shift(begin: str, end: str, place: str = "主会场", **other: str) -> dict[str, Any]:
    """A shift of the two days of the task: `21T08:00`."""
    people = {"person1": "甲", "person2": "乙", "phone1": "1", "phone2": "2"}
    return {"place": place, "begin": f"2026-11-{begin}", "end": f"2026-11-{end}", **people, **other}


@pytest.mark.parametrize(("shifts", "wanted"), [
    ([shift("21T08:00", "22T20:00")], []),
    ([shift("21T08:00", "21T20:00"), shift("21T20:00", "22T20:00")], []),
    ([shift("21T20:00", "22T20:00"), shift("21T06:00", "21T21:00")], []),
    ([shift("21T08:00", "21T20:00"), shift("21T20:01", "22T20:00")], [("2026-11-21T20:00", "2026-11-21T20:01")]),
    ([shift("21T09:00", "22T19:00")], [("2026-11-21T08:00", "2026-11-21T09:00"), ("2026-11-22T19:00", "2026-11-22T20:00")]),
    ([], [("2026-11-21T08:00", "2026-11-22T20:00")]),
    ([shift("23T08:00", "23T20:00")], [("2026-11-21T08:00", "2026-11-22T20:00")]),
])  # fmt: skip
def test_a_gap_is_every_minute_nobody_stands_watch(shifts: list[dict[str, Any]], wanted: list[Any]) -> None:
    assert gaps(shifts, BEGIN, END) == wanted


def test_nobody_stands_at_two_places_at_once() -> None:
    one, next_, beside = (
        shift("21T08:00", "21T20:00"),
        shift("21T20:00", "22T20:00", "住地"),
        shift("21T19:59", "21T20:30", "住地"),
    )
    assert list(twice([one, next_])) == []
    assert [who for who, _, _ in twice([one, beside])] == ["乙", "甲"] or len(list(twice([one, beside]))) == 2


@pytest.mark.parametrize(("change", "said"), [
    ({}, ""), ({"person2": "甲"}, "两个责任人"), ({"phone2": "1"}, "两个责任人、两个联络号码"), ({"place": "住地"}, "没有人值守"),
])  # fmt: skip
def test_a_place_has_two_people_and_two_numbers_all_the_time(change: dict[str, str], said: str) -> None:
    data = {
        **PERIOD,
        "places": [{"place": "主会场"}],
        "roster": [{**shift("21T08:00", "22T20:00"), **change}],
    }
    assert [said in reason for reason in told("roster_without_gaps", facts(data))] == ([True] if said else [])


@pytest.mark.parametrize(("backup", "tested", "reasons"), [
    ("无", None, 0), ("发电机", "2026-10-22", 0), ("发电机", "2026-10-21", 1), ("发电机", "2026-11-22", 1), ("发电机", None, 1),
])  # fmt: skip
def test_a_standby_source_is_proved_within_thirty_days_before(
    backup: str, tested: str | None, reasons: int
) -> None:
    places = [{"place": "主会场", "backup": backup, "tested_on": tested}]
    assert len(told("backup_tested_on_load", facts({**PERIOD, "places": places}))) == reasons


@pytest.mark.parametrize(("begin", "end", "handling", "reasons"), [
    ("2026-11-20T08:00", "2026-11-21T08:00", None, 0), ("2026-11-20T08:00", "2026-11-21T08:01", None, 1),
    ("2026-11-22T20:00", "2026-11-23T08:00", None, 0), ("2026-11-21 09:00", "2026-11-21 10:00", "改期", 0),
])  # fmt: skip
def test_works_that_fall_into_the_time_are_dealt_with(
    begin: str, end: str, handling: str | None, reasons: int
) -> None:
    works = [{"work": "检修", "begin": begin, "end": end, "handling": handling}]
    assert len(told("no_work_during_guarantee", facts({**PERIOD, "works": works}))) == reasons


@pytest.mark.parametrize(("released", "early", "summary", "reasons"), [
    (END, None, "2026-11-25", 0), (END, None, "2026-11-26", 1), ("2026-11-22T19:59", None, "2026-11-22", 1),
    ("2026-11-22T19:59", "L1", "2026-11-22", 0), ("2026-11-23T10:01", None, "2026-11-23", 1),
])  # fmt: skip
def test_a_task_is_released_when_it_is_over_and_summed_up(
    released: str, early: str | None, summary: str, reasons: int
) -> None:
    data = {**PERIOD, "released_at": released, "early_release_no": early, "summary_on": summary}
    assert len(told("guarantee_released", facts(data))) == reasons


@pytest.mark.parametrize(
    ("level", "basis", "reasons"), [("1", None, 1), ("2", None, 1), ("3", None, 0), ("1", "文 1 号", 0)]
)
def test_the_higher_levels_want_a_paper(level: str, basis: str | None, reasons: int) -> None:
    assert (
        len(told("guarantee_well_founded", facts({**PERIOD, "guarantee_level": level, "basis_no": basis})))
        == reasons
    )


def test_what_was_left_over_at_a_place_is_followed_up() -> None:
    desk = fresh()
    case = opened_for_run(desk, "supply_guarantee", None, Plan())
    places = '[{"place": "主会场", "cons_no": "1016000001", "supplies": 2, "backup": "无", "hazard": "接头发热"}, {"place": "住地", "supplies": 1, "backup": "无"}]'
    list(run(desk, case, Plan({"places": places}, confirm_all=True, fill=True)))
    record, defect = (
        desk.store.table("inspection_record").get(doc_id=f"{case}-1"),
        desk.store.table("equipment_defect").get(doc_id=f"{case}-1"),
    )
    assert (record["kind"], record["result"], record["cons_no"]) == ("09", "2", "1016000001")
    assert (defect["content"], defect["closed_date"]) == ("接头发热", None)
    assert desk.store.table("inspection_record").get(doc_id=f"{case}-2") is None
