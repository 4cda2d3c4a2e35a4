"""The screens there are (`screens.yaml`): id, name, key, and the class, which is loaded when it is shown."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth

if TYPE_CHECKING:
    from yk.screens.shell import YkScreen

SOURCE = Path(__file__).with_name("screens.yaml")


class Entry(NamedTuple):
    """A screen: `target` is `module:Class`, `key` the digit that opens it, `text` what it is for."""

    id: str
    name: str
    key: str
    target: str
    text: str

    def make(self) -> YkScreen:
        """The screen, its module loaded now."""
        module, _, name = self.target.partition(":")
        made: YkScreen = getattr(import_module(f"yk.screens.{module}"), name)()
        return made


@cache
def registry() -> dict[str, Entry]:
    """Every screen by id, in the order of their keys."""
    rows = yamls.compiled("screens", [SOURCE, Path(__file__)], _read)
    return {row["id"]: Entry(**row) for row in rows}


def _read() -> list[dict[str, str]]:
    found = []
    for node in yamls.read(SOURCE, "screens.yaml").nodes():
        with node.fields() as f:
            found.append({name: f.text(name) for name in Entry._fields})
    return found


def find_screen(word: str) -> Entry:
    """The screen meant by an id, a name or a key. Raises UsageError (`unknown_screen`)."""
    wanted = halfwidth(word).strip()
    for entry in registry().values():
        if wanted in (entry.id, entry.name, entry.key):
            return entry
    known = [f"{entry.name}（{entry.id}）" for entry in registry().values()]
    hint = did_you_mean(wanted, [*registry(), *(e.name for e in registry().values())])
    raise UsageError("unknown_screen", f"没有 {word} 这个屏", hint or f"可用的有：{'、'.join(known)}")
