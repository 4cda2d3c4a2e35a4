"""Guards about what a violation costs: worked out by the rules, checked by another, approved at the right level."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.charges import Charge
from yk.flows.charges.breach import MONTH_DAYS, Breach, breach_charge
from yk.flows.charges.rates import BREACH, THEFT, capped, rate_of
from yk.flows.charges.theft import stolen_quantity, theft_charge
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.theft import theft_of
from yk.flows.guards.violation import number, proved
from yk.text import same_name

HOME = "2"
"""First digit of the classes of use of homes (code list elec_type)."""
SENIOR = "2"
"""Code of the level above the chief (code list approval_level)."""


def breach_of(f: Facts) -> Breach:
    """The findings of the form as the calculation wants them."""
    names = (
        "capacity",
        "monthly_kwh",
        "low_price",
        "high_price",
        "basic_price",
        "over_kwh",
        "peak_kw",
        "price",
    )
    sums = {name: Decimal(str(number(f, name))) for name in names}
    months, multiple = f.data.get("months"), f.data.get("multiple")
    return Breach(
        act=f.get("act"),
        rule_set=f.rule_set,
        two_part=bool(f.data.get("two_part")),
        residential=f.get("elec_type").startswith(HOME),
        months=None if months is None else Decimal(str(months)),
        days=Decimal(str(number(f, "days"))),
        month_days=Decimal(str(number(f, "month_days") or MONTH_DAYS)),
        times=int(f.data.get("times") or 1),
        added_unlawfully=bool(f.data.get("added_unlawfully")),
        multiple=None if multiple is None else Decimal(str(multiple)),
        **sums,
    )


def charge_of(f: Facts) -> Charge:
    """What the form's findings cost. Raises UsageError for findings that cannot be reckoned with."""
    return theft_charge(theft_of(f)) if f.get("finding") == THEFT else breach_charge(breach_of(f))


def total(f: Facts) -> float:
    """Energy, charge and damage as filled in, yuan."""
    return round(sum(number(f, name) for name in ("makeup_amount", "penalty_amount", "damage_amount")), 2)


def _reckoned(f: Facts, **values: Any) -> Change:
    """A recipe: these values, and the sums that follow from them; a breach is found where nothing was."""
    if not proved(f):
        values |= {"finding": BREACH, "act": "15"}
    filled = f.filled(**values)
    try:
        sums = charge_of(filled)
    except UsageError:
        values |= {"two_part": False, "months": None, "days": None}
        sums = charge_of(f.filled(**values))
    return set_form(**values, makeup_amount=float(sums.makeup), penalty_amount=float(sums.penalty))


def _wrong(f: Facts) -> Change:
    """A recipe: the penalty one yuan too high."""
    right = _reckoned(f).form
    return set_form(**{**right, "penalty_amount": right["penalty_amount"] + 1})


@condition(
    "有应收的补交和违约使用电费",
    yes=lambda f: set_form(approved_total=max(number(f, "approved_total"), 5000.0)),
    no=lambda f: set_form(approved_total=0.0),
)
def charges_due(f: Facts) -> bool:
    """Something is to be paid."""
    return number(f, "approved_total") > 0


@guard(
    "容量、时段、电价都有来源",
    refuses="charge_unsourced",
    rule="G-WY-02",
    basis="供电营业规则(1996)第100、103条；计算参数有来源（行业通例）",
    breaks=lambda f: set_form(capacity_source=None),
    mends=lambda f: set_form(capacity_source="取证清单", period_source="笔录", price_source="档案电价"),
)
def charge_inputs_sourced(f: Facts) -> Iterator[str]:
    """Every number of the calculation says where it comes from."""
    pairs = (("capacity_source", "容量"), ("period_source", "时段（次数）"), ("price_source", "电价（单价）"))
    if lacking := [label for name, label in pairs if not f.get(name)]:
        yield f"计算参数{'、'.join(lacking)}没有写来源，补齐后再算、再批"


@guard(
    "金额与公式重算一致",
    refuses="charge_miscalculated",
    rule="§15-16",
    basis="供电营业规则(1996)第100、102、103条；供电营业规则(2024)第101条",
    breaks=lambda f: _wrong(f),
    mends=lambda f: _reckoned(f),
)
def charge_matches_formula(f: Facts) -> Iterator[str]:
    """The sums are those the rules give, to the cent; the working is told with what is wrong."""
    try:
        sums = charge_of(f)
    except UsageError as error:
        yield f"算不出应收：{error.message}。{error.hint}".rstrip("。")
        return
    working = "；".join(f"{line.label} {line.working} ＝ {line.yuan} 元" for line in sums.lines)
    for name, label, right in (
        ("makeup_amount", "补交电费", sums.makeup),
        ("penalty_amount", "违约使用电费", sums.penalty),
    ):
        if abs(number(f, name) - float(right)) > 0.005:
            yield f"{label}（{name}）填 {number(f, name):.2f} 元，按公式是 {right} 元（{working}）"


