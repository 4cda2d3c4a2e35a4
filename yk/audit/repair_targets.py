"""Which rows a batch modification is to change, and into what: findings, accounts, or a list with a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yk.archive import inputs
from yk.archive.codes import code_lists, code_of, codes
from yk.archive.dictionary import Entity, Field, entities, entity
from yk.archive.values import Value
from yk.audit.looking import find_finding, find_unit
from yk.audit.rules import find_rule
from yk.audit.states import OPEN, STATES
from yk.desk.in_flight import RUNNING
from yk.desk.looking_up import rows_in
from yk.errors import Reason, Refused, UsageError
from yk.flows.change_list import why_closed
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import did_you_mean, halfwidth, plain

Data = dict[str, Any]
ENTITY_ID = ("entity_id", "记录标识")
"""Headers of a list that name a row by its key, besides the key field's own."""
LISTS = (".csv", ".xlsx")
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Rows: the open findings of `rule` (of one supply `unit`, by code or name, where it is told), or `findings` by id, each only of `customers` where some are
    named; else `customers` alone; or those of the list `file` (`entity` its kind, customers when not said).

    `values`: field (English or Chinese, `entity.field` for another kind of row) -> the same new value for all.
    `reason` why, `how` the rule of the change in words, `billing_note` what becomes of the bills.
    """

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    rule: str = ""
    unit: str = ""
    findings: Sequence[str] = ()
    customers: Sequence[str] = ()
    file: Path | None = None
    entity: str = ""
    how: str = ""
    billing_note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A row to change: by its id, or by its account (`entity_id` is '') where the account has but one."""

    entity: str
    entity_id: str
    cons_no: str
    values: Mapping[str, Value]


@dataclass(slots=True)
class Targets:
    """The rows a wish means, the findings it is about, and what was left out: `{finding, why}`."""

    rows: list[Target]
    findings: list[str] = field(default_factory=list)
    skipped: list[Data] = field(default_factory=list)


def targets(store: Store, wish: Wish) -> Targets:
    """What a wish means. Raises UsageError for what cannot be meant, Refused for what may not be, UnreadableError."""
    if wish.unit and (not wish.rule or wish.findings or wish.file):
        raise UsageError("conflicting_options", "--unit 只能和 --rule 一起写", "选户用 --customer")
    if wish.file is not None:
        found = _of_list(store, wish, wish.file)
    elif wish.rule or wish.findings:
        found = _of_findings(store, wish)
    elif wish.customers:
        kind = entity(wish.entity or "customer").name
        found = Targets([Target(kind, "", number, {}) for number in _accounts(store, wish.customers)])
    else:
        raise UsageError("rows_needed", "没有指明改哪些", "用 --rule、--finding、--customer 或 --list 选")
    if wish.file is None:
        if not wish.values:
            raise UsageError("values_needed", "没有写改成什么", "加 --set 字段=值，或用 --list 给清单")
        found.rows = list(_changed_alike(found.rows, wish.values))
    _refuse_closed(found.rows)
    return found


def _refuse_closed(rows: Iterable[Target]) -> None:
    """Before anything is looked up: what nobody may change like this need not even be a table of accounts."""
    asked = dict.fromkeys((row.entity, name) for row in rows for name in row.values)
    if reasons := [Reason("repair_closed", why) for where in asked if (why := why_closed(*where))]:
        raise Refused(reasons)


def _accounts(store: Store, words: Iterable[str]) -> list[str]:
    numbers = list(dict.fromkeys(halfwidth(word).strip() for word in words))
    for number in numbers:
        if not store.table("customer").has(number):
            raise UsageError(
                "unknown_customer", f"档案里没有用户 {number}", "yk customer list 可按名称、地址查找"
            )
    return numbers


