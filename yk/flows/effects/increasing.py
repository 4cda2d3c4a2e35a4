"""Effects of more capacity: the account's numbers, its transformers, ratios, price and contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.archive.codes import codes
from yk.flows.capacities import STOPPED, TAKEN_AWAY, plates
from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.contracts import ENDED
from yk.flows.effects.points import METERING_LEVELS, transformer_row
from yk.flows.facts import Facts
from yk.flows.guards.increasing import staying_here
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.scheme import HIGH_HIGH, HIGH_LOW

Rows = list[tuple[str, dict[str, Any]]]
CURRENT = "01"
"""Code of a current transformer (code list it_kind)."""
SINGLE, THREE_WIRES = "1", "2"


def main_point(f: Facts) -> Mapping[str, Any]:
    """The metering point that carries the account: one with a meter and nothing above it; {} when there is none."""
    points = sorted(f.rows("metering_point"), key=lambda p: str(p["mp_id"]))
    above = [p for p in points if not p.get("parent_mp_id") and p.get("meter_flag") != "0"]
    return above[0] if above else {}


def scheme_values(f: Facts, **names: str) -> dict[str, Any]:
    """Archive field -> what the form says, for those fields of `names` (archive field=form field) that are filled."""
    return {field: f.data[name] for field, name in names.items() if f.data.get(name) not in (None, "")}


@effect(
    "合同容量、运行容量改为方案容量，计量点、电源、电价随改",
    basis="增容归档影响（推定）",
    reads=("customer", "transformer", "metering_point", "power_source", "customer_price"),
)
def raise_capacity(f: Facts) -> Change:
    """The account runs what was agreed, less what stays stopped; its number and build date are untouched."""
    cap = float(f.data.get("scheme_cap") or 0)
    stopped = plates(t for t in staying_here(f) if t.get("run_status") == STOPPED)
    values = scheme_values(f, volt_code="scheme_volt", meas_mode="meas_mode", importance="importance")
    put: Rows = [customer_row(f, contract_cap=cap, run_cap=cap - stopped, **values)]
    point = main_point(f)
    if point:
        put.append(("metering_point", {"mp_id": point["mp_id"], **_point(f, cap)}))
        price = scheme_values(
            f, tariff_code="scheme_tariff_code", pf_std="pf_std", price_system="price_system"
        )
        price |= scheme_values(f, basic_fee_mode="basic_fee_mode")
        put += [
            ("customer_price", {"prc_id": row["prc_id"], **price})
            for row in f.rows("customer_price")
            if row["prc_id"] == point.get("prc_id")
        ]
    first = sorted(f.rows("power_source"), key=lambda r: str(r["ps_id"]))[:1]
    volt = scheme_values(f, ps_volt="scheme_volt")
    put += [("power_source", {"ps_id": row["ps_id"], "supply_cap": cap, **volt}) for row in first]
    return Change(put=tuple(put))


def _point(f: Facts, cap: float) -> dict[str, Any]:
    """What the metering point says after the scheme: capacity, level, mode, and who bears the losses."""
    values = scheme_values(f, volt_code="scheme_volt", wiring="wiring")
    level = next(level for least, level in METERING_LEVELS if cap >= least)
    found = {"mp_cap": cap, "mp_level": "5" if f.data.get("wiring") == SINGLE else level, **values}
    if mode := f.get("meas_mode"):
        found |= {"meas_mode": mode, "side": "03" if mode == HIGH_HIGH else "04"}
        if mode == HIGH_LOW:
            found |= {"loss_bill": "1", **scheme_values(f, loss_no="loss_no")}
        else:
            found |= {"loss_bill": "0", "loss_no": None}
    return found


@effect(
    "拆除的变压器转拆除状态，新增的变压器立台账",
    basis="增容归档影响（推定）",
    reads=("customer", "transformer"),
)
def change_transformers(f: Facts) -> Change:
    """What is removed stays in the records as taken away; what is new runs from its own day."""
    staying = {str(t["tran_id"]) for t in staying_here(f)}
    put: Rows = [
        ("transformer", {"tran_id": t["tran_id"], "run_status": TAKEN_AWAY})
        for t in f.rows("transformer")
        if str(t["tran_id"]) not in staying
    ]
    taken = {str(t["tran_id"]) for t in f.rows("transformer")}
    cons_no, days = str(f.row("customer")["cons_no"]), _days(f)
    number = 0
    for item in f.data.get("new_transformers") or ():
        for _ in range(int(item.get("count") or 1)):
            number += 1
            while f"T{cons_no}{number}" in taken:
                number += 1
            day = days.pop(0) if days else f.get("energized_at")[:10] or f.today
            row = transformer_row(cons_no, number, float(item["cap"]), f.data, day)
            put.append(("transformer", row))
    return Change(put=tuple(put))


def _days(f: Facts) -> list[str]:
    """The day each unit was energized, in order."""
    units = f.data.get("energized_units") or ()
    return [str(row["energized_on"]) for row in units if row.get("energized_on")]


@effect(
    "互感器换新变比，留用电能表换新倍率",
    basis="增容归档影响（推定）；大连数据质量核查办法 小七1.42、1.54",
    reads=("customer", "metering_point", "instrument_transformer", "meter", "assets"),
)
def change_ratio(f: Facts) -> Change:
    """New current transformers stand on every phase; a meter that stays counts by the new multiplier."""
    point, ratio = main_point(f), f.get("ct_ratio")
    put: Rows = []
    if point and ratio:
        put += _current_transformers(f, str(point["mp_id"]), ratio)
    replaced = {str(row.get("old_asset_no")) for row in meter_rows(f) if row.get("old_asset_no")}
    leaving = {a["asset_id"] for a in f.rows("assets") if a["asset_no"] in replaced}
    multiplier = f.data.get("scheme_multiplier")
    if f.data.get("ct_changed") and multiplier is not None:
        put += [
            ("meter", {"meter_id": m["meter_id"], "multiplier": float(multiplier)})
            for m in f.rows("meter")
            if m.get("mp_id") == point.get("mp_id") and m.get("asset_id") not in leaving
        ]
    return Change(put=tuple(put))


def _current_transformers(f: Facts, point: str, ratio: str) -> Rows:
    day = f.get("meter_work_on")[:10] or f.today
    standing = [
        row
        for row in f.rows("instrument_transformer")
        if row.get("kind") == CURRENT and row.get("mp_id") == point
    ]
    if standing:
        changed = {"curr_ratio": ratio, "install_date": day}
        return [("instrument_transformer", {"it_id": row["it_id"], **changed}) for row in standing]
    phases = ("1", "3") if f.data.get("wiring") == THREE_WIRES else ("1", "2", "3")
    return [("instrument_transformer", _current_transformer(f, point, ratio, day, phase)) for phase in phases]


def _current_transformer(f: Facts, point: str, ratio: str, day: str, phase: str) -> dict[str, Any]:
    number = f"{f.row('customer')['cons_no']}{CURRENT}{phase}"
    return {
        "it_id": f"IT{number}",
        "cons_no": f.row("customer")["cons_no"],
        "mp_id": point,
        "kind": CURRENT,
        "factory_no": f"G{number}",
        "barcode": f"0991{number}",
        "install_date": day,
        "curr_ratio": ratio,
        "phase": phase,
        "dedicated": "1",
    }


@effect("重签合同登记为合同变更", basis="供电营业规则(1996)第22条", reads=("customer", "contract"))
def record_resigning(f: Facts) -> Change:
    """A contract signed anew in the course of a change is on record as the change of the one before."""
    old = f.row("contract")
    record = {
        "change_id": f"{f.case}-1",
        "contract_no": old.get("contract_no") or f.data.get("new_contract_no"),
        "cons_no": f.row("customer").get("cons_no"),
        "app_no": f.case,
        "agreement_no": f.data.get("new_contract_no"),
        "change_type": f.data.get("busi_type"),
        "old_value": _capacity_text(old.get("cap")),
        "new_value": _capacity_text(f.data.get("contract_cap")),
        "reason": f.data.get("app_reason"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
    }
    return Change(put=(("contract_change", record),))


def _capacity_text(cap: object) -> str | None:
    return None if cap is None else f"合同容量 {float(str(cap)):g} kVA"


@effect("原合同由新合同接替", basis="供电营业规则(1996)第94条", reads=("contracts",))
def replace_contracts(f: Facts) -> Change:
    """Earlier contracts end on the day the new one begins; nothing when none was signed in this order."""
    new, begins = f.get("new_contract_no"), f.get("begin_date") or f.today
    earlier = [r for r in f.rows("contracts") if r["contract_no"] != new and r.get("status") != ENDED]
    if not new:
        return Change()
    ended = {"status": ENDED, "end_date": begins}
    return Change(put=tuple(("contract", {"contract_no": r["contract_no"], **ended}) for r in earlier))


@effect("登记业务工单台账", basis="S_APP（核查字典 work_order）", reads=("customer",))
def file_application(f: Facts) -> Change:
    """The order as the archive keeps applications: capacity before and after, when it was sent and archived."""
    kind = f.data.get("busi_type")
    row = {
        "app_no": f.case,
        "cons_no": f.row("customer").get("cons_no"),
        "busi_type": kind if kind in codes("busi_type") else None,
        "app_time": f.get("app_time")[:19] or None,
        "app_cap": f.data.get("apply_cap"),
        "orig_cap": f.data.get("orig_cap"),
        "stage": "归档",
        "reply_time": f"{f.get('replied_on')}T00:00:00" if f.get("replied_on") else None,
        "send_time": f.get("energized_at")[:19] or None,
        "archive_time": f.now[:19],
        "contract_no": f.data.get("new_contract_no"),
    }
    return Change(put=(("work_order", row),))
