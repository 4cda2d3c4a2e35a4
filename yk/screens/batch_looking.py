"""The rows of the open batch on the screen 批量: filtered, searched, one of them in full."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.widgets import Input

from yk.batch.rows import APPLIED, STATUSES, TAKEN_BACK
from yk.screens.batch_ask import Page
from yk.screens.batch_doing import Doing
from yk.screens.batch_rows import RowPages, RowTable
from yk.screens.batch_words import LEFT, about_batch, about_row
from yk.screens.dialogs import Choose
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.keybar import YkKeys
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
SLICE = 5_000
"""So many rows are looked through in one go of the desk."""
PAUSE = 0.25
"""Seconds after the last key before rows are looked for."""
NOT_DONE = "left"
"""The filter for everything that did not go."""


class Looking(Doing):
    """The part of the screen that shows rows."""

    def __init__(self) -> None:
        super().__init__()
        self.number, self.status, self.base, self.word = "", "", "", ""
        self.doc: Data | None = None
        self._shown = 0

    @property
    def row(self) -> Data | None:
        """The row under the cursor, as far as it was read."""
        row: Data | None = self.query_one(RowTable).row
        return row

    async def read_rows(self, numbers: Sequence[int]) -> Sequence[Data] | None:
        from yk.batch.looking import briefs

        doc = self.doc
        if doc is None:
            return None
        return await self.attempt(lambda desk: briefs(desk.store, doc, numbers))

    def list_rows(self) -> None:
        start(self, self._find_rows, "find", alone=True)

    async def _find_rows(self) -> None:
        """The rows that filter and word leave."""
        doc, word = self.doc, self.word
        if doc is None:
            return
        statuses = LEFT if self.status == NOT_DONE else (self.status,) if self.status else ()
        last = int(doc["rows"])
        numbers: Sequence[int] = range(1, last + 1)
        if statuses or word:
            found = array("I")
            for first in range(1, last + 1, SLICE):
                part = range(first, min(last, first + SLICE - 1) + 1)
                some = await self.attempt(partial(_matching, doc["batch"], part, statuses, word))
                if some is None:
                    return
                found.extend(some)
            numbers = found
        table = self.query_one(RowTable)
        table.empty = "没有这样的行" if statuses or word else "清单里没有行"
        if numbers == table.pages.numbers:
            table.read_again()
        else:
            table.show_rows(RowPages(numbers))
        self._tell_filter(len(numbers))

    def _tell_filter(self, count: int) -> None:
        chosen = [_filter_name(self.status)] if self.status else ["各行"]
        chosen += [f"含「{self.word}」"] if self.word else []
        assert self.doc is not None
        total = "" if count == self.doc["rows"] else f"，共 {self.doc['rows']} 行"
        entitle(self.query_one("#row-list"), "、".join(chosen), f"{count} 行{total}")

    @on(Rows.Highlighted, "#rows")
    def _row_highlighted(self, event: Rows.Highlighted) -> None:
        self.query_one(YkKeys).refresh()
        if event.row is None:
            self._shown = 0
            self.query_one("#detail", Prose).say(("没有选中的行", "faint"))
        elif self.size.width >= 100:
            self._shown = number = int(event.row["row"])
            self.set_timer(0.12, lambda: self._read_row(number))

    def _read_row(self, number: int) -> None:
        if number == self._shown and self.number:
            start(self, lambda: self._show_row(number), "preview", alone=True)

    async def _show_row(self, number: int) -> None:
        row = await self._whole_row(number)
        if row and number == self._shown:
            self.query_one("#detail", Prose).say(*about_row(row))

    async def _whole_row(self, number: int) -> Data | None:
        from yk.batch.looking import whole_row

        batch = self.number
        return await self.attempt(lambda desk: whole_row(desk, batch, number))

    @on(Rows.Selected, "#rows")
    async def _row_selected(self, event: Rows.Selected) -> None:
        start(self, lambda: self._open_row(int(event.row["row"])), "preview", alone=True)

    async def _open_row(self, number: int) -> None:
        if row := await self._whole_row(number):
            self.app.push_screen(Page(f"第 {number} 行", about_row(row)))

    def on_resize(self, event: events.Resize) -> None:
        """There may be room for the row's card now."""
        if self.row is not None and self.number:
            self.post_message(Rows.Highlighted(self.query_one(RowTable), self.row))

    # -- filter and search -------------------------------------------------------------------------------------
    async def do_filter(self) -> None:
        """Choose which rows are listed."""
        doc = self.doc
        assert doc is not None
        options = [("all", f"全部  {doc['rows']} 行", "")]
        if left := sum(doc[status] for status in LEFT):
            options.append(
                (NOT_DONE, f"{_filter_name(NOT_DONE)}  {left} 行", "不能办、没办成、跳过的，和还没有办的")
            )
        options += [(s, f"{name}  {doc[s]} 行", "") for s, name in STATUSES.items() if doc[s]]
        chosen = await self.app.push_screen_wait(Choose("列出哪些行", options, chosen=self.status or "all"))
        if chosen is not None:
            self.status = "" if chosen == "all" else chosen
            self.list_rows()

    def action_find(self) -> None:
        """Look for rows by account, name or what the list says."""
        if self.doc is None:
            self.tell("先打开一个批次", wrong=True)
            return
        super().action_find()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        word = halfwidth(event.value)
        self.set_timer(PAUSE, lambda: self._look_for(word))

    def _look_for(self, word: str) -> None:
        if word == halfwidth(self.query_one(FindLine).value) and word != self.word:
            self.word = word
            self.list_rows()

    @on(Input.Submitted, "#find")
    def _found(self, event: Input.Submitted) -> None:
        self._look_for(halfwidth(event.value))
        self.query_one(FindLine).close()
        self.query_one(RowTable).focus()

    def close_find(self) -> None:
        """No word any more."""
        with self.prevent(Input.Changed):
            self.query_one(FindLine).close(empty=True)
        self.word = ""

    def clear_filter(self) -> bool:
        """Take away word and filter; was there one?"""
        had = bool(self.word or self.status != self.base or self.query_one(FindLine).is_open)
        if had:
            self.close_find()
            self.status = self.base
            self.query_one(RowTable).focus()
            self.list_rows()
        return had

    async def do_about(self) -> None:
        """The batch as a whole."""
        assert self.doc is not None
        await self.app.push_screen_wait(Page("批次概况", about_batch(self.doc)))


def _matching(batch: str, part: range, statuses: Sequence[str], word: str, desk: Desk) -> list[int]:
    from yk.batch.looking import matching

    return matching(desk.store, batch, part[0], part[-1], statuses, word)


def _filter_name(status: str) -> str:
    return "没有办的" if status == NOT_DONE else STATUSES[status]


def base_of(doc: Data) -> str:
    """What the rows of a batch are filtered to before anybody chooses: of a result what did not go."""
    if doc["state"] == APPLIED and any(doc[status] for status in LEFT):
        return NOT_DONE
    return "done" if doc["state"] == TAKEN_BACK and doc["left"] else ""
