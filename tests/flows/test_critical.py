"""重要客户安全管理: levels the government confirmed, sources and standby that fit, hazards told and reported."""

from __future__ import annotations

from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.desk.running import Plan, opened_for_run, run

SUPPLY, STANDBY = [{"about": "电源", "content": "单电源"}], [{"about": "应急电源", "content": "容量不足"}]


@pytest.mark.parametrize(("level", "confirmed", "number", "reasons"), [
    ("0", None, None, 0), ("2", "2", "文1", 0), ("2", "2", None, 1), ("2", "3", "文1", 1), ("2", "3", None, 2),
])  # fmt: skip
def test_the_level_is_the_one_on_the_governments_list(
    level: str, confirmed: str | None, number: str | None, reasons: int
) -> None:
    data = {"importance": level, "confirmed_importance": confirmed, "importance_no": number}
    assert len(told("importance_confirmed", facts(data))) == reasons


@pytest.mark.parametrize(("level", "supplies", "hazards", "reasons"), [
    ("1", 3, None, 0), ("1", 2, None, 1), ("1", 2, SUPPLY, 0), ("1", 2, STANDBY, 1), ("2", 2, None, 0), ("3", 1, None, 1), ("0", 1, None, 0),
])  # fmt: skip
def test_too_few_sources_are_written_down_as_a_hazard(
    level: str, supplies: int, hazards: Any, reasons: int
) -> None:
    f = facts({"importance": level, "supplies": supplies, "hazards": hazards})
    assert len(told("supply_fits_importance", f)) == reasons


@pytest.mark.parametrize(("load", "cap", "hazards", "reasons"), [
    (100.0, 120.0, None, 0), (100.0, 119.9, None, 1), (100.0, None, STANDBY, 0), (0.0, None, None, 0),
])  # fmt: skip
def test_standby_carries_the_secured_load_and_a_fifth_more(
    load: float, cap: float | None, hazards: Any, reasons: int
) -> None:
    data = {"importance": "2", "security_load": load, "emergency_cap": cap, "hazards": hazards}
    assert len(told("emergency_power_enough", facts(data))) == reasons


@pytest.mark.parametrize(("signed", "reasons"), [("2026-11-23", 0), ("2026-11-24", 1), (None, 1)])
def test_a_hazard_is_told_in_writing_by_today(signed: str | None, reasons: int) -> None:
    assert (
        len(told("hazard_notice_delivered", facts({"hazards": SUPPLY, "notice_signed_on": signed})))
        == reasons
    )


def test_only_an_important_customers_hazards_go_to_the_authority() -> None:
    assert told("hazard_reported", facts({"hazards": SUPPLY, "importance": "0"})) == []
    assert len(told("hazard_reported", facts({"hazards": SUPPLY, "importance": "3"}))) == 1


@pytest.mark.parametrize(("level", "next_day"), [("1", "2027-02-23"), ("3", "2027-05-23")])
def test_the_account_carries_its_level_and_is_looked_at_again(level: str, next_day: str) -> None:
    desk = fresh()
    case = opened_for_run(
        desk, "critical_customer_safety", "1016000001", Plan({"importance": level, "supplies": "3"})
    )
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    assert desk.store.table("customer").get(doc_id="1016000001")["importance"] == level
    assert desk.store.table("inspection_record").get(doc_id=case)["next_date"] == next_day


def test_a_hazard_becomes_a_defect_with_a_day_to_be_mended_by() -> None:
    desk = fresh()
    hazards = '[{"about": "闭锁", "content": "补装机械闭锁", "level": "2", "fix_due": "2026-12-01"}]'
    case = opened_for_run(desk, "critical_customer_safety", "1016000001", Plan({"hazards": hazards}))
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    defect = desk.store.table("equipment_defect").get(doc_id=f"{case}-1")
    assert (defect["content"], defect["level"], defect["fix_due"]) == ("补装机械闭锁", "2", "2026-12-01")
