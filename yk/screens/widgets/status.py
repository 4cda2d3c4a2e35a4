"""The line on top: where one is, what waits, who acts."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from yk.flows.glyphs import readable
from yk.text import cell_len, clip

NAME = "yk 营销流程台"


class YkStatus(Widget):
    """Program and path on the left; on the right how much waits and who acts."""

    COMPONENT_CLASSES = {"ykstatus--name", "ykstatus--red", "ykstatus--yellow", "ykstatus--faint"}
    DEFAULT_CSS = """
    YkStatus { dock: top; height: 1; background: $panel; color: $foreground; }
    YkStatus > .ykstatus--name { color: $primary; text-style: bold; }
    YkStatus > .ykstatus--red { color: $error; text-style: bold; }
    YkStatus > .ykstatus--yellow { color: $warning; }
    YkStatus > .ykstatus--faint { color: $faint; }
    """
    path: reactive[str] = reactive("")
    """Where one is: 工作台 › 更名."""
    todo: reactive[int] = reactive(-1)
    """How many orders wait for the operator's roles; -1 before it is known."""
    soon: reactive[int] = reactive(0)
    """How many of them are under a yellow lamp."""
    late: reactive[int] = reactive(0)
    """How many of them are under a red lamp."""
    who: reactive[str] = reactive("")
    """The operator."""
    trouble: reactive[str] = reactive("")
    """What keeps the store from being read; '' when nothing does."""

    def render(self) -> Content:
        """The line, the path clipped where there is no room."""
        width = self.size.width
        right = self._right(width)
        room = width - cell_len(NAME) - 4 - right.cell_length - 1
        path = clip(readable(self.path), max(0, room))
        left = self._part(f" {NAME}", "name") + Content(f"  {path}")
        gap = max(1, width - left.cell_length - right.cell_length)
        return left + Content(" " * gap) + right

    def _right(self, width: int) -> Content:
        if self.trouble:
            return self._part(f"✗ {clip(self.trouble, width // 2)} ", "red")
        who = clip(readable(self.who), 24 if width >= 100 else 14)
        parts = [Content(f"{who} ")]
        if self.todo >= 0:
            late = (
                self._part(f"✗ 超期 {self.late}  ", "red") if self.late else self._part("超期 0  ", "faint")
            )
            soon = self._part(f"! 临期 {self.soon}  ", "yellow") if self.soon else Content("")
            parts = [Content(f"待办 {self.todo}  "), late, soon, *parts]
        return Content("").join(parts)

    def _part(self, text: str, tone: str) -> Content:
        return Content.styled(text, self.get_visual_style(f"ykstatus--{tone}", partial=True))
