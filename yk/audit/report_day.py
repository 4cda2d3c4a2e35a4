"""The report of a day: what was extracted, unit by unit and rule by rule, explained; what was corrected and left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yk.audit.owners import Owner, copied_to
from yk.audit.publishing import is_early, need_runs, not_over
from yk.audit.report_lists import Item, account_name, first_of_list, items, record_of, values_text, whole_list
from yk.audit.report_parts import Asked, Column, Report, Section, Table
from yk.audit.report_tables import figures_table, head
from yk.audit.rules import SEVERITIES, rules
from yk.audit.scoring import Figures, figures, rows, total, unit_name
from yk.store import Store

Data = dict[str, Any]
_EACH = 10
"""So many rows of a unit and rule are listed in Markdown."""
_SHOWN = ("extracted", "back", "on_time", "in_extension", "late", "pending", "pending_extended", "whitelisted", "open",
          "extending", "left", "distinct_extracted", "distinct_left", "same_day_rate")  # fmt: skip
_ROWS = (
    Column("户号"),
    Column("户名"),
    Column("记录"),
    Column("值（抽取时）"),
    Column("期限"),
    Column("备注"),
)


def day_report(store: Store, asked: Asked, full: bool) -> Report:
    """The report; `full` with whole lists, to be written as a workbook. Raises UsageError (`day_ahead`, `no_run`)."""
    runs = need_runs(store, asked.span, asked.today)
    (told,) = figures(store, [asked.span], asked.settings, asked.today, asked.unit)
    units = [row["key"] for row in rows(told, "unit", asked.settings)]
    sections = [_overview(told, asked)]
    if full:
        sections.append(Section("抽取清单", table=whole_list(store, asked, "抽取清单", "extracted", units)))
    else:
        sections += _by_unit(store, asked, units)
    sections.append(_left(store, asked, told, units, full))
    whose = f"（{unit_name(asked.unit)}）" if asked.unit else ""
    facts = [*head(asked, runs, told), _published(store, asked)]
    return Report(f"营销数据检查日报 {asked.span.name}{whose}", facts, sections)


def _published(store: Store, asked: Asked) -> str:
    doc = store.table("audit_notice").get(doc_id=asked.span.name)
    if doc is None:
        return f"整改情况尚未发布（yk audit publish --day {asked.span.name}）"
    row = doc["total"]
    if asked.unit:
        row = next((one for one in doc["units"] if one["key"] == asked.unit), None)
    numbers = (
        f"抽取 {row['extracted']}，订正 {row['corrected']}，遗留 {row['left']}" if row else "没有这个单位"
    )
    again = f"，第 {len(doc['former']) + 1} 次发布" if doc["former"] else ""
    before = "（发布时未到期）" if is_early(doc) else ""
    return f"整改情况已于 {doc['at'][:16].replace('T', ' ')} 由 {doc['by']} 发布{again}：{numbers}；发布的数不再变{before}"


def _overview(told: Figures, asked: Asked) -> Section:
    row = total(told, asked.settings)
    rate = "" if row["same_day_rate"] is None else f"当日订正率 {row['same_day_rate']}%（按处算）。"
    words = [
        f"抽取 {row['extracted']} 个，其中重现 {row['back']} 个；同一处违规几条规则都查到的只算一处，"
        f"是 {row['distinct_extracted']} 处。",
        f"订正 {row['corrected']} 个：当日 {row['on_time']}，延期内 {row['in_extension']}，逾期 {row['late']}。{rate}",
        f"遗留（过了期限、没有批准延期、还没有消除）{row['left']} 个，在册 {row['open']} 个。",
    ]
    if asked.span.last >= asked.today:
        words.append(f"{not_over(row['pending'] + row['pending_extended'])}。")
    return Section("整改情况", words, table=figures_table("整改情况", told, "unit", _SHOWN, asked.settings))


def _by_unit(store: Store, asked: Asked, units: Sequence[str]) -> Iterator[Section]:
    """A section a unit with the rules that found something there, errors first, then what is most."""
    for unit in units:
        found: dict[str, list[Item]] = {}
        counts: dict[str, int] = {}
        for item in items(store, asked, "extracted", [unit]):
            if not item.is_first:
                continue
            rule = item.doc["rule"]
            counts[rule] = counts.get(rule, 0) + 1
            if counts[rule] <= _EACH:
                found.setdefault(rule, []).append(item)
        order = sorted(found, key=lambda rule: (found[rule][0].doc["severity"], -counts[rule], rule))
        if order:
            parts = [_rule(store, found[rule], counts[rule]) for rule in order]
            yield Section(f"{unit_name(unit)}：抽取 {sum(counts.values())} 处", parts=parts)


def _rule(store: Store, found: Sequence[Item], count: int) -> Section:
    """What a rule found in a unit: why, what to do, who, until when."""
    doc = found[0].doc
    table = Table("", _ROWS, [_row(store, item) for item in found], count)
    rule = rules()[doc["rule"]]
    copy = copied_to(rule, Owner(doc["division"], doc["centre"]))
    points = [
        f"问题：{rule.says}",
        f"原因：{rule.cause}",
        f"怎么改：{rule.fix}（渠道：{rule.via}）",
        f"订正：{unit_name(doc['org_no']) if doc['org_no'] else '没有单位，由数据组派发'}；跟踪：{doc['centre']}{f'，抄送{copy}' if copy else ''}；审核：{doc['division']}",
    ]
    if rule.same_as:
        points.append(f"同查：{'、'.join(rule.same_as)} 查的是同一处，不重复计数")
    title = f"{rule.id} {rule.name}（{SEVERITIES[rule.severity]}，{count} 处）"
    return Section(title, points=points, table=table)


def _row(store: Store, item: Item) -> tuple[str, ...]:
    doc = item.doc
    note = f"第 {item.life.times} 次" if item.life.times > 1 else ""
    name = account_name(store, doc["cons_no"])
    return doc["cons_no"], name, record_of(doc), values_text(doc), item.life.due, note


def _left(store: Store, asked: Asked, told: Figures, units: Sequence[str], full: bool) -> Section:
    count = told.all.distinct["left"]
    words = ["遗留参加月末考核（第十二条 1）。"] if count else ["没有遗留。"]
    if full:
        return Section("遗留清单", words, table=whole_list(store, asked, "遗留清单", "left", units))
    table = first_of_list(store, asked, "遗留清单", "left", units, count) if count else None
    return Section(f"遗留：{count} 处", words, table=table)
