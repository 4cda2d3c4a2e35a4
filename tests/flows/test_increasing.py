"""高压增容, 低压非居民增容: borders of their guards, what they write, where they branch."""

from __future__ import annotations

from typing import Any

import pytest
from supply import facts, fresh, goes, refused, row, rows, said

HV, LV = "1016000035", "1016000022"
OLD = {"tran_id": "T1", "plate_cap": 630.0, "run_status": "01", "prim_volt": "AC00101"}


# -- the application ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cap", "passes"), [(629.0, False), (630.0, False), (631.0, True)])
def test_the_total_applied_for_is_more_than_the_contract(cap: float, passes: bool) -> None:
    assert (said("capacity_increased", facts(apply_cap=cap)) == []) is passes


def test_an_increase_by_the_difference_alone_is_told_what_the_field_means() -> None:
    (message,) = said("capacity_increased", facts(apply_cap=200.0))
    assert "填增容后的总数" in message


@pytest.mark.parametrize(("running", "passes"), [(630.0, True), (629.0, False), (0.0, True)])
def test_stopped_capacity_is_explained_first(running: float, passes: bool) -> None:
    archive = {"customer": {"contract_cap": 630.0, "run_cap": running}}
    assert (said("reduction_settled", facts(archive=archive)) == []) is passes
    assert said("reduction_settled", facts(archive=archive, reduction_handling="转永久")) == []


@pytest.mark.parametrize(("cap", "passes"), [(999.0, False), (1000.0, True)])
def test_the_review_of_a_project_covers_what_is_applied_for(cap: float, passes: bool) -> None:
    f = facts(two_high=True, energy_review_no="NP-1", energy_review_cap=cap, apply_cap=1000.0)
    assert (said("energy_review_filed", f) == []) is passes
    assert said("energy_review_filed", facts(two_high=False, apply_cap=1000.0)) == []
    assert len(said("energy_review_filed", facts(two_high=True, apply_cap=1000.0))) == 1


@pytest.mark.parametrize(
    ("kind", "note", "passes"),
    [("01", "", True), (None, "", True), ("02", "", False), ("03", "", False), ("02", "核过", True)],
)
def test_who_supplies_others_is_asked_about_them(kind: str | None, note: str, passes: bool) -> None:
    """G-ALL-11."""
    archive = {"customer": {"contract_cap": 630.0, "transfer_supply": kind}, "partners": ()}
    assert (said("transfer_relation_checked", facts(archive=archive, transfer_note=note)) == []) is passes


# -- the survey -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("found", "clue", "passes"), [(630.0, "", True), (631.0, "", False), (631.0, "XS-1", True)]
)
def test_capacity_that_runs_without_agreement_is_not_covered_up(
    found: float, clue: str, passes: bool
) -> None:
    assert (said("running_within_contract", facts(site_cap=found, violation_clue=clue)) == []) is passes


def test_every_part_of_the_old_installation_is_judged() -> None:
    rows_ = [{"item": item, "result": "够用"} for item in ("进线", "互感器", "保护")]
    (missing,) = said("existing_equipment_checked", facts(existing_checks=rows_))
    assert "无功补偿" in missing
    rows_.append({"item": "无功补偿", "result": "要改"})
    (unsaid,) = said("existing_equipment_checked", facts(existing_checks=rows_))
    assert "怎么改" in unsaid
    rows_[-1]["remedy"] = "加一组电容器"
    assert said("existing_equipment_checked", facts(existing_checks=rows_)) == []


# -- the scheme -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rules", "use", "cap", "right"),
    [
        ("R24", "405", 100.0, "1"),
        ("R24", "405", 101.0, ""),
        ("R24", "405", 314.0, ""),
        ("R24", "405", 315.0, "2"),
        ("R24", "100", 315.0, "2"),
        ("R24", "300", 630.0, ""),
        ("R24", "201", 630.0, ""),
        ("R96", "100", 314.0, ""),
        ("R96", "100", 315.0, "2"),
        ("R16", "405", 630.0, ""),
    ],
)
def test_the_price_system_by_rules_use_and_capacity(rules: str, use: str, cap: float, right: str) -> None:
    """G-JR-06; empty: either is right."""
    for system in ("1", "2"):
        f = facts(rules, {"customer": {"elec_type": use}}, scheme_cap=cap, price_system=system)
        assert (said("tariff_fits_capacity", f) == []) is (right in ("", system))


