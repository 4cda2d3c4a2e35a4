"""Lists: rows of one or more lines, a cursor, any number of them without a pause.

`Rows` draws only what is seen. A row is any object; a subclass (or `drawn`) says how it looks at a width. Columns of a
table are `Table` (one line a row), cards of several lines `Cards`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from yk.text import cell_len

Line = Sequence[tuple[str, str]]
"""Pieces of one line: text, and the name of its tone ('' plain, faint, good, warn, bad, accent, bold)."""
TONES = ("faint", "good", "warn", "bad", "accent", "bold")


class Rows(ScrollView, can_focus=True):
    """A list with a cursor. Posts `Highlighted` when the cursor moves, `Selected` on enter or a second click."""

    BINDINGS = [
        Binding("up,k", "move(-1)", "上一行", show=False, id="list.up"),
        Binding("down,j", "move(1)", "下一行", show=False, id="list.down"),
        Binding("pageup", "page(-1)", "上一页", show=False, id="list.page_up"),
        Binding("pagedown", "page(1)", "下一页", show=False, id="list.page_down"),
        Binding("home,g", "edge(0)", "第一行", show=False, id="list.first"),
        Binding("end,G", "edge(1)", "最后一行", show=False, id="list.last"),
        Binding("enter", "select", "打开", show=False, id="list.select"),
    ]
    COMPONENT_CLASSES = {"rows--cursor", "rows--blurred", "rows--head", *(f"rows--{t}" for t in TONES)}
    DEFAULT_CSS = """
    Rows { width: 1fr; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: transparent; }
    Rows > .rows--cursor { background: $cursor; color: $cursor-text; }
    Rows > .rows--blurred { background: $panel; }
    Rows > .rows--head { color: $faint; }
    Rows > .rows--faint { color: $faint; }
    Rows > .rows--good { color: $success; }
    Rows > .rows--warn { color: $warning; }
    Rows > .rows--bad { color: $error; }
    Rows > .rows--accent { color: $accent; }
    Rows > .rows--bold { text-style: bold; }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """Index of the row the cursor is on."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to another row; `row` is None when the list is empty."""

        rows: Rows
        row: Any

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    @dataclass
    class Selected(Message):
        """A row was chosen."""

        rows: Rows
        row: Any

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    HEAD = 0
    """Lines that stay on top."""

    def __init__(self, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.items: Sequence[Any] = ()
        self.empty = empty
        self.key: Callable[[Any], Any] = id_of
        self._starts: list[int] | None = None
        self._width = 0

    # -- what a subclass says ------------------------------------------------------------------------
    def drawn(self, row: Any, width: int) -> list[Line]:
        """The lines of a row."""
        raise NotImplementedError

    def head(self, width: int) -> list[Line]:
        """The lines that stay on top."""
        return []

    def one_line(self) -> bool:
        """Has every row one line?"""
        return False

    # -- content ---------------------------------------------------------------------------------------
    def show(self, rows: Sequence[Any]) -> None:
        """Show these rows; the cursor stays on the row it was on (the same `key`), else at its place."""
        before = self.key(self.row) if self.row is not None else None
        place = (
            next((i for i, row in enumerate(rows) if self.key(row) == before), None)
            if before is not None
            else None
        )
        shift = self.cursor - self._row_at(self.scroll_offset.y)
        self.items = rows
        wanted = min(self.cursor, max(0, len(rows) - 1)) if place is None else place
        moved = wanted != self.cursor
        self._starts = None
        self._measure()
        self.set_reactive(Rows.cursor, wanted)
        if moved and place is not None:
            self.scroll_to(y=max(0, self._top(wanted - shift)), animate=False, force=True, immediate=True)
        self._keep_in_view()
        self.call_after_refresh(self._place_bar)
        self.refresh()
        self.post_message(self.Highlighted(self, self.row))

    def _place_bar(self) -> None:
        """A scroll bar that was not there when the list was scrolled does not know of it."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y

    @property
    def row(self) -> Any:
        """The row the cursor is on; None when there is none."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def go_to(self, key: Any) -> bool:
        """Put the cursor on the row with this key, if it is there."""
        place = next((i for i, row in enumerate(self.items) if self.key(row) == key), None)
        if place is None:
            return False
        self.cursor = place
        return True

    # -- geometry --------------------------------------------------------------------------------------
    @property
    def room(self) -> int:
        """Cells a row has."""
        return max(1, self.scrollable_content_region.width)

    def _measure(self) -> None:
        width = self.room
        if self.one_line():
            self._starts, total = None, len(self.items)
        elif self._starts is None or width != self._width:
            heights = [len(self.drawn(row, width)) for row in self.items]
            self._starts = list(accumulate(heights, initial=0))
            total = self._starts[-1]
        else:
            total = self._starts[-1]
        self._width = width
        self.virtual_size = Size(width, total + self.HEAD)

    def _top(self, index: int) -> int:
        index = max(0, min(index, len(self.items)))
        return index if self._starts is None else self._starts[index]

    def _row_at(self, y: int) -> int:
        if self._starts is None:
            return y
        return max(0, bisect_right(self._starts, y) - 1)

    def _keep_in_view(self) -> None:
        top, bottom = self._top(self.cursor), self._top(self.cursor + 1)
        height = max(1, self.scrollable_content_region.height - self.HEAD)
        first = self.scroll_offset.y
        if self.cursor == 0:
            wanted = 0
        elif top < first:
            wanted = top
        elif bottom > first + height:
            wanted = min(top, bottom - height)
        else:
            return
        if wanted != first:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the new width; the cursor stays in view."""
        self._starts = None
        self._measure()
        self._keep_in_view()
        self.call_after_refresh(self._place_bar)

    def watch_cursor(self, old: int, new: int) -> None:
        """Show the cursor where it came to."""
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Highlighted(self, self.row))

    def validate_cursor(self, value: int) -> int:
        """Within the list."""
        return max(0, min(value, len(self.items) - 1))

    # -- painting ----------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.room
        if y < self.HEAD:
            return self._strip(self.head(width)[y], self.get_component_rich_style("rows--head"), width)
        if not self.items:
            text = self.empty if y == self.HEAD else ""
            return self._strip([(text, "faint")], self.rich_style, width)
        line = self.scroll_offset.y + y - self.HEAD
        index = self._row_at(line)
        if index >= len(self.items):
            return Strip.blank(width, self.rich_style)
        lines = self.drawn(self.items[index], width)
        inside = line - self._top(index)
        return self._strip(lines[inside] if inside < len(lines) else (), self._base(index), width)

    def _base(self, index: int) -> Style:
        if index != self.cursor:
            return self.rich_style
        name = "rows--cursor" if self.has_focus else "rows--blurred"
        return self.get_component_rich_style(name)

    def _strip(self, line: Line, base: Style, width: int) -> Strip:
        on_cursor = self.has_focus and base == self.get_component_rich_style("rows--cursor")
        segments, used = [], 0
        for text, tone in line:
            style = base
            if tone and not (on_cursor and tone != "bold"):
                tinted = self.get_component_rich_style(f"rows--{tone}", partial=True)
                style = base + Style(color=tinted.color, bold=tinted.bold)
            segments.append(Segment(text, style))
            used += cell_len(text)
        if used < width:
            segments.append(Segment(" " * (width - used), base))
        return Strip(segments).crop(0, width)

    # -- keys and mouse ------------------------------------------------------------------------------------
    def on_focus(self) -> None:
        """The cursor lights up."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor dims."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """One row up or down."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """One page up or down."""
        height = max(1, self.scrollable_content_region.height - self.HEAD - 1)
        target = self._row_at(max(0, self._top(self.cursor) + by * height))
        self.cursor = target if target != self.cursor else self.cursor + by

    def action_edge(self, end: int) -> None:
        """To the first or the last row."""
        self.cursor = len(self.items) - 1 if end else 0

    def action_select(self) -> None:
        """Choose the row."""
        if self.row is not None:
            self.post_message(self.Selected(self, self.row))

    def on_click(self, event: events.Click) -> None:
        """The cursor comes to the row; a click on the row it is on chooses it."""
        if (place := event.get_content_offset(self)) is None or place.y < self.HEAD:
            return
        index = self._row_at(self.scroll_offset.y + place.y - self.HEAD)
        if index < len(self.items):
            was = self.cursor
            self.cursor = index
            if was == index or event.chain > 1:
                self.action_select()


def id_of(row: Any) -> Any:
    """What tells a row from others: its `id` or `key`, else the row itself."""
    if isinstance(row, dict):
        return row.get("id", row.get("key", id(row)))
    return getattr(row, "id", row)
