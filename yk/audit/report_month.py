"""The report of a month: figures by unit, centre, division, kind and rule, how they went, what came back, what is left over
for the assessment, what was extended or whitelisted, the centres' analysis, the assessment (第十一条 2、第十二条)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yk.audit.occurrences import CORRECTIONS, Span, month_span
from yk.audit.publishing import need_runs
from yk.audit.report_analysis import analysis, without_twins
from yk.audit.report_assessment import assessment, basis
from yk.audit.report_granted import granted
from yk.audit.report_lists import first_of_list, whole_list
from yk.audit.report_minutes import minutes
from yk.audit.report_parts import Asked, Column, Report, Section, Table, number
from yk.audit.report_tables import figures_table, head, number_columns
from yk.audit.rules import rules
from yk.audit.scoring import Figures, figures, rows, total, unit_name
from yk.flows.dates import months_on
from yk.store import Store

Data = dict[str, Any]
_FORMER = 5
"""So many months before are shown beside."""
_RULES = 30
"""So many rules a table in Markdown shows."""
_NAMED = 5
"""So many rules a sentence names."""
_BAR = 24
"""The longest bar, in characters."""
_FLOWS = ("carried", "extracted", "back", "on_time", "in_extension", "late", "whitelisted", "open", "extending",
          "left")  # fmt: skip
_BY_UNIT = ("accounts", *_FLOWS, "distinct_left", "same_day_rate", "recurrence", "per_thousand", "score")
_BY_CENTRE = (*_FLOWS, "distinct_left", "same_day_rate", "recurrence", "per_thousand", "score")
_BY_OTHER = (*_FLOWS, "same_day_rate", "recurrence")
_MONTHS = ("extracted", "back", "corrected", "open", "left", "same_day_rate", "extension_rate", "recurrence",
           "per_thousand", "score")  # fmt: skip


def month_report(store: Store, asked: Asked, full: bool) -> Report:
    """The report; `full` with whole lists, to be written as a workbook. Raises UsageError (`day_ahead`, `no_run`)."""
    runs = need_runs(store, asked.span, asked.today)
    spans = [month_span(months_on(asked.span.first, -n)[:7]) for n in range(_FORMER, 0, -1)]
    *former, told = figures(store, [*spans, asked.span], asked.settings, asked.today, asked.unit)
    units = [row["key"] for row in rows(told, "unit", asked.settings)]
    sections = [
        _overview(told, former, asked),
        _course(told, asked.span, runs),
        _statistics(told, asked, full),
        _listed(store, asked, told, "back", "重现", units, full),
        _listed(store, asked, told, "left", "遗留", units, full),
        granted(store, asked),
        analysis(told),
        assessment(told, asked),
        basis(asked),
    ]
    numbered = [
        section._replace(title=f"{place}、{section.title}")
        for place, section in zip("一二三四五六七八九", sections, strict=True)
    ]
    if asked.minutes:
        numbered.append(minutes(told, asked, len(runs)))
    whose = f"（{unit_name(asked.unit)}）" if asked.unit else ""
    return Report(f"营销数据核查月报 {asked.span.name}{whose}", head(asked, runs, told), numbered)


def _overview(told: Figures, former: Sequence[Figures], asked: Asked) -> Section:
    row, counts = total(told, asked.settings), told.all.counts
    severe = told.by["severity"]
    words = [
        f"期初在册 {row['carried']} 个，本月抽取 {row['extracted']} 个（同一处几条规则都查到的只算一处，"
        f"{row['distinct_extracted']} 处），其中重现 {row['back']} 个；订正 {row['corrected']} 个，列白名单 "
        f"{row['whitelisted']} 个；期末在册 {row['open']} 个，其中遗留 {row['left']} 个、延期中 {row['extending']} 个。",
        f"期末在册里错误级 {severe['error'].counts['open']} 个、提醒级 {severe['warn'].counts['open']} 个。"
        f"订正里当日 {row['on_time']}、延期内 {row['in_extension']}、逾期 {row['late']}；"
        f"报了订正而复核未过 {counts['failed']} 次。",
        "下面的率、千户问题数和得分都按处算。当日订正率 = 当日订正 ÷（当日订正 + 到期未订正）：月末抽取、次月到期的算在次月；"
        "还有没到期的待办、又没有一处到期未订正，率先空着。"
        "复发率 = 重现 ÷ 订正（重现的可以是以前订正的，所以会超过 100%）。千户问题数 = 期末在册（处）÷ 在册户数 × 1000。",
    ]
    listed = [one for one in former if one.all.counts] + [told]
    lines = ([one.span.name, *(total(one, asked.settings)[name] for name in _MONTHS)] for one in listed)
    return Section("概况", words, table=Table("逐月", [Column("月份"), *number_columns(_MONTHS)], lines))


def _course(told: Figures, span: Span, runs: Sequence[Data]) -> Section:
    """Day by day: what came, what went, what is on the books."""
    audited: dict[str, list[str]] = {}
    for one in runs:
        audited.setdefault(one["at"][:10], []).append(one["run"])
    days, standing = [], told.all.counts["carried"]
    for day in sorted(audited.keys() | told.by_day.keys()):
        counts = told.by_day[day]
        gone = sum(counts[name] for name in CORRECTIONS)
        standing += counts["extracted"] - gone - counts["whitelisted"]
        if counts["extracted"] or gone or counts["whitelisted"] or day in audited:
            days.append((day, "、".join(audited.get(day, ())), counts["extracted"], gone, standing))
    most = max((day[4] for day in days), default=0) or 1
    columns = [
        Column("日期", 12),
        Column("稽核", 22),
        *map(number, ("抽取", "订正", "在册")),
        Column("在册图", 28),
    ]
    lines = ((*day, "█" * round(day[4] * _BAR / most)) for day in days)
    return Section("逐日走势", table=Table("逐日走势", columns, lines))


def _statistics(told: Figures, asked: Asked, full: bool) -> Section:
    most = None if full else _RULES
    parts = [
        Section(title, table=figures_table(title, told, by, shown, asked.settings, most if by == "rule" else None))
        for title, by, shown in (
            ("按供电单位", "unit", _BY_UNIT),
            ("按中心", "centre", _BY_CENTRE),
            ("按专业", "division", _BY_OTHER),
            ("按数据类别", "kind", _BY_OTHER),
            ("按规则", "rule", _BY_OTHER),
        )
    ]  # fmt: skip
    return Section("统计", parts=parts)


def _listed(
    store: Store, asked: Asked, told: Figures, name: str, title: str, units: Sequence[str], full: bool
) -> Section:
    count = told.all.distinct[name]
    said = {
        "back": f"消除以后又出现的 {count} 处。" if count else "没有消除以后又出现的。",
        "left": f"过了期限、没有批准延期、月末还没有消除的 {count} 处，作为月末考核项（第十二条 1）。"
        if count
        else "没有遗留。",
    }[name]
    if not count:
        return Section(title, [said])
    if full:
        return Section(title, [said], table=whole_list(store, asked, f"{title}清单", name, units))
    return Section(
        title, [said, *_rules_of(told, name)], table=first_of_list(store, asked, title, name, units, count)
    )


def _rules_of(told: Figures, name: str) -> Iterator[str]:
    """The rules with the most of them."""
    found = [(rule, tally.counts[name]) for rule, tally in told.by["rule"].items() if tally.counts[name]]
    found.sort(key=lambda one: (-one[1], one[0]))
    named = [f"{rule} {rules()[rule].name}（{count}）" for rule, count in without_twins(found)]
    yield f"按规则：{'；'.join(named[:_NAMED])}{'……' if len(named) > _NAMED else ''}"
