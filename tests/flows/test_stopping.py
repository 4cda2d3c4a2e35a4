"""What stands still for a time: 减容, 暂停, 暂拆, 暂换 and their ways back. Guards at their borders in each rule set."""

from __future__ import annotations

from typing import Any

import pytest
from stopped import OLD, ONE_STOPPED, TODAY, facts, passed, refusals

from yk.flows.units import capacity_after, capacity_cut, contract_after


def suspended(begin: str, end: str, case: str = "1") -> dict[str, Any]:
    """A suspension that is over."""
    return {"stop_id": f"{case}-1", "kind": "2", "stop_date": begin, "resumed_date": end, "app_no": case}


# -- capacities --------------------------------------------------------------------------------------------


def test_a_unit_stopped_goes_and_a_smaller_one_comes_in_its_place() -> None:
    stopped = facts(stopped=[{"tran_id": "B"}])
    swapped = facts(stopped=[{"tran_id": "A", "new_cap": 160.0}])
    assert (capacity_after(stopped), capacity_cut(stopped)) == (400.0, 250.0)
    assert (capacity_after(swapped), capacity_cut(swapped)) == (410.0, 240.0)


def test_a_unit_that_comes_back_may_put_another_out() -> None:
    around = {"transformer": ONE_STOPPED}
    assert capacity_after(facts(archive=around, restored=[{"tran_id": "B"}])) == 650.0
    assert capacity_after(facts(archive=around, restored=[{"tran_id": "B", "out_tran_id": "A"}])) == 250.0


@pytest.mark.parametrize(("kind", "cap"), [("1", 650.0), ("2", 400.0)])
def test_only_a_reduction_for_good_changes_the_contract(kind: str, cap: float) -> None:
    assert contract_after(facts(stopped=[{"tran_id": "B"}], reduction_kind=kind)) == cap


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"tran_id": "B"}], ""),
        ([{"tran_id": "B", "new_cap": 249.0}], ""),
        ([{"tran_id": "B", "new_cap": 250.0}], "不是换小"),
        ([{"tran_id": "C"}], "台账"),
        ([{"tran_id": "B"}, {"tran_id": "B"}], "两行"),
    ],
)
def test_units_are_taken_as_a_whole_or_replaced_by_smaller_ones(rows: list[Any], why: str) -> None:
    told = refusals("whole_transformers", facts(stopped=rows))
    assert bool(told) == bool(why)
    assert why in "".join(told)


def test_what_does_not_run_is_not_stopped_and_what_runs_does_not_come_back() -> None:
    around = {"transformer": ONE_STOPPED}
    assert refusals("whole_transformers", facts(archive=around, stopped=[{"tran_id": "B"}]))
    assert refusals("restored_within_stopped", facts(archive=around, restored=[{"tran_id": "A"}]))
    assert not refusals(
        "restored_within_stopped", facts(archive=around, restored=[{"tran_id": "B"}], apply_cap=650.0)
    )
    assert refusals(
        "restored_within_stopped", facts(archive=around, restored=[{"tran_id": "B"}], apply_cap=700.0)
    )


# -- how long ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule_set", "end", "passes"),
    [
        ("R96", "2027-06-10", True),  # six months
        ("R96", "2027-06-09", False),
        ("R16", "2027-06-09", False),
        ("R24", "2026-12-25", True),  # fifteen days
        ("R24", "2026-12-24", False),
        ("R24", "2028-12-10", True),  # two years
        ("R24", "2028-12-11", False),
        ("R96", "2028-12-11", False),
    ],
)
def test_how_long_a_reduction_lasts(rule_set: str, end: str, passes: bool) -> None:
    f = facts(rule_set, {"stoppage": ()}, reduction_kind="1", resume_date=end)
    assert passed("reduction_period_allowed", f) is passes


def test_after_half_a_year_of_suspension_a_short_reduction_is_allowed_since_2016() -> None:
    around = {"stoppage": (suspended("2026-02-01", "2026-08-01"),)}
    for rule_set, passes in (("R96", False), ("R16", True)):
        f = facts(rule_set, around, reduction_kind="1", resume_date="2027-01-10")
        assert passed("reduction_period_allowed", f) is passes


