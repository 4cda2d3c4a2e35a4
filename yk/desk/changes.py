"""Changes of the archive in words: which row, which fields from what to what; codes by name, personal columns masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from yk.archive.codes import code_lists, name_of
from yk.archive.dictionary import Field, entities
from yk.archive.looking import number_text
from yk.text import mask

NEW, GONE, CHANGED = "+", "-", "~"
_RECORD = "field_change"
"""The entity whose rows are changes themselves: it names entity and field by id."""


class Told(NamedTuple):
    """A row of the archive that changes: + new, - gone, ~ changed; its kind and id; (field, old, new) where '' is empty."""

    sign: str
    head: str
    parts: list[tuple[str, str, str]]


def told(entity: str, ident: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Told:
    """A change in words; of a row that is new or changed the fields it gets, of one that goes none."""
    kind = entities()[entity]
    sign = NEW if before is None else GONE if after is None else CHANGED
    if entity == _RECORD and after:
        return Told(sign, f"{kind.zh} {ident}", _recorded(after))
    parts = []
    for name, value in (after or {}).items():
        field = kind.fields[name]
        parts.append((field.zh, value_told(field, (before or {}).get(name)), value_told(field, value)))
    return Told(sign, f"{kind.zh} {ident}", parts)


def _recorded(row: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What a record of a change says: which field, from what to what, by which paper."""
    kind = entities().get(str(row.get("entity")))
    field = kind.fields.get(str(row.get("field"))) if kind else None
    name = f"{kind.zh if kind else ''} {field.zh if field else ''}".strip() or "内容"
    old, new, paper = (str(row.get(word) or "") for word in ("old_value", "new_value", "basis"))
    return [(name, old, new), ("变更依据", "", paper)]


def value_told(field: Field, value: object) -> str:
    """A value of the archive for people; '' for nothing."""
    if value is None:
        return ""
    if field.personal and value:
        return mask(str(value))
    if isinstance(value, float):
        return number_text(value, field.unit)
    return name_of(field.code, str(value)) if field.code in code_lists() else str(value)