def _of_findings(store: Store, wish: Wish) -> Targets:
    """The open findings that are meant; those that another order is about already are left out."""
    if wish.findings:
        docs = [find_finding(store, word) for word in dict.fromkeys(wish.findings)]
        if closed := [doc for doc in docs if doc["state"] not in OPEN]:
            raise Refused(
                [
                    Reason("finding_closed", f"问题 {d['finding']} {STATES[d['state']]}，不用再改")
                    for d in closed
                ]
            )
    else:
        wanted = [Comparison("rule", "=", (find_rule(wish.rule).id,)), Comparison("state", "in", OPEN)]
        unit = find_unit(wish.unit) if wish.unit else ""
        found_here = store.table("finding").find(wanted)
        docs = [dict(doc) for _, doc in found_here if unit in ("", doc["org_no"])]
    accounts = set(_accounts(store, wish.customers))
    found = Targets([])
    for doc in docs:
        if accounts and doc["cons_no"] not in accounts:
            continue
        if busy := _order_on(store, doc):
            found.skipped.append({"finding": doc["finding"], "why": f"已挂在办工单 {busy}"})
            continue
        found.findings.append(doc["finding"])
        found.rows.append(Target(doc["entity"], doc["entity_id"], doc["cons_no"], {}))
    if not found.rows:
        what = "；".join(one["why"] for one in found.skipped[:3]) or "没有符合条件、还没消除的问题"
        raise Refused(
            [Reason("nothing_found", f"没有可改的问题：{what}")], "yk audit findings --open 列出问题"
        )
    return found


def still_wanted(
    store: Store, rows: Sequence[Target], findings: Sequence[str]
) -> tuple[list[Target], list[str], list[Data]]:
    """Of a plan made before: the rows that are about an open finding or about none, the findings still open, and the rows
    left out because theirs are not."""
    docs = list(store.table("finding").get(doc_ids=list(findings))) if findings else []
    of_row: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    of_account: dict[str, list[Mapping[str, Any]]] = {}
    for doc in docs:
        of_row.setdefault((doc["entity"], doc["entity_id"]), []).append(doc)
        of_account.setdefault(doc["cons_no"], []).append(doc)
    kept, left = list[Target](), list[Data]()
    for row in rows:
        about = of_row.get((row.entity, row.entity_id)) or of_account.get(row.cons_no) or []
        if not about or any(doc["state"] in OPEN for doc in about):
            kept.append(row)
            continue
        why = f"问题{STATES[about[0]['state']]}，不用改"
        left.append({name: getattr(row, name) for name in ("entity", "entity_id", "cons_no")} | {"why": why})
    return kept, [doc["finding"] for doc in docs if doc["state"] in OPEN], left


def _order_on(store: Store, finding: Mapping[str, Any]) -> str:
    """The order under way that a finding is linked to; '' when there is none."""
    doc = store.table("case").get(doc_id=finding["case"]) if finding["case"] else None
    return str(doc["case"]) if doc is not None and doc["status"] in RUNNING else ""


def _changed_alike(rows: Sequence[Target], values: Mapping[str, str]) -> Iterator[Target]:
    """A target for each kind of row that the values are about."""
    usual = list(dict.fromkeys(row.entity for row in rows))
    meant: dict[str, dict[str, Value]] = {}
    for word, text in values.items():
        kind, known = _field_meant(word, usual)
        meant.setdefault(kind.name, {})[known.name] = value_of(known, text)
    for row in rows:
        for name, changed in meant.items():
            yield Target(name, row.entity_id if name == row.entity else "", row.cons_no, changed)


def _field_meant(word: str, usual: Sequence[str]) -> tuple[Entity, Field]:
    """The field that `字段` or `entity.字段` means, of the kinds of row that are to change. Raises UsageError."""
    head, dot, name = word.strip().partition(".")
    if dot:
        kind = entity(head)
        return kind, kind.field(name)
    holding = [kind for kind in map(entity, usual) if kind.find(word)]
    if len(holding) == 1 or (holding and len(usual) == 1):
        return holding[0], holding[0].field(word)
    if holding:
        ways = "、".join(f"{kind.name}.{kind.field(word).name}" for kind in holding)
        raise UsageError("field_unclear", f"{word} 不止一类数据有", f"写明哪一类：{ways}")
    return entity(usual[0]), entity(usual[0]).field(word)


def value_of(known: Field, given: object) -> Value:
    """A new value as the archive stores it; codes by code or name, blank empties the field. Raises UsageError."""
    value = known.parse(given)
    if value is None or known.code not in code_lists():
        return value
    code = code_of(known.code, str(value))
    if code is None:
        hint = did_you_mean(str(value), [f"{one} {zh}" for one, zh in codes(known.code).items()])
        raise UsageError("unknown_code", f"{known.zh}（{known.name}）没有 {value} 这个代码", hint)
    return code


