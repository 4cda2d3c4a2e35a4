"""Effects of a breach or theft: the record that warns other business, what is owed, the power cut and given back."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.tasks import INSPECTION, VIOLATION, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.violation import number, proved
from yk.flows.guards.violation_charges import total

ENERGY, PENALTY = "010", "020"
"""Kinds of receivables (code list receivable_kind)."""
DAMAGE = "06"
"""The fee item of broken metering equipment (code list fee_item)."""
THEFT_OUTAGE = "违窃"
"""The reason of an outage (code list outage_reason)."""
Row = tuple[str, dict[str, object]]


def record_id(f: Facts) -> str:
    """The violation record of this order."""
    return f"V{f.case}"


def _record(f: Facts, **more: object) -> Row:
    """The violation record as the order knows it, with what is `more` to say."""
    known = {
        "vio_id": record_id(f),
        "cons_no": f.row("customer")["cons_no"],
        "kind": f.get("finding"),
        "found_date": f.get("found_on") or f.today,
    }
    return "violation", {**known, **more}


@effect(
    "登记违约用电、窃电记录（未结案）",
    basis="违约窃电标记（flows §29 档案影响，推定）",
    reads=("customer", "violation"),
)
def open_violation(f: Facts) -> Change:
    """From now on other business on the account is warned; a clue that proved empty takes the record back."""
    if not proved(f):
        return withdrawn(f)
    return Change(put=(_record(f, closed_date=None),))


def withdrawn(f: Facts) -> Change:
    """The record of this order taken back, where there is one."""
    mine = [row["vio_id"] for row in f.rows("violation") if row["vio_id"] == record_id(f)]
    return Change(drop=tuple(("violation", str(one)) for one in mine))


@effect(
    "终止时撤回违约窃电记录和未收的应收",
    basis="查无实据或撤案（推定）",
    reads=("violation", "receivable", "business_fee"),
)
def withdraw_violation(f: Facts) -> Change:
    """A case that is dropped leaves no mark and asks for nothing; what came in stays."""
    open_ = [
        ("receivable", str(row["rcv_id"]))
        for row in f.rows("receivable")
        if row["rcv_id"] in (f"{f.case}-{ENERGY}", f"{f.case}-{PENALTY}") and not row.get("paid")
    ]
    fees = [
        ("business_fee", str(row["fee_id"]))
        for row in f.rows("business_fee")
        if row["fee_id"] == f"{f.case}-{DAMAGE}" and not row.get("paid")
    ]
    return Change(drop=(*withdrawn(f).drop, *open_, *fees))


@effect("当场中止供电，登记停电", basis="供电营业规则(1996)第66条", reads=("customer",))
def cut_on_the_spot(f: Facts) -> Change:
    """The account is without power from the moment written."""
    if not f.data.get("cut_on_spot"):
        return Change()
    outage = {
        "outage_id": f"O{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "reason": THEFT_OUTAGE,
        "off_time": f.get("cut_at")[:19],
    }
    return Change(put=(customer_row(f, stop_flag="1"), ("outage", outage)))


@effect("合计补交电费、违约使用电费和设备损失", basis="YXZY-YY-467（推定）")
def total_charges(f: Facts) -> Change:
    """The sum the approval starts from."""
    return Change(form={"charge_total": total(f)})


@effect(
    "按批复建应收：电费、违约使用电费、设备损失分列",
    basis="供电营业规则(1996)第100、102条",
    reads=("customer",),
)
def charge_violation(f: Facts) -> Change:
    """What was approved is owed; a reduction is taken off the penalty first, then off the energy."""
    makeup, damage = number(f, "makeup_amount"), number(f, "damage_amount")
    approved = number(f, "approved_total")
    damage = min(damage, approved)
    makeup = min(makeup, round(approved - damage, 2))
    penalty = round(approved - damage - makeup, 2)
    rows = [_owed(f, kind, amount) for kind, amount in ((ENERGY, makeup), (PENALTY, penalty)) if amount]
    if damage:
        fee = {
            "fee_id": f"{f.case}-{DAMAGE}",
            "cons_no": f.row("customer")["cons_no"],
            "app_no": f.case,
            "item": DAMAGE,
            "basis": "供电设施损坏赔偿",
            "qty": 1.0,
            "price": damage,
            "amount": damage,
            "paid": 0.0,
        }
        rows.append(("business_fee", fee))
    return Change(put=tuple(rows))


def _owed(f: Facts, kind: str, amount: float) -> Row:
    return "receivable", {
        "rcv_id": f"{f.case}-{kind}",
        "cons_no": f.row("customer")["cons_no"],
        "ym": int(f.today[:4] + f.today[5:7]),
        "kind": kind,
        "amount": amount,
        "paid": 0.0,
        "late_fee": 0.0,
        "due_date": f.get("pay_by") or f.today,
        "settled_date": None,
    }


@effect(
    "登记违约窃电费用实收",
    basis="YXZY-YY-469（推定）",
    reads=("receivable", "business_fee"),
)
def record_violation_payment(f: Facts) -> Change:
    """What came in settles energy, penalty and damage in this order; under an agreement the rest stays owed."""
    left, put = number(f, "paid_total"), list[Row]()
    day = f.get("paid_on") or f.today
    for kind in (ENERGY, PENALTY):
        for row in f.rows("receivable"):
            if row["rcv_id"] == f"{f.case}-{kind}":
                amount = float(row["amount"])
                paid = min(left, amount)
                left = round(left - paid, 2)
                settled = day if paid >= amount else None
                put.append(("receivable", {"rcv_id": row["rcv_id"], "paid": paid, "settled_date": settled}))
    for row in f.rows("business_fee"):
        if row["fee_id"] == f"{f.case}-{DAMAGE}":
            paid = min(left, float(row["amount"]))
            receipt = {"paid_date": day, "receipt_no": f.get("charge_receipt_no")} if paid else {}
            put.append(("business_fee", {"fee_id": row["fee_id"], "paid": paid, **receipt}))
    return Change(put=tuple(put))


@effect(
    "恢复供电，停电记录写复电时间",
    basis="供电营业规则(1996)第69条；YXZY-YY-470（推定）",
    reads=("customer", "outage"),
)
def restore_after_violation(f: Facts) -> Change:
    """The outages that still run end with the reconnection."""
    at = f.get("reconnected_at")[:19]
    running = [row for row in f.rows("outage") if row.get("off_time") and not row.get("on_time")]
    ended = tuple(("outage", {"outage_id": row["outage_id"], "on_time": at}) for row in running)
    return Change(put=(customer_row(f, stop_flag="0"), *ended))


@effect(
    "违约窃电记录结案，排复查和余款跟踪",
    basis="YXZY-YY-471 的归档影响（推定）",
    reads=("customer", "violation", "due_task"),
)
def close_violation(f: Facts) -> Change:
    """The case is closed with what it came to; a theft is looked at again, an open rest is followed up."""
    if not proved(f):
        return withdrawn(f)
    record = _record(f, amount=number(f, "approved_total"), closed_date=f.today)
    put: list[Row] = [*closed(f, VIOLATION), record]
    if f.get("recheck_on"):
        put.append(task(f, INSPECTION, "窃电户复查：接线、封印、三相电流", f.get("recheck_on")))
    if number(f, "outstanding") > 0:
        content = f"还款协议 {f.get('agreement_no')} 余款 {number(f, 'outstanding'):.2f} 元"
        put.append(task(f, VIOLATION, content, f.get("pay_by") or f.today))
    return Change(put=tuple(put))
