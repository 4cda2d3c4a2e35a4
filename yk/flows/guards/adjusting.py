"""Guards about electricity charged or given back after a test, and about giving back the fee of the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.adjusting import ERROR, period_start, quantity
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.testing import OUT_OF_TOLERANCE, conclusion
from yk.text import same_name

TOLERANCE = 0.5
"""kWh a quantity may be off by rounding."""


def _paid(f: Facts) -> float:
    """What was paid for this order and not given back yet, yuan."""
    mine = (row for row in f.rows("business_fee") if row.get("app_no") == f.case)
    return round(sum(float(r.get("paid") or 0) - float(r.get("refunded") or 0) for r in mine), 2)


@condition(
    "检定超差，须退补电量",
    yes=lambda f: set_form(
        test_conclusion=OUT_OF_TOLERANCE, measured_error=3.0, higher_conclusion=None, theft_trace=False
    ),
    no=lambda f: set_form(test_conclusion="1", measured_error=0.0, higher_conclusion=None),
)
def out_of_tolerance(f: Facts) -> bool:
    """The meter is off by more than it may; a trace of theft is no error."""
    return conclusion(f) == OUT_OF_TOLERANCE and not f.data.get("theft_trace")


@condition(
    "收过校验费且超差，须退费",
    reads=("business_fee",),
    yes=lambda f: Change(
        form={"test_conclusion": OUT_OF_TOLERANCE, "measured_error": 3.0, "theft_trace": False},
        put=(
            (
                "business_fee",
                {
                    "fee_id": f"{f.case}-1",
                    "app_no": f.case,
                    "cons_no": f.data.get("cons_no"),
                    "item": "05",
                    "amount": 20.0,
                    "paid": 20.0,
                },
            ),
        ),
    ),
    no=lambda f: set_form(test_conclusion="1", measured_error=0.0, higher_conclusion=None),
    implies=("out_of_tolerance",),
)
def refund_due(f: Facts) -> bool:
    """The fee for the test was paid and the customer was right."""
    return out_of_tolerance(f) and _paid(f) > 0


@condition(
    "有核定的退费",
    yes=lambda f: set_form(refund_amount=20.0),
    no=lambda f: set_form(refund_amount=None),
)
def refund_approved(f: Facts) -> bool:
    """An amount to give back was approved."""
    return float(f.data.get("refund_amount") or 0) > 0


@guard(
    "退补期间与差错类型相配",
    refuses="adjustment_period_wrong",
    rule="G-JY-04、05、06",
    basis="供电营业规则(1996)第80、81条",
    breaks=lambda f: set_form(
        mistake=ERROR,
        last_test_on=days_on(f.today, -400),
        corrected_on=f.today,
        adjust_from=days_on(f.today, -400),
    ),
    mends=lambda f: set_form(adjust_from=_start(f)),
)
def adjustment_period_fits(f: Facts) -> Iterator[str]:
    """Half of the time for an error of the meter, all of it for wiring, transformers and ratio."""
    given, wanted = f.get("adjust_from"), _start(f)
    if given and wanted and given != wanted:
        half = "误差类按上次校验到更正日的一半算" if f.get("mistake") == ERROR else "这类差错不打对折"
        yield f"退补从 {given} 起算，应为 {wanted}（{half}），请改正"


def _start(f: Facts) -> str:
    """The day the mistake counts from; '' while days are missing."""
    last, corrected = f.get("last_test_on"), f.get("corrected_on")
    return (
        period_start(f.get("mistake"), last, corrected, f.get("load_raised_on")) if last and corrected else ""
    )


def _wanted(f: Facts) -> float | None:
    base = f.data.get("base_qty")
    basis = str(f.settings["adjustment_error_basis"])
    return None if base is None else quantity(f.get("mistake"), float(base), f.data, basis)


@guard(
    "退补电量按公式算对",
    refuses="adjustment_quantity_wrong",
    rule="G-JY-04…08",
    basis="供电营业规则(1996)第80、81条",
    breaks=lambda f: set_form(mistake=ERROR, measured_error=3.0, base_qty=10000.0, adjust_qty=10000.0),
    mends=lambda f: set_form(adjust_qty=round(_wanted(f) or 0.0, 2)),
)
def adjustment_quantity_right(f: Facts) -> Iterator[str]:
    """The quantity is the formula's, of the kind of mistake that was found."""
    given, wanted = f.data.get("adjust_qty"), _wanted(f)
    if wanted is None:
        yield "这类差错要用的数没有填全（误差、压降、更正系数、倍率或正常月电量），填全再算"
    elif given is not None and abs(float(given) - wanted) > TOLERANCE:
        sense = "补收" if wanted > 0 else "退还"
        yield f"退补电量 {float(given):g} kWh 与公式算得的 {wanted:.2f} kWh（{sense}）不符，请复算"