def _of_list(store: Store, wish: Wish, file: Path) -> Targets:
    """The rows of a list: what a cell says is the new value, a blank one leaves the field as it is."""
    if wish.findings or wish.customers:
        raise UsageError("conflicting_options", "有清单就不能再写 --finding、--customer", "改哪些由清单定")
    if file.suffix.lower() not in LISTS and file.exists():
        raise UsageError("unknown_format", f"不认识的清单格式：{file}", "用 .csv 或 .xlsx")
    rule = find_rule(wish.rule) if wish.rule else None
    kind = entity(wish.entity or (rule.parts[0].entity if rule else "customer"))
    alike = {
        known.name: value_of(known, text)
        for word, text in wish.values.items()
        for known in (kind.field(word),)
    }
    found, wrong = Targets([]), list[str]()
    strange: list[str] = []
    for row in inputs.read(file, kind, lambda _file, _entity, column: strange.append(column)):
        try:
            found.rows.append(_target(kind, row, alike))
        except UsageError as error:
            wrong.append(f"{row.file} 第 {row.row} 行：{error.message}")
    if unknown := [word for word in strange if plain(word).strip() not in ENTITY_ID]:
        hint = did_you_mean(unknown[0], [*kind.fields, *(one.zh for one in kind.fields.values())])
        raise UsageError("unknown_column", f"清单的“{plain(unknown[0])}”不是{kind.zh}的字段", hint)
    if wrong:
        more = [f"像这样的还有 {len(wrong) - MOST_TOLD} 行"] if len(wrong) > MOST_TOLD else []
        raise Refused(
            [Reason("repair_rows_wrong", text) for text in [*wrong[:MOST_TOLD], *more]], "改好清单再试算"
        )
    if rule is not None:
        found.findings = list(_findings_of(store, rule.id, kind, found.rows))
    return found


def _target(kind: Entity, row: inputs.Row, alike: Mapping[str, Value]) -> Target:
    """A row of a list. Raises UsageError."""
    given = {name: cell for name, cell in row.given.items() if not inputs.is_blank(cell)}
    key = kind.fields[kind.key[0]]
    named = next((row.unknown[word] for word in ENTITY_ID if word in row.unknown), given.pop(key.name, None))
    owner = given.pop(kind.owner, None) if kind.owner != key.name else None
    ident = str(key.parse(named) or "")
    account = str(kind.fields[kind.owner].parse(owner) or "")
    if not ident and not account:
        raise UsageError("row_unnamed", f"没有写{key.zh}（{key.name}）或用户编号（cons_no）")
    if masked := [n for n, cell in given.items() if kind.fields[n].personal and "*" in str(cell)]:
        raise UsageError("masked_value", f"{kind.fields[masked[0]].zh}是脱敏的值，不能写进档案")
    values = {**alike, **{name: value_of(kind.fields[name], cell) for name, cell in given.items()}}
    if not values:
        raise UsageError("values_needed", "没有写改成什么")
    return Target(kind.name, ident, account, values)


def _findings_of(store: Store, rule: str, kind: Entity, rows: Iterable[Target]) -> Iterator[str]:
    """The open findings of a rule in these rows."""
    named = {row.entity_id for row in rows} | {row.cons_no for row in rows} - {""}
    for _, doc in store.table("finding").find(
        [Comparison("rule", "=", (rule,)), Comparison("state", "in", OPEN)]
    ):
        if (
            doc["entity"] == kind.name
            and {doc["entity_id"], doc["cons_no"]} & named
            and not _order_on(store, doc)
        ):
            yield doc["finding"]


def rows_by_account(store: Store, name: str, accounts: Iterable[str]) -> dict[str, list[str]]:
    """Account -> ids of its rows of an entity."""
    kind, found = entities()[name], dict[str, list[str]]()
    for row in rows_in(store, name, kind.owner, accounts):
        found.setdefault(str(row[kind.owner]), []).append(str(row[kind.key[0]]))
    return found
