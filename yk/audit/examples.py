"""Examples of every rule (`examples.yaml`): how a sound row is spoiled so that the rule finds it, and what it lets pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.archive import codes, dictionary
from yk.archive.dictionary import Entity, entities
from yk.audit.rules import SOURCE as RULES
from yk.audit.rules import rules
from yk.flows.dates import days_on, months_on
from yk.text import did_you_mean

SOURCE = Path(__file__).with_name("examples.yaml")
_DAY = re.compile(r"\{(today|month)(?:([+-]\d+)m)?([+-]\d+)?\}")
_FIELD = re.compile(r"\{(\w+)\}")

Row = Mapping[str, Any]


class Aside(NamedTuple):
    """New values in the rows of `entity` that the account of the spoiled row has."""

    entity: str
    set: Row


class Put(NamedTuple):
    """`times` new rows of `entity`; `{n}` in their values counts from 1."""

    entity: str
    times: int
    row: Row


class Way(NamedTuple):
    """One way to spoil (or to change) a row of `entity` that is as `like` says (own fields, `customer.FIELD`).

    `set`: its new values; `beside`: those of other rows of its account; `put`: new rows; `drop`: entities whose rows
    the account loses; `also`: rules besides the example's own that find it too.
    """

    entity: str
    like: Row
    set: Row
    beside: tuple[Aside, ...]
    put: tuple[Put, ...]
    drop: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Example:
    """The examples of one predicate: `rules`, the numbers it is printed under; `fails`, each found by them and by its
    `also`; `passes`, each found by its `also` alone."""

    rules: tuple[str, ...]
    fails: tuple[Way, ...]
    passes: tuple[Way, ...]


@cache
def examples() -> Mapping[str, Example]:
    """The examples of every rule by its id; rules with the same predicate share them.

    Raises DefinitionError with file and line where the file is wrong.
    """
    sources = [SOURCE, RULES, dictionary.SOURCE, codes.SOURCE]
    made = [_example(row) for row in yamls.compiled("audit-examples", sources, _read)]
    by_rule = {rule: one for one in made for rule in one.rules}
    return {rule: by_rule[rule] for rule in rules()}


def filled(written: Row, entity: str, row: Row, day: str, n: int = 1) -> dict[str, Any]:
    """`written` values of `entity` as they are stored: days from `day` (YYYY-MM-DD), `{FIELD}` from `row`."""
    fields = entities()[entity].fields
    made = {name: _filled(value, row, day, n) for name, value in written.items()}
    return {name: fields[name].parse(value) if value != "" else "" for name, value in made.items()}


def _filled(value: Any, row: Row, day: str, n: int) -> Any:
    if not isinstance(value, str):
        return value
    dated = _DAY.sub(lambda found: _day(found, day), value)
    return _FIELD.sub(lambda found: str(n) if found[1] == "n" else str(row[found[1]]), dated)


def _day(found: re.Match[str], today: str) -> str:
    start = today if found[1] == "today" else today[:8] + "01"
    return days_on(months_on(start, int(found[2] or 0)), int(found[3] or 0))


def _example(row: dict[str, Any]) -> Example:
    fails, passes = (tuple(_way(way) for way in row[name]) for name in ("fails", "passes"))
    return Example(tuple(row["rules"]), fails, passes)


def _way(row: dict[str, Any]) -> Way:
    beside = tuple(Aside(**one) for one in row["beside"])
    put = tuple(Put(**one) for one in row["put"])
    also = tuple(dict.fromkeys(twin for rule in row["also"] for twin in (rule, *rules()[rule].same_as)))
    return Way(row["entity"], row["like"], row["set"], beside, put, tuple(row["drop"]), also)


def _read() -> list[dict[str, Any]]:
    with yamls.read(SOURCE, "audit/examples.yaml").fields() as f:
        sound = _scalars(f.need("sound"), _check_dotted)
        nodes = f.nodes("examples")
        made = [_read_example(node, sound) for node in nodes]
    _refuse_gaps(f.need("examples"), [rule for row in made for rule in row["rules"]])
    return made


def _scalars(node: yamls.Node, check: Callable[[yamls.Fields, str], None]) -> dict[str, Any]:
    """The single values of a mapping whose keys pass `check`."""
    with node.fields() as f:
        found = {}
        for name in f.keys():  # noqa: SIM118  (not a mapping: keys() makes them known)
            check(f, name)
            found[name] = f.need(name).scalar()
        return found


def _check_dotted(f: yamls.Fields, name: str) -> None:
    entity, _, field = name.partition(".")
    if entity not in entities() or field not in entities()[entity].fields:
        raise f.key_node(name).error("unknown_word", f"档案里没有 {name}", "写成 类别.字段")


def _read_example(node: yamls.Node, sound: Row) -> dict[str, Any]:
    with node.fields() as f:
        names = [one.one_of(rules()) for one in f.need("rules").nodes()]
        wanted = {names[0], *rules()[names[0]].same_as} if names else set()
        if not names or set(names) != wanted or len(names) != len(wanted):
            raise node.error("wrong_rules", "rules 应正好是同一条判据的全部编号", "、".join(sorted(wanted)))
        entity = f.need("entity").one_of(entities())
        like = f.find("like")
        ways = {
            name: [_read_way(one, entity, like, sound) for one in f.need(name).nodes()]
            for name in ("fails", "passes")
        }
        if not all(ways.values()):
            raise node.error("missing_example", "fails 和 passes 各至少要有一例")
        return {"rules": names, **ways}


def _read_way(node: yamls.Node, entity: str, like: yamls.Node | None, sound: Row) -> dict[str, Any]:
    with node.fields() as f:
        if own := f.find("entity"):
            entity, like = own.one_of(entities()), None
        kind = entities()[entity]
        given = f.find("like") or like
        row: dict[str, Any] = {
            "entity": entity,
            "like": _sound_for(kind, sound) | (_read_values(given, kind, customers=True) if given else {}),
            "set": _read_values(set_, kind) if (set_ := f.find("set")) else {},
            "beside": [_read_aside(one) for one in f.nodes("beside")],
            "put": [_read_put(one) for one in f.nodes("put")],
            "drop": [one.one_of(_owned()) for one in f.nodes("drop")],
            "also": [one.one_of(rules()) for one in f.nodes("also")],
        }
        if not any(row[name] for name in ("set", "beside", "put", "drop")):
            raise node.error("missing_key", "这一例什么都没有改", "写上 set、beside、put 或 drop")
        _refuse_unknown_places(node, row, kind)
        return row


def _refuse_unknown_places(node: yamls.Node, row: dict[str, Any], kind: Entity) -> None:
    """A value may name fields of the spoiled row; `{n}` only where rows are put."""
    written = [row["set"], *(one["set"] for one in row["beside"]), *(one["row"] for one in row["put"])]
    for value in [one for values in written for one in values.values() if isinstance(one, str)]:
        for name in _FIELD.findall(_DAY.sub("", value)):
            if name not in kind.fields and name != "n":
                raise node.error(
                    "unknown_word", f"{kind.zh} 没有 {name} 这个字段", did_you_mean(name, kind.fields)
                )


def _sound_for(kind: Entity, sound: Row) -> dict[str, Any]:
    """What holds of every row of `kind` that is changed, written as `like` is."""
    found = {}
    for name, value in sound.items():
        entity, _, field = name.partition(".")
        if entity == kind.name:
            found[field] = value
        elif entity == "customer" and kind.owner:
            found[name] = value
    return found


def _read_values(node: yamls.Node, kind: Entity, customers: bool = False) -> dict[str, Any]:
    """Values of fields of `kind`; with `customers` also of its customer's, as `customer.FIELD`."""

    def check(f: yamls.Fields, name: str) -> None:
        if customers and kind.owner and name.startswith("customer."):
            _check_dotted(f, name)
        elif name not in kind.fields:
            hint = did_you_mean(name, kind.fields)
            raise f.key_node(name).error("unknown_word", f"{kind.zh} 没有 {name} 这个字段", hint)

    return _scalars(node, check)


def _read_aside(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        entity = f.need("entity").one_of(_owned())
        return {"entity": entity, "set": _read_values(f.need("set"), entities()[entity])}


def _read_put(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        entity = f.need("entity").one_of(entities())
        row = _read_values(f.need("row"), entities()[entity])
        return {"entity": entity, "times": f.integer("times", 1), "row": row}


def _owned() -> list[str]:
    """The entities whose rows belong to an account."""
    return [one.name for one in entities().values() if one.owner]


def _refuse_gaps(node: yamls.Node, named: Iterable[str]) -> None:
    """Every rule has its examples once."""
    given = list(named)
    if repeated := {rule for rule in given if given.count(rule) > 1}:
        raise node.error("duplicate_example", f"规则 {'、'.join(sorted(repeated))} 写了两次")
    if missing := [rule for rule in rules() if rule not in given]:
        raise node.error("missing_example", f"规则 {'、'.join(missing)} 还没有例子")
