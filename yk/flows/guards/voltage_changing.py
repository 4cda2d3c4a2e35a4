"""Guards about changing the voltage an account is supplied at."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.increasing import amount, contract_capacity
from yk.flows.guards.relocating import charges
from yk.flows.guards.scheme import HIGH_HIGH, HIGH_LOW, LOW_VOLTAGES, metering_mode_fits
from yk.text import same_name

BASIS = "供电营业规则(1996)第34条"
VOLTAGE_FEE = ("10", "改压工程费")
"""The fee of works of a change of voltage, by code and name (code list fee_item)."""
PRICE_LEVELS = {
    "AC02202": "01",
    "AC03802": "01",
    "AC00061": "02",
    "AC00101": "02",
    "AC00201": "02",
    "AC00351": "03",
}
"""Supply voltage -> the level of voltage in the list of prices, for those the list has."""


@condition(
    "高压供电",
    yes=lambda f: set_form(scheme_volt="AC00101"),
    no=lambda f: set_form(scheme_volt="AC03802"),
)
def supplied_high(f: Facts) -> bool:
    """The scheme supplies at high voltage."""
    return f.get("scheme_volt") not in ("", *LOW_VOLTAGES)


@condition(
    "高供低计",
    yes=lambda f: set_form(scheme_volt="AC00101", meas_mode=HIGH_LOW),
    no=lambda f: set_form(scheme_volt="AC00101", meas_mode=HIGH_HIGH),
)
def metered_low_supplied_high(f: Facts) -> bool:
    """The customer bears the losses of transformation."""
    return supplied_high(f) and f.get("meas_mode") == HIGH_LOW


@guard(
    "新供电电压与现供电电压不同",
    refuses="voltage_unchanged",
    rule="N1",
    basis=BASIS,
    reads=("customer",),
    breaks=lambda f: set_form(new_volt=f.row("customer").get("volt_code") or "AC03802"),
    mends=lambda f: set_form(
        new_volt="AC00101" if f.row("customer").get("volt_code") != "AC00101" else "AC00351"
    ),
)
def voltage_differs(f: Facts) -> Iterator[str]:
    """Nothing changes when the voltage stays."""
    old, new = f.row("customer").get("volt_code"), f.get("new_volt")
    if new and new == old:
        yield f"申请的电压 {name_of('volt', new)} 就是现在的供电电压，没有改压；只加容量请办增容"


@guard(
    "在原址改压",
    refuses="not_on_site",
    rule="G-GY-01",
    basis=BASIS,
    reads=("customer",),
    breaks=lambda f: set_form(new_elec_addr="示范市别处1号"),
    mends=lambda f: set_form(new_elec_addr=f.row("customer").get("elec_addr")),
)
def voltage_changes_on_site(f: Facts) -> Iterator[str]:
    """Somewhere else it is a move or a new connection."""
    old, new = str(f.row("customer").get("elec_addr") or ""), f.get("new_elec_addr")
    if new and not same_name(old, new):
        yield f"改压地址“{new}”不是原址“{old}”，请改办迁址；不在原供电点的办新装"


@guard(
    "改压后容量不大于原容量",
    refuses="voltage_change_with_increase",
    rule="G-GY-02",
    basis=BASIS,
    reads=("customer",),
    breaks=lambda f: set_form(apply_cap=contract_capacity(f) + 50),
    mends=lambda f: set_form(apply_cap=contract_capacity(f)),
)
def voltage_keeps_capacity(f: Facts) -> Iterator[str]:
    """What exceeds the old capacity is an increase."""
    old, new = contract_capacity(f), amount(f, "apply_cap")
    if new is not None and new > old:
        yield f"改压后容量 {new:g} 大于原合同容量 {old:g}，超出的 {new - old:g} 请另办增容"


@guard(
    "方案电压就是申请的电压",
    refuses="scheme_voltage_other",
    rule="A03",
    basis="方案与申请一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(scheme_volt="AC00061", new_volt="AC00101"),
    mends=lambda f: set_form(scheme_volt=f.get("new_volt") or None),
)
def scheme_voltage_as_applied(f: Facts) -> Iterator[str]:
    """A scheme at another voltage than was asked for goes back to the customer first."""
    asked, drawn = f.get("new_volt"), f.get("scheme_volt")
    if asked and drawn and asked != drawn:
        yield (
            f"方案电压 {name_of('volt', drawn)} 不是申请的 {name_of('volt', asked)}，"
            "请与客户商定后改申请，或改方案"
        )


@guard(
    "改压工程费用按起因承担",
    refuses="voltage_cost_wrong",
    rule="G-GY-03",
    basis=BASIS,
    breaks=lambda f: set_form(external_works=True, supplier_cause=True, paid_by_customer=True),
    mends=lambda f: set_form(paid_by_customer=not f.data.get("supplier_cause"), payer_basis=None, fees=None),
)
def voltage_cost_by_cause(f: Facts) -> Iterator[str]:
    """Whoever makes the change necessary pays for it; of the supplier's own accord the works outside are his."""
    if not f.data.get("external_works"):
        return
    paid = bool(f.data.get("paid_by_customer"))
    if f.data.get("supplier_cause") and paid:
        yield "改压由供电方原因引起，外部供电工程由供电方承担，不得向用户收取（paid_by_customer）"
    if not paid and charges(f, VOLTAGE_FEE):
        yield "改压工程写了不由用户承担，费用里又列了改压工程费，二者留一"
    if not f.data.get("supplier_cause") and not paid and not f.get("payer_basis"):
        yield "改压由用户原因引起，改压工程费由用户承担；另有约定的写明依据（payer_basis）"


