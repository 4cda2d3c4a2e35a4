"""`?`: what the keys of a screen do, made from its bindings; each with the id under which `keys.yaml` may change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding

from yk.screens.dialogs import Dialog
from yk.screens.keymap import key_text
from yk.screens.widgets.prose import Prose, folded
from yk.screens.widgets.rows import Line, Rows
from yk.text import pad

if TYPE_CHECKING:
    from yk.screens.shell import YkScreen

KEYS = 14


class HelpLines(Rows):
    """A line a key: keys, name, what it does, why it does nothing now."""

    def drawn(self, row: Any, width: int) -> list[Line]:
        keys, name, told, against = row
        head = f" {pad(keys, KEYS)} {pad(name, 10)} "
        text = told if not against else f"{told}（现在不能：{against}）"
        lines = folded(text, width - 1, head)
        shown: list[Line] = [[(lines[0], "faint" if against else "")]]
        return shown + [[(line, "faint" if against else "")] for line in lines[1:]]


class Help(Dialog[None]):
    """The keys of the screen below."""

    CSS_PATH = "help.tcss"
    BINDINGS = [Binding("question_mark,q", "leave", "返回", show=False)]

    def __init__(self, below: YkScreen) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        with self.box(f"帮助：{self._below.path()}"):
            yield Prose(self._below.ABOUT or "这一屏的键")
            yield HelpLines()
            yield Prose(("esc 返回　^p 找任何东西　键可以自己改：keys.yaml，编号见 yk tui -K", "faint"))

    def on_mount(self) -> None:
        """The keys, the screen's own first."""
        rows = self.query_one(HelpLines)
        rows.key = lambda row: row[0]
        rows.show(self._lines())
        rows.focus()

    def _lines(self) -> list[tuple[str, str, str, str]]:
        found = []
        own = sorted(self._below.own_bindings(), key=_rank)
        for binding in [*own, *self._of_app()]:
            keys = " ".join(key_text(key) for key in self._keys_of(binding))
            told = binding.tooltip or ""
            found.append((keys, binding.description, told, self._below.against(binding.action)))
        return found

    def _of_app(self) -> list[Binding]:
        bindings = (one for several in self.app._bindings.key_to_bindings.values() for one in several)
        return [one for one in bindings if one.id]

    def _keys_of(self, binding: Binding) -> list[str]:
        nodes = [self._below, *self._below.query("*"), self.app]
        keys = {
            key: None
            for node in nodes
            for key, several in node._bindings.key_to_bindings.items()
            for one in several
            if one.id == binding.id
        }
        return list(keys) or [binding.key]


def _rank(binding: Binding) -> tuple[bool, bool]:
    """The screen's own keys, then those of every screen, then those of lists."""
    name = binding.id or ""
    return name.startswith("list."), "." not in name
