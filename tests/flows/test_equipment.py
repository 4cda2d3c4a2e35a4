"""Tests, records, defects, accidents, harmonics and reactive power: the lines their guards draw, the rows they leave."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_facts import CUSTOMER, asked, facts
from trials import fresh

from yk.desk.looking_up import row_of
from yk.desk.running import Plan, opened_for_run, run
from yk.flows.power_quality import compensation, power_factor, power_factor_standard, thd_limit

CUSTOMER_NO = "1016000001"


def done(flow: str, **data: object) -> tuple[Any, str]:
    """An order of a flow run to its end."""
    desk, plan = fresh(), Plan(dict(data), confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, CUSTOMER_NO, plan)
    list(run(desk, case, plan))
    return desk, case


class TestTests:
    @pytest.mark.parametrize(("end", "good"), [("2026-11-20", True), ("2026-11-19", False), (None, False)])
    def test_the_licence_ran_on_the_day_of_the_test(self, end: str | None, good: bool) -> None:
        data = {"test_on": "2026-11-20", "tester_cert_no": "XK1", "tester_cert_end": end}
        assert (asked("tester_qualified", facts(data)) == []) is good

    @pytest.mark.parametrize(("tested", "good"), [("2026-11-20", True), ("2026-11-21", False)])
    def test_a_test_after_its_cycle_says_what_was_done(self, tested: str, good: bool) -> None:
        data = {"last_test_on": "2023-11-20", "test_cycle_months": 36, "test_on": tested}
        assert (asked("test_interval_kept", facts(data)) == []) is good

    @pytest.mark.parametrize(
        ("tested", "good"), [("2026-11-23", True), ("2026-11-24", False), ("2011-12-31", False)]
    )
    def test_a_test_lies_between_the_installation_and_today(self, tested: str, good: bool) -> None:
        archive = {"transformer": [{"install_date": "2012-02-07"}]}
        assert (asked("test_report_sound", facts({"test_on": tested}, archive)) == []) is good

    def test_the_next_test_is_due_a_cycle_later(self) -> None:
        desk, case = done("preventive_test")
        record = row_of(desk.store, "inspection_record", f"{case}-03")
        assert (record["done_date"], record["next_date"]) == ("2026-11-20", "2029-11-20")
        assert row_of(desk.store, "due_task", f"{case}-11")["remind_date"] == "2029-10-20"


class TestRecords:
    @pytest.mark.parametrize(
        ("plates", "reason", "good"), [(1250, "", True), (1000, "", False), (1000, "直供电机", True)]
    )
    def test_plates_add_up_to_the_running_capacity(self, plates: float, reason: str, good: bool) -> None:
        archive = {
            "transformer": [{"plate_cap": plates, "run_status": "01"}, {"plate_cap": 315, "run_status": "02"}]
        }
        found = facts({"mismatch_reason": reason}, archive)
        assert (asked("transformers_match_capacity", found) == []) is good

    def test_an_account_without_transformers_has_nothing_to_add_up(self) -> None:
        assert asked("transformers_match_capacity", facts()) == []

    def test_the_relay_sheet_in_use_is_the_last_issued(self) -> None:
        assert asked("relay_sheet_current", facts({"relay_version_issued": 2, "relay_version_in_use": 1}))
        assert (
            asked("relay_sheet_current", facts({"relay_version_issued": 2, "relay_version_in_use": 2})) == []
        )


class TestDefects:
    @pytest.mark.parametrize(
        ("level", "due", "good"),
        [
            ("1", "2026-11-11", True),
            ("1", "2026-11-12", False),
            ("2", "2026-12-10", True),
            ("2", "2026-12-11", False),
        ],
    )
    def test_a_grave_defect_gets_little_time(self, level: str, due: str, good: bool) -> None:
        data = {"defect_level": level, "found_on": "2026-11-10", "fix_due": due}
        assert (asked("defect_deadline_fits", facts(data)) == []) is good

    def test_a_critical_defect_is_out_of_use_or_reported(self) -> None:
        data = {"defect_level": "1"}
        assert asked("critical_defect_isolated", facts(data))
        assert asked("critical_defect_isolated", facts(data | {"authority_report_no": "BB1"})) == []

    def test_an_extension_is_approved_and_later(self) -> None:
        data = {"fix_due": "2026-11-20", "extended_to": "2026-11-20", "extension_by": "甲"}
        assert asked("defect_extension_approved", facts(data))
        assert asked("defect_extension_approved", facts(data | {"extended_to": "2026-11-21"})) == []

    def test_a_defect_is_filed_with_the_day_it_was_gone(self) -> None:
        desk, case = done("equipment_defect")
        defect = row_of(desk.store, "equipment_defect", f"D{case}")
        assert (defect["level"], defect["closed_date"]) == ("2", "2026-11-23")

    def test_the_task_to_mend_of_the_inspection_behind_it_is_done(self) -> None:
        found = {"insp_result": "2", "notice_no": "JG1", "notice_sign": "1", "fix_due": "2026-12-10"}
        desk, inspection = done("periodic_inspection", **found)
        plan = Plan({"source_case": inspection}, confirm_all=True, fill=True)
        case = opened_for_run(desk, "equipment_defect", CUSTOMER_NO, plan)
        list(run(desk, case, plan))
        assert row_of(desk.store, "due_task", f"{inspection}-10")["done_date"] == "2026-11-23"


class TestAccidents:
    @pytest.mark.parametrize(("report", "good"), [("2026-11-17", True), ("2026-11-18", False)])
    def test_the_report_is_there_within_seven_days(self, report: str, good: bool) -> None:
        data = {"happened_at": "2026-11-10T10:00:00+08:00", "report_on": report}
        assert (asked("accident_report_on_time", facts(data)) == []) is good

    def test_an_accident_is_reported_after_it_happened(self) -> None:
        data = {"happened_at": "2026-11-10T10:00:00+08:00", "reported_at": "2026-11-10T09:59:00+08:00"}
        assert asked("accident_dates_in_order", facts(data))
        assert asked("accident_dates_in_order", facts(data | {"reported_at": data["happened_at"]})) == []

    def test_other_kinds_are_named(self) -> None:
        assert asked("accident_kind_known", facts({"accident_kind": "9"}))
        assert asked("accident_kind_known", facts({"accident_kind": "9", "kind_note": "爆燃"})) == []

    def test_the_accident_stands_in_the_archive(self) -> None:
        desk, case = done("customer_accident")
        accident = row_of(desk.store, "accident", f"A{case}")
        assert (accident["level"], accident["happen_time"]) == ("重要或大型设备损坏", "2026-11-19T10:20:00")


class TestHarmonics:
    @pytest.mark.parametrize(
        ("kv", "limit"),
        [(0.38, 5.0), (6, 4.0), (10, 4.0), (35, 3.0), (66, 3.0), (110, 2.0), (220, 0.0), (0, 0.0)],
    )
    def test_the_higher_the_voltage_the_less_distortion(self, kv: float, limit: float) -> None:
        assert thd_limit(kv) == limit

    @pytest.mark.parametrize(
        ("thd", "currents", "result", "good"),
        [
            (4.0, False, "1", True),
            (4.01, False, "1", False),
            (4.01, False, "2", True),
            (3.0, False, "2", False),
            (3.0, True, "1", False),
        ],
    )
    def test_the_verdict_follows_from_the_limits(
        self, thd: float, currents: bool, result: str, good: bool
    ) -> None:
        data = {"voltage_thd": thd, "current_exceeds": currents, "insp_result": result}
        assert (asked("harmonics_judged_by_limit", facts(data)) == []) is good

    @pytest.mark.parametrize(("hours", "good"), [(23.9, False), (24, True)])
    def test_a_measurement_takes_a_day(self, hours: float, good: bool) -> None:
        data = {"measured_hours": hours, "background_thd": 1.0}
        assert (asked("measurement_covers_load", facts(data)) == []) is good

    @pytest.mark.parametrize(("thd", "good"), [(4.0, True), (4.1, False)])
    def test_what_was_cured_is_measured_again(self, thd: float, good: bool) -> None:
        data = {"voltage_thd": 5.2, "retest_on": "2026-11-20", "retest_thd": thd, "retest_verdict": "1"}
        assert (asked("harmonic_retest_passed", facts(data)) == []) is good

    def test_the_retest_is_what_stands_in_the_end(self) -> None:
        cured = {
            "voltage_thd": 5.2,
            "insp_result": "2",
            "notice_no": "XB1",
            "notice_sign": "1",
            "fix_due": "2026-12-10",
            "retest_on": "2026-11-22",
            "retest_thd": 3.1,
            "retest_verdict": "1",
        }
        desk, case = done("harmonic_monitoring", **cured)
        record = row_of(desk.store, "inspection_record", f"{case}-04")
        assert (record["result"], record["value"], record["done_date"]) == ("1", 3.1, "2026-11-22")


class TestReactivePower:
    @pytest.mark.parametrize(
        ("sort", "kind", "capacity", "code"),
        [
            ("01", "100", 1250, "1"),
            ("02", "403", 100, "2"),
            ("02", "403", 99, "0"),
            ("01", "300", 200, "3"),
            ("03", "202", 8, "0"),
        ],
    )
    def test_the_standard_follows_voltage_capacity_and_class(
        self, sort: str, kind: str, capacity: float, code: str
    ) -> None:
        assert power_factor_standard(sort, kind, capacity) == code

    def test_the_factor_of_a_month(self) -> None:
        assert power_factor(240000, 70000) == pytest.approx(0.96)
        assert power_factor(0, 0) == 1.0

    def test_what_is_missing_to_the_standard(self) -> None:
        assert compensation(500, 0.80, 0.90) == pytest.approx(132.84, abs=0.01)
        assert compensation(500, 0.95, 0.90) == 0.0

    @given(st.floats(1, 1e6), st.floats(0.2, 0.99), st.floats(0.2, 0.99))
    def test_compensation_lifts_the_factor_to_what_is_wanted(
        self, kw: float, now: float, wanted: float
    ) -> None:
        reactive = compensation(kw, now, 1.0)
        lifted = power_factor(kw, reactive - compensation(kw, now, wanted))
        assert lifted == pytest.approx(max(now, wanted))

    @pytest.mark.parametrize(("factor", "good"), [(0.96, True), (0.964, True), (0.966, False)])
    def test_the_factor_written_is_the_factor_worked_out(self, factor: float, good: bool) -> None:
        data = {"active_kwh": 240000, "reactive_kvarh": 70000, "power_factor": factor}
        assert (asked("power_factor_recomputed", facts(data)) == []) is good

    def test_who_stays_below_is_told_what_is_missing(self) -> None:
        data = {"pf_std": "1", "power_factor": 0.8, "average_kw": 500}
        (message,) = asked("compensation_advised", facts(data))
        assert "133 kvar" in message
        assert asked("compensation_advised", facts(data | {"advice_no": "JY1", "advice_sign": "1"})) == []

    @pytest.mark.parametrize(("reverse", "good"), [(3500, True), (3501, False)])
    def test_a_little_may_flow_back(self, reverse: float, good: bool) -> None:
        data = {"reactive_kvarh": 70000, "reverse_kvarh": reverse}
        assert (asked("no_reverse_reactive", facts(data)) == []) is good

    def test_the_standard_on_the_bill_is_the_customer_s(self) -> None:
        assert asked("power_factor_standard_fits", facts({"pf_std": "2"}))
        low = {"customer": {**CUSTOMER, "cons_sort": "02"}}
        assert asked("power_factor_standard_fits", facts({"pf_std": "2"}, low)) == []
