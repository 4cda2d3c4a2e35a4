"""Effects that set and close tasks with a due date, and the row such a task is."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.facts import Facts

REDUCTION, SUSPENSION, REMOVAL, TEMPORARY, CONTRACT = "01", "02", "03", "04", "05"
INSPECTION, FIRST_READING, REPLACEMENT, REFUND, DEFECT, TEST = "06", "07", "08", "09", "10", "11"
REVIEW, EQUIPMENT, VIOLATION, REPRICING, GUARANTEE, ACCIDENT, OTHER, SCHEME = (
    "12", "13", "14", "15", "16", "17", "18", "19",
)  # fmt: skip
"""Kinds of tasks (code list task_kind)."""


def task(
    f: Facts, kind: str, content: str, due: str, remind: str = "", cons_no: str = "", number: int = 0
) -> tuple[str, dict[str, Any]]:
    """A task of this order, for `Change.put`: one a kind and customer, or with a `number` several; `remind` is the day it
    is shown from."""
    owner = cons_no or f.row("customer").get("cons_no") or f.data.get("cons_no")
    row = {
        "task_id": f"{f.case}-{kind}" + (f"-{cons_no}" if cons_no else "") + (f"-{number}" if number else ""),
        "cons_no": owner,
        "kind": kind,
        "content": content,
        "remind_date": remind or due,
        "due_date": due,
        "app_no": f.case,
        "done_date": None,
    }
    return "due_task", row


def closed(f: Facts, *kinds: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The customer's open tasks of these kinds (all kinds when none is named), done today, for `Change.put`."""
    return tuple(
        ("due_task", {"task_id": row["task_id"], "done_date": f.today})
        for row in f.rows("due_task")
        if not kinds or row.get("kind") in kinds
    )


@effect("本户到期任务全部关闭", basis="销户归档影响（推定）", reads=("due_task",))
def close_tasks(f: Facts) -> Change:
    """Nothing is due any more from an account that is closed."""
    return Change(put=closed(f))
