"""Guards of 营销稽查: the plan's month, what is dispatched, what the unit concludes of every item.

Form tables: `items` {entity, entity_id, cons_no, clue} are what is to be checked, `results` {entity_id, cons_no,
conclusion, cause, measure, evidence, entered_by} what came of it; an item is named by its `entity_id`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from yk.archive.codes import code_of, codes
from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

RULE = "DL 第九条"
BASIS = "大连数据质量核查办法第九条"
TRUE, FALSE, RECTIFIED = "1", "2", "3"
"""What may be concluded (code list audit_conclusion)."""
_MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")
_NAMED = 5
"""So many items a sentence names."""
Row = dict[str, Any]


def is_month(text: str) -> bool:
    """Is it a month, written YYYY-MM?"""
    return bool(_MONTH.fullmatch(text))


def last_day(month: str) -> str:
    """The last day of a month YYYY-MM, as YYYY-MM-DD."""
    return days_on(months_on(f"{month}-01", 1), -1)


def conclusion_of(row: Row) -> str:
    """The code of a result's conclusion, '' where there is none or one that is not in the list."""
    return code_of("audit_conclusion", str(row.get("conclusion") or "")) or ""


def _rows(f: Facts, table: str) -> list[Row]:
    return [dict(row) for row in f.data.get(table) or ()]


def _named(ids: Iterable[str]) -> str:
    """The ids of items in words: the first of them, and how many there are."""
    listed = list(ids)
    more = f" 等 {len(listed)} 条" if len(listed) > _NAMED else ""
    return "、".join(listed[:_NAMED]) + more


@guard(
    "稽查月份是当月，或可以提前计划的月份",
    refuses="audit_month_wrong",
    rule=RULE,
    basis=f"{BASIS} 1（月度计划）",
    confidence="低",
    breaks=lambda f: set_form(month=months_on(f.today, -1)[:7]),
    mends=lambda f: set_form(month=f.today[:7]),
)
def audit_month_fits(f: Facts) -> Iterator[str]:
    """A plan is of a month that is not over, and not far ahead."""
    month, ahead = f.get("month"), int(f.settings["audit_plan_months_ahead"])
    if not month:
        return
    if not is_month(month):
        yield f"稽查月份 {month} 不对，写成 {f.today[:7]} 这样"
    elif month < f.today[:7]:
        yield f"稽查月份 {month} 已过，不能再下计划"
    elif month > (latest := months_on(f"{f.today[:7]}-01", ahead)[:7]):
        yield f"稽查月份 {month} 太早，现在最多计划到 {latest}"


@guard(
    "稽查明细不空、不重复",
    refuses="audit_items_wrong",
    rule=RULE,
    basis=f"{BASIS} 2（查出异常，派工）",
    breaks=lambda f: set_form(items=[]),
    mends=lambda f: set_form(items=_rows(f, "items") or [{"entity": "customer", "entity_id": "1016000001"}]),
)
def audit_items_given(f: Facts) -> Iterator[str]:
    """There is something to check, each thing once."""
    counted = Counter(str(row.get("entity_id")) for row in _rows(f, "items"))
    if f.data.get("items") is not None and not counted:
        yield "稽查明细是空的（items），没有要核查的就终止任务"
    if twice := [item for item, count in counted.items() if count > 1]:
        yield f"稽查明细里重复：{_named(twice)}，各留一条"


@guard(
    "完成期限还没有过",
    refuses="audit_deadline_past",
    rule=RULE,
    basis=f"{BASIS} 2、3（派工、核查）",
    breaks=lambda f: set_form(deadline=days_on(f.today, -1)),
    mends=lambda f: set_form(deadline=f.today),
)
def audit_deadline_ahead(f: Facts) -> Iterator[str]:
    """Nobody is told to have done something by yesterday."""
    if (deadline := f.get("deadline")) and deadline < f.today:
        yield f"完成期限 {deadline} 已过，请改到 {f.today} 或以后"


@guard(
    "完成期限在稽查月份以内",
    refuses="audit_deadline_late",
    rule=RULE,
    basis=f"{BASIS} 4（每月末前分析）",
    confidence="低",
    level_setting="audit_deadline_policy",
    breaks=lambda f: set_form(deadline=days_on(last_day(f.get("month")), 1)),
    mends=lambda f: set_form(deadline=last_day(f.get("month"))),
)
def audit_deadline_in_month(f: Facts) -> Iterator[str]:
    """What is checked in a month is analysed before it ends, so the unit's deadline lies in it."""
    month, deadline = f.get("month"), f.get("deadline")
    if is_month(month) and deadline > last_day(month):
        yield f"完成期限 {deadline} 晚于 {month} 月末，月末前要分析，请改到 {last_day(month)} 以前"


