"""Guards about customers' accidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.reconnecting import PASSED

OTHER = "9"
"""Code of an accident of no named kind (code list accident_kind)."""


@guard(
    "事故类别明确",
    refuses="accident_kind_vague",
    rule="J23",
    basis="供电营业规则(1996)第62条",
    breaks=lambda f: set_form(accident_kind=OTHER, kind_note=None),
    mends=lambda f: set_form(accident_kind="5"),
)
def accident_kind_known(f: Facts) -> Iterator[str]:
    """One of the kinds that must be reported, or what else it was."""
    if f.get("accident_kind") == OTHER and not f.get("kind_note"):
        yield "事故类别选了“其他”，须写明是什么事故（kind_note）；触电、火灾、停电、设备损坏、倒送电的按类选"


def _told(f: Facts, days: int) -> Change:
    """A recipe: the accident was reported so many days after it happened."""
    happened = f.get("happened_at") or f"{days_on(f.today, -1)}T10:00:00+08:00"
    return set_form(happened_at=happened, reported_at=f"{days_on(happened, days)}T{happened[11:]}")


@guard(
    "事故时间先后合理",
    refuses="accident_times_wrong",
    rule="J23",
    basis="接报、上报如实登记（行业通例）",
    breaks=lambda f: _told(f, days=-1),
    mends=lambda f: _told(f, days=0),
)
def accident_dates_in_order(f: Facts) -> Iterator[str]:
    """It happened, was reported, and neither lies ahead."""
    happened, told = f.get("happened_at"), f.get("reported_at")
    if not happened or not told:
        return
    if datetime.fromisoformat(told) < datetime.fromisoformat(happened):
        yield f"上报时间 {told[:16]} 早于发生时间 {happened[:16]}，请改正"
    if datetime.fromisoformat(max(happened, told)) > datetime.fromisoformat(f.now):
        yield f"发生或上报时间 {max(happened, told)[:16]} 晚于现在，请改正"


@guard(
    "事故报告七日内形成",
    refuses="accident_report_late",
    rule="J23",
    basis="供电营业规则(1996)第62条",
    breaks=lambda f: set_form(
        happened_at=f"{days_on(f.today, -30)}T10:00:00+08:00",
        reported_at=f"{days_on(f.today, -30)}T10:30:00+08:00",
        report_on=f.today, verified_on=f.today, report_late_reason=None,
    ),
    mends=lambda f: set_form(report_late_reason="等待第三方鉴定结论"),
)  # fmt: skip
def accident_report_on_time(f: Facts) -> Iterator[str]:
    """The report is there within seven days, or says why not."""
    happened, report = f.get("happened_at")[:10], f.get("report_on")
    if not happened or not report or f.get("report_late_reason"):
        return
    latest = days_on(happened, int(f.settings["accident_report_days"]))
    if report > latest:
        yield f"事故 {happened} 发生，报告应在 {latest} 前形成，{report} 才出，须写原因（report_late_reason）"


@guard(
    "防范措施复查合格",
    refuses="measures_unverified",
    rule="J23",
    basis="复查销号（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(verified_verdict="2"),
    mends=lambda f: set_form(
        verified_verdict=PASSED, verified_on=f.today, report_on=f.get("report_on") or f.today
    ),
)
def accident_measures_verified(f: Facts) -> Iterator[str]:
    """Somebody looked whether the measures were carried out, after the report."""
    verified, report = f.get("verified_on"), f.get("report_on")
    if f.get("verified_verdict") != PASSED or not verified:
        yield "防范措施还没有复查合格（verified_on、verified_verdict），不能销号"
    elif report and verified < report:
        yield f"复查日期 {verified} 早于事故报告 {report}，请改正"
