"""The small things flow definitions and parts of steps are written with: fields, materials, limits, registered names."""

from __future__ import annotations

from typing import Any

from yk import yamls
from yk.archive.codes import code_lists
from yk.errors import DefinitionError, UsageError
from yk.flows.guards import find_condition
from yk.flows.materials import find_material
from yk.settings import declared as declared_settings

FIELD_TYPES = (
    "text", "code", "date", "datetime", "integer", "number", "boolean", "phone", "email", "postcode", "table",
)  # fmt: skip

Data = dict[str, Any]


def registered_names(f: yamls.Fields, key: str, find: Any) -> list[str]:
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


def optional(f: yamls.Fields, key: str, find: Any) -> str:
    """A registered name, '' when it is not there."""
    node = f.find(key)
    return "" if node is None else _registered(node, find)


def sources_of(field: Data) -> list[tuple[str, str]]:
    """Where a field may be filled from, the first that knows something first: (source, column), ('', moment) of the moment."""
    parts = (word.strip().rpartition(".") for word in field["from"].split("|") if word.strip())
    return [(source, column) for source, _, column in parts]


def read_opens(f: yamls.Fields) -> list[Data]:
    """Flows that leaving a step opens an order of, each when its condition holds; nothing waits for these orders."""
    opens = []
    for node in f.nodes("opens"):
        with node.fields() as one:
            opens.append({"flow": one.text("flow"), "when": _registered(one.need("when"), find_condition)})
    return opens


def read_limit(node: yamls.Node | None) -> Data:
    """A time limit: written out, or by the setting that holds it; {} when there is none."""
    if node is None:
        return {}
    with node.fields() as f:
        named = f.find("setting")
        if named is not None:
            declared = {setting.name: setting for setting in declared_settings()}
            setting = declared[named.one_of(n for n, s in declared.items() if s.type == "integer")]
            days = {"setting": setting.name, "working_days": setting.default}
            return {**days, "source": setting.source, "confidence": setting.confidence}
        sure = f.need("confidence")
        if sure.one_of(("高", "中", "低")) != "高":
            raise sure.error(
                "limit_not_a_setting",
                "可信度不是高的时限要写成设置，才好按本单位规定改",
                "在 settings.yaml 加一项，这里写 {setting: 名字}",
            )
        return {
            "setting": "",
            "working_days": f.need("working_days").integer(),
            "source": f.text("source"),
            "confidence": "高",
        }


def read_field(node: yamls.Node, step: str = "") -> Data:
    """A form field; `step` is given where the field is written with its step."""
    with node.fields() as f:
        field: Data = {
            "name": f.text("name"),
            "label": f.text("label"),
            "type": f.need("type").one_of(FIELD_TYPES),
            "tab": f.text("tab", ""),
            "step": step or f.text("step"),
            "unit": f.text("unit", ""),
            "codes": f.text("codes", ""),
            "max": f.integer("max", 500),
            "required": f.flag("required"),
            "required_when": optional(f, "required_when", find_condition),
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


def read_material(node: yamls.Node, step: str = "") -> Data:
    """A material: its kind, from which step on and when it is required, until which step it may be handed in later."""
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
            "step": f.text("step", step),
            "required": f.flag("required"),
            "required_when": optional(f, "required_when", find_condition),
            "reuse": f.flag("reuse"),
            "deferrable_until": f.text("deferrable_until", ""),
            "basis": f.text("basis"),
        }
