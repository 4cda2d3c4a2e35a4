"""Guards about the terms of settling: paid beforehand, in parts, and what the contract says of it (rules G-JF-03, G-JF-05)."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

PREPAID = ("01", "02", "04")
"""Ways of control that need a balance (code list fee_control)."""
NO_CONTROL, CENTRAL = "03", "04"
IN_PARTS, BY_READING = "01", "02"
"""Ways of settling (code list settle_mode)."""
LAST_DAY = 28
"""Payments in parts fall due on a day that every month has."""


@condition(
    "改为预付费",
    yes=lambda f: set_form(new_fee_control=CENTRAL),
    no=lambda f: set_form(new_fee_control=NO_CONTROL),
)
def prepay_chosen(f: Facts) -> bool:
    """Power is paid before it is used."""
    return f.get("new_fee_control") in PREPAID


@condition(
    "改为分期结算",
    yes=lambda f: set_form(new_settle_mode=IN_PARTS),
    no=lambda f: set_form(new_settle_mode=BY_READING),
)
def parts_chosen(f: Facts) -> bool:
    """A month is paid in several parts."""
    return f.get("new_settle_mode") == IN_PARTS


@condition(
    "本单变更合同",
    yes=lambda f: set_form(contract_change=True),
    no=lambda f: set_form(contract_change=False),
    field="contract_change",
)
def terms_to_sign(f: Facts) -> bool:
    """What is agreed about settling changes, so a supplement is signed."""
    return bool(f.data.get("contract_change"))


def held(f: Facts) -> dict[str, object]:
    """How the account pays until now; what the archive does not say is paid later, by reading."""
    customer, billing = f.row("customer"), f.row("billing_info")
    return {
        "new_pay_mode": customer.get("pay_mode"),
        "new_fee_control": customer.get("fee_control") or NO_CONTROL,
        "new_settle_mode": billing.get("settle_mode") or BY_READING,
        "note_type": customer.get("note_type"),
        "notify_mode": customer.get("notify_mode"),
        "bank_account": billing.get("bank_account"),
    }


def terms_change(f: Facts) -> bool:
    """Does more than the channel change: prepaid or not, in parts or not?"""
    now = held(f)
    return any(f.get(name) and f.get(name) != now[name] for name in ("new_fee_control", "new_settle_mode"))


@guard(
    "改结算约定的走变更合同",
    refuses="terms_unsigned",
    rule="G-JF-03、G-ALL-09",
    basis="供电营业规则(1996)第22条；预付费须签补充协议（行业通例）",
    reads=("customer", "billing_info"),
    breaks=lambda f: set_form(
        new_fee_control=CENTRAL, contract_change=False, no_change_reason="只换交费渠道"
    ),
    mends=lambda f: set_form(contract_change=True),
)
def terms_change_signed(f: Facts) -> Iterator[str]:
    """Prepaid or not, in parts or not: that is the contract's business, the channel is not."""
    if terms_change(f) and f.data.get("contract_change") is False:
        yield "付费与费控方式或结算方式变了，动了合同的结算约定，请填“变更合同”为是（contract_change）"


@guard(
    "预付费约定说得通",
    refuses="prepay_terms_wrong",
    rule="G-JF-03",
    basis="预付费补充协议约定预警值、停电值和通知方式（行业通例）",
    breaks=lambda f: set_form(
        new_fee_control=CENTRAL, alarm_balance=20.0, cut_balance=50.0, notify_phone="19900001111"
    ),
    mends=lambda f: set_form(alarm_balance=50.0, cut_balance=0.0),
)
def prepay_terms_agree(f: Facts) -> Iterator[str]:
    """The warning comes before the cut."""
    alarm, cut = f.data.get("alarm_balance"), f.data.get("cut_balance")
    if not prepay_chosen(f) or alarm is None or cut is None:
        return
    if float(alarm) <= float(cut):
        yield f"预警余额 {float(alarm):.2f} 元不高于停电余额 {float(cut):.2f} 元，客户收到提醒时已经停电，请改正"
    if float(alarm) < 0:
        yield f"预警余额 {float(alarm):.2f} 元不能小于 0"


@guard(
    "分期结算的各期合计一整月",
    refuses="parts_do_not_add_up",
    rule="G-JF-05",
    basis="供电营业规则(1996)第98条精神（按约定分次交纳，逾期同样计违约金）",
    confidence="中",
    breaks=lambda f: set_form(new_settle_mode=IN_PARTS, instalment_plan=[{"day": 10, "share": 50.0}]),
    mends=lambda f: set_form(instalment_plan=[{"day": 10, "share": 50.0}, {"day": 20, "share": 50.0}]),
)
def parts_add_up(f: Facts) -> Iterator[str]:
    """At least two parts, each on a day of its own that every month has, together the whole."""
    rows = [dict(row) for row in f.data.get("instalment_plan") or ()]
    if not parts_chosen(f) or not rows:
        return
    total = round(sum(float(row.get("share") or 0) for row in rows), 2)
    days = [int(row.get("day") or 0) for row in rows]
    if len(rows) < 2:
        yield "分期结算至少分两期，只有一期的按抄表结算"
    elif total != 100:
        yield f"各期比例合计 {total:g}%，应为 100%"
    if wrong := [day for day in days if not 1 <= day <= LAST_DAY]:
        yield f"付款日 {wrong[0]} 不对，每期填 1 到 {LAST_DAY} 日"
    if len(set(days)) < len(days):
        yield "有两期填了同一天，请分开"
