"""Reports from the screen 数据稽核: of a day, of a month, and what is published of a day."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yk.screens.audit_run import Running
from yk.screens.batch_ask import Page, ask_target
from yk.screens.dialogs import AskText, Choose, Confirm
from yk.screens.widgets.prose import Piece
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
KINDS = {".xlsx": "工作簿，清单是全的", ".md": "给人看的，长的清单只列前面"}
REPORTS = {"day": "日报", "month": "月报"}


class Reporting(Running):
    """The part of the screen that reports."""

    async def do_report(self) -> None:
        """Choose a report, say of when and where to, and have it written."""
        options = [
            ("day", "日报", "一天抽取了什么，每个问题为什么、怎么改、谁办、到哪天"),
            ("month", "月报", "一个月的统计、走势、重现、遗留、各中心分析、考核意见"),
            ("publish", "发布整改情况", "按日发布各单位抽取、订正、遗留多少；发布的数不再变"),
        ]
        chosen = await self.app.push_screen_wait(Choose("报表", options))
        if chosen == "publish":
            await self._publish()
        elif chosen:
            await self._report(chosen)

    async def _report(self, kind: str) -> None:
        name = REPORTS[kind]
        when = await self.app.push_screen_wait(
            AskText(name, "哪一天：" if kind == "day" else "哪个月：", self._now(kind))
        )
        path = await ask_target(self.yk, name, f"稽核{name}{when}.xlsx", KINDS) if when else None
        if not when or path is None:
            return

        async def write() -> None:
            await to_thread(self.yk.office.elsewhere, lambda desk: _write(desk, kind, when, path))
            self.tell(f"{name}已写到 {path}")

        start(self, write, "file")

    def _now(self, kind: str) -> str:
        return f"{self.yk.office.clock():%Y-%m-%d}"[: 10 if kind == "day" else 7]

    async def _publish(self) -> None:
        """Publish today; what was published already is shown."""
        from yk.audit.publishing import publish

        today = self._now("day")
        asked = Confirm("发布整改情况", f"{today} 各单位的抽取、订正、遗留。发布的数不再变。", "发布？")
        if not await self.app.push_screen_wait(asked):
            return
        doc = await self.attempt(publish, title="没有发布")
        if doc is not None:
            await self.app.push_screen_wait(Page(f"{today} 整改情况", _notice(doc)))


def _notice(doc: Data) -> list[Piece | str]:
    """What was published, a line a unit."""
    from yk.audit.publishing import remarks

    rows = [*doc["units"], {**doc["total"], "name": "合计"}]
    at = doc["at"][:16].replace("T", " ")
    return [
        (f"{at} 发布", "faint"),
        *remarks(doc),
        *(
            f"{row['name']} 抽取 {row['extracted']}，订正 {row['corrected']}，遗留 {row['left']}"
            for row in rows
        ),
    ]


def _write(desk: Desk, kind: str, when: str, path: Path) -> None:
    """Write the report of a day or month to a file. Raises UsageError, UnreadableError."""
    from yk.audit.occurrences import day_span, month_span
    from yk.audit.report_parts import Asked
    from yk.audit.reporting import markdown, workbook
    from yk.files import write_atomic

    span = (day_span if kind == "day" else month_span)(when)
    asked = Asked(span, desk.now(), desk.settings)
    if path.suffix.lower() == ".xlsx":
        workbook(desk.store, asked, path)
    else:
        write_atomic(path, markdown(desk.store, asked).encode("utf-8", "backslashreplace"))
