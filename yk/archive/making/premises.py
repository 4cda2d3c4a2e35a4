"""Where and how a made customer is supplied: account, supply point, power sources, own transformers."""

from __future__ import annotations

from typing import Any

from yk.archive.making import standing
from yk.archive.making.materials import Materials
from yk.archive.making.plan import Grid, Plan, iso

Row = dict[str, Any]
_SORTS = {"hv": "01", "lv": "02", "resident": "03"}
_STATUS = {"closed": "9", "suspended": "2", "in_flight": "3"}
_TEMPORARY = {"temporary": "01", "unmetered": "02"}


def customer(materials: Materials, grid: Grid, plan: Plan) -> Row:
    """The account itself."""
    return {
        "cons_no": plan.cons_no,
        "cons_name": plan.party.name,
        "elec_addr": address(materials, grid, plan),
        "org_no": grid.orgs[plan.org],
        "cons_sort": _SORTS[plan.kind],
        "elec_type": elec_type(plan),
        "trade_code": plan.trade.trade,
        "volt_code": plan.volt_code,
        "contract_cap": plan.cap,
        "run_cap": plan.run_cap,
        "meas_mode": meas_mode(plan),
        "status": _STATUS.get(plan.state, "0"),
        "stop_flag": "1" if plan.state == "suspended" else "0",
        "tmp_flag": _TEMPORARY.get(plan.state, "03"),
        "notify_mode": "02" if plan.kind == "hv" else "01",
        "note_type": "01" if plan.party.is_person else "02",
        "sect_no": section_no(grid, plan),
        "read_seq": plan.index % 500 + 1,
        "build_date": iso(plan.send_day),
        "app_date": iso(plan.app_day),
        "send_date": iso(plan.send_day),
        "check_date": iso(materials.as_of - 30 - int(plan.rng.random() * 30)),
        "party_no": plan.party.party_no,
    }


def address(materials: Materials, grid: Grid, plan: Plan) -> str:
    """An address that exists nowhere; the same for the same account."""
    district, n = materials.districts[grid.orgs[plan.org]], plan.index
    if plan.kind == "resident":
        estate = materials.estates[plan.area % len(materials.estates)]
        room = f"{n % 18 + 1}{n // 18 % 4 + 1:02}"
        return f"示范市{district}{estate}{n % 37 + 1}幢{n % 3 + 1}单元{room}室"
    return f"示范市{district}{materials.roads[plan.area % len(materials.roads)]}{n % 900 + 1}号"


def elec_type(plan: Plan) -> str:
    """Class of use; industry from 315 kVA on is 大工业 (two-part tariff)."""
    return "100" if plan.kind == "hv" and plan.trade.industrial and plan.cap >= 315 else plan.trade.elec_type


def meas_mode(plan: Plan) -> str:
    """Metered high from 500 kVA on, else low; low-voltage customers always low."""
    if plan.kind != "hv":
        return "3"
    return "1" if plan.cap >= 500 else "2"


def section_no(grid: Grid, plan: Plan) -> str:
    """The reading section of the customer's org and kind."""
    return f"{grid.orgs[plan.org]}{_SORTS[plan.kind]}{plan.index % grid.sections + 1:03}"


def supply(grid: Grid, plan: Plan) -> dict[str, list[Row]]:
    """Supply point and power sources; a closed account has given its sources back."""
    double = plan.kind == "hv" and plan.cap >= 1000 and plan.index % 3 == 0
    org, sp_id = grid.orgs[plan.org], f"SP{plan.cons_no}"
    point = {
        "sp_id": sp_id,
        "cons_no": plan.cons_no,
        "org_no": org,
        "sp_name": f"{plan.party.name}受电点",
        "sp_type": "01" if plan.kind == "hv" else "04",
        "ps_num": "2" if double else "1",
    }
    line = grid.line_of(plan.area)
    lines = [line, (line + len(grid.orgs)) % grid.lines] if double else [line]
    sources = [
        {
            "ps_id": f"PS{plan.cons_no}{place}",
            "sp_id": sp_id,
            "cons_no": plan.cons_no,
            "org_no": org,
            "ps_type": "04" if double else "01",
            "ps_volt": plan.volt_code,
            "supply_cap": plan.cap,
            "line_id": line_no(one),
        }
        for place, one in enumerate(lines, start=1)
    ]
    if plan.kind != "hv":
        sources[0]["station_id"] = tg_no(plan.area)
    return {"supply_point": [point], "power_source": sources if plan.live else []}


def line_no(index: int) -> str:
    """The number of a line."""
    return f"L{index + 1:05}"


def tg_no(index: int) -> str:
    """The number of a transformer area."""
    return f"TG{index + 1:06}"


def transformers(materials: Materials, grid: Grid, plan: Plan) -> list[Row]:
    """The transformers of a 10 kV customer; one of two may stand still, those of a closed one are gone."""
    rows = [
        _transformer(materials, grid, plan, place, cap, "01" if plan.live else "03")
        for place, cap in enumerate(plan.units, start=1)
    ]
    if still := standing.transformer_still(plan):
        rows[-1] |= still
    if "swapped" in plan.marks:
        bigger = standing.next_size(materials, plan.units[0])
        rows.append(_transformer(materials, grid, plan, len(rows) + 1, bigger, "01"))
    return rows


def _transformer(materials: Materials, grid: Grid, plan: Plan, place: int, cap: float, status: str) -> Row:
    no_load, load, q_no_load, q_load = materials.losses[cap]
    return {
        "tran_id": f"T{plan.cons_no}{place}",
        "cons_no": plan.cons_no,
        "org_no": grid.orgs[plan.org],
        "plate_cap": cap,
        "prim_volt": "AC00101",
        "sec_volt": "AC03802",
        "pub_priv": "02",
        "loss_algo": "3",
        "k_value": 1.05,
        "q_load_loss": q_load,
        "q_noload_loss": q_no_load,
        "p_load_loss": load,
        "p_noload_loss": no_load,
        "install_date": iso(plan.send_day),
        "run_status": status,
    }
