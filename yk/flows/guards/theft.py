"""Guards about theft: stopping it safely, its quantity, handing it to the police, closing the case."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yk.archive.codes import name_of
from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.charges.rates import THEFT
from yk.flows.charges.theft import (
    BY_EQUIPMENT,
    UNKNOWN_DAYS,
    UNKNOWN_HOURS,
    Theft,
    metered_capacity,
    theft_charge,
)
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.violation import number

USES = {"1": "power", "2": "lighting"}
"""Codes of the use of power (code list load_use)."""
PAPERS = {
    "paper_report": "报案书",
    "paper_statement": "询问笔录",
    "paper_exhibits": "物证清单",
    "paper_calculation": "电量计算书",
    "paper_video": "影像资料",
    "paper_appraisal": "计量鉴定",
}
"""What the police are handed, by form field."""


def theft_of(f: Facts) -> Theft:
    """The findings of the form as the calculation wants them."""
    days, hours = f.data.get("theft_days"), f.data.get("theft_hours")
    return Theft(
        act=f.get("act"),
        capacity=Decimal(str(number(f, "capacity"))),
        price=Decimal(str(number(f, "energy_price"))),
        rule_set=f.rule_set,
        use=USES.get(f.get("theft_use"), "power"),
        days=None if days is None else int(days),
        hours=None if hours is None else Decimal(str(hours)),
        billed_kwh=Decimal(str(number(f, "billed_kwh"))),
        multiple=None if f.data.get("multiple") is None else Decimal(str(f.data["multiple"])),
    )


@condition(
    "已经停电",
    yes=lambda f: set_form(cut_on_spot=True, secondary_risk=False, cut_at=f.now, cut_reading=1000.0),
    no=lambda f: set_form(cut_on_spot=False),
    reads=("customer",),
    field="cut_on_spot",
)
def supply_cut(f: Facts) -> bool:
    """Cut on the spot, or by an order of its own since."""
    return bool(f.data.get("cut_on_spot")) or f.row("customer").get("stop_flag") == "1"


@condition(
    "当场中止供电",
    yes=lambda f: set_form(cut_on_spot=True, secondary_risk=False, cut_at=f.now, cut_reading=1000.0),
    no=lambda f: set_form(cut_on_spot=False),
)
def cutting_on_spot(f: Facts) -> bool:
    """The inspectors cut the supply where they found the theft."""
    return bool(f.data.get("cut_on_spot"))


@guard(
    "当场断电不会引发次生灾害",
    refuses="cut_unsafe",
    rule="G-QD-02",
    basis="供电营业规则(1996)第66条；重要用户停电报备第67条",
    reads=("customer",),
    breaks=lambda f: set_form(cut_on_spot=True, secondary_risk=True, cut_at=f.now, cut_reading=1000.0),
    mends=lambda f: set_form(cut_on_spot=False, secondary_risk=False),
)
def immediate_cut_safe(f: Facts) -> Iterator[str]:
    """An important customer, or one whose loss of power harms people, is not cut on the spot."""
    if not f.data.get("cut_on_spot"):
        return
    level = str(f.row("customer").get("importance") or "0")
    if level != "0":
        yield f"该户是{name_of('importance', level)}重要客户，不得当场断电，走停电审批（YXZY-YY-472）并报政府主管部门"
    if f.data.get("secondary_risk"):
        yield "断电会引发次生灾害（secondary_risk），不得当场断电，先拆除窃电接线、走停电审批"


@guard(
    "窃电量有影像、曲线、计算书三件",
    refuses="theft_quantity_ungrounded",
    rule="J7",
    basis="供电营业规则(1996)第103条；计算依据三件齐（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(curve_no=None),
    mends=lambda f: set_form(
        video_no=f.get("video_no") or "SP-0001", curve_no="QX-0001", sheet_of_sums="JS-0001"
    ),
)
def theft_quantity_grounded(f: Facts) -> Iterator[str]:
    """Video, load curve and the sheet of sums stand behind the quantity."""
    three = (("video_no", "影像"), ("curve_no", "采集曲线"), ("sheet_of_sums", "电量计算书"))
    if lacking := [label for name, label in three if not f.get(name)]:
        yield f"窃电量的依据还缺{'、'.join(lacking)}，三件齐了才算数"


def _by_meter(**values: Any) -> Change:
    """A recipe: a theft by tampering, through a meter of 5 A and transformers of 40."""
    meter = {"meter_amps": 5.0, "meter_phases": 3, "meter_kv": 0.38, "meter_ratio": 40.0}
    return set_form(**{"finding": THEFT, "act": "25", "capacity": 131.64, **meter, **values})


@condition(
    "按电表标定电流认定容量",
    yes=lambda f: _by_meter(),
    no=lambda f: set_form(finding=THEFT, act="22"),
)
def by_meter_current(f: Facts) -> bool:
    """The theft went through the meter, so its rated current gives the capacity."""
    return f.get("finding") == THEFT and bool(f.get("act")) and f.get("act") not in BY_EQUIPMENT


def rated_capacity(f: Facts) -> Decimal | None:
    """kW the meter's rated current stands for; None where the form does not say."""
    amps, kv, ratio = (Decimal(str(number(f, name))) for name in ("meter_amps", "meter_kv", "meter_ratio"))
    phases = int(number(f, "meter_phases"))
    return metered_capacity(amps, phases, kv, ratio) if phases in (1, 3) and amps and kv and ratio else None


