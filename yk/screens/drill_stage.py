"""The stage of the screen 演练: the present moment, and what was done before it as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from yk.screens.widgets.facts import Fact, Facts, listed

_APART = Fact("", "")


class Pane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Something to read that scrolls up and down; left and right are not its keys."""

    ALLOW_MAXIMIZE = True
    BINDINGS = [
        Binding("up", "scroll_up", "上一行", show=False),
        Binding("down", "scroll_down", "下一行", show=False),
        Binding("pageup", "page_up", "上一页", show=False),
        Binding("pagedown", "page_down", "下一页", show=False),
        Binding("home", "scroll_home", "开头", show=False),
        Binding("end", "scroll_end", "末尾", show=False),
    ]


class Stage(Pane):
    """Groups of facts: apart from each other where there is room, the history below them."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._groups: Sequence[Sequence[Fact]] = ()
        self._before: Sequence[Fact] = ()

    def compose(self) -> ComposeResult:
        yield Facts()

    def tell(self, groups: Sequence[Sequence[Fact]], before: Sequence[Fact]) -> None:
        """Show these groups, and what was `before` them."""
        self._groups, self._before = groups, before
        self._arrange()
        self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Another size, another amount of room."""
        self._arrange()

    def _arrange(self) -> None:
        apart = [fact for group in self._groups for fact in (*group, _APART)]
        room = self.content_size
        fits = len(listed(apart, max(20, room.width))) <= room.height
        close = [fact for group in self._groups for fact in group]
        self.query_one(Facts).say([*apart, *self._before] if fits else close)
