"""Planting defects: the failing examples of rules put into a store's archive side by side, so that none disturbs another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import product
from random import Random
from typing import NamedTuple

from yk.archive.dictionary import entities
from yk.audit.examples import Example, Way, examples
from yk.audit.rules import Part, find_rule, rules, tables
from yk.audit.spoiling import Bed, Row, account_of, write
from yk.clock import Clock
from yk.errors import UsageError
from yk.flows.change import Image
from yk.store import Store

SEED = 2026
_SOURCE = re.compile(r"(?:^|FROM )(\w+)")
_COLUMN = re.compile(r"\b(\w+)\.(\w+)")


class Planted(NamedTuple):
    """A defect that was planted: the rule that finds it on this row, and every other rule that finds it too."""

    rule: str
    entity: str
    entity_id: str
    cons_no: str
    also: tuple[str, ...]


def planted(
    store: Store, clock: Clock, rule_ids: Iterable[str] | None = None, seed: int = SEED
) -> list[Planted]:
    """Plant one defect for each of these rules (all); a predicate printed under several numbers once.

    Each has an account of its own, or shares one where no rule reads what two of them changed; the accounts the
    demonstration tells of are spared as long as there are others. The same archive, day and seed give the same
    defects. Raises UsageError (`unknown_rule`; `no_row_for_rule`, naming every rule for which the archive has no
    suitable row left), and then changes nothing.
    """
    day = clock().date().isoformat()
    wanted = {examples()[rule]: rule for rule in reversed(_ids(rule_ids))}
    places = _Places(Bed(store, seed), day)
    for example in places.hardest_first(wanted):
        places.find(example)
    if missing := [rule for example, rule in wanted.items() if example not in places.found]:
        raise UsageError(
            "no_row_for_rule",
            f"档案里没有合适的数据来演示规则 {'、'.join(sorted(missing))}",
            "换用户更多的档案，或少埋几处",
        )
    with store.transaction():
        for place in places.found.values():
            write(store, place.changes)
    order = list(rules())
    done = [_planted(wanted[example], example, place.row) for example, place in places.found.items()]
    return sorted(done, key=lambda one: order.index(one.rule))


def some_rules(count: int, seed: int = SEED) -> list[str]:
    """`count` rules drawn by a seed, no two with the same predicate. Raises UsageError (`bad_count`)."""
    distinct = [one.rules[0] for one in dict.fromkeys(examples().values())]
    if not 1 <= count <= len(distinct):
        raise UsageError("bad_count", f"能埋的问题有 1 到 {len(distinct)} 处，现为 {count}")
    return Random(seed).sample(distinct, count)  # noqa: S311  (a sample that can be drawn again)


def _ids(rule_ids: Iterable[str] | None) -> list[str]:
    return list(examples()) if rule_ids is None else [find_rule(word).id for word in rule_ids]


def _planted(rule: str, example: Example, row: Row) -> Planted:
    way = example.fails[0]
    kind = entities()[way.entity]
    twins = tuple(other for other in example.rules if other != rule)
    return Planted(
        rule, kind.name, kind.doc_id(row), str(row[kind.owner]) if kind.owner else "", (*twins, *way.also)
    )


@cache
def _told_of() -> frozenset[str]:
    from yk.archive.making.materials import materials

    made = materials()
    return frozenset(str(made.first_cons_no + place) for place in range(len(made.demonstration)))


class _Place(NamedTuple):
    """Where an example goes."""

    way: Way
    row: Row
    changes: list[Image]


class _Places:
    """Finding a place for one example after another."""

    def __init__(self, bed: Bed, day: str) -> None:
        self._bed, self._day = bed, day
        self._fitting: dict[Example, list[Row]] = {}
        self._taken: dict[str, list[_Place]] = {}
        self.found: dict[Example, _Place] = {}

    def hardest_first(self, wanted: Iterable[Example]) -> list[Example]:
        """`wanted`, first those with few accounts to choose from and, of these, those that change much."""
        for example in wanted:
            self._fitting[example] = list(self._bed.fitting(example.fails[0]))
        return sorted(self._fitting, key=self._ease)

    def _ease(self, example: Example) -> tuple[int, int]:
        way, rows = example.fails[0], self._fitting[example]
        accounts = {account_of(way, row) for row in rows}
        return len(accounts), -len(_changed(self._bed.changes(way, rows[0], self._day))) if rows else 0

    def find(self, example: Example) -> None:
        """Find a row for an example: of an account that is still sound, else a row that is, else where no other defect is
        met; of an account that the demonstration tells of only when there is no other."""
        rows = self._fitting[example]
        told = [row for row in rows if account_of(example.fails[0], row) in _told_of()]
        others = [row for row in rows if row not in told]
        for some, is_free in product((others, told), (_is_alone, _is_apart, _is_unmet)):
            if place := self._place(example.fails[0], some, is_free):
                self._taken.setdefault(account_of(place.way, place.row), []).append(place)
                self.found[example] = place
                return

    def _place(
        self, way: Way, rows: list[Row], is_free: Callable[[_Place, list[_Place]], bool]
    ) -> _Place | None:
        """The first of `rows` where `way` may go."""
        for row in rows:
            place = _Place(way, row, self._bed.changes(way, row, self._day))
            if is_free(place, self._taken.get(account_of(way, row), [])) and self._is_new(place):
                return place
        return None

    def _is_new(self, place: _Place) -> bool:
        """Is none of the rows that are put there already?"""
        put = [one for one in place.changes if one.before is None]
        return not any(self._bed.store.table(one.entity).has(one.id) for one in put)


def _is_alone(_place: _Place, others: list[_Place]) -> bool:
    return not others


def _is_apart(place: _Place, others: list[_Place]) -> bool:
    here = {(one.entity, one.id) for one in place.changes}
    there = {(one.entity, one.id) for other in others for one in other.changes}
    return not here & there and _is_unmet(place, others)


def _is_unmet(place: _Place, others: list[_Place]) -> bool:
    return not any(_meet(place, other) for other in others)


def _meet(one: _Place, other: _Place) -> bool:
    """Could a rule see both of two defects of one account, or the one take away what the other is chosen by?"""
    mine, theirs = _changed(one.changes), _changed(other.changes)
    if mine & _chosen_by(other.way) or theirs & _chosen_by(one.way):
        return True
    parts = [part for rule in rules().values() for part in rule.parts]
    return any(read & mine and read & theirs for read in map(_read_by, parts))


def _changed(changes: Iterable[Image]) -> frozenset[str]:
    """The fields that `changes` touch, as `entity.field`; a row that comes or goes touches all of its own."""
    found = set()
    for change in changes:
        whole = change.before is None or change.after is None
        names = entities()[change.entity].fields if whole else change.after or ()
        found |= {f"{change.entity}.{name}" for name in names}
    return frozenset(found)


def _chosen_by(way: Way) -> frozenset[str]:
    return frozenset(name if "." in name else f"{way.entity}.{name}" for name in way.like)


@cache
def _read_by(part: Part) -> frozenset[str]:
    """The fields a part of a rule reads, as `entity.field`."""
    table = tables()[part.entity]
    text = f"{part.when} {part.where} {table.scope}"
    named, found = {table.alias: table.entity}, set[str]()
    for alias, (source, on) in table.beside.items():
        if re.search(rf"\b{alias}\.", text):
            looked_up = _SOURCE.search(source)
            assert looked_up is not None
            named[alias], text = looked_up[1], f"{text} {on}"
            if source != looked_up[1]:
                found |= {f"{looked_up[1]}.{word}" for word in re.findall(r"\w+", source)}
    return frozenset(found | {f"{named[a]}.{field}" for a, field in _COLUMN.findall(text) if a in named})
