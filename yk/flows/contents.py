"""The manual's contents as it stands: every entry of the catalogue, and how much of it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yk import yamls
from yk.errors import UsageError
from yk.flows.catalogue import FOLDER, SOURCE, Listing, catalogue
from yk.flows.catalogue import find as find_listing
from yk.text import did_you_mean, halfwidth

Data = dict[str, Any]

_NOTHING: Data = {"roles": [], "sections": 0, "risks": 0, "controls": 0}


def contents(flow: str | None = None, archetype: str | None = None, written: bool = False) -> Iterator[Data]:
    """A row of every entry in printed order; of one flow or archetype, and with `written` only those that are written.

    Sections, risks and controls are counted; an entry that is not written has none. Raises UsageError for unknown words.
    """
    wanted = None if flow is None else flow_listed(flow)
    if archetype is not None:
        _require_archetype(archetype)
    amounts = _amounts()
    for item in catalogue().values():
        chosen = wanted in (None, item.flow) and archetype in (None, item.archetype)
        if chosen and (item.code in amounts or not written):
            yield {
                "code": item.code,
                "title": item.title,
                "printed_title": item.printed_title,
                "flow": item.flow,
                "flow_name": item.flow_name,
                "seq": item.seq,
                "archetype": item.archetype,
                **amounts.get(item.code, _NOTHING),
                "written": item.code in amounts,
            }


def _amounts() -> dict[str, Data]:
    """Roles and counts of every entry that is written, by code."""
    written = [
        path for folder in ("entries", "archetypes") for path in sorted((FOLDER / folder).glob("*.yaml"))
    ]
    code = [Path(__file__).with_name(name) for name in ("entries.py", "roles.yaml")]
    made: dict[str, Data] = yamls.compiled("contents", [SOURCE, *code, *written], _count)
    return made


def _count() -> dict[str, Data]:
    from yk.flows.entries import entries_of

    found = {}
    for flow in dict.fromkeys(item.flow for item in catalogue().values()):
        for code, entry in entries_of(flow).items():
            risks = [risk for section in entry["sections"] for risk in section["risks"]]
            found[code] = {
                "roles": entry["roles"],
                "sections": len(entry["sections"]),
                "risks": len(risks),
                "controls": sum(len(risk["controls"]) for risk in risks),
            }
    return found


def archetypes() -> dict[str, str]:
    """The archetypes by id with their Chinese names, in printed order; one of a single entry is called as that entry."""
    files = sorted((FOLDER / "archetypes").glob("*.yaml"))
    named: dict[str, str] = yamls.compiled("archetypes", [*files, Path(__file__)], _read_names)
    found: dict[str, str] = {}
    for item in catalogue().values():
        found.setdefault(item.archetype, named.get(item.archetype, item.title))
    return found


def _read_names() -> dict[str, str]:
    from yk.flows.entries import archetype_names, read_archetype

    return {name: read_archetype(name)["name"] for name in archetype_names()}


def flow_listed(word: str) -> str:
    """The flow of the catalogue meant by an id, a Chinese name, an entry code or pinyin initials. Raises UsageError."""
    wanted = halfwidth(word)
    listed: dict[str, Listing] = {}
    for item in catalogue().values():
        listed.setdefault(item.flow, item)
    for flow, item in listed.items():
        if wanted and (wanted in (flow, item.flow_name) or wanted.lower() == _initials(item)):
            return flow
    if any(c.isdigit() for c in wanted):
        return find_listing(wanted).flow
    known = [name for flow, item in listed.items() for name in (flow, item.flow_name)]
    raise UsageError("unknown_flow", f"手册里没有 {word} 这个流程", did_you_mean(wanted, known))


def _initials(first: Listing) -> str:
    """The pinyin initials of a flow's name, taken from the title of its first entry."""
    return first.initials[: len(first.flow_name)] if first.title.startswith(first.flow_name) else ""


def _require_archetype(word: str) -> None:
    known = sorted({item.archetype for item in catalogue().values()})
    if word not in known:
        raise UsageError("unknown_archetype", f"没有 {word} 这个原型", did_you_mean(word, known))
