"""Is what the audit keeps whole? Whitelist entries as they were sealed, kept plans as they were digested, findings that
say where they are."""

from __future__ import annotations

from collections.abc import Iterator

from yk.audit.exempting import APPROVED, seal
from yk.audit.states import STATES
from yk.desk.checking import Problem
from yk.desk.repair_rows import frozen_rows
from yk.flows.change_list import Listed, digest
from yk.store import Store
from yk.store.conditions import Comparison


def check(store: Store) -> list[dict[str, str]]:
    """Everything that is wrong with the tables of the audit, as `yk.desk.checking.check` says it."""
    with store.reading():
        found = [*_exemptions(store), *_repairs(store), *_findings(store)]
    return [problem._asdict() for problem in found]


def _exemptions(store: Store) -> Iterator[Problem]:
    for key, doc in store.table("audit_exemption").find([Comparison("state", "=", (APPROVED,))]):
        if seal(doc) != doc.get("seal"):
            text = f"白名单 {key} 批准后被改动过，不作数"
            yield Problem("exemption_altered", text, f"audit_exemption/{key}")


def _repairs(store: Store) -> Iterator[Problem]:
    for key, doc in store.table("repair").find([]):
        if digest([Listed(**row) for row in frozen_rows(store, key)]) != doc.get("sha256"):
            text = f"批量修改 {key} 的清单与试算时的摘要不符，被改动过"
            yield Problem("repair_altered", text, f"repair/{key}")


def _findings(store: Store) -> Iterator[Problem]:
    for key, doc in store.table("finding").find([]):
        last = doc["history"][-1]["state"] if doc.get("history") else ""
        if doc.get("state") not in STATES or (last in STATES and last != doc["state"]):
            yield Problem("finding_state", f"问题 {key} 的状态与它的经过不符", f"finding/{key}")
