"""At which line of which file every statement of the manual stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from yk import yamls
from yk.flows.catalogue import FOLDER
from yk.flows.entries import STATEMENTS


class Place(NamedTuple):
    """A line of a file of the manual; `file` is the name errors use."""

    file: str
    line: int


Key = tuple[str, ...]
"""(entry code or archetype), then the section's id, then kind and id of a statement, risk or control (`R1.C2`)."""


def overlay_places(flow: str) -> dict[Key, Place]:
    """Everything the overlay file of a flow says. The file is one the strict loader accepts."""
    file = f"entries/{flow}.yaml"
    found: dict[Key, Place] = {}
    overlays = yamls.read(FOLDER / file, file).fields().need("entries").fields()
    for code in overlays.keys():  # noqa: SIM118
        found[(code,)] = Place(file, overlays.key_node(code).line)
        sections = overlays.need(code).fields().find("sections")
        if sections is None:
            continue
        named = sections.fields()
        for name in named.keys():  # noqa: SIM118
            found[code, name] = Place(file, named.key_node(name).line)
            found |= {(code, name, *key): Place(file, line) for key, line in _items(named.need(name))}
    return found


def archetype_places(name: str) -> dict[Key, Place]:
    """Everything an archetype file says. The file is one the strict loader accepts."""
    file = f"archetypes/{name}.yaml"
    found: dict[Key, Place] = {(name,): Place(file, 1)}
    for node in yamls.read(FOLDER / file, file).fields().nodes("sections"):
        section = node.fields().text("id")
        found[name, section] = Place(file, node.line)
        found |= {(name, section, *key): Place(file, line) for key, line in _items(node)}
    return found


def extended(flow: str) -> dict[str, str]:
    """Entry code -> the archetype it extends ('' for none), for the overlay file of a flow."""
    file = f"entries/{flow}.yaml"
    overlays = yamls.read(FOLDER / file, file).fields().need("entries").fields()
    return {code: overlays.need(code).fields().text("extends", "") for code in overlays.keys()}  # noqa: SIM118


def _items(section: yamls.Node) -> Iterator[tuple[Key, int]]:
    """((kind, id), line) of every statement, risk and control of a section."""
    fields = section.fields()
    for kind in (*STATEMENTS, "risks"):
        for node in fields.nodes(kind):
            item = node.fields()
            name = item.text("id")
            yield (kind, name), node.line
            for control in item.nodes("controls"):
                yield ("controls", f"{name}.{control.fields().text('id')}"), control.line
