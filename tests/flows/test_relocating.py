"""迁址: the same point of supply, two sites, the old one settled; what is written and where it branches."""

from __future__ import annotations

from typing import Any

import pytest
from supply import facts, fresh, goes, refused, row, rows, said

HV, LV = "1016000035", "1016000022"
HIGH: dict[str, Any] = {"customer": {"cons_no": HV, "volt_code": "AC00101", "contract_cap": 630.0}}
LOW: dict[str, Any] = {"customer": {"cons_no": LV, "volt_code": "AC03802", "contract_cap": 80.0}}
LINES = [
    {"line_no": "L1", "substation": "甲站", "dedicated": "1"},
    {"line_no": "L2", "substation": "甲站", "dedicated": "0"},
    {"line_no": "L3", "substation": "乙站", "dedicated": "0"},
]


# -- the point of supply (G-QZ-07) ----------------------------------------------------------------------
@pytest.mark.parametrize(("area", "passes"), [("TG1", True), ("TG2", False), ("", True)])
def test_at_low_voltage_the_transformer_is_the_point_of_supply(area: str, passes: bool) -> None:
    archive = LOW | {"power_source": [{"line_id": "L2", "station_id": "TG1"}]}
    f = facts(archive=archive, supply_tg_no=area, supply_line_no="L3")
    assert (said("same_supply_point", f) == []) is passes


@pytest.mark.parametrize(("line", "passes"), [("L2", True), ("L1", False), ("L3", False)])
def test_on_a_public_line_the_line_is(line: str, passes: bool) -> None:
    archive = HIGH | {"power_source": [{"line_id": "L2"}], "lines": LINES}
    assert (said("same_supply_point", facts(archive=archive, supply_line_no=line)) == []) is passes


@pytest.mark.parametrize(("line", "passes"), [("L1", True), ("L2", True), ("L3", False)])
def test_on_a_dedicated_line_the_substation_is(line: str, passes: bool) -> None:
    archive = HIGH | {"power_source": [{"line_id": "L1"}], "lines": LINES}
    assert (said("same_supply_point", facts(archive=archive, supply_line_no=line)) == []) is passes


def test_what_the_surveyor_says_weighs_more_than_the_drawing() -> None:
    archive = HIGH | {"power_source": [{"line_id": "L2"}], "lines": LINES}
    (message,) = said("same_supply_point", facts(archive=archive, supply_line_no="L2", point_is_other=True))
    assert "新装" in message


# -- asking to move -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("cap", "passes"), [(629.0, True), (630.0, True), (631.0, False)])
def test_what_exceeds_the_old_capacity_is_an_increase(cap: float, passes: bool) -> None:
    assert (said("capacity_not_raised", facts(archive=HIGH, apply_cap=cap)) == []) is passes
    assert (said("capacity_not_raised", facts(archive=HIGH, accepted_cap=cap)) == []) is passes


def test_the_same_address_in_other_letters_is_no_move() -> None:
    archive = {"customer": {"cons_no": HV, "elec_addr": "示范路(1)号"}}
    assert len(said("new_address_differs", facts(archive=archive, new_elec_addr="示范路（1）号"))) == 1
    assert said("new_address_differs", facts(archive=archive, new_elec_addr="示范路2号")) == []


def test_an_address_with_an_account_is_taken_but_not_by_oneself() -> None:
    at = {"same_address": {"customers": [{"cons_no": "1", "cons_name": "邻户"}], "orders": []}}
    assert len(said("new_site_unclaimed", facts(archive=HIGH | at, new_elec_addr="x"))) == 1
    mine = {"same_address": {"customers": [{"cons_no": HV, "cons_name": "本户"}], "orders": []}}
    assert said("new_site_unclaimed", facts(archive=HIGH | mine, new_elec_addr="x")) == []


@pytest.mark.parametrize(
    ("sites", "found"),
    [
        ([("旧址", 2), ("新址", 3)], 0),
        ([("新址", 3)], 1),
        ([("旧址", 0), ("新址", 3)], 1),
        ([], 2),
    ],
)
def test_both_sites_are_seen_and_photographed(sites: list[tuple[str, int]], found: int) -> None:
    table = [{"site": site, "photos": photos} for site, photos in sites]
    assert len(said("both_sites_surveyed", facts(sites=table))) == found


@pytest.mark.parametrize(
    ("works", "paid", "basis", "passes"),
    [
        (True, True, "", True),
        (True, False, "", False),
        (True, False, "征收文件", True),
        (False, False, "", True),
    ],
)
def test_works_of_a_move_are_the_customers_unless_a_paper_says_otherwise(
    works: bool, paid: bool, basis: str, passes: bool
) -> None:
    f = facts(external_works=works, paid_by_customer=paid, payer_basis=basis)
    assert (said("relocation_cost_assigned", f) == []) is passes


def test_nobody_pays_for_works_that_are_said_to_be_somebody_elses() -> None:
    f = facts(external_works=True, paid_by_customer=False, payer_basis="征收文件", fees=[{"item": "03"}])
    assert len(said("relocation_cost_assigned", f)) == 1
    assert said("relocation_cost_assigned", f.filled(fees=[{"item": "11"}])) == []


