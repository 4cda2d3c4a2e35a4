"""Effects of inspections: the record, the account's last inspection, the day of the next."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.effects.tasks import DEFECT, INSPECTION, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.inspecting import FAILED, inspection_months

PERIODIC, SPECIAL = "01", "02"
"""Kinds of inspections (code list inspection_kind)."""
Row = tuple[str, dict[str, object]]


def inspection_row(
    f: Facts,
    kind: str,
    done: str,
    result: str,
    content: str,
    by: str,
    value: float | None = None,
    next_date: str | None = None,
) -> Row:
    """A row of the inspection register, one a kind and work order, for `Change.put`."""
    return "inspection_record", {
        "insp_id": f"{f.case}-{kind}",
        "cons_no": f.row("customer")["cons_no"],
        "kind": kind,
        "done_date": done,
        "by": by,
        "result": result,
        "value": value,
        "content": content,
        "next_date": next_date,
        "app_no": f.case,
    }


def _inspected(f: Facts, kind: str, next_date: str | None) -> tuple[Row, ...]:
    """What every inspection leaves: its record, the account's last date, a task where something is to be mended."""
    done, by = f.get("done_on"), f"{f.get('lead_inspector')}、{f.get('second_inspector')}"
    record = inspection_row(
        f, kind, done, f.get("insp_result"), f.get("insp_content"), by, next_date=next_date
    )
    rows: list[Row] = [customer_row(f, check_date=done), record]
    if f.get("insp_result") == FAILED and f.get("fix_due"):
        rows.append(task(f, DEFECT, f"复看通知书 {f.get('notice_no')} 的整改", f.get("fix_due")))
    return tuple(rows)


@effect(
    "回写上次检查日期，登记检查记录，排下次检查",
    basis="YXZY-YY-459 的归档影响（推定；大连数据质量核查办法 小七1.59）",
    reads=("customer", "due_task"),
)
def record_periodic_inspection(f: Facts) -> Change:
    """The account's last inspection is this one; the next is due a cycle later, the task for this one is done."""
    due = months_on(f.get("done_on"), inspection_months(f))
    following = task(f, INSPECTION, "周期检查到期", due, remind=months_on(due, -1))
    return Change(put=(*closed(f, INSPECTION), *_inspected(f, PERIODIC, due), following))


@effect(
    "回写上次检查日期，登记专项检查记录",
    basis="YXZY-YY-461 的归档影响（推定）",
    reads=("customer",),
)
def record_special_inspection(f: Facts) -> Change:
    """A special inspection counts as the last one; the cycle's next date stays."""
    return Change(put=_inspected(f, SPECIAL, None))
