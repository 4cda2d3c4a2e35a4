"""JSON lines: a nested document a customer, or lines of shared rows; all of them built alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yk.archive.dictionary import Entity, entity, find_entity
from yk.audit.dialects import quoted
from yk.audit.duck.staging import Given, Irregular, Staged, in_utf8, named, pattern

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LINES = "format = 'newline_delimited'"
_TRAILING = r",\s*[\]}]"
"""A comma that JSON does not allow and DuckDB does."""
_NUMBERS = ("UBIGINT", "BIGINT", "HUGEINT", "DOUBLE")


def stage(
    con: DuckDBPyConnection, path: Path, kind: Entity | None, folder: Path, needed: Collection[str]
) -> list[Staged]:
    """What the file gives of `kind` (a flat row a line), else of the `needed` entities.

    Raises Irregular, UnreadableError, OSError; duckdb.Error for a line that is no JSON.
    """
    file = pattern(in_utf8(path, folder))
    shape = _Shape(path.name, kind, needed)
    for structure in _structures(con, path.name, file):
        shape.learn(structure)
    columns = [(word, "VARCHAR") for word in shape.own.values()]
    for kind_, words in shape.nested.items():
        fields = ", ".join(f"{named(word)} VARCHAR" for word in words.values())
        columns.append((shape.words[kind_], f"STRUCT({fields})[]"))
    listed = ", ".join(f"{quoted(word)}: {quoted(type_)}" for word, type_ in columns)
    con.execute("CREATE OR REPLACE TEMP TABLE documents(nothing INTEGER)")
    if listed:
        read = f"SELECT * FROM read_json(?, {_LINES}, columns = {{{listed}}})"  # noqa: S608
        con.execute(f"CREATE OR REPLACE TEMP TABLE documents AS {read}", [file])
    return list(_staged(str(path), kind or entity("customer"), shape))


def _structures(con: DuckDBPyConnection, name: str, file: str) -> Iterator[Any]:
    """Every structure that a line has: words -> VARCHAR, UBIGINT …, NULL, or [words] for rows."""
    trailing = f"bool_or(regexp_matches(json, {quoted(_TRAILING)}))"
    read = f"SELECT json_structure(json), {trailing} FROM read_json_objects(?, {_LINES}) GROUP BY 1"  # noqa: S608
    for structure, has_trailing in con.execute(read, [file]).fetchall():
        if has_trailing:
            raise Irregular(f"{name} 里有多余的逗号")
        yield json.loads(structure)


class _Shape:
    """How the documents of a file are built: the words they use for each field. Raises Irregular over any that differ."""

    def __init__(self, file: str, kind: Entity | None, needed: Collection[str]) -> None:
        self.file, self.needed = file, needed
        self.kind, self.flat = kind or entity("customer"), kind is not None
        self.own: dict[str, str] = {}
        self.nested: dict[str, dict[str, str]] = {}
        self.words: dict[str, str] = {}

    def learn(self, structure: Any) -> None:
        """Take in the structure of a line."""
        if not isinstance(structure, dict):
            raise self._odd("有的行不是 {…}")
        nested = {word: rows for word, rows in structure.items() if not isinstance(rows, str)}
        own = {word: type_ for word, type_ in structure.items() if word not in nested}
        if own and not self.flat:
            self._require_customer(own)
        self._learn_fields(self.kind, own, self.own)
        for word, rows in nested.items():
            self._learn_rows(word, rows)

    def _require_customer(self, own: Mapping[str, str]) -> None:
        """A line is of a customer, with its number and something else about it, or of none."""
        number = next((word for word in own if (f := self.kind.find(word)) and f.name == "cons_no"), "")
        if own.get(number) != "VARCHAR" or len(own) < 2:
            raise self._odd("有的行缺用户编号，或没有客户自己的字段")

    def _learn_rows(self, word: str, rows: Any) -> None:
        kind = find_entity(word)
        if self.flat or kind is None:
            raise self._odd(f"有不认识的 {word}")
        if kind.name not in self.needed or rows == ["NULL"]:
            return
        if not (isinstance(rows, list) and isinstance(rows[0], dict)):
            raise self._odd(f"{kind.zh} 有的不是 [{{…}}]")
        if self.words.setdefault(kind.name, word) != word:
            raise self._odd(f"{kind.zh} 有两种写法")
        self._learn_fields(kind, rows[0], self.nested.setdefault(kind.name, {}))

    def _learn_fields(self, kind: Entity, given: Mapping[str, Any], known: dict[str, str]) -> None:
        seen = set()
        for word, type_ in given.items():
            field = kind.find(word)
            if field is None or field.name in seen or known.setdefault(field.name, word) != word:
                raise self._odd(f"{kind.zh} 的 {word} 不认识，或与别的重复")
            seen.add(field.name)
            plain = type_ in ("VARCHAR", "NULL") or (type_ in _NUMBERS and field.type != "VARCHAR")
            if not plain:
                raise self._odd(f"{kind.zh} 的 {word} 有的不是文字")

    def _odd(self, what: str) -> Irregular:
        return Irregular(f"{self.file}：{what}")


def _staged(file: str, kind: Entity, shape: _Shape) -> Iterator[Staged]:
    account = named(shape.own["cons_no"]) if not shape.flat and shape.own else "NULL"
    if shape.own and kind.name in {*shape.needed, *([kind.name] if shape.flat else [])}:
        source = "documents" if shape.flat else f"(SELECT * FROM documents WHERE {account} IS NOT NULL)"  # noqa: S608
        texts = {field: named(word) for field, word in shape.own.items()}
        yield Staged(kind, file, source, [], Given(texts, {}, {}), 0)
    for name, words in shape.nested.items():
        item = named(shape.words[name])
        source = f"(SELECT {account} AS account, unnest({item}) AS item FROM documents)"  # noqa: S608
        texts = {field: f"item.{named(word)}" for field, word in words.items()}
        yield Staged(entity(name), file, source, [], _owned(entity(name), texts), 0)


def _owned(kind: Entity, texts: dict[str, str]) -> Given:
    """Rows in a customer's document are the customer's."""
    if not kind.owner:
        return Given(texts, {}, {})
    own = texts.get(kind.owner, "NULL")
    texts[kind.owner] = f"coalesce(nullif(trim({own}), ''), account)"
    same = f"coalesce(trim({own}), '') IN ('', coalesce(trim(account), ''))"
    no_account = "coalesce(trim(account), '') = ''"
    return Given(texts, {}, {}, [f"({same} OR {no_account})"])
