"""Other customers a work order names: those to be merged, the former owner, the accounts of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from yk.desk.in_flight import in_flight
from yk.desk.looking_up import by_account, rows_in
from yk.desk.order import WorkOrder
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
    "instrument_transformer",
    "violation",
    "billing_info",
    "stoppage",
    "contact",
)
"""What of a partner is looked up besides its own row."""


def partners(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """For every `cons_no` of the form's table `partners`: `{cons_no, customer, party, receivable, prepayment, orders}` and
    the rows of THEIRS. `customer` is {} for a number that is not in the archive; `receivable` holds what is unpaid."""
    named = [str(row.get("cons_no") or "") for row in order.data.get("partners") or ()]
    return partners_of(store, named, but=(order.case,)) if named else []


def partners_of(
    store: Store,
    numbers: Sequence[str],
    but: Sequence[str] = (),
    tables: Sequence[str] = THEIRS,
    keep: Callable[[str, Iterable[Row]], Iterable[Row]] = lambda _, rows: rows,
) -> list[Row]:
    """The same for these account numbers, in their order, each table read once; `but` are orders that do not count.

    `keep` is shown what is read of each entity.
    """
    wanted = tuple(dict.fromkeys(number for number in numbers if number))

    def own(table: str) -> Iterable[Row]:
        return keep(table, rows_in(store, table, "cons_no", wanted))

    customers = {row["cons_no"]: row for row in own("customer")}
    named = (str(row["party_no"]) for row in customers.values() if row.get("party_no"))
    parties = {row["party_no"]: row for row in rows_in(store, "party", "party_no", named)}
    bills = by_account(row for row in own("receivable") if owed(row) > 0)
    balances = {row["cons_no"]: row for row in own("prepayment")}
    running = in_flight(store, wanted, but)
    theirs = {table: by_account(own(table)) for table in tables}
    return [
        {
            "cons_no": number,
            "customer": (customer := customers.get(number, {})),
            "party": parties.get(customer.get("party_no"), {}),
            "receivable": bills.get(number, []),
            "prepayment": balances.get(number, {}),
            "orders": running.get(number, []),
            **{table: rows.get(number, []) for table, rows in theirs.items()},
        }
        for number in numbers
    ]
