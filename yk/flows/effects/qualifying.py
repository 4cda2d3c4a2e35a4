"""Effects on the register of qualifications: people enrolled, renewed, struck off, and the reviews that fall due."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import REVIEW, task
from yk.flows.facts import Facts
from yk.flows.guards.qualifying import CANCEL, ELECTRICIAN, IN_FORCE, INSPECTOR, in_force

STRUCK_OFF = "3"
NOTICE_MONTHS = 3
"""How long before a review or the end of a certificate people are reminded."""
Rows = list[tuple[str, dict[str, Any]]]


@effect(
    "登记入网电工，排复审提醒",
    basis="YXZY 入网电工登记（推定）",
    reads=("customer", "qualifications", "due_task"),
)
def enrol_electrician(f: Facts) -> Change:
    """The electrician of this customer comes onto the register, is renewed or struck off."""
    here = f.row("customer").get("cons_no")
    known = [row for row in in_force(f, ELECTRICIAN) if row.get("cons_no") == here]
    if f.get("register_action") == CANCEL:
        return Change(put=tuple(_struck_off(f, known)))
    row = {
        "qual_id": known[0]["qual_id"] if known else f"Q{f.case}",
        "kind": ELECTRICIAN,
        "name": f.data.get("person_name"),
        "cert_no": f.data.get("qual_cert_no"),
        "person_no": f.data.get("person_no"),
        "work_kind": f.data.get("work_kind"),
        "cons_no": here,
        "org_no": f.row("customer").get("org_no"),
        "issue_date": f.data.get("issue_date"),
        "review_date": f.data.get("review_date"),
        "end_date": f.data.get("end_date"),
        "status": IN_FORCE,
        "app_no": f.case,
    }
    review = f.get("review_date")
    text = f"入网电工 {f.get('person_name')} 的证 {review} 复审，催办"
    remind = f.get("remind_date") or months_on(review, -NOTICE_MONTHS)
    return Change(
        put=(*_done(f, known), ("qualification", row), task(f, REVIEW, text, due=review, remind=remind))
    )


def _struck_off(f: Facts, known: Any) -> Rows:
    """Whoever is on the register leaves it; the review that was due falls away."""
    return [
        *(("qualification", {"qual_id": r["qual_id"], "status": STRUCK_OFF}) for r in known),
        *_done(f, known),
    ]


def _done(f: Facts, known: Any) -> Rows:
    """The review tasks of these registrations, done today."""
    orders = {row.get("app_no") for row in known}
    return [
        ("due_task", {"task_id": one["task_id"], "done_date": f.today})
        for one in f.rows("due_task")
        if one.get("kind") == REVIEW and one.get("app_no") in orders
    ]


@effect(
    "登记用电检查人员资格，排考核提醒",
    basis="YXZY 用电检查人员资格登记（推定）",
    reads=("customer", "qualifications"),
)
def enrol_inspector(f: Facts) -> Change:
    """The inspector comes onto the roll from which work is given out; who is struck off gets no more."""
    known = in_force(f, INSPECTOR)
    put: Rows = [("qualification", {"qual_id": row["qual_id"], "status": STRUCK_OFF}) for row in known]
    if f.get("register_action") == CANCEL:
        return Change(put=tuple(put))
    row = {
        "qual_id": f"Q{f.case}",
        "kind": INSPECTOR,
        "name": f.data.get("person_name"),
        "cert_no": f.data.get("qual_cert_no"),
        "person_no": f.data.get("person_no"),
        "grade": f.data.get("grade"),
        "volt_code": f.data.get("covered_volt"),
        "org_no": f.data.get("org_no"),
        "issue_date": f.data.get("issue_date"),
        "review_date": f.data.get("next_exam_date"),
        "end_date": f.data.get("end_date"),
        "status": IN_FORCE,
        "app_no": f.case,
    }
    due = f.get("next_exam_date")
    text = f"用电检查人员 {f.get('person_name')} {due} 考核，证 {f.get('end_date')} 到期"
    return Change(
        put=(
            *put,
            ("qualification", row),
            task(f, REVIEW, text, due=due, remind=months_on(due, -NOTICE_MONTHS)),
        )
    )
