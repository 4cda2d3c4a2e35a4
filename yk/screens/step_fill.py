"""Answering, filling and handing in on the screen 环节办理."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yk.errors import UsageError
from yk.screens.dialogs import AskText, Confirm
from yk.screens.shell import YkScreen
from yk.screens.step_data import FieldRow, PaperRow, StepData
from yk.screens.words import said

if TYPE_CHECKING:
    from yk.desk import Desk


class Filling(YkScreen):
    """The filling part of the screen; the other parts give `data`, `row` and `front`."""

    if TYPE_CHECKING:
        case: str
        data: StepData | None
        unmasked: bool

        @property
        def row(self) -> Any: ...

        @property
        def front(self) -> str: ...

        def show_pane(self, name: str) -> None: ...

    # -- why not ---------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        data = self.data
        if data is None:
            return "" if action == "more" else "还没有打开工单"
        if action in ("more", "map", "open"):
            return ""
        if action == "customer":
            return "" if data.customer else "这张工单没有用户"
        if action == "undo":
            return said(data.no_undo)
        if data.status != "open" or data.place is None:
            return f"工单{data.status_name}，不能办理"
        if not data.place.mine:
            return said(data.place.against[0])
        return self._why_not_here(action, data)

    def _why_not_here(self, action: str, data: StepData) -> str:
        if action == "return" and not data.back:
            return "这个环节不能退回"
        item = self.item
        if action in ("failed", "na") and (item is None or item["kind"] != "control"):
            return "先选一条人工确认的措施"
        if action == "edit" and self.field is None:
            return "先选一个要填的栏目"
        if action == "defer" and not (self.paper and self.paper.deferrable):
            return "先选一份可容缺的材料"
        if action == "answer" and item is None and self.paper is None and self.field is None:
            return "先选一条"
        return ""

    # -- what is under the cursor --------------------------------------------------------------------------------
    @property
    def item(self) -> dict[str, Any] | None:
        """The checklist item under the cursor."""
        row = self.row
        return row if self.front == "checks" and isinstance(row, dict) else None

    @property
    def field(self) -> FieldRow | None:
        """The field under the cursor, or that of the item under it, if this step fills it."""
        row = self.row
        if isinstance(row, dict) and row.get("kind") == "field" and self.data is not None:
            row = next((one for one in self.data.fields if one.id == row["id"]), None)
        fits = isinstance(row, FieldRow) and row.here and row.spec and not row.spec["readonly"]
        return row if fits else None

    @property
    def paper(self) -> PaperRow | None:
        """The material under the cursor, or that of the item under it."""
        row = self.row
        if isinstance(row, dict) and row.get("kind") == "material" and self.data is not None:
            row = next((one for one in self.data.papers if one.id == row["id"]), None)
        return row if isinstance(row, PaperRow) else None

    # -- actions ---------------------------------------------------------------------------------------------------
    async def change(self, work: Callable[[Desk, int], Any], done: str = "", title: str = "没有办成") -> bool:
        """Do something to the order at the version that is seen; then read it again."""
        assert self.data is not None
        version = self.data.version
        found = await self.attempt(lambda desk: work(desk, version) or True, done, title)
        await self._reload()
        return found is not None

    async def do_open(self) -> None:
        """What enter does on a row: fill in, hand in, read the reasons."""
        item = self.item
        if self.field is not None or self.paper is not None:
            if why := self.why_not("answer"):
                self.tell(why, wrong=True)
            elif self.field is not None:
                await self.do_edit()
            else:
                await self.do_answer()
        elif item is not None and item["kind"] == "guard":
            await self._tell_guard(item)
        elif item is not None and (why := self.why_not("answer")):
            self.tell(why, wrong=True)
        elif item is not None:
            await self.do_answer()

    async def do_answer(self) -> None:
        """Confirm a control, hand in a material, fill in a field."""
        if self.field is not None:
            await self.do_edit()
            return
        if (paper := self.paper) is not None:
            await self._hand_in(paper)
            return
        item = self.item
        if item is None:
            return
        if item["kind"] == "guard" and not item["id"].startswith("notice:"):
            await self._tell_guard(item)
        elif item["state"] == "done":
            self.tell("已经确认过；要改答复用 x 未通过 或 - 不适用，或 u 撤销")
            self._to_next_open(item["id"])
        else:
            step = self._step
            if await self.change(
                lambda desk, version: desk.confirm(self.case, [item["id"]], step=step, expect=version)
            ):
                self._to_next_open(item["id"])

    @property
    def _step(self) -> str:
        assert self.data is not None
        return self.data.step

    async def _tell_guard(self, item: dict[str, Any]) -> None:
        """What the system judged, and by what."""
        from yk.flows.guards import find_guard

        guard = find_guard(item["guard"]) if item["guard"] else None
        told = [said(item["text"])]
        told += [f"要求：{guard.label}", f"依据：{guard.basis}"] if guard else []
        told += [f"风险：{item['risk_text']}"] if item["risk_text"] else []
        sign = "✓ 系统已判断通过" if item["state"] == "done" else "✗ 系统判断未通过，改正后自动通过"
        await self.app.push_screen_wait(Confirm("系统判断", (sign, "title"), *told))

    def _to_next_open(self, ident: str) -> None:
        """The cursor goes to the next item that is open."""
        from yk.screens.widgets.rows import Rows

        rows = self.query_one("#checks", Rows)
        ids = [one["id"] for one in rows.items]
        start = ids.index(ident) if ident in ids else 0
        order = [*range(start + 1, len(ids)), *range(start)]
        for index in order:
            if rows.items[index]["state"] in ("open", "failed") and rows.items[index]["required"]:
                rows.cursor = index
                return

    async def do_failed(self) -> None:
        """A control was not met, with the reason."""
        await self._answer_with_reason("failed", "未通过")

    async def do_na(self) -> None:
        """A control does not apply, with the reason."""
        await self._answer_with_reason("na", "不适用")

    async def _answer_with_reason(self, state: str, word: str) -> None:
        item, step = self.item, self._step
        assert item is not None
        reason = await self.app.push_screen_wait(AskText(f"登记{word}", said(item["text"])))
        if reason and await self.change(
            lambda desk, version: desk.confirm(
                self.case, [item["id"]], state, reason, step=step, expect=version
            )
        ):
            self._to_next_open(item["id"])

    async def do_all(self) -> None:
        """Confirm everything that a person answers and that is open, after asking."""
        assert self.data is not None
        open_ = [i for i in self.data.items if i["state"] == "open" and i["kind"] == "control"]
        if not open_:
            self.tell("没有待答的措施")
            return
        asked = Confirm(
            "全部确认", f"{len(open_)} 条人工措施一次全部确认？", ("记录里注明是批量确认。", "faint")
        )
        if await self.app.push_screen_wait(asked):
            step = self._step
            await self.change(
                lambda desk, version: desk.confirm(self.case, [], every=True, step=step, expect=version),
                f"已确认 {len(open_)} 条",
            )

    async def do_edit(self) -> None:
        """Fill in the field under the cursor."""
        if (row := self.field) is not None:
            await self.edit(row)

    async def edit(self, row: FieldRow) -> bool:
        """Ask for a field's value and fill it in; False when it was left."""
        from yk.screens.field_editor import ask_value

        value = await ask_value(self.yk, self.case, row, self.unmasked)
        if value is None:
            return False
        return await self.change(
            lambda desk, version: desk.fill(self.case, {row.id: value}, expect=version), title="没有填上"
        )

    async def do_fill(self) -> None:
        """One required field after the other, until all are filled or one is left."""
        assert self.data is not None
        passed: set[str] = set()
        while row := next((r for r in self.data.fields if r.is_open and r.id not in passed), None):
            passed.add(row.id)
            if not await self.edit(row):
                return
        self.tell("必填项都填了")

    async def _hand_in(self, paper: PaperRow, file: Path | None = None) -> None:
        if paper.state == "attached" and file is None:
            self.tell(f"{paper.name}已收")
            self._to_next_open(paper.id)
        elif await self.change(
            lambda desk, version: desk.attach(self.case, paper.id, file, expect=version), f"已收 {paper.name}"
        ):
            self._to_next_open(paper.id)

    async def do_defer(self) -> None:
        """A material is to come later."""
        if (paper := self.paper) is None:
            return
        day = await self.app.push_screen_wait(
            AskText("容缺受理", f"{paper.name}：约定哪一天补交（年-月-日）")
        )
        if day:
            await self.change(
                lambda desk, version: desk.attach(self.case, paper.id, defer=day, expect=version),
                "已登记容缺",
            )

    async def do_file(self) -> None:
        """The electronic copy of a material, or the evidence of a control."""
        paper, item, step = self.paper, self.item, self._step
        if paper is None and (item is None or item["kind"] != "control"):
            self.tell("先选一份材料或一条人工措施", wrong=True)
            return
        what = paper.name if paper is not None else said(item["text"]) if item else ""
        name = await self.app.push_screen_wait(AskText("电子件", f"{what}\n文件的路径：", check=_wrong_path))
        if not name:
            return
        path = Path(name).expanduser()
        if paper is not None:
            await self._hand_in(paper, path)
        elif item is not None:
            await self.change(
                lambda desk, version: desk.confirm(
                    self.case, [item["id"]], evidence=path, step=step, expect=version
                )
            )


def _wrong_path(text: str) -> str:
    try:
        return "" if Path(text.strip()).expanduser().is_file() else "没有这个文件"
    except (OSError, ValueError, UsageError):
        return "这个路径不能用"
