"""The data dictionary (`dictionary.yaml`): which entities the archive holds, and their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from yk import yamls
from yk.archive import codes
from yk.archive.values import READERS, Value
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth

if TYPE_CHECKING:
    from yk.store import Collection

SOURCE = Path(__file__).with_name("dictionary.yaml")
_COLUMNS = {"VARCHAR": "text", "DATE": "text", "TIMESTAMP": "text", "DOUBLE": "real", "INTEGER": "integer"}
_REMARK = re.compile(r"\(.*?\)|[\s*]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `type` is VARCHAR, DOUBLE, INTEGER, DATE or TIMESTAMP; `code` names its code list or is ''."""

    name: str
    zh: str
    type: str
    code: str = ""
    unit: str = ""
    sg186: str = ""
    index: bool = False
    personal: bool = False
    extension: bool = False

    def parse(self, value: object) -> Value:
        """The stored form of `value` (a text, a number, a spreadsheet's date); None for a blank.

        Dates become `YYYY-MM-DD`, times `YYYY-MM-DDTHH:MM:SS` (Beijing). Raises UsageError (`wrong_type`).
        """
        try:
            return READERS[self.type](value)
        except ValueError as error:
            raise UsageError("wrong_type", f"{self.zh}（{self.name}）{error}") from None


@dataclass(frozen=True, eq=False)
class Entity:
    """One table. `key`: the fields that name a row; `owner`: the field with its customer, '' when shared;
    `kind`: customer or reference; `fields`: by English name, in the dictionary's order."""

    name: str
    zh: str
    sg186: str
    key: tuple[str, ...]
    owner: str
    kind: str
    fields: Mapping[str, Field]

    def doc_id(self, row: Mapping[str, Any]) -> str:
        """The key values of `row` joined by ':'.

        Raises UsageError: `missing_key` when one is blank, `wrong_type` when one could not be told from the next.
        """
        values = [row.get(name) for name in self.key]
        if any(value is None or value == "" for value in values):
            wanted = "、".join(f"{self.fields[name].zh}（{name}）" for name in self.key)
            raise UsageError("missing_key", f"{self.zh} 缺少 {wanted}")
        if len(values) == 1:
            return str(values[0])
        if any(":" in str(value) for value in values[:-1]):
            raise UsageError(
                "wrong_type", f"{self.zh} 的 {self.fields[self.key[0]].zh}（{self.key[0]}）里不能有冒号"
            )
        return ":".join(str(value) for value in values)

    def find(self, word: str) -> Field | None:
        """The field with that English or Chinese name; units and remarks in brackets do not count."""
        return self._words.get(bare(word))

    def field(self, word: str) -> Field:
        """Like `find`, but raises UsageError (`unknown_field`)."""
        if (found := self.find(word)) is None:
            hint = did_you_mean(word, [*self.fields, *(f.zh for f in self.fields.values())])
            raise UsageError("unknown_field", f"{self.zh} 没有 {word} 这个字段", hint)
        return found

    @cached_property
    def _words(self) -> Mapping[str, Field]:
        fields = self.fields.values()
        return {bare(f.zh): f for f in fields} | {f.name: f for f in fields}


@cache
def entities() -> Mapping[str, Entity]:
    """Every entity by its English name, in the dictionary's order."""
    rows = yamls.compiled("dictionary", [SOURCE, codes.SOURCE], _read)
    return MappingProxyType({row["name"]: _entity(row) for row in rows})


def find_entity(word: str) -> Entity | None:
    """The entity with that English or Chinese name; units and remarks in brackets do not count."""
    return _entity_words().get(bare(word))


def entity(word: str) -> Entity:
    """Like `find_entity`, but raises UsageError (`unknown_entity`)."""
    if (found := find_entity(word)) is None:
        hint = did_you_mean(word, [*entities(), *(e.zh for e in entities().values())])
        raise UsageError("unknown_entity", f"档案里没有 {word} 这类数据", hint)
    return found


def collections() -> list[Collection]:
    """The archive's typed tables, for opening a store."""
    from yk.store import Collection

    return [
        Collection(
            name=e.name,
            key=e.key,
            columns={f.name: _COLUMNS[f.type] for f in e.fields.values()},
            index=tuple(f.name for f in e.fields.values() if f.index),
        )
        for e in entities().values()
    ]


@cache
def _entity_words() -> Mapping[str, Entity]:
    known = entities().values()
    return {bare(e.zh): e for e in known} | {e.name: e for e in known}


def bare(word: str) -> str:
    """A name as headers are compared: «合同容量（kVA） *» is 合同容量."""
    return _REMARK.sub("", halfwidth(word)).casefold()


def _entity(row: dict[str, Any]) -> Entity:
    fields = {f["name"]: Field(**f) for f in row["fields"]}
    return Entity(**row | {"key": tuple(row["key"]), "fields": MappingProxyType(fields)})


def _read() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for node in yamls.read(SOURCE, "dictionary.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {name: f.text(name) for name in ("name", "zh", "sg186")}
            row["fields"] = [_read_field(one) for one in f.need("fields").nodes()]
            names = [one["name"] for one in row["fields"]]
            row["key"] = [one.one_of(names) for one in f.need("key").nodes()]
            row["owner"] = f.need("owner").one_of(["", *names])
            row["kind"] = f.need("kind").one_of(["customer" if row["owner"] else "reference"])
        _refuse_repeated(node, row["fields"])
        rows.append(row)
        _refuse_repeated(node, rows)
    return rows


def _read_field(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        row: dict[str, Any] = {name: f.text(name) for name in ("name", "zh")}
        row["type"] = f.need("type").one_of(_COLUMNS)
        if found := f.find("code"):
            row["code"] = found.one_of(codes.code_lists())
        row |= {name: f.text(name, "") for name in ("unit", "sg186")}
        row |= {name: f.flag(name) for name in ("index", "personal", "extension")}
    return row


def _refuse_repeated(node: yamls.Node, rows: Iterable[Mapping[str, Any]]) -> None:
    """No two names, English or Chinese, may be read as the same word."""
    words = [word for row in rows for word in (row["name"], bare(row["zh"]))]
    if repeated := {word for word in words if words.count(word) > 1}:
        raise node.error("duplicate_name", f"名称 {'、'.join(sorted(repeated))} 用了两次")
