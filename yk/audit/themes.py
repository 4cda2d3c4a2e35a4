"""The audit by themes (营销稽查): five themes, seventeen topics, the queries that look for what is suspicious (`themes.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import settings, yamls
from yk.archive import codes, dictionary
from yk.archive.dictionary import Field, entities
from yk.audit import owners
from yk.audit.dialects import SHIFT, listed
from yk.audit.rules import SEVERITIES
from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth, same_name

SOURCE = Path(__file__).with_name("themes.yaml")
LEVELS = SEVERITIES | {"info": "清单"}
"""An error or a warning is a suspicion; a list is for sampling, or to be looked at in time."""
PREFIX = "audit_theme_"
"""Thresholds are the settings of this prefix; SQL names them without it."""
NAMED = re.compile(r"\{(\w+)?(?:([+-])(\w+))?\}")
"""`{cap}`, `{today}`, `{today-swap_days}`, `{+report_hours}`: a value or a moment, a sign, how far."""
MOMENTS: Mapping[str, tuple[str, ...]] = {
    "today": ("days", "months"),
    "now": ("days", "hours"),
    "month": (),
}
"""Moments that SQL may name, and by what each can be shifted."""
SPANS = ("days", "hours")
"""By what a column of times can be shifted."""
UNITS = {"天": "days", "小时": "hours", "月": "months"}
"""Units of settings that are spans of time."""
_BRACES = re.compile(r"\{([^}]*)\}")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_TELLS = ("values", "empty")


class Theme(NamedTuple):
    """One of the five themes."""

    id: str
    name: str


class Topic(NamedTuple):
    """One of the seventeen topics; `theme` is an id."""

    id: str
    theme: str
    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a topic. Its `sql`, with `{names}` and SHIFT, answers (entity_id, cons_no, the columns of `counted`);
    `entity_id` is the key of a row of `entity`.

    `counted`: column -> Chinese name; `evidence`: fields (`work_order.app_cap`) of the row itself or of its customer.
    `tell`: `values`, or `empty` when only the empty fields of `evidence` are worth telling. `reads`: the entities it looks at.
    """

    id: str
    topic: str
    text: str
    division: str
    level: str
    entity: str
    counted: Mapping[str, str]
    evidence: tuple[str, ...]
    tell: str
    sql: str
    source: str
    confidence: str
    reads: tuple[str, ...]

    @property
    def theme(self) -> str:
        """The id of its theme."""
        return topics()[self.topic].theme

    @property
    def fields(self) -> list[tuple[str, Field]]:
        """The fields of `evidence`, each with its entity."""
        found = [name.split(".") for name in self.evidence]
        return [(entity, entities()[entity].fields[field]) for entity, field in found]


@cache
def _made() -> dict[str, Any]:
    sources = [SOURCE, dictionary.SOURCE, codes.SOURCE, settings.SOURCE, owners.SOURCE]
    made: dict[str, Any] = yamls.compiled("audit-themes", sources, _read)
    return made


