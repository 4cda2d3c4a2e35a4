"""The list half of 客户档案: customers found as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.widgets import Input

from yk.errors import UsageError
from yk.screens.pick_customer import MOST, PAUSE, found_customers
from yk.screens.shell import YkScreen
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.rows import Rows
from yk.screens.words import said
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]


class Finding(YkScreen):
    """The customers that fit what was typed."""

    def __init__(self) -> None:
        super().__init__()
        self.find = ""

    @property
    def customers(self) -> Rows:
        """The list."""
        return self.query_one("#customers", Rows)

    def found(self, desk: Desk) -> tuple[list[Data], str]:
        """The customers that fit, and what is wrong with what was typed."""
        try:
            return found_customers(desk, self.find), ""
        except UsageError as error:
            return [], said(error.message)

    def list_customers(self, found: list[Data], wrong: str) -> None:
        """Show them."""
        self.customers.show(found)
        many = f"先列 {MOST} 户，再输几个字缩小范围" if len(found) == MOST else f"{len(found)} 户"
        title = f"含「{self.find}」" if self.find else "用电客户"
        entitle(self.query_one("#list"), title, f"✗ {wrong}" if wrong else many, "error" if wrong else "")

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        text = event.value.strip()
        if text == self.find:
            return
        self.find = text

        def search() -> None:
            if text == self.find:
                start(self, self._search, "find", alone=True)

        self.set_timer(PAUSE, search)

    @on(Input.Submitted, "#find")
    def _submitted(self) -> None:
        async def search() -> None:
            await self._search()
            self.query_one(FindLine).close()
            self.customers.focus()

        start(self, search, "find", alone=True)

    async def _search(self) -> None:
        text = self.find
        answer = await self.attempt(self.found)
        if answer is not None and text == self.find:
            self.list_customers(*answer)
            if text:
                self.customers.cursor = 0

    def end_search(self) -> None:
        """Nothing is searched any more."""
        self.find = ""
        self.query_one(FindLine).close(empty=True)
        self.customers.focus()
        start(self, self._search, "find", alone=True)

    def action_step(self, by: int) -> None:
        """Move the cursor of the list while typing."""
        self.customers.action_move(by)

    def action_leave(self) -> None:
        """First the search goes, then the screen."""
        if self.find or self.query_one(FindLine).is_open:
            self.end_search()
        else:
            super().action_leave()