@guard(
    "同户同期没有退补过",
    refuses="adjustment_repeated",
    rule="A24",
    basis="同户同期唯一（行业通例）",
    confidence="中",
    reads=("adjustment", "customer"),
    breaks=lambda f: Change(
        put=(
            (
                "adjustment",
                {
                    "adj_id": f"T9{f.case}",
                    "cons_no": f.row("customer").get("cons_no"),
                    "app_no": "019901010003",
                    "from_date": f.data.get("adjust_from"),
                    "to_date": f.data.get("corrected_on"),
                },
            ),
        )
    ),
    mends=lambda f: Change(drop=tuple(("adjustment", str(row["adj_id"])) for row in _of_others(f))),
)
def adjustment_not_repeated(f: Facts) -> Iterator[str]:
    """The same days of one account are charged or given back once."""
    for row in _overlapping(f):
        yield f"{row['from_date']} 至 {row['to_date']} 已由工单 {row.get('app_no')} 退补过，期间重叠，请核对"


def _of_others(f: Facts) -> list[dict[str, Any]]:
    """Adjustments of other orders whose period is known."""
    return [dict(row) for row in f.rows("adjustment") if row.get("app_no") != f.case and row.get("from_date")]


def _overlapping(f: Facts) -> list[dict[str, Any]]:
    first, last = f.get("adjust_from"), f.get("corrected_on")
    if not first or not last:
        return []
    return [
        row for row in _of_others(f) if row["from_date"] < last and (row.get("to_date") or "9999") > first
    ]


@guard(
    "退补由有权的另一人批准",
    refuses="adjustment_unapproved",
    rule="A24",
    basis="退补分级审批（企业规则，界限为参数）",
    confidence="低",
    breaks=lambda f: set_form(adjust_by="核算员甲", adjust_approved_by="核算员甲"),
    mends=lambda f: set_form(adjust_approved_by="分管领导", adjust_level=2),
)
def adjustment_approved(f: Facts) -> Iterator[str]:
    """Who worked it out does not approve it; large amounts are approved one level up."""
    amount, level = abs(float(f.data.get("adjust_amount") or 0)), f.data.get("adjust_level")
    if f.get("adjust_by") and same_name(f.get("adjust_by"), f.get("adjust_approved_by")):
        yield f"计算人和批准人都是“{f.get('adjust_by')}”，请换人批准"
    limit = f.settings["adjustment_level2_amount"]
    if amount >= limit and level is not None and int(level) < 2:
        yield f"退补金额 {amount:.2f} 元达到 {limit} 元，须由二级审批"


@guard(
    "超差才退校验费",
    refuses="refund_unfounded",
    rule="G-JY-03",
    basis="供电营业规则(1996)第79条",
    breaks=lambda f: set_form(
        test_conclusion="1", measured_error=0.0, higher_conclusion=None, refund_amount=20.0
    ),
    mends=lambda f: set_form(test_conclusion=OUT_OF_TOLERANCE, measured_error=3.0),
)
def refund_only_if_out_of_tolerance(f: Facts) -> Iterator[str]:
    """The fee goes back when the meter was wrong, not when it was right."""
    if refund_approved(f) and conclusion(f) != OUT_OF_TOLERANCE:
        yield "检定结论没有超差，校验费不退"


@guard(
    "退费不超过实收",
    refuses="refund_above_paid",
    rule="A25",
    basis="退费与原实收勾对（行业通例）",
    confidence="中",
    reads=("business_fee",),
    breaks=lambda f: set_form(refund_amount=round(_paid(f) + 1, 2)),
    mends=lambda f: set_form(refund_amount=_paid(f)),
)
def refund_within_paid(f: Facts) -> Iterator[str]:
    """No more goes back than came in."""
    back, paid = float(f.data.get("refund_amount") or 0), _paid(f)
    if back > paid:
        yield f"应退 {back:.2f} 元，本单实收未退的只有 {paid:.2f} 元"


@guard(
    "先红冲后付款",
    refuses="red_note_missing",
    rule="A25",
    basis="先红冲后付款（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(refund_paid_on=f.today, red_note_on=days_on(f.today, 1)),
    mends=lambda f: set_form(red_note_on=f.get("refund_paid_on") or f.today),
)
def red_note_before_payment(f: Facts) -> Iterator[str]:
    """The receipt is reversed before the money goes."""
    reversed_on, paid_on = f.get("red_note_on"), f.get("refund_paid_on")
    if reversed_on and paid_on and reversed_on > paid_on:
        yield f"红字票据 {reversed_on} 才开，付款却在 {paid_on}，先红冲后付款"


@guard(
    "付款等于核定的退费",
    refuses="refund_off_approved",
    rule="A25",
    basis="退费按核定数付（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(refund_paid=float(f.data.get("refund_amount") or 0) + 1),
    mends=lambda f: set_form(refund_paid=f.data.get("refund_amount")),
)
def refund_equals_approved(f: Facts) -> Iterator[str]:
    """What is paid is what was approved, to the cent."""
    approved, paid = float(f.data.get("refund_amount") or 0), float(f.data.get("refund_paid") or 0)
    if round(approved - paid, 2):
        yield f"核定退费 {approved:.2f} 元，付款 {paid:.2f} 元，请改正"
