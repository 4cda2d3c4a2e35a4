"""客户档案: finding a customer, everything it has as a tree, and what was done on the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical, VerticalScroll

from yk.errors import UsageError
from yk.screens.customer_find import Finding
from yk.screens.customer_words import Story, glance
from yk.screens.pick_customer import HOW, customer_columns
from yk.screens.widgets.facts import Fact, Facts
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Table
from yk.screens.widgets.tree import Branch, YkTree
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.desk.account import Account

Data = dict[str, Any]


class CustomerScreen(Finding):
    """The archive: the list (`Finding`), a customer's things, its story."""

    ID = "customer"
    CSS_PATH = "customer.tcss"
    ABOUT = (
        "按编号、户名、地址找到一户，看它的全部档案。+ 收着，- 展开，▪ 没有下级；左右键或空格收放，* 全部展开。"
        "证件号码和电话缺省脱敏。"
    )
    BINDINGS = [
        Binding("enter", "open", "看档案", id="customer.open", tooltip="看选中的一户的全部档案"),
        Binding(
            "slash",
            "find",
            "查找",
            id="customer.find",
            tooltip="按编号、户名、地址，或 行业分类=… 这样的条件",
        ),
        Binding(
            "h", "do('story')", "历史", id="customer.story", tooltip="这一户的工单和曾用名，回车 打开工单"
        ),
        Binding("n", "do('new')", "新建工单", id="customer.new", tooltip="给这一户受理一张新工单"),
        Binding(
            "u", "do('unmask')", "不脱敏", id="customer.unmask", tooltip="证件号码和电话不脱敏，再按恢复"
        ),
        Binding("y", "do('copy')", "复制", id="customer.copy", tooltip="把光标所在的一项复制到剪贴板"),
        Binding("down", "step(1)", "下一户", show=False),
        Binding("up", "step(-1)", "上一户", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._account: Account | None = None
        self._wanted = ""
        """The customer to open as soon as the screen is there."""
        self._guest = False
        """Was it opened from another screen? Then leaving it leads back there."""

    # -- widgets -----------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Horizontal(id="main"):
            with Vertical(classes="card", id="list"):
                yield Table(customer_columns(), "没有符合的用户", id="customers")
            with Container(id="things"):
                yield YkTree("没有选中的用户", id="tree", classes="card")
                with VerticalScroll(classes="card", id="facts"):
                    yield Facts()
            yield Story("还没有工单", id="story", classes="card")
        yield FindLine(HOW)

    def on_mount(self) -> None:
        """The cursor is on the list."""
        self.customers.key = lambda row: row["cons_no"]
        entitle(self.query_one("#tree"), "档案")
        if not self._wanted:
            self.customers.focus()
        super().on_mount()

    # -- content -----------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        if number := place.get("customer", ""):
            self._wanted = self.find = halfwidth(number)
            self._guest = self.yk.here not in (None, self)

    def place(self) -> dict[str, str]:
        return {"customer": self.number} if self._reading else {}

    def path(self) -> str:
        if self._account is None or (self.has_class("-narrow") and not self._reading):
            return "客户档案"
        name = self._account.document.get("cons_name") or ""
        return f"客户档案 › {self.number} {name}".rstrip()

    @property
    def number(self) -> str:
        """The account that is shown."""
        return "" if self._account is None else str(self._account.document["cons_no"])

    def load(self, desk: Desk) -> tuple[list[Data], str, Account | None]:
        found, wrong = self.found(desk)
        number = self._wanted or self.number
        try:
            return found, wrong, self._read_account(desk, number) if number else None
        except UsageError as error:
            return found, error.message if self._wanted else wrong, None

    def _read_account(self, desk: Desk, number: str) -> Account:
        from yk.desk.account import account

        before = self._account if number == self.number else None
        return account(
            desk, number, before is not None and before.unmasked and desk.operator.sees_personal_data
        )

    def show(self, found: tuple[list[Data], str, Account | None]) -> None:
        rows, wrong, account = found
        wanted, self._wanted = self._wanted, ""
        self.query_one(FindLine).value = self.find
        self._account = account
        self.list_customers(rows, wrong)
        self._tell()
        if wanted and account is not None:
            self.remove_class("story")
            self._into("tree")
        elif wanted:
            self._guest = False
            self.customers.focus()
            self.tell(wrong, wrong=True)

    def _tell(self) -> None:
        """The account in its panes."""
        found = self._account
        if found is None:
            return
        tree, story, facts = self.query_one(YkTree), self.query_one(Story), self.query_one("#facts")
        tree.tell(found.tree)
        story.show(found.story)
        who = f"{self.number} {found.document.get('cons_name') or ''}".rstrip()
        entitle(tree, who, glance(found), "error" if found.owed > 0 else "")
        entitle(story, f"历史：{who}", f"{len(found.story)} 条，新的在前")
        entitle(
            facts, foot="! 未脱敏" if found.unmasked else "已脱敏", tone="warning" if found.unmasked else ""
        )
        self._tell_facts()

    @on(Rows.Highlighted, "#tree")
    def _tell_facts(self) -> None:
        branch: Branch | None = self.query_one(YkTree).row
        if branch is None:
            return
        card = self.query_one("#facts", VerticalScroll)
        entitle(card, branch.thing.name)
        self.query_one(Facts).say(Fact(label, text) for label, text in branch.thing.facts)
        card.scroll_home(animate=False)

    @on(Rows.Highlighted, "#customers")
    def _highlighted(self, event: Rows.Highlighted) -> None:
        number = str(event.row["cons_no"]) if event.row else ""
        if number and number != self.number and not self._wanted:
            start(self, lambda: self._follow(number), "customer", alone=True)

    async def _follow(self, number: str) -> None:
        """Show another customer; its personal data are masked until it is asked anew."""
        if number != self.number:
            found = await self.attempt(lambda desk: self._read_account(desk, number))
            if found is None or not self.is_attached:
                return
            self._account = found
        self._tell()
        self.renew()

    # -- panes ---------------------------------------------------------------------------------------------
    @property
    def _reading(self) -> bool:
        return self.has_class("reading")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Reading is when the focus is in the account; then it is the one pane where there is room for one."""
        if event.widget is self.customers:
            self.remove_class("reading", "story")
        elif event.widget.id in ("tree", "facts", "story"):
            self.add_class("reading")
        self.renew()

    def _into(self, pane: str) -> None:
        self.add_class("reading")
        self.query_one(f"#{pane}").focus()

    @on(Rows.Selected, "#customers")
    def _selected(self, event: Rows.Selected) -> None:
        async def go() -> None:
            self._guest = False
            await self._follow(str(event.row["cons_no"]))
            self._into("tree")

        start(self, go, "customer", alone=True)

    @on(Rows.Selected, "#tree")
    def _chosen(self) -> None:
        self.query_one(YkTree).action_turn()

    @on(Rows.Selected, "#story")
    async def _open_order(self, event: Rows.Selected) -> None:
        if case := event.row["case"]:
            await self.yk.open_screen("step", case=case)
        else:
            self.tell("这一条只在档案里，没有能打开的工单", wrong=True)

    # -- keys ----------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        return "先选一户" if self._account is None else ""

    def action_open(self) -> None:
        """See the chosen customer."""
        self.customers.action_select()

    async def do_story(self) -> None:
        """What was done on the account, or back to its things."""
        if self.has_class("story"):
            self._end_story()
        else:
            self.add_class("story")
            self._into("story")

    def _end_story(self) -> None:
        self.remove_class("story")
        self._into("tree")

    async def do_new(self) -> None:
        """A new order on the account."""
        from yk.screens.new_order import begin_order

        begin_order(self.yk, self.number)

    async def do_unmask(self) -> None:
        """Personal data as they are, for those who may see them; or masked again."""
        from yk.desk.account import account

        assert self._account is not None
        number, unmasked = self.number, not self._account.unmasked
        found = await self.attempt(lambda desk: account(desk, number, unmasked), title="不能查看未脱敏的数据")
        if found is not None and number == self.number:
            self._account = found
            self._tell()
            self.tell("证件号码和电话不脱敏，换一户或离开就恢复" if unmasked else "已脱敏", wrong=unmasked)

    async def do_copy(self) -> None:
        """The thing under the cursor for another program."""
        branch: Branch | None = self.query_one(YkTree).row
        if branch is not None:
            lines = [
                f"{branch.thing.name} {branch.thing.told}",
                *("　".join(fact) for fact in branch.thing.facts),
            ]
            self.app.copy_to_clipboard("\n".join(lines) + "\n")
            self.tell(f"已复制{branch.thing.name}，{len(lines)} 行")

    def _mask(self) -> None:
        """Whoever leaves an account leaves its personal data masked."""
        if self._account is not None and self._account.unmasked:
            self._account = self._account._replace(unmasked=False)
            self.query_one(Facts).say(())
            self.reload()

    def on_screen_suspend(self) -> None:
        """Another screen is shown; a dialog over this one is none."""
        if self.yk.here is not self:
            self._mask()

    def action_leave(self) -> None:
        """First the story, then the account, then the search, then the screen."""
        if self.has_class("story"):
            self._end_story()
        elif self._reading and self._guest:
            self._guest = False
            self.yk.go_back()
        elif self._reading:
            self.customers.focus()
            self._mask()
        else:
            super().action_leave()
