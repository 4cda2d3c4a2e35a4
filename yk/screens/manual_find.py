"""The list half of 作业手册: filters by flow and kind of work, searching in place."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.widgets import Input

from yk.screens.manual_list import MOST, Entries, Finds, found_entries, options_of
from yk.screens.shell import YkScreen
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.rows import Rows
from yk.screens.working import start
from yk.text import halfwidth

Data = dict[str, Any]
PAUSE = 0.15
"""Seconds after the last key before the manual is searched."""


class Listing(YkScreen):
    """The entries or what a search found; `shown_list` is the list that is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Data] = []
        self._flow = self._archetype = self._find = ""

    @property
    def shown_list(self) -> Rows:
        """The list that is seen."""
        return self.query_one("#finds" if self.has_class("finding") else "#entries", Rows)

    @property
    def words(self) -> list[str]:
        """The words that are searched."""
        return halfwidth(self._find).casefold().split()

    def list_entries(self) -> None:
        """The entries that the filters leave."""
        found = [row for row in self.rows if self._fits(row)]
        self.query_one(Entries).show(found)
        if not self._find:
            self._tell_list(f"共 {len(found)} 项")

    def _fits(self, row: Data, flow: bool = True, archetype: bool = True) -> bool:
        return (not flow or self._flow in ("", row["flow"])) and (
            not archetype or self._archetype in ("", row["archetype"])
        )

    def _tell_list(self, told: str) -> None:
        chosen = [_flows(self.rows).get(self._flow, ""), _archetypes().get(self._archetype, "")]
        chosen += [f"含「{self._find}」"] if self._find else []
        entitle(self.query_one("#list"), "、".join(filter(None, chosen)) or "作业项", told)

    def clear(self) -> None:
        """No filter and no search."""
        self._flow = self._archetype = ""
        self._end_search()
        self.list_entries()

    # -- filters -------------------------------------------------------------------------------------------
    async def do_flow(self) -> None:
        """Choose the flow that is listed."""
        from yk.flows.flow import flow_names

        rows = [row for row in self.rows if self._fits(row, flow=False)]
        letters = {flow: initials for flow, (_, initials) in flow_names().items()}
        options = options_of(rows, "flow", _flows(self.rows))
        chosen = await self._chosen("哪一个流程", options, letters, self._flow)
        if chosen is not None:
            self._flow = chosen
            self._filtered()

    async def do_archetype(self) -> None:
        """Choose the kind of work that is listed."""
        rows = [row for row in self.rows if self._fits(row, archetype=False)]
        options = options_of(rows, "archetype", _archetypes())
        chosen = await self._chosen("哪一类作业", options, {}, self._archetype)
        if chosen is not None:
            self._archetype = chosen
            self._filtered()

    async def _chosen(
        self, title: str, options: list[tuple[str, str, str]], letters: dict[str, str], chosen: str
    ) -> str | None:
        from yk.screens.dialogs import Choose

        def matches(option: tuple[str, str, str], word: str) -> bool:
            return word in option[1].casefold() or letters.get(option[0], "").startswith(word)

        return await self.app.push_screen_wait(Choose(title, options, matches, chosen))

    def _filtered(self) -> None:
        self.list_entries()
        self.shown_list.focus()
        self._search()

    # -- searching -----------------------------------------------------------------------------------------
    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        text = self._find = event.value.strip()

        def search() -> None:
            if text == self._find:
                self._search()

        self.set_timer(PAUSE, search)

    def _search(self) -> None:
        start(self, self._run_search, "find", alone=True)

    async def _run_search(self) -> None:
        text = self._find
        if not text:
            self._end_search()
            self.list_entries()
            return
        codes = {row["code"] for row in self.rows if self._fits(row)}
        answer = await self.attempt(lambda desk: found_entries(text, codes))
        if answer is None or text != self._find:
            return
        found, more = answer
        finds = self.query_one(Finds)
        self.add_class("finding")
        finds.words = self.words
        finds.cursor = 0
        finds.show(found)
        self._tell_list(f"先列 {MOST} 条，再输几个词缩小范围" if more else f"{len(found)} 条")

    @on(Input.Submitted, "#find")
    def _found(self) -> None:
        async def search() -> None:
            await self._run_search()
            self.query_one(FindLine).close()
            self.shown_list.focus()

        start(self, search, "find", alone=True)

    def _end_search(self) -> None:
        self._find = ""
        self.query_one(FindLine).close(empty=True)
        self.remove_class("finding")

    # -- keys ----------------------------------------------------------------------------------------------
    def action_open(self) -> None:
        """Read the chosen entry."""
        self.shown_list.action_select()

    def action_step(self, by: int) -> None:
        """Move the cursor of the list while typing."""
        self.shown_list.action_move(by)

    def action_leave(self) -> None:
        """First the search goes, then the filters, then the screen."""
        if self._find or self.query_one(FindLine).is_open:
            self._end_search()
            self.list_entries()
            self.shown_list.focus()
        elif self._flow or self._archetype:
            self.clear()
        else:
            super().action_leave()


def _flows(rows: list[Data]) -> dict[str, str]:
    return {row["flow"]: row["flow_name"] for row in rows}


def _archetypes() -> dict[str, str]:
    from yk.flows.contents import archetypes

    return archetypes()
