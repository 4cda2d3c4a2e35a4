"""The list of the screen 演练: lessons and scenarios of a folder or file, filtered, one of them in full beside it."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.widgets import Input

from yk.errors import YkError
from yk.screens.drill_found import Found, Where, found
from yk.screens.drill_theatre import Theatre
from yk.screens.drill_words import about
from yk.screens.pick_file import PickFile
from yk.screens.shell import YkScreen
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Table
from yk.text import halfwidth

SUFFIXES = (".yk.yaml", ".yk.yml")


class Listing(YkScreen):
    """The part of the screen that lists what can be played."""

    def __init__(self) -> None:
        super().__init__()
        self.theatre = Theatre()
        self.asked = ""
        """The file or folder that somebody asked for, '' for the usual folder."""
        self.found: list[Found] = []
        self._word = ""

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one("#rows", Table)

    @property
    def row(self) -> Found | None:
        """The scenario under the cursor."""
        row: Found | None = self.table.row
        return row

    def store_changed(self, pulse: Any) -> None:
        """Nothing here lies in the store."""

    async def _reload(self) -> None:
        """Read the folder, in the drill's own thread."""
        where = Where(self.asked, self.yk.office.settings.text("scenario_folder"))
        try:
            self.found = await self.theatre.ask(lambda: found(where))
        except YkError as error:
            self.found = []
            self.tell_error(error)
        if self.is_attached:
            self.table.empty = "没有场景。按 o 打开一个场景文件"
            self.list_found()
            await self.listed()

    async def listed(self) -> None:
        """The list has been read."""

    def list_found(self) -> None:
        """Show what the words leave."""
        words = halfwidth(self._word).casefold().split()
        rows = [row for row in self.found if row.has(words)]
        self.table.show(rows)
        lessons = sum(1 for row in rows if row.is_lesson)
        has = f"，含「{self._word}」" if self._word else ""
        entitle(self.query_one("#list"), "课和场景", f"回车 演　x 考　共 {len(rows)} 个，课 {lessons}{has}")
        self.renew()

    @on(Rows.Highlighted, "#rows")
    def _highlighted(self) -> None:
        self.query_one("#about", Facts).say(about(self.row))
        self.renew()

    @on(Rows.Selected, "#rows")
    def _selected(self) -> None:
        self.action_do("open")

    def why_not_row(self, row: Found | None) -> str:
        """Why the scenario under the cursor cannot be played."""
        return "先选一个场景" if row is None else row.wrong

    async def do_file(self) -> None:
        """Open a file of scenarios."""
        path = await self.app.push_screen_wait(PickFile("打开场景文件", SUFFIXES, "场景"))
        if path is not None:
            self.asked = str(path)
            self.clear_find()
            await self._reload()
            self.table.cursor = 0

    # -- words -------------------------------------------------------------------------------------------------
    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._word = event.value.strip()
        self.list_found()

    @on(Input.Submitted, "#find")
    def _entered(self) -> None:
        self.query_one(FindLine).close()
        self.table.focus()

    def clear_find(self) -> bool:
        """List everything again; was there a word?"""
        line = self.query_one(FindLine)
        was = line.is_open or bool(self._word)
        self._word = ""
        with self.prevent(Input.Changed):
            line.close(empty=True)
        return was