@guard(
    "经过电表的窃电按标定电流定容量",
    refuses="theft_capacity_unfit",
    rule="§16",
    basis="供电营业规则(1996)第103条",
    breaks=lambda f: _by_meter(capacity=100.0),
    mends=lambda f: _by_meter(),
)
def theft_capacity_fits(f: Facts) -> Iterator[str]:
    """Wires beside the meter count their equipment; a meter that was tampered with counts its rated current."""
    if not by_meter_current(f):
        return
    rated = rated_capacity(f)
    if rated is None:
        yield "经过电表的窃电按标定电流定容量，须填标定电流、相数（1 或 3）、额定电压和倍率"
    elif abs(Decimal(str(number(f, "capacity"))) - rated) > Decimal("0.05"):
        yield f"涉案容量填 {number(f, 'capacity'):g} kW，按电表标定电流是 {rated} kW，请退回现场调查取证改正"


@guard(
    "起止不明时不少于规定的天数、时数",
    refuses="theft_duration_short",
    rule="§16",
    basis="供电营业规则(1996)第103条",
    breaks=lambda f: set_form(duration_known=False, theft_use="1", theft_days=30, theft_hours=12.0),
    mends=lambda f: set_form(duration_known=False, theft_days=None, theft_hours=None),
)
def theft_duration_kept(f: Facts) -> Iterator[str]:
    """Where nobody can say since when: 180 days at least, 12 hours a day for power, 6 for lighting."""
    days, hours = f.data.get("theft_days"), f.data.get("theft_hours")
    if f.data.get("duration_known"):
        if days is None or hours is None:
            yield "起止已查明，须填窃电天数（theft_days）和每日时数（theft_hours）"
        return
    least = UNKNOWN_HOURS[USES.get(f.get("theft_use"), "power")]
    if days is not None and int(days) < UNKNOWN_DAYS:
        yield f"起止查不明，天数填了 {days} 天，至少按 {UNKNOWN_DAYS} 天计算"
    if hours is not None and float(hours) < least:
        yield f"起止查不明，每日时数填了 {hours:g} 小时，至少按 {least} 小时计算"


def _rich(f: Facts, transfer: bool) -> Change:
    """A recipe: a theft large enough for the police."""
    price = max(number(f, "energy_price"), 0.5)
    capacity = max(number(f, "capacity"), float(f.settings["theft_filing_yuan"]))
    act = f.get("act") if f.get("act").startswith("2") else "22"
    known = {"finding": THEFT, "act": act, "theft_days": None, "theft_hours": None, "billed_kwh": None}
    return set_form(**known, capacity=capacity, energy_price=price, transfer=transfer)


@guard(
    "达立案标准的判定移送",
    refuses="transfer_withheld",
    rule="G-QD-04",
    basis="供电营业规则(1996)第102条；刑法盗窃罪立案标准（各省定）",
    confidence="中",
    breaks=lambda f: _rich(f, transfer=False),
    mends=lambda f: set_form(transfer=True),
)
def theft_transfer_decided(f: Facts) -> Iterator[str]:
    """A theft that reaches the sum of a crime is handed over, not bought off."""
    if f.data.get("transfer"):
        return
    try:
        amount = theft_charge(theft_of(f)).makeup
    except UsageError:
        return  # what is wrong with the act is told by another guard
    limit = int(f.settings["theft_filing_yuan"])
    if amount >= limit:
        yield f"窃电金额 {amount} 元，已达立案标准 {limit} 元，须判定移送公安（transfer），不得以收费代替"


def _papers(**values: Any) -> Change:
    return set_form(
        **{**dict.fromkeys(PAPERS, True), "transferred": True, "transfer_receipt": "HZ-0001", **values}
    )


@guard(
    "移送材料清单齐全",
    refuses="transfer_incomplete",
    rule="G-QD-04",
    basis="涉嫌犯罪案件移送（行业通例）",
    breaks=lambda f: _papers(paper_appraisal=False),
    mends=lambda f: _papers(),
)
def transfer_papers_complete(f: Facts) -> Iterator[str]:
    """«Handed over» is written only when all papers and the receipt are there."""
    if not f.data.get("transferred"):
        yield "本案应移送公安，还没有移送（transferred）"
    elif lacking := [label for name, label in PAPERS.items() if not f.data.get(name)]:
        yield f"移送材料还缺{'、'.join(lacking)}，齐了才能写已移送"
    elif not f.get("transfer_receipt"):
        yield "没有公安的移送回执（transfer_receipt），不算已移送"


@guard(
    "窃电装置已拆、计量已恢复",
    refuses="meter_not_restored",
    rule="J9",
    basis="结案四项闭环（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(theft_wires_removed=False, metering_restored=True),
    mends=lambda f: set_form(theft_wires_removed=True, metering_restored=True),
)
def meter_made_good(f: Facts) -> Iterator[str]:
    """No case is closed while the wires are still there."""
    if not f.data.get("theft_wires_removed"):
        yield "窃电接线、装置还没有拆除（theft_wires_removed），不能结案"
    if not f.data.get("metering_restored"):
        yield "计量装置还没有恢复正常（metering_restored），不能结案"


@guard(
    "移送案件有处理文书",
    refuses="outcome_missing",
    rule="J9",
    basis="判决、处罚或不立案文书附卷（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(transfer=True, outcome_no=None),
    mends=lambda f: set_form(outcome_no="公行罚决字〔2026〕1号"),
)
def outcome_on_file(f: Facts) -> Iterator[str]:
    """What the police or the court decided lies with the case."""
    if f.data.get("transfer") and not f.get("outcome_no"):
        yield "本案已移送，须有判决书、处罚决定书或不予立案通知书的文号（outcome_no）才能结案"
