"""Choosing a file: walk through the folders with the arrows, or type a path with completion."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from yk.files import reason_of
from yk.screens.dialogs import Steered
from yk.screens.folders import keep_folder, last_folder
from yk.screens.widgets.field import YkInput
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.working import start
from yk.text import cell_len

HOW = "回车 打开　tab 补全　退格 上一级　esc 取消"
UP = ".."
LISTS = (".csv", ".xlsx")


class Found(NamedTuple):
    """Something in a folder; `size` and `when` of a file for people, `changed` to sort by."""

    name: str
    is_folder: bool
    size: str = ""
    when: str = ""
    changed: float = 0.0


def entries(folder: Path, suffixes: Sequence[str]) -> list[Found]:
    """The folders by name, then the files with one of these suffixes (any when empty), the newest first; what is hidden is
    left out. Raises OSError."""
    folders, files = [Found(UP, True)], []
    with os.scandir(folder) as found:
        for one in found:
            if one.name.startswith("."):
                continue
            try:
                if one.is_dir():
                    folders.append(Found(one.name, True))
                elif not suffixes or one.name.lower().endswith(tuple(suffixes)):
                    about = one.stat()
                    when = datetime.fromtimestamp(about.st_mtime)
                    files.append(
                        Found(
                            one.name,
                            False,
                            size_text(about.st_size),
                            f"{when:%Y-%m-%d %H:%M}",
                            about.st_mtime,
                        )
                    )
            except OSError:
                continue  # a link that leads nowhere, a folder nobody may enter
    folders.sort(key=lambda one: one.name.casefold())
    return folders + sorted(files, key=lambda one: (-one.changed, one.name.casefold()))


def size_text(size: int) -> str:
    """So many bytes for people."""
    return (
        f"{size} 字节" if size < 1000 else f"{size / 1000:.0f} KB" if size < 1e6 else f"{size / 1e6:.1f} MB"
    )


def short_path(path: Path, width: int) -> str:
    """A path in `width` cells, its beginning left off when it is longer."""
    text = str(path)
    while cell_len(text) > width:
        text = "..." + text.removeprefix("...")[1:]
    return text


class PickFile(Steered[Path]):
    """Walk or type; answers the file."""

    CSS_PATH = "pick_file.tcss"
    BINDINGS = [Binding("tab", "complete", "补全", show=False, priority=True)]

    def __init__(self, title: str, suffixes: Sequence[str] = LISTS, what: str = "清单") -> None:
        super().__init__()
        self._title, self._suffixes, self._what = title, suffixes, what
        self.folder = last_folder()
        self._all: list[Found] = []
        self._listed: Path | None = None

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield Prose(id="folder")
            yield YkInput(placeholder="输入名字缩小范围，或输入路径")
            yield Table(self._columns(), f"这里没有文件夹和{self._what}")
            yield Prose((HOW, "faint"), id="told")

    def _columns(self) -> list[Column]:
        return [
            Column("", 1, lambda one: ("▸", "accent") if one.is_folder else " "),
            Column("名称", 20, lambda one: "上一级文件夹" if one.name == UP else one.name, grow=1),
            Column("大小", 10, lambda one: one.size, right=True),
            Column("改动时间", 16, lambda one: one.when),
        ]

    def on_mount(self) -> None:
        """The folder used last."""
        table = self.query_one(Table)
        table.key = lambda one: one.name
        table.can_focus = False
        self.query_one(YkInput).focus()
        self.enter(self.folder)

    # -- folders ---------------------------------------------------------------------------------------------
    def enter(self, folder: Path, cursor_on: str = "") -> None:
        """Go to a folder; nothing stays typed."""
        self.folder = folder
        typed = self.query_one(YkInput)
        with self.prevent(Input.Changed):
            typed.value = ""
        self._look(cursor_on)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._look()

    def _look(self, cursor_on: str = "") -> None:
        start(self, lambda: self._list(cursor_on), "folder", alone=True)

    async def _list(self, cursor_on: str) -> None:
        """Show what is in the folder that is typed, by default in that one stands in, and fits the rest."""
        head, rest = os.path.split(self.query_one(YkInput).value)
        folder = (self.folder / Path(head).expanduser()).resolve()
        if folder != self._listed:
            try:
                self._all = await to_thread(entries, folder, self._suffixes)
            except (OSError, RuntimeError) as error:
                why = reason_of(error) if isinstance(error, OSError) else "打不开"
                self._all = []
                self.query_one("#told", Prose).say((f"{folder}：{why}", "bad"))
                return
            self._listed = folder
            self.query_one("#folder", Prose).say(short_path(folder, max(20, self.size.width - 16)))
        self._narrow(rest)
        if cursor_on:
            self.query_one(Table).go_to(cursor_on)

    def _narrow(self, word: str) -> None:
        folded = word.casefold()
        found = [one for one in self._all if folded in one.name.casefold()] if word else self._all
        table = self.query_one(Table)
        table.show(found)
        files = sum(1 for one in found if not one.is_folder)
        table.cursor = 0 if word else len(found) - files if files else 1
        self.query_one("#told", Prose).say((f"{files} 个{self._what}文件　{HOW}", "faint"))

    def go_up(self) -> None:
        """To the folder above; the cursor stays on the one come from."""
        if self.folder.parent != self.folder:
            self.enter(self.folder.parent, self.folder.name)

    # -- typing ------------------------------------------------------------------------------------------------
    def action_complete(self) -> None:
        """Type as much as is certain: what all names that begin so have in common, else what the cursor is on."""
        typed = self.query_one(YkInput)
        head, word = os.path.split(typed.value)
        names = [one.name for one in self._all if one.name != UP and one.name.startswith(word)]
        common = "".join(one[0] for one in takewhile(lambda at: len(set(at)) == 1, zip(*names, strict=False)))
        row = self.query_one(Table).row
        if len(common) <= len(word) and row is not None and row.name != UP:
            common = row.name
        if common:
            is_folder = any(one.name == common and one.is_folder for one in self._all)
            typed.value = str(Path(head, common)) + (os.sep if is_folder else "")
            typed.cursor_position = len(typed.value)

    def on_key(self, event: events.Key) -> None:
        """Backspace in an empty line goes up."""
        if event.key == "backspace" and not self.query_one(YkInput).value:
            event.stop()
            self.go_up()

    # -- choosing ------------------------------------------------------------------------------------------------
    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = self.folder / Path(event.value).expanduser()
        row = self.query_one(Table).row
        if event.value and typed.is_file():
            self._answer(typed)
        elif row is not None:
            self._choose(row)
        else:
            self.query_one("#told", Prose).say((f"没有 {event.value} 这个文件", "bad"))

    @on(Rows.Selected)
    def _selected(self, event: Rows.Selected) -> None:
        self._choose(event.row)

    def _choose(self, row: Found) -> None:
        folder = self._listed or self.folder
        if row.name == UP:
            self.enter(folder.parent, folder.name)
        elif row.is_folder:
            self.enter(folder / row.name)
        else:
            self._answer(folder / row.name)

    def _answer(self, path: Path) -> None:
        start(self.app, lambda: to_thread(keep_folder, path.parent), "folder")
        self.dismiss(path)
