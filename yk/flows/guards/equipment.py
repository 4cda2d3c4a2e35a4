"""Guards about customers' equipment: its tests, its records, its defects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.inspecting import FAILED, SIGNED, unknown_defect
from yk.flows.guards.reconnecting import PASSED

RUNNING = "01"
"""Code of a transformer that runs (code list tran_status)."""
CRITICAL = "1"
"""Code of the gravest defects (code list defect_level)."""
DEADLINES = {"1": "critical", "2": "serious", "3": "minor"}
"""Level of a defect -> the end of its setting `defect_days_*`."""


def _licence(f: Facts, days: int) -> Change:
    """A recipe: the tester's licence ends so many days after the test."""
    tested = f.get("test_on") or f.today
    return set_form(test_on=tested, tester_cert_no="XK-0001", tester_cert_end=days_on(tested, days))


@guard(
    "试验单位资质在期",
    refuses="tester_unqualified",
    rule="J16",
    basis="承装（修、试）电力设施许可（行业通例）",
    confidence="中",
    breaks=lambda f: _licence(f, days=-1),
    mends=lambda f: _licence(f, days=365),
)
def tester_qualified(f: Facts) -> Iterator[str]:
    """Who tested held a licence on the day of the test."""
    tested, end = f.get("test_on"), f.get("tester_cert_end")
    if not f.get("tester_cert_no"):
        yield "试验单位没有许可证号（tester_cert_no），报告不收"
    elif not end or (tested and end < tested):
        yield f"试验单位许可证 {end or '没有截止日'} 到期，试验在 {tested}，报告不收"


@guard(
    "试验没有超期或写明处理",
    refuses="test_overdue",
    rule="J16",
    basis="预防性试验周期（行业通例）",
    confidence="中",
    level_setting="test_overdue_policy",
    breaks=lambda f: set_form(
        last_test_on="2010-01-01", test_cycle_months=36, test_on=f.today, overdue_handling=None
    ),
    mends=lambda f: set_form(overdue_handling="已书面建议停用，客户本月补做"),
)
def test_interval_kept(f: Facts) -> Iterator[str]:
    """A test that comes after its time says what was done about it."""
    last, cycle, tested = f.get("last_test_on"), f.data.get("test_cycle_months"), f.get("test_on")
    if last and cycle and tested and not f.get("overdue_handling"):
        latest = months_on(last, int(cycle))
        if tested > latest:
            yield (
                f"上次试验 {last}，周期 {cycle} 个月，最迟 {latest}，{tested} 才做，"
                "须写超期处理办法（overdue_handling）"
            )


def _installed(f: Facts) -> str:
    """The day the first of the customer's transformers was put up; '' when unknown."""
    days = [str(row["install_date"]) for row in f.rows("transformer") if row.get("install_date")]
    return min(days, default="")


@guard(
    "试验日期属实",
    refuses="test_date_wrong",
    rule="J16",
    basis="试验报告真实性（行业通例）",
    confidence="中",
    reads=("transformer",),
    breaks=lambda f: set_form(test_on=days_on(f.today, 1)),
    mends=lambda f: set_form(test_on=f.today),
)
def test_report_sound(f: Facts) -> Iterator[str]:
    """A test lies neither ahead nor before the equipment stood."""
    tested, installed = f.get("test_on"), _installed(f)
    if tested > f.today:
        yield f"试验日期 {tested} 晚于今天 {f.today}，报告不实"
    elif tested and installed and tested < installed:
        yield f"试验日期 {tested} 早于设备安装日期 {installed}，请核对报告是不是这台设备的"


def _defect_row(f: Facts) -> Change:
    number_ = f"D{f.case}"
    row = {"defect_id": number_, "cons_no": f.row("customer").get("cons_no"), "level": "2", "app_no": number_}
    return Change(
        put=(("equipment_defect", {**row, "content": "绝缘电阻不合格", "found_date": f.today}),),
        form={"test_result": FAILED, "defect_no": number_},
    )


