"""Guards about testing a customer's meter: which meter, what was doubted, what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.effects.charging import fee_code
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.metering import meter_rows

OUT_OF_TOLERANCE = "2"
"""The meter is off by more than it may (code list test_conclusion)."""
TEST_FEE = "05"
"""Code of the fee for testing a meter (code list fee_item)."""
SHORTEST_DOUBT = 6
"""Characters below which a doubt says nothing that could be tested."""


def conclusion(f: Facts) -> str:
    """What the last test says: the higher laboratory's word goes first."""
    return f.get("higher_conclusion") or f.get("test_conclusion")


@condition(
    "客户对检定结果有异议",
    yes=lambda f: set_form(test_disputed=True),
    no=lambda f: set_form(test_disputed=False),
    field="test_disputed",
)
def test_disputed(f: Facts) -> bool:
    """The customer asks for a test at a higher laboratory."""
    return bool(f.data.get("test_disputed"))


def _running(f: Facts) -> dict[str, dict[str, Any]]:
    """Asset number -> the customer's running meter, of those the form names."""
    by_id = {str(meter.get("asset_id")): dict(meter) for meter in f.rows("meter")}
    return {
        str(asset["asset_no"]): by_id[str(asset["asset_id"])]
        for asset in f.rows("assets")
        if str(asset["asset_id"]) in by_id
    }


@guard(
    "申请校验的表是本户在用表",
    refuses="meter_of_others",
    rule="G-JY-01",
    basis="供电营业规则(1996)第79条",
    reads=("meter", "assets", "customer"),
    breaks=lambda f: set_form(tested_asset_no="990000999999"),
    mends=lambda f: Change(
        form={"tested_asset_no": f"YK{f.case}"},
        put=(
            ("meter_asset", {"asset_id": f"AY{f.case}", "asset_no": f"YK{f.case}", "asset_status": "03"}),
            (
                "meter",
                {
                    "meter_id": f"MY{f.case}",
                    "asset_id": f"AY{f.case}",
                    "cons_no": f.row("customer").get("cons_no"),
                },
            ),
        ),
    ),
)
def meter_belongs_to_account(f: Facts) -> Iterator[str]:
    """What is tested is the meter the customer is billed by."""
    number = f.get("tested_asset_no")
    if number and number not in _running(f):
        yield f"表号 {number} 不是本户在用的计费表，请对表号；是邻户的请其户主申请"


@guard(
    "疑义说得具体",
    refuses="doubt_vague",
    rule="G-JY-01",
    basis="供电营业规则(1996)第79条；材料 M29",
    confidence="中",
    breaks=lambda f: set_form(doubt="表不准"),
    mends=lambda f: set_form(doubt="近两月电量翻倍，用电没有增加"),
)
def doubt_stated(f: Facts) -> Iterator[str]:
    """What is doubted is something a test can answer."""
    said = f.get("doubt")
    if said and len(said) < SHORTEST_DOUBT:
        yield f"疑义只写了“{said}”，请写明从哪个月起、怎么不对，检定才有对照"


@guard(
    "现行规则下不预收校验费",
    refuses="test_fee_not_due",
    rule="G-JY-03",
    basis="供电营业规则(2024)一般不预收校验费（未见原文）",
    confidence="低",
    breaks=lambda f: set_form(
        fees=[{"item": TEST_FEE, "basis": "公示目录", "qty": 1.0, "price": 20.0, "amount": 20.0}]
    ),
    mends=lambda f: set_form(fees=None),
)
def test_fee_allowed(f: Facts) -> Iterator[str]:
    """Under the rules of 2024 nothing is asked before the test; the older rules ask, and give back when the meter is wrong."""
    asked = any(fee_code(str(row.get("item"))) == TEST_FEE for row in fee_rows(f))
    if asked and f.rule_set == "R24" and not f.settings["test_fee_prepaid_2024"]:
        yield "按受理日的规则不预收校验费，请删去这一项"