@pytest.mark.parametrize(("kvar", "passes"), [(199.9, False), (200.0, True)])
def test_compensation_reaches_the_share_that_is_set(kvar: float, passes: bool) -> None:
    assert (
        said("reactive_compensation_enough", facts(scheme_cap=1000.0, reactive_kvar=kvar)) == []
    ) is passes


@pytest.mark.parametrize(
    ("gone", "new", "agreed", "passes"),
    [
        ([], 630.0, 1260.0, True),
        (["T1"], 1250.0, 1250.0, True),
        ([], 400.0, 1260.0, False),
        (["T9"], 630.0, 1260.0, False),
    ],
)
def test_transformers_that_stay_and_come_make_the_capacity(
    gone: list[str], new: float, agreed: float, passes: bool
) -> None:
    f = facts(
        archive={"transformer": [OLD]},
        scheme_volt="AC00101",
        scheme_cap=agreed,
        new_transformers=[{"cap": new, "count": 1}],
        removed_transformers=[{"tran_id": t} for t in gone],
    )
    assert (said("transformers_add_up", f) == []) is passes


def test_at_another_voltage_the_old_transformer_has_to_go() -> None:
    f = facts(archive={"transformer": [OLD]}, scheme_volt="AC00351")
    (message,) = said("kept_transformers_fit_voltage", f)
    assert "交流10kV" in message
    assert said("kept_transformers_fit_voltage", f.filled(removed_transformers=[{"tran_id": "T1"}])) == []


def test_a_source_that_is_added_is_charged_or_waived() -> None:
    one, two = {"power_source": [{"ps_id": "1"}]}, {"power_source": [{"ps_id": "1"}, {"ps_id": "2"}]}
    assert len(said("added_source_charged", facts(archive=one, supply_mode="3"))) == 1
    assert said("added_source_charged", facts(archive=two, supply_mode="3")) == []
    assert said("added_source_charged", facts(archive=one, supply_mode="2")) == []
    assert (
        said("added_source_charged", facts(archive=one, supply_mode="3", reliability_waiver="批文1号")) == []
    )
    assert said("added_source_charged", facts(archive=one, supply_mode="3", fees=[{"item": "01"}])) == []


# -- low voltage ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rules", "cap", "passes"),
    [
        ("R96", 100.0, True),
        ("R96", 101.0, False),
        ("R16", 101.0, False),
        ("R24", 160.0, True),
        ("R24", 161.0, False),
    ],
)
def test_low_voltage_ends_at_the_limit_of_the_rules(rules: str, cap: float, passes: bool) -> None:
    assert (said("lv_capacity_within_limit", facts(rules, apply_cap=cap)) == []) is passes


@pytest.mark.parametrize(
    ("cap", "meter", "ratio", "passes"),
    [
        (39.0, 60.0, "", True),
        (40.0, 60.0, "", False),
        (120.0, 6.0, "200/5", True),
        (120.0, 6.0, "150/5", False),
        (120.0, None, "", True),
    ],
)
def test_the_meter_or_its_transformers_carry_the_load(
    cap: float, meter: float | None, ratio: str, passes: bool
) -> None:
    f = facts(scheme_cap=cap, scheme_volt="AC03802", meter_max_current=meter, ct_ratio=ratio)
    assert (said("meter_current_fits", f) == []) is passes


@pytest.mark.parametrize(
    ("cap", "standard", "passes"),
    [(99.9, "0", True), (100.0, "0", False), (100.0, "2", True), (100.0, None, False)],
)
def test_from_a_hundred_kilowatts_the_power_factor_counts(
    cap: float, standard: str | None, passes: bool
) -> None:
    assert (said("power_factor_set", facts(scheme_cap=cap, pf_std=standard)) == []) is passes


@pytest.mark.parametrize(("read", "passes"), [(None, False), (543.0, False), (544.0, True)])
def test_the_meter_is_read_before_the_ratio_changes(read: float | None, passes: bool) -> None:
    archive = {"meter_register": [{"reading": 544.0}]}
    assert (
        said("segment_readings_taken", facts(archive=archive, ct_changed=True, split_reading=read)) == []
    ) is passes
    assert said("segment_readings_taken", facts(archive=archive, ct_changed=False)) == []


