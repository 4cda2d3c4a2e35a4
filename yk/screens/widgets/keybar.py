"""The line at the bottom: the keys of this moment, as many as there is room for, those that do nothing now dimmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from yk.screens.keymap import key_text
from yk.text import cell_len

if TYPE_CHECKING:
    from yk.screens.shell import YkScreen

MORE = "? 帮助"


class Key(NamedTuple):
    """A key on the line: what is pressed, what it is called, the action, why it does nothing now ('' when it does)."""

    key: str
    name: str
    action: str
    against: str

    @property
    def text(self) -> str:
        """As it stands on the line."""
        return f"{self.key} {self.name}"


class YkKeys(Widget):
    """The key line of a screen."""

    COMPONENT_CLASSES = {"ykkeys--key", "ykkeys--off"}
    DEFAULT_CSS = """
    YkKeys { dock: bottom; height: 1; background: $panel; color: $foreground; }
    YkKeys > .ykkeys--key { color: $accent; text-style: bold; }
    YkKeys > .ykkeys--off { color: $faint; text-style: dim; }
    """

    def on_mount(self) -> None:
        """Follow what the keys are."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def keys(self) -> list[Key]:
        """The keys that are shown, the screen's own first."""
        screen: YkScreen = self.screen  # type: ignore[assignment]
        found: list[Key] = []
        for key, active in screen.active_bindings.items():
            binding = active.binding
            if binding.show and binding.description and not any(k.action == binding.action for k in found):
                against = screen.against(binding.action) if hasattr(screen, "against") else ""
                found.append(Key(key_text(key), binding.description, binding.action, against))
        return sorted(found, key=lambda key: key.action.startswith(("app.", "help")) or key.text == MORE)

    def shown(self) -> list[Key]:
        """Those there is room for; the last place is kept for the help."""
        left, chosen = self.size.width - 1 - cell_len(MORE) - 2, []
        for key in self.keys():
            if key.text == MORE:
                continue
            size = cell_len(key.text) + 2
            if size > left:
                break
            chosen.append(key)
            left -= size
        return [*chosen, Key("?", "帮助", "help", "")]

    def render(self) -> Content:
        """The line."""
        parts = [Content(" ")]
        for key in self.shown():
            if key.against:
                parts.append(Content.styled(f"{key.text}  ", self._style("off")))
            else:
                parts.append(Content.styled(key.key, self._style("key")))
                parts.append(Content(f" {key.name}  "))
        return Content("").join(parts)

    def _style(self, name: str) -> Style:
        return self.get_visual_style(f"ykkeys--{name}", partial=True)

    async def on_click(self, event: events.Click) -> None:
        """A click on a key does what the key does."""
        x, left = event.x, 1
        for key in self.shown():
            if left <= x < left + cell_len(key.text):
                await self.screen.run_action(key.action)
                return
            left += cell_len(key.text) + 2
