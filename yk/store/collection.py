"""How one TinyDB table lies in a medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import orjson

from yk.errors import UnreadableError

Row = dict[str, Any]
Stored = tuple[Any, ...]
"""A document as a medium keeps it: the column values of a typed one, else its JSON text alone."""

_TYPES = {"text": str, "integer": int, "real": float}
_NAMES = {"text": "文字", "integer": "整数", "real": "数字"}
_MOST = 2**63
"""Whole numbers of SQL go from -_MOST to _MOST - 1."""
_SEEN = 1000
_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
"""Only JSON's own types are documents."""


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A table of the store.

    `key`: the fields whose values, joined by ':', are the document's id; they stand in the body too.
    `columns`: field -> 'text' | 'integer' | 'real' for a *typed* collection (SQL can read it in place);
    None for JSON *documents*. `index`: the fields that searches may use; in documents they hold texts.
    `counts`: is a change of it one of the store's `revision`?
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str] | None = None
    index: tuple[str, ...] = ()
    counts: bool = True
    _fine: set[tuple[type, ...]] = field(default_factory=set, init=False, repr=False)
    """Types of rows that were found right: a row of the same types needs no second look."""
    _numbers: tuple[int, ...] = field(default=(), init=False, repr=False)
    _texts: tuple[int, ...] = field(default=(), init=False, repr=False)
    """Where numbers and texts stand among the columns."""

    def __post_init__(self) -> None:
        kinds = list((self.columns or {}).values())
        object.__setattr__(self, "_numbers", tuple([i for i, kind in enumerate(kinds) if kind != "text"]))
        object.__setattr__(self, "_texts", tuple([i for i, kind in enumerate(kinds) if kind == "text"]))

    def doc_id(self, row: Mapping[str, Any]) -> str:
        """The id of `row`. Raises UnreadableError: `key_missing`, `bad_key`."""
        values = [row.get(name) for name in self.key]
        for value in values:
            if value is None or value == "":
                raise UnreadableError("key_missing", f"{self.name}：缺少主键 {'、'.join(self.key)}")
            if type(value) is not str and type(value) is not int:
                raise UnreadableError("bad_key", f"{self.name}：主键 {'、'.join(self.key)} 应是文字")
        if len(values) == 1:
            return str(values[0])
        if any(":" in str(value) for value in values[:-1]):
            raise UnreadableError("bad_key", f"{self.name}：主键 {self.key[0]} 里不能有冒号")
        return ":".join([str(value) for value in values])

    def stored(self, doc_id: str, row: Mapping[str, Any]) -> Stored:
        """What a medium keeps of `row`; the same whatever the medium, so that all media answer alike.

        Raises UnreadableError: `key_missing`, `bad_key`, `key_changed`, `unknown_field`, `wrong_type`, `not_storable`.
        """
        own = self.doc_id(row)
        if own != doc_id:
            raise UnreadableError("key_changed", f"{self.name} {doc_id} 的主键不能改成 {own}")
        return self._text_of(doc_id, row) if self.columns is None else self._values_of(doc_id, row)

    def fields(self, doc_id: str, fields: Mapping[str, Any]) -> Stored:
        """The column values of some `fields` of a typed row, in their order. Key fields stay out of it.

        Raises UnreadableError: `unknown_field`, `wrong_type`, `not_storable`, `key_changed`.
        """
        assert self.columns is not None
        if not self.columns.keys() >= fields.keys():
            unknown = "、".join(sorted(fields.keys() - self.columns.keys()))
            raise UnreadableError("unknown_field", f"{self.name} 没有字段 {unknown}")
        if changed := [name for name in self.key if name in fields]:
            raise UnreadableError("key_changed", f"{self.name} {doc_id} 的主键 {'、'.join(changed)} 不能改")
        values = tuple([self._value(doc_id, n, self.columns[n], value) for n, value in fields.items()])
        for value in values:
            if not (_is_plain(value) if type(value) is str else _is_number(value)):
                raise self._unplain(doc_id)
        return tuple([value + 0 if value == 0 else value for value in values])

    def read(self, doc_id: str, stored: Stored) -> Row:
        """The document of `stored`, the caller's own. Raises UnreadableError (`store_damaged`)."""
        if self.columns is not None:
            return dict(zip(self.columns, stored, strict=True))
        try:
            row = orjson.loads(stored[0])
        except (TypeError, ValueError, RecursionError):
            row = None
        if type(row) is not dict:
            message = f"存储里 {self.name} {doc_id} 的内容已损坏"
            raise UnreadableError("store_damaged", message, "用最近的备份恢复：yk store restore")
        return row

    def fits(self, name: str, value: object) -> bool:
        """Can an index answer a comparison of the field `name` with `value` exactly?"""
        if name not in self.index:
            return False
        kind = "text" if self.columns is None else self.columns[name]
        if kind == "text":
            return type(value) is str and _is_plain(value)
        return (type(value) is int or (kind == "real" and type(value) is float)) and _is_number(value)

    def _values_of(self, doc_id: str, row: Mapping[str, Any]) -> Stored:
        assert self.columns is not None
        if not self.columns.keys() >= row.keys():
            unknown = "、".join(sorted(row.keys() - self.columns.keys()))
            raise UnreadableError("unknown_field", f"{self.name} 没有字段 {unknown}")
        values: Stored = tuple(map(row.get, self.columns))
        types = tuple(map(type, values))
        if types not in self._fine:
            pairs = zip(self.columns.items(), values, strict=True)
            values = tuple([self._value(doc_id, name, kind, value) for (name, kind), value in pairs])
            if tuple(map(type, values)) == types and len(self._fine) < _SEEN:
                self._fine.add(types)
        for i in self._numbers:
            if not _is_number(values[i]):
                raise UnreadableError("not_storable", f"{self.name} {doc_id} 里有存不了的数：{values[i]}")
            if values[i] == 0:  # SQL knows no negative zero
                values = (*values[:i], values[i] + 0, *values[i + 1 :])
        if not _is_plain("".join([values[i] or "" for i in self._texts])):
            raise self._unplain(doc_id)
        return values

    def _value(self, doc_id: str, name: str, kind: str, value: Any) -> Any:
        """The value of one column; a whole number of a real column as a float."""
        if value is None or type(value) is _TYPES[kind]:
            return value
        if kind == "real" and type(value) is int and _is_number(value):
            return float(value)
        raise self._wrong_type(doc_id, name, kind, value)

    def _text_of(self, doc_id: str, row: Mapping[str, Any]) -> Stored:
        for name in self.index:
            if not isinstance(row.get(name), str | None):
                raise self._wrong_type(doc_id, name, "text", row[name])
        try:
            text = orjson.dumps(dict(row), option=_STRICT).decode()
            if "null" in text and not _is_finite(row):  # orjson writes null for what is no number
                raise ValueError("nan")
        except (TypeError, ValueError, RecursionError) as error:
            raise UnreadableError("not_storable", f"{self.name} {doc_id} 的内容存不了：{error}") from None
        indexed = "".join([row.get(name) or "" for name in self.index])
        if not _is_plain(text) or "\0" in indexed or "\0" in doc_id:
            raise self._unplain(doc_id)
        return (text,)

    def _unplain(self, doc_id: str) -> UnreadableError:
        return UnreadableError("not_storable", f"{self.name} {doc_id!a} 里有残缺的字符或空字符")

    def _wrong_type(self, doc_id: str, name: str, kind: str, value: object) -> UnreadableError:
        message = f"{self.name} {doc_id} 的 {name} 应是{_NAMES[kind]}，现为 {value!r:.40}"
        return UnreadableError("wrong_type", message)


def _is_finite(value: Any) -> bool:
    """No float of a document is infinite or no number."""
    if type(value) is float:
        return isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    return all(map(_is_finite, value)) if isinstance(value, list | tuple) else True


def _is_number(value: Any) -> bool:
    """Nothing, or a number that SQL and JSON can hold."""
    return value is None or (isfinite(value) if type(value) is float else -_MOST <= value < _MOST)


def _is_plain(text: str) -> bool:
    """Neither half characters nor NUL, which SQL does not store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
