"""A flow drawn with boxes and arrows, a cursor on one of its steps; the colours say where a work order stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from yk.flows.diagram.boxes import Place
from yk.flows.diagram.graph import Graph
from yk.screens.widgets.flow_places import (
    TONES,
    box_at,
    current,
    drawn,
    in_line,
    middle,
    row_of,
    side_of,
    tones,
)
from yk.text import cell_len

LEAST = 40
"""Cells a drawing has at least."""
_LINES, _CURSOR, _BLURRED, _TITLE = "lines", "cursor", "blurred", "title"
_DRAWN = frozenset(map(chr, range(0x2500, 0x2580))) | set("▸◂▾")
_TITLES = ("其他去向", "图例")


class FlowMap(ScrollView, can_focus=True):
    """The drawing. Posts `Highlighted` when the cursor moves, `Selected` on a second click."""

    BINDINGS = [
        Binding("left", "side(-1)", "左一个", show=False, id="list.left", tooltip="左边的环节"),
        Binding("right", "side(1)", "右一个", show=False, id="list.right", tooltip="右边的环节"),
        Binding("up,k", "move(-1)", "上一行", show=False, id="list.up"),
        Binding("down,j", "move(1)", "下一行", show=False, id="list.down"),
        Binding("n", "turn(1)", "下一环节", show=False, id="list.next", tooltip="按办理次序的下一个环节"),
        Binding("p", "turn(-1)", "上一环节", show=False, id="list.before", tooltip="按办理次序的上一个环节"),
        Binding("pageup", "page(-1)", "上一页", show=False, id="list.page_up"),
        Binding("pagedown", "page(1)", "下一页", show=False, id="list.page_down"),
        Binding("home,g", "edge(0)", "第一个环节", show=False, id="list.first"),
        Binding("end,G", "edge(-1)", "最后一个环节", show=False, id="list.last"),
    ]
    COMPONENT_CLASSES = {
        *(f"flowmap--{tone}" for tone in (*TONES.values(), _LINES, _CURSOR, _BLURRED, _TITLE)),
    }
    DEFAULT_CSS = """
    FlowMap {
        width: 1fr; height: 1fr; overflow-x: hidden; background: transparent;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
    }
    FlowMap > .flowmap--cursor { background: $cursor; color: $cursor-text; }
    FlowMap > .flowmap--blurred { background: $panel; }
    FlowMap > .flowmap--lines { color: $faint; }
    FlowMap > .flowmap--title { color: $accent; text-style: bold; }
    FlowMap > .flowmap--current { color: $accent; text-style: bold; }
    FlowMap > .flowmap--good { color: $success; }
    FlowMap > .flowmap--warn { color: $warning; }
    FlowMap > .flowmap--bad { color: $error; }
    FlowMap > .flowmap--faint { color: $faint; }
    """

    cursor: reactive[str] = reactive("", repaint=False)
    """The id of the step the cursor is on."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to another step."""

        map: FlowMap
        step: str

        @property
        def control(self) -> FlowMap:
            """The drawing."""
            return self.map

    @dataclass
    class Selected(Message):
        """A step was chosen."""

        map: FlowMap
        step: str

        @property
        def control(self) -> FlowMap:
            """The drawing."""
            return self.map

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.graph: Graph | None = None
        self.places: dict[str, Place] = {}
        """Where the steps lie, in the order of the flow."""
        self._parts: tuple[Place, ...] = ()
        self._tones: dict[str, str] = {}
        self._lines: list[str] = []
        self._drawn, self._first, self._column = 0, 0, -1
        self.told = False
        """Are the other ways told?"""

    # -- content -----------------------------------------------------------------------------------------
    def show(self, graph: Graph, step: str = "") -> None:
        """Show this flow, the cursor on `step`, else where it was; it goes along with a work order that went on."""
        before, was = self.graph, self.cursor
        self.graph, self._tones = graph, dict(tones(graph))
        names = [one.id for one in graph.steps]
        same = before is not None and before.id == graph.id and was in names
        went_on = same and before is not None and was in current(before) and was not in current(graph)
        here = current(graph)
        wanted = step if step in names else was if same and not (went_on and here) else (here or names)[0]
        self._lay_out()
        self.set_reactive(FlowMap.cursor, wanted)
        self._column = -1
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Highlighted(self, wanted))

    def tell_ways(self, told: bool) -> None:
        """Show or hide the ways that are no arrows, and the legend, below the drawing."""
        if told:
            self._first = self.scroll_offset.y
        self.told = told
        self._lay_out()
        first = self._drawn if told else self._first
        self.scroll_to(y=first, animate=False, force=True, immediate=True)
        if not told:
            self._keep_in_view()
        self.refresh()

    @property
    def room(self) -> int:
        """Cells the drawing has."""
        return max(LEAST, self.scrollable_content_region.width)

    def _lay_out(self) -> None:
        if self.graph is None:
            return
        drawing, more = drawn(self.graph, self.room)
        steps = {step.id for step in self.graph.steps}
        self._parts = drawing.places
        found = {place.id: place for place in drawing.places if place.id in steps}
        self.places = {step.id: found[step.id] for step in self.graph.steps}
        self._lines = [*drawing.lines, *(["", *more] if self.told else [])]
        self._drawn = len(drawing.lines)
        self.virtual_size = Size(self.room, len(self._lines))

    def on_resize(self, event: events.Resize) -> None:
        """Draw anew in the new width; the cursor stays on its step."""
        self._lay_out()
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        """Scroll where the box under the cursor is not seen, so that the arrows above and below it are seen too."""
        if (place := self.places.get(self.cursor)) is None:
            return
        height, first = max(1, self.scrollable_content_region.height), self.scroll_offset.y
        above, below = (row_of(self.places, self.cursor, by, 0) != self.cursor for by in (-1, 1))
        top, bottom = (place.top if above else 0), (place.top + place.height if below else self._drawn)
        if first <= top and bottom <= first + height:
            return
        low, high = max(0, top - 1), min(self._drawn, bottom + 1)
        wanted = low if low < first else max(first, min(low, high - height))
        if wanted != first:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def watch_cursor(self, old: str, new: str) -> None:
        """Show the cursor where it came to."""
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Highlighted(self, new))

    # -- painting ----------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, number = self.scrollable_content_region.width, self.scroll_offset.y + y
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        tones, cell = self._tones_of(number), 0
        painted: list[tuple[str, str]] = []
        for char in self._lines[number]:
            tone = tones[cell] if cell < len(tones) else ""
            painted.append((char, _LINES if not tone and char in _DRAWN else tone))
            cell += cell_len(char)
        painted += [(" ", tone) for tone in tones[cell:]]
        segments = [
            Segment("".join(char for char, _ in chars), self._style(tone))
            for tone, chars in groupby(painted, key=lambda one: one[1])
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _tones_of(self, number: int) -> list[str]:
        """The tone of every cell of a line."""
        if number >= self._drawn:
            words = self._lines[number].split(" ")[0]
            return [_TITLE] * cell_len(words) if words in _TITLES else []
        cells = in_line(self._parts, number, lambda part: self._tones.get(part, ""), self.room)
        here = self.places.get(self.cursor)
        if here is not None and here.top <= number < here.top + here.height:
            box = slice(here.left, here.left + here.width)
            cells[box] = [_CURSOR if self.has_focus else f"{tone} {_BLURRED}" for tone in cells[box]]
        return cells

    def _style(self, tone: str) -> Style:
        tone, _, blurred = tone.partition(" ")
        style = self.rich_style
        if tone == _CURSOR:
            return style + self.get_component_rich_style(f"flowmap--{_CURSOR}")
        if tone:
            tinted = self.get_component_rich_style(f"flowmap--{tone}", partial=True)
            style += Style(color=tinted.color, bold=tinted.bold)
        if blurred:
            style += Style(bgcolor=self.get_component_rich_style(f"flowmap--{_BLURRED}").bgcolor)
        return style

    # -- keys and mouse ------------------------------------------------------------------------------------
    def on_focus(self) -> None:
        """The cursor lights up."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor dims."""
        self.refresh()

    def go_to(self, step: str) -> None:
        """Put the cursor on a step, if it is there."""
        if step in self.places:
            self._column = -1
            self.cursor = step

    def action_side(self, by: int) -> None:
        """To the box on the left or on the right."""
        if self.cursor in self.places:
            self.go_to(side_of(self.places, self.cursor, by))

    def action_move(self, by: int) -> None:
        """To the row above or below, staying in the column one came from."""
        if (here := self.places.get(self.cursor)) is None:
            return
        if self._column < 0:
            self._column = middle(here)
        self.cursor = row_of(self.places, self.cursor, by, self._column)

    def action_turn(self, by: int) -> None:
        """To the next or the last step in the order of the flow."""
        steps = list(self.places)
        if self.cursor in steps:
            self.go_to(steps[max(0, min(steps.index(self.cursor) + by, len(steps) - 1))])

    def action_edge(self, end: int) -> None:
        """To the first or the last step."""
        if self.places:
            self.go_to(list(self.places)[end])

    def action_page(self, by: int) -> None:
        """A page up or down; the cursor comes along where there are steps."""
        height = max(1, self.scrollable_content_region.height - 1)
        last = max(0, len(self._lines) - height - 1)
        first = max(0, min(self.scroll_offset.y + by * height, last))
        seen = [
            n for n, p in self.places.items() if first <= p.top and p.top + p.height <= first + height + 1
        ]
        if seen and first == self.scroll_offset.y:
            self.action_edge(-1 if by > 0 else 0)
            return
        if seen:
            self.go_to(self.cursor if self.cursor in seen else seen[0 if by > 0 else -1])
        self.scroll_to(y=first, animate=False, force=True, immediate=True)

    def action_select(self) -> None:
        """Choose the step under the cursor."""
        if self.cursor in self.places:
            self.post_message(self.Selected(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """The cursor comes to the step; a click on the step it is on chooses it."""
        if (spot := event.get_content_offset(self)) is None:
            return
        step = box_at(self.places, spot.x, self.scroll_offset.y + spot.y)
        if step:
            was = self.cursor
            self.go_to(step)
            if was == step or event.chain > 1:
                self.action_select()
