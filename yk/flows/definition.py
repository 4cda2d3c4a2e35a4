"""Flow definitions: YAML read strictly into a plain document that carries all a work order needs.

The document (JSON data) holds the form, the materials, the steps with their moves, and of every step's manual entry
the controls. Its digest names it for good: a work order runs to its end under the document it was opened with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yk import yamls
from yk.errors import UsageError
from yk.flows.catalogue import catalogue
from yk.flows.catalogue import find as find_listing
from yk.flows.effects import find_effect
from yk.flows.guards import find_condition, find_guard
from yk.flows.particles import (
    optional,
    read_field,
    read_limit,
    read_material,
    read_opens,
    registered_names,
)
from yk.flows.parts import all_materials, laid_together, part_of
from yk.flows.roles import role_ids, separations
from yk.flows.structure import COMPLETED, END, ENDS, STOPPED, check, walk

__all__ = [
    "COMPLETED",
    "END",
    "ENDS",
    "FOLDER",
    "STOPPED",
    "Data",
    "parse_definition",
    "read_definition",
    "walk",
]

FOLDER = Path(__file__).parent / "definitions"
Data = dict[str, Any]


def read_definition(path: Path, entries: dict[str, Data]) -> Data:
    """The flow document of one definition file; `entries` are the flow's resolved manual entries by code.

    Raises DefinitionError with file and line for anything unknown, missing, dangling or written twice.
    """
    node = yamls.read(path, f"definitions/{path.name}")
    node.fields().need("id").one_of([path.stem])
    return parse_definition(node, entries)


def parse_definition(node: yamls.Node, entries: dict[str, Data]) -> Data:
    """The flow document in `node`."""
    with node.fields() as f:
        steps = [_step(item, entries) for item in f.need("steps").nodes()]
        _name_entries(steps, f.text("name"))
        singles = [step for step in walk(steps) if "groups" not in step]
        form = laid_together(singles, [read_field(item) for item in f.nodes("form")])
        materials = all_materials(singles, [read_material(item) for item in f.nodes("materials")])
        for step in singles:
            del step["part_form"], step["part_materials"]
        doc: Data = {
            "id": f.text("id"),
            "name": f.text("name"),
            "initials": f.text("initials", ""),
            "category": f.text("category"),
            "source": f.text("source"),
            "confidence": f.need("confidence").one_of(("高", "中", "低")),
            "customer": f.flag("customer"),
            "demo": _demo(f.find("demo")),
            "opens_if": registered_names(f, "opens_if", find_guard),
            "on_stop": registered_names(f, "on_stop", find_effect),
            "form": form,
            "materials": materials,
            "steps": steps,
        }
        check(f, doc, FOLDER)
    return doc


def _step(node: yamls.Node, entries: dict[str, Data]) -> Data:
    """A step or a group of steps that run side by side."""
    with node.fields() as f:
        if f.find("together") is not None:
            return _together(f, entries)
        entry_node = f.find("entry")
        entry = _entry(entry_node, entries) if entry_node is not None else {}
        controls = list(_controls(entry))
        part = part_of(f, f.text("id"))
        role = f.need("role") if not part["role"] else f.find("role")
        limit = f.find("limit")
        guards = [*part["guards"], *registered_names(f, "guards", find_guard)]
        step: Data = {
            "id": f.text("id"),
            "name": f.text("name", ""),
            "entry": entry.get("code", ""),
            "title": entry.get("title", ""),
            "archetype": entry.get("archetype", "") or _archetype(f),
            "role": part["role"] if role is None else role.one_of(role_ids()),
            "when": optional(f, "when", find_condition),
            "limit": part["limit"] if limit is None else read_limit(limit),
            "guards": _with_answering(guards, controls),
            "effects": [*part["effects"], *registered_names(f, "effects", find_effect)],
            "back": f.texts("back"),
            "on_fail": f.text("on_fail", ""),
            "sub_flow": f.text("sub_flow", part["sub_flow"]),
            "opens": [*part["opens"], *read_opens(f)],
            "sign": _sign(f.find("sign")),
            "next": _next(f),
            "controls": controls,
            "part_form": part["form"],
            "part_materials": part["materials"],
        }
    return step


def _archetype(f: yamls.Fields) -> str:
    """The kind of a step that has no manual entry, so that duties are kept apart there too: one of the catalogue's, or one
    that `separate` (roles.yaml) names; '' when it is not said."""
    node = f.find("archetype")
    known = {one.archetype for one in catalogue().values()}
    known |= {kind for rule in separations() for kind in (rule.first, rule.second)}
    return "" if node is None else node.one_of(sorted(known))


def _entry(node: yamls.Node, entries: dict[str, Data]) -> Data:
    try:
        code = find_listing(node.text()).code
    except UsageError as error:
        raise node.error(error.code, error.message, error.hint) from None
    if code not in entries:
        raise node.error("entry_not_written", f"作业项 {code} 还没有编写")
    return entries[code]


def _together(f: yamls.Fields, entries: dict[str, Data]) -> Data:
    groups = []
    for node in f.need("together").nodes():
        with node.fields() as g:
            steps = [_step(item, entries) for item in g.need("steps").nodes()]
            groups.append({"id": g.text("id"), "name": g.text("name"), "steps": steps})
    if len(groups) < 2:
        raise f.need("together").error("one_group", "并行至少要有两组")
    return {"id": f.text("id"), "name": f.text("name"), "groups": groups, "next": _next(f)}


def _controls(entry: Data) -> Iterable[Data]:
    """The controls of an entry with their risk, as the step needs them."""
    for section in entry.get("sections", ()):
        for risk in section["risks"]:
            for control in risk["controls"]:
                yield {
                    **control,
                    "section": section["name"],
                    "risk": risk["id"],
                    "risk_text": risk["text"],
                    "risk_kind": risk["kind"],
                    "level": risk_level(risk["likelihood"], risk["consequence"]),
                    "origin": risk["origin"],
                }


def risk_level(likelihood: int, consequence: int) -> str:
    """高 from 12, 中 from 6, else 低: likelihood (1-5) times consequence (1-5)."""
    score = likelihood * consequence
    return "高" if score >= 12 else "中" if score >= 6 else "低"


def _with_answering(guards: list[str], controls: list[Data]) -> list[str]:
    """The guards of a step: those it names and those that answer its entry's controls, so that no control is passed by."""
    answering = dict.fromkeys(control["guard"] for control in controls if control["guard"])
    return [*guards, *(guard for guard in answering if guard not in guards)]


