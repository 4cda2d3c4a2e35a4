"""The money of a made customer, and what went wrong with it: bills, arrears, outages, breaches, corrections."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from yk.archive.making.materials import Materials
from yk.archive.making.metering import multiplier, tariff_code
from yk.archive.making.plan import Plan, iso

Row = dict[str, Any]


def used(plan: Plan, months: int) -> list[float]:
    """What each of the last months used on the meter's dial, in whole kWh; an unmetered customer's fixed quantity."""
    if plan.state == "unmetered":
        return [60.0 + 30.0 * (plan.index % 7)] * months
    widest = 300 if plan.kind == "resident" else 400
    return [float(80 + int(plan.rng.random() * widest)) for _ in range(months)]


def receivables(
    materials: Materials, plan: Plan, read: list[tuple[int, int]], quantities: list[float]
) -> list[Row]:
    """The bills of the last read months, due on the 20th of the next month.

    The last one stands open for a customer in arrears, all of them for one cut off. The surcharge is 1‰ a day for
    residents, 2‰ for others (供电营业规则 1996 第98条).
    """
    if not plan.live:
        return []
    price, factor = materials.prices[tariff_code(plan)], multiplier(plan)
    rate = 0.001 if plan.kind == "resident" else 0.002
    unpaid = 0 if "arrears" not in plan.marks else len(read) if plan.state == "suspended" else 1
    rows = []
    for place, ((month, day), quantity) in enumerate(zip(read, quantities, strict=True)):
        due, amount = _due(day), round(quantity * factor * price, 2)
        open_ = place >= len(read) - unpaid
        row = {
            "rcv_id": f"RV{plan.cons_no}{month}",
            "cons_no": plan.cons_no,
            "ym": month,
            "kind": "010",
            "amount": amount,
            "paid": 0.0 if open_ else amount,
            "late_fee": round(amount * rate * (materials.as_of - due), 2) if open_ else 0.0,
            "due_date": iso(due),
        }
        rows.append(row if open_ else row | {"settled_date": iso(due - 1 - plan.index % 15)})
    return rows


@lru_cache(maxsize=256)
def _due(day: int) -> int:
    next_month = date.fromordinal(day).replace(day=1) + timedelta(days=32)
    return next_month.replace(day=20).toordinal()


def account(plan: Plan) -> dict[str, list[Row]]:
    """Invoice data, and the prepaid balance of those who have one."""
    info = {
        "cons_no": plan.cons_no,
        "invoice_title": plan.party.name,
        "debit_flag": "1" if plan.index % 4 == 0 else "0",
    }
    if not plan.party.is_person:
        info |= {"tax_no": plan.party.cert_no, "bank_name": "示范银行测试支行"}
    if not plan.party.is_person or plan.index % 4 == 0:
        info["bank_account"] = f"9900{plan.index:015}"
    made: dict[str, list[Row]] = {"billing_info": [info]}
    if "prepaid" in plan.marks:
        made["prepayment"] = [{"cons_no": plan.cons_no, "amount": float(50 + plan.index % 900)}]
    return made


def outages(materials: Materials, plan: Plan) -> list[Row]:
    """The cut-off of a suspended customer: announced ten days before, not yet ended."""
    if plan.state != "suspended":
        return []
    day = materials.as_of - plan.index % 8
    return [
        {
            "outage_id": f"OT{plan.cons_no}1",
            "cons_no": plan.cons_no,
            "reason": "欠费",
            "notice_time": f"{iso(day - 10)}T09:00:00",
            "off_time": f"{iso(day)}T10:30:00",
        }
    ]


def violations(materials: Materials, plan: Plan) -> list[Row]:
    """An open breach, or a closed one."""
    if "violation" not in plan.marks:
        return []
    found = materials.as_of - 30 - plan.index % 40
    row = {
        "vio_id": f"VI{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "kind": "01" if plan.index % 3 else "02",
        "found_date": iso(found),
        "amount": float(500 + plan.index % 4000),
    }
    closed = plan.index // 90 % 2
    return [row | {"closed_date": iso(found + 20)} if closed else row]


def corrections(materials: Materials, plan: Plan) -> dict[str, list[Row]]:
    """An approved adjustment, a bill check dealt with in time, instalments of large customers, an accident."""
    month, made = date.fromordinal(materials.as_of).replace(day=1) - timedelta(days=1), {}
    ym, day = month.year * 100 + month.month, month.replace(day=10)
    common = {"cons_no": plan.cons_no, "ym": ym}
    if "adjusted" in plan.marks:
        times = {"apply_time": f"{day}T09:00:00", "approve_time": f"{day}T15:00:00"}
        row = {"adj_id": f"AJ{plan.cons_no}1", "qty": -20.0, "amount": -15.6, "reason": "抄表差错"}
        made["adjustment"] = [row | common | times | {"approved_by": "示范审批人"}]
    if "audited_bill" in plan.marks:
        times = {"found_time": f"{day}T06:30:00", "done_time": f"{day}T09:00:00"}
        row = {"bx_id": f"BX{plan.cons_no}1", "rule": "电量突增", "result": "核实无误"}
        made["bill_exception"] = [row | common | times | {"issued_time": f"{day}T16:00:00"}]
    if plan.kind == "hv" and plan.cap >= 1000 and plan.live:
        row = {"ins_id": f"IN{plan.cons_no}1", "seq": 1, "plan_date": f"{day}", "plan_amount": 20000.0}
        made["instalment"] = [row | common | {"paid_date": f"{day}", "paid_amount": 20000.0}]
    if "accident" in plan.marks and plan.kind != "resident":
        row = {"acc_id": f"AC{plan.cons_no}1", "cons_no": plan.cons_no, "level": "一般设备事故"}
        causes = {"cause": "设备绝缘老化", "measure": "更换设备并复试"}
        times = {"happen_time": f"{day}T08:00:00", "report_time": f"{day}T09:30:00"}
        made["accident"] = [row | causes | times | {"closed_time": f"{day}T20:00:00"}]
    return made
