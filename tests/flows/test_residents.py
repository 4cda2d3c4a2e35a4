"""Residents' flows: the borders of their guards in each rule set, the rows their effects write, their branches."""

from __future__ import annotations

import re
from typing import Any

import pytest
from quality import findings
from trials import fresh

from yk.desk import Desk
from yk.desk.demonstration import DAY
from yk.desk.order import WorkOrder
from yk.desk.running import Plan, run
from yk.flows.facts import Facts
from yk.flows.guards import increasing, residents
from yk.flows.guards.residents import carried_kw
from yk.flows.guards.scheme import scheme_voltage_fits
from yk.settings import load

HOME, TODAY = "1016000016", "2026-11-23"
"""A home of the demonstration archive: 8 kW, 220 V, one meter, a printed residents' contract."""
NEW, MORE = "lv_res_new_connection", "lv_res_capacity_increase"


def facts(rule_set: str = "R24", archive: dict[str, Any] | None = None, **data: Any) -> Facts:
    """Facts with this form and archive."""
    return Facts(
        case="012611230001",
        now=f"{TODAY}T09:00:00+08:00",
        rule_set=rule_set,
        data=data,
        archive=archive or {},
        settings=load({}),
    )


def reasons(guard: Any, rule_set: str = "R24", archive: dict[str, Any] | None = None, **data: Any) -> str:
    """What a guard says, in one line; empty when it passes."""
    return "；".join(guard(facts(rule_set, archive, **data)))


@pytest.mark.parametrize(
    ("rule_set", "cap", "passes"),
    [
        ("R96", 9.9, True),
        ("R96", 10.0, False),  # 不足 10 千瓦
        ("R16", 10.0, False),
        ("R24", 12.0, True),
        ("R24", 12.1, False),
    ],
)
def test_single_phase_ends_at_the_limit_of_the_rule_set(rule_set: str, cap: float, passes: bool) -> None:
    assert (reasons(scheme_voltage_fits, rule_set, scheme_volt="AC02202", scheme_cap=cap) == "") is passes


@pytest.mark.parametrize(
    ("volt", "wiring", "passes"),
    [
        ("AC02202", "1", True),
        ("AC02202", "3", False),
        ("AC03802", "3", True),
        ("AC03802", "1", False),
        ("AC00101", "2", True),
    ],
)
def test_220_volt_is_single_phase_and_380_is_not(volt: str, wiring: str, passes: bool) -> None:
    assert (reasons(residents.wiring_fits_voltage, scheme_volt=volt, wiring=wiring) == "") is passes


@pytest.mark.parametrize(
    ("amps", "wiring", "kw"), [(60.0, "1", 13.2), (40.0, "1", 8.8), (20.0, "3", 13.163), (60.0, "3", 39.49)]
)
def test_what_a_meter_carries(amps: float, wiring: str, kw: float) -> None:
    assert carried_kw(amps, wiring) == pytest.approx(kw, abs=0.001)


@pytest.mark.parametrize(
    ("amps", "cap", "wiring", "swap", "refused"),
    [
        (60.0, 13.2, "1", False, ""),
        (60.0, 13.3, "1", False, "带不动"),
        (60.0, 13.3, "1", True, ""),
        (60.0, 8.0, "3", False, "原表用不了"),
        (60.0, 8.0, "3", True, ""),
    ],
)
def test_the_old_meter_stays_only_where_it_carries_the_load(
    amps: float, cap: float, wiring: str, swap: bool, refused: str
) -> None:
    found = reasons(
        residents.meter_carries_load,
        archive={"meter": [{"wiring": "1"}]},
        meter_max_amps=amps,
        approved_cap=cap,
        wiring=wiring,
        meter_work_needed=swap,
    )
    assert refused in found
    assert bool(found) is bool(refused)


@pytest.mark.parametrize(("asked", "passes"), [(8.0, False), (7.0, False), (8.1, True)])
def test_the_capacity_asked_for_is_the_new_total(asked: float, passes: bool) -> None:
    customer = {"customer": {"cons_no": HOME, "contract_cap": 8.0}}
    assert (reasons(increasing.capacity_increased, archive=customer, apply_cap=asked) == "") is passes


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        ({"premises_proof": "1"}, ""),
        ({"premises_proof": "9"}, "没有权属证明"),
        ({"premises_proof": "5"}, "premises_issuer"),
        ({"premises_proof": "5", "premises_issuer": "示范村"}, ""),
        ({"premises_proof": "1", "customer_identity": "1"}, "房主同意书"),
        ({"premises_proof": "1", "customer_identity": "1", "owner_consent": "TY-1"}, ""),
    ],
)
def test_whose_home_it_is_must_be_proved(form: dict[str, str], refused: str) -> None:
    found = reasons(residents.premises_proven, **form)
    assert refused in found
    assert bool(found) is bool(refused)


@pytest.mark.parametrize(
    ("size", "tier", "proof", "passes"),
    [
        (4, "0", "", True),
        (5, "0", "", False),
        (5, "0", "户口簿", True),
        (5, "1", "户口簿", False),
        (0, "0", "", False),
    ],
)
def test_a_large_household_is_proved_and_not_shared(size: int, tier: str, proof: str, passes: bool) -> None:
    found = reasons(residents.tier_settings_agree, household_size=size, tier_type=tier, household_proof=proof)
    assert (found == "") is passes


