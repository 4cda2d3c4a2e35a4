"""批量更改线路台区: every row of the list is looked at by name, and only what was switched over is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run

LV = {"cons_no": "1", "volt_code": "AC03802", "status": "0", "org_no": "99401"}
HV = {**LV, "volt_code": "AC00101"}
SOURCE = {"ps_id": "PS1", "line_id": "L1", "station_id": "TG1"}
LINES = [
    {"line_no": "L1", "volt_code": "AC00101", "status": "01", "org_no": "99401"},
    {"line_no": "L2", "volt_code": "AC00101", "status": "01", "org_no": "99401"},
    {"line_no": "L3", "volt_code": "AC00351", "status": "01", "org_no": "99402"},
    {"line_no": "L4", "volt_code": "AC00101", "status": "02", "org_no": "99401"},
]
AREAS = [
    {"tg_no": "TG1", "line_no": "L1", "status": "01", "pub_priv": "01", "org_no": "99401"},
    {"tg_no": "TG2", "line_no": "L2", "status": "01", "pub_priv": "01", "org_no": "99401"},
    {"tg_no": "TG3", "line_no": "L2", "status": "01", "pub_priv": "02", "org_no": "99401"},
    {"tg_no": "TG4", "line_no": "L2", "status": "03", "pub_priv": "01", "org_no": "99401"},
    {"tg_no": "TG5", "line_no": "L2", "status": "01", "pub_priv": "01", "org_no": "99402"},
]
ROW = {"cons_no": "1", "old_line_no": "L1", "old_tg_no": "TG1", "new_line_no": "L2", "new_tg_no": "TG2"}


def asked(
    guard: str, customer: dict[str, Any] | None = None, orders: tuple[Any, ...] = (), **row: Any
) -> list[str]:
    """What the guard has against a list of one row."""
    partner = {
        "cons_no": "1",
        "customer": LV if customer is None else customer,
        "orders": list(orders),
        "power_source": [SOURCE],
    }
    sections = [{"sect_no": "S1", "org_no": "99401"}, {"sect_no": "S2", "org_no": "99402"}]
    f = facts({"partners": [{**ROW, **row}]}, partners=[partner], lines=LINES, areas=AREAS, sections=sections)
    return told(guard, f)


@pytest.mark.parametrize(("customer", "orders", "said"), [
    (None, (), ""), ({}, (), "不在档案里"), ({**LV, "status": "9"}, (), "已销户"), ({**LV, "status": "3"}, (), "被别的业务锁着"),
    (None, ({"case": "01"},), "在途工单 01"),
])  # fmt: skip
def test_who_cannot_be_moved_comes_off_the_list_by_name(customer: Any, orders: Any, said: str) -> None:
    reasons = asked("rows_free_to_change", customer, orders)
    assert [said in reason and "第 1 行" in reason for reason in reasons] == ([True] if said else [])


@pytest.mark.parametrize(("row", "said"), [
    ({}, ""), ({"new_tg_no": "TG4"}, "不在台账或未投运"), ({"new_tg_no": "TG9"}, "不在台账或未投运"),
    ({"new_line_no": "L1"}, "属于线路 L2"), ({"new_line_no": "L4", "new_tg_no": None}, "未投运"),
])  # fmt: skip
def test_the_new_area_is_in_use_and_on_the_new_line(row: dict[str, Any], said: str) -> None:
    assert [said in reason for reason in asked("area_on_line", **row)] == ([True] if said else [])


@pytest.mark.parametrize(("customer", "row", "reasons"), [
    (LV, {}, 0), (LV, {"new_tg_no": "TG3"}, 1), (LV, {"new_tg_no": None}, 1),
    (HV, {"new_tg_no": None}, 0), (HV, {"new_tg_no": "TG3"}, 0), (HV, {}, 1), (HV, {"new_line_no": "L3", "new_tg_no": None}, 1),
])  # fmt: skip
def test_low_voltage_hangs_on_a_public_transformer_and_high_voltage_on_none(
    customer: dict[str, Any], row: dict[str, Any], reasons: int
) -> None:
    assert len(asked("voltage_fits_area", customer, **row)) == reasons


@pytest.mark.parametrize(("row", "reasons"), [({}, 0), ({"old_tg_no": "TG2"}, 1), ({"old_line_no": None}, 1)])
def test_the_list_says_where_the_account_hangs_now(row: dict[str, Any], reasons: int) -> None:
    assert len(asked("old_area_matches", **row)) == reasons


@pytest.mark.parametrize(("row", "reasons"), [
    ({}, 0), ({"new_sect_no": "S1"}, 0), ({"new_sect_no": "S2"}, 1), ({"new_sect_no": "S9"}, 1),
    ({"new_tg_no": "TG5"}, 1), ({"new_tg_no": "TG5", "new_sect_no": "S2"}, 0),
])  # fmt: skip
def test_another_unit_wants_a_reading_section_of_its_own(row: dict[str, Any], reasons: int) -> None:
    assert len(asked("section_fits_office", **row)) == reasons


def test_nobody_stands_on_the_list_twice() -> None:
    assert "2 行" in told("one_area_per_customer", facts({"partners": [ROW, {**ROW, "new_tg_no": "TG5"}]}))[0]


@pytest.mark.parametrize(
    ("at", "reasons"), [("2026-11-23T09:59", 0), ("2026-11-23T10:00", 0), ("2026-11-23T10:01", 1)]
)
def test_the_archive_does_not_go_before_the_grid(at: str, reasons: int) -> None:
    assert len(told("cutover_done", facts({"cutover_at": at}))) == reasons


def test_every_account_of_the_list_is_checked_and_nobody_else() -> None:
    rows = [ROW, {**ROW, "cons_no": "2"}]
    checks = [{"cons_no": "1", "finding": "已切"}, {"cons_no": "3", "finding": "已切"}]
    reasons = told("every_row_checked", facts({"partners": rows, "row_checks": checks}))
    assert ["1 户没有核查结论：2" in reasons[0], "户号 3 不在清单上" in reasons[1]] == [True, True]
    unknown = [{"cons_no": "1", "finding": "好的"}]
    assert "不认识" in told("every_row_checked", facts({"partners": [ROW], "row_checks": unknown}))[0]


def moved(desk: Desk, **data: Any) -> str:
    """The batch of the examples, to its end."""
    case = opened_for_run(desk, "batch_line_area_change", None, Plan())
    list(run(desk, case, Plan(dict(data), confirm_all=True, fill=True)))
    assert desk.get(case).status == "completed"
    return case


def test_every_account_found_switched_over_moves_and_what_it_was_is_on_record() -> None:
    desk = fresh()
    case = moved(desk)
    for row in desk.get(case).data["partners"]:
        source = next(s for s in desk.store.table("power_source") if s["cons_no"] == row["cons_no"])
        assert (source["line_id"], source["station_id"]) == (row["new_line_no"], row["new_tg_no"])
        record = desk.store.table("field_change").get(doc_id=f"{case}-{row['cons_no']}-2")
        assert (record["field"], record["old_value"], record["new_value"]) == (
            "station_id",
            row["old_tg_no"],
            row["new_tg_no"],
        )


def test_who_was_not_switched_over_or_was_struck_off_stays() -> None:
    desk = fresh()
    case = opened_for_run(desk, "batch_line_area_change", None, Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="site_survey")))
    first, second = (str(row["cons_no"]) for row in desk.get(case).data["partners"])
    checks = json.dumps([{"cons_no": first, "finding": "已切"}, {"cons_no": second, "finding": "未切"}])
    list(run(desk, case, Plan({"row_checks": checks, "written_count": "1"}, confirm_all=True, fill=True)))
    assert desk.get(case).status == "completed"
    touched = {row["cons_no"] for row in desk.store.table("field_change") if row["app_no"] == case}
    assert touched == {first}


def test_what_one_department_does_not_want_is_arbitrated() -> None:
    desk = fresh()
    case = opened_for_run(desk, "batch_line_area_change", None, Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="approval")))
    desk.act_as("approver")
    desk.confirm(case, [], every=True, step="approval")
    desk.sign(case, "marketing", "agree")
    desk.act_as("area_manager")
    desk.sign(case, "operations", "revise", reason="三号台区没有切")
    assert desk.steps_at(desk.get(case)) == ["arbitration"]
