"""Kinds of batches (`kinds.yaml`): their lists, what of their flow is asked row by row, the flow their order runs under."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.batch.columns import Column
from yk.errors import UsageError
from yk.flows.flow import Flow, load
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("kinds.yaml")
ARCHIVING = "data_archiving"
"""The step at whose end the archive is written; rows are written when the order has come to it."""
COLUMN_KINDS = ("account", "code", "number", "text")


class Declaration(NamedTuple):
    """A form field a person answers for: `value` is filled in once confirmed; `above` names a setting: asked only of
    batches with more rows than that."""

    field: str
    value: str
    above: str


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of batch. `key`: the column that may stand only once; `guards` and `effects` are asked and made row by row,
    `replaced` are guards of the flow that the plan itself answers; `late`: refusals that are followed up."""

    id: str
    name: str
    flow: str
    words: tuple[str, ...]
    material: str
    key: str
    columns: tuple[Column, ...]
    row_fields: tuple[str, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    dropped_effects: tuple[str, ...]
    replaced: tuple[str, ...]
    asked_with: Mapping[str, tuple[str, ...]]
    late: tuple[str, ...]
    own_fields: tuple[Mapping[str, str], ...]
    fill: Mapping[str, str]
    declare: tuple[Declaration, ...]

    def column(self, name: str) -> Column:
        """The column with this name."""
        return next(column for column in self.columns if column.name == name)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its id."""
    return {row["id"]: _kind(row) for row in yamls.compiled("batch-kinds", [SOURCE], _read)}


def find_kind(word: str) -> Kind:
    """The kind meant by an id or a Chinese name. Raises UsageError (`unknown_kind`)."""
    wanted = halfwidth(word).strip()
    for kind in kinds().values():
        if wanted == kind.id or wanted in kind.words:
            return kind
    hint = (
        did_you_mean(wanted, kinds())
        or f"可用的有：{'、'.join(f'{k.id}（{k.name}）' for k in kinds().values())}"
    )
    raise UsageError("unknown_kind", f"没有 {word} 这种批次", hint)


@cache
def order_flow(name: str) -> Flow:
    """The flow that the order of a batch of this kind runs under: the manual's, without what is asked and written row by
    row; instead it opens only with rows that can go, and is archived only when every row has its result."""
    kind = kinds()[name]
    doc = deepcopy(load(kind.flow).doc)
    by_row = {*kind.guards, *kind.replaced}
    doc["form"] = [field for field in doc["form"] if field["name"] not in kind.row_fields]
    doc["form"] += [_own_field(field, doc["form"][0]) for field in kind.own_fields]
    doc["on_stop"] = [effect for effect in doc["on_stop"] if effect != "release_partners"]
    doc["demo"] = {}
    for step in doc["steps"]:
        step["guards"] = [guard for guard in step["guards"] if guard not in by_row]
        step["controls"] = [control for control in step["controls"] if control["guard"] not in by_row]
        written = {*kind.effects, *kind.dropped_effects}
        step["effects"] = [effect for effect in step["effects"] if effect not in written]
        if step["id"] == ARCHIVING:
            step["guards"].append("batch_rows_written")
    doc["steps"][0]["guards"].append("batch_has_rows")
    return Flow(doc)


def _own_field(field: Mapping[str, str], like: Mapping[str, Any]) -> dict[str, Any]:
    """A question of ours as a form field: yes or no, required."""
    empty: dict[str, Any] = {"unit": "", "codes": "", "max": 500, "required_when": "", "readonly": False}
    empty |= {"personal": False, "example": "true", "from": "", "default": None, "columns": []}
    made = {**empty, **field, "type": "boolean", "required": True}
    assert made.keys() == like.keys(), made.keys() ^ like.keys()
    return made


def _kind(row: dict[str, Any]) -> Kind:
    columns = tuple(Column(**{**column, "words": tuple(column["words"])}) for column in row["columns"])
    lists = ("words", "row_fields", "guards", "effects", "dropped_effects", "replaced", "late", "own_fields")
    return Kind(
        **row
        | {name: tuple(row[name]) for name in lists}
        | {"columns": columns, "asked_with": {k: tuple(v) for k, v in row["asked_with"].items()}}
        | {"declare": tuple(Declaration(**one) for one in row["declare"])}
    )


def _read() -> list[dict[str, Any]]:
    rows = []
    for node in yamls.read(SOURCE, "kinds.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {name: f.text(name) for name in ("id", "name", "flow", "material", "key")}
            row["words"] = f.texts("words")
            row["columns"] = [_read_column(one) for one in f.nodes("columns")]
            row |= _read_rows(f.need("rows"))
            row["own_fields"] = [
                _read_texts(one, ("name", "label", "tab", "step")) for one in f.nodes("fields")
            ]
            row["fill"] = _read_fill(f.need("fill"))
            row["declare"] = [_read_declaration(one) for one in f.nodes("declare")]
        f.need("key").one_of(column["name"] for column in row["columns"])
        rows.append(row)
    return rows


def _read_column(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        row: dict[str, Any] = {name: f.text(name) for name in ("name", "label")}
        row["kind"] = f.need("kind").one_of(COLUMN_KINDS)
        return row | {"required": f.flag("required"), "words": f.texts("words")}


def _read_rows(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        row: dict[str, Any] = {"row_fields": f.texts("fields")}
        row |= {name: f.texts(name) for name in ("guards", "effects", "dropped_effects", "replaced", "late")}
        asked = f.find("asked_with")
        row["asked_with"] = {} if asked is None else _read_conditions(asked.fields())
        return row


def _read_conditions(f: yamls.Fields) -> dict[str, list[str]]:
    return {name: f.texts(name) for name in f.keys()}  # noqa: SIM118


def _read_fill(node: yamls.Node) -> dict[str, str]:
    f = node.fields()
    return {name: f.text(name) for name in f.keys()}  # noqa: SIM118


def _read_declaration(node: yamls.Node) -> dict[str, str]:
    with node.fields() as f:
        return {"field": f.text("field"), "value": f.text("value"), "above": f.text("above", "")}


def _read_texts(node: yamls.Node, names: tuple[str, ...]) -> dict[str, str]:
    with node.fields() as f:
        return {name: f.text(name) for name in names}
