"""The extensions and the whitelist in a month's report (第十二条 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.archive.workbooks import Row
from yk.audit.exempting import APPROVED, EXEMPTION_STATES, shown_state
from yk.audit.occurrences import Span
from yk.audit.report_parts import Asked, Column, Section, Table, number
from yk.audit.scoring import unit_name
from yk.store import Store

Entry = Mapping[str, Any]
_TERMS = (Column("理由", 40), Column("到", 12), Column("状态"), Column("申请", 18), Column("批准", 18))


def granted(store: Store, asked: Asked) -> Section:
    """What was asked for or decided in the month, or in force in it."""
    words = ["本月申请、批准或有效的；状态是出表时的。"]
    return Section("延期和白名单", words, parts=[_extensions(store, asked), _exemptions(store, asked)])


def _extensions(store: Store, asked: Asked) -> Section:
    rows: list[Row] = [
        (
            doc["extension"],
            unit_name(doc["org_no"]),
            len(doc["findings"]),
            *_terms(doc, _state(doc, asked.today)),
        )
        for doc in store.table("audit_extension").all()
        if _concerns(doc, asked.span) and asked.unit in ("", doc["org_no"])
    ]
    columns = (Column("延期"), Column("单位", 24), number("问题数"), *_TERMS)
    return _section("延期", columns, rows)


def _exemptions(store: Store, asked: Asked) -> Section:
    rows: list[Row] = []
    for doc in store.table("audit_exemption").all():
        finding = store.table("finding").get(doc_id=doc["finding"]) or {"org_no": ""}
        if _concerns(doc, asked.span) and asked.unit in ("", finding["org_no"]):
            terms = _terms(doc, shown_state(doc, asked.today))
            rows.append((doc["exemption"], unit_name(finding["org_no"]), doc["finding"], *terms))
    return _section("白名单", (Column("白名单"), Column("单位", 24), Column("问题", 36), *_TERMS), rows)


def _section(title: str, columns: tuple[Column, ...], rows: list[Row]) -> Section:
    return Section(title, () if rows else ["没有。"], table=Table(title, columns, rows))


def _concerns(doc: Entry, span: Span) -> bool:
    decided = doc["approved_at"]
    if doc["state"] == APPROVED and decided[:10] <= span.last and doc["until"] >= span.first:
        return True
    return span.has(doc["applied_at"]) or bool(decided and span.has(decided))


def _state(extension: Entry, today: str) -> str:
    is_over = extension["state"] == APPROVED and extension["until"] < today
    return "已到期" if is_over else EXEMPTION_STATES[extension["state"]]


def _terms(doc: Entry, state: str) -> tuple[str, ...]:
    return doc["reason"], doc["until"], state, doc["applied_by"], doc["approved_by"]
