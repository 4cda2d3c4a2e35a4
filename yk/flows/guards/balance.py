"""Guards about settling an account for good: what is still owed either way, and where a balance goes."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form

PAID_BACK, OFFSET, MOVED = "1", "2", "3"
"""Codes of what becomes of a balance (code list balance_disposal)."""


def held(f: Facts) -> float:
    """The prepaid balance, yuan."""
    return round(float(f.row("prepayment").get("amount") or 0), 2)


def to_refund(f: Facts) -> float:
    """What of the balance goes back to the customer, yuan: all of it, the rest after the last bill, or nothing."""
    way, balance = f.get("balance_disposal"), held(f)
    if way == OFFSET:
        return round(max(0.0, balance - float(f.data.get("final_amount") or 0)), 2)
    return balance if way == PAID_BACK else 0.0


@condition(
    "有预收余额",
    reads=("customer", "prepayment"),
    yes=lambda f: _balance(f, 66.0),
    no=lambda f: _balance(f, 0.0),
)
def balance_held(f: Facts) -> bool:
    """The account holds money of the customer's."""
    return held(f) > 0


def _balance(f: Facts, amount: float, **form: object) -> Change:
    row = {"cons_no": f.row("customer").get("cons_no"), "amount": amount}
    return Change(put=(("prepayment", row),), form=form)


@guard(
    "预收余额有去处",
    refuses="balance_left",
    rule="G-XH-06、G-GH-06",
    basis="供电营业规则(1996)第32条",
    reads=("customer", "prepayment"),
    breaks=lambda f: _balance(f, 100.0, balance_disposal=MOVED, balance_agreement=None),
    mends=lambda f: set_form(balance_disposal=PAID_BACK, refund_amount=held(f)),
)
def balance_disposed(f: Facts) -> Iterator[str]:
    """A balance is paid back, set against the last bill or moved by written agreement; it is never left lying."""
    balance, way = held(f), f.get("balance_disposal")
    if balance <= 0:
        return
    if not way:
        yield f"本户还有预收余额 {balance:.2f} 元，须写明退还、抵交还是转户（balance_disposal）"
    elif way == MOVED and not f.get("balance_agreement"):
        yield f"预收余额 {balance:.2f} 元要转户，须填双方书面约定编号（balance_agreement）"
    elif round(float(f.data.get("refund_amount") or 0), 2) != to_refund(f):
        yield (
            f"预收余额 {balance:.2f} 元按所选去处应退 {to_refund(f):.2f} 元，"
            f"应退金额（refund_amount）填的是 {float(f.data.get('refund_amount') or 0):.2f} 元，请改正"
        )


def _older_fees(f: Facts) -> list[dict[str, object]]:
    """Business fees of other orders that are not paid in full."""
    rows = (dict(r) for r in f.rows("business_fee") if r.get("app_no") != f.case)
    return [r for r in rows if float(str(r.get("amount") or 0)) > float(str(r.get("paid") or 0))]


@guard(
    "各项往来已清零",
    refuses="not_settled",
    rule="G-XH-02",
    basis="供电营业规则(1996)第32条",
    reads=("customer", "receivable", "business_fee", "violation"),
    breaks=lambda f: Change(
        put=(
            (
                "receivable",
                {
                    "rcv_id": f"S{f.case}",
                    "cons_no": f.row("customer").get("cons_no"),
                    "ym": 202610,
                    "kind": "010",
                    "amount": 45.6,
                    "paid": 0.0,
                },
            ),
        )
    ),
    mends=lambda f: Change(
        put=(
            *(
                ("receivable", {"rcv_id": r["rcv_id"], "paid": owed(dict(r)) + float(r.get("paid") or 0)})
                for r in f.rows("receivable")
            ),
            *(("business_fee", {"fee_id": r["fee_id"], "paid": r["amount"]}) for r in _older_fees(f)),
            *(("violation", {"vio_id": r["vio_id"], "closed_date": f.today}) for r in f.rows("violation")),
        )
    ),
)
def settled_in_full(f: Facts) -> Iterator[str]:
    """Electricity, late fees, fees of earlier orders and breach cases are settled; this order's fees are paid here."""
    if total := round(sum(owed(dict(row)) for row in f.rows("receivable")), 2):
        yield f"还有电费（含违约金）{total:.2f} 元没有结清"
    for fee in _older_fees(f):
        rest = float(str(fee["amount"])) - float(str(fee.get("paid") or 0))
        yield f"工单 {fee.get('app_no')} 的业务费还有 {rest:.2f} 元没有结清"
    for case in f.rows("violation"):
        yield f"违约用电或窃电记录 {case['vio_id']} 还没有结案"
