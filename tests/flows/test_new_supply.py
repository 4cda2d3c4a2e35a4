"""新装三流程: borders of their guards in each rule set, the fee for reliable supply, branches, and what the archive gets."""

from __future__ import annotations

import pytest
from new_supplies import HV, LV, rows, walked, why
from world import refused

from yk.desk.running import Plan, run
from yk.flows.advances import reliability_capacity
from yk.flows.facts import Facts
from yk.flows.guards import find_condition, find_guard


@pytest.mark.parametrize(
    ("rule_set", "cap", "refused_"),
    [("R96", 100, False), ("R96", 101, True), ("R16", 101, True), ("R24", 160, False), ("R24", 161, True)],
)
def test_low_voltage_ends_at_the_limit_of_the_rule_set(rule_set: str, cap: float, refused_: bool) -> None:
    """G-FA-06"""
    assert bool(why("within_low_voltage_limit", rule_set, apply_cap=cap)) is refused_


def test_380_volts_is_not_a_high_voltage_application() -> None:
    assert why("applied_for_high_voltage", apply_volt="AC03802")
    assert not why("applied_for_high_voltage", apply_volt="AC00061")


@pytest.mark.parametrize(
    ("mode", "own", "needed"), [("2", False, False), ("2", True, True), ("3", False, True)]
)
def test_a_second_line_is_tried_for_its_interlock_like_a_generator(
    mode: str, own: bool, needed: bool
) -> None:
    """G-ALL-13: two lines that close together feed back just as a generator does."""
    fields = {"supply_mode": mode, "own_source": own}
    assert bool(why("interlock_tested", **fields, interlock_test="2")) is needed
    assert not why("interlock_tested", **fields, interlock_test="1")
    assert find_condition("interlock_needed").check(Facts(data=fields)) is needed


@pytest.mark.parametrize(("mode", "needed"), [("2", False), ("3", True), ("4", True)])
def test_who_gets_several_lines_signs_who_answers_for_safety(mode: str, needed: bool) -> None:
    """G-HT-10: supply of high reliability asks for the agreement as a generator does."""
    assert bool(why("safety_agreement_attached", supply_mode=mode)) is needed
    assert not why("safety_agreement_attached", supply_mode=mode, safety_agreement=True)


def test_a_second_source_is_asked_for_with_a_reason() -> None:
    facts = {"source_count": 2}
    assert why("dual_source_justified", **facts)
    for state in ("attached", "deferred"):
        with_paper = Facts(data=facts, materials={"M12": {"state": state}})
        assert not list(find_guard("dual_source_justified").check(with_paper))
    assert not why("dual_source_justified", source_count=1)


@pytest.mark.parametrize(
    ("grade", "mode", "own", "refused_"),
    [
        ("0", "2", False, False),
        ("1", "2", True, True),
        ("2", "2", False, True),
        ("2", "3", False, False),
        ("3", "2", False, True),
        ("3", "2", True, False),
        ("4", "2", False, False),
    ],
)
def test_importance_wants_its_sources(grade: str, mode: str, own: bool, refused_: bool) -> None:
    """G-FA-12: 特级一级两路，二级两路或一路加自备"""
    assert bool(why("importance_served", importance=grade, supply_mode=mode, own_source=own)) is refused_


@pytest.mark.parametrize(
    ("rule_set", "grade", "refused_"),
    [("R96", "0", True), ("R16", "0", True), ("R24", "0", False), ("R24", "3", True)],
)
def test_whose_design_is_reviewed_changed_in_2024(rule_set: str, grade: str, refused_: bool) -> None:
    """R24 只审重要用户和居民小区"""
    found = why("design_review_as_ruled", rule_set, importance=grade, design_review_needed=False)
    assert bool(found) is refused_
    assert not why("design_review_as_ruled", rule_set, importance=grade, design_review_needed=True)


@pytest.mark.parametrize(("own", "refused_"), [(119.9, True), (120.0, False)])
def test_an_emergency_source_has_a_fifth_to_spare(own: float, refused_: bool) -> None:
    found = why("critical_supply_ready", importance="2", security_load=100.0, standby_cap=own)
    assert bool(found) is refused_