@cache
def themes() -> dict[str, Theme]:
    """Every theme by its id, in order."""
    return {row["id"]: Theme(**row) for row in _made()["themes"]}


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its id, in order."""
    return {row["id"]: Topic(**row) for row in _made()["topics"]}


@cache
def queries() -> dict[str, Query]:
    """Every query by its id, in order."""
    made = _made()["queries"]
    return {r["id"]: Query(**r | {name: tuple(r[name]) for name in ("evidence", "reads")}) for r in made}


def code_sets() -> dict[str, str]:
    """The sets of codes that SQL may name, as SQL lists."""
    return {row["name"]: listed(row["codes"]) for row in _made()["codes"]}


def find(word: str) -> list[Query]:
    """The queries that `word` means: a query, topic or theme by its id (`T2.8`) or Chinese name, more or less of it.

    Raises UsageError (`unknown_theme`).
    """
    wanted = halfwidth(word)
    chosen = _chosen(lambda ident, name: same_name(ident, wanted) or same_name(name, wanted))
    if not chosen and not wanted.isascii():
        chosen = _chosen(lambda _, name: wanted in name or name in wanted)
    if not chosen:
        known = {text: None for query in queries().values() for one in _path(query) for text in _words(one)}
        hint = did_you_mean(wanted, known) or "yk audit theme 列出全部主题、子题和查询"
        raise UsageError("unknown_theme", f"没有 {word} 这个主题、子题或查询", hint)
    return chosen


def _chosen(means: Callable[[str, str], bool]) -> list[Query]:
    """The queries of which the query, its topic or its theme is meant, by id and name."""
    return [query for query in queries().values() if any(means(*_words(one)) for one in _path(query))]


def _path(query: Query) -> tuple[Query | Topic | Theme, ...]:
    return query, topics()[query.topic], themes()[query.theme]


def _words(one: Query | Topic | Theme) -> tuple[str, str]:
    return one.id, one.text if isinstance(one, Query) else one.name


def _read() -> dict[str, Any]:
    with yamls.read(SOURCE, "audit/themes.yaml").fields() as f:
        made = {"codes": [_read_codes(node) for node in f.nodes("codes")]}
        made["themes"] = [_read_named(node) for node in f.nodes("themes")]
        themes = [row["id"] for row in made["themes"]]
        made["topics"] = [_read_named(node, themes) for node in f.nodes("topics")]
        topics, known = [row["id"] for row in made["topics"]], _names([row["name"] for row in made["codes"]])
        made["queries"] = [_read_query(node, topics, known) for node in f.nodes("queries")]
        for name, key in (("codes", "name"), ("themes", "id"), ("topics", "id"), ("queries", "id")):
            _refuse_repeated(f.need(name), [row[key] for row in made[name]])
        return made


def _read_codes(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        f.text("text")
        known = codes.codes(f.need("list").one_of(codes.code_lists()))
        return {"name": f.text("name"), "codes": [one.one_of(known) for one in f.nodes("codes")]}


def _read_named(node: yamls.Node, themes: list[str] | None = None) -> dict[str, Any]:
    with node.fields() as f:
        row = {"id": f.text("id"), "name": f.text("name")}
        return row if themes is None else row | {"theme": f.need("theme").one_of(themes)}


def _names(sets: list[str]) -> set[str]:
    """Everything that SQL may write in braces, with these sets of codes."""
    limits = {one.name: UNITS.get(one.unit, "") for one in settings.declared() if one.name.startswith(PREFIX)}
    found = {*sets, *MOMENTS}
    for setting, unit in limits.items():
        name = setting.removeprefix(PREFIX)
        by = [moment for moment, units in MOMENTS.items() if unit in units]
        by += [""] if unit in SPANS else []
        found |= {name, *(f"{moment}{sign}{name}" for moment in by for sign in "+-")}
    return found


def _read_query(node: yamls.Node, topics: list[str], known: set[str]) -> dict[str, Any]:
    divisions = [post.name for post in owners.posts().values() if post.kind == "division"]
    with node.fields() as f:
        row: dict[str, Any] = {name: f.text(name) for name in ("id", "text", "source", "sql")}
        row["topic"] = f.need("topic").one_of(topics)
        row["division"] = f.need("division").one_of(divisions)
        row["level"] = f.need("level").one_of(LEVELS)
        row["confidence"] = f.need("confidence").one_of(("高", "中", "低"))
        row["entity"] = f.need("entity").one_of(entities())
        row["tell"] = told.one_of(_TELLS) if (told := f.find("tell")) else _TELLS[0]
        kinds = [entities()[name] for name in dict.fromkeys((row["entity"], "customer"))]
        fields = {f"{kind.name}.{one.name}": one.zh for kind in kinds for one in kind.fields.values()}
        row["evidence"] = [one.one_of(fields) for one in f.nodes("evidence")]
        counted = found.fields() if (found := f.find("counted")) else None
        row["counted"] = {name: counted.text(name) for name in counted.keys()} if counted else {}  # noqa: SIM118
        _refuse_repeated(node, [*row["counted"].values(), *(fields[name] for name in row["evidence"])])
        row["reads"] = sorted({*_read_sql(f.need("sql"), known), *(kind.name for kind in kinds)})
        return row


def _read_sql(node: yamls.Node, known: set[str]) -> list[str]:
    """The entities that the SQL of `node` reads. Raises DefinitionError for names it may not use."""
    sql = node.text()
    for name in _BRACES.findall(sql):
        if name not in known:
            raise node.error("unknown_value", f"SQL 里没有 {name} 这个值", did_you_mean(name, known))
    if "SHIFT" in SHIFT.sub("", _BRACES.sub("+1 days", sql)):
        raise node.error("bad_shift", "SHIFT 写法不对", "写成 SHIFT(o.off_time, {-notice_days})")
    reads: list[str] = _READ.findall(sql)
    for name in reads:
        if name not in entities():
            raise node.error("unknown_entity", f"档案里没有 {name} 这类数据", did_you_mean(name, entities()))
    return reads


def _refuse_repeated(node: yamls.Node, words: list[str]) -> None:
    if twice := [word for word in words if words.count(word) > 1]:
        raise node.error("duplicate_name", f"{twice[0]} 写了两次")