def test_until_2016_a_reduction_comes_two_years_after_the_connection() -> None:
    young = {"customer": OLD | {"send_date": "2024-12-11"}}
    for rule_set, agreed, passes in (("R96", False, False), ("R96", True, True), ("R16", False, True)):
        f = facts(rule_set, young, reduction_kind="2", half_charge_agreed=agreed)
        assert passed("reduction_period_allowed", f) is passes
    f = facts("R96", {"customer": OLD | {"send_date": "2024-12-10"}}, reduction_kind="2")
    assert not refusals("reduction_period_allowed", f)


@pytest.mark.parametrize(
    ("rule_set", "end", "passes"),
    [
        ("R24", "2026-12-25", True),
        ("R24", "2026-12-24", False),
        ("R16", "2026-12-24", False),
        ("R96", "2026-12-24", True),
    ],
)
def test_a_suspension_of_less_than_fifteen_days(rule_set: str, end: str, passes: bool) -> None:
    assert passed("suspension_long_enough", facts(rule_set, resume_date=end)) is passes


def test_half_a_year_of_suspension_a_calendar_year() -> None:
    earlier = {"stoppage": (suspended("2026-03-01", "2026-08-08"),)}  # 160 days
    f = facts(archive=earlier, wish_date="2026-12-01", resume_date="2026-12-21")
    assert not refusals("suspension_within_year", f)  # 160 + 20
    assert refusals("suspension_within_year", f.filled(resume_date="2026-12-22"))
    assert not refusals("suspension_within_year", f.filled(wish_date="2026-12-22", resume_date="2027-03-01"))


def test_twice_a_year_until_2016() -> None:
    twice = {
        "stoppage": (suspended("2026-02-01", "2026-02-20", "1"), suspended("2026-05-01", "2026-05-20", "2"))
    }
    for rule_set, passes in (("R96", False), ("R16", True), ("R24", True)):
        f = facts(rule_set, twice, wish_date="2026-12-01", resume_date="2026-12-31")
        assert passed("suspension_within_year", f) is passes


def test_a_customer_charged_by_demand_stopped_everything_until_2016() -> None:
    prices = {"customer_price": ({"prc_id": "P", "basic_fee_mode": "2"},)}
    part = [{"tran_id": "B"}]
    assert refusals("demand_user_stops_all", facts("R96", prices, stopped=part, demand_after=300.0))
    assert not refusals("demand_user_stops_all", facts("R96", prices, stopped=[*part, {"tran_id": "A"}]))
    assert refusals("demand_user_stops_all", facts("R16", prices, stopped=part))
    assert not refusals("demand_user_stops_all", facts("R16", prices, stopped=part, demand_after=300.0))


def test_a_demand_is_declared_anew_at_four_tenths_of_the_capacity_left_at_least() -> None:
    prices = {"customer_price": ({"prc_id": "P", "basic_fee_mode": "2"},)}
    f = facts(archive=prices, stopped=[{"tran_id": "B"}], demand_after=160.0)
    assert not refusals("demand_redeclared", f)
    assert refusals("demand_redeclared", f.filled(demand_after=159.9))
    assert refusals("demand_redeclared", f.filled(demand_after=None))


@pytest.mark.parametrize(("wished", "passes"), [("2027-03-01", True), ("2027-03-02", False)])
def test_the_capacity_is_kept_until_the_reduction_ends(wished: str, passes: bool) -> None:
    kept = {"stoppage": ({"stop_id": "1", "kind": "1", "planned_date": "2027-03-01"},)}
    assert passed("within_reduction_period", facts(archive=kept, wish_date=wished)) is passes


@pytest.mark.parametrize(("asked", "passes"), [("2026-11-30", True), ("2026-12-01", False)])
def test_the_capacity_of_a_meter_taken_down_is_kept_until_its_day(asked: str, passes: bool) -> None:
    kept = {"stoppage": ({"stop_id": "1", "kind": "3", "planned_date": "2026-11-30"},)}
    f = facts(archive=kept, app_time=f"{asked}T10:00:00+08:00")
    assert passed("within_keeping_period", f) is passes


@pytest.mark.parametrize(
    ("volt", "end", "passes"),
    [
        ("AC00101", "2027-02-10", True),
        ("AC00101", "2027-02-11", False),
        ("AC00351", "2027-03-10", True),
        ("AC00351", "2027-03-11", False),
    ],
)
def test_how_long_a_swap_lasts(volt: str, end: str, passes: bool) -> None:
    f = facts(archive={"customer": OLD | {"volt_code": volt}}, resume_date=end)
    assert passed("swap_period_allowed", f) is passes


