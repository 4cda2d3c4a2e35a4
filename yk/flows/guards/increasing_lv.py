"""Guards about more capacity at low voltage: its limits, meter and current, classes of use, power factor."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.capacities import load_current, primary_current
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.increasing import amount, change_customer
from yk.flows.guards.scheme import LOW_VOLTAGES

THREE_PHASE = "AC03802"
NOT_RESIDENT, RESIDENT = "02", "03"
"""Kinds of low-voltage customers (code list cons_sort)."""
NO_STANDARD = ("", "0")
"""Codes of the power factor standard that ask nothing (code list pf_std)."""


def _limit(f: Facts) -> int:
    """The most that low voltage supplies under the order's rules, kW."""
    return int(f.settings["low_voltage_limit_2024" if f.rule_set == "R24" else "low_voltage_limit_1996"])


@condition(
    "经互感器计量",
    yes=lambda f: set_form(scheme_multiplier=40.0, ct_ratio="200/5"),
    no=lambda f: set_form(scheme_multiplier=1.0, ct_ratio=None),
    field="scheme_multiplier",
)
def metered_through_transformers(f: Facts) -> bool:
    """The multiplier says that instrument transformers stand before the meter."""
    return (amount(f, "scheme_multiplier") or 1.0) > 1


@guard(
    "低压非居民用户",
    refuses="not_low_voltage",
    rule="A01",
    basis="低压非居民增容只办 220/380 V 非居民用户（流程划分）",
    reads=("customer",),
    breaks=lambda f: change_customer(f, volt_code="AC00101"),
    mends=lambda f: change_customer(f, volt_code=THREE_PHASE, cons_sort=NOT_RESIDENT),
)
def low_voltage_account(f: Facts) -> Iterator[str]:
    """An account of high voltage, and one of a resident, goes to the flow of its own."""
    volt = str(f.row("customer").get("volt_code") or "")
    if volt and volt not in LOW_VOLTAGES:
        yield f"本户供电电压 {name_of('volt', volt)}，不是低压户，请改办高压增容（YXZY-YY-196）"
    elif f.row("customer").get("cons_sort") == RESIDENT:
        yield "本户是低压居民户，请改办低压居民增容（YXZY-YY-230）"


@guard(
    "总容量在低压供电上限内",
    refuses="beyond_low_voltage",
    rule="G-FA-06",
    basis="供电营业规则(1996)第9条；供电营业规则(2024)上限按所设参数",
    confidence="中",
    breaks=lambda f: set_form(apply_cap=_limit(f) + 1.0, equipment=None),
    mends=lambda f: set_form(apply_cap=float(_limit(f))),
)
def lv_capacity_within_limit(f: Facts) -> Iterator[str]:
    """Beyond the limit the customer is supplied at high voltage."""
    wanted, limit = amount(f, "apply_cap"), _limit(f)
    if wanted is not None and wanted > limit:
        yield f"增容后总容量 {wanted:g} kW 超过低压供电上限 {limit} kW，请改按高压报装"


@guard(
    "供电电压不变",
    refuses="voltage_would_change",
    rule="N1",
    basis="低压增容不改电压等级，改压走改压流程（流程划分）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: set_form(scheme_volt="AC00101", meas_mode="1"),
    mends=lambda f: set_form(scheme_volt=THREE_PHASE, meas_mode="3"),
)
def supplied_low_still(f: Facts) -> Iterator[str]:
    """Single-phase may become three-phase; another level of voltage is a business of its own."""
    volt = f.get("scheme_volt")
    if volt and volt not in LOW_VOLTAGES:
        yield f"勘查拟改为 {name_of('volt', volt)} 供电，属改压，请终止本单改办改压或高压报装"


@guard(
    "不同电价类别的负荷已分开计量",
    refuses="classes_unmetered",
    rule="G-FA-08",
    basis="供电营业规则(1996)第71条",
    breaks=lambda f: set_form(load_classes=2, class_split=None),
    mends=lambda f: set_form(class_split="商业与居民分表"),
)
def added_class_metered_apart(f: Facts) -> Iterator[str]:
    """Every class of use at one point has its own meter, or an agreed share."""
    kinds = amount(f, "load_classes")
    if kinds is not None and kinds > 1 and not f.get("class_split"):
        yield f"现场有 {kinds:g} 种电价类别的负荷，须写明分表或定比定量的办法（class_split）"


@guard(
    "表计（互感器）带得动核定容量",
    refuses="meter_undersized",
    rule="G-JR-11",
    basis="DL/T 448（电流量程与负荷相称）",
    confidence="中",
    breaks=lambda f: set_form(
        meter_max_current=5.0,
        ct_ratio=None,
        scheme_cap=amount(f, "scheme_cap") or 50.0,
        scheme_volt=THREE_PHASE,
        meas_mode="3",
    ),
    mends=lambda f: set_form(ct_ratio="1000/5"),
)
def meter_current_fits(f: Facts) -> Iterator[str]:
    """The meter, or the instrument transformers before it, carries what the capacity draws."""
    cap, most = amount(f, "scheme_cap"), amount(f, "meter_max_current")
    if cap is None or (most is None and not f.get("ct_ratio")):
        return
    drawn = load_current(cap, f.get("scheme_volt"))
    carried = primary_current(f.get("ct_ratio")) if f.get("ct_ratio") else float(most or 0)
    if drawn > carried:
        means = f"互感器 {f.get('ct_ratio')}" if f.get("ct_ratio") else f"电能表最大电流 {carried:g} A"
        yield f"容量 {cap:g} kW 满载约 {drawn:.0f} A，{means} 带不动，请换大表或配互感器"


@guard(
    "该考核功率因数的已定标准",
    refuses="power_factor_unset",
    rule="G-FA-10",
    basis="供电营业规则(1996)第41条",
    breaks=lambda f: set_form(pf_std="0", scheme_cap=max(amount(f, "scheme_cap") or 0.0, 100.0)),
    mends=lambda f: set_form(pf_std="2"),
)
def power_factor_set(f: Facts) -> Iterator[str]:
    """From a hundred kilowatts on the power factor counts."""
    cap, least = amount(f, "scheme_cap"), int(f.settings["power_factor_from"])
    if cap is not None and cap >= least and f.get("pf_std") in NO_STANDARD:
        yield f"容量 {cap:g} kW 已到 {least} kW，须执行功率因数标准（pf_std），0.85 或农业 0.80，不能填不考核"


@guard(
    "换互感器时抄了分段示数",
    refuses="split_reading_untaken",
    rule="G-ALL-10",
    basis="换互感器前后分段计量（行业通例）",
    reads=("meter_register",),
    breaks=lambda f: set_form(ct_changed=True, split_reading=None),
    mends=lambda f: set_form(split_reading=_last_reading(f)),
)
def segment_readings_taken(f: Facts) -> Iterator[str]:
    """Before the ratio changes the meter is read: what went before counts by the old multiplier."""
    if not f.data.get("ct_changed"):
        return
    read, last = amount(f, "split_reading"), _last_reading(f)
    if read is None:
        yield "换了互感器没有抄分段示数（split_reading），前后两段电量分不开，抄录并请客户签认"
    elif read < last:
        yield f"分段示数 {read:g} 小于档案里的上次示数 {last:g}，请核对抄录"


def _last_reading(f: Facts) -> float:
    return max((float(r.get("reading") or 0) for r in f.rows("meter_register")), default=0.0)
