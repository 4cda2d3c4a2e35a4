"""违约金 for paying late (供电营业规则(1996)第98条; 电力供应与使用条例第39条)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yk.flows.charges import Line, shown, yuan

HOME, THIS_YEAR, LATER_YEARS = Decimal("0.001"), Decimal("0.002"), Decimal("0.003")
"""A day of delay, of the arrears: homes; others within the year the debt arose; others beyond it."""
LEAST = Decimal(1)
"""Yuan asked for at least, by the rules of 1996."""


def late_fee(arrears: Decimal, due: date, paid: date, residential: bool, rule_set: str) -> Decimal:
    """Yuan owed for paying `arrears` on `paid` instead of by `due`; nought when in time."""
    total = sum((line.yuan for line in late_fee_lines(arrears, due, paid, residential)), Decimal(0))
    return max(total, LEAST) if total and rule_set in ("R96", "R16") else total


def late_fee_lines(arrears: Decimal, due: date, paid: date, residential: bool) -> Iterator[Line]:
    """The working, one line a rate: days from the one after `due` up to and with `paid`."""
    days = (paid - due).days
    if days <= 0 or arrears <= 0:
        return
    if residential:
        yield _line("居民", arrears, days, HOME)
        return
    within = min(days, (date(due.year, 12, 31) - due).days)
    if within:
        yield _line("当年欠费", arrears, within, THIS_YEAR)
    if days > within:
        yield _line("跨年度欠费", arrears, days - within, LATER_YEARS)


def _line(label: str, arrears: Decimal, days: int, rate: Decimal) -> Line:
    return Line(
        label, f"{shown(arrears)} 元 × {days} 天 × {shown(rate * 1000)}‰", yuan(arrears * days * rate)
    )
