"""Choosing a flow: by name, initials or category, as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yk.screens.dialogs import Choose
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.shell import YkScreen


async def choose_flow(screen: YkScreen, title: str, chosen: str = "") -> str | None:
    """The id of the flow chosen; None when none was."""
    options = await screen.attempt(_flows)
    if options is None:
        return None
    words = {ident: found for ident, _, _, found in options}

    def matches(option: tuple[str, str, str], word: str) -> bool:
        return word in f"{option[1]} {words[option[0]]}".casefold()

    shown = [(ident, name, told) for ident, name, told, _ in options]
    return await screen.app.push_screen_wait(Choose(title, shown, matches, chosen))


def _flows(desk: Desk) -> list[tuple[str, str, str, str]]:
    """(id, name, what is said of it, what typing is compared with) of every flow, those of a category together."""
    from yk.flows.diagram.drawing import entry_range
    from yk.flows.flow import flow_ids, load

    flows = sorted(map(load, flow_ids()), key=lambda flow: (flow.doc["category"], flow.id))
    found = []
    for flow in flows:
        entries = entry_range(step["entry"] for step in flow.steps.values())
        parts = (flow.doc["category"], f"{len(flow.steps)} 个环节", entries)
        words = f"{flow.id} {halfwidth(flow.doc['initials'])} {flow.doc['category']} {entries}".casefold()
        found.append((flow.id, flow.name, "，".join(part for part in parts if part), words))
    return found
