"""Deciding on the screen 数据稽核: whitelist entries and extensions granted, refused, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yk.audit.exempting import APPLIED, APPROVED
from yk.screens.audit_report import Reporting
from yk.screens.dialogs import AskText, Confirm

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
NAMES = {"exemptions": "白名单", "extensions": "延期"}
BASIS = {"exemptions": "whitelist", "extensions": "extension"}
"""Kind of application -> the power that decides on it."""


class Deciding(Reporting):
    """The part of the screen that decides on applications."""

    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        if action not in ("approve", "reject", "withdraw"):
            return super().why_not(action)
        row = self.row
        if row is None or self.shown is None:
            return "先选一份申请"
        if action == "withdraw":
            return "" if row["state"] in (APPLIED, APPROVED) else f"{row['state_name']}，不用撤回"
        if row["state"] != APPLIED:
            return f"{row['state_name']}，不能再批"
        return self.powers.get(BASIS[self.shown.kind], "")

    # -- applications ----------------------------------------------------------------------------------------
    async def do_approve(self) -> None:
        """Grant an application."""
        row, what = self._application()
        asked = Confirm(f"批准{what}", *_told(row), "批准？")
        if await self.app.push_screen_wait(asked):
            await self._decide(row, True, "", f"{what} {row['id']} 已批准", "没有批准")

    async def do_reject(self) -> None:
        """Refuse an application, and say why."""
        row, what = self._application()
        reason = await self.app.push_screen_wait(AskText(f"不批{what} {row['id']}", "不批的理由："))
        if reason:
            await self._decide(row, False, reason, f"{what} {row['id']} 没有批准", "没有办成")

    async def do_withdraw(self) -> None:
        """End a whitelist entry before its day."""
        from yk.audit.whitelisting import withdraw_exemption

        row, what = self._application()
        reason = await self.app.push_screen_wait(AskText(f"撤回{what} {row['id']}", "撤回的理由："))
        if reason:
            number = str(row["id"])
            await self._do_it(
                lambda desk: withdraw_exemption(desk, number, reason), f"{what} {number} 已撤回", "没有撤回"
            )

    def _application(self) -> tuple[Data, str]:
        assert self.row is not None
        assert self.shown is not None
        return self.row, NAMES[self.shown.kind]

    async def _decide(self, row: Data, approved: bool, note: str, done: str, refused: str) -> None:
        from yk.audit.extending import decide_extension
        from yk.audit.whitelisting import decide_exemption

        decide = decide_exemption if "exemption" in row else decide_extension
        await self._do_it(lambda desk: decide(desk, row["id"], approved, note), done, refused)

    async def _do_it(self, work: Callable[[Desk], Data], done: str, refused: str) -> None:
        if await self.attempt(work, done, refused) is not None:
            self.reload()


def _told(row: Data) -> list[str]:
    """An application in a few lines."""
    about = (
        f"{row['unit']} {row['count']} 个问题".strip()
        if "count" in row
        else f"{row['rule']} {row['cons_no']}"
    )
    return [f"{row['id']}　{about}", f"到 {row['until']}：{row['reason']}", f"{row['applicant']} 申请"]
