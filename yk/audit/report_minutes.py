"""A template for the minutes of the monthly meeting: the abnormal data, the work done, the measures planned (第十二条 4)."""

from __future__ import annotations

from yk.audit.occurrences import CORRECTIONS, COUNTS
from yk.audit.owners import names_of
from yk.audit.report_analysis import measures
from yk.audit.report_parts import Asked, Column, Section, Table
from yk.audit.report_tables import number_columns
from yk.audit.rules import rules
from yk.audit.scoring import Figures, rows

_SHOWN = ("extracted", "back", "corrected", "open", "left", "same_day_rate", "score")
_WORK = ("assigned", "verified", "denied", "claimed", "failed", "linked", "granted", "whitelisted")
_EACH = 3
"""So many measures a centre are put up for discussion."""
_BLANK = "（待填）"


def minutes(told: Figures, asked: Asked, runs: int) -> Section:
    """The template, filled as far as the data say."""
    centres = names_of("centre")
    units = [row for row in rows(told, "unit", asked.settings) if row["accounts"]]
    points = [
        f"时间：{_BLANK}　地点：{_BLANK}　主持：营销部{_BLANK}　记录：{_BLANK}",
        f"参加：{'、'.join([row['name'] for row in units] + centres)}；各专业负责人；数据组",
    ]
    parts = [
        Section("异常数据", table=_data(told, asked)),
        Section("已开展的工作", points=[*_work(told, runs), f"其他：{_BLANK}"]),
        Section("拟采取的措施", table=_planned(told)),
        Section("议定事项", points=[_BLANK]),
    ]
    return Section(f"附：专题分析例会记录（{asked.span.name}）", points=points, parts=parts)


def _data(told: Figures, asked: Asked) -> Table:
    columns = [Column("单位或中心", 24), *number_columns(_SHOWN)]
    found = [row for by in ("unit", "centre") for row in rows(told, by, asked.settings)]
    return Table("例会异常数据", columns, [[row["name"], *(row[name] for name in _SHOWN)] for row in found])


def _work(told: Figures, runs: int) -> list[str]:
    counts = told.all.counts
    done = sum(counts[name] for name in CORRECTIONS)
    steps = [f"{COUNTS[name]} {counts[name]}" for name in _WORK if counts[name]]
    return [f"稽核 {runs} 次，消除问题 {done} 个", *([f"问题办理：{'，'.join(steps)}"] if steps else [])]


def _planned(told: Figures) -> Table:
    lines = [
        (centre, f"{one.rule} {rules()[one.rule].name}", one.text, _BLANK, _BLANK)
        for centre in names_of("centre")
        for one in measures(told, centre)[:_EACH]
    ]
    lines.append((_BLANK,) * 5)
    columns = (
        Column("提出", 16),
        Column("问题", 44),
        Column("措施", 50),
        Column("责任人", 14),
        Column("完成时间", 14),
    )
    return Table("例会措施", columns, lines)
