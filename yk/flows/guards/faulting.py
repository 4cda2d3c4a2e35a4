"""Guards about a metering device that is broken: who reports it, whose fault it is, what the old meter showed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import LISTED, fees_total
from yk.flows.guards.metering import meter_rows

INTERNAL = "08"
"""Reported by the utility's own people (code list app_mode)."""
CUSTOMERS_FAULT = "2"
"""Who is liable (code list fault_liability)."""
INTACT = "1"
"""State of the seals (code list seal_state)."""
OTHER_KIND = "9"
"""A fault of a kind that must be described (code list fault_kind)."""


@condition(
    "故障由用户负责，可能有赔偿费",
    yes=lambda f: set_form(liability=CUSTOMERS_FAULT, liability_evidence="现场照片 3 张"),
    no=lambda f: set_form(liability="1"),
    field="liability",
)
def customer_liable(f: Facts) -> bool:
    """The customer lost, broke or overloaded it."""
    return f.get("liability") == CUSTOMERS_FAULT


@condition(
    "止度是推算的",
    yes=lambda f: set_form(reading_estimated=True),
    no=lambda f: set_form(reading_estimated=False),
    field="reading_estimated",
)
def reading_estimated(f: Facts) -> bool:
    """The old meter shows nothing any more."""
    return bool(f.data.get("reading_estimated"))


@guard(
    "找得到报修人，内部发现的有依据",
    refuses="reporter_unknown",
    rule="A01",
    basis="ZJ 144(2)（后续环节联系得上）",
    confidence="中",
    breaks=lambda f: set_form(app_mode="02", mobile="19900"),
    mends=lambda f: set_form(app_mode="02", mobile="19900001111"),
)
def reporter_known(f: Facts) -> Iterator[str]:
    """A caller leaves a telephone number; the utility's own people the paper that says so."""
    if f.get("app_mode") == INTERNAL:
        if not f.get("basis_no"):
            yield "内部发现的故障须填发现单号（basis_no），如抄表异常单、采集告警单"
    elif len(f.get("mobile").replace(" ", "").replace("-", "")) < 7:
        yield f"报修人电话（mobile）“{f.get('mobile') or '（空）'}”打不通，请核对后再派单"


@guard(
    "故障现象和发现时间说得通",
    refuses="fault_vague",
    rule="G-GZ-04",
    basis="故障受理须记现象和时间（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(found_on=days_on(f.today, 1)),
    mends=lambda f: set_form(found_on=f.today, fault_note="表黑屏，家中有电"),
)
def fault_described(f: Facts) -> Iterator[str]:
    """Whoever goes there knows what to take along."""
    if f.get("found_on") > f.today:
        yield f"发现日期 {f.get('found_on')} 晚于今天，请核对"
    if f.get("fault_kind") == OTHER_KIND and not f.get("fault_note"):
        yield "故障类型选了“其他”，须写明现象（fault_note）"


@guard(
    "封印异常已报用电检查",
    refuses="seal_unreported",
    rule="G-GZ-04",
    basis="封印缺失、接线异常先取证（行业通例）",
    breaks=lambda f: set_form(seal_state="2", violation_clue=None),
    mends=lambda f: set_form(violation_clue=f"XS-{f.case}"),
)
def seal_anomaly_reported(f: Facts) -> Iterator[str]:
    """A seal that is gone is evidence before it is a repair."""
    if f.get("seal_state") not in ("", INTACT) and not f.get("violation_clue"):
        yield "封印或接线异常，先取证并登记用电检查线索单号（violation_clue），再往下处理"


@guard(
    "判用户责任有证据",
    refuses="liability_unproved",
    rule="G-GZ-02",
    basis="判责须有照片或鉴定（行业通例）",
    breaks=lambda f: set_form(liability=CUSTOMERS_FAULT, liability_evidence=None),
    mends=lambda f: set_form(liability_evidence="现场照片 3 张，烧损部位有过负荷痕迹"),
)
def liability_evidenced(f: Facts) -> Iterator[str]:
    """Nobody is made to pay on a guess."""
    if f.get("liability") == CUSTOMERS_FAULT and not f.get("liability_evidence"):
        yield "判为用户责任，须填照片或鉴定编号（liability_evidence）"


@guard(
    "只有用户责任才收赔偿费",
    refuses="fault_fee_unfounded",
    rule="G-GZ-01",
    basis="供电营业规则(1996)第77条；供电营业规则(2024)",
    breaks=lambda f: set_form(liability="1", fees=[LISTED], fee_reduction=None),
    mends=lambda f: set_form(fees=None),
)
def fee_only_if_customer_liable(f: Facts) -> Iterator[str]:
    """What broke by itself, by lightning or by the supplier is changed free of charge."""
    if fees_total(f) > 0 and f.get("liability") != CUSTOMERS_FAULT:
        yield f"故障不是用户责任，不能收 {fees_total(f):.2f} 元，供电企业负责换表不收费"


