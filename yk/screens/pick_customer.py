"""Choosing a customer: by number, name, address, trade or reading section, as typed (NX 图1-4)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from yk.errors import YkError
from yk.screens.dialogs import Steered
from yk.screens.widgets.field import YkInput
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.words import said
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

MOST = 500
"""So many customers are listed; more words find the others."""
PAUSE = 0.2
"""Seconds after the last key before the archive is asked."""
HOW = "输入编号、户名或地址；也可写 行业分类=…、抄表段编号=…、供电单位=…"


def found_customers(desk: Desk, text: str) -> list[dict[str, Any]]:
    """The first customers that fit what was typed: words, and 字段=值; a whole number is that customer alone.

    Raises UsageError.
    """
    from yk.archive.dictionary import entity
    from yk.archive.looking import customers, named

    wanted: dict[str, str] = {}
    words = []
    for part in text.replace("＝", "=").split():
        name, equals, value = part.partition("=")
        if equals:
            wanted[name] = value
        else:
            words.append(part)
    if (
        not wanted
        and len(words) == 1
        and (row := desk.store.table("customer").get(doc_id=halfwidth(words[0])))
    ):
        return [named(entity("customer"), row)]
    return list(islice(customers(desk.store, wanted, words), MOST))


def customer_columns() -> list[Column]:
    """How customers stand in a list."""
    return [
        Column("用户编号", 10, lambda row: str(row["cons_no"])),
        Column("用户名称", 12, lambda row: str(row.get("cons_name") or ""), grow=2),
        Column("用电地址", 12, lambda row: str(row.get("elec_addr") or ""), grow=3),
        Column("电压", 8, lambda row: str(row.get("volt_name") or ""), least=80),
        Column("容量", 8, capacity, least=70, right=True),
        Column("状态", 8, status, least=60),
    ]


def capacity(row: Mapping[str, Any]) -> str:
    """The contract capacity, kVA."""
    value = row.get("contract_cap")
    return "" if value is None else f"{value:g}"


def status(row: Mapping[str, Any]) -> tuple[str, str]:
    """The status in words; what is not normal stands out."""
    name = str(row.get("status_name") or row.get("status") or "")
    return name.removesuffix("客户"), "" if row.get("status") == "0" else "warn"


class PickCustomer(Steered[str]):
    """Type, choose; answers the account number."""

    CSS_PATH = "pick_customer.tcss"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title, self._asked = title, ""

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield YkInput(placeholder=HOW)
            yield Table(customer_columns(), "没有符合的用户")
            yield Prose(("上下 选择　回车 确定　esc 取消", "faint"), id="told")

    def on_mount(self) -> None:
        """The first customers of the archive."""
        table = self.query_one(Table)
        table.key = lambda row: row["cons_no"]
        table.can_focus = False
        self.query_one(YkInput).focus()
        self._ask("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._asked = event.value
        self.set_timer(PAUSE, lambda: self._ask(event.value))

    def _ask(self, text: str) -> None:
        if text == self._asked:
            start(self, lambda: self._read(text), "find", alone=True)

    async def _read(self, text: str) -> None:
        app: YkApp = self.app  # type: ignore[assignment]
        told = self.query_one("#told", Prose)
        try:
            found = await app.office.ask(lambda desk: found_customers(desk, text))
        except YkError as error:
            told.say((said(error.message), "bad"))
            return
        self.query_one(Table).show(found)
        many = f"先列 {MOST} 户，再输几个字缩小范围" if len(found) == MOST else f"{len(found)} 户"
        told.say((f"{many}　上下 选择　回车 确定　esc 取消", "faint"))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if (row := self.query_one(Table).row) is not None:
            self.dismiss(str(row["cons_no"]))

    @on(Rows.Selected)
    def _selected(self, event: Rows.Selected) -> None:
        self.dismiss(str(event.row["cons_no"]))