@guard(
    "计算与复核是两个人",
    refuses="charge_unchecked",
    rule="J10",
    basis="计算双人复核（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(calculated_by="陆存真", checked_by="陆存真"),
    mends=lambda f: set_form(calculated_by="陆存真", checked_by="温如一"),
)
def charge_double_checked(f: Facts) -> Iterator[str]:
    """Whoever checks the sums is not who made them."""
    made, checked = f.get("calculated_by"), f.get("checked_by")
    if not checked:
        yield "费用计算没有复核人（checked_by），换一个人从头算一遍"
    elif same_name(made, checked):
        yield f"计算人和复核人都是“{made}”，要换一个人复核"


def _rule(f: Facts) -> str:
    return str(f.settings["violation_multiple_rule"])


def _multiple(f: Facts, over: int) -> Change:
    """A recipe: the rate's multiple, or one so much over it."""
    rate = rate_of(f.get("act") if proved(f) else "15", f.rule_set)
    multiple = float(rate.multiple + over) if over else None
    return _reckoned(f, multiple=multiple, multiple_reason=None if over else "初犯、配合查处")


@guard(
    "倍数不高于规定，用足上限的有理由",
    refuses="multiple_unjustified",
    rule="§15（0.1 变化表）",
    basis="供电营业规则(1996)第100条；供电营业规则(2024)第101条（不高于）",
    confidence="中",
    breaks=lambda f: _multiple(f, over=1),
    mends=lambda f: _multiple(f, over=0),
)
def multiple_justified(f: Facts) -> Iterator[str]:
    """Under the rules of 1996 the multiple is fixed; under those of 2024 it is a ceiling, and its full use is explained."""
    try:
        rate = rate_of(f.get("act"), f.rule_set)
    except UsageError:
        return  # told by the guards on the act
    given = f.data.get("multiple")
    multiple = rate.multiple if given is None else Decimal(str(given))
    if multiple > rate.multiple:
        yield f"“{rate.name}”的倍数填 {multiple:f}，规定最高 {rate.multiple:f} 倍"
    elif not capped(f.rule_set, _rule(f)):
        if multiple != rate.multiple:
            yield f"{f.rule_set} 规定“{rate.name}”按 {rate.multiple:f} 倍，不能填 {multiple:f} 倍"
    elif rate.multiple and multiple == rate.multiple and not f.get("multiple_reason"):
        yield f"倍数是上限 {rate.multiple:f} 倍（不高于），用足上限须写理由（multiple_reason）"


def _large(f: Facts) -> Change:
    """A recipe: more than the chief may approve."""
    penalty = float(f.settings["violation_senior_yuan"]) + 1
    filled = {"penalty_amount": penalty, "approval_level": "1"}
    return set_form(**filled, approved_total=total(f.filled(**filled)))


@guard(
    "审批级别够得上金额和电量",
    refuses="violation_level_low",
    rule="G-WY-03",
    basis="审批分级（某市公司内部权限，见设置 violation_senior_*）",
    confidence="中",
    breaks=_large,
    mends=lambda f: set_form(approval_level=SENIOR),
)
def approval_level_fits(f: Facts) -> Iterator[str]:
    """Beyond so many kWh or yuan the superior approves."""
    if f.get("approval_level") == SENIOR:
        return
    yuan, kwh = int(f.settings["violation_senior_yuan"]), int(f.settings["violation_senior_kwh"])
    if total(f) > yuan:
        yield f"追补合计 {total(f):.2f} 元，超过 {yuan} 元，须由分管领导审批"
    stolen = stolen_quantity(theft_of(f)) if f.get("finding") == THEFT else Decimal(0)
    if stolen > kwh:
        yield f"追补电量 {stolen:f} kWh，超过 {kwh} kWh，须由分管领导审批"


def _explained(f: Facts) -> Change:
    """A recipe: less than was worked out has its reason, anything else is what was worked out."""
    approved = f.data.get("approved_total")
    if approved is not None and 0 <= float(approved) <= total(f):
        return set_form(reduction_reason="困难减免，有批文")
    return set_form(approved_total=total(f))


@guard(
    "批准金额不高于计算数，少收有书面理由",
    refuses="reduction_unexplained",
    rule="J11",
    basis="减免审批与备案（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(approved_total=total(f) + 1, reduction_reason=None),
    mends=lambda f: _explained(f),
)
def reduction_explained(f: Facts) -> Iterator[str]:
    """What is approved is what was worked out; less has a written reason, more there is not."""
    approved, worked_out = round(number(f, "approved_total"), 2), total(f)
    if approved > worked_out:
        yield f"批准 {approved:.2f} 元，高于计算的 {worked_out:.2f} 元，请改正"
    elif approved < worked_out and not f.get("reduction_reason"):
        yield f"批准 {approved:.2f} 元，比计算少 {worked_out - approved:.2f} 元，须写书面理由（reduction_reason）"
