"""What is asked for by one person and granted by another: checks that whitelist and extensions share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from yk.audit.exempting import APPLIED, EXEMPTION_STATES
from yk.desk import Desk
from yk.errors import Reason, Refused, UsageError
from yk.flows.dates import days_between
from yk.store import Store
from yk.text import halfwidth

Data = dict[str, Any]


def may_decide(desk: Desk, entry: Data, what: str, number: str) -> list[Reason]:
    """Why the operator may not decide on an application."""
    reasons = []
    if entry["state"] != APPLIED:
        state = EXEMPTION_STATES[entry["state"]]
        reasons.append(Reason("already_decided", f"{what} {number} {state}，不能再批"))
    if desk.operator.id == entry["applied_by"]:
        reasons.append(
            Reason("duty_conflict", f"{what} {number} 是 {desk.operator.name} 自己申请的，请换人批")
        )
    return reasons


def gathered(ask: Callable[[], None]) -> list[Reason]:
    """The reasons for which a check refuses; none when it does not."""
    try:
        ask()
    except Refused as refusal:
        return list(refusal.reasons)
    return []


def refuse(reasons: list[Reason]) -> None:
    """Refuse with all of them, if there are any."""
    if reasons:
        raise Refused(list(dict.fromkeys(reasons)))


def found(store: Store, table: str, number: str, what: str, command: str) -> Data:
    """The application with this number. Raises UsageError."""
    doc = store.table(table).get(doc_id=halfwidth(number).strip().upper())
    if doc is None:
        raise UsageError(
            f"unknown_{table.removeprefix('audit_')}", f"没有 {number} 这个{what}", f"{command} 列出全部"
        )
    return dict(doc)


def need_reason(reason: str) -> None:
    """Raises UsageError (`reason_missing`) for an empty one."""
    if not reason.strip():
        raise UsageError("reason_missing", "要写明理由", "加 --reason 理由")


def read_day(text: str) -> str:
    """A day as `2026-12-31`. Raises UsageError (`bad_date`)."""
    try:
        return date.fromisoformat(halfwidth(text).strip()).isoformat()
    except ValueError:
        raise UsageError("bad_date", f"日期“{text}”不对", "写成 2026-12-31") from None


def may_last(desk: Desk, until: str, setting: str, what: str) -> None:
    """Refuse a day that is past, or further away than the setting says."""
    today, most = desk.now()[:10], desk.settings.integer(setting)
    if until < today:
        raise Refused([Reason("day_passed", f"{what}到 {until}，已经过了")])
    if days_between(today, until) > most:
        raise Refused([Reason("too_long", f"{what}到 {until}，超过 {most} 天（设置 {setting}）")])
