"""Asking an archive what the themes' queries look for, as of today: the SQL, the rows with their evidence, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from yk.archive.codes import code_of, codes
from yk.archive.dictionary import Field, entities
from yk.archive.looking import number_text, value_text
from yk.audit.dialects import quoted, spoken
from yk.audit.reading import Base, opened
from yk.audit.themes import NAMED, PREFIX, UNITS, Query, code_sets
from yk.clock import Clock
from yk.desk.changes import value_told
from yk.errors import UsageError
from yk.flows.dates import days_on, months_on
from yk.settings import Settings
from yk.store import Store
from yk.text import did_you_mean, halfwidth, plain

Data = dict[str, Any]
_OWN, _ACCOUNT = "own", "account"
"""What the row itself and its customer are called in SQL."""


def ask(
    store: Store, queries: Iterable[Query], clock: Clock, settings: Settings, unit: str = ""
) -> list[Data]:
    """What the queries find in a store, in their order and by id; with `unit` (code or name) only at its customers.

    Each: {query, topic, theme, entity, entity_id, cons_no, level, division, evidence: {Chinese name: value}, said}.
    Raises UsageError (`unknown_org`).
    """
    org_no = unit_no(unit) if unit else ""
    with opened(store) as base:
        return list(answers(base, queries, clock, settings, org_no=org_no))


def answers(
    base: Base,
    queries: Iterable[Query],
    clock: Clock,
    settings: Settings,
    dialect: str = "sqlite",
    org_no: str = "",
) -> Iterator[Data]:
    """As `ask`, of any base that reads SQL of a dialect (`sqlite`, `duckdb`) and has the tables of `Query.reads`."""
    for query in queries:
        for row in base(statement(query, clock, settings, dialect, org_no)):
            yield _answer(query, row)


def statement(
    query: Query, clock: Clock, settings: Settings, dialect: str = "sqlite", org_no: str = ""
) -> str:
    """The SQL of a query as it is run today: rows of (entity_id, cons_no, counted…, evidence…), by entity_id."""
    key = entities()[query.entity].key[0]
    shown = [f'hit.{column} AS "{zh}"' for column, zh in query.counted.items()]
    for entity, field in query.fields:
        beside = _OWN if entity == query.entity else _ACCOUNT
        shown.append(f'{beside}.{field.name} AS "{field.zh}"')
    scope = f"\nWHERE {_ACCOUNT}.org_no = {quoted(org_no)}" if org_no else ""
    hits = spoken(filled(query.sql, clock, settings), dialect)
    return (
        f"SELECT {', '.join(['hit.entity_id', 'hit.cons_no', *shown])}\nFROM (\n{hits}\n) hit\n"
        f"LEFT JOIN {query.entity} {_OWN} ON {_OWN}.{key} = hit.entity_id\n"
        f"LEFT JOIN customer {_ACCOUNT} ON {_ACCOUNT}.cons_no = hit.cons_no{scope}\nORDER BY hit.entity_id"
    )


def filled(sql: str, clock: Clock, settings: Settings) -> str:
    """`sql` with the thresholds, sets of codes and moments it names; moments are the clock's."""
    now, sets = clock(), code_sets()
    today = f"{now:%Y-%m-%d}"
    units = {one.name: UNITS.get(one.unit, "") for one in settings.all()}

    def value(name: str, sign: str, far: str) -> str:
        if not sign:
            moments = {"today": today, "month": f"{today[:8]}01", "now": f"{now:%Y-%m-%dT%H:%M:%S}"}
            if name in moments:
                return quoted(moments[name])
            return sets[name] if name in sets else str(settings.integer(PREFIX + name))
        unit, count = units[PREFIX + far], settings.integer(PREFIX + far)
        if not name:
            return f"{sign}{count} {unit}"
        count = -count if sign == "-" else count
        if name == "now":
            return quoted(f"{now + timedelta(**{unit: count}):%Y-%m-%dT%H:%M:%S}")
        return quoted(months_on(today, count) if unit == "months" else days_on(today, count))

    return NAMED.sub(lambda found: value(found[1] or "", found[2] or "", found[3] or ""), sql)


def unit_no(word: str) -> str:
    """The code of a supply unit, by code or Chinese name. Raises UsageError (`unknown_org`)."""
    if (code := code_of("org", word)) is None:
        hint = did_you_mean(halfwidth(word), codes("org").values())
        raise UsageError("unknown_org", f"没有 {word} 这个供电单位", hint)
    return code


def _answer(query: Query, row: tuple[Any, ...]) -> Data:
    ident, cons_no, *values = row
    counted = dict(zip(query.counted.values(), values, strict=False))
    shown = list(zip((f for _, f in query.fields), values[len(counted) :], strict=True))
    if query.tell == "empty":
        evidence, words = _lacking(shown)
    else:
        evidence = counted | {field.zh: _value(field, value) for field, value in shown}
        words = {zh: _told(value) for zh, value in counted.items()}
        words |= {field.zh: _in_words(field, value) for field, value in shown}
    return {
        "query": query.id,
        "topic": query.topic,
        "theme": query.theme,
        "entity": query.entity,
        "entity_id": ident,
        "cons_no": cons_no,
        "level": query.level,
        "division": query.division,
        "evidence": evidence,
        "said": f"{query.text}：{'，'.join(f'{zh} {text}' for zh, text in words.items())}",
    }


def _lacking(shown: list[tuple[Field, Any]]) -> tuple[Data, dict[str, str]]:
    """Which fields are empty, and how many are not."""
    empty = [field.zh for field, value in shown if value is None]
    told = {"缺项": "、".join(empty), "完整性": f"{len(shown) - len(empty)}/{len(shown)}"}
    return dict(told), told


def _value(field: Field, value: Any) -> Any:
    """A value as evidence: a number as it is, a code by its name, personal data masked."""
    return value if value is None or isinstance(value, int | float) else value_told(field, value)


def _in_words(field: Field, value: Any) -> str:
    if value is None:
        return "空"
    return value_told(field, value) if field.personal else value_text(field, value)


def _told(value: Any) -> str:
    if value is None:
        return "空"
    return number_text(value) if isinstance(value, float) else plain(str(value).replace("T", " "))
