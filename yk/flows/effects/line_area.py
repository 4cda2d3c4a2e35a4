"""The effect of a batch move: line, area, reading section and unit of every account that was found switched over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts
from yk.flows.guards.line_area import accounts, rows_to_write, source_before, unit_finder

Rows = list[tuple[str, dict[str, Any]]]
BELONGING = (
    ("supply_point", "sp_id"),
    ("power_source", "ps_id"),
    ("transformer", "tran_id"),
    ("metering_point", "mp_id"),
    ("customer_price", "prc_id"),
)
"""Rows of an account that name its unit, and their keys."""


@effect(
    "逐户改写线路、台区、抄表段和供电单位，留存改前改后对照",
    basis="批量更改线路台区的归档影响（推定；flows 27）",
    reads=("partners", "lines", "areas"),
)
def move_to_new_areas(f: Facts) -> Change:
    """Only accounts found switched over and not struck off; contract and billing stay as they are."""
    known, unit_of, put = accounts(f), unit_finder(f), []
    for row in rows_to_write(f):
        partner = known.get(str(row["cons_no"]), {})
        source = source_before(partner, row)
        if source is None or not partner.get("customer"):
            continue
        put += _moved(f, row, partner, source, unit_of(row))
    return Change(put=tuple(put))


def _moved(
    f: Facts, row: dict[str, Any], partner: Mapping[str, Any], source: Mapping[str, Any], unit: str
) -> Rows:
    """The rows of one account, and the record of what they were."""
    cons_no, customer = partner["cons_no"], partner["customer"]
    changes = [
        ("power_source", source["ps_id"], "line_id", source.get("line_id"), row.get("new_line_no")),
        (
            "power_source",
            source["ps_id"],
            "station_id",
            source.get("station_id"),
            row.get("new_tg_no") or None,
        ),
    ]
    if section := row.get("new_sect_no"):
        changes.append(("customer", cons_no, "sect_no", customer.get("sect_no"), section))
    if unit and unit != customer.get("org_no"):
        changes.append(("customer", cons_no, "org_no", customer.get("org_no"), unit))
        for table, key in BELONGING:
            changes += [
                (table, one[key], "org_no", one.get("org_no"), unit) for one in partner.get(table) or ()
            ]
    keys = dict(BELONGING) | {"customer": "cons_no"}
    rows: Rows = []
    for number, (table, row_id, field, old, new) in enumerate(changes, start=1):
        if old == new:
            continue
        rows.append((table, {keys[table]: row_id, field: new}))
        record = {
            "change_id": f"{f.case}-{cons_no}-{number}",
            "cons_no": cons_no,
            "entity": table,
            "row_id": row_id,
            "field": field,
            "old_value": old,
            "new_value": new,
            "basis": f.data.get("basis_no"),
            "changed_by": f.operator,
            "changed_at": f.get("cutover_at")[:19] or f.now[:19],
            "app_no": f.case,
        }
        rows.append(("field_change", record))
    return rows
