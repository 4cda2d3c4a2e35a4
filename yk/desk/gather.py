"""Gathering facts: each source that guards and effects may name, read from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yk.desk.contracting import contract_terms
from yk.desk.in_flight import in_flight
from yk.desk.looking_up import row_of, rows_of
from yk.desk.named import applicant_accounts, free_numbers, named, qualifications, same_address
from yk.desk.order import WorkOrder
from yk.desk.partners import partners
from yk.desk.repair_rows import repair
from yk.desk.wide import area_loads, related_accounts
from yk.flows.guards.account import owed
from yk.store import Store

Row = dict[str, Any]


def gather(store: Store, order: WorkOrder, names: Iterable[str]) -> dict[str, Any]:
    """The archive part of the facts: source name -> row or rows."""
    found: dict[str, Any] = {}
    for name in names:
        found[name] = _SOURCES[name](store, order, found)
    return found


def _customer(store: Store, order: WorkOrder, found: Row) -> Row:
    if "customer" not in found:
        found["customer"] = row_of(store, "customer", order.cons_no)
    customer: Row = found["customer"]
    return customer


def _party(store: Store, order: WorkOrder, found: Row) -> Row:
    if "party" not in found:
        found["party"] = row_of(store, "party", _customer(store, order, found).get("party_no") or "")
    party: Row = found["party"]
    return party


def _own(table: str) -> Callable[[Store, WorkOrder, Row], list[Row]]:
    return lambda store, order, found: rows_of(store, table, cons_no=order.cons_no) if order.cons_no else []


def _receivable(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    return [
        row
        for row in _own("receivable")(store, order, found)
        if not row.get("settled_date") and owed(row) > 0
    ]


def _violation(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    return [row for row in _own("violation")(store, order, found) if not row.get("closed_date")]


def _related(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """Other accounts of the same certificate, closed ones too, with what they owe."""
    party = _party(store, order, found)
    if not party:
        return []
    same = rows_of(store, "party", cert_no=party["cert_no"]) if party.get("cert_no") else [party]
    others = []
    for one in same:
        for customer in rows_of(store, "customer", party_no=one["party_no"]):
            if customer["cons_no"] != order.cons_no:
                unpaid = [r for r in rows_of(store, "receivable", cons_no=customer["cons_no"]) if owed(r) > 0]
                others.append(
                    {
                        "cons_no": customer["cons_no"],
                        "cons_name": customer["cons_name"],
                        "owed": round(sum(owed(r) for r in unpaid), 2),
                        "receivable": unpaid,
                    }
                )
    return others


def _contract(store: Store, order: WorkOrder, found: Row) -> Row:
    """The contract that runs longest."""
    rows = _own("contract")(store, order, found)
    return max(rows, key=lambda row: (row.get("end_date") or "9999", row["contract_no"]), default={})


def _signed_contract(store: Store, order: WorkOrder, found: Row) -> Row:
    number = order.data.get("new_contract_no") or _child(store, order, found).get("new_contract_no")
    return row_of(store, "contract", str(number or ""))


def _contract_change(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """Contract changes this order or one of its children recorded."""
    mine = {order.case, *(case for case, _ in order.children)}
    return [r for r in _own("contract_change")(store, order, found) if r.get("app_no") in mine]


def _orders(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """Other work orders open on the same customer, parents and children of this one aside."""
    from yk.flows.flow import flow_name

    if not order.cons_no:
        return []
    kin = {order.case, order.parent, *(case for case, _ in order.children)}
    return [
        {"case": other["case"], "flow_name": flow_name(other["flow"])}
        for other in in_flight(store, [order.cons_no], kin).get(order.cons_no, ())
        if not (order.case and other["parent"] == order.case)
    ]


def _kin_lock(store: Store, order: WorkOrder, found: Row) -> Row:
    """Does the parent, or one above it, hold the lock on the customer?"""
    parent = row_of(store, "case", order.parent)
    while parent and parent["data"].get("status_before") is None:
        parent = row_of(store, "case", parent.get("parent", ""))
    return {"held": bool(parent)}


def _document_record(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    wanted = [order.data.get(name) for name in ("file_no", "cabinet", "box")]
    if not all(wanted):
        return []
    return [
        row
        for row in rows_of(store, "document_record", file_no=wanted[0])
        if [row.get("file_no"), row.get("cabinet"), row.get("box")] == wanted
        and row.get("app_no") != order.case
    ]


def _children(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    docs = [row_of(store, "case", case) | {"step": step} for case, step in order.children]
    return [{key: doc.get(key) for key in ("case", "flow", "status", "step")} for doc in docs]


def _parent(store: Store, order: WorkOrder, found: Row) -> Row:
    parent = row_of(store, "case", order.parent)
    return _form_of(parent)


def _child(store: Store, order: WorkOrder, found: Row) -> Row:
    return _form_of(row_of(store, "case", order.children[-1][0])) if order.children else {}


def _form_of(doc: Row) -> Row:
    """The form of another order, with its number and flow."""
    return {**doc["data"], "case": doc["case"], "flow": doc["flow"]} if doc else {}


def _of_order(table: str) -> Callable[[Store, WorkOrder, Row], list[Row]]:
    """The customer's rows; of an order without a customer yet, the rows it has made."""
    return lambda store, order, found: (
        rows_of(store, table, cons_no=order.cons_no)
        if order.cons_no
        else rows_of(store, table, app_no=order.case)
    )


