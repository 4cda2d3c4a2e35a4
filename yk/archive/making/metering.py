"""How a made customer is measured: metering points, prices, meters, instrument transformers, readings."""

from __future__ import annotations

from datetime import date
from typing import Any

from yk.archive.making.materials import Materials
from yk.archive.making.plan import Grid, Plan, iso
from yk.archive.making.premises import address, elec_type, meas_mode

Row = dict[str, Any]
SERVICE_YEARS = 8
"""A meter is replaced in rotation after so many years."""


def prices(grid: Grid, plan: Plan) -> list[Row]:
    """The price of the account, and one for the lighting share of industry."""
    pf_std = "0"
    if plan.kind == "hv":
        pf_std = "1" if plan.trade.industrial and plan.cap >= 160 else "2"
    tariffs = (tariff_code(plan), "B02") if _has_lighting(plan) else (tariff_code(plan),)
    return [_price(grid, plan, place, tariff, pf_std) for place, tariff in enumerate(tariffs, start=1)]


def _price(grid: Grid, plan: Plan, place: int, tariff: str, pf_std: str) -> Row:
    return {
        "prc_id": f"PR{plan.cons_no}{place}",
        "cons_no": plan.cons_no,
        "org_no": grid.orgs[plan.org],
        "tariff_code": tariff,
        "trade_code": plan.trade.trade,
        "tou_flag": "0" if plan.kind == "resident" else "1",
        "pf_std": pf_std,
    }


def tariff_code(plan: Plan) -> str:
    """Residents R01; industry from 315 kVA on two-part I02; others one-part by voltage."""
    if plan.kind == "resident":
        return "R01"
    if plan.kind == "lv":
        return "B01"
    return "I02" if elec_type(plan) == "100" else "B02"


def _has_lighting(plan: Plan) -> bool:
    return elec_type(plan) == "100" and plan.index % 2 == 0


def points(materials: Materials, grid: Grid, plan: Plan) -> list[Row]:
    """The main metering point, and for some industry a lighting share reckoned by ratio below it."""
    high, unmetered = meas_mode(plan) == "1", plan.state == "unmetered"
    removed = "removed" in plan.marks
    charged = plan.kind == "hv" and not high
    main = {
        "mp_id": f"MP{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "org_no": grid.orgs[plan.org],
        "sp_id": f"SP{plan.cons_no}",
        "mp_name": f"{plan.party.name}计量点",
        "mp_addr": address(materials, grid, plan),
        "mp_type": "01",
        "mp_nature": "01",
        "usage_type": "01",
        "side": "03" if high else "04",
        "mp_cap": plan.cap,
        "volt_code": plan.volt_code,
        "meas_mode": meas_mode(plan),
        "mp_level": _level(plan),
        "wiring": _wiring(plan),
        "elec_type": elec_type(plan),
        "trade_code": plan.trade.trade,
        "calc_mode": "3" if unmetered else "0" if removed else "1",
        "meter_flag": "0" if unmetered or removed else "1",
        "loss_share": "0",
        "loss_bill": "1" if charged else "0",
        "prc_id": f"PR{plan.cons_no}1",
        "run_date": iso(plan.send_day),
        "status": "03" if removed else "02" if plan.live else "04",
    }
    if unmetered:
        main["fixed_qty"] = 60.0 + 30.0 * (plan.index % 7)
    if charged:
        main["loss_no"] = f"S11-{plan.units[0]:.0f}"
    return [main, _lighting(main)] if _has_lighting(plan) else [main]


def _lighting(main: Row) -> Row:
    stem = main["mp_id"][:-1]
    changed = {
        "mp_id": f"{stem}2",
        "mp_name": f"{main['mp_name']}（照明）",
        "elec_type": "401",
        "mp_level": "4",
    }
    ratio = {"parent_mp_id": main["mp_id"], "calc_mode": "2", "ratio": 0.08, "ratio_deduct": "1"}
    return main | changed | ratio | {"meter_flag": "0", "prc_id": f"{main['prc_id'][:-1]}2"}


def _level(plan: Plan) -> str:
    """Class of the metering device by capacity (DL/T 448-2000): 2000 kVA II, 315 III, below IV, single-phase V."""
    if plan.kind == "hv" and plan.cap >= 315:
        return "2" if plan.cap >= 2000 else "3"
    return "4" if plan.three_phase else "5"


def _wiring(plan: Plan) -> str:
    if not plan.three_phase:
        return "1"
    return "2" if meas_mode(plan) == "1" else "3"


def _current(plan: Plan) -> int:
    """Rated primary current of the current transformers in A, 0 where the meter is connected directly."""
    if plan.kind == "lv" and plan.cap <= 40:
        return 0
    if plan.kind == "resident":
        return 0
    volts = 17.3 if meas_mode(plan) == "1" else 0.66
    wanted = plan.cap / volts * 1.2
    return next((size for size in (30, 50, 75, 100, 150, 200, 300, 400, 600, 1000) if size >= wanted), 1500)


def multiplier(plan: Plan) -> float:
    """kWh a unit on the meter's dial."""
    current = _current(plan)
    return current / 5 * (100 if meas_mode(plan) == "1" else 1) if current else 1.0


