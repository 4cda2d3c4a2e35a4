"""More days for findings that are many (第十二条 1): asked for by the unit, granted by the audit specialist."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from yk.audit.deciding import found, gathered, may_decide, may_last, need_reason, read_day, refuse
from yk.audit.exempting import APPLIED, APPROVED, REJECTED
from yk.audit.following import noted
from yk.audit.life import with_twins
from yk.audit.looking import find_finding
from yk.audit.numbering import EXTENSION, next_number
from yk.audit.owners import require_role, require_unit
from yk.audit.states import OPEN, STATES
from yk.desk import Desk
from yk.errors import Reason, UsageError

Data = dict[str, Any]


def ask_extension(desk: Desk, ids: Iterable[str], until: str, reason: str) -> Data:
    """The unit asks for more days for findings of its own (第十二条 1: 数据量较大的). Raises UsageError, Refused."""
    need_reason(reason)
    until = read_day(until)
    with desk.unit():
        docs = [find_finding(desk.store, word) for word in dict.fromkeys(ids)]
        if not docs:
            raise UsageError("finding_needed", "没有指明问题", "写问题编号，或用 --rule、--unit 选")
        reasons: list[Reason] = []
        for doc in docs:
            reasons += gathered(partial(require_unit, desk.operator, doc["org_no"], "申请延期"))
            if doc["state"] not in OPEN:
                reasons.append(
                    Reason("finding_closed", f"问题 {doc['finding']} {STATES[doc['state']]}，不用延期")
                )
            elif until <= doc["due"]:
                reasons.append(
                    Reason(
                        "extension_short",
                        f"问题 {doc['finding']} 的期限已是 {doc['due']}，延到 {until} 没有用",
                    )
                )
        named = [doc["finding"] for doc in with_twins(desk.store, docs)]
        reasons += _pending(desk, [doc["finding"] for doc in docs])
        refuse(reasons)
        may_last(desk, until, "audit_extension_days", "延期")
        entry = {
            "extension": next_number(desk.store, EXTENSION), "findings": named,
            "org_no": docs[0]["org_no"], "until": until, "reason": reason.strip(), "state": APPLIED,
            "applied_by": desk.operator.id, "applied_at": desk.now(), "approved_by": "", "approved_at": "",
        }  # fmt: skip
        desk.store.table("audit_extension").save(entry)
        return entry


def decide_extension(desk: Desk, number: str, approved: bool, note: str = "") -> Data:
    """The audit specialist grants or refuses it. Open findings get the day, but for those due later already and those
    that were cleared and came back since it was asked. Raises UsageError, Refused."""
    with desk.unit():
        entry = found(desk.store, "audit_extension", number, "延期申请", "yk audit extend list")
        reasons = may_decide(desk, entry, "延期申请", entry["extension"])
        reasons += gathered(lambda: require_role(desk.operator, "data_steward", "批延期"))
        if approved and entry["until"] < desk.now()[:10]:
            text = f"延期申请 {entry['extension']} 到 {entry['until']}，已经过了，批准没有用"
            reasons.append(Reason("day_passed", text))
        refuse(reasons)
        if not approved:
            need_reason(note)
        entry |= {
            "state": APPROVED if approved else REJECTED,
            "approved_by": desk.operator.id,
            "approved_at": desk.now(),
        }
        desk.store.table("audit_extension").save(entry | ({"note": note} if note else {}))
        if approved:
            docs = [find_finding(desk.store, ident) for ident in entry["findings"]]
            desk.store.table("finding").put(
                (
                    doc["finding"],
                    _extended(desk, doc, entry),
                )
                for doc in docs
                if doc["state"] in OPEN
                and doc["due"] < entry["until"]
                and doc["found_at"] <= entry["applied_at"]
            )
        return entry


def _pending(desk: Desk, named: list[str]) -> list[Reason]:
    """Which of these findings an application is pending for."""
    asked = {
        finding: doc["extension"]
        for doc in desk.store.table("audit_extension").all()
        if doc["state"] == APPLIED
        for finding in doc["findings"]
    }
    return [
        Reason("extension_pending", f"问题 {finding} 已申请延期（{asked[finding]}），还没有批")
        for finding in named
        if finding in asked
    ]


def _extended(desk: Desk, doc: Data, entry: Data) -> Data:
    """A finding with its new day; one that was late before its extension was granted is not late any more."""
    told = {"reason": f"{entry['extension']}：{entry['reason']}", "due": entry["until"]}
    doc = doc | {"due": entry["until"], "extension": entry["extension"], "late": False}
    return noted(doc, "extended", desk.now(), desk.operator.id, **told)
