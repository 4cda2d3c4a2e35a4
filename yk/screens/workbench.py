"""工作台: the orders that wait, the most urgent first; counts, lamps, filters, a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input

from yk.screens import words
from yk.screens.shell import YkScreen
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Piece, Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.words import LAMPS, left_text, progress_bar
from yk.screens.working import start
from yk.text import clip, halfwidth

if TYPE_CHECKING:
    from datetime import datetime

    from yk.desk import Desk
    from yk.desk.worklist import Worklist

Data = dict[str, Any]
VIEWS = {
    "mine": "我的待办",
    "open": "全部在办",
    "suspended": "挂起",
    "completed": "已归档",
    "stopped": "已终止",
}
"""What the list can show."""
MOST, LONGEST = 12, 60
"""So many open items the preview names, each in at most so many cells."""
_SEARCHED = ("case", "flow_name", "cons_name", "customer", "steps")


class Workbench(YkScreen):
    """The worklist."""

    ID = "workbench"
    CSS_PATH = "workbench.tcss"
    ABOUT = "等着办的工单，最急的在最前。灯：✗ 红灯超期，! 黄灯临期，▪ 绿灯。"
    BINDINGS = [
        Binding("enter", "open", "办理", id="workbench.open", tooltip="打开选中的工单"),
        Binding("n", "do('new')", "新建", id="workbench.new", tooltip="受理一张新工单"),
        Binding("slash", "find", "查找", id="workbench.find", tooltip="按编号、流程、户名、环节筛选"),
        Binding("f", "do('view')", "筛选", id="workbench.view", tooltip="我的待办、全部在办、挂起、已办结"),
        Binding("l", "lamp", "按灯", id="workbench.lamp", tooltip="只看红灯、黄灯"),
        Binding("m", "do('map')", "流程图", id="workbench.map", tooltip="选中工单办到哪里"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Data] = []
        self._view, self._lamp, self._find = "mine", "", ""
        self._preview = ""

    # -- widgets -----------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Horizontal(id="tiles"):
            for name in ("todo", "today", "late", "held"):
                yield Prose(id=f"tile-{name}", classes="tile")
        with Horizontal(id="main"):
            with Vertical(classes="card", id="list"):
                yield Table(self._columns(), "没有工单。按 n 受理一张", id="orders")
            with VerticalScroll(classes="card wide", id="preview"):
                yield Prose(id="about")
        yield FindLine("输入编号、流程、户名、环节")

    def _columns(self) -> list[Column]:
        return [
            Column("", 1, lambda row: (LAMPS[row["lamp"]][0], LAMPS[row["lamp"]][2]) if row["lamp"] else " "),
            Column("申请编号", 12, lambda row: str(row["case"])),
            Column("流程", 8, lambda row: str(row["flow_name"]), grow=2),
            Column("当前环节", 8, lambda row: str(row["steps"] or row["status_name"]), grow=2),
            Column("用户", 10, lambda row: str(row["cons_name"] or row["new_name"] or ""), grow=3),
            Column("进度", 6, lambda row: (progress_bar(row["done"], row["of"]), "accent"), least=76),
            Column("时限", 15, self._due),
        ]

    def _due(self, row: Data) -> str | tuple[str, str]:
        if row["status"] != "open":
            return (str(row["status_name"]), "faint")
        if not row["due"]:
            return ""
        return left_text(row["due"], self._now), (LAMPS[row["lamp"]][2] if row["lamp"] != "green" else "")

    _now: datetime

    def on_mount(self) -> None:
        """The cursor is on the list."""
        for card, title in (("#list", "工单"), ("#preview", "预览")):
            self.query_one(card).border_title = title
        self.query_one(Table).key = lambda row: row["case"]
        self.query_one(Table).focus()
        super().on_mount()

    # -- content -----------------------------------------------------------------------------------------
    def load(self, desk: Desk) -> tuple[Worklist, datetime]:
        from yk.desk.worklist import worklist

        status = self._view if self._view in ("completed", "stopped") else ""
        return worklist(desk, status), desk.clock()

    def show(self, found: tuple[Worklist, datetime]) -> None:
        (self._lines, counts), self._now = found
        self.yk.count(counts)
        tiles = {
            "todo": ("待办", counts.todo, ""),
            "today": ("今日到期", counts.today, "warn" if counts.today else ""),
            "late": ("超期", counts.late, "bad" if counts.late else ""),
            "held": ("挂起", counts.held, ""),
        }
        for name, (label, count, tone) in tiles.items():
            self.query_one(f"#tile-{name}", Prose).say((f"{label} {count}", tone))
        self._filter()

    def _filter(self) -> None:
        """The lines that the view, the lamp and the words leave."""
        words = halfwidth(self._find).casefold().split()
        found = [one for one in self._lines if self._wanted(one) and _has(one, words)]
        self.query_one(Table).show(found)
        chosen = [VIEWS[self._view]]
        chosen += [LAMPS[self._lamp][1]] if self._lamp else []
        chosen += [f"含「{self._find}」"] if self._find else []
        entitle(self.query_one("#list"), "、".join(chosen), f"共 {len(found)} 张，按时限排序")

    def _wanted(self, one: Data) -> bool:
        if self._lamp and one["lamp"] != self._lamp:
            return False
        if self._view == "mine":
            return bool(one["mine"])
        return bool(one["status"] == self._view)

    @on(Rows.Highlighted, "#orders")
    def _highlighted(self, event: Rows.Highlighted) -> None:
        case = event.row["case"] if event.row else ""
        if event.row is None:
            self.query_one("#about", Prose).say(("没有选中的工单", "faint"))
        elif self.has_class("-wide", "-xwide") or self.size.width >= 100:
            self._preview = case
            self.set_timer(0.12, lambda: self._read_preview(case))

    def _read_preview(self, case: str) -> None:
        if case == self._preview:
            start(self, lambda: self._show_preview(case), "preview", alone=True)

    async def _show_preview(self, case: str) -> None:
        found = await self.attempt(lambda desk: preview(desk, case))
        if found is not None and case == self._preview:
            self.query_one("#about", Prose).say(*found)

    # -- keys ----------------------------------------------------------------------------------------------
    def place(self) -> dict[str, str]:
        return {}

    def path(self) -> str:
        return "工作台"

    def why_not(self, action: str) -> str:
        needs_row = action in ("map",)
        return "先选一张工单" if needs_row and self.query_one(Table).row is None else ""

    @on(Rows.Selected, "#orders")
    async def _selected(self, event: Rows.Selected) -> None:
        await self.yk.open_screen("step", case=event.row["case"])

    def action_open(self) -> None:
        """Open the chosen order."""
        self.query_one(Table).action_select()

    async def do_new(self) -> None:
        """A new order."""
        self.yk.action_new_order()

    async def do_map(self) -> None:
        """Where the chosen order stands."""
        await self.yk.open_screen("flow", case=self.query_one(Table).row["case"])

    async def do_view(self) -> None:
        """Choose what the list shows."""
        from yk.screens.dialogs import Choose

        options = [(name, label, "") for name, label in VIEWS.items()]
        chosen = await self.app.push_screen_wait(Choose("列出", options, chosen=self._view))
        if chosen:
            self._view = chosen
            self.reload()

    def action_lamp(self) -> None:
        """All lamps, red, yellow, in turn."""
        lamps = ["", "red", "yellow"]
        self._lamp = lamps[(lamps.index(self._lamp) + 1) % len(lamps)]
        self._filter()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._find = event.value.strip()
        self._filter()

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self.query_one(FindLine).close()
        self.query_one(Table).focus()

    def action_leave(self) -> None:
        """First the filter goes, then the screen."""
        find = self.query_one(FindLine)
        if find.is_open or self._find:
            find.close(empty=True)
            self.query_one(Table).focus()
        elif self._lamp or self._view != "mine":
            self._lamp, self._view = "", "mine"
            self.reload()
        else:
            super().action_leave()


def _has(one: Data, words: list[str]) -> bool:
    if not words:
        return True
    text = " ".join(str(one[name] or "") for name in _SEARCHED).casefold()
    return all(word in text or word in str(one["flow"]) for word in words)


def preview(desk: Desk, case: str) -> list[Piece | str]:
    """An order in a few paragraphs: where it stands, whose it is, what is still missing."""
    from yk.desk import views
    from yk.desk.order import STATUS_NAMES

    order = desk.get(case)
    flow = desk.flow_of(order)
    said: list[Piece | str] = [(f"{flow.name}  {case}", "title")]
    name = order.data.get("cons_name") or order.data.get("new_name") or ""
    said.append(f"{order.cons_no} {name}".strip() or "没有用户")
    said.append(
        (f"{order.opened[:16].replace('T', ' ')} {views.operator_name(desk, order.opened_by)} 登记", "faint")
    )
    if order.hold:
        said.append((f"挂起：{order.hold['reason']}", "warn"))
    if order.status in ("completed", "stopped"):
        said.append((f"{STATUS_NAMES[order.status]} {order.closed[:16].replace('T', ' ')}", "good"))
    for one in views.place(desk, order):
        said += ["", (f"❯ {one['name']}", "title"), f"{one['role_name']}"]
        if one["due"]:
            sign, word, tone = LAMPS[one["lamp"] or "green"]
            said.append((f"{sign} {word} {left_text(one['due'], desk.clock())}", tone))
    if order.status == "open":
        items = desk.checklist(case)
        left = [item for item in items if item["required"] and item["state"] in ("open", "failed")]
        said += ["", ("检查项已齐，可以发送", "good") if not left else (f"还差 {len(left)} 项", "warn")]
        said += [f"  ☐ {clip(words.said(item['text']), LONGEST)}" for item in left[:MOST]]
        said += [f"  等 {len(left)} 项"] if len(left) > MOST else []
    return said
