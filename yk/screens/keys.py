"""Every key there is: of the app, of each screen and of lists; for `yk tui -K`, `docs/keys.md` and the user's own keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from textual.binding import Binding

from yk.screens.keymap import key_text
from yk.screens.registry import registry


class KeyLine(NamedTuple):
    """A line of the table of keys."""

    screen: str
    keys: str
    name: str
    id: str
    text: str


def key_table() -> list[KeyLine]:
    """A line for every action that has an id."""
    return list(_lines())


def action_ids() -> set[str]:
    """The ids that `keys.yaml` may name."""
    return {line.id for line in key_table()}


def _lines() -> Iterator[KeyLine]:
    from yk.screens.app import YkApp
    from yk.screens.shell import YkScreen
    from yk.screens.widgets.flow_map import FlowMap
    from yk.screens.widgets.rows import Rows
    from yk.screens.widgets.tree import YkTree

    yield from _of("各屏", YkApp.BINDINGS)
    yield from _of("各屏", YkScreen.BINDINGS)
    yield from _of("列表", Rows.BINDINGS)
    in_lists = {line.id for line in _of("", Rows.BINDINGS)}
    yield from (line for line in _of("流程图", FlowMap.BINDINGS) if line.id not in in_lists)
    yield from _of("客户档案", YkTree.BINDINGS)
    for entry in registry().values():
        screen = type(entry.make())
        yield from _of(entry.name, screen.__dict__.get("BINDINGS", ()))


def _of(screen: str, bindings: Iterable[Any]) -> Iterator[KeyLine]:
    for one in bindings:
        if isinstance(one, Binding) and one.id:
            keys = " ".join(key_text(key.strip()) for key in one.key.split(","))
            yield KeyLine(screen, keys, one.description, one.id, one.tooltip or "")
