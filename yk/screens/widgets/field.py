"""Typing: an input whose terminal cursor is where the next character goes, so that the IME's window opens there."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset
from textual.widgets import Input


class YkInput(Input):
    """An Input for Chinese: the cursor is in place before the first key, blanks and paste come in whole.

    With `replace` what is typed first takes the place of what stands there; arrows go into it.
    """

    def __init__(
        self, value: str = "", placeholder: str = "", id: str | None = None, replace: bool = False
    ) -> None:
        super().__init__(value, placeholder, id=id, select_on_focus=replace)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the next character goes; the library says one cell further when the cursor is at the end."""
        cell = self._position_to_cell(self.cursor_position)
        return self.content_region.offset + Offset(cell - self.scroll_offset.x, 0)

    def _on_resize(self, event: events.Resize) -> None:
        if self.has_focus:
            self.call_after_refresh(self._park)

    def _on_focus(self, event: events.Focus) -> None:
        super()._on_focus(event)
        self.call_after_refresh(self._park)

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(event)
        self.call_after_refresh(self._park)

    def _park(self) -> None:
        """Put the terminal's own cursor on the drawn one."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset
            self.app.screen.refresh()


class FindLine(YkInput):
    """The line that `/` opens at the bottom of a screen; what is typed there filters what is shown."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=f"{placeholder}，回车 确定，esc 清除", id="find")

    @property
    def is_open(self) -> bool:
        """Is it on the screen?"""
        return self.has_class("open")

    def open(self) -> None:
        """Come up, to be typed into."""
        self.add_class("open")
        self.focus()

    def close(self, empty: bool = False) -> None:
        """Go away; with `empty` what was typed goes too."""
        if empty:
            self.value = ""
        self.remove_class("open")
