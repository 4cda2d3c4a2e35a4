"""环节办理: one step of a work order: what is asked, the form, the papers, the manual, the moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input

from yk.errors import UsageError
from yk.screens.shell import YkScreen
from yk.screens.step_data import FieldRow, StepData, read
from yk.screens.step_fill import Filling
from yk.screens.step_moves import Moving
from yk.screens.step_text import head_pieces, left_line, manual_pieces
from yk.screens.widgets.cards import Checks, Form, History, Papers
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.tabs import Pane, YkTabs
from yk.screens.words import said

if TYPE_CHECKING:
    from yk.desk import Desk

PANES = {"checks": "检查项", "form": "表单", "papers": "材料", "manual": "作业规范", "history": "经过"}
"""The panes in their order."""


class StepScreen(Filling, Moving, YkScreen):
    """A step of a work order."""

    ID = "step"
    CSS_PATH = "step.tcss"
    ABOUT = "一个环节：要查什么、填什么、收什么，齐了按 f9 送出。☐ 待办，✗ 未过，✓ 已过，▹ 不需。"
    BINDINGS = [
        Binding("f9", "do('send')", "发送", id="step.send", tooltip="送到下一环节；会签环节是签署意见"),
        Binding("f7", "do('return')", "退回", id="step.return", tooltip="退回到前面的环节，写明原因"),
        Binding("space", "do('answer')", "确认", id="step.answer", tooltip="确认措施、收下材料"),
        Binding("e", "do('edit')", "填写", id="step.edit", tooltip="填写选中的一项"),
        Binding("f", "do('fill')", "连填", id="step.fill", tooltip="把还没有填的必填项一项接一项填完"),
        Binding("x", "do('failed')", "未通过", id="step.failed", tooltip="登记这条检查未通过，写明理由"),
        Binding("minus", "do('na')", "不适用", id="step.na", tooltip="登记这条措施不适用，写明理由"),
        Binding("a", "do('all')", "全确认", id="step.all", tooltip="一次确认全部待答的人工措施，记录里注明"),
        Binding(
            "right_square_bracket",
            "pane(1)",
            "下一栏",
            id="step.next",
            tooltip="检查项、表单、材料、规范、经过",
        ),
        Binding(
            "left_square_bracket", "pane(-1)", "上一栏", show=False, id="step.previous", tooltip="上一栏"
        ),
        Binding("right", "tab(1)", "下一页签", show=False, id="step.next_tab", tooltip="表单的下一个页签"),
        Binding(
            "left", "tab(-1)", "上一页签", show=False, id="step.previous_tab", tooltip="表单的上一个页签"
        ),
        Binding("full_stop", "only_open", "只看未办", id="step.only_open", tooltip="检查项只列还没有办的"),
        Binding("u", "do('undo')", "撤销", id="step.undo", tooltip="撤销自己的上一步"),
        Binding(
            "o", "do('more')", "更多", id="step.more", tooltip="不合格、挂起、终止、换环节、子工单、打印"
        ),
        Binding("d", "do('defer')", "容缺", show=False, id="step.defer", tooltip="材料约定日期后补"),
        Binding(
            "v", "do('file')", "附件", show=False, id="step.file", tooltip="收下材料的电子件，或措施的证据"
        ),
        Binding("m", "do('map')", "流程图", show=False, id="step.map", tooltip="这张工单办到哪里"),
        Binding("c", "do('customer')", "档案", show=False, id="step.customer", tooltip="用户的档案"),
        Binding("slash", "find", "查找", show=False, id="step.find", tooltip="筛选检查项和表单"),
        Binding("f5", "refresh", "刷新", show=False, id="step.refresh", tooltip="重新读"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.case = self.wanted = ""
        self.data: StepData | None = None
        self.unmasked = False
        self._pane, self._only_open, self._find, self._manual_of = "checks", False, "", ""

    # -- widgets -----------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        yield Prose(id="head")
        yield YkTabs(id="tabs")
        with Horizontal(id="panes"):
            yield Checks("没有检查项", id="checks", classes="card pane")
            yield Form("这个环节没有要填的", id="form", classes="card pane")
            yield Papers("没有要收的材料", id="papers", classes="card pane")
            with VerticalScroll(id="manual", classes="card pane"):
                yield Prose(id="text")
            yield History("还没有记录", id="history", classes="card pane")
        yield Prose(id="left")
        yield FindLine("输入几个字筛选")

    def on_mount(self) -> None:
        """Titles; the checklist has the cursor."""
        for name, title in PANES.items():
            self.query_one(f"#{name}").border_title = title
        self.query_one("#checks", Rows).key = lambda row: row["id"]
        self.query_one("#history", Rows).key = lambda row: row["seq"]
        self._arrange()
        super().on_mount()

    def on_resize(self) -> None:
        """More or fewer panes beside each other."""
        self._arrange()

    # -- content -----------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        if (case := place.get("case", "")) and case != self.case:
            self.case, self.wanted, self.data, self.unmasked = case, "", None, False
            self._pane, self._find = "checks", ""

    def place(self) -> dict[str, str]:
        return {"case": self.case} if self.case else {}

    def path(self) -> str:
        if self.data is None:
            return "环节办理"
        here = self.data.place.name if self.data.place else self.data.status_name
        return f"{self.data.flow_name} {self.case} › {here}"

    def load(self, desk: Desk) -> StepData | str:
        if not self.case:
            from yk.desk.worklist import worklist

            lines = worklist(desk).lines
            mine = [one for one in lines if one["mine"]]
            if not lines:
                return "没有在办的工单。按 ^n 受理一张"
            self.case = str((mine or lines)[0]["case"])
        try:
            return read(desk, self.case, self.wanted, self.unmasked)
        except UsageError as error:
            self.case = ""
            return said(error.message)

    def show(self, found: StepData | str) -> None:
        if isinstance(found, str):
            self.query_one("#head", Prose).say((found, "faint"))
            return
        moved = self.data is None or (self.data.case, self.data.step) != (found.case, found.step)
        self.data, self.wanted = found, found.step
        self.query_one("#head", Prose).say(*head_pieces(found, self.yk.office.clock()))
        self.query_one("#left", Prose).say(left_line(found))
        self._fill_panes(moved)
        if moved:
            self._first_open()
        self._arrange()

    def _fill_panes(self, moved: bool) -> None:
        assert self.data is not None
        words = self._find.casefold().split()
        checks = [one for one in self.data.items if self._wanted(one, words)]
        self.query_one("#checks", Checks).show(checks)
        fields = [row for row in self.data.fields if not words or (row.spec and _has(row, words))]
        self.query_one("#form", Form).show(fields)
        tabs = [row.label for row in self.data.fields if not row.spec]
        self.query_one("#form").border_subtitle = f"左右 换页签，共 {len(tabs)} 页" if len(tabs) > 1 else ""
        self.query_one("#papers", Papers).show(self.data.papers)
        self.query_one("#history", History).show(self.data.events)
        entry = self.data.place.entry if self.data.place else ""
        if entry != self._manual_of or moved:
            self._manual_of = entry
            self.query_one("#text", Prose).say(*manual_pieces(entry))
            self.query_one("#manual", VerticalScroll).scroll_home(animate=False)

    def _wanted(self, item: dict[str, Any], words: list[str]) -> bool:
        if self._only_open and not (item["required"] and item["state"] in ("open", "failed")):
            return False
        text = f"{item['text']} {item['id']} {item['risk_text']}".casefold()
        return all(word in text for word in words)

    def _first_open(self) -> None:
        """The cursor goes to the first item that is open."""
        assert self.data is not None
        if self.data.open_items:
            self.query_one("#checks", Checks).go_to(self.data.open_items[0]["id"])

    # -- panes ---------------------------------------------------------------------------------------------
    def _arrange(self) -> None:
        """Which panes are seen: one; from 100 columns the checklist beside another; from 140 the manual too."""
        width = self.size.width
        beside = self._pane if self._pane != "checks" else "form"
        if width >= 140:
            third = "manual" if beside != "manual" else "form"
            seen = ["checks", beside, third]
        elif width >= 100:
            seen = ["checks", beside]
        else:
            seen = [self._pane]
        for name in PANES:
            self.query_one(f"#{name}").display = name in seen
        self.query_one("#tabs", YkTabs).show(list(self._panes()), self._pane)
        if self.is_current and self.focused is not self.query_one(f"#{self._pane}"):
            self.query_one(f"#{self._pane}").focus()

    def _panes(self) -> list[Pane]:
        found = self.data
        if found is None:
            return [Pane(name, title) for name, title in PANES.items()]
        fields = sum(row.is_open for row in found.fields)
        papers = sum(bool(row.why) for row in found.papers)
        left = len(found.open_items)
        more = {
            "checks": f"差{left}" if left else "✓" if found.items else "",
            "form": f"差{fields}" if fields else "",
            "papers": f"差{papers}" if papers else "",
        }
        return [Pane(name, title, more.get(name, "")) for name, title in PANES.items()]

    def action_pane(self, by: int) -> None:
        """The next or the previous pane."""
        names = list(PANES)
        self.show_pane(names[(names.index(self._pane) + by) % len(names)])

    def action_tab(self, by: int) -> None:
        """To the next or the previous tab of the form."""
        form = self.query_one("#form", Form)
        heads = [number for number, row in enumerate(form.items) if not row.spec]
        if by > 0:
            heads = [number for number in heads if number > form.cursor] or heads[:1]
            form.cursor = heads[0] if heads else 0
        else:
            heads = [number for number in heads if number < form.cursor] or heads
            form.cursor = heads[-1] if heads else 0
        if self._pane != "form":
            self.show_pane("form")

    def show_pane(self, name: str) -> None:
        """This pane in front."""
        self._pane = name
        self._arrange()
        self.renew()

    @on(YkTabs.Chosen)
    def _chosen(self, event: YkTabs.Chosen) -> None:
        self.show_pane(event.pane)

    @property
    def front(self) -> str:
        """The pane the cursor is in."""
        return next((name for name in PANES if self.query_one(f"#{name}").has_focus), self._pane)

    @property
    def row(self) -> Any:
        """The row under the cursor."""
        pane = self.query_one(f"#{self.front}")
        return pane.row if isinstance(pane, Rows) else None

    @on(Rows.Highlighted)
    def _highlighted(self) -> None:
        if self.data is not None:
            self.renew()

    @on(Rows.Selected)
    def _selected(self) -> None:
        self.action_do("open")

    # -- finding -----------------------------------------------------------------------------------------------
    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._find = event.value.strip()
        if self.data is not None:
            self._fill_panes(False)

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        self.query_one(FindLine).close()
        self.query_one(f"#{self._pane}").focus()

    def action_only_open(self) -> None:
        """Only what is still open, or everything."""
        self._only_open = not self._only_open
        self.query_one("#checks").border_title = "检查项：只看未办" if self._only_open else "检查项"
        if self.data is not None:
            self._fill_panes(False)

    def action_refresh(self) -> None:
        """Read again."""
        self.reload()

    def action_leave(self) -> None:
        """First the filter goes, then the screen."""
        find = self.query_one(FindLine)
        if find.is_open or self._find:
            find.close(empty=True)
            self.query_one(f"#{self._pane}").focus()
        elif self._only_open:
            self.action_only_open()
        else:
            super().action_leave()


def _has(row: FieldRow, words: list[str]) -> bool:
    text = f"{row.label} {row.shown} {row.id}".casefold()
    return all(word in text for word in words)
