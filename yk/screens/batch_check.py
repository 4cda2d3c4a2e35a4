"""The checklist of a batch over the screen: measures, declarations, fields and papers by step, answered one by one or all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from yk.errors import Refused, YkError
from yk.screens.batch_ask import ask_field
from yk.screens.dialogs import AskText, Choose, Confirm, Dialog, Refusal
from yk.screens.widgets.prose import Prose, folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.words import said
from yk.screens.working import start, tell_fault
from yk.text import pad

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

Data = dict[str, Any]
Result = TypeVar("Result")
SIGNS = {"done": ("☑", "good"), "na": ("▹", "faint"), "open": ("☐", "warn"), "failed": ("✗", "bad")}
"""State of an item -> its sign and its tone."""
SAID = {"done": "已确认", "na": "不适用", "open": "待确认", "failed": "未过"}
FILLED = {"done": "已填", "open": "待填"}
HANDED = {"done": "已收", "open": "待收"}
HEAD = "head"


class Items(Rows):
    """The items, under the name of each step; the cursor passes the names over."""

    BINDINGS = [
        Binding("space", "screen.answer", "确认", show=False, id="check.answer"),
        Binding("minus", "screen.not_needed", "不适用", show=False, id="check.na"),
        Binding("a", "screen.all", "全部确认", show=False, id="check.all"),
        Binding("o", "screen.more", "其他", show=False, id="check.more"),
    ]

    def drawn(self, row: Data, width: int) -> list[Line]:
        if row["kind"] == HEAD:
            left = f"还差 {row['left']} 项" if row["left"] else "已齐"
            whose = "" if row["mine"] else f"，由{row['role_name']}办理"
            return [[(f"{row['step_name']}  {left}{whose}", "accent" if row["left"] else "faint")]]
        sign, tone = SIGNS[row["state"]]
        words = {"field": FILLED, "material": HANDED}.get(row["kind"], SAID)
        need = "" if row["required"] or row["state"] == "done" else "（可选）"
        text = f"{row['text']}{need}"
        if row["value"]:
            text += f"：{row['value']}" + ("（代填）" if row["filled"] else "")
        head = f" {sign} {pad(words.get(row['state'], ''), 6)} "
        lines = folded(text, width - 1, head)
        plain = "faint" if row["state"] != "open" or not row["mine"] else ""
        first = [(f" {sign}", tone), (lines[0][2:], plain)]
        return [first, *([(line, plain)] for line in lines[1:])]

    def validate_cursor(self, value: int) -> int:
        """Within the list, and on no name of a step."""
        place = super().validate_cursor(value)
        if place < len(self.items) and self.items[place]["kind"] == HEAD:
            return place - 1 if value < self.cursor and place > 0 else min(place + 1, len(self.items) - 1)
        return place


class BatchCheck(Dialog[None]):
    """What is still asked before a batch may be applied."""

    CSS_PATH = "batch_check.tcss"

    def __init__(self, batch: str) -> None:
        super().__init__()
        self._batch = batch

    @property
    def office(self) -> Any:
        """The office of the app."""
        app: YkApp = self.app  # type: ignore[assignment]
        return app.office

    def compose(self) -> ComposeResult:
        with self.box(f"批次 {self._batch} 的检查单"):
            yield Prose(id="left")
            yield Items("没有要确认的")
            yield Prose(("空格 确认　回车 填写　- 不适用　a 全部确认　o 其他栏目和材料　esc 返回", "faint"))

    def on_mount(self) -> None:
        """The items as they stand."""
        items = self.query_one(Items)
        items.key = lambda row: row["id"]
        items.focus()
        start(self, self._read)

    async def _read(self) -> None:
        from yk.batch.questions import questions

        found = await self._attempt(lambda desk: questions(desk, self._batch))
        if found is None:
            return
        items, first = self.query_one(Items), not self.query_one(Items).items
        items.show(list(_under_steps(found)))
        left = sum(1 for item in found if item["open"])
        text = f"还差 {left} 项" if left else "检查项已齐，可以执行"
        self.query_one("#left", Prose).say((text, "warn" if left else "good"))
        if first:
            items.go_to(next((item["id"] for item in found if item["open"]), found[0]["id"] if found else ""))

    async def _attempt(self, work: Callable[[Desk], Result]) -> Result | None:
        """What `work` answers at the desk; a refusal is told with all its reasons."""
        try:
            found: Result = await self.office.ask(work)
        except Refused as error:
            self.app.push_screen(Refusal("没有办成", error.reasons))
            return None
        except YkError as error:
            tell_fault(self, said(error.message))
            return None
        return found

    def _do(self, work: Callable[[Desk], Any]) -> None:
        """Have it done at the desk, and show what is left."""

        async def done() -> None:
            if await self._attempt(work) is not None and self.is_attached:
                await self._read()

        start(self, done)

    # -- answers ---------------------------------------------------------------------------------------------
    @property
    def item(self) -> Data | None:
        """The item under the cursor."""
        row: Data | None = self.query_one(Items).row
        return row if row is not None and row["kind"] != HEAD else None

    @on(Rows.Selected)
    def _selected(self) -> None:
        self.action_answer()

    def action_answer(self) -> None:
        """Confirm the item, fill in the field, hand in the paper."""
        if (item := self.item) is not None:
            start(self, lambda: self._answer(item), "do", alone=True)

    async def _answer(self, item: Data) -> None:
        if item["kind"] == "field":
            await self._fill(item)
        elif item["kind"] == "material":
            await self._hand_in(item)
        else:
            self._confirm(item, "done", "")
            self.query_one(Items).action_move(1)

    def _confirm(self, item: Data, state: str, reason: str) -> None:
        from yk.batch.ordering import confirm
        from yk.batch.rows import get_batch

        self._do(
            lambda desk: confirm(
                desk, get_batch(desk.store, self._batch), [item["id"]], state=state, reason=reason
            )
        )

    def action_not_needed(self) -> None:
        """Answer that a measure does not apply, with the reason."""
        item = self.item
        if item is None or item["kind"] != "control":
            self.notify("只有措施可以不适用；要本人负责的事项、栏目、材料不可以", severity="warning")
        else:
            start(self, lambda: self._not_needed(item), "do", alone=True)

    async def _not_needed(self, item: Data) -> None:
        reason = await self.app.push_screen_wait(AskText("不适用", f"{item['text']}\n写明不适用的原因"))
        if reason:
            self._confirm(item, "na", reason)

    def action_all(self) -> None:
        """Confirm everything the operator's roles may."""
        start(self, self._confirm_all, "do", alone=True)

    async def _confirm_all(self) -> None:
        from yk.batch.ordering import confirm
        from yk.batch.rows import get_batch

        asked = ("control", "declaration")
        rows = [r for r in self.query_one(Items).items if r["kind"] in asked and r["state"] == "open"]
        mine = [row for row in rows if row["mine"]]
        if not mine:
            self.notify("没有你的角色可以确认的了", severity="warning")
            return
        told = [
            f"你的角色可以确认的还有 {len(mine)} 条，一次全部确认。",
            "每一条都算你逐条看过，记录里注明是批量确认。",
        ]
        if len(mine) < len(rows):
            told.append(f"另有 {len(rows) - len(mine)} 条要由别的角色确认。")
        if await self.app.push_screen_wait(Confirm("全部确认", *told)):
            self._do(lambda desk: confirm(desk, get_batch(desk.store, self._batch), [], every=True))

    # -- fields and papers -----------------------------------------------------------------------------------
    async def _fill(self, item: Mapping[str, Any]) -> None:
        from yk.batch.ordering import set_values

        field = item["field"]
        app: YkApp = self.app  # type: ignore[assignment]
        now = item["value"] if field["type"] == "boolean" else item["raw"]
        value = await ask_field(app, field, now)
        if value is not None and value != now:
            self._do(lambda desk: set_values(desk, self._batch, {item["id"]: value}))

    async def _hand_in(self, item: Mapping[str, Any]) -> None:
        from yk.screens.pick_file import PickFile

        options = [
            ("paper", "收到纸质原件", "没有电子件"),
            ("file", "选电子件", "照片、扫描件，记下文件名和摘要"),
        ]
        how = await self.app.push_screen_wait(Choose(f"收材料：{item['text']}", options))
        if not how:
            return
        path = await self.app.push_screen_wait(PickFile("选电子件", ())) if how == "file" else None
        if how == "paper" or path is not None:
            self._do(lambda desk: desk.attach(self._batch, item["id"], path))

    def action_more(self) -> None:
        """Fields and papers that are asked only in some cases."""
        start(self, self._more)

    async def _more(self) -> None:
        from yk.batch.questions import more_to_fill

        found = await self._attempt(lambda desk: more_to_fill(desk, self._batch))
        if found is not None:
            start(self, lambda: self._choose(found), "do", alone=True)

    async def _choose(self, found: list[Data]) -> None:
        options = [(one["id"], one["text"], one["step_name"]) for one in found]
        chosen = await self.app.push_screen_wait(Choose("填写其他栏目、收其他材料", options))
        item = next((one for one in found if one["id"] == chosen), None)
        if item is not None:
            await (self._fill if item["kind"] == "field" else self._hand_in)(item | {"value": "", "raw": ""})


def _under_steps(items: list[Data]) -> list[Data]:
    """The items with a line before each step."""
    found: list[Data] = []
    for item in items:
        if not found or found[-1]["step"] != item["step"]:
            left = sum(1 for other in items if other["step"] == item["step"] and other["open"])
            found.append(item | {"kind": HEAD, "id": f"{HEAD} {item['step']}", "left": left})
        found.append(item)
    return found
