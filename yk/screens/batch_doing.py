"""Working on one batch on the screen 批量: confirm, strike, apply, stop, take back, export."""

from __future__ import annotations

from asyncio import to_thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.timer import Timer
from textual.worker import get_current_worker

from yk.batch.rows import PLANNED, PLANNING, STATUSES, UNDOING
from yk.errors import Refused
from yk.screens.batch_ask import Page, ask_target
from yk.screens.batch_new import Beginning
from yk.screens.batch_run import (
    APPLY,
    PLAN,
    UNDO,
    Ended,
    Run,
    Went,
    Work,
    applying,
    drive,
    undoing,
)
from yk.screens.dialogs import AskText, Choose, ConfirmNumber
from yk.screens.widgets.prose import Piece
from yk.screens.working import start

if TYPE_CHECKING:
    from pathlib import Path

    from yk.desk import Desk

Data = dict[str, Any]
TICK = 0.5
"""Seconds after which the time that is left is told anew, whatever the run says."""
ONE = ("apply", "resume", "check", "filter", "strike", "export", "undo", "about")
"""What is done to a batch that is open."""


class Doing(Beginning):
    """The part of the screen that works on the open batch; the other parts give `number`, `doc`, `status`, `row`."""

    if TYPE_CHECKING:
        number: str
        doc: Data | None
        status: str

        @property
        def row(self) -> Data | None: ...

        def open_batch(self, number: str) -> None: ...

        def show_run(self) -> None: ...

    _tick: Timer

    def __init__(self) -> None:
        super().__init__()
        self.run_: Run | None = None

    # -- why not ---------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        busy = self.going is not None and f"{self.going.what}{self.going.name}还没有完，等它办完，或按 c 停下"
        if action == "stop":
            return "" if self.going else "没有正在办的"
        if action in ("new", "apply", "resume", "undo") and busy:
            return busy
        if action in ONE and self.doc is None:
            return "先打开一个批次"
        return "" if self.doc is None else self._why_not_here(action, self.doc)

    def _why_not_here(self, action: str, doc: Data) -> str:
        state = doc["state"]
        if action in ("apply", "resume"):
            return self._why_not_apply(doc)
        if action == "undo":
            done = doc["done"] or state == UNDOING
            return "" if done and state != PLANNED else "没有办过的户，没有可撤销的"
        if action == "strike":
            if state != PLANNED:
                return "已经开始执行，不能再剔除" if state != PLANNING else "计划还没有做完"
            return "" if self.row is not None and self.row.get("status") == "ready" else "先选一行可办的"
        if action == "check" and doc["order"] != "open":
            return f"工单{doc['order_name']}，没有要确认的"
        return ""

    def _why_not_apply(self, doc: Data) -> str:
        match doc["state"]:
            case "planning":
                return "计划没有做完，用同一份清单再按 n 计划一次"
            case "undoing":
                return "正在撤销，按 ^z 接着撤销"
            case "undone":
                return "已经撤销，要再办请用清单重新计划"
            case "applied" if not doc["begun"]:
                return "已经办完"
            case "planned" if not doc["ready"]:
                return "没有可办的户，改正清单后重新计划"
        return ""

    # -- deciding ----------------------------------------------------------------------------------------------
    async def do_check(self) -> None:
        """Answer what the steps ahead ask."""
        from yk.screens.batch_check import BatchCheck

        await self.app.push_screen_wait(BatchCheck(self.number))
        self.reload()

    async def do_strike(self) -> None:
        """Take the row under the cursor out."""
        from yk.batch.striking import strike

        row, number = self.row, self.number
        assert row is not None
        who = f"{row['customer']} {row['name']}".strip()
        reason = await self.app.push_screen_wait(AskText("剔除一户", f"剔除 {who}，写明原因"))
        if not reason:
            return
        wanted = [f"row:{row['row']}"]
        done = await self.attempt(
            lambda desk: strike(desk, number, wanted, reason), f"已剔除 {who}", "不能剔除"
        )
        if done is not None:
            self.reload()

    # -- running -----------------------------------------------------------------------------------------------
    @property
    def going(self) -> Run | None:
        """The run that is under way."""
        return self.run_ if self.run_ is not None and not self.run_.over else None

    def begin(self, run: Run, work: Work) -> None:
        """Let a run go; the screen stays usable."""
        self.run_, run.asked_in = run, self.number
        self.show_run()
        self._tick = self.set_interval(TICK, self.show_run)
        self.drive_run(run, work)

    @work(thread=True, exit_on_error=False, group="batch")
    def drive_run(self, run: Run, work: Work) -> None:
        """Drive a run, in a thread of its own."""
        worker = get_current_worker()
        drive(run, self.yk.office, work, self.post_message, lambda: worker.is_cancelled)

    @on(Went)
    def _went(self) -> None:
        self.show_run()

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        run = event.run
        self._tick.stop()
        run.over, run.seconds = True, monotonic() - run.began
        self.show_run()
        if isinstance(run.error, Refused):
            start(self, lambda: self._tell_refusal(run), "do")
        elif run.error is None and run.what == PLAN:
            start(self, lambda: self._planned(run), "do")
        if run.what != PLAN and run.batch == self.number:
            self.open_batch(run.batch)
        self.reload()

    async def _tell_refusal(self, run: Run) -> None:
        assert isinstance(run.error, Refused)
        await self.refused(run.error, f"不能{run.what}" if run.at is None else f"{run.what}停下了")

    async def _planned(self, run: Run) -> None:
        """Show the new batch, and what its list's reader has to say."""
        if self.number in (run.asked_in, run.batch) and not run.halted:
            self.open_batch(run.batch)
            self.reload()
        if run.notes:
            pieces: list[Piece | str] = [f"▪ {note}" for note in run.notes]
            await self.app.push_screen_wait(Page("清单读入时的说明", pieces))

    async def do_stop(self) -> None:
        """Stop at the end of the chunk."""
        if self.going is not None:
            self.going.stop.set()
            self.show_run()

    async def do_resume(self) -> None:
        """Go on with an interrupted batch."""
        await self.do_apply()

    async def do_apply(self) -> None:
        """Write the batch into the archive."""
        from yk.batch.applying import ready_to_apply

        number, doc = self.number, self.doc
        found = await self.attempt(lambda desk: ready_to_apply(desk, number), title="不能执行")
        if found is None or doc is None:
            if doc is not None and doc["open"]:
                self.tell("按 k 打开检查单，逐条确认或填写")
            return
        if await self.app.push_screen_wait(ConfirmNumber(*_applying_told(doc, self._hours), number)):
            self.begin(Run(APPLY, f"{doc['kind_name']} {number}", number), applying(number))

    async def do_undo(self) -> None:
        """Take the whole batch back."""
        from yk.batch.undoing import ready_to_undo

        number, doc = self.number, self.doc
        found = await self.attempt(lambda desk: ready_to_undo(desk, number), title="不能撤销")
        if found is None or doc is None:
            return
        again = doc["state"] == UNDOING
        pieces: list[Piece | str] = [
            f"{doc['kind_name']} {number}",
            (f"还有 {doc['done']} 户恢复成办理以前的样子", "warn"),
            "办完以后又被别人改过的户不动，会一一说明",
        ]
        title = "接着撤销" if again else "撤销整批"
        if await self.app.push_screen_wait(ConfirmNumber(title, pieces, number)):
            self.begin(Run(UNDO, f"{doc['kind_name']} {number}", number), undoing(number))

    @property
    def _hours(self) -> int:
        return self.yk.office.settings.integer("batch_undo_hours")

    # -- files -------------------------------------------------------------------------------------------------
    async def do_export(self) -> None:
        """Write the rows and what became of them to a file."""
        number, doc, status = self.number, self.doc, ""
        assert doc is not None
        if self.status in STATUSES:
            name = STATUSES[self.status]
            options = [
                (self.status, f"只要{name}的 {doc[self.status]} 行", ""),
                ("all", f"全部 {doc['rows']} 行", "工作簿的第一张表「未办」改好后可以再作清单"),
            ]
            chosen = await self.app.push_screen_wait(Choose("导出哪些行", options))
            if chosen is None:
                return
            status = "" if chosen == "all" else chosen
        named = f"-{STATUSES[status]}" if status else ""
        path = await ask_target(self.yk, "导出", f"{doc['kind_name']}{number}{named}.xlsx")
        if path is not None:
            self.tell(f"正在导出到 {path.name}")
            start(self, lambda: self._export(number, path, status), "file")

    async def _export(self, number: str, path: Path, status: str) -> None:
        count, hidden = await to_thread(
            self.yk.office.elsewhere, lambda desk: _exported(desk, number, path, status)
        )
        more = "，你的角色不能看个人数据，已脱敏" if hidden else ""
        self.tell(f"已导出 {count} 行{more}：{path}")


def _exported(desk: Desk, number: str, path: Path, status: str) -> tuple[int, bool]:
    from yk.batch.exporting import export, must_mask
    from yk.batch.rows import get_batch

    doc = get_batch(desk.store, number)
    hidden = must_mask(desk.store, doc, desk.operator.id)
    return export(desk.store, doc, path, status, unmasked=not hidden), hidden


def _applying_told(doc: Data, hours: int) -> tuple[str, list[Piece | str]]:
    """Title and text of the question before applying."""
    pieces: list[Piece | str] = [
        f"{doc['kind_name']} {doc['batch']}，清单 {doc['file']}",
        (f"写入 {doc['ready']} 户" if doc["ready"] else "各户已写入，工单办到办结", "warn"),
    ]
    left = [f"{STATUSES[status]} {doc[status]}" for status in ("skipped", "blocked", "failed") if doc[status]]
    pieces += [(f"不写入：{'，'.join(left)}", "faint")] if left else []
    if doc["done"]:
        pieces.append((f"已办 {doc['done']} 户，从停下的地方接着办", "good"))
    pieces.append((f"随时可以按 c 停在一段的末尾；办完 {hours} 小时内可以整批撤销", "faint"))
    return ("接着办" if doc["begun"] else "执行批次"), pieces
