"""Theft: the stolen quantity and what it costs (供电营业规则(1996)第102、103条)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yk.errors import UsageError
from yk.flows.charges import Charge, Line, charge, shown, yuan
from yk.flows.charges.rates import THEFT, rate_of

UNKNOWN_DAYS = 180
"""Days taken at least when nobody can say since when power was stolen."""
UNKNOWN_HOURS = {"power": 12, "lighting": 6}
"""Hours a day then: power customers, lighting customers."""
BY_EQUIPMENT = ("21", "22")
"""Acts whose power is that of the equipment connected; with the others it is what the meter's current stands for."""


@dataclass(frozen=True, slots=True)
class Theft:
    """The findings a charge is worked out from.

    `capacity` kW of what was connected without leave, or that `metered_capacity` gives; `days` and `hours` None when
    unknown; `use` 'power' or 'lighting'; `billed_kwh` what the meter already counted of it; `price` yuan per kWh.
    """

    act: str
    capacity: Decimal
    price: Decimal
    rule_set: str = "R96"
    use: str = "power"
    days: int | None = None
    hours: Decimal | None = None
    billed_kwh: Decimal = Decimal(0)
    multiple: Decimal | None = None


def metered_capacity(
    amperes: Decimal, phases: int, kilovolts: Decimal, ratio: Decimal = Decimal(1)
) -> Decimal:
    """kVA (taken as kW) that a meter's rated current, or a limiter's setting, stands for.

    `kilovolts` is the phase voltage with one phase, the line voltage with three; `ratio` that of the transformers
    the meter works through. Raises UsageError (`bad_phases`).
    """
    if phases not in (1, 3):
        raise UsageError("bad_phases", f"相数只能是 1 或 3，不是 {phases}")
    root = Decimal(3).sqrt() if phases == 3 else Decimal(1)
    return (amperes * kilovolts * root * ratio).quantize(Decimal("0.01"))


def duration(found: Theft) -> tuple[int, Decimal]:
    """(days, hours a day) a charge counts: those found, else the rule's. Raises UsageError (`unknown_use`)."""
    if found.use not in UNKNOWN_HOURS:
        raise UsageError("unknown_use", f"用电性质 {found.use} 不对", f"可用：{'、'.join(UNKNOWN_HOURS)}")
    days = UNKNOWN_DAYS if found.days is None else found.days
    return days, Decimal(UNKNOWN_HOURS[found.use]) if found.hours is None else found.hours


def stolen_quantity(found: Theft) -> Decimal:
    """kWh stolen: capacity × days × hours, less what was billed, never below nought."""
    days, hours = duration(found)
    return max(Decimal(0), found.capacity * days * hours - found.billed_kwh)


def theft_charge(found: Theft) -> Charge:
    """The energy at its price and a multiple of that. Raises UsageError (`unknown_act`, `not_a_theft`)."""
    rate = rate_of(found.act, found.rule_set)
    if rate.kind != THEFT:
        raise UsageError("not_a_theft", f"{found.act}（{rate.name}）是违约用电，不按窃电计算")
    days, hours = duration(found)
    quantity = stolen_quantity(found)
    working = f"{shown(found.capacity)} kW × {days} 天 × {shown(hours)} 小时"
    if found.billed_kwh:
        working = f"({working} − 已计 {shown(found.billed_kwh)} kWh)"
    makeup = Line("补交电费", f"{working} × {shown(found.price)} 元", yuan(quantity * found.price))
    multiple = rate.multiple if found.multiple is None else found.multiple
    penalty = Line("违约使用电费", f"{makeup.yuan} 元 × {shown(multiple)}", yuan(makeup.yuan * multiple))
    return charge([makeup], [penalty])
