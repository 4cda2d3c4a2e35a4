"""What breaches of the supply contract, theft and late payment cost: pure functions over plain numbers.

Money is yuan in `Decimal`, rounded half up to the cent line by line, so that anybody with a calculator gets the same
sum. Every result carries its working (`Charge.lines`), because the customer is shown it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")


class Line(NamedTuple):
    """One line of the working: what it is, the sum written out, yuan."""

    label: str
    working: str
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class Charge:
    """What is owed: `makeup` 补交电费 and `penalty` 违约使用电费, yuan, with the lines they come from."""

    makeup: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)
    lines: tuple[Line, ...] = ()

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.makeup + self.penalty

    def __add__(self, other: Charge) -> Charge:
        """Two acts of one customer are added, each with its own lines."""
        return Charge(self.makeup + other.makeup, self.penalty + other.penalty, self.lines + other.lines)


def yuan(amount: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def shown(number: Decimal) -> str:
    """A number without idle zeros: `1.50` as `1.5`, `400` as `400`."""
    return format(number.normalize(), "f")


def charge(makeup: Iterable[Line] = (), penalty: Iterable[Line] = ()) -> Charge:
    """A charge from its lines."""
    made, fined = tuple(makeup), tuple(penalty)
    return Charge(
        sum((line.yuan for line in made), Decimal(0)),
        sum((line.yuan for line in fined), Decimal(0)),
        made + fined,
    )