def _partners(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    if "partners" not in found:
        found["partners"] = partners(store, order, found)
    listed: list[Row] = found["partners"]
    return listed


def _new_areas(order: WorkOrder) -> set[str]:
    """The areas that accounts of the order's list are moved to."""
    return {str(row["new_tg_no"]) for row in order.data.get("partners") or () if row.get("new_tg_no")}


_OWN = (
    "contact", "supply_point", "power_source", "transformer", "metering_point", "customer_price", "meter",
    "meter_register", "instrument_transformer", "terminal", "reading", "outage", "adjustment", "seal_record", "stoppage",
    "inspection_record", "equipment_defect",
)  # fmt: skip
"""Sources that are all rows of the customer in the table of their name."""

_SOURCES: dict[str, Callable[[Store, WorkOrder, Row], Any]] = {
    **{table: _own(table) for table in _OWN},
    "customer": _customer,
    "party": _party,
    "receivable": _receivable,
    "related": _related,
    "prepayment": lambda store, order, found: row_of(store, "prepayment", order.cons_no),
    "contract": _contract,
    "contracts": _own("contract"),
    "signed_contract": _signed_contract,
    "amendments": _own("contract_change"),
    "contract_terms": contract_terms,
    "contract_change": _contract_change,
    "violation": _violation,
    "kin_lock": _kin_lock,
    "orders": _orders,
    "billing_info": lambda store, order, found: row_of(store, "billing_info", order.cons_no),
    "document_record": _document_record,
    "children": _children,
    "child": _child,
    "parent": _parent,
    "business_fee": _of_order("business_fee"),
    "due_task": lambda store, order, found: [
        row for row in _of_order("due_task")(store, order, found) if not row.get("done_date")
    ],
    "assets": named("meter_asset", "asset_no"),
    "lines": named("line", "line_no", ("power_source", "line_id")),
    "areas": named("transformer_area", "tg_no", ("power_source", "station_id")),
    "tariffs": named("tariff", "tariff_code", ("customer_price", "tariff_code")),
    "sections": named("reading_section", "sect_no"),
    "qualifications": qualifications,
    "free_numbers": lambda store, order, found: free_numbers(store),
    "applicant_accounts": applicant_accounts,
    "addressed": named("customer", "elec_addr"),
    "same_address": same_address,
    "partners": _partners,
    "partners_related": lambda store, order, found: related_accounts(store, _partners(store, order, found)),
    "area_loads": lambda store, order, found: area_loads(store, _new_areas(order)),
    "operators": lambda store, order, found: rows_of(store, "operator"),
    "batch": lambda store, order, found: row_of(store, "batch", order.case),
    "repair": repair,
}