def _sign(node: yamls.Node | None) -> Data:
    """Joint sign-off: the departments, and the step that arbitrates when they do not agree."""
    if node is None:
        return {}
    with node.fields() as f:
        departments = []
        for item in f.need("departments").nodes():
            with item.fields() as d:
                role = d.need("role").one_of(role_ids())
                departments.append({"id": d.text("id"), "name": d.text("name"), "role": role})
        return {"departments": departments, "arbitrate": f.text("arbitrate")}


def _next(f: yamls.Fields) -> list[Data]:
    """Explicit ways on; empty means: the steps that follow, optional ones by their `when`."""
    ways = []
    for node in f.nodes("next"):
        with node.fields() as n:
            ways.append({"to": n.text("to"), "when": optional(n, "when", find_condition)})
    if ways and ways[-1]["when"]:
        raise f.need("next").error("no_way_on", "next 的最后一项不能带 when，否则可能无路可走")
    return ways


def _demo(node: yamls.Node | None) -> Data:
    """What `yk demo` shows: a customer of the demonstration archive and the guards it breaks and mends."""
    if node is None:
        return {}
    with node.fields() as f:
        return {"customer": f.text("customer", ""), "breaks": registered_names(f, "breaks", find_guard)}


def _name_entries(steps: list[Data], flow_name: str) -> None:
    """A step without a name takes its entry's title without the flow's name."""
    for step in walk(steps):
        if not step["name"]:
            step["name"] = step["title"].removeprefix(flow_name) or step["title"] or step["id"]