@pytest.mark.parametrize(
    ("method", "share", "refused_"),
    [
        ("定比", 0, False),
        ("定比", 0.99, False),
        ("定比", 1, True),
        ("定比", -0.1, True),
        ("定量", 1, True),
        ("定量", 1.5, False),
        ("定比", None, True),
        ("装表", None, False),
    ],
)
def test_shares_and_quantities_have_their_bounds(method: str, share: float | None, refused_: bool) -> None:
    """D-11 小七1.21、1.24"""
    plan = [{"point": "食堂", "tariff_code": "B02", "method": method, "share": share}]
    assert bool(why("metered_by_tariff", tariff_kinds=1, metering_plan=plan)) is refused_


def test_every_price_is_metered() -> None:
    """G-FA-08"""
    plan = [{"point": "宿舍", "tariff_code": "R01", "method": "装表"}]
    assert not why("metered_by_tariff", scheme_tariff_code="I02", tariff_kinds=2, metering_plan=plan)
    assert why("metered_by_tariff", scheme_tariff_code="I02", tariff_kinds=3, metering_plan=plan)


@pytest.mark.parametrize(
    ("mode", "share", "refused_"), [("2", False, True), ("2", True, False), ("1", True, True)]
)
def test_losses_follow_the_place_of_the_meter(mode: str, share: bool, refused_: bool) -> None:
    assert bool(why("losses_allotted", meas_mode=mode, loss_share=share)) is refused_


@pytest.mark.parametrize(
    ("caps", "counted"),
    [([], 0.0), ([630.0], 0.0), ([630.0, 400.0], 400.0), ([630.0, 630.0], 630.0), ([800, 630, 250], 880.0)],
)
def test_the_largest_source_is_free_of_the_fee(caps: list[float], counted: float) -> None:
    """G-FA-09"""
    assert reliability_capacity(caps) == counted


def test_the_fee_for_reliable_supply_is_what_the_sources_give() -> None:
    sources = [{"source_no": 1, "cap": 800.0}, {"source_no": 2, "cap": 630.0}]
    fee = {"item": "01", "basis": "省价目表", "qty": 630.0, "price": 200.0, "amount": 126000.0}
    asked = {"supply_mode": "3", "sources": sources}
    assert not why("reliability_fee_right", **asked, fees=[fee])
    assert why("reliability_fee_right", **asked, fees=[{**fee, "qty": 800.0}])
    assert why("reliability_fee_right", **asked, fees=[])
    assert not why("reliability_fee_right", **asked, fees=[], reliability_waiver="批文1号")
    assert why("reliability_fee_right", supply_mode="2", fees=[fee])


def test_a_prepaid_account_is_tried_before_it_is_sealed() -> None:
    """县流程 6"""
    assert why("prepay_trip_tested", prepay=True, prepay_alarm_ok=True, prepay_trip_ok=False)
    assert not why("prepay_trip_tested", prepay=True, prepay_alarm_ok=True, prepay_trip_ok=True)
    assert not why("prepay_trip_tested", prepay=False)


@pytest.mark.parametrize(("sets", "refused_"), [(3, True), (4, False)])
def test_four_sets_of_drawings(sets: int, refused_: bool) -> None:
    """县流程 3"""
    assert bool(why("drawings_complete", drawing_sets=sets)) is refused_


@pytest.mark.parametrize(("cap", "refused_"), [(160.0, True), (161.0, False)])
def test_a_small_business_pays_for_no_works_up_to_the_limit(cap: float, refused_: bool) -> None:
    fees = [{"item": "11", "amount": 100.0}]
    assert bool(why("small_business_spared", small_business=True, scheme_cap=cap, fees=fees)) is refused_
    assert not why("small_business_spared", small_business=False, scheme_cap=cap, fees=fees)


def test_an_area_belongs_to_its_line() -> None:
    area = {"areas": [{"tg_no": "TG1", "line_no": "L1"}]}
    assert not why("feeder_area_chosen", archive=area, supply_tg_no="TG1", supply_line_no="L1")
    assert not why("feeder_area_chosen", archive=area, supply_tg_no="TG1")
    assert why("feeder_area_chosen", archive=area, supply_tg_no="TG1", supply_line_no="L2")
    assert why("feeder_area_chosen", archive={"areas": []}, supply_tg_no="TG1")
    assert why("feeder_area_chosen", archive=area)