def test_a_unit_comes_back_by_the_business_that_stopped_it() -> None:
    open_ = {"stop_id": "1", "kind": "1", "tran_id": "B", "planned_date": "2027-12-01"}
    around = {
        "transformer": ONE_STOPPED,
        "stoppage": (open_, {**open_, "stop_id": "2", "kind": "2", "tran_id": "C"}),
    }
    f = facts(archive=around, restored=[{"tran_id": "B"}])
    assert not refusals("reduction_on_file", f)
    assert refusals("suspension_on_file", f)


@pytest.mark.parametrize(("back", "passes"), [("2027-03-31", True), ("2027-04-01", False)])
def test_what_stood_still_half_a_year_is_tested_first(back: str, passes: bool) -> None:
    f = facts(archive={"transformer": ONE_STOPPED}, restored=[{"tran_id": "B"}], wish_date=back)
    assert passed("long_idle_tested", f) is passes
    assert not refusals("long_idle_tested", f.filled(idle_test_result="1"))


def test_another_seal_than_the_record_says_stops_the_unsealing() -> None:
    f = facts(archive={"transformer": ONE_STOPPED}, restored=[{"tran_id": "B"}])
    assert not refusals("seals_match_record", f.filled(sealed=[{"tran_id": "B", "seal_no": "FY1"}]))
    assert refusals("seals_match_record", f.filled(sealed=[{"tran_id": "B", "seal_no": "FY2"}]))
    assert refusals("seals_match_record", f.filled(sealed=[]))


@pytest.mark.parametrize(
    ("field", "value"),
    [("new_cap", 700.0), ("new_elec_addr", "别处"), ("new_elec_type", "400"), ("found_cap", 700.0)],
)
def test_what_is_put_up_again_is_as_it_was(field: str, value: Any) -> None:
    same = {"new_cap": 650.0, "new_elec_addr": "示范路1号", "new_elec_type": "100"}
    around = {"customer": OLD | {"elec_addr": "示范路1号"}}
    assert passed("reinstalled_as_removed", facts(archive=around, **same))
    assert not passed("reinstalled_as_removed", facts(archive=around, **(same | {field: value})))


def test_a_removal_takes_every_meter() -> None:
    around = {"meter": ({"meter_id": "1"}, {"meter_id": "2"})}
    assert passed("all_capacity_stopped", facts(archive=around, all_stopped=True, meters_removed=2))
    assert not passed("all_capacity_stopped", facts(archive=around, all_stopped=True, meters_removed=1))
    assert not passed("all_capacity_stopped", facts(archive=around, all_stopped=False, meters_removed=2))


def test_a_seal_is_used_once_and_every_unit_has_one() -> None:
    stopped = [{"tran_id": "A"}, {"tran_id": "B"}]
    one, other = ({"tran_id": name, "seal_no": f"FY{name}", "place": "高压侧开关"} for name in "AB")
    assert passed("stopped_devices_sealed", facts(stopped=stopped, sealed=[one, other]))
    assert not passed("stopped_devices_sealed", facts(stopped=stopped, sealed=[one]))
    assert not passed(
        "stopped_devices_sealed", facts(stopped=stopped, sealed=[one, {**other, "seal_no": "FYA"}])
    )
    used = {"seal_record": ({"seal_id": "1", "action": "1", "seal_no": "FYB"},)}
    assert not passed("stopped_devices_sealed", facts(archive=used, stopped=stopped, sealed=[one, other]))


@pytest.mark.parametrize(("day", "reason", "passes"), [(TODAY, "", True), ("2026-11-24", "改约", False)])
def test_nothing_is_sealed_tomorrow(day: str, reason: str, passes: bool) -> None:
    f = facts(sealed_on=day, seal_day_reason=reason)
    assert passed("seal_day_matches", f) is passes


def test_a_sealing_later_than_agreed_says_why() -> None:
    f = facts(wish_date="2026-11-20", sealed_on="2026-11-21")
    assert not passed("seal_day_matches", f)
    assert passed("seal_day_matches", f.filled(seal_day_reason="客户改约"))
