"""The assessment at the end of a month, a draft for those who decide it; and what in it is inferred (第十一条 2、第十二条 1)."""

from __future__ import annotations

from yk.audit.report_parts import Asked, Column, Section, Table
from yk.audit.report_tables import number_columns
from yk.audit.rules import rules
from yk.audit.scoring import Figures, formula, inferred, rows

_SHOWN = (
    "accounts",
    "left",
    "distinct_left",
    "points_due",
    "points_left",
    "points_late",
    "points_back",
    "score",
)


def assessment(told: Figures, asked: Asked) -> Section:
    """The units by score, the lowest first; what is proposed, who signs."""
    found = [row for row in rows(told, "unit", asked.settings) if row["accounts"] or row["open"]]
    found.sort(key=lambda row: (row["score"], row["key"]))
    late = [f"{row['name']}（{row['distinct_left']} 处）" for row in found if row["left"]]
    words = [
        f"列入月末考核的单位：{'、'.join(late)}。" if late else "没有遗留，没有要列入月末考核的。",
        f"{formula(asked.settings)}。〔推定〕",
        "办法只定“遗留作为月末考核项目”的原则，没有公式：得分、权重都是本程序的推定，供提意见时参考，以营销部核定的为准。",
    ]
    points = [
        "考核意见（营销稽查专责）：（待填）",
        "审批（领导小组）：（待填）",
    ]
    columns = [Column("供电单位", 24), *number_columns(_SHOWN)]
    lines = ([row["name"], *(row[name] for name in _SHOWN)] for row in found)
    return Section("考核意见", words, points, Table("考核", columns, lines))


def basis(asked: Asked) -> Section:
    """What numbers depend on that the source does not settle."""
    unsure = [rule.id for rule in rules().values() if rule.owner_confidence != "high"]
    words = [
        "下列口径原文没有写明或没有写全，是推定的；都是设置，可改（yk config set）。",
        f"{len(unsure)} 条规则的分工由原表推断（yk audit owner 可查、可改）；在册户数和单位名称是出表时的。",
    ]
    columns = (
        Column("设置", 26),
        Column("含义", 60),
        Column("现值", 8),
        Column("出处", 50),
        Column("把握", 8),
    )
    lines = [
        (one.name, one.text, str(one.value), one.source, one.confidence) for one in inferred(asked.settings)
    ]
    return Section("待核定的口径", words, table=Table("口径", columns, lines))
