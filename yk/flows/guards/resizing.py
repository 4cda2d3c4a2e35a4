"""Guards about what a changed capacity means for price, metering, contract and archive."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.units import (
    PERMANENT,
    capacity_after,
    contract_after,
    running_after,
    table,
    units,
)

ONE_PART, TWO_PART = "1", "2"
"""Codes of the price system (code list price_system)."""
INDUSTRIAL = ("100", "101", "102")
"""Classes of use to which the two-part tariff applies (code list elec_type)."""


def systems_allowed(f: Facts, after: float) -> tuple[str, ...]:
    """Price systems an industrial customer may have with this running capacity; () when the rules leave it as it is.

    Until 2016 only a reduction for good changes the price; since 2016 every one below the threshold; since 2023 small
    capacities are one-part, those in between may choose.
    """
    threshold, limit = int(f.settings["two_part_from"]), int(f.settings["one_part_up_to"])
    if f.rule_set == "R96" and f.get("reduction_kind") != PERMANENT and not table(f, "restored"):
        return ()
    if after >= threshold:
        return (TWO_PART,)
    return (ONE_PART,) if f.rule_set != "R24" or after <= limit else (ONE_PART, TWO_PART)


def _present_system(f: Facts) -> str:
    """The customer's price system; where the archive does not say, industry has two parts."""
    stated = [str(row["price_system"]) for row in f.rows("customer_price") if row.get("price_system")]
    if stated:
        return max(stated)
    return TWO_PART if f.row("customer").get("elec_type") in INDUSTRIAL else ONE_PART


def _wrong_system(f: Facts) -> Change:
    allowed = systems_allowed(f, capacity_after(f))
    wrong = None if len(allowed) == 2 else TWO_PART if allowed == (ONE_PART,) else ONE_PART
    return Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "elec_type": "100"}),),
        form={"price_system_after": wrong, "after_tariff_code": None},
    )


def _right_system(f: Facts) -> Change:
    allowed = systems_allowed(f, capacity_after(f)) or (TWO_PART,)
    changed = allowed[-1] != _present_system(f)
    code = ("B02" if allowed[-1] == ONE_PART else "I02") if changed else None
    return set_form(price_system_after=allowed[-1], after_tariff_code=code)


@guard(
    "变更后电价已核定",
    refuses="price_not_reviewed",
    rule="G-JR-06、G-ZT-12",
    basis="供电营业规则(1996)第23条；发改办价格〔2016〕1583号；发改价格〔2023〕526号",
    confidence="中",
    reads=("customer", "customer_price", "transformer", "tariffs"),
    breaks=_wrong_system,
    mends=_right_system,
)
def tariff_reviewed(f: Facts) -> Iterator[str]:
    """Where the capacity crosses a threshold the price system follows, with the price code it is charged by."""
    present, chosen = _present_system(f), f.get("price_system_after")
    industrial = f.row("customer").get("elec_type") in INDUSTRIAL or TWO_PART in (present, chosen)
    after = capacity_after(f)
    allowed = systems_allowed(f, after)
    if not industrial or not allowed:
        return
    names = "或".join(name_of("price_system", code) for code in allowed)
    if len(allowed) > 1 and not chosen:
        yield f"变更后容量 {after:g} kVA，可选{names}，须由客户选定（price_system_after）"
    elif (chosen or present) not in allowed:
        yield f"变更后容量 {after:g} kVA 应执行{names}，现为{name_of('price_system', chosen or present)}，请核定电价"
    elif chosen and chosen != present:
        code = f.get("after_tariff_code")
        if not code:
            yield f"电价制度改为{name_of('price_system', chosen)}，须填新电价码（after_tariff_code）"
        elif code not in {row.get("tariff_code") for row in f.rows("tariffs")}:
            yield f"新电价码 {code} 不在目录电价里，请核对"


@guard(
    "计量装置与变更后负荷相称",
    refuses="metering_unsuited",
    rule="G-JR-11",
    basis="DL/T 448（负荷电流为额定的三成以上）",
    confidence="中",
    breaks=lambda f: set_form(load_percent=10.0, meter_work_needed=False, keep_ratio_reason=None),
    mends=lambda f: set_form(load_percent=60.0),
)
def metering_suits_capacity(f: Facts) -> Iterator[str]:
    """Current transformers that are much too big, or too small, are changed; too big for a short time may stay with a reason."""
    load, least = f.data.get("load_percent"), int(f.settings["ct_load_floor_percent"])
    if load is None or f.data.get("meter_work_needed"):
        return
    if load > 100:
        yield f"变更后负荷为互感器额定的 {load:g}%，须换大（meter_work_needed）并写新倍率（scheme_multiplier）"
    elif load < least and not f.get("keep_ratio_reason"):
        yield (
            f"变更后负荷只有互感器额定的 {load:g}%，不足 {least}%，须定换表（meter_work_needed）"
            "或写明不换的理由（keep_ratio_reason）"
        )


