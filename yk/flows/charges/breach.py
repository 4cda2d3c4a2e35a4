"""Breach of the supply contract: the six acts of 供电营业规则(1996)第100条 (2024: 第101条)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from yk.errors import UsageError
from yk.flows.charges import Charge, Line, charge, shown, yuan
from yk.flows.charges.rates import BREACH, Rate, rate_of

UNKNOWN_MONTHS = Decimal(3)
"""Months taken when nobody can say since when a dear load ran on a cheap line."""
MONTH_DAYS = Decimal(30)
"""Days a month of basic charge counts under the rules of 1996; those of 2024 take the calendar's."""


@dataclass(frozen=True, slots=True)
class Breach:
    """The findings a charge is worked out from; what an act does not need stays as it is.

    `capacity` kW or kVA; `monthly_kwh` kWh used a month at the wrong price; `months` None when unknown, `days` those
    beyond whole months; prices yuan per kWh, `basic_price` yuan per kVA (kW) and month; `times` how often;
    `over_kwh`, `peak_kw` above the quota; `multiple` None takes the rate's.
    """

    act: str
    rule_set: str = "R96"
    two_part: bool = False
    residential: bool = False
    capacity: Decimal = Decimal(0)
    monthly_kwh: Decimal = Decimal(0)
    low_price: Decimal = Decimal(0)
    high_price: Decimal = Decimal(0)
    basic_price: Decimal = Decimal(0)
    months: Decimal | None = None
    days: Decimal = Decimal(0)
    month_days: Decimal = MONTH_DAYS
    times: int = 1
    over_kwh: Decimal = Decimal(0)
    peak_kw: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    added_unlawfully: bool = False
    multiple: Decimal | None = None


def breach_charge(found: Breach) -> Charge:
    """What one act costs. Raises UsageError (`unknown_act`, `act_repealed`, `not_a_breach`, `months_missing`)."""
    rate = rate_of(found.act, found.rule_set)
    if rate.kind != BREACH:
        raise UsageError("not_a_breach", f"{found.act}（{rate.name}）是窃电，不按违约用电计算")
    return _ACTS[found.act](found, rate)


def basic_charge(found: Breach) -> Line:
    """The basic charge of the capacity for the months and days it was used. Raises UsageError (`months_missing`)."""
    if found.months is None and not found.days:
        raise UsageError("months_missing", "补交基本电费要有使用的月数或天数", "查不明的先取证，不按三个月推")
    months = found.months or Decimal(0)
    used = f"{shown(months)} 个月" if months else ""
    if found.days:
        used += f"{'又' if used else ''}{shown(found.days)}/{shown(found.month_days)} 月"
    amount = yuan(found.capacity * found.basic_price * (months + found.days / found.month_days))
    working = f"{shown(found.capacity)} kVA × {shown(found.basic_price)} 元 × {used}"
    return Line("补交基本电费", working, amount)


def _price_gap(found: Breach, rate: Rate) -> Charge:
    """(1) A dear load on a cheap line, or the class of use changed: the gap, and a multiple of it."""
    months = UNKNOWN_MONTHS if found.months is None else found.months
    gap = found.high_price - found.low_price
    working = (
        f"{shown(found.monthly_kwh)} kWh × {shown(months)} 个月 × "
        f"({shown(found.high_price)} − {shown(found.low_price)}) 元"
    )
    line = Line("补交差额电费", working, yuan(found.monthly_kwh * months * gap))
    return charge([line], [_times(line, found, rate)])


def _excess_capacity(found: Breach, rate: Rate) -> Charge:
    """(2) More than the contract's capacity: on two-part tariffs the basic charge, else so much a kW."""
    if not found.two_part:
        return charge(penalty=[_per_kw(found, rate, 1)])
    line = basic_charge(found)
    return charge([line], [_times(line, found, rate)])


def _over_quota(found: Breach, rate: Rate) -> Charge:
    """(3) More than the quota: so much a peak kW and time, and a multiple of the energy's price."""
    peak = Line(
        "高峰超用电力",
        f"{shown(found.peak_kw)} kW × {found.times} 次 × {shown(rate.per_peak_kw)} 元",
        yuan(found.peak_kw * found.times * rate.per_peak_kw),
    )
    multiple = _multiple(found, rate)
    energy = Line(
        "超用电量",
        f"{shown(found.over_kwh)} kWh × {shown(found.price)} 元 × {shown(multiple)}",
        yuan(found.over_kwh * found.price * multiple),
    )
    return charge(penalty=[peak, energy])


def _sealed_equipment(found: Breach, rate: Rate) -> Charge:
    """(4) Equipment suspended or sealed is used; if it was added unlawfully (2) is owed besides."""
    if found.two_part:
        line = basic_charge(found)
        used = charge([line], [_times(line, found, rate)])
    else:
        used = charge(penalty=[_per_kw(found, rate, found.times)])
    if not found.added_unlawfully:
        return used
    own = replace(found, act="12", multiple=None)
    return used + breach_charge(own)


def _meddling(found: Breach, rate: Rate) -> Charge:
    """(5) Metering, collecting or supply equipment is moved or operated: so much a time."""
    each = rate.home if found.residential else rate.other
    line = Line("违约使用电费", f"{found.times} 次 × {shown(each)} 元", yuan(found.times * each))
    return charge(penalty=[line])


def _foreign_source(found: Breach, rate: Rate) -> Charge:
    """(6) Power brought in or given away: so much a kW; the wires are taken off at once."""
    return charge(penalty=[_per_kw(found, rate, 1)])


def _per_kw(found: Breach, rate: Rate, times: int) -> Line:
    working = f"{shown(found.capacity)} kW × {shown(rate.per_kw)} 元" + (
        f" × {times} 次" if times > 1 else ""
    )
    return Line("违约使用电费", working, yuan(found.capacity * rate.per_kw * times))


def _times(line: Line, found: Breach, rate: Rate) -> Line:
    multiple = _multiple(found, rate)
    return Line("违约使用电费", f"{line.yuan} 元 × {shown(multiple)}", yuan(line.yuan * multiple))


def _multiple(found: Breach, rate: Rate) -> Decimal:
    return rate.multiple if found.multiple is None else found.multiple


_ACTS: dict[str, Callable[[Breach, Rate], Charge]] = {
    "11": _price_gap,
    "12": _excess_capacity,
    "13": _over_quota,
    "14": _sealed_equipment,
    "15": _meddling,
    "16": _foreign_source,
}
