"""Guards about critical customers (重要客户安全管理): who confirmed the level, do sources and standby fit it, who was told.

The form's table `hazards`: about (电源, 应急电源, 闭锁, 其他), content, level, fix_due.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

IMPORTANT = ("1", "2", "3", "4")
"""Levels of importance: 特级、一级、二级、临时性 (code list importance)."""
SUPPLY, STANDBY = "电源", "应急电源"
"""What a hazard may be about that excuses an installation below its level: it is known and told."""
_MONTHS = {
    "1": "critical_months_1",
    "2": "critical_months_1",
    "3": "critical_months_2",
    "4": "critical_months_2",
}


def hazards(f: Facts) -> list[dict[str, Any]]:
    """The hazards that were found."""
    return [dict(row) for row in f.data.get("hazards") or ()]


def months_between_inspections(f: Facts) -> int:
    """After how many months a customer of this level is looked at again."""
    return int(f.settings[_MONTHS.get(f.get("importance"), "critical_months_2")])


def _about(f: Facts, subject: str) -> bool:
    return any(str(row.get("about") or "").strip() == subject for row in hazards(f))


def _without(f: Facts, subject: str) -> list[dict[str, Any]]:
    return [row for row in hazards(f) if str(row.get("about") or "").strip() != subject]


def _hazard(subject: str) -> dict[str, Any]:
    return {"about": subject, "content": f"{subject}达不到重要等级要求", "level": "2"}


@condition(
    "查出隐患",
    yes=lambda f: set_form(hazards=[_hazard(SUPPLY)]),
    no=lambda f: set_form(hazards=None),
    field="hazards",
)
def hazards_found(f: Facts) -> bool:
    """There is something to tell the customer and the authority."""
    return bool(hazards(f))


@condition(
    "是重要用户",
    yes=lambda f: set_form(importance="3"),
    no=lambda f: set_form(importance="0"),
    field="importance",
)
def customer_important(f: Facts) -> bool:
    """The customer is on the list of critical customers."""
    return f.get("importance") in IMPORTANT


@guard(
    "重要等级经政府确认",
    refuses="importance_unconfirmed",
    rule="J22",
    basis="重要电力用户名单由政府确认（GB/T 29328，凭记忆）",
    confidence="中",
    breaks=lambda f: set_form(importance="2", confirmed_importance="3", importance_no="示范经信〔2026〕1号"),
    mends=lambda f: set_form(importance="2", confirmed_importance="2", importance_no="示范经信〔2026〕1号"),
)
def importance_confirmed(f: Facts) -> Iterator[str]:
    """The government names who is important and how much; the supplier only proposes."""
    level, confirmed = f.get("importance"), f.get("confirmed_importance")
    if confirmed and level != confirmed:
        yield (
            f"登的等级是{name_of('importance', level)}，政府名单上是{name_of('importance', confirmed)}，"
            "照名单登；要调级的先报批"
        )
    if level in IMPORTANT and not f.get("importance_no"):
        yield f"登为{name_of('importance', level)}重要用户，没有政府确认的文号（importance_no），请先报批"


@guard(
    "电源路数合乎重要等级，或已列隐患",
    refuses="supply_below_importance",
    rule="G-FA-12",
    basis="GB/T 29328 电源配置（凭记忆，路数为参数）",
    confidence="中",
    breaks=lambda f: set_form(importance="1", supplies=1, hazards=_without(f, SUPPLY) or None),
    mends=lambda f: set_form(supplies=9),
)
def supply_fits_importance(f: Facts) -> Iterator[str]:
    """As many independent sources as the level wants; too few is a hazard that must be written down."""
    level, supplies = f.get("importance"), f.data.get("supplies")
    if level not in IMPORTANT or supplies is None:
        return
    wanted = int(f.settings[f"supplies_importance_{level}"])
    if int(supplies) < wanted and not _about(f, SUPPLY):
        yield (
            f"{name_of('importance', level)}重要用户应有 {wanted} 路电源，现有 {supplies} 路，"
            f"须列为隐患（hazards，事项写“{SUPPLY}”）告知并报备"
        )


@guard(
    "应急电源够保安负荷，或已列隐患",
    refuses="standby_short",
    rule="G-FA-12",
    basis="GB/T 29328 自备应急电源容量（凭记忆，倍数为参数）",
    confidence="中",
    breaks=lambda f: set_form(
        importance="2", security_load=100.0, emergency_cap=50.0, hazards=_without(f, STANDBY) or None
    ),
    mends=lambda f: set_form(emergency_cap=float(f.data.get("security_load") or 0) * 2),
)
def emergency_power_enough(f: Facts) -> Iterator[str]:
    """The standby source carries the load that must not fail, with a margin."""
    level, load = f.get("importance"), f.data.get("security_load")
    if level not in IMPORTANT or not load:
        return
    percent = int(f.settings["emergency_power_percent"])
    wanted, has = float(load) * percent / 100, float(f.data.get("emergency_cap") or 0)
    if has < wanted and not _about(f, STANDBY):
        yield (
            f"保安负荷 {load:g} kW 的 {percent}% 是 {wanted:g} kW，自备应急电源只有 {has:g} kW，"
            f"须列为隐患（hazards，事项写“{STANDBY}”）告知并报备"
        )


@guard(
    "隐患告知书已送达",
    refuses="hazard_notice_undelivered",
    rule="J22",
    basis="隐患书面告知、签收（行业通例）",
    breaks=lambda f: set_form(
        hazards=hazards(f) or [_hazard(SUPPLY)], notice_signed_on=None, notice_witness=None
    ),
    mends=lambda f: set_form(notice_signed_on=f.today),
)
def hazard_notice_delivered(f: Facts) -> Iterator[str]:
    """A hazard is told in writing: signed for, or refused before a witness; not on a day to come."""
    signed = f.get("notice_signed_on")
    if hazards(f) and not signed:
        yield f"查出 {len(hazards(f))} 条隐患，告知书还没有签收日期（notice_signed_on）；拒签的填见证人和送达日期"
    elif signed > f.today:
        yield f"告知书签收日期 {signed} 还没到，请核对"


@guard(
    "隐患已报电力管理部门备案",
    refuses="hazard_unreported",
    rule="J22",
    basis="隐患告知与报备双闭环（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        hazards=hazards(f) or [_hazard(SUPPLY)], importance="2", report_receipt_no=None
    ),
    mends=lambda f: set_form(report_receipt_no=f"BA{f.case}"),
)
def hazard_reported(f: Facts) -> Iterator[str]:
    """What endangers an important customer is also told to the authority."""
    if hazards(f) and f.get("importance") in IMPORTANT and not f.get("report_receipt_no"):
        yield "重要用户的隐患须报电力管理部门备案，还没有回执号（report_receipt_no）"
