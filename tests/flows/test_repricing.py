"""What a changed capacity means for price and metering, and what a short stop costs: borders and worked examples."""

from __future__ import annotations

from typing import Any

import pytest
from stopped import ONE_STOPPED, TWO, facts, passed, refusals

from yk.flows.facts import Facts
from yk.flows.stopping import charge_of_short_stop, days_in_year, share_of_month, stretch, years_touched


def _prices(f: Facts, system: str | None, code: str | None = None) -> list[str]:
    return refusals("tariff_reviewed", f.filled(price_system_after=system, after_tariff_code=code))


def left(rule_set: str, cap: float, **data: Any) -> Facts:
    """An industrial customer that has `cap` kVA left."""
    units = ({**TWO[0], "plate_cap": cap}, TWO[1])
    return facts(
        rule_set,
        {"transformer": units, "tariffs": ({"tariff_code": "B02"},)},
        stopped=[{"tran_id": "B"}],
        **data,
    )


def test_from_315_kva_on_the_two_part_tariff_stays() -> None:
    for rule_set in ("R16", "R24"):
        assert not _prices(left(rule_set, 315.0), None)
        assert _prices(left(rule_set, 315.0), "1", "B02")


def test_below_315_kva_the_price_changes_since_2016() -> None:
    assert _prices(left("R16", 314.0), None)
    assert _prices(left("R16", 314.0), "1")  # no price code
    assert _prices(left("R16", 314.0), "1", "X99")  # no such price
    assert not _prices(left("R16", 314.0), "1", "B02")


def test_until_2016_only_a_reduction_for_good_changes_the_price() -> None:
    assert not _prices(left("R96", 314.0, reduction_kind="1"), None)
    assert _prices(left("R96", 314.0, reduction_kind="2"), None)


def test_between_100_and_315_kva_the_customer_chooses_since_2024() -> None:
    assert _prices(left("R24", 101.0), None)
    assert not _prices(left("R24", 101.0), "2")
    assert not _prices(left("R24", 101.0), "1", "B02")
    assert _prices(left("R24", 100.0), "2")


@pytest.mark.parametrize(("load", "passes"), [(30.0, True), (29.9, False), (100.0, True), (100.1, False)])
def test_current_transformers_suit_the_load(load: float, passes: bool) -> None:
    f = facts(load_percent=load)
    assert passed("metering_suits_capacity", f) is passes
    assert not refusals("metering_suits_capacity", f.filled(meter_work_needed=True))


# -- calculations ------------------------------------------------------------------------------------------


def test_days_of_a_calendar_year_stop_at_its_end() -> None:
    over_new_year = [("2026-12-20", "2027-01-10")]
    assert days_in_year(over_new_year, 2026) == 12
    assert days_in_year(over_new_year, 2027) == 9
    assert list(years_touched("2026-12-20", "2027-01-01")) == [2026]
    assert list(years_touched("2026-12-20", "2027-01-02")) == [2026, 2027]
    assert stretch({"stop_date": "2026-01-01", "planned_date": "2026-03-01"}, "2026-02-01") == (
        "2026-01-01",
        "2026-03-01",
    )


def test_the_share_of_a_month_is_by_thirty_days_until_2024_and_by_calendar_days_since() -> None:
    assert share_of_month(18900.0, "2026-02-20", 9, "R16") == 5670.0
    assert share_of_month(18900.0, "2026-02-20", 9, "R24") == 6075.0  # 9/28
    assert share_of_month(18900.0, "2026-01-30", 4, "R24") == round(18900 * (2 / 31 + 2 / 28), 2)


def test_a_stop_of_less_than_fifteen_days_is_charged_after_all() -> None:
    assert charge_of_short_stop(630.0, 30, "2026-11-01", "2026-11-15", "R96") == 8820.0  # 14 days
    assert charge_of_short_stop(630.0, 30, "2026-11-01", "2026-11-16", "R96") == 0.0
    f = facts("R16", {"transformer": ONE_STOPPED}, restored=[{"tran_id": "B"}], wish_date="2026-10-11")
    assert not refusals("short_stop_charged", f.filled(makeup_charge=2500.0))
    assert refusals("short_stop_charged", f.filled(makeup_charge=None))
