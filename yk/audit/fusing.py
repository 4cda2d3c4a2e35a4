"""Rules of an entity as one statement: the table is read once, each rule answers in a bit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from yk.audit.rules import Part, Rule, Table, filled, tables

MOST = 62
"""Bits of a whole number of SQL that may be used."""


class Statement(NamedTuple):
    """One statement: its rows are (id, customer, mask); `rules` are the ids that answer in each bit."""

    entity: str
    sql: str
    rules: tuple[tuple[str, ...], ...]


def statements(chosen: Iterable[Rule], known: Mapping[str, str]) -> list[Statement]:
    """The statements that answer `chosen`: one an entity; what is asked under several numbers is asked once."""
    asked: dict[str, dict[str, list[str]]] = {}
    for rule in chosen:
        for part in rule.parts:
            asked.setdefault(part.entity, {}).setdefault(asks(part, known), []).append(rule.id)
    found = []
    for entity, wheres in asked.items():
        several = list(wheres.items())
        for first in range(0, len(several), MOST):
            some = several[first : first + MOST]
            sql = _fused(tables()[entity], [where for where, _ in some], known)
            found.append(Statement(entity, sql, tuple(tuple(ids) for _, ids in some)))
    return found


def asks(part: Part, known: Mapping[str, str]) -> str:
    """The whole predicate of a part."""
    where = filled(part.where, known)
    return f"({filled(part.when, known)}) AND ({where})" if part.when else where


def _fused(table: Table, wheres: list[str], known: Mapping[str, str]) -> str:
    bits = " + ".join(f"(CASE WHEN {where} THEN {1 << bit} ELSE 0 END)" for bit, where in enumerate(wheres))
    inner = f"SELECT {_columns(table)}, {bits} AS mask {_from(table, wheres, known)}"
    return f"SELECT entity_id, cons_no, mask FROM ({inner}) AS asked WHERE mask <> 0"  # noqa: S608


def alone(rule: Rule, known: Mapping[str, str]) -> str:
    """The SQL of one rule by itself, for people to read and run: rows of (rule, entity, id, customer)."""
    return "\nUNION ALL\n".join(_alone(rule, part, known) for part in rule.parts)


def _alone(rule: Rule, part: Part, known: Mapping[str, str]) -> str:
    table, where = tables()[part.entity], asks(part, known)
    body = f"{_from(table, [where], known)}{' AND' if table.scope else ' WHERE'} ({where})"
    return f"SELECT '{rule.id}' AS rule_id, '{part.entity}' AS entity, {_columns(table)} {body}"


def _columns(table: Table) -> str:
    owner = f"{table.alias}.{table.owner}" if table.owner else "NULL"
    return f"{table.alias}.{table.key} AS entity_id, {owner} AS cons_no"


def _from(table: Table, wheres: list[str], known: Mapping[str, str]) -> str:
    """The table, what is looked up beside it as far as it is named, and its scope."""
    text = " ".join(wheres)
    joins = [
        f"LEFT JOIN {filled(source, known)} {alias} ON {on}"
        for alias, (source, on) in table.beside.items()
        if re.search(rf"\b{alias}\.", text)
    ]
    scope = f" WHERE {table.scope}" if table.scope else ""
    return " ".join([f"FROM {table.entity} {table.alias}", *joins]) + scope
