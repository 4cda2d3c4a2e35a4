"""Guards about what a violation costs, once approved: paid or agreed upon, receipted, the same sum everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.violation import number, proved


def settled_or_agreed(f: Facts) -> bool:
    """Is everything paid, or an agreement running whose first instalment came in?"""
    agreed = bool(f.get("agreement_no")) and bool(f.data.get("first_instalment_paid"))
    return agreed or number(f, "paid_total") >= round(number(f, "approved_total"), 2)


def _unpaid(f: Facts) -> Change:
    due = max(number(f, "approved_total"), 100.0)
    return set_form(approved_total=due, paid_total=0.0, agreement_no=None, first_instalment_paid=False)


@guard(
    "费用到账或还款协议已生效",
    refuses="charges_unpaid",
    rule="G-QD-03",
    basis="供电营业规则(1996)第66、102条；复电、结案以到账或协议为前提（行业通例）",
    breaks=_unpaid,
    mends=lambda f: set_form(paid_total=number(f, "approved_total")),
)
def charges_paid_or_agreed(f: Facts) -> Iterator[str]:
    """Energy, charge and damage came in, or the first instalment of an agreement did."""
    if not settled_or_agreed(f):
        due, paid = number(f, "approved_total"), number(f, "paid_total")
        yield (
            f"补费、违约使用电费、设备损失合计 {due:.2f} 元，到账 {paid:.2f} 元，还差 {due - paid:.2f} 元；"
            "一次交不清的先签还款协议（agreement_no）并收到首期"
        )


@guard(
    "收款有票据号或流水号",
    refuses="charge_receipt_missing",
    rule="J12",
    basis="票款账三符（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(paid_total=100.0, approved_total=100.0, charge_receipt_no=None),
    mends=lambda f: set_form(charge_receipt_no=f"PJ{f.case}"),
)
def charge_receipt_numbered(f: Facts) -> Iterator[str]:
    """Money that came in has a receipt or a bank reference."""
    if number(f, "paid_total") > 0 and not f.get("charge_receipt_no"):
        yield f"已收 {number(f, 'paid_total'):.2f} 元，须填票据号或到账流水号（charge_receipt_no）"


def _agreeing(f: Facts, off: float) -> Change:
    if proved(f):
        due, paid, kind = number(f, "approved_total"), number(f, "paid_total"), {}
    else:
        due = paid = 100.0
        kind = {"finding": "01", "act": "15", "approved_total": due, "paid_total": paid}
    return set_form(**kind, ledger_total=due + off, outstanding=round(due - paid, 2))


@guard(
    "案卷、批复、实收、台账金额一致",
    refuses="case_amounts_differ",
    rule="J14",
    basis="归档核对（行业通例）",
    confidence="中",
    breaks=lambda f: _agreeing(f, off=1.0),
    mends=lambda f: _agreeing(f, off=0.0),
)
def case_amounts_agree(f: Facts) -> Iterator[str]:
    """What was approved, what the ledger says, what came in and what is outstanding make one sum."""
    if not proved(f):
        return
    due, ledger = round(number(f, "approved_total"), 2), round(number(f, "ledger_total"), 2)
    paid, open_ = number(f, "paid_total"), number(f, "outstanding")
    if ledger != due:
        yield f"台账金额 {ledger:.2f} 元与批复 {due:.2f} 元不一致"
    if abs(paid + open_ - due) > 0.005:
        yield f"实收 {paid:.2f} 元加未收 {open_:.2f} 元，不等于批复 {due:.2f} 元"
