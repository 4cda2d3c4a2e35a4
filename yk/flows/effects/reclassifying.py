"""Effects of a change of class (改类): account, metering points, prices, and what the bill of the month needs."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.tasks import REPRICING, VIOLATION, task
from yk.flows.facts import Facts
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.reclassifying import BY_QUANTITY, BY_RATIO, METERED, residential
from yk.flows.guards.repricing import points_to_change
from yk.flows.tariffs import power_factor_standard

Rows = list[tuple[str, dict[str, Any]]]
LOW_OTHER, LOW_RESIDENT = "02", "03"
"""Kinds of low-voltage customers (code list cons_sort)."""


@effect("擅自改类转用电检查查处", basis="供电营业规则(1996)第100条", reads=("customer",))
def refer_early_change(f: Facts) -> Change:
    """A use changed before it was applied for becomes a task of the inspectors."""
    clue, changed = f.get("early_change_clue"), f.get("use_changed_on")
    if not clue or changed >= (f.get("app_time") or f.today)[:10]:
        return Change()
    text = f"擅自改类（{changed} 起），线索单 {clue}，追补差额电费和违约使用电费"
    return Change(put=(task(f, VIOLATION, text, due=months_on(f.today, 1), remind=f.today),))


@effect(
    "改写用电类别、行业、电价，计量点随改，登记分段",
    basis="改类的归档影响（推定；供电营业规则(1996)第35条）",
    reads=("customer", "metering_point", "customer_price", "meter_register"),
)
def reclassify_customer(f: Facts) -> Change:
    """Class, trade and price of the account and of every point that does not keep its own; a second use gets its point."""
    data, customer = f.data, f.row("customer")
    fields: dict[str, Any] = {"elec_type": data["new_elec_type"], "trade_code": data["new_trade_code"]}
    if customer.get("cons_sort") in (LOW_OTHER, LOW_RESIDENT):
        fields["cons_sort"] = LOW_RESIDENT if residential(data["new_elec_type"]) else LOW_OTHER
    points = points_to_change(f)
    put: Rows = [customer_row(f, **fields)]
    for point in points:
        classes = {"elec_type": fields["elec_type"], "trade_code": fields["trade_code"]}
        put.append(("metering_point", {"mp_id": point["mp_id"], **classes}))
    wanted = {point.get("prc_id") for point in points}
    mine = [p for p in f.rows("customer_price") if p["prc_id"] in wanted] or f.rows("customer_price")[:1]
    put += [("customer_price", {"prc_id": price["prc_id"], **_price(f)}) for price in mine]
    if data.get("mixed_use") and points:
        put += _second_use(f, points[0])
    return Change(put=(*put, *_records(f, mine), _split(f, mine)))


def _price(f: Facts) -> dict[str, Any]:
    fields = {
        "tariff_code": f.data.get("new_tariff_code"),
        "trade_code": f.data.get("new_trade_code"),
        "tou_flag": "1" if f.data.get("new_tou") else "0",
        "pf_std": f.data.get("new_pf_std"),
        "price_system": f.data.get("new_price_system"),
    }
    if f.data.get("change_basic_fee"):
        fields["basic_fee_mode"] = f.data.get("new_basic_fee_mode")
    return fields


def _second_use(f: Facts, main: dict[str, Any]) -> Rows:
    """The metering point of the other use: on a meter of its own, else a ratio or a quantity of the main point."""
    mode = f.get("mixed_mode")
    own = {str(point["mp_id"]) for point in f.rows("metering_point")}
    named = [str(row["mp_id"]) for row in meter_rows(f) if row.get("mp_id") and row["mp_id"] not in own]
    if mode == METERED and not named:
        return []
    mp_id = named[0] if mode == METERED else f"MP{f.case}"
    elec_type, cons_no = f.get("mixed_elec_type"), main["cons_no"]
    customer = f.row("customer")
    standard = power_factor_standard(
        str(customer.get("volt_code") or ""), float(customer.get("contract_cap") or 0), elec_type
    )
    price = {
        **_price(f),
        "prc_id": f"PR{f.case}",
        "cons_no": cons_no,
        "org_no": main.get("org_no"),
        "tariff_code": f.data.get("mixed_tariff_code"),
        "trade_code": f.data.get("mixed_trade_code"),
        "pf_std": standard,
    }
    point = {
        **main,
        "mp_id": mp_id,
        "mp_name": f"{main.get('mp_name')}（另一用途）",
        "elec_type": elec_type,
        "trade_code": f.data.get("mixed_trade_code"),
        "calc_mode": mode,
        "meter_flag": "1" if mode == METERED else "0",
        "parent_mp_id": None if mode == METERED else main["mp_id"],
        "ratio": f.data.get("fixed_ratio") if mode == BY_RATIO else None,
        "fixed_qty": f.data.get("fixed_qty") if mode == BY_QUANTITY else None,
        "ratio_deduct": "1" if mode in (BY_RATIO, BY_QUANTITY) else None,
        "prc_id": f"PR{f.case}",
        "run_date": f.today,
    }
    return [("customer_price", price), ("metering_point", point)]


def _records(f: Facts, prices: Any) -> Rows:
    """What was and what is, field by field, so that old bills can be told."""
    customer = f.row("customer")
    changes = [
        ("customer", customer["cons_no"], "elec_type", customer.get("elec_type"), f.data.get("new_elec_type"))
    ]
    changes += [
        (
            "customer_price",
            price["prc_id"],
            "tariff_code",
            price.get("tariff_code"),
            f.data.get("new_tariff_code"),
        )
        for price in prices
    ]
    rows: Rows = []
    for number, (entity, row_id, field, old, new) in enumerate(changes, start=1):
        row = {
            "change_id": f"{f.case}-{number}",
            "cons_no": customer["cons_no"],
            "entity": entity,
            "row_id": row_id,
            "field": field,
            "old_value": old,
            "new_value": new,
            "basis": f"改类工单 {f.case}",
            "changed_by": f.operator,
            "changed_at": f.now[:19],
            "app_no": f.case,
        }
        rows.append(("field_change", row))
    return rows


def _split(f: Facts, prices: Any) -> tuple[str, dict[str, Any]]:
    """The task of billing: until when the old tariff holds, from when the new one, at which reading."""
    old = "、".join(str(price.get("tariff_code")) for price in prices) or "原电价"
    read = [row["old_reading"] for row in meter_rows(f) if row.get("old_reading") is not None]
    reading = read[0] if read else f.data.get("split_reading")
    at = f.get("price_from")[:16] or f.now[:16]
    text = f"电价 {old} 改 {f.get('new_tariff_code')}，{at} 起，分段示数 {reading}，首月分两段算"
    return task(f, REPRICING, text, due=months_on(f.today, 1), remind=f.today)