@guard(
    "拆回的是申请校验的表，已封存",
    refuses="old_meter_unsealed",
    rule="G-JY-10",
    basis="拆回表封存备查（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(sealed_bag_no=None, tested_asset_no=f"{f.get('tested_asset_no')}9"),
    mends=lambda f: set_form(
        sealed_bag_no=f"FC{f.case}",
        tested_asset_no=next((row["old_asset_no"] for row in meter_rows(f) if row.get("old_asset_no")), None),
    ),
)
def old_meter_sealed(f: Facts) -> Iterator[str]:
    """The meter in the sealed bag is the one that was doubted."""
    taken = [row.get("old_asset_no") for row in meter_rows(f)]
    if f.get("tested_asset_no") not in taken:
        yield f"拆下的表里没有申请校验的 {f.get('tested_asset_no')}，请核对装接单"
    if not f.get("sealed_bag_no"):
        yield "拆回的表没有登记封存袋号（sealed_bag_no），封存后再送检"


@guard(
    "检定结论与实测误差相符",
    refuses="test_result_wrong",
    rule="G-JY-03",
    basis="供电营业规则(1996)第79条；JJG 596（允许误差）",
    confidence="中",
    breaks=lambda f: set_form(
        test_conclusion="1", measured_error=9.0, error_limit=1.0, higher_conclusion=None
    ),
    mends=lambda f: set_form(
        test_conclusion=_verdict(f), certificate_on=f.today, error_limit=f.data.get("error_limit") or 1.0
    ),
)
def certificate_recorded(f: Facts) -> Iterator[str]:
    """The conclusion is what the measured error says, and no certificate is of tomorrow."""
    if f.get("test_conclusion") and f.get("test_conclusion") != _verdict(f):
        error, limit = float(f.data.get("measured_error") or 0), float(f.data.get("error_limit") or 0)
        yield f"实测误差 {error:g}%，允许 ±{limit:g}%，结论与数字不符，请核对证书"
    if f.get("certificate_on") > f.today:
        yield f"检定证书日期 {f.get('certificate_on')} 晚于今天，请核对"


def _verdict(f: Facts) -> str:
    """Within tolerance (1) or not (2), by the numbers."""
    error, limit = f.data.get("measured_error"), f.data.get("error_limit")
    if error is None or limit is None:
        return f.get("test_conclusion")
    return OUT_OF_TOLERANCE if abs(float(error)) > float(limit) else "1"


@guard(
    "没有窃电痕迹，或已转用电检查",
    refuses="theft_trace",
    rule="G-JY-11",
    basis="发现窃电停止按误差退补（行业通例）",
    breaks=lambda f: set_form(theft_trace=True, theft_clue=None),
    mends=lambda f: set_form(theft_trace=False),
)
def no_theft_trace(f: Facts) -> Iterator[str]:
    """A trace of theft goes to the inspectors and is not put right as an error."""
    if not f.data.get("theft_trace"):
        return
    if not f.get("theft_clue"):
        yield "检定发现窃电痕迹，须登记用电检查线索单号（theft_clue），停止按误差处理"
    if f.data.get("adjust_qty"):
        yield "有窃电痕迹的不按误差退补，请清空退补电量，由用电检查追补"


@guard(
    "新表倍率与旧表相同",
    refuses="multiplier_changed",
    rule="A17",
    basis="故障换表、校验换表不改变比（行业通例）",
    confidence="中",
    reads=("meter", "assets"),
    breaks=lambda f: _multiplier(f, 37.0),
    mends=lambda f: _multiplier(f, None),
)
def multiplier_unchanged(f: Facts) -> Iterator[str]:
    """Another meter of the same kind takes the place; nothing else changes. Left empty it is the old one's."""
    running = _running(f)
    for row in meter_rows(f):
        old, given = running.get(str(row.get("old_asset_no"))), row.get("multiplier")
        if old and given is not None and float(given) != float(old.get("multiplier") or 1):
            yield f"新表 {row.get('new_asset_no')} 倍率 {float(given):g}，旧表是 {old.get('multiplier'):g}，请核对变比"


def _multiplier(f: Facts, value: float | None) -> Change:
    return set_form(meter_work=[{**row, "multiplier": value} for row in meter_rows(f)])