def devices(materials: Materials, plan: Plan) -> dict[str, list[Row]]:
    """Meter, its asset, last reading and rotation, instrument transformers, terminal; none when unmetered, removed or
    closed."""
    if plan.state == "unmetered" or not plan.live or "removed" in plan.marks:
        return {}
    installed, rotated = _installed(materials, plan)
    asset_no = f"99{plan.index:09}{1 if rotated else 0}"
    meter = {
        "meter_id": f"M{plan.cons_no}1",
        "asset_id": f"A{asset_no}",
        "cons_no": plan.cons_no,
        "mp_id": f"MP{plan.cons_no}1",
        "factory_no": f"F{asset_no}",
        "barcode": f"0990{asset_no}000000",
        "install_date": iso(installed),
        "test_date": iso(installed),
        "due_date": iso(installed + SERVICE_YEARS * 365),
        "wiring": _wiring(plan),
        "accuracy": "0.5S" if plan.kind == "hv" else "1.0" if plan.three_phase else "2.0",
        "reactive_flag": "1" if plan.kind == "hv" else "0",
        "demand_flag": "1" if elec_type(plan) == "100" else "0",
        "harmonic_flag": "0",
        "int_digits": 6,
        "multiplier": multiplier(plan),
    }
    made = {"meter": [meter], "meter_asset": [_asset(asset_no, "03")]}
    made["instrument_transformer"] = _instruments(plan, installed)
    if rotated:
        made["meter_asset"].append(_asset(f"{asset_no[:-1]}0", "05"))
        made["meter_change"] = [_rotation(plan, asset_no, installed)]
    if plan.kind == "hv" or _current(plan):
        made["terminal"] = [_terminal(plan, installed)]
    return made


def _installed(materials: Materials, plan: Plan) -> tuple[int, bool]:
    """The day the present meter was hung, and whether it replaced another in rotation."""
    oldest = materials.as_of - SERVICE_YEARS * 365 + 400
    if plan.send_day >= oldest:
        return plan.send_day, False
    return oldest + plan.index * 7 % 1800, True


def _asset(asset_no: str, status: str) -> Row:
    return {"asset_id": f"A{asset_no}", "asset_no": asset_no, "asset_status": status}


def _rotation(plan: Plan, asset_no: str, day: int) -> Row:
    return {
        "change_id": f"MC{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "mp_id": f"MP{plan.cons_no}1",
        "old_asset": f"A{asset_no[:-1]}0",
        "new_asset": f"A{asset_no}",
        "change_date": iso(day),
        "reason": "周期轮换",
        "old_reading": 20000.0 + plan.index % 50000,
        "new_reading": 0.0,
    }


def _terminal(plan: Plan, day: int) -> Row:
    return {
        "term_id": f"TM{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "mp_id": f"MP{plan.cons_no}1",
        "asset_no": f"98{plan.index:010}",
        "install_date": iso(day),
        "status": "01",
    }


def _instruments(plan: Plan, day: int) -> list[Row]:
    """Current transformers, two or three; voltage transformers where metered high."""
    current = _current(plan)
    if not current:
        return []
    phases = ("1", "3") if meas_mode(plan) == "1" else ("1", "2", "3")
    kinds = ("01", "02") if meas_mode(plan) == "1" else ("01",)
    ratios = {"01": ("curr_ratio", f"{current}/5"), "02": ("volt_ratio", "10000/100")}
    rows = []
    for kind in kinds:
        for phase in phases:
            number = f"{plan.cons_no}{kind}{phase}"
            name, ratio = ratios[kind]
            rows.append(
                {
                    "it_id": f"IT{number}",
                    "cons_no": plan.cons_no,
                    "mp_id": f"MP{plan.cons_no}1",
                    "kind": kind,
                    "factory_no": f"G{number}",
                    "barcode": f"0991{number}",
                    "install_date": iso(day),
                    name: ratio,
                    "phase": phase,
                    "dedicated": "1",
                }
            )
    return rows


def months(materials: Materials, plan: Plan) -> list[tuple[int, int]]:
    """The two last read months as (YYYYMM, day of reading); the first falls away for a newcomer."""
    last = date.fromordinal(materials.as_of)
    day = plan.index % 20 + 5
    found = [date(last.year, last.month - back, day) for back in (2, 1)]
    return [(d.year * 100 + d.month, d.toordinal()) for d in found if d.toordinal() > plan.send_day]


def readings(plan: Plan, read: list[tuple[int, int]], used: list[float]) -> dict[str, list[Row]]:
    """A register with its readings; `used` is what each month used, in kWh on the meter's dial."""
    if plan.state == "unmetered" or not plan.live or "removed" in plan.marks:
        return {}
    last = 100.0 + plan.index % 7000
    rows = []
    for (month, day), quantity in zip(read, used, strict=True):
        rows.append(
            {
                "reading_id": f"RD{plan.cons_no}{month}",
                "cons_no": plan.cons_no,
                "meter_id": f"M{plan.cons_no}1",
                "read_type": "11",
                "ym": month,
                "last_num": last,
                "this_num": last + quantity,
                "read_mode": "1",
                "read_time": f"{iso(day)}T06:00:00",
                "is_swap": "0",
            }
        )
        last += quantity
    register = {
        "reg_id": f"RG{plan.cons_no}1",
        "meter_id": f"M{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "read_type": "11",
        "reading": last,
    }
    return {"meter_register": [register], "reading": rows}
