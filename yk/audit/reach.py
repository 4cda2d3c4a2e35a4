"""What each part of a rule reads of the archive: of which entities, which fields, and what it looks up beside a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from yk.archive.dictionary import entities
from yk.audit.rules import Part, Table, rules, tables

_SOURCE = re.compile(r"(?:^|FROM )(\w+)")
_NAMED = re.compile(r"\b([a-z]+)\.(\w+)")
_PAIR = re.compile(r"(\w+)\.(\w+) = (\w+)\.(\w+)")
_WORD = re.compile(r"\w+")

Fields = frozenset[tuple[str, str]]
"""(entity, field) pairs."""


class Lookup(NamedTuple):
    """Rows of `source` whose `column` is the value of `own` in a row of `entity`."""

    entity: str
    own: str
    source: str
    column: str


class Reach(NamedTuple):
    """The fields a part reads, and its look-ups."""

    fields: Fields
    lookups: tuple[Lookup, ...]

    @property
    def entities(self) -> frozenset[str]:
        """The entities a part reads."""
        return frozenset(entity for entity, _ in self.fields)


def is_whole(part: Part) -> bool:
    """Does a part look at all accounts of a unit?"""
    return any(alias in tables()[part.entity].whole for alias, _ in _NAMED.findall(part.where))


@cache
def reach(part: Part) -> Reach:
    """What a part reads."""
    table = tables()[part.entity]
    text = f"{part.where} {part.when} {table.scope}"
    fields = {(part.entity, name) for name in (entities()[part.entity].key[0], table.owner) if name}
    lookups: dict[Lookup, None] = {}
    named = set(_NAMED.findall(text))
    for alias, field in named:
        if alias == table.alias:
            fields.add((part.entity, field))
    for alias in sorted({alias for alias, _ in named} & table.beside.keys()):
        source, on = table.beside[alias]
        fields |= set(_of_join(table, alias, source, on))
        name = _source_of(source)
        fields |= {(name, field) for one, field in named if one == alias and field in entities()[name].fields}
        for one, column, other, own in _PAIR.findall(on):
            assert (one, other) == (alias, table.alias), on
            lookups[Lookup(part.entity, own, name, column)] = None
    return Reach(frozenset(fields), tuple(lookups))


def _source_of(source: str) -> str:
    found = _SOURCE.search(source)
    assert found is not None, source
    return found[1]


def _of_join(table: Table, alias: str, source: str, on: str) -> Iterator[tuple[str, str]]:
    """The fields that a join itself reads."""
    name = _source_of(source)
    known = entities()[name].fields
    if source != name:  # a query of its own
        yield from ((name, word) for word in _WORD.findall(source) if word in known)
    for one, field in _NAMED.findall(on):
        if one == alias and field in known:
            yield name, field
        elif one == table.alias:
            yield table.entity, field


@cache
def read_fields() -> dict[str, tuple[str, ...]]:
    """The fields that any rule reads, by entity, with its key and its owner; in the dictionary's order."""
    read = {pair for rule in rules().values() for part in rule.parts for pair in reach(part).fields}
    found = {}
    for entity in sorted({name for name, _ in read}):
        kind = entities()[entity]
        own = {*kind.key, kind.owner}
        found[entity] = tuple(field for field in kind.fields if (entity, field) in read or field in own)
    return found