@guard(
    "电源点、保护、闭锁已重新核定",
    refuses="protection_unrevised",
    rule="G-GY-05",
    basis="改压送电前重核电源、保护、闭锁（行业通例）",
    breaks=lambda f: set_form(source_rechecked=False),
    mends=lambda f: set_form(
        source_rechecked=True, interlock_rechecked=True, setting_no=f"DZ{f.case}", setting_on=f.today
    ),
)
def protection_revised(f: Facts) -> Iterator[str]:
    """Settings of the old voltage are worth nothing at the new one."""
    applied, issued = f.get("app_time")[:10], f.get("setting_on")[:10]
    if not f.data.get("source_rechecked"):
        yield "新电压的电源点还没有重新核定（source_rechecked），不能送电"
    if not f.data.get("interlock_rechecked"):
        yield "新电压的联锁、闭锁还没有重新核定（interlock_rechecked），不能送电"
    if not issued or (applied and issued < applied):
        yield f"保护定值单日期 {issued or '（空）'} 不是本次改压后出的，请按新电压重出定值单"


@guard(
    "计量方式、电价、变损随电压一起改",
    refuses="voltage_parameters_stale",
    rule="G-GY-04",
    basis="大连数据质量核查办法 大一1.1.3、1.4.9、1.4.10，小七1.49、1.50",
    reads=("tariffs",),
    breaks=lambda f: set_form(scheme_volt="AC00101", meas_mode=HIGH_LOW, loss_no=None),
    mends=lambda f: set_form(
        scheme_volt="AC00101", meas_mode=HIGH_LOW, loss_no="S20-160", scheme_tariff_code="B02"
    ),
)
def voltage_params_synced(f: Facts) -> Iterator[str]:
    """Metering mode, level of price and losses of transformation belong to the new voltage."""
    yield from metering_mode_fits(f)
    volt, mode, loss = f.get("scheme_volt"), f.get("meas_mode"), f.get("loss_no")
    level, code = PRICE_LEVELS.get(volt), f.get("scheme_tariff_code")
    for tariff in f.rows("tariffs"):
        if tariff["tariff_code"] == code and level and tariff.get("volt_code") not in (None, level):
            yield f"电价 {code}（{tariff.get('tariff_name')}）不是 {name_of('volt', volt)} 的电价，请改电价码"
    if mode == HIGH_LOW and volt not in LOW_VOLTAGES and not loss:
        yield "高供低计的变损由用户承担，须填变损编号（loss_no）"
    if mode and mode != HIGH_LOW and loss:
        yield f"“{name_of('meas_mode', mode)}”不分摊变损，变损编号 {loss} 请删去"
