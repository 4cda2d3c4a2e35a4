"""The list of a batch modification (批量修改): which rows of the archive get which values.

It stands in the form's table `rows` (few rows, written by hand), else in the store as a dry run has frozen it (many rows).
What is approved is the list with this digest and no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from yk.archive.dictionary import Field, entities
from yk.archive.looking import value_text
from yk.archive.values import Value
from yk.errors import UsageError
from yk.flows.corrections import BILLING, CLOSED, EMPTY, correctable, kind_of
from yk.flows.facts import Facts
from yk.text import mask


class Listed(NamedTuple):
    """One row to change: the fields to change as they were when it was listed, and as they are to be."""

    entity: str
    entity_id: str
    cons_no: str
    before: Mapping[str, Value]
    after: Mapping[str, Value]


class Moved(NamedTuple):
    """A field that is not as a list has it: what was expected, what is there; `gone` when the whole row is."""

    row: Listed
    field: str
    expected: Value
    present: Value
    gone: bool


def by_hand(f: Facts) -> list[dict[str, Any]]:
    """The rows of the form's table: entity, row_id, field, new_value, old_value; [] where a dry run made the list."""
    return [dict(row) for row in f.data.get("rows") or ()]


def present(f: Facts, entity: str, ident: str) -> Mapping[str, Value] | None:
    """What the archive says now in a row of the list; None when there is no such row."""
    found: Mapping[str, Value] | None = f.row("repair").get("now", {}).get(entity, {}).get(ident)
    return found


def listed(f: Facts) -> list[Listed]:
    """The list as it stands. What the form's table has wrong is left out: guards say it."""
    if hand := by_hand(f):
        return _merged(f, hand)
    return [Listed(**row) for row in f.row("repair").get("rows", ())]


def _merged(f: Facts, hand: Iterable[Mapping[str, Any]]) -> list[Listed]:
    """The rows of the form's table, those of one row of the archive together."""
    found: dict[tuple[str, str], Listed] = {}
    for row in hand:
        entity, ident, field = (str(row.get(name) or "") for name in ("entity", "row_id", "field"))
        if kind_of(row) in ("", CLOSED):
            continue
        known = entities()[entity]
        here = present(f, entity, ident) or {}
        try:
            new = known.fields[field].parse(row.get("new_value"))
            old = _noted(known.fields[field], row.get("old_value"), here.get(field))
        except UsageError:
            continue
        owner = str(here.get(known.owner) or "")
        one = found.setdefault((entity, ident), Listed(entity, ident, owner, {}, {}))
        found[entity, ident] = one._replace(
            before={**one.before, field: old}, after={**one.after, field: new}
        )
    return list(found.values())


def _noted(field: Field, noted: Value, now: Value) -> Value:
    """The value before: as the program noted it, else as it is."""
    if noted is None:
        return now
    return None if noted == EMPTY else field.parse(noted)


def digest(rows: Iterable[Listed]) -> str:
    """The SHA-256 of a list, whatever its order: rows, values before and after."""
    body = [[one.entity, one.entity_id, dict(one.before), dict(one.after)] for one in rows]
    body.sort(key=lambda row: row[:2])
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def touches_billing(rows: Iterable[Listed]) -> bool:
    """Does money or measuring depend on one of the fields?"""
    known = correctable()
    return any(
        one.entity in known and known[one.entity].kind(field) == BILLING
        for one in rows
        for field in one.after
    )


def why_closed(entity: str, field: str) -> str:
    """Why no batch modification may touch a field; '' when one may."""
    kind = kind_of({"entity": entity, "field": field})
    if entity not in correctable():
        return f"{entity or '（空）'} 不能批量修改，可以改的有 {'、'.join(correctable())}"
    if not kind:
        return f"{entities()[entity].zh}没有 {field or '（空）'} 这个字段"
    if kind == CLOSED:
        label, instead = entities()[entity].fields[field].zh, correctable()[entity].instead
        return f"{entities()[entity].zh}的{label}（{field}）不许批量修改，{instead or '它是记录的编号'}"
    return ""


def moved_since(f: Facts, rows: Iterable[Listed]) -> Iterator[Moved]:
    """What is no more as the list says it was before; a row that is gone once."""
    yield from (moved for one in rows for moved in _moved(f, one, one.before))


def changed_since(f: Facts, row: Listed) -> list[Moved]:
    """What of a row is not as executing the list left it; [] when nothing."""
    return list(_moved(f, row, row.after))


def _moved(f: Facts, row: Listed, expected: Mapping[str, Value]) -> Iterator[Moved]:
    now = present(f, row.entity, row.entity_id)
    if now is None:
        yield Moved(row, next(iter(expected)), None, None, gone=True)
        return
    for field, value in expected.items():
        if now.get(field) != value:
            yield Moved(row, field, value, now.get(field), gone=False)


def row_name(row: Listed) -> str:
    """A row for people: 用电客户 1016000012."""
    return f"{entities()[row.entity].zh} {row.entity_id}"


def moved_shown(one: Moved) -> str:
    """What moved since a list was made, for people."""
    if one.gone:
        return f"{row_name(one.row)} 已不在档案里"
    field = entities()[one.row.entity].fields[one.field]
    expected, now = value_shown(field, one.expected), value_shown(field, one.present)
    return f"{row_name(one.row)} 的{field.zh}试算时是“{expected}”，现在是“{now}”"


def value_shown(field: Field, value: Value) -> str:
    """A value of the archive for people; personal data masked."""
    if value is None or value == "":
        return EMPTY
    return mask(str(value)) if field.personal else value_text(field, value)
