"""Capacities: what stays, what comes, what current they draw."""

from __future__ import annotations

import pytest

from yk.flows.capacities import capacity_of, load_current, plates, primary_current, staying


def test_a_table_of_transformers_counts_each_as_often_as_it_says() -> None:
    assert capacity_of([{"cap": 630, "count": 2}, {"cap": 100}]) == 1360
    assert capacity_of([]) == 0


def test_what_was_taken_away_or_is_going_does_not_stay() -> None:
    mine = [
        {"tran_id": "T1", "plate_cap": 630.0, "run_status": "01"},
        {"tran_id": "T2", "plate_cap": 400.0, "run_status": "02"},
        {"tran_id": "T3", "plate_cap": 315.0, "run_status": "03"},
    ]
    assert plates(staying(mine, [])) == 1030
    assert plates(staying(mine, ["T1"])) == 400


@pytest.mark.parametrize(
    ("cap", "volt", "ampere"), [(120.0, "AC03802", 182.3), (10.0, "AC02202", 45.5), (0.0, "AC03802", 0.0)]
)
def test_the_current_of_a_load(cap: float, volt: str, ampere: float) -> None:
    assert load_current(cap, volt) == pytest.approx(ampere, abs=0.05)


@pytest.mark.parametrize(
    ("ratio", "ampere"), [("300/5", 300.0), ("7.5/5", 7.5), (" 75/5 ", 75.0), ("", 0.0), ("直接接入", 0.0)]
)
def test_the_primary_current_of_a_ratio(ratio: str, ampere: float) -> None:
    assert primary_current(ratio) == ampere