def concluded(f: Facts, conclusion: str = "不属实", **values: Any) -> list[Row]:
    """A whole result of every item, for recipes and examples; `values` are laid over the first."""
    made = [
        {"entity_id": row.get("entity_id"), "cons_no": row.get("cons_no"), "conclusion": conclusion, "cause": "录入时已更正"}
        | {"measure": "已补登并复核", "evidence": "现场照片"}
        for row in _rows(f, "items")
    ]  # fmt: skip
    return [{**made[0], **values}, *made[1:]] if made else []


@guard(
    "每条明细都有结论和原因",
    refuses="audit_item_open",
    rule=RULE,
    basis=f"{BASIS} 3（核查结果录入系统）",
    breaks=lambda f: set_form(results=concluded(f)[:-1]),
    mends=lambda f: set_form(results=concluded(f)),
)
def audit_items_concluded(f: Facts) -> Iterator[str]:
    """Every item has one conclusion of the list, and says why."""
    results = _rows(f, "results")
    if f.data.get("results") is None:
        return
    items = [str(row.get("entity_id")) for row in _rows(f, "items")]
    counted = Counter(str(row.get("entity_id")) for row in results)
    known = "、".join(codes("audit_conclusion").values())
    said = {str(row.get("entity_id")) for row in results if row.get("conclusion")}
    unlike = [row for row in results if row.get("conclusion") and not conclusion_of(row)]
    if foreign := [item for item in counted if item not in items]:
        yield f"核查结果里的 {_named(foreign)} 不在稽查明细里"
    if twice := [item for item, count in counted.items() if count > 1]:
        yield f"核查结果里重复：{_named(twice)}，各留一条"
    if open_ := [item for item in items if item not in said]:
        yield f"还没有结论：{_named(open_)}，填{known}之一"
    for row in unlike:
        yield f"{row.get('entity_id')} 的结论“{row['conclusion']}”不对，填{known}之一"
    mute = [row for row in results if conclusion_of(row) and not row.get("cause")]
    if silent := [str(row.get("entity_id")) for row in mute]:
        yield f"没有写原因：{_named(silent)}"


@guard(
    "属实和已整改的有证据",
    refuses="audit_evidence_missing",
    rule=RULE,
    basis=f"{BASIS} 3（核查结果）",
    confidence="中",
    breaks=lambda f: set_form(results=concluded(f, RECTIFIED, evidence=None)),
    mends=lambda f: set_form(results=concluded(f, RECTIFIED)),
)
def audit_evidence_given(f: Facts) -> Iterator[str]:
    """What was found true, or put right already, is proved by something."""
    bare = [row for row in _rows(f, "results") if conclusion_of(row) in (TRUE, RECTIFIED)]
    if lacking := [str(row.get("entity_id")) for row in bare if not row.get("evidence")]:
        yield f"结论属实或已整改的要有证据：{_named(lacking)}"


@guard(
    "属实的有整改措施",
    refuses="audit_measure_missing",
    rule=RULE,
    basis=f"{BASIS} 2（提出整改要求并跟踪）",
    confidence="中",
    breaks=lambda f: set_form(results=concluded(f, TRUE, measure=None)),
    mends=lambda f: set_form(results=concluded(f, TRUE)),
)
def audit_measure_given(f: Facts) -> Iterator[str]:
    """What was found true and still stands has a measure against it."""
    true = [row for row in _rows(f, "results") if conclusion_of(row) == TRUE]
    if lacking := [str(row.get("entity_id")) for row in true if not row.get("measure")]:
        yield f"结论属实的要写整改措施：{_named(lacking)}"


@guard(
    "审核人没有录入核查结果",
    refuses="reviewer_entered",
    rule=RULE,
    basis=f"{BASIS} 3（核查结果由责任单位录入，专业审核）",
    confidence="中",
    breaks=lambda f: set_form(results=concluded(f, entered_by=f.operator)),
    mends=lambda f: set_form(results=concluded(f)),
)
def audit_reviewer_apart(f: Facts) -> Iterator[str]:
    """Nobody reviews a result that he has entered himself, whoever sent it on."""
    own = [row for row in _rows(f, "results") if f.operator in hands_of(row)]
    if own and f.operator:
        yield f"{f.operator} 录入过 {_named(str(row.get('entity_id')) for row in own)} 的核查结果，请换人审核"


def hands_of(row: Row) -> list[str]:
    """Who has entered something of a result."""
    return str(row.get("entered_by") or "").split("、")


@guard(
    "月末以前分析",
    refuses="audit_month_over",
    rule=RULE,
    basis=f"{BASIS} 4（每月末前）",
    confidence="低",
    level_setting="audit_month_end_policy",
    breaks=lambda f: Change(form={"month": months_on(f.today, -1)[:7]}),
    mends=lambda f: Change(form={"month": f.today[:7]}),
)
def audit_analysis_in_month(f: Facts) -> Iterator[str]:
    """The month's analysis reaches the steward before the month ends."""
    month = f.get("month")
    if is_month(month) and f.today > last_day(month):
        yield f"{month} 的稽查应在 {last_day(month)} 以前分析，已过 {f.today}"
