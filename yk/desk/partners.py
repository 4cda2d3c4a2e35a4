"""Other customers a work order names: those to be merged, the former owner, the accounts of a batch."""

from __future__ import annotations

from typing import Any

from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.flows.guards.account import owed
from yk.store import Store

Row = dict[str, Any]
THEIRS = (
    "supply_point",
    "power_source",
    "transformer",
    "metering_point",
    "customer_price",
    "meter",
    "meter_register",
    "terminal",
    "due_task",
    "contract",
    "customer_price",
    "instrument_transformer",
    "violation",
    "billing_info",
    "stoppage",
)
"""What of a partner is looked up besides its own row."""


def partners(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """For every `cons_no` of the form's table `partners`: `{cons_no, customer, party, receivable, prepayment, orders}` and
    the rows of THEIRS. `customer` is {} for a number that is not in the archive; `receivable` holds what is unpaid."""
    named = order.data.get("partners") or ()
    return [_partner(store, order, str(row.get("cons_no") or "")) for row in named]


def _partner(store: Store, order: WorkOrder, cons_no: str) -> Row:
    customer = row_of(store, "customer", cons_no)
    running = [doc for doc in rows_of(store, "case", cons_no=cons_no) if doc["status"] in (OPEN, SUSPENDED)]
    return {
        "cons_no": cons_no,
        "customer": customer,
        "party": row_of(store, "party", customer.get("party_no") or ""),
        "receivable": [row for row in rows_of(store, "receivable", cons_no=cons_no) if owed(row) > 0],
        "prepayment": row_of(store, "prepayment", cons_no),
        "orders": [
            {"case": doc["case"], "flow": doc["flow"]} for doc in running if doc["case"] != order.case
        ],
        **{table: rows_of(store, table, cons_no=cons_no) for table in THEIRS},
    }
