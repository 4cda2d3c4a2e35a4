"""Guards about harmonics and reactive power."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows import power_quality as quality
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.inspecting import FAILED, SIGNED
from yk.flows.guards.reconnecting import PASSED
from yk.flows.guards.violation import number
from yk.flows.kilovolts import kilovolts

LEAST_HOURS = 24
NEAR = 0.005
"""How far a power factor written may be from the one worked out."""


@guard(
    "连续监测不少于 24 小时并有背景值",
    refuses="measurement_short",
    rule="J18",
    basis="GB/T 14549-1993；监测时段要求（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(measured_hours=23.0, background_thd=1.2),
    mends=lambda f: set_form(measured_hours=24.0, background_thd=1.2),
)
def measurement_covers_load(f: Facts) -> Iterator[str]:
    """A day without a gap, and what the grid brings along by itself."""
    if number(f, "measured_hours") < LEAST_HOURS:
        yield f"连续监测 {number(f, 'measured_hours'):g} 小时，不足 {LEAST_HOURS} 小时，请补测"
    if f.data.get("background_thd") is None:
        yield "没有背景谐波值（background_thd），补测该户停运时的数据"


def limit_of(f: Facts) -> float:
    """The distortion allowed at the customer's voltage, %."""
    return quality.thd_limit(kilovolts(str(f.row("customer").get("volt_code") or "")))


def exceeds(f: Facts) -> bool:
    """Do the voltage's distortion or the harmonic currents exceed what is allowed?"""
    limit = limit_of(f)
    return bool(limit and number(f, "voltage_thd") > limit) or bool(f.data.get("current_exceeds"))


def _measured(f: Facts, over: bool, result: str) -> Change:
    limit = limit_of(f) or 4.0
    handled = {"notice_no": f"XB{f.case}", "notice_sign": "1", "fix_due": days_on(f.today, 30)}
    cured = {"retest_on": f.today, "retest_thd": limit, "retest_verdict": PASSED}
    return set_form(
        voltage_thd=limit + 0.1 if over else limit,
        current_exceeds=over,
        insp_result=result,
        **handled,
        **cured,
    )


@guard(
    "谐波结论与限值相符",
    refuses="harmonics_misjudged",
    rule="J18",
    basis="GB/T 14549-1993",
    reads=("customer",),
    breaks=lambda f: _measured(f, over=True, result="1"),
    mends=lambda f: _measured(f, over=False, result="1"),
)
def harmonics_judged_by_limit(f: Facts) -> Iterator[str]:
    """Beyond a limit means not in order, within all limits means in order."""
    limit, measured = limit_of(f), number(f, "voltage_thd")
    over, result = exceeds(f), f.get("insp_result")
    if over and result == "1":
        what = f"电压总畸变率 {measured:g}%，限值 {limit:g}%" if measured > limit else "谐波电流超过允许值"
        yield f"{what}，结论不能填合格"
    elif not over and result == FAILED:
        yield f"电压总畸变率 {measured:g}%（限值 {limit:g}%）和谐波电流都没有超限，结论不应是不合格"


@guard(
    "超标已发整改通知并定期限",
    refuses="excess_not_told",
    rule="J18",
    basis="供电营业规则(1996)第66条（谐波超标逾期不治理）",
    reads=("customer",),
    breaks=lambda f: Change(form={**_measured(f, over=True, result=FAILED).form, "notice_no": None}),
    mends=lambda f: _measured(f, over=True, result=FAILED),
)
def excess_ordered_right(f: Facts) -> Iterator[str]:
    """Who disturbs others is told in writing, with a day to put it right."""
    if not exceeds(f):
        return
    if not f.get("notice_no") or f.get("notice_sign") not in SIGNED:
        yield "谐波超标，须发整改通知书并签收（notice_no、notice_sign）"
    if not f.get("fix_due"):
        yield "整改通知书要有治理期限（fix_due）"


@guard(
    "超标治理后复测合格",
    refuses="retest_open",
    rule="J18",
    basis="治理后同点复测（行业通例）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: Change(
        form={**_measured(f, over=True, result=FAILED).form, "retest_thd": (limit_of(f) or 4.0) + 1}
    ),
    mends=lambda f: _measured(f, over=True, result=FAILED),
)
def harmonic_retest_passed(f: Facts) -> Iterator[str]:
    """The case is closed by a measurement, not by a filter's invoice."""
    if not exceeds(f):
        return
    limit = limit_of(f)
    if f.get("retest_verdict") != PASSED or not f.get("retest_on") or f.data.get("retest_thd") is None:
        yield "谐波超标治理后还没有复测合格（retest_on、retest_thd、retest_verdict）"
    elif limit and number(f, "retest_thd") > limit:
        yield f"复测电压总畸变率 {number(f, 'retest_thd'):g}% 仍超限值 {limit:g}%，不能写合格"


