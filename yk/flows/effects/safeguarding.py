"""Effects of looking after supply and safety: inspections on record, hazards as defects with a day to be mended by."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import DEFECT, INSPECTION, task
from yk.flows.facts import Facts
from yk.flows.guards.critical import IMPORTANT, hazards, months_between_inspections
from yk.flows.guards.guaranteeing import rows

GUARANTEE, CRITICAL = "09", "07"
"""Kinds of inspection (code list inspection_kind)."""
GOOD, BAD = "1", "2"
ORDINARY = "3"
"""Level of a hazard left over (code list defect_level): 一般."""
HAZARD_DAYS = 30
"""Days to mend a hazard that a guarantee left over, where nobody set another day."""
Rows = list[tuple[str, dict[str, Any]]]


@effect("登记保电记录，遗留隐患转缺陷", basis="YXZY 重要保电任务管理（推定）", reads=("customer",))
def record_guarantee(f: Facts) -> Change:
    """Every place that is an account gets its record; what was not mended there is followed up."""
    done = (f.get("released_at") or f.today)[:10]
    made: Rows = []
    for number, row in enumerate(rows(f, "places"), start=1):
        cons_no, hazard = str(row.get("cons_no") or ""), str(row.get("hazard") or "").strip()
        if not cons_no:
            continue
        record = {
            "insp_id": f"{f.case}-{number}",
            "cons_no": cons_no,
            "kind": GUARANTEE,
            "done_date": done,
            "by": f.operator,
            "result": BAD if hazard else GOOD,
            "content": f"保电：{f.get('task_name')}，{row.get('place')}",
            "app_no": f.case,
        }
        made.append(("inspection_record", record))
        if hazard:
            made += _defect(f, number, cons_no, ORDINARY, hazard, days_on(done, HAZARD_DAYS))
    return Change(put=tuple(made))


def _defect(f: Facts, number: int, cons_no: str, level: str, content: str, due: str) -> Rows:
    """A hazard as a defect of the account, and the task to see it mended."""
    row = {
        "defect_id": f"{f.case}-{number}",
        "cons_no": cons_no,
        "level": level,
        "content": content,
        "found_date": f.today,
        "fix_due": due,
        "closed_date": None,
        "app_no": f.case,
    }
    mending = task(f, DEFECT, f"隐患整改：{content}", due=due, cons_no=cons_no, number=number)
    return [("equipment_defect", row), mending]


@effect(
    "回写重要等级和检查日期，隐患转缺陷，排下次检查",
    basis="YXZY 重要客户安全管理（推定）",
    reads=("customer", "due_task"),
)
def record_critical_inspection(f: Facts) -> Change:
    """The account carries its importance and the day it was looked at; each hazard a day to be mended by."""
    customer, level = f.row("customer"), f.get("importance") or "0"
    cons_no, found = str(customer["cons_no"]), hazards(f)
    months = months_between_inspections(f)
    next_day = months_on(f.today, months)
    fields = {
        "importance": level,
        "check_date": f.today,
        "own_source": "1" if f.data.get("emergency_cap") else "0",
    }
    record = {
        "insp_id": f.case,
        "cons_no": cons_no,
        "kind": CRITICAL,
        "done_date": f.today,
        "by": f.data.get("inspected_by"),
        "result": BAD if found else GOOD,
        "content": f.data.get("inspection_opinion"),
        "next_date": next_day,
        "app_no": f.case,
    }
    put: Rows = [("customer", {"cons_no": cons_no, **fields}), ("inspection_record", record)]
    for number, row in enumerate(found, start=1):
        due = str(row.get("fix_due") or days_on(f.today, HAZARD_DAYS))[:10]
        put += _defect(f, number, cons_no, str(row.get("level") or ORDINARY), str(row.get("content")), due)
    if level in IMPORTANT:
        put.append(task(f, INSPECTION, f"重要客户安全检查（{months} 个月一次）", due=next_day))
    return Change(put=tuple(put))
