"""Effects of requests: what stays to be done for a customer who is not one yet."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.tasks import OTHER, task
from yk.flows.facts import Facts
from yk.flows.guards.intake import WAIT


@effect("约期补件的意向设提醒", basis="ZJ 144(1)", reads=("customer", "due_task"))
def await_papers(f: Facts) -> Change:
    """A reminder on the agreed day."""
    if f.get("clue_outcome") != WAIT or not f.get("promised_on"):
        return Change()
    text = f"{f.get('new_name')} 的意向等补资料，告知单 {f.get('notice_no')}"
    return Change(put=(task(f, OTHER, text, f.get("promised_on")),))


@effect("补件提醒办结", basis="ZJ 144(3)", reads=("due_task",))
def end_waiting(f: Facts) -> Change:
    """Papers came or the request was closed: nothing is due any more."""
    mine = (row for row in f.rows("due_task") if row.get("app_no") == f.case)
    return Change(put=tuple(("due_task", {"task_id": row["task_id"], "done_date": f.today}) for row in mine))