def wanted_standard(f: Facts) -> str:
    """The code of the power factor standard the customer is held to."""
    customer = f.row("customer")
    capacity = float(customer.get("contract_cap") or 0)
    return quality.power_factor_standard(
        str(customer.get("cons_sort") or ""), str(customer.get("elec_type") or ""), capacity
    )


@guard(
    "功率因数标准与电压、容量、类别相符",
    refuses="pf_standard_wrong",
    rule="G-FA-10",
    basis="供电营业规则(1996)第41条",
    reads=("customer",),
    breaks=lambda f: set_form(pf_std="3" if wanted_standard(f) != "3" else "1", advice_no="JY-0001"),
    mends=lambda f: set_form(pf_std=wanted_standard(f)),
)
def power_factor_standard_fits(f: Facts) -> Iterator[str]:
    """0.90 at high voltage, 0.85 for others from 100 kVA, 0.80 for farming."""
    given, wanted = f.get("pf_std"), wanted_standard(f)
    if given and given != wanted:
        yield (
            f"考核标准填{name_of('pf_std', given)}，按该户电压、容量、类别应是{name_of('pf_std', wanted)}，"
            "请核对档案电价的功率因数标准"
        )


def month_factor(f: Facts) -> float:
    """The power factor of the month's energies in the form."""
    return quality.power_factor(number(f, "active_kwh"), number(f, "reactive_kvarh"))


@guard(
    "功率因数与有功、无功电量相符",
    refuses="pf_miscalculated",
    rule="J19",
    basis="功率因数调整电费办法（有功、无功电量计算）",
    breaks=lambda f: set_form(
        power_factor=round(month_factor(f) - 0.1, 3), advice_no="JY-0001", advice_sign="1"
    ),
    mends=lambda f: set_form(power_factor=round(month_factor(f), 3)),
)
def power_factor_recomputed(f: Facts) -> Iterator[str]:
    """The factor is that of the month's energies, not one glimpsed on a screen."""
    given, right = f.data.get("power_factor"), month_factor(f)
    if given is not None and abs(float(given) - right) > NEAR:
        yield (
            f"功率因数填 {float(given):g}，按有功 {number(f, 'active_kwh'):g} kWh、"
            f"无功 {number(f, 'reactive_kvarh'):g} kvarh 是 {right:.3f}"
        )


def _poor(f: Facts, advice: str | None) -> Change:
    energies = {"active_kwh": 100000.0, "reactive_kvarh": 90000.0, "reverse_kvarh": 0.0}
    factor = round(quality.power_factor(energies["active_kwh"], energies["reactive_kvarh"]), 3)
    standard = wanted_standard(f) if wanted_standard(f) != "0" else "1"
    return set_form(**energies, power_factor=factor, pf_std=standard, advice_no=advice, advice_sign="1")


@guard(
    "不达标已给改进建议",
    refuses="advice_missing",
    rule="J19",
    basis="供电营业规则(1996)第41条（凡未达到的应装无功补偿）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: _poor(f, advice=None),
    mends=lambda f: _poor(f, advice=f"JY{f.case}"),
)
def compensation_advised(f: Facts) -> Iterator[str]:
    """Who stays below the standard is told how much compensation is missing."""
    wanted, factor = quality.STANDARDS.get(f.get("pf_std"), 0.0), number(f, "power_factor")
    if not factor or factor >= wanted or (f.get("advice_no") and f.get("advice_sign") in SIGNED):
        return
    missing = quality.compensation(number(f, "average_kw"), factor, wanted)
    amount = f"，按平均负荷 {number(f, 'average_kw'):g} kW 约缺 {missing:.0f} kvar" if missing else ""
    yield f"功率因数 {factor:g} 低于标准 {wanted:g}{amount}，须送改进建议书并签收（advice_no、advice_sign）"


@guard(
    "倒送无功在限度内或写明处理",
    refuses="reactive_reversed",
    rule="J19",
    basis="过补偿倒送（行业通例）",
    confidence="低",
    level_setting="reverse_reactive_policy",
    breaks=lambda f: set_form(
        reactive_kvarh=30000.0, reverse_kvarh=20000.0, reverse_handling=None,
        active_kwh=100000.0, power_factor=round(quality.power_factor(100000.0, 30000.0), 3),
    ),
    mends=lambda f: set_form(reverse_handling="改自动投切，限制轻载投入组数"),
)  # fmt: skip
def no_reverse_reactive(f: Facts) -> Iterator[str]:
    """Too many capacitors at low load are written up."""
    reverse, reactive = number(f, "reverse_kvarh"), number(f, "reactive_kvarh")
    limit = int(f.settings["reverse_reactive_percent"])
    if reverse and not f.get("reverse_handling") and reverse * 100 > limit * max(reactive, 1.0):
        yield (
            f"倒送无功 {reverse:g} kvarh，占无功 {reactive:g} kvarh 的 {reverse * 100 / max(reactive, 1.0):.0f}%，"
            f"超过 {limit}%，须写处理办法（reverse_handling）"
        )
