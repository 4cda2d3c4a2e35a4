"""The steps of a lesson in a line: ● done, ◉ where one is, ○ still to come; the chapters under where they begin."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from yk.scenario.stages import View

APART = 8
"""At most so many cells between two steps."""
_TONES = dict.fromkeys("●━", "done") | {"◉": "here"}
"""Sign -> its style; what is still to come is faint."""


class YkTimeline(Widget):
    """The line, and the names of the chapters."""

    COMPONENT_CLASSES = {"yktimeline--done", "yktimeline--here", "yktimeline--failed", "yktimeline--ahead"}
    DEFAULT_CSS = """
    YkTimeline { height: 2; width: 1fr; }
    YkTimeline > .yktimeline--done { color: $success; }
    YkTimeline > .yktimeline--here { color: $accent; text-style: bold; }
    YkTimeline > .yktimeline--failed { color: $error; text-style: bold; }
    YkTimeline > .yktimeline--ahead { color: $faint; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view: View | None = None
        self._failed = False

    def say(self, view: View, failed: bool) -> None:
        """Show where `view` is; `failed` when the step there did not go as it must."""
        self._view, self._failed = view, failed
        self.refresh()

    def render(self) -> Content:
        """The two lines."""
        if self._view is None:
            return Content("")
        from yk.scenario.stages import timeline

        line, *under = timeline(self._view, max(1, self.content_size.width), APART)
        parts = [self._styled("".join(signs), tone) for tone, signs in groupby(line, self._tone)]
        return Content("\n").join([Content("").join(parts), *(self._styled(one, "ahead") for one in under)])

    def _tone(self, sign: str) -> str:
        tone = _TONES.get(sign, "ahead")
        return "failed" if tone == "here" and self._failed else tone

    def _styled(self, text: str, tone: str) -> Content:
        return Content.styled(text, self.get_visual_style(f"yktimeline--{tone}", partial=True))
