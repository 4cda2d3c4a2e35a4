"""Guards about works: their progress, the design, what is hidden, completion and its inspection."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import SEVERAL_SOURCES

GOOD = "1"
"""Code of a good verdict (code list verdict)."""


@guard(
    "外部工程已完工并具备送电条件",
    refuses="works_unfinished",
    rule="A08",
    basis="NX 1.2 工程管理人员职责；送电七条件之一",
    breaks=lambda f: set_form(works_ready=False),
    mends=lambda f: set_form(works_ready=True, works_end=f.today),
)
def works_finished(f: Facts) -> Iterator[str]:
    """Works are handed over finished, with the day."""
    if not f.data.get("works_ready"):
        yield "供电工程还不具备送电条件（works_ready），完工后再移交"
    elif not f.get("works_end"):
        yield "供电工程已完工，须填实际完工日期（works_end）"


@guard(
    "设计单位资质在有效期内",
    refuses="designer_unqualified",
    rule="A09",
    basis="设计送审资料（materials M14）",
    confidence="中",
    breaks=lambda f: set_form(design_cert_end="2020-01-01"),
    mends=lambda f: set_form(design_cert_end=days_on(f.today, 365)),
)
def designer_qualified(f: Facts) -> Iterator[str]:
    """The designer's licence runs on the day of review."""
    end = f.get("design_cert_end")
    if end and end < f.today:
        yield f"设计单位资质 {end} 已过期，图纸不予受理"


@guard(
    "设计文件审核同意",
    refuses="design_rejected",
    rule="A09",
    basis="供电营业规则(1996)第39、40条",
    breaks=lambda f: set_form(review_result="2"),
    mends=lambda f: set_form(review_result=GOOD),
)
def design_approved(f: Facts) -> Iterator[str]:
    """What was not approved is not built."""
    if f.get("review_result") not in ("", GOOD):
        yield "设计文件审核不同意，请登记不合格退客户改图，改好重新送审"


@guard(
    "设计容量与供电方案一致",
    refuses="design_off_scheme",
    rule="A09",
    basis="设计须依据供电方案（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(design_cap=float(_scheme_cap(f)) + 100),
    mends=lambda f: set_form(design_cap=_scheme_cap(f)),
)
def design_matches_scheme(f: Facts) -> Iterator[str]:
    """A design of another capacity needs another scheme first."""
    scheme, design = _scheme_cap(f), f.data.get("design_cap")
    if scheme and design is not None and float(design) != float(scheme):
        yield f"设计容量 {design:g} kVA 与供电方案 {scheme:g} kVA 不一致，请先变更方案"


def _scheme_cap(f: Facts) -> float:
    return float(f.data.get("scheme_cap") or f.data.get("approved_cap") or 0)


@guard(
    "隐蔽工程检查合格",
    refuses="hidden_works_failed",
    rule="A10",
    basis="供电营业规则(1996)第42条；县流程（三分之二时报中间检查）",
    confidence="中",
    breaks=lambda f: set_form(hidden_result="2"),
    mends=lambda f: set_form(hidden_result=GOOD),
)
def hidden_works_passed(f: Facts) -> Iterator[str]:
    """Hidden works are not covered before they passed."""
    if f.get("hidden_result") not in ("", GOOD):
        yield "隐蔽工程检查不合格，请登记不合格开整改通知，复验合格才能覆盖"


@guard(
    "隐蔽部位有影像",
    refuses="hidden_evidence_missing",
    rule="A10",
    basis="隐蔽工程逐项影像（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(hidden_photos=0),
    mends=lambda f: set_form(hidden_photos=3),
)
def interim_evidence_kept(f: Facts) -> Iterator[str]:
    """What will be covered is photographed first."""
    photos = f.data.get("hidden_photos")
    if photos is not None and photos < 1:
        yield "隐蔽部位没有留影像（hidden_photos），缺影像不算通过"


@guard(
    "电工作业证在有效期内",
    refuses="electrician_uncertified",
    rule="A12",
    basis="材料 M17 电工作业证；每三年复审",
    breaks=lambda f: set_form(electrician_cert_end="2020-01-01"),
    mends=lambda f: set_form(electrician_cert_end=days_on(f.today, 365)),
)
def electricians_certified(f: Facts) -> Iterator[str]:
    """The customer's electrician holds a certificate that runs."""
    end = f.get("electrician_cert_end")
    if end and end < f.today:
        yield f"客户电工作业证 {end} 已过期，请换有证人员或复审后再办"


@guard(
    "试验报告在有效期内",
    refuses="test_report_stale",
    rule="A12",
    basis="供电营业规则(1996)第43条；报告有效期按所设参数",
    confidence="中",
    breaks=lambda f: set_form(test_report_date="2020-01-01"),
    mends=lambda f: set_form(test_report_date=f.today),
)
def reports_valid(f: Facts) -> Iterator[str]:
    """A test report is not from the future and not older than the setting allows."""
    made, months = f.get("test_report_date"), int(f.settings["test_report_months"])
    if made and made > f.today:
        yield f"试验报告日期 {made} 晚于今天，请核对"
    elif made and days_on(made, months * 30) < f.today:
        yield f"试验报告出具于 {made}，已超过 {months} 个月，请重新试验"


@guard(
    "竣工验收合格",
    refuses="inspection_failed",
    rule="A13",
    basis="供电营业规则(1996)第43条",
    breaks=lambda f: set_form(inspection_result="2"),
    mends=lambda f: set_form(inspection_result=GOOD),
)
def inspection_passed(f: Facts) -> Iterator[str]:
    """No power on works that failed."""
    if f.get("inspection_result") not in ("", GOOD):
        yield "竣工验收不合格，请登记不合格开整改通知，整改后重新报验"


def _fed_from_two_sides(f: Facts) -> bool:
    """A source of the customer's own, or a second line, that could feed back into the first."""
    return bool(f.data.get("own_source")) or f.get("supply_mode") in SEVERAL_SOURCES


def _fed_from_one_side(f: Facts) -> Change:
    several = f.get("supply_mode") in SEVERAL_SOURCES
    return set_form(own_source=False, **({"supply_mode": "2"} if several else {}))


@condition(
    "有自备电源或双（多）电源，要做闭锁试验",
    yes=lambda f: set_form(own_source=True),
    no=_fed_from_one_side,
)
def interlock_needed(f: Facts) -> bool:
    """What is fed from two sides is tried for its interlock."""
    return _fed_from_two_sides(f)


@guard(
    "自备、多电源闭锁试验合格",
    refuses="interlock_untested",
    rule="A13",
    basis="防倒送电；G-ALL-13",
    breaks=lambda f: set_form(own_source=True, interlock_test="2"),
    mends=lambda f: set_form(own_source=True, interlock_test=GOOD),
)
def interlock_tested(f: Facts) -> Iterator[str]:
    """A second source is let in only behind an interlock that was tried."""
    if _fed_from_two_sides(f) and f.get("interlock_test") != GOOD:
        yield "有自备电源或双（多）电源，须做闭锁试验并合格（interlock_test）"