@guard(
    "试验不合格已转缺陷",
    refuses="failed_test_open",
    rule="J16",
    basis="试验缺陷联动（YXZY-YY-481，行业通例）",
    confidence="中",
    reads=("customer", "orders", "equipment_defect"),
    breaks=lambda f: set_form(test_result=FAILED, defect_no=None),
    mends=_defect_row,
)
def failed_test_reported(f: Facts) -> Iterator[str]:
    """A failed test is a defect, with an order of its own."""
    if f.get("test_result") == FAILED:
        yield from unknown_defect(f)


def _strange_transformer(f: Facts) -> Change:
    """A recipe: a transformer runs that the account's capacity does not know."""
    row = {
        "tran_id": f"T{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "org_no": f.row("customer").get("org_no"),
        "plate_cap": 500.0,
        "run_status": RUNNING,
    }
    held = f.row("customer").get("run_cap") or 100.0
    customer = {
        "cons_no": row["cons_no"],
        "run_cap": held,
        "contract_cap": max(held, f.row("customer").get("contract_cap") or 0),
    }
    return Change(put=(("transformer", row), ("customer", customer)), form={"mismatch_reason": None})


@guard(
    "在运变压器容量与档案一致",
    refuses="transformers_mismatched",
    rule="J17",
    basis="设备台账与运行容量一致（行业通例）",
    confidence="中",
    reads=("customer", "transformer"),
    breaks=_strange_transformer,
    mends=lambda f: set_form(mismatch_reason="含高压电动机直供容量，已核实"),
)
def transformers_match_capacity(f: Facts) -> Iterator[str]:
    """The plates of the transformers that run add up to the account's running capacity."""
    rows = [row for row in f.rows("transformer") if row.get("run_status") == RUNNING]
    plates, held = sum(float(row.get("plate_cap") or 0) for row in rows), f.row("customer").get("run_cap")
    if rows and held is not None and abs(plates - float(held)) > 0.005 and not f.get("mismatch_reason"):
        yield (
            f"在运变压器 {len(rows)} 台合计 {plates:g} kVA，档案运行容量 {float(held):g} kVA，"
            "核实后改台账，或写明缘故（mismatch_reason）"
        )


@guard(
    "台账改动有来源单号",
    refuses="change_unsourced",
    rule="J17",
    basis="设备档案受控变更（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(record_changed=True, source_case=None),
    mends=lambda f: set_form(record_changed=True, source_case="012611230099"),
)
def record_change_sourced(f: Facts) -> Iterator[str]:
    """Every change of the equipment's record names the order it came from."""
    if f.data.get("record_changed") and not f.get("source_case"):
        yield "台账有改动，须写来源工单或竣工报验号（source_case）"


@guard(
    "保护定值是最新版",
    refuses="relay_sheet_old",
    rule="J17",
    basis="定值单受控版本（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(relay_version_issued=3, relay_version_in_use=2),
    mends=lambda f: set_form(relay_version_issued=3, relay_version_in_use=3),
)
def relay_sheet_current(f: Facts) -> Iterator[str]:
    """The relay settings in use are those last issued."""
    issued, used = f.data.get("relay_version_issued"), f.data.get("relay_version_in_use")
    if issued is not None and used != issued:
        yield f"保护定值最新为第 {issued} 版，现场在用第 {used or '（未填）'} 版，换版后再结"


def deadline_days(f: Facts) -> int:
    """Days in which a defect of this level is to be mended."""
    return int(f.settings[f"defect_days_{DEADLINES.get(f.get('defect_level'), 'minor')}"])


def _deadline(f: Facts, over: int) -> Change:
    found = f.get("found_on") or f.today
    return set_form(found_on=found, fix_due=days_on(found, deadline_days(f) + over))