@guard(
    "热备用按同时使用的最大容量核",
    refuses="standby_uncounted",
    rule="G-JR-12",
    basis="供电营业规则(1996)第84、85条精神（行业常识）",
    confidence="中",
    reads=("transformer",),
    breaks=lambda f: set_form(standby_pair=True, joint_cap=None),
    mends=lambda f: set_form(standby_pair=True, joint_cap=capacity_after(f)),
)
def standby_counted(f: Facts) -> Iterator[str]:
    """Of units that stand in for each other the most that can run together is charged, never more than there is."""
    if not f.data.get("standby_pair"):
        return
    joint, left = f.data.get("joint_cap"), capacity_after(f)
    if joint is None:
        yield "有互为热备用的变压器，须核定可能同时使用的最大容量（joint_cap）"
    elif not 0 <= float(joint) <= left:
        yield f"同时使用的最大容量 {float(joint):g} kVA 不会超过变更后在运容量 {left:g} kVA，请核对"


@guard(
    "报验容量与批复一致",
    refuses="installed_capacity_off",
    rule="G-JR-01",
    basis="换小变压器按批复容量（行业通例）",
    breaks=lambda f: set_form(installed_cap=float(f.data.get("replaced_cap") or 0) + 50),
    mends=lambda f: set_form(installed_cap=f.data.get("replaced_cap"), installed_no=f"新{f.case}"),
    reads=("transformer",),
)
def new_transformer_matches(f: Facts) -> Iterator[str]:
    """What was put up is what was approved, and is not one of the units that the account had already."""
    wanted, given = f.data.get("replaced_cap"), f.data.get("installed_cap")
    if wanted is not None and given is not None and float(wanted) != float(given):
        yield f"报验的变压器容量 {float(given):g} kVA 与批复换上的 {float(wanted):g} kVA 不一致，请核对铭牌"
    if f.get("installed_no") in units(f):
        yield f"报验的变压器编号 {f.get('installed_no')} 已在本户台账里，不是新换上的"


@guard(
    "协议容量与批复一致",
    refuses="agreed_capacity_off",
    rule="G-ALL-09",
    basis="供电营业规则(1996)第22条",
    reads=("customer", "transformer"),
    breaks=lambda f: set_form(agreed_cap=_to_agree(f) + 100),
    mends=lambda f: set_form(agreed_cap=_to_agree(f)),
)
def agreed_capacity_matches(f: Facts) -> Iterator[str]:
    """A reduction for good agrees on the smaller contract capacity, one for a time on the old; a return on what runs."""
    agreed, wanted = f.data.get("agreed_cap"), _to_agree(f)
    if agreed is not None and float(agreed) != wanted:
        yield f"协议写的容量 {float(agreed):g} kVA，按批复应为 {wanted:g} kVA，请改正协议"


def _to_agree(f: Facts) -> float:
    return capacity_after(f) if table(f, "restored") else contract_after(f)


@guard(
    "归档运行容量算得平",
    refuses="running_capacity_off",
    rule="D-01",
    basis="大连数据质量核查办法 大一1.1.2、小七1.41、1.80、1.81",
    reads=("customer", "transformer"),
    breaks=lambda f: set_form(run_cap_after=capacity_after(f) + 50),
    mends=lambda f: set_form(run_cap_after=capacity_after(f)),
)
def running_capacity_agrees(f: Facts) -> Iterator[str]:
    """The running capacity to be archived is that of the units that run then, and within the contract."""
    given, left = f.data.get("run_cap_after"), capacity_after(f)
    if given is not None and float(given) != left:
        count = len(running_after(f))
        yield f"归档运行容量 {float(given):g} kVA，在运 {count} 台变压器合计 {left:g} kVA，请核对停用（恢复）清单"
    if left > contract_after(f):
        yield f"归档后运行容量 {left:g} kVA 超过合同容量 {contract_after(f):g} kVA，请先办增容"
