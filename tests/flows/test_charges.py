"""What breaches, theft and late payment cost: worked examples, checked by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.archive.codes import codes
from yk.errors import UsageError
from yk.flows.charges.breach import Breach, breach_charge
from yk.flows.charges.disconnection import Cut, arrears_ripe, restore_by, step_faults
from yk.flows.charges.late_fee import late_fee, late_fee_lines
from yk.flows.charges.rates import BREACH, THEFT, capped, rate_of, rates
from yk.flows.charges.theft import Theft, metered_capacity, stolen_quantity, theft_charge

D = Decimal
OFF = datetime(2026, 11, 20, 10, 0)


def sums(found: Breach) -> tuple[str, str]:
    """(energy, penalty) as text."""
    made = breach_charge(found)
    return str(made.makeup), str(made.penalty)


def test_every_act_has_a_rate_and_the_name_of_the_code_list() -> None:
    assert {act: rate.name for act, rate in rates().items()} == codes("violation_act")
    assert {rate.kind for rate in rates().values()} == {BREACH, THEFT}


class TestBreach:
    def test_a_dear_load_on_a_cheap_line_costs_the_gap_and_twice_the_gap(self) -> None:
        found = Breach("11", monthly_kwh=D(1000), months=D(5), low_price=D("0.50"), high_price=D("0.80"))
        assert sums(found) == ("1500.00", "3000.00")

    def test_nobody_knows_since_when_so_three_months_are_taken(self) -> None:
        found = Breach("11", monthly_kwh=D(1000), low_price=D("0.50"), high_price=D("0.80"))
        assert sums(found) == ("900.00", "1800.00")

    def test_excess_capacity_on_a_two_part_tariff_costs_the_basic_charge_and_thrice_that(self) -> None:
        found = Breach("12", two_part=True, capacity=D(100), basic_price=D(30), months=D(4))
        assert sums(found) == ("12000.00", "36000.00")

    def test_excess_capacity_otherwise_costs_fifty_a_kilowatt(self) -> None:
        assert sums(Breach("12", capacity=D(60))) == ("0", "3000.00")

    def test_the_basic_charge_wants_to_know_how_long(self) -> None:
        with pytest.raises(UsageError, match="月数或天数"):
            breach_charge(Breach("12", two_part=True, capacity=D(100), basic_price=D(30)))

    def test_over_the_quota_costs_one_a_peak_kilowatt_and_five_times_the_energy(self) -> None:
        found = Breach("13", peak_kw=D(20), times=2, over_kwh=D(500), price=D("0.6"))
        assert sums(found) == ("0", "1540.00")

    def test_the_rules_of_2024_know_no_quota(self) -> None:
        with pytest.raises(UsageError, match="R24"):
            breach_charge(Breach("13", rule_set="R24", peak_kw=D(20)))

    def test_suspended_equipment_used_on_a_two_part_tariff_costs_thirtieths_of_a_month(self) -> None:
        found = Breach("14", two_part=True, capacity=D(200), basic_price=D(30), months=D(1), days=D(15))
        assert sums(found) == ("9000.00", "18000.00")

    def test_since_2024_a_day_is_a_part_of_its_own_month(self) -> None:
        found = Breach(
            "14", "R24", two_part=True, capacity=D(200), basic_price=D(30), days=D(15), month_days=D(31)
        )
        assert sums(found) == ("2903.23", "5806.46")

    def test_sealed_equipment_used_otherwise_costs_thirty_a_kilowatt_and_time(self) -> None:
        assert sums(Breach("14", capacity=D(80), times=2)) == ("0", "4800.00")

    def test_sealed_equipment_that_was_added_unlawfully_pays_for_both(self) -> None:
        assert sums(Breach("14", capacity=D(80), times=2, added_unlawfully=True)) == ("0", "8800.00")

    def test_meddling_costs_homes_five_hundred_and_others_five_thousand_a_time(self) -> None:
        assert sums(Breach("15", residential=True, times=2)) == ("0", "1000.00")
        assert sums(Breach("15")) == ("0", "5000.00")

    def test_a_foreign_source_costs_five_hundred_a_kilowatt(self) -> None:
        assert sums(Breach("16", capacity=D(30))) == ("0", "15000.00")

    def test_a_multiple_below_the_ceiling_is_taken_as_given(self) -> None:
        found = Breach(
            "11", "R24", monthly_kwh=D(1000), low_price=D("0.5"), high_price=D("0.8"), multiple=D(1)
        )
        assert sums(found) == ("900.00", "900.00")

    def test_the_working_is_written_out(self) -> None:
        first, second = breach_charge(
            Breach("12", two_part=True, capacity=D(100), basic_price=D(30), months=D(1), days=D(10))
        ).lines
        assert first.working == "100 kVA × 30 元 × 1 个月又10/30 月"
        assert (str(first.yuan), second.working) == ("4000.00", "4000.00 元 × 3")

    def test_theft_is_no_breach_and_an_unknown_act_is_none(self) -> None:
        with pytest.raises(UsageError, match="窃电"):
            breach_charge(Breach("22"))
        with pytest.raises(UsageError, match="99"):
            breach_charge(Breach("99"))


class TestTheft:
    def test_nobody_knows_since_when_so_180_days_of_12_hours_are_taken(self) -> None:
        found = Theft("22", capacity=D(5), price=D("0.6"))
        made = theft_charge(found)
        assert stolen_quantity(found) == 10800
        assert (str(made.makeup), str(made.penalty), str(made.total)) == ("6480.00", "19440.00", "25920.00")

    def test_lighting_counts_six_hours(self) -> None:
        assert stolen_quantity(Theft("21", D(2), D("0.5"), use="lighting")) == 2160

    def test_what_is_known_counts_as_it_is(self) -> None:
        found = Theft("21", D(3), D("0.5"), days=40, hours=D("7.5"), billed_kwh=D(100))
        assert stolen_quantity(found) == 800

    def test_more_billed_than_stolen_is_nothing(self) -> None:
        assert theft_charge(Theft("25", D(1), D("0.5"), days=1, hours=D(1), billed_kwh=D(9))).total == 0

    def test_a_meter_s_current_stands_for_a_capacity(self) -> None:
        assert metered_capacity(D(20), 1, D("0.22")) == D("4.40")
        assert metered_capacity(D(5), 3, D("0.38"), ratio=D(40)) == D("131.64")

    @pytest.mark.parametrize("phases", [0, 2])
    def test_there_are_one_phase_and_three(self, phases: int) -> None:
        with pytest.raises(UsageError, match="相数"):
            metered_capacity(D(5), phases, D("0.22"))

    def test_a_breach_is_no_theft(self) -> None:
        with pytest.raises(UsageError, match="违约用电"):
            theft_charge(Theft("12", D(1), D(1)))

    @given(
        st.decimals(0, 10_000, places=2),
        st.integers(0, 720),
        st.decimals(0, 24, places=1),
        st.decimals(0, 5, places=4),
    )
    def test_the_penalty_is_thrice_the_energy_to_the_cent(self, kw: D, days: int, hours: D, price: D) -> None:
        made = theft_charge(Theft("23", kw, price, days=days, hours=hours))
        assert made.penalty == made.makeup * 3 >= 0


class TestMultiples:
    @pytest.mark.parametrize(
        ("rule_set", "rule", "ceiling"),
        [
            ("R96", "by_rule_set", False),
            ("R16", "by_rule_set", False),
            ("R24", "by_rule_set", True),
            ("R24", "fixed", False),
            ("R96", "not_above", True),
        ],
    )
    def test_a_multiple_is_fixed_or_a_ceiling(self, rule_set: str, rule: str, ceiling: bool) -> None:
        assert capped(rule_set, rule) is ceiling

    def test_a_quota_is_known_until_the_rules_of_2016(self) -> None:
        assert rate_of("13", "R16").multiple == 5


class TestLateFee:
    def test_homes_pay_one_in_a_thousand_a_day(self) -> None:
        assert late_fee(D(1000), date(2023, 12, 20), date(2024, 1, 10), True, "R96") == D("21.00")

    def test_others_pay_two_in_the_year_of_the_debt_and_three_beyond_it(self) -> None:
        lines = list(late_fee_lines(D(1000), date(2023, 12, 20), date(2024, 1, 10), False))
        assert [(line.label, str(line.yuan)) for line in lines] == [
            ("当年欠费", "22.00"),
            ("跨年度欠费", "30.00"),
        ]
        assert late_fee(D(1000), date(2023, 12, 20), date(2024, 1, 10), False, "R24") == D("52.00")

    def test_a_debt_due_on_the_last_day_of_a_year_runs_wholly_beyond_it(self) -> None:
        assert late_fee(D(1000), date(2023, 12, 31), date(2024, 1, 2), False, "R96") == D("6.00")

    @pytest.mark.parametrize("paid", [date(2024, 3, 1), date(2024, 2, 1)])
    def test_in_time_costs_nothing(self, paid: date) -> None:
        assert late_fee(D(1000), date(2024, 3, 1), paid, False, "R96") == 0

    def test_by_the_rules_of_1996_less_than_one_yuan_is_one_yuan(self) -> None:
        due, paid = date(2024, 3, 1), date(2024, 3, 2)
        assert late_fee(D(10), due, paid, True, "R96") == 1
        assert late_fee(D(10), due, paid, True, "R24") == D("0.01")

    @given(st.decimals("0.01", 1_000_000, places=2), st.integers(1, 900), st.booleans())
    def test_a_day_more_never_costs_less(self, arrears: D, days: int, residential: bool) -> None:
        due = date(2023, 5, 25)
        first, second = (
            late_fee(arrears, due, due + timedelta(days=n), residential, "R24") for n in (days, days + 1)
        )
        assert first <= second


def cut(**values: object) -> list[str]:
    """The steps found wanting of a disconnection at OFF."""
    good: dict[str, object] = {
        "approved": OFF - timedelta(days=6),
        "notice": OFF - timedelta(days=5),
        "last_call": OFF - timedelta(minutes=30),
    }
    return [step for step, _ in step_faults(Cut(OFF, **(good | values)))]  # type: ignore[arg-type]


class TestDisconnection:
    def test_three_steps_in_order_are_right(self) -> None:
        assert cut() == []

    @pytest.mark.parametrize(("days", "wrong"), [(2, True), (3, False), (7, False), (8, True)])
    def test_the_notice_comes_three_to_seven_days_before(self, days: int, wrong: bool) -> None:
        notice = OFF - timedelta(days=days)
        assert ("notice" in cut(notice=notice, approved=notice)) is wrong

    @pytest.mark.parametrize(("minutes", "wrong"), [(29, True), (30, False), (90, False)])
    def test_the_last_call_comes_half_an_hour_before(self, minutes: int, wrong: bool) -> None:
        assert ("last_call" in cut(last_call=OFF - timedelta(minutes=minutes))) is wrong

    def test_the_notice_is_not_the_last_call_as_well(self) -> None:
        notice = OFF - timedelta(days=5)
        assert cut(notice=notice, last_call=notice) == ["last_call"]

    @pytest.mark.parametrize("step", ["approved", "notice", "last_call"])
    def test_a_step_not_taken_is_named(self, step: str) -> None:
        name = {"approved": "approval"}.get(step, step)
        assert name in cut(**{step: None})

    def test_approval_comes_before_the_notice(self) -> None:
        assert cut(approved=OFF - timedelta(days=4)) == ["approval"]

    def test_important_customers_are_reported_to_the_authority(self) -> None:
        assert cut(critical=True) == ["authority"]
        assert cut(critical=True, reported=True) == []

    @pytest.mark.parametrize(
        ("days", "reminded", "ripe"), [(30, True, False), (31, True, True), (60, False, False)]
    )
    def test_arrears_are_a_ground_after_thirty_days_asked_for_in_vain(
        self, days: int, reminded: bool, ripe: bool
    ) -> None:
        assert arrears_ripe(OFF - timedelta(days=days), reminded, OFF) is ripe

    def test_the_supply_is_back_in_three_days_or_in_24_hours(self) -> None:
        assert restore_by(OFF, "R96") == OFF + timedelta(days=3)
        assert restore_by(OFF, "R24") == OFF + timedelta(hours=24)
