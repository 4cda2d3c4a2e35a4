"""The notice of a day (第十一条 1: 按日发布整改情况): what was extracted, corrected, left over, unit by unit. What is
published stays as it is; published again, the former one is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.audit.occurrences import CORRECTIONS, Span, day_span
from yk.audit.owners import require_sender
from yk.audit.rules import version
from yk.audit.scoring import figures, rows, total
from yk.desk import Desk
from yk.errors import UsageError
from yk.store import Store

Data = dict[str, Any]
PUBLISHED = ("extracted", "back", "corrected", *CORRECTIONS, "missed", "pending", "pending_extended", "whitelisted",
             "open", "extending", "left", "distinct_extracted", "distinct_open", "distinct_left",
             "same_day_rate")  # fmt: skip
"""What a notice says of a unit, as `scoring.rows` names it."""


def publish(desk: Desk, day: str = "", again: bool = False) -> Data:
    """Publish a day (today), or give what was published of it; with `again` it is counted anew.

    {notice: day, at, by, runs, version, retired, total, units: [{key, name, accounts, …PUBLISHED}], former: [the same,
    older ones]}; `retired` as in `scoring.Figures`.
    Raises UsageError (`bad_date`, `day_ahead`, `no_run`), Refused.
    """
    require_sender(desk.operator, "发布整改情况")
    span, table = day_span(day or desk.now()[:10]), desk.store.table("audit_notice")
    if not again and (known := table.get(doc_id=span.name)) is not None:
        return dict(known)
    with desk.store.reading():
        made = _counted(desk, span)
    with desk.unit():
        before = table.get(doc_id=span.name)
        if before is not None and not again:  # somebody was quicker
            return dict(before)
        if before is not None:
            older = {name: value for name, value in before.items() if name != "former"}
            made["former"] = [*before["former"], older]
        table.save(made)
    return made


def _counted(desk: Desk, span: Span) -> Data:
    runs = need_runs(desk.store, span, desk.now()[:10])
    (told,) = figures(desk.store, [span], desk.settings, desk.now()[:10])
    return {
        "notice": span.name,
        "at": desk.now(),
        "by": desk.operator.id,
        "runs": [one["run"] for one in runs],
        "version": version(),
        "retired": told.retired,
        "total": _published(total(told, desk.settings)),
        "units": [_published(row) for row in rows(told, "unit", desk.settings)],
        "former": [],
    }


def _published(row: Data) -> Data:
    return {name: row[name] for name in ("key", "name", "accounts", *PUBLISHED)}


def remarks(doc: Data) -> list[str]:
    """What one has to know of the numbers of a notice, in sentences; nothing of one that older versions published."""
    said: list[str] = []
    if "retired" not in doc:
        return said
    if is_early(doc):
        said.append(not_over(doc["total"]["pending"] + doc["total"]["pending_extended"]))
    if doc["retired"]:
        said.append(retired(doc["retired"]))
    return said


def is_early(doc: Data) -> bool:
    """Was a day published before it was over?"""
    return bool(doc["at"][:10] <= doc["notice"])


def not_over(pending: int) -> str:
    """What one has to know of the numbers of a day that is not over, on which so many findings are still due."""
    if not pending:
        return "未到期：今天还没有过完；今天到期的都已办结"
    return f"未到期：待办 {pending} 个，今晚 24:00 到期；到期前不算遗留，所在单位的当日订正率空着"


def retired(count: int) -> str:
    """What one has to know of findings of rules that are in force no more."""
    return f"规则已不在用 {count} 个，不计"


def notice(store: Store, day: str) -> Data:
    """What was published of a day. Raises UsageError (`bad_date`, `unknown_notice`)."""
    name = day_span(day).name
    doc = store.table("audit_notice").get(doc_id=name)
    if doc is None:
        raise UsageError("unknown_notice", f"{name} 还没有发布", f"先发布：yk audit publish --day {name}")
    return dict(doc)


def notices(store: Store) -> list[Data]:
    """Every notice, the last day first."""
    return [dict(doc) for doc in store.table("audit_notice").all()][::-1]


def need_runs(store: Store, span: Span, today: str) -> list[Data]:
    """The runs in a span, in order. Raises UsageError (`day_ahead`, `no_run`) where there is none."""
    if span.first > today:
        raise UsageError("day_ahead", f"{span.name} 还没有到", f"今天是 {today}")
    found = list(runs_in(store, span))
    if not found:
        raise UsageError(
            "no_run", f"{span.name} 没有稽核过", "先稽核：yk audit run；历次稽核见 yk audit runs"
        )
    return found


def runs_in(store: Store, span: Span) -> Iterator[Data]:
    """The runs in a span, in order."""
    return (dict(doc) for doc in store.table("audit_run").all() if span.has(doc["at"]))