def test_two_classes_of_use_are_metered_apart() -> None:
    assert said("added_class_metered_apart", facts(load_classes=1)) == []
    assert len(said("added_class_metered_apart", facts(load_classes=2))) == 1
    assert said("added_class_metered_apart", facts(load_classes=2, class_split="分表")) == []


# -- numbers that must agree ----------------------------------------------------------------------------
def test_every_capacity_that_differs_is_named() -> None:
    f = facts(
        archive={"transformer": [OLD]},
        scheme_cap=1260.0,
        accepted_cap=1250.0,
        contract_cap=1000.0,
        energized_units=[{"cap": 400.0}],
    )
    told = "\n".join(said("new_capacity_agrees", f))
    assert "验收容量 1250" in told
    assert "合同容量 1000" in told
    assert "送电容量 1030" in told


def test_the_last_unit_of_several_must_run_before_the_step_is_left() -> None:
    wanted = {"new_transformers": [{"cap": 630.0, "count": 2}]}
    one = [{"unit": "2号变", "cap": 630.0, "energized_on": "2026-11-20"}]
    assert len(said("energized_capacity_matches", facts(**wanted, energized_units=one))) == 1
    both = [*one, {"unit": "3号变", "cap": 630.0, "energized_on": "2026-11-23"}]
    assert said("energized_capacity_matches", facts(**wanted, energized_units=both)) == []
    late = [*one, {"unit": "3号变", "cap": 630.0, "energized_on": "2026-11-24"}]
    assert len(said("energized_capacity_matches", facts(**wanted, energized_units=late))) == 1


@pytest.mark.parametrize(("split", "passes"), [("2026-11-20T00:00", True), ("2026-11-21T00:00", False)])
def test_billing_splits_on_the_day_of_energizing(split: str, passes: bool) -> None:
    f = facts(energized_at="2026-11-20T15:00", billing_split_at=split)
    assert (said("segment_date_is_energized", f) == []) is passes


# -- what is written ------------------------------------------------------------------------------------
def test_more_capacity_at_high_voltage_is_written_everywhere() -> None:
    desk = fresh()
    case = goes(desk, "hv_capacity_increase", HV)
    customer = row(desk, "customer", cons_no=HV)
    assert (customer["contract_cap"], customer["run_cap"], customer["status"]) == (1260.0, 1260.0, "0")
    assert [t["plate_cap"] for t in rows(desk, "transformer", cons_no=HV, run_status="01")] == [630.0, 630.0]
    (meter,) = rows(desk, "meter", cons_no=HV)
    assert meter["multiplier"] == 1500.0
    currents = rows(desk, "instrument_transformer", cons_no=HV, kind="01")
    assert {r["curr_ratio"] for r in currents} == {"75/5"}
    assert row(desk, "contract", cons_no=HV, status="签订")["cap"] == 1260.0
    assert row(desk, "contract", cons_no=HV, status="终止")["end_date"] == "2026-11-23"
    assert row(desk, "contract_change", app_no=case)["old_value"] == "合同容量 630 kVA"
    assert row(desk, "work_order", app_no=case)["orig_cap"] == 630.0


def test_a_larger_transformer_in_place_of_the_old_one() -> None:
    desk = fresh()
    old = row(desk, "transformer", cons_no=HV)["tran_id"]
    data: dict[str, Any] = {
        "apply_cap": 800,
        "new_transformers": '[{"model": "S20", "cap": 800, "count": 1}]',
        "removed_transformers": f'[{{"tran_id": "{old}"}}]',
        "energized_units": '[{"unit": "新1号变", "cap": 800, "energized_on": "2026-11-22"}]',
    }
    goes(desk, "hv_capacity_increase", HV, **data)
    assert row(desk, "transformer", tran_id=old)["run_status"] == "03"
    new = row(desk, "transformer", cons_no=HV, run_status="01")
    assert (new["plate_cap"], new["install_date"]) == (800.0, "2026-11-22")
    assert row(desk, "customer", cons_no=HV)["run_cap"] == 800.0