@pytest.mark.parametrize(
    ("kind", "trade", "passes"), [("202", "Y9910", True), ("405", "Y9910", False), ("202", "F5212", False)]
)
def test_a_shop_is_no_home(kind: str, trade: str, passes: bool) -> None:
    assert (reasons(residents.residential_use, elec_type=kind, trade_code=trade) == "") is passes


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"tg_no": "TG1", "status": "01", "org_no": "99401"}, ""),
        ({"tg_no": "TG1", "status": "02", "org_no": "99401"}, "停用"),
        ({"tg_no": "TG1", "status": "01", "org_no": "99402"}, "请重选"),
        ({"tg_no": "TG2", "status": "01", "org_no": "99401"}, "没有台区"),
    ],
)
def test_the_area_runs_and_is_the_units_own(row: dict[str, str], refused: str) -> None:
    found = reasons(residents.area_in_service, archive={"areas": [row]}, supply_tg_no="TG1", org_no="99401")
    assert refused in found
    assert bool(found) is bool(refused)


@pytest.mark.parametrize(
    ("contract", "form", "refused"),
    [
        ({"contract_no": "HT1", "kind": "03"}, {"by_format_contract": True}, ""),
        ({"contract_no": "HT1", "kind": "02"}, {"by_format_contract": True}, "须签补充协议"),
        ({"contract_no": "HT1", "kind": "02"}, {"agreement_no": "XY-1"}, ""),
        ({"contract_no": "HT1", "kind": "03"}, {"by_format_contract": False}, "agreement_no"),
        ({}, {"agreement_no": "XY-1"}, "补签"),
    ],
)
def test_the_contract_follows_the_capacity(
    contract: dict[str, str], form: dict[str, Any], refused: str
) -> None:
    found = reasons(residents.capacity_contract_settled, archive={"contract": contract}, **form)
    assert refused in found
    assert bool(found) is bool(refused)


def finished(flow: str, customer: str | None, **data: object) -> tuple[Desk, WorkOrder]:
    """An order run to its end with these values, and the desk it ran on."""
    desk = fresh()
    order = desk.open(flow, customer or "", {})
    list(run(desk, order.case, Plan(data=dict(data), confirm_all=True, fill=True)))
    done = desk.get(order.case)
    assert done.status == "completed"
    return desk, done


def rows(desk: Desk, entity: str, cons_no: str) -> list[dict[str, Any]]:
    return [dict(row) for row in desk.store.table(entity) if row.get("cons_no") == cons_no]


def test_a_new_home_has_everything_its_account_needs() -> None:
    desk, order = finished(NEW, None, household_size=6, household_proof="户口簿", tou_flag="1")
    cons_no = order.data["cons_no"]
    (customer,) = rows(desk, "customer", cons_no)
    assert re.fullmatch(r"\d{10}", cons_no)
    assert (customer["cons_sort"], customer["elec_type"], customer["volt_code"]) == ("03", "202", "AC02202")
    assert customer["contract_cap"] == customer["run_cap"] == 8
    (price,) = rows(desk, "customer_price", cons_no)
    assert (price["tier_type"], price["household_size"], price["tou_flag"]) == ("0", 6, "1")
    (source,) = rows(desk, "power_source", cons_no)
    assert source["station_id"] == order.data["supply_tg_no"]
    (contract,) = rows(desk, "contract", cons_no)
    assert (contract["kind"], contract["end_date"]) == ("03", None)
    (meter,) = rows(desk, "meter", cons_no)
    assert meter["wiring"] == "1"


def test_more_capacity_with_another_meter_in_three_phases() -> None:
    desk, order = finished(
        MORE,
        HOME,
        apply_cap=20,
        scheme_volt="AC03802",
        wiring="3",
        increase_use="7 kW 充电桩",
        agreement_no="XY-1",
    )
    (customer,) = rows(desk, "customer", HOME)
    assert customer["contract_cap"] == customer["run_cap"] == 20
    assert (customer["volt_code"], customer["charging_pile"], customer["status"]) == ("AC03802", "1", "0")
    (point,) = rows(desk, "metering_point", HOME)
    assert (point["mp_cap"], point["wiring"], point["mp_level"]) == (20, "3", "4")
    (meter,) = rows(desk, "meter", HOME)
    assert (meter["wiring"], meter["accuracy"]) == ("3", "1.0")
    (contract,) = rows(desk, "contract", HOME)
    assert contract["cap"] == 20
    (change,) = [r for r in rows(desk, "contract_change", HOME) if r["app_no"] == order.case]
    assert (change["agreement_no"], change["old_value"], change["new_value"]) == (
        "XY-1",
        "合同容量 8 kW",
        "合同容量 20 kW",
    )
    assert findings(desk.store, DAY[:10]) == []


def test_more_capacity_without_another_meter_leaves_the_meter() -> None:
    before = rows(fresh(), "meter", HOME)
    desk, order = finished(MORE, HOME, meter_work_needed=False, meter_max_amps=60)
    assert "meter_install_energize" not in [step for step, _, _ in order.done]
    assert rows(desk, "meter", HOME) == before
    assert rows(desk, "customer", HOME)[0]["contract_cap"] == 12


def test_a_home_without_fees_goes_straight_to_its_contract() -> None:
    _, order = finished(NEW, None)
    done = [step for step, _, _ in order.done]
    assert "fee_determination" not in done
    assert done.index("contract_signing") < done.index("meter_install_energize")


def test_a_fee_of_a_home_is_charged_paid_and_carried_to_the_account() -> None:
    fees = [{"item": "工程费", "basis": "公示目录", "qty": 1, "price": 120}]
    desk, order = finished(NEW, None, fee_expected=True, fees=fees)
    (fee,) = rows(desk, "business_fee", order.data["cons_no"])
    assert (fee["amount"], fee["paid"]) == (120, 120)
