"""Effects on meters and terminals: put up, changed, taken down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.facts import Facts
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.removing import NOT_RECKONED

RUNNING, TO_TEST = "03", "04"
"""States of a meter asset."""
ACTIVE_TOTAL = "11"
ROTATION_MONTHS = 96
"""A meter is changed after eight years (JJG 596)."""
Rows = list[tuple[str, dict[str, Any]]]


@effect(
    "按装接单装、换、拆电能表，登记起止度",
    basis="YXZY 装表、换表、拆表的归档影响（推定）",
    reads=("customer", "metering_point", "meter", "meter_register", "assets"),
)
def carry_out_meter_work(f: Facts) -> Change:
    """Every row of meter work: the old meter leaves with its last reading, the new one stands with its first."""
    put: Rows = []
    drop: list[tuple[str, str]] = []
    for number, row in enumerate(meter_rows(f), start=1):
        old = _meter_of(f, row.get("old_asset_no"))
        point = row.get("mp_id") or (old or {}).get("mp_id") or _first_point(f)
        if old is not None:
            put.append(("meter_asset", {"asset_id": old["asset_id"], "asset_status": TO_TEST}))
            drop.append(("meter", str(old["meter_id"])))
            mine = (r for r in f.rows("meter_register") if r.get("meter_id") == old["meter_id"])
            drop += [("meter_register", str(register["reg_id"])) for register in mine]
        if row.get("new_asset_no"):
            put += meter_put_up(f, row, str(f.row("customer")["cons_no"]), str(point), number, like=old or {})
        put.append(("meter_change", _record(f, row, number, point, old)))
    return Change(put=tuple(put), drop=tuple(drop))


def _meter_of(f: Facts, asset_no: object) -> Mapping[str, Any] | None:
    """The running meter with this asset number."""
    ids = {asset["asset_id"] for asset in f.rows("assets") if asset_no and asset["asset_no"] == asset_no}
    return next((meter for meter in f.rows("meter") if meter.get("asset_id") in ids), None)


def _first_point(f: Facts) -> str:
    """The first point that a meter hangs at, or hung at until it was taken down for a time."""
    metered = (
        p
        for p in f.rows("metering_point")
        if p.get("meter_flag") != "0" or p.get("calc_mode") == NOT_RECKONED
    )
    points = sorted(str(p["mp_id"]) for p in metered)
    return points[0] if points else ""


def asset_id_of(f: Facts, asset_no: str) -> str:
    """The id of a meter asset by its number; a number the stock does not know names itself."""
    return next((str(a["asset_id"]) for a in f.rows("assets") if a["asset_no"] == asset_no), f"A{asset_no}")


def new_meter_id(f: Facts, number: int) -> str:
    """The id of the meter that the `number`-th row of meter work puts up."""
    return f"M{f.case}{number:02}"


def meter_put_up(
    f: Facts, row: Mapping[str, Any], cons_no: str, point: str, number: int, like: Mapping[str, Any]
) -> Rows:
    """The rows of one meter put up at `point`: the meter, its register, its asset. `like` gives what the work slip
    does not say: wiring, accuracy and kind of the meter it replaces, or those the scheme wants."""
    asset_no = str(row["new_asset_no"])
    asset_id, day = asset_id_of(f, asset_no), str(f.data.get("meter_work_on") or f.today)
    meter_id = new_meter_id(f, number)
    meter = {
        "meter_id": meter_id,
        "asset_id": asset_id,
        "cons_no": cons_no,
        "mp_id": point,
        "factory_no": f"F{asset_no}",
        "barcode": f"0990{asset_no:0>12}000000",
        "install_date": day,
        "test_date": day,
        "due_date": months_on(day, ROTATION_MONTHS),
        "wiring": f.data.get("wiring") or like.get("wiring"),
        "accuracy": like.get("accuracy") or "1.0",
        "reactive_flag": like.get("reactive_flag") or "0",
        "demand_flag": like.get("demand_flag") or "0",
        "harmonic_flag": like.get("harmonic_flag") or "0",
        "int_digits": like.get("int_digits") or 6,
        "multiplier": row.get("multiplier") or like.get("multiplier") or 1.0,
    }
    register = {
        "reg_id": f"RG{f.case}{number:02}",
        "meter_id": meter_id,
        "cons_no": cons_no,
        "read_type": ACTIVE_TOTAL,
        "reading": row.get("new_reading"),
    }
    asset = {"asset_id": asset_id, "asset_no": asset_no, "asset_status": RUNNING}
    return [("meter_asset", asset), ("meter", meter), ("meter_register", register)]


def _record(
    f: Facts, row: Mapping[str, Any], number: int, point: object, old: Mapping[str, Any] | None
) -> dict[str, Any]:
    new = row.get("new_asset_no")
    return {
        "change_id": f"MC{f.case}{number:02}",
        "cons_no": f.row("customer")["cons_no"],
        "mp_id": point,
        "old_asset": old["asset_id"] if old is not None else None,
        "new_asset": asset_id_of(f, str(new)) if new else None,
        "change_date": f.data.get("meter_work_on") or f.today,
        "reason": f.data.get("meter_reason") or ("变更" if new else "销户"),
        "old_reading": row.get("old_reading"),
        "new_reading": row.get("new_reading"),
    }


@effect(
    "登记采集终端",
    basis="YXZY 安装采集终端的归档影响（推定）",
    reads=("customer", "metering_point", "terminal"),
)
def put_up_terminal(f: Facts) -> Change:
    """The terminal of this order stands at the first metering point; one that was there before is taken down."""
    if not f.data.get("terminal_asset"):
        return Change()
    row = {
        "term_id": f"TM{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "mp_id": _first_point(f),
        "asset_no": f.data.get("terminal_asset"),
        "install_date": f.data.get("terminal_on") or f.today,
        "status": "01",
    }
    gone = tuple(("terminal", str(one["term_id"])) for one in f.rows("terminal"))
    return Change(put=(("terminal", row),), drop=gone)


@effect("拆除采集终端", basis="YXZY 拆除采集终端的归档影响（推定）", reads=("terminal",))
def take_down_terminals(f: Facts) -> Change:
    """No terminal stands at the account any more."""
    return Change(drop=tuple(("terminal", str(one["term_id"])) for one in f.rows("terminal")))
