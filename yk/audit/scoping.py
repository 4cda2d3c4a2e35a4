"""The rules asked of some accounts only: what belongs to them is copied into a small base in memory and asked there.

What a rule looks up beside an account's rows (码表, 资产, 上级计量点 …) is copied with them. A rule that looks at all accounts
of a unit (大一 1.1.1) cannot be answered from some: where the account's own part of it holds, the answer is `unknown`.
Of changed fields only the rules that read them need be asked.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from yk.archive.dictionary import Entity, entities
from yk.audit.fusing import Statement, statements
from yk.audit.reach import Fields, Lookup, is_whole, reach, read_fields
from yk.audit.reading import Found, broken
from yk.audit.rules import Part, Rule, rules
from yk.flows.change import Image
from yk.store import Store
from yk.store.conditions import Comparison

ANY = "*"
"""Stands for every field of an entity: its row came or went."""


class Answer(NamedTuple):
    """What breaks a rule, and what cannot be told from these accounts alone; `asked` are the (rule, entity) pairs this
    is an answer to."""

    broken: frozenset[Found]
    unknown: frozenset[Found]
    asked: frozenset[tuple[str, str]]


class _Asking(NamedTuple):
    """Some of the rules, ready to be asked: the statements, those of the parts that look at a whole unit as far as an account
    can answer, the tables to copy and what to look up."""

    statements: list[Statement]
    guessed: list[Statement]
    tables: tuple[str, ...]
    lookups: tuple[Lookup, ...]
    asked: frozenset[tuple[str, str]]


class Scope:
    """The rules over some accounts of a store. Values (`known`) are of one day: make another on the next.

    Keeps a base in memory, so that one scope asked again and again is quick; not to be shared between threads.
    """

    def __init__(self, store: Store, known: Mapping[str, str], chosen: Iterable[Rule] | None = None) -> None:
        self.store, self.known = store, known
        self._rules = list(rules().values() if chosen is None else chosen)
        self._ready: dict[Fields | None, _Asking] = {}
        # The collector closes it, in whatever thread it runs.
        self._base = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._base.close)
        for name, fields in read_fields().items():
            kind = entities()[name]
            columns = ", ".join(f'"{field}"' for field in fields)
            keys = ", ".join(f'"{field}"' for field in kind.key)
            self._base.execute(f'create table "{name}"({columns}, primary key({keys})) without rowid')

    def broken(
        self, accounts: Iterable[str], back: Sequence[Image] = (), touched: Fields | None = None
    ) -> Answer:
        """What breaks which rule among the rows of `accounts`; with `back` as it was before these changes, the last
        one last; with `touched` only of the rules that read one of these fields."""
        wanted = tuple(dict.fromkeys(accounts))
        asking = self._asking(touched)
        if not asking.asked:
            return Answer(frozenset(), frozenset(), asking.asked)
        self._base.execute("begin")
        try:
            self._copy(asking, wanted)
            self._take_back(back)
            self._look_up(asking)
            self._take_back(back)  # of what was looked up, too
            own = set(wanted)
            found = [one for one in broken(self._base.execute, asking.statements) if one[3] in own]
            guessed = [one for one in broken(self._base.execute, asking.guessed) if one[3] in own]
        finally:
            self._base.execute("rollback")
        return Answer(frozenset(found), frozenset(guessed), asking.asked)

    def broken_shared(self, names: Iterable[str]) -> Answer:
        """What breaks which rule in tables that belong to no account (电价表 …): each is asked whole."""
        wanted = {name for name in names if not entities()[name].owner}
        shared = [
            replace(rule, parts=tuple(part for part in rule.parts if part.entity in wanted))
            for rule in self._rules
        ]
        asking = _asking([rule for rule in shared if rule.parts], None, self.known)
        self._base.execute("begin")
        try:
            for name in asking.tables:
                self._insert(
                    name, self.store.medium.pick(self.store.medium.collections[name], read_fields()[name], [])
                )
            found = frozenset(broken(self._base.execute, asking.statements))
        finally:
            self._base.execute("rollback")
        return Answer(found, frozenset(), asking.asked)

    def _asking(self, touched: Fields | None) -> _Asking:
        if touched not in self._ready:
            self._ready[touched] = _asking(self._rules, touched, self.known)
        return self._ready[touched]

    def _copy(self, asking: _Asking, accounts: tuple[str, ...]) -> None:
        """Copy what belongs to the accounts."""
        for name in asking.tables:
            if owner := entities()[name].owner:
                self._insert(name, self._rows(name, owner, accounts))

    def _look_up(self, asking: _Asking) -> None:
        """Copy what is looked up beside the rows that are there."""
        for entity, own, source, column in asking.lookups:
            if column == entities()[source].owner and own == entities()[entity].owner:
                continue  # of the same account: there already
            values = self._base.execute(f'select distinct "{own}" from "{entity}" where "{own}" is not null')  # noqa: S608
            if wanted := tuple([value for (value,) in values]):
                self._insert(source, self._rows(source, column, wanted))

    def _rows(self, name: str, field: str, values: tuple[Any, ...]) -> Iterable[tuple[Any, ...]]:
        collection = self.store.medium.collections[name]
        return self.store.medium.pick(collection, read_fields()[name], [Comparison(field, "in", values)])

    def _insert(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(read_fields()[name]))
        self._base.executemany(f'insert or ignore into "{name}" values({marks})', rows)

    def _take_back(self, changes: Sequence[Image]) -> None:
        for change in reversed(changes):
            if change.entity in read_fields():
                self._undo(change)

    def _undo(self, change: Image) -> None:
        kind, fields = entities()[change.entity], read_fields()[change.entity]
        keys = _key_of(kind, change)
        where = " and ".join(f'"{name}" = ?' for name in kind.key)
        if change.before is None:
            self._base.execute(f'delete from "{kind.name}" where {where}', keys)  # noqa: S608
        elif change.after is None:
            self._insert(kind.name, [[change.before.get(name) for name in fields]])
        elif before := {name: value for name, value in change.before.items() if name in fields}:
            sets = ", ".join(f'"{name}" = ?' for name in before)
            sql = f'update "{kind.name}" set {sets} where {where}'  # noqa: S608
            self._base.execute(sql, [*before.values(), *keys])


def _asking(asked: Sequence[Rule], touched: Fields | None, known: Mapping[str, str]) -> _Asking:
    """The rules that read what was touched, ready to be asked."""
    kept = [replace(rule, parts=tuple(p for p in rule.parts if _reads(p, touched))) for rule in asked]
    own = [replace(rule, parts=tuple(p for p in rule.parts if not is_whole(p))) for rule in kept]
    guessed = [
        replace(rule, parts=tuple(Part(p.entity, p.when) for p in rule.parts if is_whole(p))) for rule in kept
    ]
    parts = [part for rule in (*own, *guessed) for part in rule.parts]
    return _Asking(
        statements(own, known),
        statements([rule for rule in guessed if rule.parts], known),
        tuple(sorted({name for part in parts for name in reach(part).entities})),
        tuple(dict.fromkeys(one for part in parts for one in reach(part).lookups)),
        frozenset((rule.id, part.entity) for rule in kept for part in rule.parts),
    )


def _reads(part: Part, touched: Fields | None) -> bool:
    if touched is None:
        return True
    read = reach(part)
    return not touched.isdisjoint(read.fields) or any((name, ANY) in touched for name in read.entities)


def _key_of(kind: Entity, change: Image) -> list[str]:
    return [change.id] if len(kind.key) == 1 else change.id.split(":", len(kind.key) - 1)


class Touched(NamedTuple):
    """What changes touched, as far as rules read it: the accounts, those among them that rows have left, the fields."""

    accounts: frozenset[str]
    left: frozenset[str]
    fields: Fields


def touched_by(store: Store, images: Iterable[Image]) -> Touched:
    """What these changes touched."""
    accounts: set[str] = set()
    left: set[str] = set()
    fields: set[tuple[str, str]] = set()
    asked: dict[str, set[str]] = {}
    read = {name: frozenset(names) for name, names in read_fields().items()}
    for entity, ident, before, after in images:
        known = read.get(entity)
        if known is None:
            continue
        if before is None or after is None:
            fields.add((entity, ANY))
        elif names := known & after.keys():
            fields.update([(entity, name) for name in names])
        else:
            continue
        owner = entities()[entity].owner
        if entity == "customer":
            accounts.add(ident)
        elif owner:
            was, now = (before or {}).get(owner), (after or {}).get(owner)
            accounts.update(one for one in (was, now) if one)
            if was and was != now:
                left.add(was)
            if not was and not now:
                asked.setdefault(entity, set()).add(ident)
    for entity, ids in asked.items():
        accounts.update(_owners(store, entities()[entity], ids))
    return Touched(frozenset(accounts), frozenset(left), frozenset(fields))


def _owners(store: Store, kind: Entity, ids: Iterable[str]) -> Iterator[str]:
    collection = store.medium.collections[kind.name]
    wanted = [Comparison(kind.key[0], "in", tuple(sorted(ids)))]
    for (owner,) in store.medium.pick(collection, (kind.owner,), wanted):
        if owner:
            yield str(owner)