def test_a_meter_that_stays_counts_by_the_new_multiplier() -> None:
    desk = fresh()
    before = row(desk, "meter", cons_no=HV)
    data: dict[str, Any] = {
        "ct_changed": True,
        "split_reading": 600,
        "meter_work": '[{"multiplier": 1500, "seal_no": "FY1"}]',
    }
    goes(desk, "hv_capacity_increase", HV, **data)
    after = row(desk, "meter", cons_no=HV)
    assert (after["meter_id"], before["multiplier"], after["multiplier"]) == (
        before["meter_id"],
        1000.0,
        1500.0,
    )


def test_more_capacity_at_low_voltage() -> None:
    desk = fresh()
    goes(desk, "lv_nonres_capacity_increase", LV)
    customer = row(desk, "customer", cons_no=LV)
    assert (customer["contract_cap"], customer["volt_code"]) == (120.0, "AC03802")
    assert row(desk, "customer_price", cons_no=LV)["pf_std"] == "2"
    assert {r["curr_ratio"] for r in rows(desk, "instrument_transformer", cons_no=LV)} == {"200/5"}
    assert rows(desk, "transformer", cons_no=LV) == []


def test_a_single_phase_account_that_grows_gets_a_three_phase_meter() -> None:
    desk, single = fresh(), "1016000026"
    old = row(desk, "meter_asset", asset_id=row(desk, "meter", cons_no=single)["asset_id"])["asset_no"]
    slip = {
        "old_asset_no": old,
        "old_reading": 2000,
        "new_asset_no": "970000000001",
        "new_reading": 0,
        "multiplier": 1,
    }
    data: dict[str, Any] = {
        "apply_cap": 20,
        "scheme_volt": "AC03802",
        "scheme_multiplier": 1,
        "meter_max_current": 60,
        "pf_std": "0",
        "meter_work": [slip],
    }
    goes(desk, "lv_nonres_capacity_increase", single, **data)
    assert row(desk, "customer", cons_no=single)["volt_code"] == "AC03802"
    assert row(desk, "meter", cons_no=single)["wiring"] == "3"
    assert row(desk, "metering_point", cons_no=single)["wiring"] == "3"


# -- branches -------------------------------------------------------------------------------------------
def test_a_second_source_brings_the_step_of_fees_though_the_survey_saw_none() -> None:
    data: dict[str, Any] = {"fee_expected": False, "supply_mode": "3", "reliability_fee": True}
    reasons = refused(fresh(), "hv_capacity_increase", HV, **data)
    assert [r.code for r in reasons] == ["added_source_uncharged"]


def test_low_voltage_is_not_connected_before_fees_are_paid_and_the_contract_binds() -> None:
    """Without a step of energizing the meter is where both are asked."""
    from yk.flows.flow import load

    flow = load("lv_nonres_capacity_increase")
    assert {"contract_effective", "fees_cleared"} <= set(flow.step("meter_installation")["guards"])
    assert "fees_cleared" in flow.step("data_archiving")["guards"]


def test_an_order_stopped_after_signing_leaves_no_contract_behind() -> None:
    desk = fresh()
    case = goes(desk, "hv_capacity_increase", HV, until="energization")
    new = row(desk, "contract", cons_no=HV, status="签订")["contract_no"]
    desk.act_as("trainer")
    desk.stop(case, "客户撤回申请")
    assert row(desk, "contract", contract_no=new)["status"] == "终止"
    assert row(desk, "contract", cons_no=HV, status="归档")["cap"] == 630.0
    assert row(desk, "customer", cons_no=HV)["status"] == "0"


@pytest.mark.parametrize(
    ("flow", "customer", "code", "entry"),
    [
        ("lv_nonres_capacity_increase", "1016000031", "not_low_voltage", "YXZY-YY-196"),
        ("hv_capacity_increase", LV, "account_supplied_low", "YXZY-YY-215"),
    ],
)
def test_whoever_comes_to_the_wrong_counter_is_told_the_right_one(
    flow: str, customer: str, code: str, entry: str
) -> None:
    reasons = {r.code: r.message for r in refused(fresh(), flow, customer)}
    assert entry in reasons[code]


def test_a_resident_has_a_flow_of_its_own() -> None:
    archive = {"customer": {"volt_code": "AC02202", "cons_sort": "03"}}
    (message,) = said("low_voltage_account", facts(archive=archive))
    assert "YXZY-YY-230" in message
