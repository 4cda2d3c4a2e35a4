"""A run of the audit over files that are in no store: the same answer, the findings with it; nothing is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from yk.archive.codes import name_of
from yk.archive.dictionary import entities
from yk.archive.importing import Report
from yk.audit.dialects import listed
from yk.audit.following import finding_id
from yk.audit.fusing import statements
from yk.audit.owners import Owner, owner_of
from yk.audit.reach import reach
from yk.audit.reading import Base, Found, broken
from yk.audit.rules import Rule, rules, values
from yk.audit.running import Run, answer_of_files
from yk.audit.sources import opened
from yk.audit.telling import told
from yk.clock import Clock
from yk.errors import UsageError
from yk.settings import Settings
from yk.text import halfwidth

Data = dict[str, Any]
_AT_ONCE = 5000
"""So many keys stand in one statement."""


class FileRun(NamedTuple):
    """`run`: the answer; `findings`: by rule and row, each `{finding, rule, name, entity, entity_id, cons_no, org_no, unit,
    division, centre, severity, values, said, cause, fix, via}`; the rest as in `sources.Source`."""

    run: Run
    findings: list[Data]
    engine: str
    report: Report
    absent: tuple[str, ...]
    note: str


def found_in(
    paths: Iterable[Path],
    engine: str,
    chosen: Iterable[Rule] | None,
    clock: Clock,
    settings: Settings,
    customers: Sequence[str] = (),
    kind: str | None = None,
) -> FileRun:
    """Ask `chosen` rules (all of them) of files; with `customers` only what breaks them among these accounts is told.

    Rules that look at a whole unit (大一 1.1.1) look at all accounts of the files all the same. No store is needed.
    Raises UnreadableError and UsageError, as an import does; UsageError (`unknown_customer`).
    """
    asked = list(rules().values() if chosen is None else chosen)
    at = clock().isoformat()
    from_mb = settings.integer("audit_duckdb_from_mb")
    read = {name for rule in asked for part in rule.parts for name in reach(part).entities}
    with opened(paths, engine, kind, from_mb, read | {"customer"}) as source:
        wanted = statements(asked, values(at[:10], settings))
        found = set(broken(source.base, wanted))
        if customers:
            accounts = _accounts(source.base, customers)
            found = {one for one in found if one[3] in accounts}
        in_order = sorted(found, key=lambda one: one[:3])
        rows, units = _rows(source.base, in_order), _units(source.base, in_order)
    findings = [_finding(one, rows[one[1], one[2]], units) for one in in_order]
    return FileRun(
        answer_of_files(asked, in_order, at, units),
        findings,
        source.engine,
        source.report,
        tuple(name for name in source.absent if name in read),
        source.note,
    )


def _accounts(base: Base, words: Sequence[str]) -> set[str]:
    """The accounts that are asked for. Raises UsageError (`unknown_customer`)."""
    numbers = {halfwidth(word).strip(): word for word in words}
    there = {number for (number,) in _picked(base, "customer", ["cons_no"], numbers)}
    for number, word in numbers.items():
        if number not in there:
            raise UsageError("unknown_customer", f"这些文件里没有用户 {word}", "核对用户编号")
    return there


def _rows(base: Base, found: Sequence[Found]) -> dict[tuple[str, str], Data]:
    """The rows that break a rule, by entity and id."""
    rows = {}
    for entity in sorted({one[1] for one in found}):
        names, key = list(entities()[entity].fields), entities()[entity].key[0]
        for cells in _picked(base, entity, names, {one[2] for one in found if one[1] == entity}):
            row = dict(zip(names, cells, strict=True))
            rows[entity, row[key]] = row
    return rows


def _units(base: Base, found: Sequence[Found]) -> dict[str, str]:
    """The supply units of the accounts that break a rule."""
    rows = _picked(base, "customer", ["cons_no", "org_no"], {one[3] for one in found if one[3]})
    return {account: org or "" for account, org in rows}


def _picked(
    base: Base, entity: str, names: Sequence[str], keys: Collection[str]
) -> Iterator[tuple[Any, ...]]:
    """Columns of the rows with these keys."""
    columns, key, wanted = ", ".join(f'"{name}"' for name in names), entities()[entity].key[0], sorted(keys)
    for first in range(0, len(wanted), _AT_ONCE):
        some = listed(wanted[first : first + _AT_ONCE])
        yield from base(f'SELECT {columns} FROM "{entity}" WHERE "{key}" IN {some}')  # noqa: S608


def _finding(one: Found, row: Mapping[str, Any], units: Mapping[str, str]) -> Data:
    rule = rules()[one[0]]
    org = units.get(one[3] or "", "")
    owner = owner_of(Owner(rule.division, rule.centre), rule, one[1])
    shown = told(rule, one[1], row)
    return {
        "finding": finding_id(one), "rule": rule.id, "name": rule.name, "entity": one[1], "entity_id": one[2],
        "cons_no": one[3] or "", "org_no": org, "unit": name_of("org", org) if org else "", **owner._asdict(),
        "severity": rule.severity, **shown._asdict(), "cause": rule.cause, "fix": rule.fix, "via": rule.via,
    }  # fmt: skip
