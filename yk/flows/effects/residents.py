"""Effects of residents' flows: tiers of a new home, more capacity for one that is there."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.metering import new_meter_id
from yk.flows.facts import Facts
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.residents import ONE_PHASE

Rows = list[tuple[str, dict[str, Any]]]
SINGLE_LEVEL, LOW_LEVEL = "5", "4"
"""Levels of a metering point: single-phase, other below 315 kVA (DL/T 448)."""
PILE = "充电桩"


@effect("登记阶梯类型和人口基数", basis="低压居民新装归档影响（推定）")
def set_tiers(f: Facts) -> Change:
    """The price of the new account says how its tiers are counted."""
    cons_no = f.data["cons_no"]
    tiers = {"tier_type": f.data.get("tier_type"), "household_size": f.data.get("household_size")}
    return Change(put=(("customer_price", {"prc_id": f"PR{cons_no}1", "cons_no": cons_no, **tiers}),))


@effect(
    "居民户容量、电压、接线按方案更新，合同容量同改",
    basis="低压居民增容归档影响（推定）；供电营业规则(1996)第22条",
    reads=("customer", "metering_point", "power_source", "contract"),
)
def raise_resident_capacity(f: Facts) -> Change:
    """Account, source, metering point, contract and the meter put up carry the new capacity and wiring; prices stay."""
    cap, volt, wiring = f.data["scheme_cap"], f.data["scheme_volt"], f.data["wiring"]
    level = SINGLE_LEVEL if wiring == ONE_PHASE else LOW_LEVEL
    pile = {"charging_pile": "1"} if PILE in f.get("increase_use") else {}
    put: Rows = [customer_row(f, contract_cap=cap, run_cap=cap, volt_code=volt, **pile)]
    put += [
        ("power_source", {"ps_id": row["ps_id"], "supply_cap": cap, "ps_volt": volt})
        for row in f.rows("power_source")
    ]
    put += [
        (
            "metering_point",
            {"mp_id": row["mp_id"], "mp_cap": cap, "volt_code": volt, "wiring": wiring, "mp_level": level},
        )
        for row in f.rows("metering_point")
    ]
    put += _rewired(f, wiring)
    return Change(put=(*put, *_contract(f, cap)))


def _rewired(f: Facts, wiring: str) -> Rows:
    """The meters this order puts up are of the scheme's wiring, not of the old meter's."""
    if not f.data.get("meter_work_needed"):
        return []
    accuracy = "2.0" if wiring == ONE_PHASE else "1.0"
    return [
        ("meter", {"meter_id": new_meter_id(f, number), "wiring": wiring, "accuracy": accuracy})
        for number, row in enumerate(meter_rows(f), start=1)
        if row.get("new_asset_no")
    ]


def _contract(f: Facts, cap: float) -> Rows:
    """The contract with its new capacity, and the record of the change: by supplement or by the signed application."""
    contract = f.row("contract")
    agreed = f.get("agreement_no")
    record = {
        "change_id": f"{f.case}-1",
        "contract_no": contract["contract_no"],
        "cons_no": contract["cons_no"],
        "app_no": f.case,
        "agreement_no": agreed or None,
        "change_type": f.data.get("busi_type"),
        "old_value": f"合同容量 {float(contract.get('cap') or 0):g} kW",
        "new_value": f"合同容量 {float(cap):g} kW",
        "reason": "补充协议" if agreed else "格式合同按业务单更新",
        "sign_date": f.today,
        "begin_date": f.today,
    }
    return [
        ("contract", {"contract_no": contract["contract_no"], "cap": cap}),
        ("contract_change", record),
    ]
