"""The line of panes of a screen: their names, what is to be said of each, the one in front marked."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from yk.text import cell_len


@dataclass(frozen=True, slots=True)
class Pane:
    """A pane: its id, its name, a count or word beside it."""

    id: str
    name: str
    more: str = ""

    @property
    def text(self) -> str:
        """As it stands on the line."""
        return f"{self.name} {self.more}".strip()


class YkTabs(Widget):
    """Names of panes in a row; a click chooses one."""

    COMPONENT_CLASSES = {"yktabs--front", "yktabs--back"}
    DEFAULT_CSS = """
    YkTabs { height: 1; width: 1fr; background: $background; }
    YkTabs > .yktabs--front { color: $accent; text-style: bold underline; }
    YkTabs > .yktabs--back { color: $faint; }
    """

    @dataclass
    class Chosen(Message):
        """A pane was chosen with the mouse."""

        pane: str

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._panes: list[Pane] = []
        self._front = ""

    def show(self, panes: list[Pane], front: str) -> None:
        """Show these panes, `front` in front."""
        self._panes, self._front = panes, front
        self.refresh()

    @property
    def _gap(self) -> int:
        """Cells between two names: two, one where the line would not fit otherwise."""
        return 2 if sum(cell_len(pane.text) + 3 for pane in self._panes) < self.size.width else 1

    def render(self) -> Content:
        """The line."""
        parts, gap = [Content(" ")], Content(" " * self._gap)
        for pane in self._panes:
            name = "front" if pane.id == self._front else "back"
            text = f"▸{pane.text}" if name == "front" else f" {pane.text}"
            parts.append(Content.styled(text, self.get_visual_style(f"yktabs--{name}", partial=True)))
            parts.append(gap)
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Choose the pane under the mouse."""
        left = 1
        for pane in self._panes:
            size = cell_len(pane.text) + 1 + self._gap
            if left <= event.x < left + size:
                self.post_message(self.Chosen(pane.id))
                return
            left += size
