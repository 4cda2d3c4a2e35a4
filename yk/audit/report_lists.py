"""Findings in the lists of a report: which belong there, in which words, in which columns (第四条: 异常清单按单位下发)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import Any, NamedTuple

from yk.archive.dictionary import entities
from yk.archive.workbooks import Row
from yk.audit.occurrences import Life, happened
from yk.audit.owners import Owner, copied_to
from yk.audit.report_parts import Asked, Column, Table
from yk.audit.rules import SEVERITIES, rules
from yk.audit.scoring import is_counted, touches, unit_name
from yk.audit.states import STATES
from yk.audit.telling import told
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
MOST = 50
"""So many findings a list in Markdown shows."""
_FULL = (
    ("规则号", 10), ("规则名称", 40), ("级别", 8), ("户号", 14), ("户名", 30), ("数据类别", 14), ("记录", 20), ("值（抽取时）", 44),
    ("问题", 40), ("原因", 36), ("怎么改", 36), ("订正渠道", 20), ("期限", 12), ("责任单位", 24), ("跟踪中心", 16),
    ("抄送", 16), ("审核专业", 22), ("第几次", 8), ("现状", 10), ("同查规则", 18), ("计数", 8), ("问题编号", 36),
)  # fmt: skip
_BRIEF = (
    "规则号",
    "同查规则",
    "规则名称",
    "户号",
    "户名",
    "记录",
    "值（抽取时）",
    "期限",
    "责任单位",
    "跟踪中心",
    "现状",
)


class Item(NamedTuple):
    """A finding in a list, as it was at the end of the span; `is_first`: it counts under no number before its own."""

    doc: Mapping[str, Any]
    life: Life
    is_first: bool


def items(store: Store, asked: Asked, name: str, units: Iterable[str]) -> Iterator[Item]:
    """The findings to which `name` (one of occurrences.COUNTS) happened in the span, unit by unit."""
    table = store.table("finding")
    for unit in units:
        for _, doc in table.find([Comparison("org_no", "=", (unit,))]):
            if doc["rule"] not in rules() or not touches(doc, asked.span):
                continue
            events, life = happened(doc["history"], asked.span, asked.today)
            if any(one == name for _, one in events):
                first = is_counted(doc, name, asked.span, asked.today, lambda ids: table.get(doc_ids=ids))
                yield Item(doc, life, first)


def whole_list(store: Store, asked: Asked, title: str, name: str, units: Iterable[str]) -> Table:
    """All of them with every column, to be sent out."""
    numbers = ("第几次", "计数")
    columns = [Column(column, width, column in numbers) for column, width in _FULL]
    return Table(title, columns, (_full(store, item) for item in items(store, asked, name, units)))


def first_of_list(
    store: Store, asked: Asked, title: str, name: str, units: Iterable[str], total: int
) -> Table:
    """The longest due of them, one a defect, with the columns that fit a page; `total`: how many there are."""
    found = (item for item in items(store, asked, name, units) if item.is_first)
    shown = nsmallest(MOST, found, key=lambda item: (item.life.due, item.doc["org_no"], item.doc["finding"]))
    names = [column for column, _ in _FULL]
    places = [names.index(column) for column in _BRIEF]
    rows = ([row[place] for place in places] for row in (_full(store, item) for item in shown))
    return Table(title, [Column(column) for column in _BRIEF], rows, total)


def _full(store: Store, item: Item) -> Row:
    doc, rule = item.doc, rules()[item.doc["rule"]]
    return (
        doc["rule"],
        rule.name,
        SEVERITIES[doc["severity"]],
        doc["cons_no"],
        account_name(store, doc["cons_no"]),
        entities()[doc["entity"]].zh,
        record_of(doc),
        values_text(doc),
        rule.says,
        rule.cause,
        rule.fix,
        rule.via,
        item.life.due,
        unit_name(doc["org_no"]),
        doc["centre"],
        copied_to(rule, Owner(doc["division"], doc["centre"])),
        doc["division"],
        item.life.times,
        STATES[doc["state"]],
        "、".join(rule.same_as),
        int(item.is_first),
        doc["finding"],
    )


def account_name(store: Store, cons_no: str) -> str:
    """The customer's name, '' without one."""
    row = store.table("customer").get(doc_id=cons_no) if cons_no else None
    return (row or {}).get("cons_name") or ""


def record_of(doc: Mapping[str, Any]) -> str:
    """The row that a finding is of, '' when it is the customer's own."""
    return "" if doc["entity"] == "customer" else str(doc["entity_id"])


def values_text(doc: Mapping[str, Any]) -> str:
    """What its rule looked at when it was found, in words."""
    rule = rules()[doc["rule"]]
    return told(rule, doc["entity"], doc["values"]).said.removeprefix(f"{rule.says}：")
