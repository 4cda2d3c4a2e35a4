"""Effects of another supply voltage: kind of customer, sources, metering points, voltage transformers."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.connecting import HIGH, LOW_OTHER, LOW_RESIDENT
from yk.flows.effects.increasing import main_point, scheme_values
from yk.flows.facts import Facts
from yk.flows.guards.residents import RESIDENTIAL
from yk.flows.guards.scheme import HIGH_HIGH, LOW_VOLTAGES

Rows = list[tuple[str, dict[str, Any]]]
VOLTAGE_TRANSFORMER = "02"
"""Code of a voltage transformer (code list it_kind)."""
HIGH_POINT, LOW_POINT = "01", "04"
"""Kinds of supply points (code list sp_type)."""


@effect(
    "供电电压、用户分类、电源、受电点、计量点改到新电压",
    basis="改压归档影响（供电营业规则(1996)第34条；推定）",
    reads=("customer", "supply_point", "power_source", "metering_point", "instrument_transformer"),
)
def change_voltage(f: Facts) -> Change:
    """Everything that carries a level of voltage gets the new one; capacity and price are `raise_capacity`'s."""
    volt = f.data["scheme_volt"]
    low = volt in LOW_VOLTAGES
    resident = f.row("customer").get("elec_type") in RESIDENTIAL
    sort = HIGH if not low else LOW_RESIDENT if resident else LOW_OTHER
    put: Rows = [customer_row(f, volt_code=volt, cons_sort=sort)]
    put += [
        ("supply_point", {"sp_id": r["sp_id"], "sp_type": LOW_POINT if low else HIGH_POINT})
        for r in f.rows("supply_point")
    ]
    source = {"ps_volt": volt, **({} if low else {"station_id": None})}
    source |= scheme_values(f, line_id="supply_line_no", **({"station_id": "supply_tg_no"} if low else {}))
    put += [("power_source", {"ps_id": r["ps_id"], **source}) for r in f.rows("power_source")]
    mode = scheme_values(f, meas_mode="meas_mode")
    put += [
        ("metering_point", {"mp_id": p["mp_id"], "volt_code": volt, **mode}) for p in f.rows("metering_point")
    ]
    put += _voltage_transformers(f)
    return Change(put=tuple(put), drop=_no_longer_wanted(f))


def _standing(f: Facts) -> list[Any]:
    return [r for r in f.rows("instrument_transformer") if r.get("kind") == VOLTAGE_TRANSFORMER]


def _no_longer_wanted(f: Facts) -> tuple[tuple[str, str], ...]:
    """Voltage transformers that go because nothing is metered at high voltage any more."""
    if f.get("meas_mode") == HIGH_HIGH:
        return ()
    return tuple(("instrument_transformer", str(r["it_id"])) for r in _standing(f))


def _voltage_transformers(f: Facts) -> Rows:
    """Voltage transformers of the new ratio, where the account is metered at high voltage."""
    point, ratio = main_point(f), f.get("vt_ratio")
    if f.get("meas_mode") != HIGH_HIGH or not point or not ratio:
        return []
    day = f.get("meter_work_on")[:10] or f.today
    changed = {"volt_ratio": ratio, "install_date": day}
    if standing := _standing(f):
        return [("instrument_transformer", {"it_id": r["it_id"], **changed}) for r in standing]
    cons_no = str(f.row("customer")["cons_no"])
    rows: Rows = []
    for phase in ("1", "3"):
        number = f"{cons_no}{VOLTAGE_TRANSFORMER}{phase}"
        row = {
            "it_id": f"IT{number}",
            "cons_no": cons_no,
            "mp_id": point["mp_id"],
            "kind": VOLTAGE_TRANSFORMER,
        }
        row |= {"factory_no": f"G{number}", "barcode": f"0991{number}", "phase": phase, "dedicated": "1"}
        rows.append(("instrument_transformer", {**row, **changed}))
    return rows
