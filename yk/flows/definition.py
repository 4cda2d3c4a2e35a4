"""Flow definitions: YAML read strictly into a plain document that carries all a work order needs.

The document (JSON data) holds the form, the materials, the steps with their moves, and of every step's manual entry
the controls. Its digest names it for good: a work order runs to its end under the document it was opened with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yk import yamls
from yk.archive.codes import code_lists
from yk.errors import DefinitionError, UsageError
from yk.flows.catalogue import find as find_listing
from yk.flows.effects import find_effect
from yk.flows.guards import find_condition, find_guard
from yk.flows.materials import find_material
from yk.flows.roles import role_ids
from yk.flows.structure import COMPLETED, END, ENDS, STOPPED, check, walk
from yk.settings import declared as declared_settings

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
FIELD_TYPES = (
    "text", "code", "date", "datetime", "integer", "number", "boolean", "phone", "email", "postcode", "table",
)  # fmt: skip

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
        doc: Data = {
            "id": f.text("id"),
            "name": f.text("name"),
            "initials": f.text("initials", ""),
            "category": f.text("category"),
            "source": f.text("source"),
            "confidence": f.need("confidence").one_of(("高", "中", "低")),
            "customer": f.flag("customer"),
            "demo": _demo(f.find("demo")),
            "opens_if": _names(f, "opens_if", find_guard),
            "on_stop": _names(f, "on_stop", find_effect),
            "form": [_field(item) for item in f.nodes("form")],
            "materials": [_material(item) for item in f.nodes("materials")],
            "steps": steps,
        }
        check(f, doc, FOLDER)
    return doc


def _names(f: yamls.Fields, key: str, find: Any) -> list[str]:
    """A list of registered names."""
    names = []
    for node in f.nodes(key):
        names.append(_registered(node, find))
    return names


def _registered(node: yamls.Node, find: Any) -> str:
    name = node.text()
    try:
        find(name)
    except DefinitionError as error:
        raise node.error(error.code, error.message, error.hint) from None
    return name


def _optional(f: yamls.Fields, key: str, find: Any) -> str:
    node = f.find(key)
    return "" if node is None else _registered(node, find)


def _step(node: yamls.Node, entries: dict[str, Data]) -> Data:
    """A step or a group of steps that run side by side."""
    with node.fields() as f:
        if f.find("together") is not None:
            return _together(f, entries)
        entry_node = f.find("entry")
        entry = _entry(entry_node, entries) if entry_node is not None else {}
        step: Data = {
            "id": f.text("id"),
            "name": f.text("name", ""),
            "entry": entry.get("code", ""),
            "title": entry.get("title", ""),
            "archetype": entry.get("archetype", ""),
            "role": f.need("role").one_of(role_ids()),
            "when": _optional(f, "when", find_condition),
            "limit": _limit(f.find("limit")),
            "guards": _names(f, "guards", find_guard),
            "effects": _names(f, "effects", find_effect),
            "back": f.texts("back"),
            "on_fail": f.text("on_fail", ""),
            "sub_flow": f.text("sub_flow", ""),
            "sign": _sign(f.find("sign")),
            "next": _next(f),
            "controls": list(_controls(entry)),
        }
        _check_guards(node, step)
    return step


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


def _check_guards(node: yamls.Node, step: Data) -> None:
    """A guard that answers a control must be asked at the step."""
    for control in step["controls"]:
        if control["guard"] and control["guard"] not in step["guards"]:
            raise node.error(
                "guard_not_asked",
                f"措施 {control['id']} 由守卫 {control['guard']} 回答，但本环节的 guards 里没有它",
            )


def _limit(node: yamls.Node | None) -> Data:
    if node is None:
        return {}
    with node.fields() as f:
        named = f.find("setting")
        if named is not None:
            declared = {setting.name: setting for setting in declared_settings()}
            setting = declared[named.one_of(n for n, s in declared.items() if s.type == "integer")]
            days = {"setting": setting.name, "working_days": setting.default}
            return {**days, "source": setting.source, "confidence": setting.confidence}
        return {
            "setting": "",
            "working_days": f.need("working_days").integer(),
            "source": f.text("source"),
            "confidence": f.need("confidence").one_of(("高", "中", "低")),
        }


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
            ways.append({"to": n.text("to"), "when": _optional(n, "when", find_condition)})
    if ways and ways[-1]["when"]:
        raise f.need("next").error("no_way_on", "next 的最后一项不能带 when，否则可能无路可走")
    return ways


def _demo(node: yamls.Node | None) -> Data:
    """What `yk demo` shows: a customer of the demonstration archive and the guards it breaks and mends."""
    if node is None:
        return {}
    with node.fields() as f:
        return {"customer": f.text("customer", ""), "breaks": _names(f, "breaks", find_guard)}


def _field(node: yamls.Node) -> Data:
    with node.fields() as f:
        field: Data = {
            "name": f.text("name"),
            "label": f.text("label"),
            "type": f.need("type").one_of(FIELD_TYPES),
            "tab": f.text("tab", ""),
            "step": f.text("step"),
            "unit": f.text("unit", ""),
            "codes": f.text("codes", ""),
            "max": f.integer("max", 500),
            "required": f.flag("required"),
            "required_when": _optional(f, "required_when", find_condition),
            "readonly": f.flag("readonly"),
            "personal": f.flag("personal"),
            "example": f.text("example", ""),
            "from": f.text("from", ""),
            "default": None if (default := f.find("default")) is None else default.scalar(),
            "columns": [_column(item) for item in f.nodes("columns")],
        }
        if field["type"] == "code" and field["codes"] not in code_lists():
            raise node.error(
                "unknown_codes", f"字段 {field['name']} 的代码表 {field['codes'] or '（空）'} 不存在"
            )
    return field


def _column(node: yamls.Node) -> Data:
    with node.fields() as f:
        return {
            "name": f.text("name"),
            "label": f.text("label"),
            "type": f.need("type").one_of(("text", "integer", "number")),
            "required": f.flag("required"),
            "product": f.texts("product"),
        }


def _material(node: yamls.Node) -> Data:
    with node.fields() as f:
        code_node = f.need("code")
        try:
            material = find_material(code_node.text())
        except UsageError as error:
            raise code_node.error(error.code, error.message, error.hint) from None
        return {
            "code": material.code,
            "name": material.name,
            "original": material.original,
            "required": f.flag("required"),
            "required_when": _optional(f, "required_when", find_condition),
            "deferrable_until": f.text("deferrable_until", ""),
            "basis": f.text("basis"),
        }


def _name_entries(steps: list[Data], flow_name: str) -> None:
    """A step without a name takes its entry's title without the flow's name."""
    for step in walk(steps):
        if not step["name"]:
            step["name"] = step["title"].removeprefix(flow_name) or step["id"]
