"""Looking on the screen 数据稽核: the list of a pane, filtered and searched, what was entered there, one row in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.containers import VerticalScroll
from textual.widgets import Input

from yk.screens.audit_acts import Acting
from yk.screens.audit_places import FACETS, VIEWS, Place, Seen
from yk.screens.audit_words import columns, empty_text, foot_of, tiles, title_of
from yk.screens.dialogs import Choose
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Table
from yk.screens.widgets.tabs import Pane, YkTabs
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
PAUSE, SOON = 0.25, 0.12
"""Seconds after the last key before rows are looked for; before the row under the cursor is read in full."""


class Looking(Acting):
    """The part of the screen that shows a list and the row under its cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.going = Place()
        """Where one wants to be."""
        self.shown: Place | None = None
        """Where the list on the screen was read; None while it is read."""
        self.powers: Mapping[str, str] = {}
        self.marked: set[str] = set()
        self._outer: Place | None = None
        self._list: Seen | None = None
        self._cursors: dict[tuple[str, str], str] = {}
        self._about = ""

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one("#rows", Table)

    @property
    def row(self) -> Data | None:
        """The row under the cursor."""
        row: Data | None = self.table.row if self.shown is not None else None
        return row

    @property
    def listed(self) -> list[Data]:
        """The rows on the screen."""
        return list(self.table.items) if self.shown is not None else []

    # -- content ---------------------------------------------------------------------------------------------
    def load(self, desk: Desk) -> Seen:
        from yk.screens.audit_data import seen

        return seen(desk, self.going, self.answers)

    def show(self, found: Seen) -> None:
        if found.place != self.going:
            return
        came = self.shown != found.place
        self._list, self.shown, self.powers = found, found.place, found.powers
        self.marked &= {row["id"] for row in found.rows}
        self._arrange(found, came)
        self.show_marks()

    def _arrange(self, found: Seen, came: bool) -> None:
        """The list, its columns, the figures above it."""
        place, table = found.place, self.table
        for number, tile in enumerate(tiles(found)):
            self.query_one(f"#tile-{number}", Prose).say(tile)
        self.show_panes()
        table.columns = tuple(columns(place, self.marked.__contains__, self.yk.office.clock))
        table.empty = empty_text(found)
        table.show(found.rows)
        if came:
            table.go_to(self._cursors.get((place.view, place.inside)))
        entitle(self.query_one("#list"), title_of(place))

    def show_panes(self) -> None:
        """The line of panes, with what waits in each."""
        counts = self._list.counts if self._list else {}
        panes = [Pane(name, text, str(counts.get(name) or "")) for name, text in VIEWS.items()]
        self.query_one(YkTabs).show(panes, self.going.view)

    def show_marks(self) -> None:
        """How many rows there are, and are marked."""
        if self._list is not None:
            entitle(self.query_one("#list"), foot=foot_of(self._list, len(self.marked)))
        self.table.refresh()
        self.renew()

    # -- where one is ----------------------------------------------------------------------------------------
    def go(self, place: Place) -> None:
        """Go to a place: the rows of the old one are gone at once, so that no key is meant for them."""
        if (place.view, place.inside) != (self.going.view, self.going.inside):
            self.marked = set()
        self.going, self.shown = place, None
        self.table.empty = "正在读"
        self.table.show(())
        self.show_panes()
        self.reload()

    def enter(self) -> None:
        """Go into the row under the cursor."""
        if self.row is not None and self.shown is not None:
            self._outer = self.shown
            self.close_find()
            self.go(Place(self.shown.view, str(self.row["id"])))

    def leave_inside(self) -> None:
        """Back to the pane as it was."""
        outer, self._outer = self._outer or Place(self.going.view), None
        self.close_find(outer.word)
        self.go(outer)

    def action_pane(self, by: int) -> None:
        """The next or the previous pane."""
        names = list(VIEWS)
        self._to_pane(names[(names.index(self.going.view) + by) % len(names)])

    @on(YkTabs.Chosen)
    def _pane_chosen(self, event: YkTabs.Chosen) -> None:
        self._to_pane(event.pane)

    def _to_pane(self, view: str) -> None:
        self._outer = None
        self.close_find()
        self.table.focus()
        self.go(Place(view))

    # -- the row in full -------------------------------------------------------------------------------------
    @on(Rows.Highlighted, "#rows")
    def _highlighted(self, event: Rows.Highlighted) -> None:
        row, place = event.row, self.shown
        self.renew()
        if row is None or place is None:
            self._about = ""
            self.query_one(Facts).say(())
            return
        self._cursors[place.view, place.inside] = self._about = row["id"]
        self.set_timer(SOON, lambda: self._read(place, row["id"]))

    def _read(self, place: Place, key: str) -> None:
        if key == self._about and place == self.shown:
            start(self, lambda: self._tell_row(place, key), "preview", alone=True)

    async def _tell_row(self, place: Place, key: str) -> None:
        from yk.screens.audit_about import about

        found = await self.attempt(lambda desk: about(desk, place, key, self.answers))
        if found is not None and key == self._about and place == self.shown:
            self.query_one(Facts).say(found)
            self.query_one("#detail", VerticalScroll).scroll_home(animate=False)

    @property
    def reading(self) -> bool:
        """Is the row read in full? Then it is the one thing on a narrow screen."""
        return self.has_class("reading")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Reading is when the detail has the focus."""
        if event.widget is self.table or event.widget.id == "detail":
            self.set_class(event.widget is not self.table, "reading")

    def action_other(self) -> None:
        """From the list to the row in full and back."""
        self.query_one("#rows" if self.reading else "#detail").focus()

    @on(Rows.Selected, "#rows")
    def _selected(self) -> None:
        if self.shown is None:
            return
        if self.shown.kind in ("findings", "exemptions", "hits"):
            self.action_other()
        elif self.shown.kind == "orders":
            self.action_do("order")
        elif self.shown.kind == "queries" and (why := self.why_not("run")):
            self.tell(why, wrong=True)
        elif self.shown.kind == "queries":
            self.ask_queries([str(self.table.row["id"])], then=self.enter)
        else:
            self.enter()

    # -- filter and search -----------------------------------------------------------------------------------
    async def do_filter(self) -> None:
        """Choose what is listed."""
        from yk.screens.audit_data import facets

        place = self.going
        options = await self.attempt(lambda desk: facets(desk, place, self.answers))
        if options is None:
            return
        chosen = await self.app.push_screen_wait(Choose("列出哪些", options, chosen=place.facet or "all"))
        if chosen is not None:
            self.go(place._replace(facet="" if chosen == "all" else chosen))

    def can_filter(self) -> bool:
        """Is there anything to filter by?"""
        return bool(FACETS[self.going.kind])

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        word = halfwidth(event.value).strip()
        self.set_timer(PAUSE, lambda: self._look_for(word))

    def _look_for(self, word: str) -> None:
        if word == halfwidth(self.query_one(FindLine).value).strip() and word != self.going.word:
            self.go(self.going._replace(word=word))

    @on(Input.Submitted, "#find")
    def _found(self, event: Input.Submitted) -> None:
        self._look_for(halfwidth(event.value).strip())
        self.query_one(FindLine).close()
        self.table.focus()

    def close_find(self, word: str = "") -> None:
        """The line to find with goes; what stands in it is `word`."""
        with self.prevent(Input.Changed):
            line = self.query_one(FindLine)
            line.close()
            line.value = word
