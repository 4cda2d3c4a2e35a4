"""Flows as records for people and programs: one line a flow, a flow in full, its behaviour, its materials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.diagram.graph import condition_label, graph, role_name
from yk.flows.explore import explore
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.flows.materials import forbidden

Data = dict[str, Any]


def line(flow: Flow) -> Data:
    """A flow in one line."""
    return {
        "id": flow.id,
        "name": flow.name,
        "initials": flow.doc["initials"],
        "category": flow.doc["category"],
        "entries": [step["entry"] for step in flow.steps.values() if step["entry"]],
        "steps": len(flow.steps),
        "source": flow.doc["source"],
        "confidence": flow.doc["confidence"],
        "digest": flow.digest,
    }


def full(flow: Flow) -> Data:
    """A flow with its steps, what each asks and where each leads."""
    ways: dict[str, list[Data]] = {}
    for edge in graph(flow).edges:
        if edge.kind in ("on", "skip"):
            way = {"to": edge.target, "when": edge.when or None, "label": edge.label}
            ways.setdefault(edge.source, []).append(way)
    groups = _groups(flow.doc["steps"], ways)
    inside = {step: group["id"] for fork in groups for group in fork["groups"] for step in group["steps"]}
    steps = [_step(step, ways[name], inside.get(name)) for name, step in flow.steps.items()]
    opens = {
        "opens_if": flow.doc["opens_if"],
        "on_stop": flow.doc["on_stop"],
        "customer": flow.doc["customer"],
    }
    return {**line(flow), **opens, "steps": steps, "together": groups, "materials": list(materials(flow))}


def _step(step: Data, ways: list[Data], group: str | None) -> Data:
    return {
        "id": step["id"],
        "name": step["name"],
        "entry": step["entry"] or None,
        "title": step["title"] or step["name"],
        "role": step["role"],
        "role_name": role_name(step["role"]),
        "when": step["when"] or None,
        "guards": step["guards"],
        "controls": step["controls"],
        "limit": step["limit"] or None,
        "next": ways,
        "back": step["back"],
        "on_fail": step["on_fail"] or None,
        "effects": step["effects"],
        "sign": step["sign"] or None,
        "sub_flow": step["sub_flow"] or None,
        "opens": step.get("opens", []),
        "group": group,
    }


def _groups(steps: list[Data], ways: dict[str, list[Data]]) -> list[Data]:
    """The places where sequences run side by side, outer ones first."""
    found = []
    for step in steps:
        if "groups" in step:
            groups = [
                {"id": g["id"], "name": g["name"], "steps": [inner["id"] for inner in g["steps"]]}
                for g in step["groups"]
            ]
            found.append({"id": step["id"], "name": step["name"], "groups": groups, "next": ways[step["id"]]})
            found += [inner for g in step["groups"] for inner in _groups(g["steps"], ways)]
    return found


def behaviour(flow: Flow) -> Data:
    """What exploring a flow finds; `sound` says that nothing is wrong."""
    found = explore(flow)
    return {
        "flow": flow.id,
        "name": flow.name,
        "configurations": len(found.configurations),
        "rows": len(found.rows),
        "dead_ends": found.dead_ends,
        "never_left": found.never_left,
        "bypasses": found.bypasses,
        "sound": found.sound,
    }


def materials(flow: Flow) -> Iterator[Data]:
    """What a flow asks the customer for; `required_when` and `condition` say when that depends on a condition."""
    for material in flow.doc["materials"]:
        until = material["deferrable_until"]
        yield {
            "code": material["code"],
            "name": material["name"],
            "flow": flow.id,
            "required": material["required"],
            "deferrable_until": until or None,
            "basis": material["basis"],
            "required_when": material["required_when"] or None,
            "condition": condition_label(material["required_when"]),
            "deferrable_to": flow.step(until)["name"] if until else "",
            "original": material["original"],
            "forbidden": False,
        }


def materials_at(flow: Flow, step: str) -> list[Data]:
    """The materials first wanted at a step, and those that must be there when it is left."""
    return [
        one
        for one in flow.doc["materials"]
        if step in ((one.get("step") or flow.first), one["deferrable_until"])
    ]


def forbidden_materials() -> Iterator[Data]:
    """The papers nobody may ask for, with the same keys."""
    for paper in forbidden():
        yield {
            "code": None,
            "name": paper["name"],
            "flow": None,
            "required": False,
            "deferrable_until": None,
            "basis": paper["basis"],
            "required_when": None,
            "condition": "",
            "deferrable_to": "",
            "original": False,
            "forbidden": True,
        }


def guard_label(name: str) -> str:
    """What a guard demands, in Chinese."""
    return find_guard(name).label
