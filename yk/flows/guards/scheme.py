"""Guards about the supply scheme: its drafting, approval and reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.archive.codes import name_of
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

LOW_VOLTAGES = ("AC02202", "AC03802")
SINGLE_PHASE = "AC02202"
PASSED = "1"
HIGH_HIGH, HIGH_LOW, LOW_LOW = "1", "2", "3"
"""Codes of the metering mode (code list meas_mode)."""
SEVERAL_SOURCES = ("3", "4")
"""Codes of the way of supply with more than one source (code list supply_mode)."""
RELIABILITY_FEE = ("01", "高可靠性供电费")


@guard(
    "供电容量与电压相称",
    refuses="voltage_unfit",
    rule="G-FA-06",
    basis="供电营业规则(1996)第8、9条；供电营业规则(2024)第9条",
    confidence="中",
    breaks=lambda f: set_form(scheme_volt=SINGLE_PHASE, scheme_cap=50.0),
    mends=lambda f: set_form(scheme_volt="AC00101", scheme_cap=315.0, meas_mode=HIGH_HIGH),
)
def scheme_voltage_fits(f: Facts) -> Iterator[str]:
    """Single-phase and low-voltage supply end at the limits of the rule set; the limits are settings. Until 2024
    single-phase supply is for less than its limit (不足), every other limit counts itself in."""
    volt, cap = f.get("scheme_volt"), f.data.get("scheme_cap")
    if not volt or cap is None or volt not in LOW_VOLTAGES:
        return
    old = f.rule_set != "R24"
    if volt == SINGLE_PHASE:
        limit = f.settings["single_phase_limit_1996" if old else "single_phase_limit_2024"]
        kind = "单相"
    else:
        limit = f.settings["low_voltage_limit_1996" if old else "low_voltage_limit_2024"]
        kind = "低压三相"
    if cap > limit:
        yield f"供电容量 {cap:g} kW 超过{kind}供电上限 {limit} kW，请改用更高电压供电"
    elif old and volt == SINGLE_PHASE and cap == limit:
        yield f"供电容量 {cap:g} kW，按受理日规则单相供电须不足 {limit} kW，请改用三相供电"


@guard(
    "计量方式与供电电压相称",
    refuses="metering_mode_unfit",
    rule="D-04",
    basis="大连数据质量核查办法 大一1.4.7、1.4.9、1.4.10",
    breaks=lambda f: set_form(scheme_volt="AC00101", meas_mode=LOW_LOW),
    mends=lambda f: set_form(meas_mode=LOW_LOW if f.get("scheme_volt") in LOW_VOLTAGES else HIGH_HIGH),
)
def metering_mode_fits(f: Facts) -> Iterator[str]:
    """Low voltage is metered low; high voltage is never metered as supplied low."""
    volt, mode = f.get("scheme_volt"), f.get("meas_mode")
    if not volt or not mode:
        return
    low = volt in LOW_VOLTAGES
    if low != (mode == LOW_LOW):
        yield f"供电电压 {name_of('volt', volt)} 不能用“{name_of('meas_mode', mode)}”计量"


@guard(
    "没有指定设计、施工、供货单位",
    refuses="unit_designated",
    rule="G-FA-11",
    basis="NX 1.1（三不指定）",
    breaks=lambda f: set_form(designated_unit="示范某设计院"),
    mends=lambda f: set_form(designated_unit=None),
)
def no_designated_units(f: Facts) -> Iterator[str]:
    """The customer chooses designer, builder and supplier."""
    if unit := f.get("designated_unit"):
        yield f"方案里写了指定单位“{unit}”，设计、施工、供货单位由客户自选，请删去"


@guard(
    "多电源已列高可靠性供电费",
    refuses="reliability_fee_missing",
    rule="G-FA-09",
    basis="发改价格〔2003〕2279号（凭记忆，标准按省价主管部门）",
    confidence="中",
    breaks=lambda f: set_form(supply_mode="3", reliability_fee=False, reliability_waiver=None),
    mends=lambda f: set_form(reliability_fee=True),
)
def dual_source_charged(f: Facts) -> Iterator[str]:
    """More than one source means the fee for reliable supply, or a paper that waives it."""
    several = f.get("supply_mode") in SEVERAL_SOURCES
    if several and not f.data.get("reliability_fee") and not f.get("reliability_waiver"):
        yield "双（多）电源供电须列高可靠性供电费（reliability_fee）；免收的填批文（reliability_waiver）"


@guard(
    "审批通过",
    refuses="not_approved",
    rule="A04",
    basis="NX 1.2 审批人员职责",
    breaks=lambda f: set_form(approval_result="2", approval_clause="供电营业规则第22条"),
    mends=lambda f: set_form(approval_result=PASSED),
)
def approval_granted(f: Facts) -> Iterator[str]:
    """Only an approval goes on; anything else is sent back or stopped."""
    result = f.get("approval_result")
    if result and result != PASSED:
        yield f"审批结论为{name_of('approval_result', result)}，请退回前面的环节修改，或终止并书面告知客户"


@guard(
    "不同意的审批意见引了条款",
    refuses="clause_missing",
    rule="A04",
    basis="审批意见引用条款号（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(approval_result="3", approval_clause=None),
    mends=lambda f: set_form(approval_result=PASSED),
)
def approval_cites_clause(f: Facts) -> Iterator[str]:
    """Whoever does not agree says by which clause."""
    result = f.get("approval_result")
    if result and result != PASSED and not f.get("approval_clause"):
        yield "审批意见不是通过，须填引用的条款号（approval_clause）"


@guard(
    "供电方案答复单已由客户签收",
    refuses="scheme_unsigned",
    rule="G-FA-04",
    basis="供电营业规则(1996)第19条；县流程（书面答复）",
    breaks=lambda f: set_form(signed_on=days_on(f.today, 2), signee="安知行"),
    mends=lambda f: set_form(signed_on=f.today, signee="安知行"),
)
def scheme_signed_for(f: Facts) -> Iterator[str]:
    """The time limit ends, and the customer's works begin, with the customer's signature."""
    if not f.get("signed_on") or not f.get("signee"):
        yield "供电方案答复单还没有客户签收，须填签收人（signee）和签收日期（signed_on）"
    elif f.get("signed_on") > f.today:
        yield f"签收日期 {f.get('signed_on')} 晚于今天，请改正"


@guard(
    "客户没有未了的异议",
    refuses="objection_open",
    rule="G-FA-03",
    basis="供电营业规则(1996)第19条",
    breaks=lambda f: set_form(customer_opinion="2"),
    mends=lambda f: set_form(customer_opinion="1"),
)
def objection_resolved(f: Facts) -> Iterator[str]:
    """An objection leads back to the scheme."""
    if f.get("customer_opinion") == "2":
        yield "客户对供电方案有异议，请退回拟定环节协商修改后再答复"


def in_force_until(data: Mapping[str, Any]) -> str:
    """The last day of a scheme, as prolonged where it was; '' when none is written."""
    return str(data.get("scheme_extended_until") or data.get("scheme_valid_until") or "")


@guard(
    "供电方案未过有效期",
    refuses="scheme_expired",
    rule="G-FA-01",
    basis="供电营业规则(1996)第21条",
    breaks=lambda f: set_form(scheme_valid_until=days_on(f.today, -1), scheme_extended_until=None),
    mends=lambda f: set_form(scheme_valid_until=days_on(f.today, 30), scheme_extended_until=None),
)
def scheme_in_force(f: Facts) -> Iterator[str]:
    """A scheme lapses after a year (high voltage) or three months (low voltage) and is applied for anew."""
    until = in_force_until(f.data)
    if until and until < f.today:
        yield f"供电方案已于 {until} 失效，请终止本单重新申请；展期须在到期前办理"
