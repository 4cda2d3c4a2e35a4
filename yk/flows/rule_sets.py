"""Which edition of the rules a work order runs under: by its acceptance date, unless a setting names one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from yk import yamls
from yk.errors import UsageError

SOURCE = Path(__file__).with_name("rule_sets.yaml")
BY_DATE = "by_acceptance_date"


@cache
def rule_sets() -> tuple[dict[str, str], ...]:
    """The rule sets in order of date: `{id, from, name}`."""
    return tuple(yamls.compiled("rule_sets", [SOURCE], _read))


def rule_set(day: str, setting: str) -> str:
    """The id of the rule set for an acceptance on `day` (YYYY-MM-DD). Raises UsageError (`unknown_rule_set`)."""
    ids = [row["id"] for row in rule_sets()]
    if setting != BY_DATE:
        if setting not in ids:
            raise UsageError(
                "unknown_rule_set", f"设置 rule_set 的值 {setting} 不对", f"可用：{BY_DATE}、{'、'.join(ids)}"
            )
        return setting
    valid = [row["id"] for row in rule_sets() if row["from"] <= day]
    return valid[-1] if valid else ids[0]


def _read() -> list[dict[str, Any]]:
    rows = []
    for node in yamls.read(SOURCE, "rule_sets.yaml").nodes():
        with node.fields() as f:
            rows.append({key: f.text(key) for key in ("id", "from", "name")})
    return rows
