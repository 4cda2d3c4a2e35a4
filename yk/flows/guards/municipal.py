"""Guards about works done for the city: lines and stations that give way to a road, a bridge, a building."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

LINE_FIRST, BUILDING_FIRST, UNKNOWN_FIRST = "1", "2", "3"
"""What stood there first (code list built_first)."""
BUILDER, SUPPLIER, SHARED = "1", "2", "3"
"""Who pays (code list cost_bearer)."""
_BEARERS = {
    LINE_FIRST: (BUILDER, "供电设施在先，迁移和防护费用由后来的建设单位负担"),
    BUILDING_FIRST: (SUPPLIER, "建筑物、构筑物在先，迁移费用由供电设施建设单位负担"),
}


@condition(
    "费用由建设单位负担",
    yes=lambda f: set_form(built_first=LINE_FIRST, cost_bearer=BUILDER),
    no=lambda f: set_form(built_first=BUILDING_FIRST, cost_bearer=SUPPLIER),
    field="cost_bearer",
)
def builder_pays(f: Facts) -> bool:
    """The one who builds later pays at least a part."""
    return f.get("cost_bearer") in (BUILDER, SHARED)


@condition(
    "施工须停电",
    yes=lambda f: set_form(outage_needed=True),
    no=lambda f: set_form(outage_needed=False),
    field="outage_needed",
)
def outage_needed(f: Facts) -> bool:
    """Somebody will be without power while the works are done."""
    return bool(f.data.get("outage_needed"))


@condition(
    "迁改后线路台区有变",
    yes=lambda f: set_form(lines_changed=True),
    no=lambda f: set_form(lines_changed=False),
    field="lines_changed",
)
def lines_changed(f: Facts) -> bool:
    """Customers hang on another line or area afterwards."""
    return bool(f.data.get("lines_changed"))


@guard(
    "费用按建设先后负担",
    refuses="cost_bearer_wrong",
    rule="N2",
    basis="供电营业规则(1996)第50条",
    breaks=lambda f: set_form(built_first=LINE_FIRST, cost_bearer=SUPPLIER),
    mends=lambda f: set_form(built_first=LINE_FIRST, cost_bearer=BUILDER),
)
def later_builder_pays(f: Facts) -> Iterator[str]:
    """Who came later pays; where nobody knows who did, both agree."""
    first, bearer = f.get("built_first"), f.get("cost_bearer")
    if first in _BEARERS and bearer and bearer != _BEARERS[first][0]:
        yield f"{_BEARERS[first][1]}，请改正费用负担方"
    if first == UNKNOWN_FIRST and bearer and bearer != SHARED:
        yield "先后确定不了的由双方协商，负担方选“协商分担”，比例写进协议"


@guard(
    "迁改协议签在开工之前",
    refuses="works_before_agreement",
    rule="N2",
    basis="先签协议后施工（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(agreement_on=days_on(f.today, 1), works_start=f.today, works_end=f.today),
    mends=lambda f: set_form(agreement_on=f.today, works_start=f.today, works_end=f.today),
)
def agreement_before_works(f: Facts) -> Iterator[str]:
    """Nothing is moved before both sides have signed what is moved and who pays."""
    agreed, started = f.get("agreement_on"), f.get("works_start")
    if agreed and started and started < agreed:
        yield f"迁改协议 {agreed} 才签，工程 {started} 已开工，请核对日期或先停工"


@guard(
    "青苗和占地补偿已付再进场",
    refuses="compensation_open",
    rule="N2",
    basis="青赔先付后进场（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(compensation=1000.0, compensation_paid_on=None, works_start=f.today),
    mends=lambda f: set_form(compensation_paid_on=f.get("works_start") or f.today),
)
def compensation_settled(f: Facts) -> Iterator[str]:
    """Fields are paid for before anybody walks on them."""
    amount, paid, started = (
        float(f.data.get("compensation") or 0),
        f.get("compensation_paid_on"),
        f.get("works_start"),
    )
    if amount > 0 and started and (not paid or paid > started):
        yield f"青赔等补偿 {amount:.2f} 元，应在 {started} 开工前付清（compensation_paid_on）"


@guard(
    "停电已提前公告",
    refuses="outage_unannounced",
    rule="N2",
    basis="计划检修停电提前 7 天公告（十项承诺）",
    breaks=lambda f: set_form(outage_needed=True, outage_on=days_on(f.today, 3), announced_on=f.today),
    mends=lambda f: set_form(
        outage_on=days_on(f.today, int(f.settings["outage_notice_days"])), announced_on=f.today
    ),
)
def outage_announced(f: Facts) -> Iterator[str]:
    """Whoever will be without power knows a week before."""
    day, told, wanted = f.get("outage_on"), f.get("announced_on"), int(f.settings["outage_notice_days"])
    if f.data.get("outage_needed") and day and told and days_between(told, day) < wanted:
        yield f"{told} 公告、{day} 停电，不足 {wanted} 天，请把停电日推到 {days_on(told, wanted)} 以后"


@guard(
    "决算不超协议，或有补充协议",
    refuses="settlement_above_agreement",
    rule="N2",
    basis="按协议结算（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(agreement_amount=100.0, final_cost=150.0, supplement_no=None),
    mends=lambda f: set_form(supplement_no=f"BC{f.case}"),
)
def settled_as_agreed(f: Facts) -> Iterator[str]:
    """What was not agreed is not charged."""
    agreed, final = f.data.get("agreement_amount"), f.data.get("final_cost")
    if agreed is not None and final is not None and final > agreed and not f.get("supplement_no"):
        yield f"决算 {final:.2f} 元超出协议 {agreed:.2f} 元，须有补充协议编号（supplement_no）"