# -- moving ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("read", "slip", "found"), [(544.0, 544.0, 0), (543.0, 543.0, 1), (544.0, 545.0, 1), (None, 544.0, 1)]
)
def test_the_old_site_ends_with_one_reading(read: float | None, slip: float, found: int) -> None:
    f = facts(
        archive={"meter_register": [{"reading": 544.0}]},
        old_site_reading=read,
        meter_work=[{"old_asset_no": "YK1", "old_reading": slip}],
    )
    assert len(said("old_site_reading_taken", f)) == found


@pytest.mark.parametrize(
    ("status", "mine", "due", "passes"),
    [
        ("02", False, "", True),
        ("03", False, "", False),
        ("03", True, "2026-11-23", True),
        ("03", True, "2026-11-22", False),
    ],
)
def test_a_meter_at_the_new_site_is_from_stock_or_ones_own_and_not_due(
    status: str, mine: bool, due: str, passes: bool
) -> None:
    archive = {
        "assets": [{"asset_id": "A1", "asset_no": "YK1", "asset_status": status}],
        "meter": [{"asset_id": "A1", "due_date": due}] if mine else [],
    }
    f = facts(archive=archive, meter_work=[{"new_asset_no": "YK1"}])
    assert (said("moved_meter_usable", f) == []) is passes


@pytest.mark.parametrize(
    ("off", "on", "passes"),
    [
        ("2026-11-23T07:00", "2026-11-23T09:00", True),
        ("2026-11-23T09:00", "2026-11-23T09:00", True),
        ("2026-11-23T09:01", "2026-11-23T09:00", False),
        ("", "2026-11-23T09:00", False),
    ],
)
def test_the_old_site_is_cut_before_the_new_one_is_live(off: str, on: str, passes: bool) -> None:
    assert (said("old_site_cut_first", facts(old_site_off_at=off, energized_at=on)) == []) is passes


def test_the_old_site_is_settled_to_the_cent() -> None:
    owes = {"receivable": [{"rcv_id": "R1", "amount": 10.0, "paid": 9.99, "late_fee": 0.0}]}
    done = {"old_site_reading": 544.0, "old_bill_issued": True}
    assert len(said("old_site_settled", facts(archive=owes, **done))) == 1
    assert said("old_site_settled", facts(**done)) == []
    assert len(said("old_site_settled", facts())) == 2


# -- what is written, where it branches -----------------------------------------------------------------
def test_the_account_stands_at_its_new_address_with_everything_else_as_it_was() -> None:
    desk = fresh()
    before = row(desk, "customer", cons_no=HV)
    case = goes(desk, "relocation", HV, new_elec_addr="示范市开发区新园区1号")
    after = row(desk, "customer", cons_no=HV)
    assert {n for n in after if after[n] != before[n]} == {"elec_addr"}
    assert {p["mp_addr"] for p in rows(desk, "metering_point", cons_no=HV)} == {"示范市开发区新园区1号"}
    former = row(desk, "field_change", app_no=case)
    assert (former["old_value"], former["new_value"]) == (before["elec_addr"], "示范市开发区新园区1号")
    assert row(desk, "contract_change", app_no=case)["change_type"] == "迁址"
    assert row(desk, "business_fee", app_no=case)["item"] == "03"


def test_a_meter_may_move_along_with_its_account() -> None:
    desk = fresh()
    meter = row(desk, "meter", cons_no=HV)
    asset = row(desk, "meter_asset", asset_id=meter["asset_id"])["asset_no"]
    slip = f'[{{"old_asset_no": "{asset}", "old_reading": 600, "new_asset_no": "{asset}", "new_reading": 600, "multiplier": 1000}}]'
    goes(desk, "relocation", HV, meter_work=slip, old_site_reading=600)
    moved = row(desk, "meter", cons_no=HV)
    assert moved["asset_id"] == meter["asset_id"]
    assert row(desk, "meter_asset", asset_no=asset)["asset_status"] == "03"
    assert row(desk, "meter_register", cons_no=HV)["reading"] == 600


def test_another_line_leads_to_a_new_connection() -> None:
    reasons = refused(fresh(), "relocation", HV, supply_line_no="L00001")
    assert [r.code for r in reasons] == ["other_supply_point"]
    assert "新装" in reasons[0].message


def test_where_there_are_works_who_pays_is_settled_though_no_fee_was_expected() -> None:
    reasons = refused(fresh(), "relocation", HV, fee_expected=False, paid_by_customer=False)
    assert [r.code for r in reasons] == ["relocation_cost_unassigned"]


def test_no_move_is_archived_without_its_contract_changed() -> None:
    """G-ALL-09: the catalogue has no step for it, the flow has."""
    from yk.flows.flow import load

    flow = load("relocation")
    assert "contract_recorded" in flow.step("data_archiving")["guards"]
    assert flow.step("contract_change")["entry"] == ""
