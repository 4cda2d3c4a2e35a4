"""The 130 rules (`rules.yaml`) and what they look at; the values they name (`values.yaml`, settings, the day)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yk import yamls
from yk.archive.dictionary import entities
from yk.errors import UsageError
from yk.flows.dates import months_on
from yk.settings import Settings
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("rules.yaml")
VALUES = Path(__file__).with_name("values.yaml")
LISTS = {"dayi": "大一", "xiaoqi": "小七"}
SEVERITIES = {"error": "错误", "warn": "提醒"}
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Table:
    """An entity as the rules see it: its alias, what counts of it (`scope`, SQL), and what is looked up beside a row:
    alias -> (source, on), SQL."""

    entity: str
    alias: str
    scope: str
    beside: Mapping[str, tuple[str, str]]

    @property
    def key(self) -> str:
        """The column that names a row."""
        return entities()[self.entity].key[0]

    @property
    def owner(self) -> str:
        """The column that names the customer, '' for shared tables."""
        return entities()[self.entity].owner


@dataclass(frozen=True, slots=True)
class Part:
    """What a rule asks of one entity: a row for which `where` (SQL) holds breaks it."""

    entity: str
    where: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the annexes; `same_as` are rules of the other number with the same predicate."""

    id: str
    list: str
    no: str
    name: str
    division: str
    centre: str
    owner_confidence: str
    billing: bool
    severity: str
    parts: tuple[Part, ...]
    fields: tuple[str, ...]
    says: str
    cause: str
    fix: str
    via: str
    confidence: str
    note: str
    same_as: tuple[str, ...]


@cache
def _made() -> dict[str, Any]:
    made: dict[str, Any] = yamls.compiled("audit-rules", [SOURCE, VALUES, Path(__file__)], _read)
    return made


@cache
def tables() -> dict[str, Table]:
    """The entities that rules look at."""
    return {
        row["entity"]: Table(**row | {"beside": {k: tuple(v) for k, v in row["beside"].items()}})
        for row in _made()["tables"]
    }


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in printed order."""
    return {
        row["id"]: Rule(
            **row
            | {name: tuple(row[name]) for name in ("fields", "same_as")}
            | {"parts": tuple(Part(**part) for part in row["parts"])}
        )
        for row in _made()["rules"]
    }


def find_rule(word: str) -> Rule:
    """The rule with this id (`X:6.07`), or number where only one list has it. Raises UsageError (`unknown_rule`)."""
    wanted = halfwidth(word).strip().upper()
    if wanted in rules():
        return rules()[wanted]
    named = [one for one in rules().values() if one.no == wanted]
    if len(named) == 1:
        return named[0]
    hint = did_you_mean(wanted, rules()) or "yk audit rules 列出全部规则"
    raise UsageError("unknown_rule", f"没有 {word} 这条规则", hint)


def values(today: str, settings: Settings) -> dict[str, str]:
    """The SQL of everything a rule may name, on a day (`2026-11-23`)."""
    found = {row["name"]: _listed(row["codes"]) for row in _made()["values"]}
    share = settings.integer("audit_other_share_percent") / 100
    days = {
        "today": today,
        "today_20y": months_on(today, -240),
        "report_next": months_on(today[:8] + "01", 1),
    }
    return found | {name: _quoted(day) for name, day in days.items()} | {"other_share_max": f"{share:g}"}


def filled(sql: str, known: Mapping[str, str]) -> str:
    """`sql` with the values it names."""
    return _NAMED.sub(lambda found: known[found[1]], sql)


def _listed(codes: list[str]) -> str:
    quoted = [_quoted(code) for code in codes]
    return quoted[0] if len(quoted) == 1 else f"({', '.join(quoted)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _read() -> dict[str, Any]:
    values = [_read_value(node) for node in yamls.read(VALUES, "audit/values.yaml").nodes()]
    known = {row["name"] for row in values} | {"today", "today_20y", "report_next", "other_share_max"}
    with yamls.read(SOURCE, "audit/rules.yaml").fields() as f:
        tables = [_read_table(node) for node in f.nodes("tables")]
        here = {row["entity"] for row in tables}
        return {
            "values": values,
            "tables": tables,
            "rules": [_read_rule(n, here, known) for n in f.nodes("rules")],
        }


def _read_value(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        for name in ("text", "source", "confidence"):
            f.text(name)
        return {"name": f.text("name"), "codes": f.texts("codes")}


def _read_table(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        row: dict[str, Any] = {"entity": f.need("entity").one_of(entities()), "alias": f.text("alias")}
        row["scope"] = f.text("scope", "")
        beside, found = f.need("beside").fields(), {}
        for alias in beside.keys():  # noqa: SIM118  (not a mapping: keys() makes them known)
            with beside.need(alias).fields() as one:
                found[alias] = [one.text("source"), one.text("on")]
        return row | {"beside": found}


def _read_rule(node: yamls.Node, tables: set[str], known: set[str]) -> dict[str, Any]:
    texts = (
        "id",
        "no",
        "name",
        "division",
        "centre",
        "owner_confidence",
        "says",
        "cause",
        "fix",
        "via",
        "confidence",
    )
    with node.fields() as f:
        row: dict[str, Any] = {name: f.text(name) for name in texts}
        row["list"] = f.need("list").one_of(LISTS)
        row["severity"] = f.need("severity").one_of(SEVERITIES)
        row |= {"billing": f.flag("billing"), "note": f.text("note", "")}
        row["fields"] = f.texts("fields")
        row["same_as"] = f.texts("same_as")
        row["parts"] = [_read_part(part, tables, known) for part in f.nodes("parts")]
        return row


def _read_part(node: yamls.Node, tables: set[str], known: set[str]) -> dict[str, str]:
    with node.fields() as f:
        row = {"entity": f.need("entity").one_of(tables), "where": f.text("where")}
        for name in _NAMED.findall(row["where"]):
            if name not in known:
                raise f.need("where").error(
                    "unknown_value", f"规则里没有 {name} 这个值", did_you_mean(name, known)
                )
        return row
