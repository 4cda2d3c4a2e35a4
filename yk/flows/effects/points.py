"""What is metered and transformed at a new account: price, metering point, meters, instrument transformers, transformers."""

from __future__ import annotations

from typing import Any

from yk.flows.effects.metering import meter_put_up
from yk.flows.facts import Facts
from yk.flows.guards.metering import meter_rows

Rows = list[tuple[str, dict[str, Any]]]
METERING_LEVELS = ((2000.0, "2"), (315.0, "3"), (0.0, "4"))
"""From this capacity (kVA) on a metering point has this level (DL/T 448); a single-phase one has level 5."""


def point_rows(f: Facts, cons_no: str, data: Any, low: bool, day: str, suffix: str) -> Rows:
    """Price, metering point, meters of a new account."""
    point = f"MP{cons_no}1"
    rows: Rows = [
        ("customer_price", _price(cons_no, data)),
        ("metering_point", _point(cons_no, data, low, day)),
    ]
    like = {"wiring": data.get("wiring"), "accuracy": "2.0" if data.get("wiring") == "1" else "1.0"}
    if not low:
        like = {**like, "accuracy": "0.5S", "reactive_flag": "1", "demand_flag": "1"}
    mine = [row for row in meter_rows(f) if not suffix or row.get("cons_no") in (None, "", suffix)]
    for number, row in enumerate(mine, start=1):
        shift = 10 * int(suffix) if suffix.isdecimal() else 0
        rows += meter_put_up(f, row, cons_no, point, number + shift, like)
        change = {
            "change_id": f"MC{f.case}{number + shift:02}",
            "cons_no": cons_no,
            "mp_id": point,
            "new_asset": next(str(r["asset_id"]) for n, r in rows if n == "meter"),
            "change_date": day,
            "reason": "装表",
            "new_reading": row.get("new_reading"),
        }
        rows.append(("meter_change", change))
        if float(row.get("multiplier") or 1) > 1:
            rows += _instrument_transformers(cons_no, point, data, low, day)
    if data.get("terminal_asset"):
        terminal = {
            "term_id": f"TM{cons_no}1",
            "cons_no": cons_no,
            "mp_id": point,
            "install_date": day,
            "status": "01",
        }
        rows.append(("terminal", {**terminal, "asset_no": data.get("terminal_asset")}))
    return rows


def _price(cons_no: str, data: Any) -> dict[str, Any]:
    return {
        "prc_id": f"PR{cons_no}1",
        "cons_no": cons_no,
        "org_no": data.get("org_no"),
        "tariff_code": data.get("scheme_tariff_code"),
        "trade_code": data.get("trade_code"),
        "tou_flag": data.get("tou_flag") or "0",
        "pf_std": data.get("pf_std"),
        "price_system": data.get("price_system"),
        "basic_fee_mode": data.get("basic_fee_mode"),
    }


def _point(cons_no: str, data: Any, low: bool, day: str) -> dict[str, Any]:
    cap = float(data.get("scheme_cap") or 0)
    single = data.get("wiring") == "1"
    return {
        "mp_id": f"MP{cons_no}1",
        "cons_no": cons_no,
        "org_no": data.get("org_no"),
        "sp_id": f"SP{cons_no}",
        "mp_name": f"{data.get('new_name')}计量点",
        "mp_addr": data.get("new_elec_addr"),
        "mp_type": "01",
        "mp_nature": "01",
        "usage_type": "01",
        "side": "03" if data.get("meas_mode") == "1" else "04",
        "mp_cap": cap,
        "volt_code": data.get("scheme_volt"),
        "meas_mode": data.get("meas_mode"),
        "mp_level": "5" if single else next(level for least, level in METERING_LEVELS if cap >= least),
        "wiring": data.get("wiring"),
        "elec_type": data.get("elec_type"),
        "trade_code": data.get("trade_code"),
        "calc_mode": "1",
        "meter_flag": "1",
        "loss_share": "1" if data.get("loss_share") else "0",
        "loss_bill": "1" if data.get("loss_share") else "0",
        "prc_id": f"PR{cons_no}1",
        "run_date": day,
        "status": "02",
    }


def _instrument_transformers(cons_no: str, point: str, data: Any, low: bool, day: str) -> Rows:
    """Current transformers of every phase that is wired, voltage transformers besides at high voltage."""
    phases = ("1", "2", "3") if data.get("wiring") == "3" else ("1", "3")
    rows: Rows = []
    for kind, ratio in (("01", data.get("ct_ratio") or "100/5"), ("02", data.get("vt_ratio") or "10000/100")):
        if kind == "02" and (low or data.get("meas_mode") != "1"):
            continue
        for phase in phases:
            number = f"{cons_no}{kind}{phase}"
            row = {
                "it_id": f"IT{number}",
                "cons_no": cons_no,
                "mp_id": point,
                "kind": kind,
                "factory_no": f"G{number}",
                "barcode": f"0991{number}",
                "install_date": day,
                "curr_ratio" if kind == "01" else "volt_ratio": ratio,
                "phase": phase,
                "dedicated": "1",
            }
            rows.append(("instrument_transformer", row))
    return rows


def transformer_rows(cons_no: str, data: Any, day: str) -> Rows:
    """One row a transformer of the scheme; the losses are those of the standard formula until the plate is entered."""
    wanted = data.get("new_transformers") or [{"cap": data.get("scheme_cap"), "count": 1}]
    rows: Rows = []
    for item in wanted:
        for _ in range(int(item.get("count") or 1)):
            rows.append(
                ("transformer", transformer_row(cons_no, len(rows) + 1, float(item["cap"]), data, day))
            )
    return rows


def transformer_row(cons_no: str, number: int, cap: float, data: Any, day: str) -> dict[str, Any]:
    """A transformer of `cap` kVA as the archive wants it."""
    return {
        "tran_id": f"T{cons_no}{number}",
        "cons_no": cons_no,
        "org_no": data.get("org_no"),
        "plate_cap": cap,
        "prim_volt": data.get("scheme_volt"),
        "sec_volt": "AC03802",
        "pub_priv": "02",
        "loss_algo": "3",
        "k_value": 1.05,
        "q_load_loss": round(cap * 0.045, 2),
        "q_noload_loss": round(cap * 0.007, 2),
        "p_load_loss": round(cap * 0.0096, 3),
        "p_noload_loss": round(cap * 0.0011, 3),
        "install_date": day,
        "run_status": "01",
    }