def _last_reading(f: Facts) -> float:
    """The highest reading the archive knows of the customer's meters."""
    return max((float(row.get("reading") or 0) for row in f.rows("meter_register")), default=0.0)


@guard(
    "旧表止度有据",
    refuses="old_reading_unfounded",
    rule="G-GZ-03",
    basis="换表记旧表止度，表毁按规定推算并由客户确认（行业通例）",
    reads=("meter_register",),
    breaks=lambda f: set_form(reading_estimated=True, estimate_basis=None),
    mends=lambda f: set_form(
        reading_estimated=True, estimate_basis="采集末次冻结值加日均用电", estimate_signed_by="安知行"
    ),
)
def old_reading_recorded(f: Facts) -> Iterator[str]:
    """A reading that was read is not below the last one; one that was worked out says how, and the customer agrees."""
    if f.data.get("reading_estimated"):
        lacking = [
            label
            for name, label in (("estimate_basis", "推算依据"), ("estimate_signed_by", "客户签认人"))
            if not f.get(name)
        ]
        if lacking:
            yield f"旧表示数灭失，止度是推算的，须填{'、'.join(lacking)}"
        return
    for row in meter_rows(f):
        read, last = row.get("old_reading"), _last_reading(f)
        if row.get("old_asset_no") and read is not None and float(read) < last:
            yield f"旧表 {row['old_asset_no']} 止度 {float(read):g} 小于档案里的 {last:g}，请核对；示数灭失的按推算登记"


def _old_meters(f: Facts) -> list[dict[str, Any]]:
    """The running meters that this order takes down."""
    taken = {row.get("old_asset_no") for row in meter_rows(f)}
    ids = {asset["asset_id"] for asset in f.rows("assets") if asset["asset_no"] in taken}
    return [dict(meter) for meter in f.rows("meter") if meter.get("asset_id") in ids]


@guard(
    "故障影响期间说得通",
    refuses="fault_period_wrong",
    rule="G-GZ-03",
    basis="影响期间在旧表投运和换表之间（行业通例）",
    confidence="中",
    reads=("meter", "assets"),
    breaks=lambda f: set_form(meter_work_on=f.today, fault_from=days_on(f.today, 1)),
    mends=lambda f: set_form(meter_work_on=f.today, fault_from=f.today),
)
def fault_period_sound(f: Facts) -> Iterator[str]:
    """A fault begins after the meter was put up and ends when it is changed."""
    begin, end = f.get("fault_from"), f.get("meter_work_on")
    if begin and end and begin > end:
        yield f"故障起始 {begin} 晚于换表 {end}，请核对"
    for meter in _old_meters(f):
        put_up = str(meter.get("install_date") or "")
        if begin and begin < put_up:
            yield f"故障起始 {begin} 早于旧表 {put_up} 投运，请核对"


@guard(
    "计量已恢复，或已约补测",
    refuses="metering_not_restored",
    rule="A26",
    basis="约定 24 小时内恢复计量并复测（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(remote_read_ok=False, retest_on=None),
    mends=lambda f: set_form(remote_read_ok=True),
)
def metering_restored(f: Facts) -> Iterator[str]:
    """The master station reads the new meter, or somebody comes again on a day that is fixed."""
    if not f.data.get("remote_read_ok") and not f.get("retest_on"):
        yield "召测没有成功，也没有约补测日期（retest_on），不能收工"
    elif not f.data.get("remote_read_ok") and f.get("retest_on") < f.today:
        yield f"补测日期 {f.get('retest_on')} 已经过去，请补测或另约"


@guard(
    "一个计量点只有一只在用表",
    refuses="second_meter",
    rule="D-07",
    basis="大连数据质量核查办法（运行电能表与计量点一致）",
    confidence="中",
    reads=("meter", "assets"),
    breaks=lambda f: set_form(
        meter_work=[{**row, "old_asset_no": None, "mp_id": _point(f)} for row in meter_rows(f)]
    ),
    mends=lambda f: Change(form={"meter_work": [dict(row) for row in meter_rows(f)]}, drop=_left_over(f)),
)
def one_meter_in_use(f: Facts) -> Iterator[str]:
    """A meter put up takes the place of one taken down."""
    gone = {meter["meter_id"] for meter in _old_meters(f)}
    for row in meter_rows(f):
        if not row.get("new_asset_no") or row.get("old_asset_no"):
            continue
        for meter in f.rows("meter"):
            if meter["meter_id"] not in gone and row.get("mp_id") in (None, meter.get("mp_id")):
                yield f"新表 {row['new_asset_no']} 装上后计量点还有在用表 {meter['meter_id']}，请登记拆下的旧表"


def _point(f: Facts) -> object:
    return next((meter.get("mp_id") for meter in f.rows("meter")), None)


def _left_over(f: Facts) -> tuple[tuple[str, str], ...]:
    gone = {meter["meter_id"] for meter in _old_meters(f)}
    return tuple(("meter", str(m["meter_id"])) for m in f.rows("meter") if m["meter_id"] not in gone)
