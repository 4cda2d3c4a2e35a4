"""Guards about the scheme of a high-voltage supply: importance, metering, losses, sources, and what is tried before power."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.advances import reliability_capacity
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.scheme import HIGH_HIGH, HIGH_LOW, RELIABILITY_FEE, SEVERAL_SOURCES

GRADED = ("1", "2", "3")
"""Codes of importance that ask for a supply of their kind: 特级, 一级, 二级."""
SECOND_GRADE = "3"
METERED, BY_RATIO, BY_QUANTITY = "装表", "定比", "定量"


def several_sources_planned(f: Facts) -> bool:
    """Does the scheme give more than one source?"""
    return f.get("supply_mode") in SEVERAL_SOURCES


@condition(
    "方案是双（多）电源",
    yes=lambda f: set_form(supply_mode="3", reliability_fee=True),
    no=lambda f: set_form(supply_mode="2"),
)
def several_sources(f: Facts) -> bool:
    """The scheme gives more than one source."""
    return several_sources_planned(f)


@condition(
    "要走确定费用",
    yes=lambda f: set_form(fee_expected=True),
    no=lambda f: set_form(fee_expected=False, reliability_fee=False),
    field="fee_expected",
)
def fees_foreseen(f: Facts) -> bool:
    """The survey expects fees, or the scheme lists the fee for reliable supply."""
    return bool(f.data.get("fee_expected") or f.data.get("reliability_fee"))


@guard(
    "重要等级与电源配置相称",
    refuses="importance_unmet",
    rule="G-FA-12",
    basis="GB/T 29328（凭记忆）",
    confidence="中",
    breaks=lambda f: set_form(importance="1", supply_mode="2"),
    mends=lambda f: set_form(importance="0"),
)
def importance_served(f: Facts) -> Iterator[str]:
    """The first grades take two sources; the second takes two, or a source of its own besides."""
    grade = f.get("importance")
    if grade not in GRADED or several_sources_planned(f):
        return
    if grade == SECOND_GRADE and f.data.get("own_source"):
        return
    shown = name_of("importance", grade)
    yield f"重要等级定为{shown}，方案只有一路电源，请改双电源；二级的至少配自备应急电源"


@guard(
    "该送审的设计都送审",
    refuses="design_review_skipped",
    rule="A09",
    basis="供电营业规则(1996)第39条（高压受电工程）；供电营业规则(2024)（重要用户、居民小区）",
    breaks=lambda f: set_form(
        design_review_needed=False, importance="1", supply_mode="3", reliability_fee=True
    ),
    mends=lambda f: set_form(design_review_needed=True),
)
def design_review_as_ruled(f: Facts) -> Iterator[str]:
    """Before 2024 every high-voltage installation is reviewed; since then those of important customers."""
    if f.data.get("design_review_needed"):
        return
    if f.rule_set != "R24":
        yield "受理日所用规则下，高压受电工程的设计都要送审（design_review_needed 填是）"
    elif f.get("importance") in GRADED:
        shown = name_of("importance", f.get("importance"))
        yield f"{shown}重要客户的受电工程设计要送审（design_review_needed 填是）"


@guard(
    "各类电价分别计量",
    refuses="metering_mixed",
    rule="G-FA-08",
    basis="供电营业规则(1996)第71条；大连数据质量核查办法 小七1.21、1.24",
    breaks=lambda f: set_form(tariff_kinds=3, metering_plan=None),
    mends=lambda f: set_form(tariff_kinds=1, metering_plan=None),
)
def metered_by_tariff(f: Facts) -> Iterator[str]:
    """Every price has a meter, or an agreed share (0 up to 1) or quantity (above 1) of one."""
    rows, wanted = f.data.get("metering_plan") or (), int(f.data.get("tariff_kinds") or 1)
    prices = {row.get("tariff_code") for row in rows} | {f.get("scheme_tariff_code")}
    found = len(prices - {None, ""})
    if found < wanted:
        yield f"本受电点有 {wanted} 类电价，方案只列了 {found} 类的计量，缺的补计量点或定比定量（metering_plan）"
    for row in rows:
        method, value = row.get("method"), row.get("share")
        if method == BY_RATIO and not (value is not None and 0 <= float(value) < 1):
            yield f"计量点“{row.get('point')}”定比 {value} 不对，应不小于 0、小于 1"
        elif method == BY_QUANTITY and not (value is not None and float(value) > 1):
            yield f"计量点“{row.get('point')}”定量 {value} 不对，应大于 1 kWh"


@guard(
    "变损分摊与计量方式相符",
    refuses="losses_unallotted",
    rule="G-FA-07",
    basis="供电营业规则(1996)第74、75条；大连数据质量核查办法 小七1.49-1.52",
    breaks=lambda f: set_form(meas_mode=HIGH_LOW, loss_share=False),
    mends=lambda f: set_form(meas_mode=HIGH_LOW, loss_share=True),
)
def losses_allotted(f: Facts) -> Iterator[str]:
    """Metered behind the transformer its losses are added; metered before it they are in the meter."""
    mode, share = f.get("meas_mode"), bool(f.data.get("loss_share"))
    if mode == HIGH_LOW and not share:
        yield "高供低计，变压器损耗不在表里，须加计变损（loss_share 填是）"
    elif mode == HIGH_HIGH and share:
        yield "高供高计，变压器损耗已在表里，不得再加计变损（loss_share 填否）"


@guard(
    "高可靠性供电费按除最大一路外的容量计",
    refuses="reliability_fee_wrong",
    rule="G-FA-09",
    basis="发改价格〔2003〕2279号（凭记忆，标准按省价主管部门）",
    confidence="中",
    breaks=lambda f: set_form(**_two_sources(630.0)),
    mends=lambda f: set_form(**_two_sources(400.0)),
)
def reliability_fee_right(f: Facts) -> Iterator[str]:
    """The fee counts the capacity of all sources but the largest; a waiver excuses from it."""
    charged = [row for row in fee_rows(f) if row.get("item") in RELIABILITY_FEE]
    if not several_sources_planned(f):
        if charged:
            yield "方案是单电源，不收高可靠性供电费，请删去这一项"
        return
    if f.get("reliability_waiver"):
        return
    caps = [float(row.get("cap") or 0) for row in f.data.get("sources") or ()]
    if len(caps) < 2:
        yield "双（多）电源须逐路填容量（sources），才算得出高可靠性供电费"
        return
    due, taken = reliability_capacity(caps), sum(float(str(row.get("qty") or 0)) for row in charged)
    if due != taken:
        yield f"高可靠性供电费应按 {due:g} kVA 计（各路合计除去最大一路），现按 {taken:g} kVA，请改正"


def _two_sources(charged: float) -> dict[str, object]:
    """A recipe's scheme of two sources, 630 and 400 kVA, with the fee for `charged` kVA."""
    fee = {"item": RELIABILITY_FEE[1], "basis": "省价目表", "qty": charged, "price": 200.0}
    return {
        "supply_mode": "3",
        "reliability_fee": True,
        "reliability_waiver": None,
        "sources": [{"source_no": 1, "cap": 630.0}, {"source_no": 2, "cap": 400.0}],
        "fees": [{**fee, "amount": charged * 200.0}],
    }


