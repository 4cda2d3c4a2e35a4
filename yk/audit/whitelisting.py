"""Asking for the whitelist, granting it, ending it. Who asks may not grant; an entry's terms are never edited."""

from __future__ import annotations

from typing import Any

from yk.audit.deciding import found, gathered, may_decide, may_last, need_reason, read_day, refuse
from yk.audit.exempting import (
    APPLIED,
    APPROVED,
    EXEMPTION_STATES,
    REJECTED,
    WITHDRAWN,
    entry_of,
    seal,
    values_of,
)
from yk.audit.following import Cause, due_day, moved
from yk.audit.looking import find_finding
from yk.audit.numbering import EXEMPTION, next_number
from yk.audit.owners import require_holder, require_role, require_unit
from yk.audit.rules import twins
from yk.audit.states import OPEN, REOPENED, STATES, WHITELISTED
from yk.desk import Desk
from yk.errors import Reason, Refused
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]


def ask_exemption(desk: Desk, finding: str, reason: str, until: str) -> Data:
    """The unit asks that a finding be let stand until a day. Raises UsageError, Refused."""
    need_reason(reason)
    until = read_day(until)
    with desk.unit():
        doc = find_finding(desk.store, finding)
        require_unit(desk.operator, doc["org_no"], "申请白名单")
        may_last(desk, until, "audit_exemption_days", "白名单")
        if known := _pending(desk.store, doc["finding"], desk.now()[:10]):
            state = EXEMPTION_STATES[known["state"]]
            text = f"问题 {doc['finding']} 已有白名单 {known['exemption']}（{state}，到 {known['until']}），不能改它的条件"
            raise Refused(
                [Reason("exemption_exists", text)],
                f"先撤回：yk audit whitelist withdraw {known['exemption']}",
            )
        if doc["state"] not in OPEN:
            raise Refused(
                [Reason("finding_closed", f"问题 {doc['finding']} {STATES[doc['state']]}，不用再办")]
            )
        entry = {
            "exemption": next_number(desk.store, EXEMPTION),
            "finding": doc["finding"], "cons_no": doc["cons_no"], "division": doc["division"],
            "values": values_of(desk.store, doc), "reason": reason.strip(), "until": until, "state": APPLIED,
            "applied_by": desk.operator.id, "applied_at": desk.now(), "approved_by": "", "approved_at": "", "seal": "",
        }  # fmt: skip
        desk.store.table("audit_exemption").save(entry)
        return entry


def decide_exemption(desk: Desk, number: str, approved: bool, note: str = "") -> Data:
    """The division's reviewer approves or rejects, as the row is now. Raises UsageError, Refused."""
    with desk.unit():
        entry = exemption(desk.store, number)
        reasons = may_decide(desk, entry, "白名单", entry["exemption"])
        reasons += gathered(
            lambda: require_holder(desk.store, desk.operator, "division", entry["division"], "批白名单")
        )
        doc = find_finding(desk.store, entry["finding"])
        if approved and values_of(desk.store, doc) != entry["values"]:
            reasons.append(
                Reason(
                    "changed_since", f"申请 {entry['exemption']} 以后 {doc['finding']} 的数据变了，请重新申请"
                )
            )
        if approved and entry["until"] < desk.now()[:10]:
            reasons.append(
                Reason("exemption_lapsed", f"申请 {entry['exemption']} 只到 {entry['until']}，已过期")
            )
        refuse(reasons)
        if not approved:
            need_reason(note)
        entry |= {
            "state": APPROVED if approved else REJECTED,
            "approved_by": desk.operator.id,
            "approved_at": desk.now(),
        }
        entry |= {"seal": seal(entry)} if approved else {"note": note}
        desk.store.table("audit_exemption").save(entry)
        if approved:
            told = f"{entry['exemption']}，到 {entry['until']}：{entry['reason']}"
            _move_all(desk, entry["finding"], OPEN, WHITELISTED, told)
        return entry


def withdraw_exemption(desk: Desk, number: str, reason: str) -> Data:
    """End an entry before its day; its finding is open again. Raises UsageError, Refused."""
    need_reason(reason)
    with desk.unit():
        entry = exemption(desk.store, number)
        if entry["state"] not in (APPLIED, APPROVED):
            state = EXEMPTION_STATES[entry["state"]]
            raise Refused([Reason("exemption_ended", f"白名单 {entry['exemption']} {state}，不用撤回")])
        if desk.operator.id != entry["applied_by"]:
            require_role(desk.operator, "division_lead", "撤回别人的白名单")
        desk.store.table("audit_exemption").save(
            entry
            | {
                "state": WITHDRAWN,
                "withdrawn_by": desk.operator.id,
                "withdrawn_at": desk.now(),
                "note": reason,
            }
        )
        told = f"白名单 {entry['exemption']} 撤回：{reason}"
        _move_all(desk, entry["finding"], (WHITELISTED,), REOPENED, told)
        return exemption(desk.store, number)


def _move_all(desk: Desk, finding: str, states: tuple[str, ...], to: str, told: str) -> None:
    """A finding, and the same one under another number, comes to a new state; one that is opened again gets new days."""
    table, now, by = desk.store.table("finding"), desk.now(), desk.operator.id
    days = {"due": due_day(Cause(now, by, desk.settings.integer("audit_due_days")))} if to == REOPENED else {}
    again = {"found_at": now, "late": False, "extension": "", "assignee": ""} | days if days else {}
    docs = [dict(doc) for doc in table.get(doc_ids=twins(finding)) if doc["state"] in states]
    table.put((doc["finding"], moved(doc | again, to, now, by, reason=told, **days)) for doc in docs)


def exemption(store: Store, number: str) -> Data:
    """The whitelist entry with this number. Raises UsageError (`unknown_exemption`)."""
    return found(store, "audit_exemption", number, "白名单", "yk audit whitelist list")


def _pending(store: Store, finding: str, today: str) -> Data | None:
    """The entry of a finding that holds, or waits to be decided; one that has lapsed or was altered hinders nothing."""
    entry = entry_of(store, finding)
    if entry and entry["until"] >= today and seal(entry) == entry["seal"]:
        return entry
    wanted = [Comparison("finding", "in", tuple(twins(finding))), Comparison("state", "=", (APPLIED,))]
    return next((dict(doc) for _, doc in store.table("audit_exemption").find(wanted)), None)
