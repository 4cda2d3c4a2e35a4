"""An account as people ask about it: everything it has, what it owes, and what was done on it, the newest first."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from yk.archive.belongings import Thing, belongings
from yk.archive.dictionary import entity
from yk.archive.looking import customer_document, value_text
from yk.desk import views
from yk.desk.desk import Desk
from yk.desk.order import OPEN, STATUS_NAMES, SUSPENDED
from yk.flows.guards.account import owed

Data = dict[str, Any]


class Account(NamedTuple):
    """`document` as `looking.customer_document` gives it; its tree; the story; yuan owed and prepaid; orders under way;
    and whether personal data are shown as they are."""

    document: Mapping[str, Any]
    tree: Thing
    story: list[Data]
    owed: float
    prepaid: float
    running: int
    unmasked: bool


def account(desk: Desk, cons_no: str, unmasked: bool = False) -> Account:
    """Everything of an account. Raises UsageError (`unknown_customer`), and Refused when `unmasked` is not allowed."""
    if unmasked:
        views.may_see(desk)
    document = customer_document(desk.store, cons_no, masked=not unmasked)
    told = story(desk, document)
    return Account(
        document,
        belongings(document, desk.store),
        told,
        round(sum(max(0.0, owed(row)) for row in document.get("receivable", ())), 2),
        round(sum(float(row.get("amount") or 0) for row in document.get("prepayment", ())), 2),
        sum(line["running"] for line in told),
        unmasked,
    )


def story(desk: Desk, document: Mapping[str, Any]) -> list[Data]:
    """What was done on an account, the newest first: `{id, at, what, state, told, who, case, running}` of its work
    orders, of those of the archive that came from elsewhere, and of its former names. `case` is '' where no order of ours can be opened."""
    lines = [*_orders(desk, str(document["cons_no"]))]
    known = {line["id"] for line in lines}
    lines += [line for line in _old_orders(document) if line["id"] not in known]
    lines += _former_names(document, known)
    return sorted(lines, key=lambda line: (str(line["at"]), str(line["id"])), reverse=True)


def _orders(desk: Desk, cons_no: str) -> Iterator[Data]:
    for order in desk.orders(customer=cons_no):
        here = views.place(desk, order)
        running = order.status in (OPEN, SUSPENDED)
        yield {
            "id": order.case,
            "at": order.opened,
            "what": desk.flow_of(order).name,
            "state": STATUS_NAMES[order.status],
            "told": "、".join(place["name"] for place in here)
            if running
            else f"{STATUS_NAMES[order.status].removeprefix('已')} {order.closed[:10]}",
            "who": "、".join(place["role_name"] for place in here)
            if running
            else views.operator_name(desk, order.opened_by),
            "case": order.case,
            "running": running,
        }


def _old_orders(document: Mapping[str, Any]) -> Iterator[Data]:
    fields = entity("work_order").fields
    for row in document.get("work_order", ()):
        yield {
            "id": row["app_no"],
            "at": row.get("app_time") or "",
            "what": value_text(fields["busi_type"], row.get("busi_type") or ""),
            "state": row.get("stage") or "",
            "told": f"归档 {row['archive_time'][:10]}" if row.get("archive_time") else "",
            "who": "",
            "case": "",
            "running": False,
        }


def _former_names(document: Mapping[str, Any], known: Container[str]) -> Iterator[Data]:
    for row in document.get("former_name", ()):
        yield {
            "id": f"former_name:{row['former_id']}",
            "at": row.get("changed_at") or "",
            "what": "曾用名",
            "state": "",
            "told": f"{row.get('former_name') or ''} ▸ {row.get('new_name') or ''}",
            "who": "",
            "case": row["app_no"] if row.get("app_no") in known else "",
            "running": False,
        }