@guard(
    "重要客户自备应急电源达标",
    refuses="standby_below_load",
    rule="G-FA-12",
    basis="GB/T 29328（凭记忆）；倍数为参数",
    confidence="中",
    breaks=lambda f: set_form(importance="2", security_load=100.0, standby_cap=1.0),
    mends=lambda f: set_form(importance="0"),
)
def critical_supply_ready(f: Facts) -> Iterator[str]:
    """A graded customer's own emergency source carries its security load with the margin that is set."""
    if f.get("importance") not in GRADED:
        return
    load, own = float(f.data.get("security_load") or 0), float(f.data.get("standby_cap") or 0)
    needed = load * int(f.settings["standby_percent"]) / 100
    if own < needed:
        yield (
            f"保安负荷 {load:g} kW 须配自备应急电源 {needed:g} kW，现有 {own:g} kW，"
            "请补足，或书面告知隐患并报政府备案后另议"
        )


@guard(
    "多电源已核相",
    refuses="phases_not_compared",
    rule="A18",
    basis="多电源必核相（行业通例）",
    breaks=lambda f: set_form(supply_mode="3", phase_compared=False),
    mends=lambda f: set_form(phase_compared=True),
)
def phases_checked(f: Facts) -> Iterator[str]:
    """Two sources meet only after their phases were compared."""
    if several_sources_planned(f) and not f.data.get("phase_compared"):
        yield "双（多）电源还没有核相（phase_compared），核对一致前不得并列、不得报送电完成"


@guard(
    "预购电报警和跳闸试验合格",
    refuses="prepay_untested",
    rule="县流程 6",
    basis="县流程 6（预购电报警、跳闸试验正常方能封签）",
    breaks=lambda f: set_form(prepay=True, prepay_alarm_ok=True, prepay_trip_ok=False),
    mends=lambda f: set_form(prepay_alarm_ok=True, prepay_trip_ok=True),
)
def prepay_trip_tested(f: Facts) -> Iterator[str]:
    """A prepaid account is sealed after alarm and trip were seen to work."""
    if not f.data.get("prepay"):
        return
    tried = (("报警", "prepay_alarm_ok"), ("跳闸", "prepay_trip_ok"))
    if missing := [f"{label}（{name}）" for label, name in tried if not f.data.get(name)]:
        yield f"预购电户还没有试过{'、'.join(missing)}，试验正常才能正式封签"
