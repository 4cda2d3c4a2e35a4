"""Effects on business fees: charged, paid, given back when an order is stopped."""

from __future__ import annotations

from typing import Any

from yk.archive.codes import codes
from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.tasks import REFUND, task
from yk.flows.facts import Facts
from yk.flows.guards.fees import fee_rows


def fee_code(item: str) -> str:
    """The code of a fee item written by code or name; what is not listed stays as it is."""
    listed = codes("fee_item")
    return next((code for code, name in listed.items() if item in (code, name)), item)


def _of_this_order(f: Facts) -> list[dict[str, Any]]:
    return [dict(row) for row in f.rows("business_fee") if row.get("app_no") == f.case]


@effect("登记应收业务费", basis="NX 1.2 确定费用人员职责", reads=("customer", "business_fee"))
def charge_fees(f: Facts) -> Change:
    """One row a fee; a reduction is taken off row by row. What an earlier round charged and nobody paid is replaced."""
    gone = tuple(("business_fee", str(row["fee_id"])) for row in _of_this_order(f) if not row.get("paid"))
    left, put = float(f.data.get("fee_reduction") or 0), []
    for number, row in enumerate(fee_rows(f), start=1):
        amount = float(str(row.get("amount") or 0))
        taken = min(left, amount)
        left -= taken
        made = {
            "fee_id": f"{f.case}-{number}",
            "cons_no": f.row("customer").get("cons_no"),
            "app_no": f.case,
            "item": fee_code(str(row.get("item"))),
            "basis": row.get("basis"),
            "qty": row.get("qty"),
            "price": row.get("price"),
            "amount": round(amount - taken, 2),
            "paid": 0.0,
        }
        put.append(("business_fee", made))
    kept = {row["fee_id"] for _, row in put}
    return Change(put=tuple(put), drop=tuple(one for one in gone if one[1] not in kept))


@effect("登记实收业务费", basis="NX 1.2 业务费用收缴人员职责", reads=("business_fee",))
def record_payment(f: Facts) -> Change:
    """Every fee of this order is paid, with receipt and day."""
    paid = {"paid_date": f.data.get("paid_on") or f.today, "receipt_no": f.data.get("receipt_no")}
    rows = (
        ("business_fee", {"fee_id": r["fee_id"], "paid": r.get("amount"), **paid}) for r in _of_this_order(f)
    )
    return Change(put=tuple(rows))


@effect("终止时退还已收业务费、注销应收", basis="撤单退费（行业通例）", reads=("customer", "business_fee"))
def refund_fees(f: Facts) -> Change:
    """What was paid under this order is to be given back (a task says so); what was not paid is struck off."""
    put: list[tuple[str, dict[str, Any]]] = []
    total = 0.0
    for row in _of_this_order(f):
        back = float(row.get("paid") or 0) - float(row.get("refunded") or 0)
        total += back
        refund = {"refunded": row.get("paid"), "refund_date": f.today} if back else {}
        put.append(("business_fee", {"fee_id": row["fee_id"], "amount": row.get("paid") or 0.0, **refund}))
    if total:
        text = f"工单 {f.case} 终止，退还业务费 {total:.2f} 元到原账户"
        put.append(task(f, REFUND, text, due=f.today))
    return Change(put=tuple(put))
