"""Effects of broken and tested meters: what was found stands beside the change of meters, what follows is called up."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import OTHER, REFUND, VIOLATION, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.adjusting import refund_approved
from yk.flows.guards.metering import meter_rows
from yk.flows.guards.testing import conclusion

Rows = list[tuple[str, dict[str, Any]]]
ADJUSTMENT_DAYS = 5
"""Within how many days a wanted adjustment is worked out."""


def _beside_changes(f: Facts, **fields: Any) -> Rows:
    """These fields on every record of meters changed by this order."""
    count = len(meter_rows(f))
    return [("meter_change", {"change_id": f"MC{f.case}{n:02}", **fields}) for n in range(1, count + 1)]


@effect(
    "装拆记录注明故障责任和影响期间；要退补、疑窃的设任务",
    basis="计量装置故障的归档影响（推定）",
    reads=("customer",),
)
def note_fault(f: Facts) -> Change:
    """Liability and period stand with the change; adjustment and inspection are called up."""
    put = _beside_changes(
        f,
        liability=f.data.get("liability"),
        certificate_no=f.data.get("certificate_no"),
        fault_from=f.data.get("fault_from"),
    )
    if f.data.get("adjust_needed"):
        text = f"工单 {f.case} 计量故障，{f.get('fault_from')} 起的电量待退补"
        put.append(task(f, OTHER, text, days_on(f.today, ADJUSTMENT_DAYS)))
    if clue := f.get("violation_clue"):
        put.append(task(f, VIOLATION, f"工单 {f.case} 封印或接线异常，线索 {clue}", f.today))
    return Change(put=tuple(put))


@effect("装拆记录注明检定结论和证书号；疑窃的设任务", basis="申请校验的归档影响（推定）", reads=("customer",))
def note_meter_test(f: Facts) -> Change:
    """The result stands with the change of meters, where the next doubt will look for it."""
    number = f.get("higher_certificate_no") or f.get("certificate_no")
    put = _beside_changes(f, certificate_no=number, test_result=conclusion(f) or None)
    if clue := f.get("theft_clue"):
        put.append(task(f, VIOLATION, f"工单 {f.case} 检定发现窃电痕迹，线索 {clue}", f.today))
    return Change(put=tuple(put))


@effect("登记退补记录", basis="供电营业规则(1996)第80、81条", reads=("customer",))
def record_adjustment(f: Facts) -> Change:
    """What is charged or given back with the bill of this month."""
    if f.data.get("adjust_qty") is None:
        return Change()
    row = {
        "adj_id": f"TB{f.case}",
        "cons_no": f.row("customer").get("cons_no"),
        "ym": int(f.today[:4] + f.today[5:7]),
        "qty": f.data.get("adjust_qty"),
        "amount": f.data.get("adjust_amount"),
        "reason": "申请校验退补",
        "from_date": f.data.get("adjust_from"),
        "to_date": f.data.get("corrected_on"),
        "apply_time": f.now[:19],
        "approved_by": f.data.get("adjust_approved_by"),
        "approve_time": f.now[:19],
        "app_no": f.case,
    }
    return Change(put=(("adjustment", row),))


@effect("核定的退费设任务", basis="申请校验退业务费（推定）", reads=("customer",))
def call_up_refund(f: Facts) -> Change:
    """The refund waits for the archive and is then paid."""
    if not refund_approved(f):
        return Change()
    text = f"退还校验费 {float(f.data['refund_amount']):.2f} 元"
    return Change(put=(task(f, REFUND, text, days_on(f.today, ADJUSTMENT_DAYS)),))


@effect("登记退费，退费任务办结", basis="申请校验业务退费（推定）", reads=("business_fee", "due_task"))
def record_refund(f: Facts) -> Change:
    """What was paid for this order is given back, the oldest fee first, up to what was approved."""
    left, put = float(f.data.get("refund_paid") or 0), []
    for row in f.rows("business_fee"):
        if row.get("app_no") != f.case or left <= 0:
            continue
        open_ = float(row.get("paid") or 0) - float(row.get("refunded") or 0)
        back = min(left, open_)
        left -= back
        refunded = round(float(row.get("refunded") or 0) + back, 2)
        day = f.data.get("refund_paid_on") or f.today
        put.append(("business_fee", {"fee_id": row["fee_id"], "refunded": refunded, "refund_date": day}))
    return Change(put=(*put, *closed(f, REFUND)))
