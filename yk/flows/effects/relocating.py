"""Effects of moving: the account stands at its new address, the old one is on record."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.increasing import scheme_values
from yk.flows.facts import Facts

Rows = list[tuple[str, dict[str, Any]]]


@effect(
    "用电地址、计量点地址、抄表段改为新址，旧址记入档案变更记录",
    basis="迁址归档影响（推定；原址按终止用电办理）",
    reads=("customer", "metering_point", "power_source"),
)
def move_account(f: Facts) -> Change:
    """Number, capacity and price stay; where the account is, where it is metered and read, changes."""
    customer, address = f.row("customer"), f.data["new_elec_addr"]
    values = scheme_values(f, sect_no="new_sect_no", read_seq="new_read_seq")
    put: Rows = [customer_row(f, elec_addr=address, **values)]
    put += [("metering_point", {"mp_id": p["mp_id"], "mp_addr": address}) for p in f.rows("metering_point")]
    source = scheme_values(f, line_id="supply_line_no", station_id="supply_tg_no")
    first = sorted(f.rows("power_source"), key=lambda r: str(r["ps_id"]))[:1]
    put += [("power_source", {"ps_id": row["ps_id"], **source}) for row in first if source]
    put.append(("field_change", _former_address(f, str(customer.get("elec_addr") or ""))))
    return Change(put=tuple(put))


def _former_address(f: Facts, old: str) -> dict[str, Any]:
    """The old address with the moment it was cut off: the account is found by it still."""
    cut = f.get("old_site_off_at").replace("T", " ")[:16]
    return {
        "change_id": f"{f.case}-addr",
        "cons_no": f.row("customer")["cons_no"],
        "entity": "customer",
        "row_id": f.row("customer")["cons_no"],
        "field": "elec_addr",
        "old_value": old,
        "new_value": f.data["new_elec_addr"],
        "basis": f"迁址，旧址 {cut} 停电" if cut else "迁址",
        "changed_by": f.data.get("archive_by"),
        "changed_at": f.now[:19],
        "app_no": f.case,
    }