def test_transformers_follow_the_voltage() -> None:
    """D-03"""
    one = [{"cap": 315, "count": 2}]
    assert not why("transformers_recorded", scheme_volt="AC00101", scheme_cap=630, new_transformers=one)
    assert why("transformers_recorded", scheme_volt="AC00101", scheme_cap=500, new_transformers=one)
    assert why("transformers_recorded", scheme_volt="AC00101", scheme_cap=630)
    assert why("transformers_recorded", scheme_volt="AC03802", scheme_cap=630, new_transformers=one)
    assert not why("transformers_recorded", scheme_volt="AC03802", scheme_cap=100)


def test_a_reading_section_is_one_of_the_units_own() -> None:
    """D-12"""
    archive = {"sections": [{"sect_no": "S1", "org_no": "99401"}]}
    assert not why("reading_section_assigned", archive=archive, sect_no="S1", org_no="99401", read_seq=3)
    assert why("reading_section_assigned", archive=archive, sect_no="S1", org_no="99402", read_seq=3)
    assert why("reading_section_assigned", archive=archive, sect_no="S1", org_no="99401")
    assert why("reading_section_assigned", archive={"sections": []}, sect_no="S2", read_seq=1)


def test_high_voltage_opens_an_account_with_everything_of_its_own() -> None:
    """flows 归档影响（167）"""
    desk, case = walked(HV)
    (customer,) = rows(desk, "customer")
    assert (customer["contract_cap"], customer["run_cap"], customer["volt_code"]) == (630.0, 630.0, "AC00101")
    assert (customer["status"], customer["cons_sort"]) == ("0", "01")
    assert [t["plate_cap"] for t in rows(desk, "transformer")] == [630.0]
    (child,) = [number for number, _ in desk.get(case).children]
    assert [(c["contract_no"], c["cons_no"]) for c in rows(desk, "contract")] == [
        (f"HT{child}", customer["cons_no"])
    ]
    assert {t["kind"] for t in rows(desk, "due_task")} == {"05", "06", "07"}
    assert len(rows(desk, "meter")) == len(rows(desk, "terminal")) == 1


def test_two_sources_are_charged_and_both_recorded() -> None:
    fee = {"item": "高可靠性供电费", "basis": "省价目表", "qty": 630, "price": 200}
    desk, _ = walked(
        HV, supply_mode="3", reliability_fee="是", fees=[fee], safety_agreement="是", paid_total=126000
    )
    assert [row["ps_type"] for row in rows(desk, "power_source")] == ["04", "04"]
    assert {row["line_id"] for row in rows(desk, "power_source")} == {"L00001", "L00005"}
    (charged,) = rows(desk, "business_fee")
    assert (charged["item"], charged["amount"], charged["paid"]) == ("01", 126000.0, 126000.0)


def test_two_sources_without_the_fee_stop_at_the_scheme() -> None:
    with refused("reliability_fee_missing"):
        walked(HV, supply_mode="3")


def test_metered_behind_the_transformer_the_losses_are_shared() -> None:
    desk, _ = walked(HV, meas_mode="2", loss_share="是")
    assert [row["loss_share"] for row in rows(desk, "metering_point")] == ["1"]


def test_low_voltage_hangs_on_an_area_and_has_no_transformer() -> None:
    desk, _ = walked(LV)
    assert [row["station_id"] for row in rows(desk, "power_source")] == ["TG000001"]
    assert rows(desk, "transformer") == []
    assert [row["meas_mode"] for row in rows(desk, "metering_point")] == ["3"]


def test_an_objection_leads_back_to_the_scheme_and_on_again() -> None:
    """153 ↔ 155"""
    desk, case = walked(HV, until="scheme_reply")
    desk.act_as("scheme_replier")
    desk.return_(case, "scheme_drafting", "客户要求改接入点")
    list(run(desk, case, Plan(confirm_all=True, fill=True)))
    assert desk.get(case).status == "completed"


def test_stopping_gives_back_what_was_paid() -> None:
    fee = {"item": "工程费", "basis": "公示目录", "qty": 1, "price": 300}
    desk, case = walked(LV, until="meter_install_energize", fee_expected="是", fees=[fee], paid_total=300)
    desk.act_as("supervisor")
    desk.stop(case, "客户撤单")
    (row,) = [dict(r) for r in desk.store.table("business_fee") if r["app_no"] == case]
    assert row["refunded"] == 300.0
