"""A finding in words: what its rule looks at in the row, by name, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from yk.archive.dictionary import Field, entities
from yk.archive.looking import value_text
from yk.audit.reach import reach
from yk.audit.rules import Rule, rules
from yk.text import mask

Data = dict[str, Any]


class Told(NamedTuple):
    """The values a rule looks at in a row (by field, personal ones masked), and a sentence that says what is wrong."""

    values: Data
    said: str


@cache
def told_fields(rule: str, entity: str) -> tuple[str, ...]:
    """The fields of a row of `entity` that a rule is about: those it names, else those it reads of the row."""
    one, kind = rules()[rule], entities()[entity]
    named = tuple(name.partition(".")[2] for name in one.fields if name.partition(".")[0] == entity)
    if named:
        return named
    read = {pair for part in one.parts if part.entity == entity for pair in reach(part).fields}
    skip = {*kind.key, kind.owner, "status", "run_status"}
    return tuple(name for name in kind.fields if (entity, name) in read and name not in skip)


def told(rule: Rule, entity: str, row: Mapping[str, Any]) -> Told:
    """A row of `entity` that breaks `rule`; fields of other entities that the rule looks at are not in the row."""
    fields = entities()[entity].fields
    values = {name: _masked(fields[name], row.get(name)) for name in told_fields(rule.id, entity)}
    shown = "，".join(f"{fields[name].zh} {_text(fields[name], value)}" for name, value in values.items())
    return Told(values, f"{rule.says}：{shown or '（值在相关表里）'}")


def _masked(field: Field, value: Any) -> Any:
    return mask(str(value)) if field.personal and value else value


def _text(field: Field, value: Any) -> str:
    return "空" if value is None or value == "" else value_text(field, value)
