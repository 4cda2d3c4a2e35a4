"""Rows that the form of a work order names: by asset, line, area, tariff, certificate number, address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yk.desk.looking_up import rows_of
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.flows.guards.account import CLOSED, owed
from yk.store import Store

Row = dict[str, Any]
FREE_NUMBERS = 50
"""How many free account numbers an order is offered: more than any split makes."""
FIRST_NUMBER = 1016000001
"""The first account number of an empty archive."""


def named(
    table: str, field: str, own: tuple[str, str] | None = None
) -> Callable[[Store, WorkOrder, Row], list[Row]]:
    """Rows of `table` whose `field` is written in the form: in a field or table column whose name ends with `field`,
    or in the column `own` (table, column) of the customer's rows."""

    def look(store: Store, order: WorkOrder, found: Row) -> list[Row]:
        wanted = set(_values(order.data, field))
        if own is not None and order.cons_no:
            wanted |= {str(r[own[1]]) for r in rows_of(store, own[0], cons_no=order.cons_no) if r.get(own[1])}
        return [row for value in sorted(wanted) for row in rows_of(store, table, **{field: value})]

    return look


def _values(data: Row, field: str) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, list):
            for row in value:
                yield from _values(row, field)
        elif name.endswith(field) and value:
            yield str(value)


def qualifications(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """The registered qualifications of the certificate or the person in the form."""
    asked = (("cert_no", order.data.get("qual_cert_no")), ("person_no", order.data.get("person_no")))
    rows = [
        row for field, value in asked if value for row in rows_of(store, "qualification", **{field: value})
    ]
    return list({row["qual_id"]: row for row in rows}.values())


def free_numbers(store: Store) -> list[str]:
    """Account numbers above the highest that is taken."""
    first = highest_number(store) + 1
    return [str(first + n) for n in range(FREE_NUMBERS)]


def highest_number(store: Store) -> int:
    """The highest account number that is taken; the one before the first when there is none."""
    rows = store.medium.rows(store.medium.collections["customer"])
    return max((int(key) for key in rows if len(key) == 10 and key.isdecimal()), default=FIRST_NUMBER - 1)


def applicant_accounts(store: Store, order: WorkOrder, found: Row) -> list[Row]:
    """The accounts of the certificate number in the form, closed ones too, with what they owe."""
    number = order.data.get("new_cert_no")
    parties = rows_of(store, "party", cert_no=number) if number else []
    accounts = []
    for party in parties:
        for customer in rows_of(store, "customer", party_no=party["party_no"]):
            unpaid = [r for r in rows_of(store, "receivable", cons_no=customer["cons_no"]) if owed(r) > 0]
            accounts.append(
                {
                    "cons_no": customer["cons_no"],
                    "cons_name": customer["cons_name"],
                    "owed": round(sum(map(owed, unpaid)), 2),
                    "receivable": unpaid,
                }
            )
    return accounts


def same_address(store: Store, order: WorkOrder, found: Row) -> Row:
    """Who else is at the address in the form: accounts that are not closed, and applications that still run (our own
    orders, and those the archive knows without archive time)."""
    address = order.data.get("new_elec_addr") or order.data.get("elec_addr")
    if not address:
        return {"customers": [], "orders": []}
    customers = [
        {"cons_no": row["cons_no"], "cons_name": row["cons_name"]}
        for row in rows_of(store, "customer", elec_addr=address)
        if row.get("status") != CLOSED
    ]
    orders = [
        {"case": doc["case"], "flow": doc["flow"]}
        for status in (OPEN, SUSPENDED)
        for doc in rows_of(store, "case", status=status)
        if doc["case"] != order.case
        and address in (doc["data"].get("new_elec_addr"), doc["data"].get("elec_addr"))
    ]
    orders += [
        {"case": row["app_no"], "flow": row.get("busi_type")}
        for row in rows_of(store, "work_order", elec_addr=address)
        if not row.get("archive_time") and row["app_no"] != order.case
    ]
    return {"customers": customers, "orders": orders}
