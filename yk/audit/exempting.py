"""The whitelist: a finding that is right as it is (特批、历史原因), for a reason, until a day, by two persons.

An entry is sealed when it is approved. It covers the row as it was then: it is void when it lapses, when the row's
values change, or when the entry itself was altered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from yk.audit.rules import rules, twins
from yk.audit.states import WHITELISTED
from yk.audit.telling import told_fields
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
APPLIED, APPROVED, REJECTED, WITHDRAWN = "applied", "approved", "rejected", "withdrawn"
EXEMPTION_STATES = {APPLIED: "待批", APPROVED: "有效", REJECTED: "未批准", WITHDRAWN: "已撤回"}
_SEALED = ("exemption", "finding", "values", "reason", "until", "applied_by", "approved_by", "approved_at")


def seal(entry: Mapping[str, Any]) -> str:
    """The digest of what was approved."""
    body = {name: entry.get(name) for name in _SEALED}
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def values_of(store: Store, finding: Mapping[str, Any]) -> Data:
    """What the rule of a finding looks at in its row, now."""
    row = store.table(finding["entity"]).get(doc_id=finding["entity_id"]) or {}
    named = told_fields(finding["rule"], finding["entity"]) if finding["rule"] in rules() else ()
    return {name: row.get(name) for name in named}


def entry_of(store: Store, finding: str) -> Data | None:
    """The approved entry of a finding, or of the same one under another number, that runs longest; None without one."""
    wanted = [Comparison("finding", "in", tuple(twins(finding))), Comparison("state", "=", (APPROVED,))]
    rows = [dict(doc) for _, doc in store.table("audit_exemption").find(wanted)]
    return max(rows, key=lambda doc: str(doc["until"]), default=None)


def approved(store: Store) -> dict[str, Data]:
    """The approved entries by every id of the finding they are for."""
    rows = [
        dict(doc) for _, doc in store.table("audit_exemption").find([Comparison("state", "=", (APPROVED,))])
    ]
    rows.sort(key=lambda doc: str(doc["until"]))
    return {twin: doc for doc in rows for twin in twins(doc["finding"])}


def shown_state(entry: Mapping[str, Any], today: str) -> str:
    """The state of an entry for people; an approved one may have lapsed or been altered."""
    if entry["state"] != APPROVED:
        return EXEMPTION_STATES[entry["state"]]
    if seal(entry) != entry.get("seal"):
        return "被改动，不作数"
    return "已到期" if entry["until"] < today else EXEMPTION_STATES[APPROVED]


def covered(store: Store, today: str) -> set[str]:
    """The ids of the findings that the whitelist covers."""
    rows = store.table("finding").find([Comparison("state", "=", (WHITELISTED,))])
    return {key for key, doc in rows if not why_void(store, doc, today)}


def why_void(store: Store, finding: Mapping[str, Any], today: str) -> str:
    """Why the whitelist does not cover a finding (any more); '' when it does."""
    entry = entry_of(store, finding["finding"])
    if entry is None:
        return "白名单已撤回"
    number = entry["exemption"]
    if seal(entry) != entry["seal"]:
        return f"白名单 {number} 批准后被改动过，不作数"
    if entry["until"] < today:
        return f"白名单 {number} 已于 {entry['until']} 到期"
    row = store.table(finding["entity"]).get(doc_id=finding["entity_id"]) or {}
    if any(row.get(name) != value for name, value in entry["values"].items()):
        return f"白名单 {number} 批准以后数据又变了"
    return ""
