"""Effects of tests, records, measurements, defects and accidents of customers' equipment."""

from __future__ import annotations

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.inspecting import inspection_row
from yk.flows.effects.tasks import DEFECT, EQUIPMENT, OTHER, TEST, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.inspecting import FAILED
from yk.flows.guards.power_quality import month_factor
from yk.flows.guards.violation import number
from yk.flows.power_quality import STANDARDS

PASSED = "1"
"""Code of a good result (code list inspection_result)."""
TESTED, HARMONICS, REACTIVE, RECORDS = "03", "04", "05", "06"
"""Kinds of inspections (code list inspection_kind)."""


@effect(
    "登记试验记录，排下次试验",
    basis="YXZY-YY-473 的归档影响（推定）",
    reads=("customer", "due_task"),
)
def record_test(f: Facts) -> Change:
    """The device's next test is due a cycle after this one, reminded thirty days before."""
    due = months_on(f.get("test_on"), int(number(f, "test_cycle_months")))
    content = f"{f.get('device')}：{f.get('test_items')}，报告 {f.get('report_no')}"
    record = inspection_row(
        f, TESTED, f.get("test_on"), f.get("test_result"), content, f.get("tester"), next_date=due
    )
    following = task(f, TEST, f"{f.get('device')}预防性试验到期", due, remind=months_on(due, -1))
    return Change(put=(*_same_device(f), record, following))


def _same_device(f: Facts) -> tuple[tuple[str, dict[str, object]], ...]:
    """The open test tasks of this device: the others stay open."""
    return tuple(
        ("due_task", {"task_id": row["task_id"], "done_date": f.today})
        for row in f.rows("due_task")
        if row.get("kind") == TEST and str(row.get("content") or "").startswith(f.get("device"))
    )


@effect(
    "登记台账核对记录，关闭档案更新任务",
    basis="YXZY-YY-474 的归档影响（推定）",
    reads=("customer", "due_task"),
)
def record_equipment_check(f: Facts) -> Change:
    """The record was brought up to date; what other business had asked for is done."""
    changed = (
        f"{f.get('change_content')}（来源 {f.get('source_case')}）；" if f.data.get("record_changed") else ""
    )
    content = f"{changed}{f.get('insp_content')}"
    record = inspection_row(
        f, RECORDS, f.get("checked_on"), f.get("insp_result"), content, f.get("checked_by"),
        next_date=months_on(f.get("checked_on"), 12),
    )  # fmt: skip
    return Change(put=(*closed(f, EQUIPMENT), record))


@effect(
    "登记谐波监测值和结论",
    basis="YXZY-YY-475 的归档影响（推定）",
    reads=("customer",),
)
def record_harmonics(f: Facts) -> Change:
    """The distortion measured last stands: that of the retest, where there was one."""
    retested = f.data.get("retest_thd") is not None
    value = number(f, "retest_thd") if retested else number(f, "voltage_thd")
    day = f.get("retest_on") if retested else f.get("measured_from")[:10]
    result = PASSED if retested else f.get("insp_result")
    record = inspection_row(
        f, HARMONICS, day, result, f.get("insp_content"), f.get("measured_by"), value=value
    )
    return Change(put=(record,))


@effect(
    "登记功率因数和建议，排复看",
    basis="YXZY-YY-476 的归档影响（推定）",
    reads=("customer",),
)
def record_reactive(f: Facts) -> Change:
    """The month's factor against its standard; who was advised is looked at again."""
    factor, standard = month_factor(f), STANDARDS.get(f.get("pf_std"), 0.0)
    result = PASSED if factor >= standard else FAILED
    content = f"{f.get('assessed_ym')} 功率因数 {factor:.3f}，标准 {name_of('pf_std', f.get('pf_std'))}"
    record = inspection_row(
        f, REACTIVE, f.today, result, content, f.get("checked_by"), value=round(factor, 3),
        next_date=f.get("review_on") or None,
    )  # fmt: skip
    again = [task(f, OTHER, "复看功率因数", f.get("review_on"))] if f.get("review_on") else []
    return Change(put=(record, *again))


@effect(
    "登记客户用电事故",
    basis="大连数据质量核查办法第八条（客户安全事故发生情况）；YXZY-YY-480（推定）",
    reads=("customer",),
)
def record_accident(f: Facts) -> Change:
    """The accident with cause, measures and the day they were found carried out."""
    row = {
        "acc_id": f"A{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "happen_time": f.get("happened_at")[:19],
        "level": name_of("accident_kind", f.get("accident_kind")),
        "report_time": f.get("reported_at")[:19],
        "cause": f"{f.get('direct_cause')}；{f.get('indirect_cause')}",
        "measure": f.get("measures"),
        "closed_time": f"{f.get('verified_on')}T00:00:00",
    }
    return Change(put=(("accident", row),))


@effect(
    "登记缺陷并销号，关闭整改任务",
    basis="YXZY-YY-481 的归档影响（推定）",
    reads=("customer", "due_task"),
)
def record_defect(f: Facts) -> Change:
    """The defect with its day of removal; tasks to mend that this order or its source had set are done."""
    row = {
        "defect_id": f"D{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "level": f.get("defect_level"),
        "content": f"{f.get('device')}：{f.get('defect_content')}",
        "found_date": f.get("found_on"),
        "fix_due": f.get("extended_to") or f.get("fix_due"),
        "closed_date": f.get("recheck_on"),
        "app_no": f.case,
    }
    mine = tuple(
        ("due_task", {"task_id": task_["task_id"], "done_date": f.today})
        for task_ in f.rows("due_task")
        if task_.get("kind") == DEFECT and task_.get("app_no") in (f.case, f.get("source_case"))
    )
    return Change(put=(*mine, ("equipment_defect", row)))
