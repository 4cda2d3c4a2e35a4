"""The 130 rules (`rules.yaml`) and what they look at; the values they name (`values.yaml`, settings, the day)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yk import yamls
from yk.archive.dictionary import entities
from yk.audit.dialects import listed, quoted
from yk.errors import UsageError
from yk.flows.dates import months_on
from yk.settings import Settings
from yk.settings import load as load_settings
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("rules.yaml")
VALUES = Path(__file__).with_name("values.yaml")
LISTS = {"dayi": "大一", "xiaoqi": "小七"}
SEVERITIES = {"error": "错误", "warn": "提醒"}
KINDS = ("客户档案", "电费发行", "基础参数", "业扩信息", "计量资产")
"""The five kinds of data that are checked (第十条)."""
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Table:
    """An entity as the rules see it: which of the five kinds of data it is, its alias, what counts of it (`scope`, SQL), and
    what is looked up beside a row: alias -> (source, on), SQL; `whole`: aliases that look at all accounts of a unit."""

    entity: str
    kind: str
    alias: str
    scope: str
    beside: Mapping[str, tuple[str, str]]
    whole: tuple[str, ...] = ()

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
    """What a rule asks of one entity: a row for which `where` (SQL) holds breaks it. `when` is the part of it that needs no
    look at the whole unit, '' when none does; `division` whose rows of this entity are, '' for the rule's."""

    entity: str
    where: str
    when: str = ""
    division: str = ""


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
def source() -> Path:
    """The file of the rules in force: the program's own, or the one the setting `audit_rules_file` names.

    Raises UsageError when that is not there.
    """
    named = load_settings().text("audit_rules_file")
    if not named:
        return SOURCE
    path = Path(named).expanduser()
    if not path.is_file():
        raise UsageError(
            "rules_missing",
            f"设置 audit_rules_file 指的规则文件不在：{path}",
            "改正：yk config set audit_rules_file 文件",
        )
    return path


@cache
def version() -> str:
    """The digest (12 hex digits) of the rules in force and the values they name; a run keeps it."""
    return hashlib.sha256(source().read_bytes() + VALUES.read_bytes()).hexdigest()[:12]


@cache
def _made() -> dict[str, Any]:
    path = source()
    name = "audit-rules" if path == SOURCE else "audit-rules-own"
    made: dict[str, Any] = yamls.compiled(name, [path, VALUES, Path(__file__)], lambda: _read(path))
    return made


@cache
def tables() -> dict[str, Table]:
    """The entities that rules look at."""
    return {
        row["entity"]: Table(
            **row | {"beside": {k: tuple(v) for k, v in row["beside"].items()}, "whole": tuple(row["whole"])}
        )
        for row in _made()["tables"]
    }


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in printed order. Raises UsageError (`bad_rule`) for one of one's own that cannot be asked."""
    made = {
        row["id"]: Rule(
            **row
            | {name: tuple(row[name]) for name in ("fields", "same_as")}
            | {"parts": tuple(Part(**part) for part in row["parts"])}
        )
        for row in _made()["rules"]
    }
    if source() != SOURCE:
        from yk.audit.proving import prove

        prove(made, str(source()))
    return made


def twins(finding: str) -> list[str]:
    """A finding's id, and those of the same row under rules that ask the same under another number."""
    rule, _, row = finding.partition("/")
    same = rules()[rule].same_as if rule in rules() else ()
    return [finding, *(f"{other}/{row}" for other in same)]


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
    found = {
        row["name"]: quoted(row["codes"][0]) if len(row["codes"]) == 1 else listed(row["codes"])
        for row in _made()["values"]
    }
    share = settings.integer("audit_other_share_percent") / 100
    days = {
        "today": today,
        "today_20y": months_on(today, -240),
        "report_next": months_on(today[:8] + "01", 1),
    }
    return found | {name: quoted(day) for name, day in days.items()} | {"other_share_max": f"{share:g}"}


def filled(sql: str, known: Mapping[str, str]) -> str:
    """`sql` with the values it names."""
    return _NAMED.sub(lambda found: known[found[1]], sql)


def _read(path: Path) -> dict[str, Any]:
    values = [_read_value(node) for node in yamls.read(VALUES, "audit/values.yaml").nodes()]
    known = {row["name"] for row in values} | {"today", "today_20y", "report_next", "other_share_max"}
    with yamls.read(path, "audit/rules.yaml" if path == SOURCE else "").fields() as f:
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
        row |= {"scope": f.text("scope", ""), "kind": f.need("kind").one_of(KINDS)}
        beside, found, whole = f.need("beside").fields(), {}, []
        for alias in beside.keys():  # noqa: SIM118  (not a mapping: keys() makes them known)
            with beside.need(alias).fields() as one:
                found[alias] = [one.text("source"), one.text("on")]
                whole += [alias] if one.flag("whole") else []
        return row | {"beside": found, "whole": whole}


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
        row |= {name: f.text(name, "") for name in ("when", "division")}
        for name in _NAMED.findall(row["where"] + row["when"]):
            if name not in known:
                raise f.need("where").error(
                    "unknown_value", f"规则里没有 {name} 这个值", did_you_mean(name, known)
                )
        return row
