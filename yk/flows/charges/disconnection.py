"""Cutting off in three steps and restoring in time (供电营业规则(1996)第66、67、69条; 电力供应与使用条例第39条)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICE_DAYS = (3, 7)
"""The notice is served so many days before at the latest, and at the earliest."""
LAST_CALL = timedelta(minutes=30)
"""The second notice comes so long before."""
OVERDUE_DAYS = 30
"""Only arrears overdue longer than this let the supply be cut."""
RESTORE = {"R96": timedelta(days=3), "R16": timedelta(days=3), "R24": timedelta(hours=24)}
"""How soon after the cause is gone the supply is back."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The traces of the three steps; None is a step not taken. `critical` customers are reported to the authority."""

    off: datetime
    approved: datetime | None = None
    notice: datetime | None = None
    last_call: datetime | None = None
    critical: bool = False
    reported: bool = False


def step_faults(cut: Cut, notice_days: tuple[int, int] = NOTICE_DAYS) -> Iterator[tuple[str, str]]:
    """(step, what is wrong) for each of 'approval', 'notice', 'authority', 'last_call' that is missing or ill-timed."""
    if cut.approved is None:
        yield "approval", "停电没有经本单位负责人批准"
    elif cut.approved > (cut.notice or cut.off):
        yield "approval", f"批准时间 {_minute(cut.approved)} 晚于通知或停电，应先批准"
    yield from _notice_faults(cut, notice_days)
    if cut.critical and not cut.reported:
        yield "authority", "重要用户停电没有报送同级电力管理部门"
    if cut.last_call is None:
        yield "last_call", "停电前三十分钟没有再通知一次"
    elif cut.off - cut.last_call < LAST_CALL:
        yield "last_call", f"再次通知在 {_minute(cut.last_call)}，距停电不足三十分钟"
    elif cut.notice and cut.last_call <= cut.notice:
        yield "last_call", "两次通知是同一时刻，停电前三十分钟要再通知一次"


def _notice_faults(cut: Cut, notice_days: tuple[int, int]) -> Iterator[tuple[str, str]]:
    least, most = notice_days
    if cut.notice is None:
        yield "notice", f"停电通知书没有在停电前 {least} 至 {most} 天送达"
        return
    days = (cut.off.date() - cut.notice.date()).days
    if not least <= days <= most:
        yield "notice", f"停电通知书在停电前 {days} 天送达，应在 {least} 至 {most} 天之间"


def arrears_ripe(due: datetime, reminded: bool, off: datetime) -> bool:
    """May arrears due on `due` be a ground: overdue longer than the limit, and asked for in vain?"""
    return reminded and (off.date() - due.date()).days > OVERDUE_DAYS


def restore_by(cause_gone: datetime, rule_set: str) -> datetime:
    """The moment the supply has to be back."""
    return cause_gone + RESTORE[rule_set]


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
