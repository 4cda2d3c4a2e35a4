"""Acts and their rates (`rates.yaml`), and whether a rule set fixes a multiple or only caps it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.flows.rule_sets import rule_sets
from yk.text import did_you_mean

SOURCE = Path(__file__).with_name("rates.yaml")
BREACH, THEFT = "01", "02"
"""Kinds of violation (code list violation_kind)."""
BY_RULE_SET, FIXED, NOT_ABOVE = "by_rule_set", "fixed", "not_above"
"""Values of the setting `violation_multiple_rule`."""
_SUMS = ("multiple", "per_kw", "per_peak_kw", "home", "other")


class Rate(NamedTuple):
    """What an act costs; a sum that does not apply is 0. `last` names the last rule set that knows the act."""

    act: str
    kind: str
    name: str
    last: str
    multiple: Decimal
    per_kw: Decimal
    per_peak_kw: Decimal
    home: Decimal
    other: Decimal


@cache
def rates() -> dict[str, Rate]:
    """Every act by its code."""
    rows = yamls.compiled("rates", [SOURCE], _read)
    return {row["act"]: Rate(**row | {key: Decimal(row[key]) for key in _SUMS}) for row in rows}


def rate_of(act: str, rule_set: str) -> Rate:
    """The rate of an act. Raises UsageError (`unknown_act`, `act_repealed`)."""
    rate = rates().get(act)
    if rate is None:
        raise UsageError("unknown_act", f"没有 {act} 这个行为码", did_you_mean(act, rates()))
    ids = [row["id"] for row in rule_sets()]
    if rate.last and ids.index(rule_set) > ids.index(rate.last):
        raise UsageError(
            "act_repealed", f"{rule_set} 已没有“{rate.name}”这一项", "按受理日所用的规则版本定性"
        )
    return rate


def capped(rule_set: str, rule: str) -> bool:
    """Is the multiple only a ceiling? By the rule set (供电营业规则(2024)第101条「不高于」), or as `rule` says."""
    return rule == NOT_ABOVE or (rule == BY_RULE_SET and rule_set not in ("R96", "R16"))


def _read() -> list[dict[str, Any]]:
    rows = []
    for node in yamls.read(SOURCE, "rates.yaml").nodes():
        with node.fields() as f:
            row: dict[str, Any] = {key: f.text(key) for key in ("act", "kind", "name")}
            rows.append(row | {"last": f.text("last", "")} | {key: f.integer(key, 0) for key in _SUMS})
    return rows
