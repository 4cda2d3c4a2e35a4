"""A finding in words: what its rule looks at in the row, by name, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from yk.archive.dictionary import Field, entities
from yk.archive.looking import value_text
from yk.audit.rules import Rule
from yk.text import mask

Data = dict[str, Any]


class Told(NamedTuple):
    """The values a rule looks at in a row (by field, personal ones masked), and a sentence that says what is wrong."""

    values: Data
    said: str


def told(rule: Rule, entity: str, row: Mapping[str, Any]) -> Told:
    """A row of `entity` that breaks `rule`; fields of other entities that the rule looks at are not in the row."""
    fields = entities()[entity].fields
    own = [name.partition(".") for name in rule.fields]
    values = {name: _masked(fields[name], row.get(name)) for kind, _, name in own if kind == entity}
    shown = "，".join(f"{fields[name].zh} {_text(fields[name], value)}" for name, value in values.items())
    return Told(values, f"{rule.says}：{shown or '（值在相关表里）'}")


def _masked(field: Field, value: Any) -> Any:
    return mask(str(value)) if field.personal and value else value


def _text(field: Field, value: Any) -> str:
    return "空" if value is None or value == "" else value_text(field, value)
