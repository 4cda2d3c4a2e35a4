"""The tables of figures in a report, and what every report says first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yk.audit.occurrences import COUNTS
from yk.audit.publishing import retired
from yk.audit.report_parts import Asked, Column, Table, number
from yk.audit.rules import rules, version
from yk.audit.running import RUN_KINDS
from yk.audit.scoring import BY, Figures, rows, total
from yk.settings import Settings

Data = dict[str, Any]
NAMES = COUNTS | {
    "accounts": "在册户数",
    "corrected": "订正",
    "distinct_extracted": "抽取（处）",
    "distinct_open": "在册（处）",
    "distinct_left": "遗留（处）",
    "points_due": "应办分",
    "points_left": "遗留分",
    "points_late": "逾期订正分",
    "points_back": "重现分",
    "same_day_rate": "当日订正率%",
    "extension_rate": "延期内完成率%",
    "recurrence": "复发率%",
    "per_thousand": "千户问题数",
    "score": "得分",
}
"""The columns of `scoring.rows` in Chinese."""
_RUNS_TOLD = 5


def head(asked: Asked, runs: Sequence[Data], told: Figures) -> list[str]:
    """When it was made, over which runs, by which rules, and what they do not count."""
    made = f"出表 {asked.now[:16].replace('T', ' ')}"
    if asked.span.last >= asked.today and asked.span.first != asked.span.last:
        made += "，本月还没有过完，数是到此刻的"
    named = [f"{one['run']}（{RUN_KINDS[one['kind']]} {one['at'][5:16].replace('T', ' ')}）" for one in runs]
    shown = "、".join(named[:_RUNS_TOLD]) + ("……" if len(named) > _RUNS_TOLD else "")
    versions = {one["version"]: None for one in runs}
    changed = f"；期间规则换过版本（{'、'.join(versions)}）" if len(versions) > 1 else ""
    facts = [made, f"稽核 {len(runs)} 次：{shown}", f"规则 {len(rules())} 条，版本 {version()}{changed}"]
    return [*facts, *([retired(told.retired)] if told.retired else [])]


def number_columns(shown: Sequence[str]) -> list[Column]:
    """Columns of figures, wide enough for their headers."""
    return [number(NAMES[name], max(10, 2 * len(NAMES[name]) + 2)) for name in shown]


def figures_table(
    title: str, told: Figures, by: str, shown: Sequence[str], settings: Settings, most: int | None = None
) -> Table:
    """Some of the figures by unit, centre …, those with anything to show, with a sum; `most`: only so many, the most first."""
    found = rows(told, by, settings)
    if by in ("rule", "division"):
        found = [row for row in found if row["extracted"] or row["corrected"] or row["open"]]
    count = len(found)
    if most is not None and count > most:
        found = sorted(found, key=lambda row: -(row["extracted"] + row["open"]))[:most]
    columns = [Column(BY[by], 34 if by == "rule" else 24), *number_columns(shown)]
    if by == "rule":
        columns.insert(0, Column("规则号", 10))
    return Table(title, columns, _lines(found, by, shown, total(told, settings)), count + 1)


def _lines(found: Sequence[Data], by: str, shown: Sequence[str], whole: Data) -> Iterator[list[Any]]:
    for row in found:
        yield [*([row["key"]] if by == "rule" else []), row["name"], *(row[name] for name in shown)]
    yield [*([""] if by == "rule" else []), "合计", *(whole[name] for name in shown)]
