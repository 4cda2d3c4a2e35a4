"""Which fields of the archive a correction (档案维护) may touch, and how carefully (`corrections.yaml`); what speaks
against one correction. A correction is a row `{cons_no?, entity, row_id, field, new_value, grounds, old_value}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from yk import yamls
from yk.archive.codes import codes
from yk.archive.dictionary import entities
from yk.archive.values import Value
from yk.errors import UsageError

SOURCE = Path(__file__).with_name("corrections.yaml")
PLAIN, BILLING, CLOSED = "plain", "billing", "closed"
EMPTY = "（空）"


class Correctable(NamedTuple):
    """An entity whose rows may be corrected: its billing fields, those closed to it, and what to do instead."""

    entity: str
    billing: tuple[str, ...]
    closed: tuple[str, ...]
    instead: str

    def kind(self, field: str) -> str:
        """PLAIN, BILLING or CLOSED; '' for a field the entity does not have."""
        known = entities()[self.entity]
        if field not in known.fields:
            return ""
        if field in self.closed or field in known.key:
            return CLOSED
        return BILLING if field in self.billing else PLAIN


@cache
def correctable() -> Mapping[str, Correctable]:
    """Every entity that may be corrected, by name. Raises DefinitionError with file and line."""
    return MappingProxyType(
        {one.entity: one for one in map(_read, yamls.read(SOURCE, "corrections.yaml").nodes())}
    )


def _read(node: yamls.Node) -> Correctable:
    with node.fields() as f:
        name = f.need("entity").one_of(entities())
        fields = entities()[name].fields
        billing, closed = (
            tuple(item.one_of(fields) for item in f.need(key).nodes()) for key in (BILLING, CLOSED)
        )
        return Correctable(name, billing, closed, f.text("instead", ""))


def kind_of(row: Mapping[str, Any]) -> str:
    """PLAIN, BILLING, CLOSED, or '' for what the archive does not have."""
    one = correctable().get(str(row.get("entity") or ""))
    return one.kind(str(row.get("field") or "")) if one else ""


def why_closed(row: Mapping[str, Any]) -> str:
    """Why no correction may touch the field that `row` names; '' when one may."""
    entity, field = str(row.get("entity") or ""), str(row.get("field") or "")
    one, kind = correctable().get(entity), kind_of(row)
    if one is None:
        return f"{entity or '（空）'} 不能用档案维护更正，可更正的有 {'、'.join(correctable())}"
    if not kind:
        return f"{entities()[entity].zh}没有 {field or '（空）'} 这个字段"
    if kind == CLOSED:
        label = entities()[entity].fields[field].zh
        return f"{entities()[entity].zh}的{label}不许手工更正，{one.instead or '它是记录的编号'}"
    return ""


def row_among(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The one of the account's `rows` that a correction is about: the one it names, or the only one there is."""
    entity, named = str(row.get("entity") or ""), str(row.get("row_id") or "")
    if entity not in correctable():
        return None
    key = entities()[entity].key[0]
    if not named:
        return rows[0] if len(rows) == 1 else None
    return next((one for one in rows if str(one[key]) == named), None)


def parsed(row: Mapping[str, Any]) -> Value:
    """The new value as the archive stores it. Raises UsageError (`wrong_type`)."""
    return entities()[str(row["entity"])].fields[str(row["field"])].parse(row.get("new_value"))


def why_unsound(row: Mapping[str, Any], meant: Mapping[str, Any] | None) -> Iterator[str]:
    """What is wrong with the new value: its type, its code, or that `meant`, the row as it is, has it already."""
    field = entities()[str(row["entity"])].fields[str(row["field"])]
    try:
        value = parsed(row)
    except UsageError as error:
        yield error.message
        return
    if field.code and value is not None and str(value) not in codes(field.code):
        yield f"{field.zh}的新值 {value} 不在代码表里，可用 {'、'.join([*codes(field.code)][:12])}"
    if meant is not None and meant.get(field.name) == value:
        yield f"{field.zh}的新值与档案现值相同，不用更正"


def shown(value: object) -> str:
    """A value as a correction notes it; an empty one by a word, so that it differs from one that was not noted."""
    return EMPTY if value in (None, "") else str(value)