@guard(
    "整改期限在缺陷等级的期限之内",
    refuses="defect_deadline_late",
    rule="J24",
    basis="缺陷分级定期限（行业通例，见设置 defect_days_*）",
    confidence="中",
    breaks=lambda f: _deadline(f, over=1),
    mends=lambda f: _deadline(f, over=0),
)
def defect_deadline_fits(f: Facts) -> Iterator[str]:
    """A grave defect is not given the time of a small one."""
    found, due = f.get("found_on"), f.get("fix_due")
    if not found or not due:
        return
    latest = days_on(found, deadline_days(f))
    level = name_of("defect_level", f.get("defect_level"))
    if due < found:
        yield f"整改期限 {due} 早于发现日期 {found}，请改正"
    elif due > latest:
        yield f"{level}缺陷 {found} 发现，最迟 {latest} 前处理，期限填了 {due}"


@guard(
    "缺陷通知书已签收",
    refuses="defect_notice_open",
    rule="J24",
    basis="用电检查管理办法(1996，已废止)第19条",
    breaks=lambda f: set_form(notice_no=f"QX{f.case}", notice_sign="3"),
    mends=lambda f: set_form(notice_no=f"QX{f.case}", notice_sign="1"),
)
def defect_notice_signed(f: Facts) -> Iterator[str]:
    """The customer has the defect in writing."""
    if not f.get("notice_no") or f.get("notice_sign") not in SIGNED:
        yield "缺陷须书面通知客户并签收（notice_no、notice_sign），拒签的要有见证人"


def _critical(f: Facts, **values: Any) -> Change:
    found = f.get("found_on") or f.today
    return set_form(defect_level=CRITICAL, found_on=found, fix_due=found, **values)


@guard(
    "危急缺陷已停用隔离或报备",
    refuses="critical_defect_live",
    rule="J24",
    basis="危急缺陷停用建议与政府报备（行业通例）",
    confidence="中",
    breaks=lambda f: _critical(f, isolated_at=None, authority_report_no=None),
    mends=lambda f: _critical(f, isolated_at=f.now),
)
def critical_defect_isolated(f: Facts) -> Iterator[str]:
    """What may fail any moment is taken out of use, or the authority knows of it."""
    if f.get("defect_level") == CRITICAL and not (f.get("isolated_at") or f.get("authority_report_no")):
        yield "危急缺陷须停用隔离（isolated_at），停不下来的报政府主管部门（authority_report_no）"


def _extension(f: Facts, by: str | None) -> Change:
    base = f.get("fix_due") or f.today
    return set_form(extended_to=days_on(base, 7), extension_by=by, extension_reason="等备件")


@guard(
    "延期经过批准且晚于原期限",
    refuses="extension_unapproved",
    rule="J24",
    basis="延期审批（行业通例）",
    confidence="中",
    breaks=lambda f: _extension(f, by=None),
    mends=lambda f: _extension(f, by="白问渠"),
)
def defect_extension_approved(f: Facts) -> Iterator[str]:
    """A later day is somebody's decision."""
    to, due = f.get("extended_to"), f.get("fix_due")
    if to and not f.get("extension_by"):
        yield f"整改延期到 {to}，须写批准人（extension_by）"
    if to and due and to <= due:
        yield f"延期 {to} 不晚于原期限 {due}，请改正"


@guard(
    "缺陷复验合格",
    refuses="defect_not_removed",
    rule="J24",
    basis="复验销号（县流程 五；行业通例）",
    breaks=lambda f: set_form(recheck_verdict=FAILED),
    mends=lambda f: set_form(recheck_verdict=PASSED, recheck_on=f.today),
)
def defect_recheck_passed(f: Facts) -> Iterator[str]:
    """Looked at again on site, and in order."""
    verdict, day = f.get("recheck_verdict"), f.get("recheck_on")
    if verdict != PASSED or not day:
        yield "缺陷没有复验合格（recheck_verdict、recheck_on），不能销号，请督促整改后再复验"
    elif day > f.today or (f.get("found_on") and day < f.get("found_on")):
        yield f"复验日期 {day} 不在发现日期 {f.get('found_on')} 与今天之间，请改正"
