"""What a supply contract should say: after the order that wants it, else after the archive."""

from __future__ import annotations

from typing import Any

from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import WorkOrder
from yk.flows.guards.scheme import LOW_VOLTAGES
from yk.store import Store

Row = dict[str, Any]
_CAPACITY = ("scheme_cap", "new_cap", "approved_cap")
"""Fields of the order that wants the contract which say the approved capacity, the surest first."""
_SOURCES = {"3": 2, "4": 3}
"""Mode of supply (code list supply_mode) -> power sources; other modes have one."""
_RESIDENTIAL = ("200", "201", "202")
_TEMPORARY = ("01", "02")
_HIGH, _LOW, _RESIDENT, _SHORT = "01", "02", "03", "04"
"""Kinds of contracts (code list contract_kind): high voltage, low voltage, residents, temporary supply."""


def contract_terms(store: Store, order: WorkOrder, found: Row) -> Row:
    """`{case, kind, name, cert_no, cap, volt, sources}`: the order that wants the contract ('' when none does, then all is
    of the archive), the kind of contract, the customer's side, kVA, voltage code, how many power sources. What nobody
    knows is None."""
    asked: Row = row_of(store, "case", order.parent).get("data") or {}
    customer = row_of(store, "customer", order.cons_no)
    party = row_of(store, "party", customer.get("party_no") or "")
    cap = next((asked[name] for name in _CAPACITY if asked.get(name) is not None), None)
    planned = _SOURCES.get(str(asked.get("supply_mode") or ""), 1)
    running = rows_of(store, "power_source", cons_no=order.cons_no) if order.cons_no else []
    volt = asked.get("scheme_volt") or customer.get("volt_code")
    return {
        "case": order.parent,
        "kind": _kind(volt, *(asked.get(name) or customer.get(name) for name in ("elec_type", "tmp_flag"))),
        "name": asked.get("new_name") or customer.get("cons_name"),
        "cert_no": asked.get("new_cert_no") or party.get("cert_no"),
        "cap": customer.get("contract_cap") if cap is None else cap,
        "volt": volt,
        "sources": max(planned, len(running)),
    }


def _kind(volt: str | None, use: str | None, temporary: str | None) -> str | None:
    """The kind of contract that fits voltage, class of use and the mark of temporary supply."""
    if temporary in _TEMPORARY:
        return _SHORT
    if not volt:
        return None
    return _HIGH if volt not in LOW_VOLTAGES else _RESIDENT if use in _RESIDENTIAL else _LOW
