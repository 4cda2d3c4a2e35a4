"""作业手册: the entries of the manual to browse, to search and to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll

from yk.errors import UsageError
from yk.flows.search import Found
from yk.screens.manual_find import Listing
from yk.screens.manual_list import Entries, Finds
from yk.screens.manual_text import EntryText, Part, beside, parts_of, plain
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]


class ManualScreen(Listing):
    """The manual: the list (`Listing`) and the text."""

    ID = "manual"
    CSS_PATH = "manual.tcss"
    ABOUT = (
        "339 个作业项的作业要求、步骤、行为规范、风险点和预控措施。/ 检索全部条文。"
        "〔手册〕〔法规〕是出处，〔推定〕是按同类作业推定、手册原文没有的。"
    )
    BINDINGS = [
        Binding("enter", "open", "阅读", id="manual.open", tooltip="读选中的作业项；检索到的直接到那一条"),
        Binding("slash", "find", "检索", id="manual.find", tooltip="按词、编号、拼音首字母检索全部条文"),
        Binding("f", "do('flow')", "流程", id="manual.flow", tooltip="只列一个流程的作业项"),
        Binding("a", "do('archetype')", "类别", id="manual.archetype", tooltip="只列一类作业，如现场勘查"),
        Binding("right_square_bracket", "do('down')", "下一节", id="manual.down", tooltip="下一个作业环节"),
        Binding(
            "left_square_bracket", "do('up')", "上一节", show=False, id="manual.up", tooltip="上一个作业环节"
        ),
        Binding("n", "entry(1)", "下一项", id="manual.next", tooltip="下一个作业项"),
        Binding("N", "entry(-1)", "上一项", show=False, id="manual.previous", tooltip="上一个作业项"),
        Binding("m,g", "do('map')", "流程图", id="manual.map", tooltip="这个作业项所在流程的流程图"),
        Binding("y", "do('copy')", "复制", id="manual.copy", tooltip="把这个作业项的全文复制到剪贴板"),
        Binding("down", "step(1)", "下一条", show=False),
        Binding("up", "step(-1)", "上一条", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entry: Data | None = None
        self._beside = ("", 0)
        """The entry and section whose risks stand beside the text."""
        self._wanted = ""
        """The entry, risk or control to open as soon as the list is there."""
        self._guest = False
        """Was the text opened from another screen? Then leaving it leads back there."""

    # -- widgets -----------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Horizontal(id="main"):
            with Vertical(classes="card", id="list"):
                yield Entries(id="entries")
                yield Finds(id="finds")
            yield EntryText("没有选中的作业项", id="text", classes="card")
            with VerticalScroll(classes="card xwide", id="beside"):
                yield Prose(id="risks")
        yield FindLine("词、编号或拼音首字母，几个词用空格隔开")

    def on_mount(self) -> None:
        """The cursor is on the list."""
        entitle(self.query_one("#text"), "作业规范")
        if not self._wanted:
            self.query_one(Entries).focus()
        super().on_mount()

    # -- content -----------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        """Open at an entry, or at a risk or control of one."""
        if entry := place.get("entry", ""):
            self._wanted = entry
            self._guest = self.yk.here not in (None, self)

    def place(self) -> dict[str, str]:
        return {"entry": self._entry["code"]} if self._entry and self._reading else {}

    def path(self) -> str:
        if self._entry is None or not self._seen_text:
            return "作业手册"
        return f"作业手册 › {self._entry['code']} {self._entry['title']}"

    def store_changed(self, pulse: Any) -> None:
        """The manual does not lie in the store."""

    def load(self, desk: Desk) -> list[Data]:
        from yk.flows.contents import contents

        return list(contents())

    def show(self, found: list[Data]) -> None:
        self.rows = found
        self.list_entries()
        if wanted := self._wanted:
            start(self, lambda: self._go(wanted), "go", alone=True)

    async def _go(self, word: str) -> None:
        """Open the entry, risk or control meant by `word`, whatever was filtered."""
        from yk.flows.catalogue import find

        code, _, _ = halfwidth(word).partition(".")
        try:
            code = find(code).code
            self.clear()
            self.query_one(Entries).go_to(code)
            await self._read(code, halfwidth(word))
            self._into_text()
        except UsageError as error:
            self._guest = False
            self.shown_list.focus()
            self.tell_error(error)
        finally:
            self._wanted = ""

    # -- the text ------------------------------------------------------------------------------------------
    @property
    def _reading(self) -> bool:
        return self.has_class("reading")

    @property
    def _seen_text(self) -> bool:
        """Is the text on the screen?"""
        return self._reading or not self.has_class("-narrow")

    @on(Rows.Highlighted, "#entries,#finds")
    def _highlighted(self, event: Rows.Highlighted) -> None:
        if event.rows is self.shown_list and event.row is not None and not self._wanted:
            start(self, lambda: self._read(*_place_of(event.row)), "entry", alone=True)

    @on(Rows.Selected, "#entries,#finds")
    def _selected(self, event: Rows.Selected) -> None:
        self._guest = False
        start(self, lambda: self._open(*_place_of(event.row)), "entry", alone=True)

    async def _open(self, code: str, ident: str, text: str) -> None:
        await self._read(code, ident, text)
        self._into_text()

    async def _read(self, code: str, ident: str = "", text: str = "") -> None:
        """Read an entry into the text, and lead to a place in it."""
        from yk.flows.reader import entry_in_full

        known = self._entry is not None and self._entry["code"] == code
        found = self._entry if known else await self.attempt(lambda desk: entry_in_full(code))
        if found is None or not self.is_attached:
            return
        self._entry = found
        pane = self.query_one(EntryText)
        pane.tell(parts_of(found), self.words)
        if not known or ident or text:
            pane.find_part(ident, text)
        entitle(pane, f"{found['code']} {found['title']}")
        self.renew()

    @on(Rows.Highlighted, "#text")
    def _moved(self, event: Rows.Highlighted) -> None:
        part: Part | None = event.row
        if part is None or self._entry is None:
            return
        sections = self._entry["sections"]
        section = sections[max(0, part.section - 1)]
        pane = self.query_one(EntryText)
        public = f"{part.id}　" if part.kind in ("risk", "control") else ""
        entitle(pane, foot=f"{public}{max(1, part.section)}/{len(sections)} {section['name']}")
        shown = (self._entry["code"], section["no"])
        if shown != self._beside:
            self._beside = shown
            card = self.query_one("#beside")
            entitle(card, f"风险点与预控措施：{section['no']} {section['name']}", self._entry["code"])
            self.query_one("#risks", Prose).say(*beside(section))
            card.scroll_home(animate=False)

    def _into_text(self) -> None:
        if self._entry is not None:
            self.add_class("reading")
            self.query_one(EntryText).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Reading is when the text has the focus; then it is the one pane where there is room for one."""
        if isinstance(event.widget, Rows):
            self.set_class(isinstance(event.widget, EntryText), "reading")
            self.renew()

    # -- keys ----------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        if action in ("map", "copy") and self._entry is None:
            return "先选一个作业项"
        return "先按 回车 打开作业项" if action in ("up", "down") and not self._seen_text else ""

    async def do_down(self) -> None:
        """To the next section."""
        self.query_one(EntryText).jump(1)

    async def do_up(self) -> None:
        """To the previous section."""
        self.query_one(EntryText).jump(-1)

    def action_entry(self, by: int) -> None:
        """The next or the previous of the list."""
        self._guest = False
        self.shown_list.action_move(by)

    async def do_map(self) -> None:
        """The flow of the entry, drawn."""
        assert self._entry is not None
        await self.yk.open_screen("flow", flow=self._entry["flow"], entry=self._entry["code"])

    async def do_copy(self) -> None:
        """The text for another program."""
        assert self._entry is not None
        text = plain(self._entry)
        self.app.copy_to_clipboard(text)
        lines = text.count("\n")
        self.tell(f"已复制 {self._entry['code']} {self._entry['title']} 全文，{lines} 行")

    def action_leave(self) -> None:
        """First back to where the text was opened from: the list, or another screen."""
        if self._reading and not self._guest:
            self.shown_list.focus()
        elif self._reading:
            self._guest = False
            self.yk.go_back()
        else:
            super().action_leave()


def _place_of(row: Mapping[str, Any] | Found) -> tuple[str, str, str]:
    """Entry, id and text that a row of a list leads to."""
    return (row.code, row.id, row.text) if isinstance(row, Found) else (row["code"], "", "")
