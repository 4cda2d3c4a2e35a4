"""What guards ask of the other accounts an order names in `partners`: may they be taken in, what do they owe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.flows.facts import Facts
from yk.flows.guards.account import CHANGING, CLOSED, NEW, owed

ENDED = "终止"
"""State of a contract that is no more (code list contract_status)."""
Row = Mapping[str, Any]


def locked_here(f: Facts, cons_no: str) -> bool:
    """Did this order lock that account?"""
    return cons_no in (f.data.get("partners_before") or {})


def standing(f: Facts, partner: Row) -> Iterator[str]:
    """Why an account may not be taken into this order: unknown, closed, busy; one sentence each."""
    cons_no, customer = partner["cons_no"], partner["customer"]
    if not customer:
        yield f"用户 {cons_no} 档案里没有，请核对户号"
    elif customer.get("status") == CLOSED:
        yield f"用户 {cons_no} 已销户"
    elif partner["orders"] or (customer.get("status") in (NEW, CHANGING) and not locked_here(f, cons_no)):
        cases = "、".join(str(order["case"]) for order in partner["orders"])
        yield f"用户 {cons_no} 有在途工单{f' {cases}' if cases else ''}，办结后再办"


def debts(partner: Row) -> Iterator[str]:
    """What an account owes or has open, one sentence each."""
    if total := round(sum(owed(row) for row in partner["receivable"]), 2):
        yield f"用户 {partner['cons_no']} 欠费 {total:.2f} 元，缴清后再办"
    for case in partner["violation"]:
        if not case.get("closed_date"):
            yield f"用户 {partner['cons_no']} 的违约用电或窃电记录 {case['vio_id']} 还没有结案"


def debt_of(f: Facts, cons_no: object) -> tuple[str, dict[str, Any]]:
    """An unpaid bill of an account, for recipes."""
    row = {"rcv_id": f"B{f.case}", "cons_no": cons_no, "ym": 202610, "kind": "010"}
    return "receivable", {**row, "amount": 77.7, "paid": 0.0}


def paid_debts(f: Facts) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Every bill of every partner paid and every case closed, for recipes."""
    bills = (row for p in f.rows("partners") for row in p["receivable"])
    cases = (row for p in f.rows("partners") for row in p["violation"] if not row.get("closed_date"))
    return (
        *(
            ("receivable", {"rcv_id": r["rcv_id"], "paid": owed(r) + float(r.get("paid") or 0)})
            for r in bills
        ),
        *(("violation", {"vio_id": row["vio_id"], "closed_date": f.today}) for row in cases),
    )


def first_partner(f: Facts) -> object:
    """The number of the first partner, for recipes."""
    return next((p["cons_no"] for p in f.rows("partners")), None)


def running_contracts(partner: Row) -> list[Row]:
    """The contracts of a partner that have not ended."""
    return [row for row in partner["contract"] if row.get("status") != ENDED]
