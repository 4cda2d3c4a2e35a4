"""Guards about cutting the supply in three steps, for a ground that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.charges.disconnection import OVERDUE_DAYS, Cut, arrears_ripe, step_faults
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.violation import number
from yk.workdays import is_working_day

CUT, RESTORE = "1", "2"
"""Codes of what an order does (code list supply_action)."""
ARREARS, UNPAID_BREACH, THEFT, PLANNED, ON_REQUEST = "01", "02", "03", "07", "08"
"""Grounds (code list disconnection_ground)."""
BY_STEPS = ("01", "02", "04", "05", "06", "09")
"""Grounds that need approval, notice and last call (供电营业规则(1996)第66、67条)."""
DISPUTES = ("申请校验", "计量装置故障")
"""Flows that mean a dispute about the meter is not over."""
NIGHT = (22, 7)
"""The hours between which nobody is cut off without leave."""
ACTIVE_TOTAL = "11"


def cutting(f: Facts, **values: Any) -> Change:
    """A recipe: a disconnection in order where the form does not say otherwise, then these values."""
    keep = f.data if f.get("action") == CUT else {}
    ground = f.get("ground") if f.get("ground") in BY_STEPS and keep else "04"
    good = {
        "off_at": _off(f).isoformat(),
        "basis_no": "JG-0001",
        "cut_approver": "白问渠",
        "cut_approved_at": before(f, days=8),
        "notice_at": before(f, days=5),
        "authority_report_no": "BB-0001",
        "last_call_at": before(f, minutes=40),
        "off_reading": 999999.0,
        "cut_seal_no": f"TD{f.case}",
    }
    missing = {name: value for name, value in good.items() if keep.get(name) is None}
    return set_form(**{"action": CUT, "ground": ground, **missing, **values})


def _off(f: Facts) -> datetime:
    """When the supply is cut: as written, else yesterday at ten."""
    text = f.get("off_at") or f"{days_on(f.today, -1)}T10:00:00+08:00"
    return datetime.fromisoformat(text)


def before(f: Facts, **span: int) -> str:
    """The moment so long before the cut, for recipes."""
    return (_off(f) - timedelta(**span)).isoformat()


def owing(f: Facts, **values: Any) -> Change:
    """A recipe: the same for arrears ninety days old."""
    row = {
        "rcv_id": f"Q{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "ym": 202601,
        "kind": "010",
        "amount": 880.0,
        "paid": 0.0,
        "late_fee": 0.0,
        "due_date": days_on(f.today, -90),
        "settled_date": None,
    }
    return Change(
        put=(("receivable", row),),
        form=cutting(f, **{"ground": ARREARS, "reminded_on": f.today, **values}).form,
    )


@condition(
    "本单是停电",
    yes=cutting,
    no=lambda f: set_form(action=RESTORE),
)
def cutting_off(f: Facts) -> bool:
    """The order cuts the supply; otherwise it restores it."""
    return f.get("action") == CUT


@condition(
    "停电须经三步程序",
    yes=cutting,
    no=lambda f: cutting(f, ground=ON_REQUEST),
)
def three_steps_due(f: Facts) -> bool:
    """The ground is one that needs approval, notice and last call."""
    return f.get("action") == CUT and f.get("ground") in BY_STEPS


@condition(
    "因欠费停电",
    yes=owing,
    no=lambda f: cutting(f, ground="04"),
    reads=("customer",),
)
def cut_for_arrears(f: Facts) -> bool:
    """The ground is arrears."""
    return f.get("action") == CUT and f.get("ground") == ARREARS


def cut_of(f: Facts) -> Cut | None:
    """The traces of the steps; None while there is nothing to ask."""
    if not three_steps_due(f) or not f.get("off_at"):
        return None
    return Cut(
        off=datetime.fromisoformat(f.get("off_at")),
        approved=_moment(f, "cut_approved_at") if f.get("cut_approver") else None,
        notice=_moment(f, "notice_at"),
        last_call=_moment(f, "last_call_at"),
        critical=str(f.row("customer").get("importance") or "0") != "0",
        reported=bool(f.get("authority_report_no")),
    )


def _moment(f: Facts, name: str) -> datetime | None:
    return datetime.fromisoformat(f.get(name)) if f.get(name) else None


def _faults(f: Facts, *steps: str) -> Iterator[str]:
    cut = cut_of(f)
    span = (int(f.settings["disconnection_notice_least"]), int(f.settings["disconnection_notice_most"]))
    if cut is not None:
        yield from (message for step, message in step_faults(cut, span) if step in steps)


@guard(
    "停电已经负责人批准",
    refuses="disconnection_unapproved",
    rule="G-TD-01",
    basis="供电营业规则(1996)第67条",
    reads=("customer",),
    breaks=lambda f: cutting(f, cut_approved_at=before(f, hours=1)),
    mends=lambda f: cutting(f, cut_approver="白问渠", cut_approved_at=before(f, days=8)),
)
def disconnection_approved(f: Facts) -> Iterator[str]:
    """Step one: customer, ground and time are approved before the customer is told."""
    yield from _faults(f, "approval")


@guard(
    "停电通知按时送达、重要用户已报备",
    refuses="disconnection_notice_ill_timed",
    rule="G-TD-01",
    basis="供电营业规则(1996)第67条",
    reads=("customer",),
    breaks=lambda f: cutting(f, notice_at=before(f, days=2)),
    mends=lambda f: cutting(f, notice_at=before(f, days=5), authority_report_no="BB-0001"),
)
def disconnection_notice_served(f: Facts) -> Iterator[str]:
    """Step two: the notice comes three to seven days before; what is planned is announced seven days before."""
    yield from _faults(f, "notice", "authority")
    announced, off = f.get("announced_on"), f.get("off_at")
    if f.get("action") != CUT or f.get("ground") != PLANNED or not off:
        return
    least = int(f.settings["planned_outage_days"])
    if not announced or days_between(announced, off[:10]) < least:
        yield f"计划检修停电须提前 {least} 天通知或公告（announced_on），停电日 {off[:10]}，公告日“{announced}”"


@guard(
    "停电前三十分钟已再通知",
    refuses="last_call_missing",
    rule="G-TD-01",
    basis="供电营业规则(1996)第67条",
    reads=("customer",),
    breaks=lambda f: cutting(f, last_call_at=before(f, minutes=15)),
    mends=lambda f: cutting(f, last_call_at=before(f, minutes=40)),
)
def final_warning_given(f: Facts) -> Iterator[str]:
    """Step three: the customer is told once more, half an hour before."""
    yield from _faults(f, "last_call")


@guard(
    "停电事由成立",
    refuses="ground_unfounded",
    rule="G-TD-06",
    basis="供电营业规则(1996)第66条",
    reads=("receivable", "violation"),
    breaks=lambda f: cutting(f, ground="04", basis_no=None),
    mends=lambda f: cutting(f, ground="04", basis_no="JG-0001"),
)
def disconnection_ground_lawful(f: Facts) -> Iterator[str]:
    """Arrears are there, a case is open, or a paper (notice, application, plan) says why."""
    if f.get("action") != CUT:
        return
    ground = f.get("ground")
    named = name_of("disconnection_ground", ground)
    if ground == ARREARS:
        if not f.rows("receivable"):
            yield f"停电事由是“{named}”，但该户没有欠费"
    elif ground in (UNPAID_BREACH, THEFT):
        if not f.rows("violation"):
            yield f"停电事由是“{named}”，但该户没有未结的违约用电、窃电案"
    elif not f.get("basis_no"):
        yield f"停电事由是“{named or '空'}”，须填依据（通知书、申请或检修计划编号，basis_no）"


@guard(
    "欠费逾期满三十日且已催交",
    refuses="arrears_too_young",
    rule="G-TD-02",
    basis="电力供应与使用条例第39条",
    reads=("customer", "receivable"),
    breaks=lambda f: owing(f, reminded_on=None),
    mends=lambda f: owing(f, reminded_on=f.today),
)
def arrears_overdue(f: Facts) -> Iterator[str]:
    """Only arrears overdue for more than thirty days, asked for in vain, let the supply be cut."""
    if not cut_for_arrears(f) or not f.get("off_at"):
        return
    dues = [str(row["due_date"]) for row in f.rows("receivable") if row.get("due_date")]
    off, reminded = datetime.fromisoformat(f.get("off_at")), bool(f.get("reminded_on"))
    if not any(arrears_ripe(datetime.fromisoformat(due), reminded, off) for due in dues):
        oldest = min(dues, default="（没有缴费截止日）")
        told = f"{f.get('reminded_on')} 催交" if reminded else "没有催交记录（reminded_on）"
        yield f"最早的欠费 {oldest} 到期，停电日 {f.get('off_at')[:10]}，须逾期超过 {OVERDUE_DAYS} 日并经催交；现{told}"


@guard(
    "没有未了结的计量、电费争议",
    refuses="dispute_open",
    rule="G-TD-10",
    level_setting="billing_dispute_policy",
    basis="争议处理完前不以欠费停电（行业通例）",
    confidence="中",
    reads=("customer", "orders"),
    breaks=lambda f: owing(f, dispute_open=True),
    mends=lambda f: owing(f, dispute_open=False),
)
def no_billing_dispute(f: Facts) -> Iterator[str]:
    """Who disputes meter or bill is not cut off for that bill."""
    if not cut_for_arrears(f):
        return
    if f.data.get("dispute_open"):
        yield "该户计量或电费争议还没有处理完（dispute_open），不得以欠费为由停电"
    for other in f.rows("orders"):
        if other["flow_name"] in DISPUTES:
            yield f"该户在办{other['flow_name']}工单 {other['case']}，办结前不得以欠费为由停电"


@guard(
    "断点、止度、封印登记属实",
    refuses="disconnection_unrecorded",
    rule="G-ALL-10",
    basis="停电抄表、加封（行业通例）",
    reads=("meter_register", "seal_record"),
    breaks=lambda f: cutting(f, off_reading=-1.0),
    mends=lambda f: cutting(f, off_reading=999999.0, cut_seal_no=f"TD{f.case}"),
)
def disconnection_recorded(f: Facts) -> Iterator[str]:
    """The reading at the cut goes on from the last one; the seal is a new one."""
    if f.get("action") != CUT or f.data.get("off_reading") is None:
        return
    totals = [number_of(row) for row in f.rows("meter_register") if row.get("read_type") == ACTIVE_TOTAL]
    least = max(min(totals, default=0.0), 0.0)
    if number(f, "off_reading") < least:
        yield f"停电止度 {number(f, 'off_reading'):g} 小于上次示数 {least:g}，请重抄"
    if any(row.get("seal_no") == f.get("cut_seal_no") for row in f.rows("seal_record")):
        yield f"封印号 {f.get('cut_seal_no')} 已用过，一号一封，请核对"


def number_of(row: Any) -> float:
    """The reading of a register row."""
    return float(row.get("reading") or 0)


@guard(
    "节假日、夜间、特殊时段停电有上级确认",
    refuses="quiet_period",
    rule="G-TD-09",
    basis="民生底线（行业通例）",
    confidence="中",
    level_setting="quiet_period_policy",
    breaks=lambda f: cutting(f, special_period=True, quiet_confirmed_by=None),
    mends=lambda f: cutting(f, quiet_confirmed_by="白问渠"),
)
def quiet_period_confirmed(f: Facts) -> Iterator[str]:
    """On days off, at night, in special times a superior says yes."""
    if f.get("action") != CUT or not f.get("off_at") or f.get("quiet_confirmed_by"):
        return
    off = datetime.fromisoformat(f.get("off_at"))
    if f.data.get("special_period"):
        yield "停电时间在重大活动、极端天气等特殊时段，须上级确认（quiet_confirmed_by）"
    elif not is_working_day(off.date()):
        yield f"停电日 {off.date()} 是休息日，须上级确认（quiet_confirmed_by）"
    elif off.hour >= NIGHT[0] or off.hour < NIGHT[1]:
        yield f"停电时间 {off:%H:%M} 在夜间，须上级确认（quiet_confirmed_by）"
